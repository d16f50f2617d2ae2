"""What is suggested is understood, and can be done as things stand."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.chat.known_now import known_now
from agent.chat.rehearsal import Rehearsal
from agent.studies.at_hand import at_hand
from agent.studies.study_spec import StudySpec
from agent.tools.explaining import recommend_items
from agent.understanding.planner import Planner
from agent.workspace import Workspace
from recmodels.data.choices import Choices
from ui.cli.chat import load_planner
from ui.views.suggestions import a_user_of, suggestions

TOOLS = {  # a suggestion's first words → the tool that it calls
    "tune": "start_study",
    "describe": "describe_dataset",
    "which datasets": "list_datasets",
    "why trial": "explain_trial",
    "which param": "parameter_importance",
    "recommend": "recommend_items",
    "compare trial": "compare_trials",
    "run 4": "extend_study",
    "how is": "study_status",
    "how did": "study_status",
}


@pytest.fixture(scope="module")
def planner() -> Planner:
    return load_planner()


def tool_of(say: str, workspace: Workspace, study: str | None, planner: Planner, **more: object) -> str | None:
    known = replace(known_now(workspace.catalogue, workspace.runner, study), **more)  # type: ignore[arg-type]
    calls = Rehearsal(planner, lambda _: known, ()).turn(say)["calls"]
    return str(calls[0]["tool"]) if calls else None


def expected(say: str) -> str:
    return next(tool for words, tool in TOOLS.items() if say.startswith(words))


@pytest.mark.parametrize("study", ["first", "second", None])
def test_each_suggestion_calls_the_tool_that_it_speaks_of(
    unchanged: Workspace, planner: Planner, study: str | None
) -> None:
    said = suggestions(unchanged, study)
    assert 3 <= len(said) <= 5
    assert {say: tool_of(say, unchanged, study, planner) for say in said} == {say: expected(say) for say in said}


def test_an_empty_home_is_told_how_to_begin(fresh: Workspace, planner: Planner) -> None:
    said = suggestions(fresh, None)
    assert [tool_of(say, fresh, None, planner) for say in said] == ["start_study", "describe_dataset", "list_datasets"]


def test_the_user_who_is_suggested_is_known_to_the_model(unchanged: Workspace) -> None:
    user = next(say for say in suggestions(unchanged, "first") if say.startswith("recommend")).rsplit(" ", 1)[1]
    assert not recommend_items(unchanged, user, study="first").fallback


def test_the_user_is_one_of_whom_much_is_known_and_whose_id_is_easily_said(fresh: Workspace, tmp_path: Path) -> None:
    histories = {"u1": 3, "u2": 9, "you": 20, "u 3; delete all": 30, "u4": 5}
    rows = [f"{user},i{n}" for user, n_rows in histories.items() for n in range(n_rows)]
    (tmp_path / "odd.csv").write_text("\n".join(["user,item", *rows]))
    stored = fresh.catalogue.add(tmp_path / "odd.csv")
    assert a_user_of(stored) == "u2"
    hashed = fresh.catalogue.add(tmp_path / "odd.csv", name="closed", choices=Choices(hashed=("user",)))
    assert a_user_of(hashed) is None


def test_the_best_trial_is_the_one_to_ask_about(unchanged: Workspace) -> None:
    best = unchanged.runner.peek("first").best()
    assert best is not None
    assert suggestions(unchanged, "first")[0] == f"why trial {best.number}?"


def test_a_trial_that_waits_is_explained_or_run(workspace: Workspace, planner: Planner) -> None:
    spec = StudySpec.create(name="asks", dataset="shop", models=["item_knn"], n_trials=3, needs_approval=True)
    with at_hand(None, person="ana"):
        study = workspace.runner.create(spec)
    for _ in study.run():
        pass
    said = suggestions(workspace, "asks", "ana")
    found = [tool_of(say, workspace, "asks", planner) for say in said]
    assert found == ["explain_trial", "run_trial", "study_status", "list_lessons"]


def test_what_was_only_proposed_in_a_finished_study_is_not_offered_to_run(workspace: Workspace) -> None:
    study = workspace.runner.peek("first")
    study.propose()
    assert study.status().pending is not None
    assert "run it" not in suggestions(workspace, "first")


def test_another_persons_study_is_not_suggested_to_be_steered(workspace: Workspace) -> None:
    with at_hand(None, person="ana"):
        study = workspace.runner.create(StudySpec.create(name="hers", dataset="shop", models=["item_knn"], n_trials=3))
    assert "resume the study" in suggestions(workspace, study.title, "ana")
    assert "resume the study" not in suggestions(workspace, study.title, "ben")


def test_a_study_that_is_gone_leaves_how_to_begin(unchanged: Workspace) -> None:
    assert suggestions(unchanged, "no such study") == suggestions(unchanged, None)
