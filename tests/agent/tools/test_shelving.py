"""Studies are listed, opened, renamed and deleted; nothing of them is lost, whatever is killed in between."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.answers.explain import word
from agent.errors import ToolInputError
from agent.studies.at_hand import at_hand
from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace
from memory.store import TrialMemory

Use = Callable[..., dict[str, Any]]


@pytest.fixture
def two(tuned: Workspace) -> Workspace:
    """With a second study, `second`, that has not begun."""
    tuned.runner.create(StudySpec.create(name="second", dataset="tiny", models=["ease"], n_trials=2))
    return tuned


def test_studies_are_listed_the_latest_first_with_what_each_reached(two: Workspace, use: Use) -> None:
    facts = use(two, "list_studies")
    assert [row["study"] for row in facts["studies"]] == ["second", "first"]
    first = facts["studies"][1]
    assert (first["dataset"], first["models"], first["n_finished"]) == ("tiny", ["bpr_mf"], 6)
    assert first["best"]["trial"] == two.runner.peek("first").best().number  # type: ignore[union-attr]
    assert "**second** is at hand" in word("list_studies", facts)


def test_the_study_that_was_opened_is_the_one_at_hand(two: Workspace, use: Use) -> None:
    assert use(two, "open_study", study="FIRST")["study"] == "first"
    assert use(two, "study_status")["study"] == "first"
    assert use(two, "undo")["now"] == "second is at hand again"


def test_a_study_that_is_named_is_the_one_that_is_meant_and_is_at_hand_from_then_on(two: Workspace, use: Use) -> None:
    assert use(two, "parameter_importance", study="first")["study"] == "first"
    assert use(two, "trials")["study"] == "first"


def test_an_unknown_study_goes_back_with_the_nearest(two: Workspace, use: Use) -> None:
    with pytest.raises(ToolInputError, match="did you mean 'second'"):
        use(two, "study_status", study="secand")


def test_a_renamed_study_answers_to_both_names_and_keeps_all_that_it_has(two: Workspace, use: Use) -> None:
    before = use(two, "trials", study="first")["rows"]
    assert use(two, "rename_study", name="the winner")["study"] == "the winner"
    assert two.runner.names() == ["second", "the winner"]
    for name in ("the winner", "THE WINNER", "first"):
        facts = use(two, "trials", study=name)
        assert (facts["study"], facts["rows"]) == ("the winner", before)
    assert use(two, "export_model")["trial"].startswith("first/")  # what lies on disk is not moved
    assert two.memory.get("first/0") is not None


def test_a_name_that_another_study_has_or_had_is_refused(two: Workspace, use: Use) -> None:
    with pytest.raises(ToolInputError, match="already a study 'second'"):
        use(two, "rename_study", study="first", name="second")
    use(two, "rename_study", study="first", name="winner")
    with pytest.raises(ToolInputError, match="already a study 'winner'"):
        use(two, "rename_study", study="second", name="winner")
    with pytest.raises(ToolInputError, match="already a study 'first'"):
        use(two, "rename_study", study="second", name="first")
    with pytest.raises(ToolInputError, match="name is 1 to 100"):
        use(two, "rename_study", study="second", name="../../etc")


def test_a_new_study_takes_no_name_that_is_or_was_in_use(two: Workspace, use: Use) -> None:
    use(two, "rename_study", study="second", name="tiny-1")
    assert use(two, "start_study", dataset="tiny", models=["ease"], n_trials=1)["study"] == "tiny-2"


def test_a_deleted_study_is_out_of_the_list_and_undo_brings_all_of_it_back(two: Workspace, use: Use) -> None:
    before = use(two, "trials", study="first")["rows"]
    facts = use(two, "delete_study", study="first")
    assert (facts["deleted"], facts["n_trials"], facts["is_remembered"]) == ("first", 6, True)
    assert two.runner.names() == ["second"]
    with pytest.raises(ToolInputError, match="'first' was deleted; undo"):
        use(two, "study_status", study="first")
    assert two.memory.get("first/0") is not None  # what it taught stays, also in a memory that is rebuilt
    assert sum(record.study == "first" for record in two.ledger.records()) == 6
    assert Path(two.settings.checkpoints / "first").is_dir()
    assert "first is back" in use(two, "undo")["now"]
    assert use(two, "trials", study="first")["rows"] == before


def test_the_trials_of_a_deleted_study_are_forgotten_only_when_that_is_asked(two: Workspace, use: Use) -> None:
    use(two, "delete_study", study="first", forget_trials=True)
    assert two.memory.get("first/0") is None
    assert not any(record.study == "first" for record in two.ledger.records())  # a rebuilt memory has none either
    use(two, "undo")
    assert two.memory.get("first/0") is not None
    assert sum(record.study == "first" for record in two.ledger.records()) == 6


def test_a_study_that_runs_is_not_deleted(two: Workspace, use: Use) -> None:
    study = two.runner.open("second")
    study.enqueue()
    with pytest.raises(ToolInputError, match="stop it first"):
        use(two, "delete_study", study="second")
    assert "second" in two.runner.names()


def test_a_chat_whose_study_was_deleted_is_told_so_and_gets_no_other(two: Workspace, use: Use) -> None:
    with at_hand("first") as hand:
        use(two, "delete_study", study="first")
        assert hand.study is None
    with at_hand("first"):
        assert "was deleted" in use(two, "study_status")["error"]


def test_a_deleted_study_cannot_be_worked_on_by_one_who_has_it_open(two: Workspace, use: Use) -> None:
    study = two.runner.peek("second")
    use(two, "delete_study", study="second")
    for steer in (study.resume, study.pause, study.stop):
        with pytest.raises(Exception, match="was deleted"):
            steer()


def test_a_kill_in_the_middle_of_forgetting_leaves_a_study_that_undo_brings_back(
    two: Workspace, use: Use, killed: type[BaseException]
) -> None:
    class Dying(TrialMemory):
        def forget(self, id: str) -> None:
            raise killed

    memory = two.memory
    two.runner._memory = Dying(two.settings.memory, memory._embedder)
    with pytest.raises(killed):
        use(two, "delete_study", study="first", forget_trials=True)
    two.runner._memory = memory
    assert two.runner.names() == ["second"]
    facts = use(two, "undo")
    assert (facts["is_certain"], facts["undone"]) == (False, "delete a study")
    assert len(two.runner.open("first").records()) == 6
    assert two.ledger.storage.get_study_id_from_name("first") is not None
    two.runner.open("first").propose()  # the claim was given back


def test_readings_of_test_stay_counted_over_names_and_deletions(two: Workspace, use: Use) -> None:
    from agent.confirming.opening import readings_of

    readings_of(two).read("data", "random", 0, "first/1")
    use(two, "rename_study", study="first", name="winner")
    use(two, "delete_study", study="winner")
    assert readings_of(two).count("data", "random", 0) == 1
