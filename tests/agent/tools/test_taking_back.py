"""Undo takes back the last change of a chat, once, in the order that they were made, and says what it cannot."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.answers.explain import word
from agent.results.study import NotUndone
from agent.studies.at_hand import at_hand
from agent.studies.study_spec import StudySpec
from agent.tools import checked
from agent.workspace import Workspace
from recmodels.data.catalogue import Catalogue
from recmodels.models import MODELS

Use = Callable[..., dict[str, Any]]
DECLARED = str(MODELS["bpr_mf"].space["embedding_size"])


def space_of(workspace: Workspace) -> str:
    return str(workspace.runner.open("first").spaces()["bpr_mf"]["embedding_size"])


def test_nothing_to_take_back_is_said_plainly(tuned: Workspace, use: Use) -> None:
    assert "nothing was changed" in use(tuned, "undo")["nothing"]


def test_changes_of_a_space_are_taken_back_one_by_one(tuned: Workspace, use: Use) -> None:
    use(tuned, "set_search_space", param="embedding_size", low=16, high=20)
    use(tuned, "set_search_space", param="embedding_size", value=18)
    use(tuned, "undo")
    assert space_of(tuned).startswith("[16, 20]")
    facts = use(tuned, "undo")
    assert space_of(tuned) == DECLARED
    assert "before_that" not in facts
    assert "nothing" in use(tuned, "undo")


def test_the_whole_range_again_is_taken_back_too(tuned: Workspace, use: Use) -> None:
    use(tuned, "set_search_space", param="embedding_size", low=16, high=20)
    assert use(tuned, "set_search_space", param="embedding_size", reset=True)["after"] == DECLARED
    use(tuned, "undo")
    assert space_of(tuned).startswith("[16, 20]")


def test_a_change_that_changed_nothing_is_not_there_to_take_back(tuned: Workspace, use: Use) -> None:
    use(tuned, "set_search_space", param="embedding_size", low=16, high=20)
    use(tuned, "set_search_space", param="embedding_size", low=16)
    use(tuned, "undo")
    assert space_of(tuned) == DECLARED


def test_earlier_terms_come_back_and_trials_that_ran_meanwhile_stay(tuned: Workspace, use: Use) -> None:
    use(tuned, "extend_study", n_trials=1, constraints=["coverage@10>=0.01"], more_models=["ease"])
    study = tuned.runner.open("first")
    deadline = time.monotonic() + 60
    while study.state != "finished":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    facts = use(tuned, "undo")
    spec = tuned.runner.open("first").spec
    assert (spec.n_trials, spec.models, spec.goal.constraints) == (6, ("bpr_mf",), ())
    assert "1 trial that ran meanwhile" in facts["now"]
    assert len(study.records()) == 7


def test_a_time_limit_that_was_set_is_lifted_again(tuned: Workspace, use: Use) -> None:
    use(tuned, "extend_study", total_time_s=3600)
    assert tuned.runner.open("first").spec.time_limit_s == 3600
    use(tuned, "undo")
    assert tuned.runner.open("first").spec.time_limit_s is None


def test_a_pause_is_taken_back_by_resuming(tuned: Workspace, use: Use) -> None:
    study = tuned.runner.create(StudySpec.create(name="slow", dataset="tiny", models=["ease"], n_trials=2))
    study.enqueue()
    use(tuned, "control_study", action="pause", study="slow")
    assert study.state == "paused"
    assert use(tuned, "control_study", action="pause", study="slow")["state"] == "paused"  # which changes nothing
    assert use(tuned, "undo")["now"] == "slow was told to resume"
    assert study.state in ("queued", "running", "finished")
    assert "nothing" in use(tuned, "undo")


def test_what_cannot_be_taken_back_is_named_once_and_then_the_change_before_it_can_be(
    tuned: Workspace, use: Use
) -> None:
    use(tuned, "set_search_space", param="embedding_size", low=16, high=20)
    path = use(tuned, "export_model")["path"]
    facts = use(tuned, "undo")
    assert "undone" not in facts
    assert path in facts["cannot"]
    told = word("undo", facts)
    assert "cannot be taken back" in told
    assert "by hand" in told
    assert Path(path).exists()
    assert space_of(tuned).startswith("[16, 20]")
    use(tuned, "undo")
    assert space_of(tuned) == DECLARED


def test_each_chat_takes_back_its_own_changes(tuned: Workspace, use: Use) -> None:
    with at_hand("first", chat="one"):
        use(tuned, "set_search_space", param="embedding_size", low=16, high=20)
    with at_hand("first", chat="other"):
        assert "nothing" in use(tuned, "undo")
    with at_hand("first", chat="one"):
        assert use(tuned, "undo")["undone"]
    assert space_of(tuned) == DECLARED


def test_what_is_named_is_taken_back_or_had_again_and_nothing_else(
    tuned: Workspace, use: Use, write_tiny: Callable[..., Path]
) -> None:
    write_tiny(tuned.settings.home / "named.csv", n_users=41)
    use(tuned, "add_dataset", path="named.csv")
    use(tuned, "remember_lesson", text="two layers are enough")
    assert "nothing of dataset “octraw”" in use(tuned, "undo", dataset="octraw")["nothing"]
    assert "named" in use(tuned, "undo", dataset="named")["undone"]
    assert tuned.catalogue.called("named") is None
    assert use(tuned, "undo", dataset="named")["now"] == "dataset named is back"
    assert tuned.catalogue.called("named") == "named"
    assert use(tuned, "list_lessons")["n_told"] == 1


def test_lessons_are_kept_and_forgotten_and_both_are_taken_back(tuned: Workspace, use: Use) -> None:
    use(tuned, "remember_lesson", text="two layers are enough")
    use(tuned, "remember_lesson", text="dropout never helped")
    told = [row["number"] for row in use(tuned, "list_lessons")["lessons"] if row["source"] == "user"]
    assert told == [1, 2]
    use(tuned, "forget_lesson", lesson=1)
    assert use(tuned, "list_lessons")["n_told"] == 1
    use(tuned, "undo")
    assert use(tuned, "list_lessons")["n_told"] == 2
    use(tuned, "undo")
    assert use(tuned, "list_lessons")["n_told"] == 1


def test_a_lesson_is_meant_by_its_number_its_text_or_a_part_of_it_and_never_by_chance(
    tuned: Workspace, use: Use
) -> None:
    use(tuned, "remember_lesson", text="Two layers are enough.")
    use(tuned, "remember_lesson", text="Three layers are too many.")
    for said in ("two layers are enough", "TWO", "“Two layers are enough.”", "1", "#1"):
        assert "Two" in use(tuned, "forget_lesson", lesson=said)["text"]
        use(tuned, "undo")
    for said in ("layers are", "9", "x"):
        with pytest.raises(Exception, match="say its number"):
            use(tuned, "forget_lesson", lesson=said)


def test_datasets_are_renamed_and_removed_and_both_are_taken_back(tuned: Workspace, use: Use) -> None:
    assert use(tuned, "rename_dataset", dataset="TINY", name="Our shop")["dataset"] == "our-shop"
    assert tuned.catalogue.names() == ["demo", "our-shop"]
    assert use(tuned, "study_status")["dataset"] == "our-shop"
    assert use(tuned, "describe_dataset", dataset="tiny")["dataset"] == "our-shop"  # its first name still works
    assert {"name": "our-shop", "n_users": 60, "n_items": 40, "n_interactions": 480} in use(tuned, "list_datasets")[
        "datasets"
    ]
    assert [t["dataset"] for t in use(tuned, "recall_trials", dataset="our-shop", k=3)["trials"]] == ["our-shop"] * 3
    use(tuned, "remember_lesson", text="small data need small models here")
    assert use(tuned, "list_lessons")["lessons"][0]["dataset"] == "our-shop"
    use(tuned, "undo")
    facts = use(tuned, "remove_dataset", dataset="our-shop")
    assert facts["n_studies"] == 1
    assert tuned.catalogue.names() == ["demo"]
    use(tuned, "undo")
    assert tuned.catalogue.names() == ["demo", "our-shop"]
    use(tuned, "undo")
    assert tuned.catalogue.names() == ["demo", "tiny"]


def test_a_dataset_that_was_added_is_taken_out_and_one_that_was_there_stays(
    tuned: Workspace, use: Use, write_tiny: Callable[..., Path]
) -> None:
    write_tiny(tuned.settings.home / "more.csv", n_users=40)
    use(tuned, "add_dataset", path="tiny.csv")  # the same content again
    assert "nothing" in use(tuned, "undo")
    use(tuned, "add_dataset", path="more.csv")
    use(tuned, "undo")
    assert tuned.catalogue.names() == ["demo", "tiny"]
    assert (tuned.settings.home / "more.csv").is_file()
    use(tuned, "add_dataset", path="more.csv")
    assert "more" in tuned.catalogue.names()


def test_the_undo_of_a_removal_whose_name_was_taken_is_refused_before_anyone_is_asked(
    tuned: Workspace, use: Use, write_tiny: Callable[..., Path]
) -> None:
    use(tuned, "remove_dataset", dataset="tiny")
    assert checked(tuned, "undo", {}).prospect.problem is None
    tuned.catalogue.add(write_tiny(tuned.settings.home / "other.csv", n_users=40), name="tiny")  # in another chat
    found = checked(tuned, "undo", {}).found
    assert isinstance(found, NotUndone) and "there is another dataset 'tiny' now" in (found.why or "")


def test_the_built_in_data_are_neither_renamed_nor_removed(tuned: Workspace, use: Use) -> None:
    for call in ({"tool": "rename_dataset", "name": "films"}, {"tool": "remove_dataset"}):
        with pytest.raises(Exception, match="built in"):
            use(tuned, call.pop("tool"), dataset="demo", **call)


@pytest.mark.parametrize("dies_after", [True, False])
def test_a_kill_in_the_middle_of_a_removal_is_taken_back_whether_it_happened_or_not(
    tuned: Workspace, use: Use, killed: type[BaseException], dies_after: bool
) -> None:
    class Dying(Catalogue):
        def set_aside(self, name: str) -> None:
            if dies_after:
                super().set_aside(name)
            raise killed

    catalogue = tuned.catalogue
    tuned.catalogue = Dying(tuned.settings.datasets)
    with pytest.raises(killed):
        use(tuned, "remove_dataset", dataset="tiny")
    tuned.catalogue = catalogue
    assert ("tiny" in catalogue.names()) != dies_after
    facts = use(tuned, "undo")
    assert facts["is_certain"] is False
    assert "tiny" in catalogue.names()
    assert tuned.runner.open("first").request(0).dataset.is_dir()


def test_a_kill_in_the_middle_of_undo_leaves_the_change_to_be_taken_back_again(
    tuned: Workspace, use: Use, killed: type[BaseException]
) -> None:
    class Dying(Catalogue):
        def rename(self, name: str, title: str) -> str:
            super().rename(name, title)
            raise killed

    use(tuned, "rename_dataset", dataset="tiny", name="small")
    catalogue = tuned.catalogue
    tuned.catalogue = Dying(tuned.settings.datasets)
    with pytest.raises(killed):
        use(tuned, "undo")
    tuned.catalogue = catalogue
    assert use(tuned, "undo")["undone"]
    assert "nothing" in use(tuned, "undo")
    assert catalogue.names() == ["demo", "tiny"]


def test_what_happened_stays_in_the_ledger_after_it_was_taken_back(tuned: Workspace, use: Use) -> None:
    import sqlalchemy

    use(tuned, "rename_study", name="winner")
    use(tuned, "undo")
    with tuned.ledger.storage.engine.connect() as connection:
        rows = connection.execute(sqlalchemy.text("SELECT tool, outcome, undoes FROM recpilot_acts")).all()
    assert [tuple(row) for row in rows] == [("rename_study", "done", None), ("undo", "done", 1)]
