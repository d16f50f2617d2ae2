"""After an older ledger took the place of a newer one, no new trial writes over what the newer one stands for."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import optuna
import pytest

from agent.errors import UserError
from agent.studies.ledger import Ledger
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from memory.errors import UserError as MemoryUnreadable

MakeRunner = Callable[..., StudyRunner]
EASE = StudySpec.create(dataset="tiny", models=["ease"], n_trials=2)


class Remembers:
    """A memory of these trials; none: one that cannot be opened."""

    def __init__(self, *ids: str) -> None:
        self._ids = ids

    def holding(self, ids: Iterable[str]) -> set[str]:
        if not self._ids:
            raise MemoryUnreadable("damaged")
        return set(self._ids) & set(ids)


def leave_weights(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_text("of the lost study")
    return folder


def test_a_name_that_weights_or_memories_of_an_unknown_study_have_is_not_taken_by_itself(
    make_runner: MakeRunner, tmp_path: Path
) -> None:
    leave_weights(tmp_path / "checkpoints" / "tiny-1" / "0")
    (tmp_path / "checkpoints" / "tiny-3").mkdir()
    runner = make_runner(memory=Remembers("tiny-2/0", "tiny-20/0"))
    assert [runner.create(EASE).name for _ in range(2)] == ["tiny-3", "tiny-4"], "an empty folder is no one's"


def test_such_a_name_is_refused_where_a_person_chose_it(make_runner: MakeRunner, tmp_path: Path) -> None:
    left = leave_weights(tmp_path / "checkpoints" / "s2" / "0").parent
    runner = make_runner(memory=Remembers("far/0"))
    with pytest.raises(UserError, match=f"{left} holds weights of a study 's2', .* choose another name"):
        runner.create(replace(EASE, name="s2"))
    with pytest.raises(UserError, match="the memory holds trials of a study 'far', which this ledger does not know"):
        runner.create(replace(EASE, name="far"))
    runner.create(replace(EASE, name="s3"))
    leave_weights(tmp_path / "checkpoints" / "s3" / "0")
    with pytest.raises(UserError, match="there is already a study 's3'"):
        runner.create(replace(EASE, name="s3"))


def test_a_study_that_was_killed_at_its_start_can_begin_again_under_its_name(
    make_runner: MakeRunner, ledger: Ledger
) -> None:
    ledger.storage.create_new_study([optuna.study.StudyDirection.MAXIMIZE], "s")
    ledger.storage.create_new_study([optuna.study.StudyDirection.MAXIMIZE], "tiny-1")
    runner = make_runner(memory=Remembers())
    assert runner.create(replace(EASE, name="s")).name == "s" and runner.create(EASE).name == "tiny-1"


def test_a_study_that_goes_on_from_an_older_ledger_leaves_the_later_weights_alone(
    make_runner: MakeRunner, tmp_path: Path
) -> None:
    study = make_runner().create(replace(EASE, name="s"))
    left = leave_weights(tmp_path / "checkpoints" / "s" / "1")
    list(study.run())
    assert [Path(one.checkpoint or "").name for one in study.records()] == ["0", "1-1"]
    assert (left / "model.safetensors").read_text() == "of the lost study"
    assert (tmp_path / "checkpoints" / "s" / "1-1" / "model.safetensors").exists()
