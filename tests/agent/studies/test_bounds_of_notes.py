"""What confirmed notes leave of a new study's space, and what stands over them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.events import StudyNoted
from agent.studies.bounds_of_notes import bounded, contradicted
from agent.studies.retuning import retune, retuned_spec
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from memory.content import Condition, Content
from memory.embedding import HashingEmbedder
from memory.record import Lesson
from memory.store import TrialMemory


def note(*where: Condition, text: str = "never use dim above 32", **changed: Any) -> Lesson:
    content = Content(says="bound", where=where, **changed)
    return Lesson(id=f"lesson/{text}", text=text, source="user", content=content)


DIM = note(Condition(param="embedding_size", high=32))


def spec(*models: str, **changed: Any) -> StudySpec:
    return StudySpec.create(dataset="tiny", models=models or ("bpr_mf",), n_trials=2, **changed)


def test_a_note_narrows_every_model_that_has_the_param_and_is_named() -> None:
    asked = spec("bpr_mf", "ease", "ials")
    found = bounded(asked, [DIM])
    for model in ("bpr_mf", "ials"):
        low = asked.space(model)["embedding_size"].low  # type: ignore[union-attr]
        assert found.spec.ranges[model] == {"embedding_size": {"low": low, "high": 32}}
    assert "ease" not in found.spec.ranges and found.lessons == (DIM,)
    assert found.says == (
        "by your note “never use dim above 32”, embedding_size of bpr_mf and ials is in [8, 32] (log scale)",
    )


@pytest.mark.parametrize(
    "changed", [{"model": "ials"}, {"dataset": "shop"}], ids=["another model's", "another dataset's"]
)
def test_a_note_on_something_else_binds_nothing(changed: dict[str, str]) -> None:
    found = bounded(spec(), [note(Condition(param="embedding_size", high=32), **changed)])
    assert found.spec == spec() and found.says == ()


def test_an_imported_note_binds_nothing() -> None:
    assert bounded(spec(), [replace(DIM, imported=True)]).spec == spec()


def test_two_notes_on_one_param_both_hold() -> None:
    least = note(Condition(param="embedding_size", low=16), text="at least 16")
    found = bounded(spec(), [DIM, least])
    assert found.spec.ranges["bpr_mf"]["embedding_size"] == {"low": 16, "high": 32}
    assert found.lessons == (DIM, least)


def test_what_a_study_asks_for_itself_stands_over_a_note_and_that_is_said() -> None:
    wide = spec(ranges={"bpr_mf": {"embedding_size": {"low": 16, "high": 64}}})
    found = bounded(wide, [DIM])
    assert found.spec == wide and found.lessons == ()
    assert found.says == (
        "by your note “never use dim above 32”, embedding_size of bpr_mf would be narrower than [16, 64] (log scale), "
        "which this study asks for and which stands",
    )
    narrow = spec(ranges={"bpr_mf": {"embedding_size": {"low": 16, "high": 24}}})
    assert bounded(narrow, [DIM]).says == (), "it is within the note"


def test_a_note_that_leaves_nothing_is_said_and_not_followed() -> None:
    found = bounded(spec(), [note(Condition(param="embedding_size", low=9_999), text="at least 9999")])
    assert found.spec == spec() and "so the note is not followed there" in found.says[0]


def test_of_two_notes_that_leave_nothing_together_the_later_one_stands_and_the_other_is_named() -> None:
    least = note(Condition(param="embedding_size", low=64), text="at least 64")
    later = replace(least, created_at="2026-02-02")
    for notes in ([DIM, later], [later, DIM]):
        found = bounded(spec(), notes)
        assert found.spec.ranges["bpr_mf"]["embedding_size"]["low"] == 64 and found.lessons == (later,)
        assert "after your later note “at least 64”, so the note is not followed there" in " ".join(found.says)
    assert DIM.content is not None
    assert contradicted(DIM.content, [least]) == [least]
    apart = note(Condition(param="embedding_size", low=64), dataset="shop")
    assert contradicted(replace(DIM.content, dataset="books"), [apart]) == []
    assert contradicted(DIM.content, [note(Condition(param="embedding_size", low=16))]) == []


def test_a_budget_is_cut_and_not_opened_for_search() -> None:
    default = int(spec().space("bpr_mf")["epochs"].default)
    cut = bounded(spec(), [note(Condition(param="epochs", high=default - 1))])
    assert cut.spec.ranges["bpr_mf"]["epochs"] == {"low": default - 1, "high": default - 1}
    assert bounded(spec(), [note(Condition(param="epochs", high=default + 1))]).spec == spec()


def test_choices_that_a_note_rules_out_are_left_out() -> None:
    choices = spec().space("bpr_mf")["loss"].choices  # type: ignore[union-attr]
    found = bounded(spec(), [note(Condition(param="loss", choices=choices[1:]))])
    assert found.spec.ranges["bpr_mf"]["loss"] == {"choices": list(choices[1:])}


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[TrialMemory]:
    opened = TrialMemory(tmp_path / "memory", HashingEmbedder())
    yield opened
    opened.close()


def test_a_new_study_is_held_to_a_note_and_says_so_until_it_is_forgotten(
    make_runner: Callable[..., StudyRunner], memory: TrialMemory
) -> None:
    memory.remember(DIM)
    runner = make_runner(memory=memory)
    study = runner.create(spec(name="held"))
    assert str(study.spaces()["bpr_mf"]["embedding_size"]) == "[8, 32] (log scale)"
    (told,) = (event.text for event in study.log.events() if isinstance(event, StudyNoted))
    assert told.startswith("by your note “never use dim above 32”, ")
    kept = memory.get(DIM.id)
    assert isinstance(kept, Lesson) and kept.weighed_in == ("held",)
    memory.forget(DIM.id)
    assert runner.create(spec(name="free")).spaces()["bpr_mf"] == spec().space("bpr_mf")


class Unreadable(TrialMemory):
    def lessons(self, *says: Any) -> Any:
        raise OSError("the disk is gone")


def test_notes_that_cannot_be_read_are_not_passed_over_in_silence(
    make_runner: Callable[..., StudyRunner], tmp_path: Path
) -> None:
    broken = Unreadable(tmp_path / "memory", HashingEmbedder())
    study = make_runner(memory=broken).create(spec())
    assert any("no note of yours narrows this" in e.text for e in study.log.events() if isinstance(e, StudyNoted))
    broken.close()


def test_a_retuned_study_does_not_run_what_a_note_rules_out(
    make_runner: Callable[..., StudyRunner], memory: TrialMemory, tiny_csv: Path
) -> None:
    runner = make_runner(memory=memory)
    first = runner.create(StudySpec.create(dataset="tiny", models=["ease"], n_trials=1))
    list(first.run())
    best = first.best()
    assert best is not None
    memory.remember(note(Condition(param="l2", high=float(best.params["l2"]) / 2), text="less l2"))
    runner._catalogue.add(tiny_csv, name="other")
    again = retune(runner, first, retuned_spec(first, runner._catalogue.key_of("other")))
    notes = [event.text for event in again.log.events() if isinstance(event, StudyNoted)]
    assert any("so they are not run" in text for text in notes)
    list(again.run())
    assert all(float(record.params["l2"]) <= float(best.params["l2"]) / 2 for record in again.records())
