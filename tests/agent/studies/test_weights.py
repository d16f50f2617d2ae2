"""Weights are found from the ledger in the home folder that is open, wherever it was copied to."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy

from agent.errors import UserError
from agent.studies.weights import kept_path, unused, weights_of, whole_path
from agent.workspace import Workspace
from recmodels import checkpoint
from recmodels.export import export_model

OpenHome = Callable[[Path], Workspace]
HOME = Path("/new/checkpoints")


def test_paths_are_kept_below_the_folder_and_old_whole_ones_are_moved_there() -> None:
    assert kept_path("/new/checkpoints/s/3", HOME) == "s/3"
    assert kept_path("/elsewhere/s/3", HOME) == "/elsewhere/s/3" and kept_path(None, HOME) is None
    assert whole_path("s/3", HOME, "s") == "/new/checkpoints/s/3"
    assert whole_path("/old/checkpoints/3/3", HOME, "3") == "/new/checkpoints/3/3"
    assert whole_path("/old/checkpoints/s/confirmation-1/a/test-0", HOME, "s") == f"{HOME}/s/confirmation-1/a/test-0"
    assert whole_path("/elsewhere/s/3", HOME, "s") == "/elsewhere/s/3"
    assert whole_path("s/3", None, "s") == "s/3"


def kept_in(workspace: Workspace) -> list[str]:
    query = sqlalchemy.text("SELECT value_json FROM trial_user_attributes WHERE key = 'outcome'")
    with workspace.ledger.storage.engine.connect() as connection:
        found = [json.loads(row)["checkpoint"] for row in connection.execute(query).scalars()]
    return [path for path in found if path is not None]  # a pruned trial has none


def test_a_copied_home_uses_its_own_weights_and_data_and_says_when_they_are_gone(
    home: Path, opened: OpenHome, tmp_path: Path
) -> None:
    copied = opened(home)  # a copy of the home that trained
    assert {Path(path).parent.as_posix() for path in kept_in(copied)} == {"first"}
    best = copied.runner.open("first").best()
    assert best is not None and best.checkpoint == str(home / "checkpoints" / "first" / str(best.number))
    assert checkpoint.load(Path(best.checkpoint)).dataset == home / "datasets" / "tiny"
    shutil.rmtree(home / "checkpoints")
    again = f"first {best.number} --refit` trains it again"
    with pytest.raises(UserError, match=f"{home}.* is missing.*recpilot export {again}"), weights_of(best) as folder:
        export_model(folder, tmp_path / "out")


def test_a_ledger_with_whole_paths_of_another_home_is_read_as_this_one(home: Path, opened: OpenHome) -> None:
    workspace = opened(home)
    with workspace.ledger.storage.engine.begin() as connection:
        text = (
            "UPDATE trial_user_attributes SET value_json = replace(value_json, '\"first/', '\"/old/checkpoints/first/')"
        )
        connection.execute(sqlalchemy.text(text))
    assert all(path.startswith("/old/") for path in kept_in(workspace))
    best = workspace.runner.open("first").best()
    assert best is not None and best.checkpoint == str(home / "checkpoints" / "first" / str(best.number))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"model": "item_knn"}, "of item_knn, where the ledger has "),
        ({"params": {"learning_rate": 123.5}}, r"their params have `learning_rate` 123\.5, where the ledger has \d"),
        ({"metrics": {"valid_ndcg@10": 0.25}}, r"their metrics have `valid_ndcg@10` 0\.25, where the ledger has 0\."),
    ],
)
def test_weights_of_another_trial_are_not_taken_for_this_one(
    home: Path, opened: OpenHome, changed: dict[str, object], says: str
) -> None:
    best = opened(home).runner.open("first").best()
    assert best is not None and best.checkpoint is not None
    file = Path(best.checkpoint) / "checkpoint.json"
    with weights_of(best) as folder:
        assert folder == file.parent
    file.write_text(json.dumps(json.loads(file.read_text()) | changed))
    with (
        pytest.raises(UserError, match=rf"{file.parent} are another trial's: {says}.*recpilot export first .* --refit"),
        weights_of(best),
    ):
        pass


def test_weights_are_put_next_to_what_is_there(tmp_path: Path) -> None:
    assert unused(tmp_path / "s" / "2") == tmp_path / "s" / "2"
    for name in ("2", "2-1"):
        (tmp_path / "s" / name).mkdir(parents=True)
    assert unused(tmp_path / "s" / "2") == tmp_path / "s" / "2-2"
