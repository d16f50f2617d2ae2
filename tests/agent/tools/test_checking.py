"""A call that acts can be checked as it would be done: it is refused with the same sentence, and nothing changes."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from agent.results.result import Failure
from agent.results.study import NothingToUndo, NotUndone
from agent.tools import checked, make_tools
from agent.words.acts import ACTS
from agent.workspace import Workspace
from tests.homes import open_home

Call = tuple[str, dict[str, Any]]

CANNOT: list[Call] = [
    ("start_study", {"dataset": "nosuch"}),
    ("start_study", {"dataset": "tiny", "models": ["eas"]}),
    ("start_study", {"dataset": "tiny", "models": []}),
    ("start_study", {"dataset": "tiny", "models": ["text_tower"]}),
    ("start_study", {"dataset": "tiny", "sampler": "magic"}),
    ("start_study", {"dataset": "tiny", "split": "magic"}),
    ("start_study", {"dataset": "tiny", "models": ["ease"], "space": {"l2": [100, 10]}}),
    ("start_study", {"dataset": "tiny", "models": ["ease"], "space": {"l2": {"low": 1, "most": 5}}}),
    ("start_study", {"dataset": "tiny", "time_limit_s": 1e300}),
    ("start_study", {"dataset": "tiny", "objective": ["ndgc@10"]}),
    ("start_study", {"dataset": "tiny", "constraints": ["ndcg@10>=3"]}),
    ("start_study", {"base": "nosuch"}),
    ("extend_study", {}),
    ("extend_study", {"models": []}),
    ("extend_study", {"more_models": ["eas"]}),
    ("extend_study", {"n_trials": 1, "total_trials": 9}),
    ("extend_study", {"objective": ["recall@10"]}),
    ("set_search_space", {"param": "embedding_size", "low": 64, "high": 8}),
    ("set_search_space", {"param": "nosuch", "low": 1}),
    ("run_trial", {"params": {"embedding_size": -4}}),
    ("run_trial", {"params": {"nosuch": 1}}),
    ("run_trial", {"base": 99}),
    ("run_trial", {"study": "nosuch"}),
    ("reject_trial", {}),
    ("repeat_trial", {"trial": 99}),
    ("control_study", {"action": "pause"}),
    ("control_study", {"action": "resume"}),
    ("rename_study", {"study": "nosuch", "name": "x"}),
    ("rename_study", {"name": "other"}),
    ("rename_study", {"name": "   "}),
    ("delete_study", {"study": "nosuch"}),
    ("add_dataset", {"path": "nosuch.csv"}),
    ("add_dataset", {"path": "/etc/passwd"}),
    ("add_dataset", {"path": "tiny.csv", "name": "!!!"}),
    ("add_dataset", {"path": "tiny.csv", "name": "demo"}),
    ("add_dataset", {"path": "past.csv"}),
    ("add_dataset", {"path": "tiny.csv", "name": "Ünï ©"}),
    ("add_dataset", {"path": "tiny.csv", "name": "../x"}),
    ("add_dataset", {"path": "tiny.csv", "columns": {"banana": "user"}}),
    ("rename_dataset", {"dataset": "nosuch", "name": "x"}),
    ("rename_dataset", {"dataset": "tiny", "name": "電影"}),
    ("rename_dataset", {"dataset": "tiny", "name": "demo"}),
    ("remove_dataset", {"dataset": "demo"}),
    ("remove_dataset", {"dataset": "nosuch"}),
    ("filter_dataset", {"dataset": "nosuch", "min_user_events": 2}),
    ("filter_dataset", {"dataset": "tiny"}),
    ("filter_dataset", {"dataset": "tiny", "since": "yesterday"}),
    ("import_trials", {"path": "nosuch.csv"}),
    ("remember_lesson", {"text": "    "}),
    ("forget_lesson", {"lesson": 7}),
    ("confirm", {"against": 99}),
    ("export_model", {"trial": 99}),
    ("export_model", {"format": "magic"}),
    ("open_study", {"study": "nosuch"}),
]
CAN: list[Call] = [
    ("start_study", {"dataset": "tiny", "models": ["ease"], "n_trials": 2}),
    ("extend_study", {"n_trials": 3}),
    ("set_search_space", {"param": "embedding_size", "low": 8, "high": 16}),
    ("run_trial", {"params": {"embedding_size": 17}}),
    ("run_trial", {}),
    ("repeat_trial", {"trial": 0}),
    ("control_study", {"action": "resume", "study": "other"}),
    ("rename_study", {"name": "mine"}),
    ("delete_study", {"study": "first"}),
    ("delete_study", {"study": "first", "forget_trials": True}),
    ("add_dataset", {"path": "tiny.csv", "name": "more"}),
    ("rename_dataset", {"dataset": "tiny", "name": "small"}),
    ("remove_dataset", {"dataset": "tiny"}),
    ("filter_dataset", {"dataset": "tiny", "where": ["item!=i1"]}),
    ("import_trials", {"path": "past.csv"}),
    ("remember_lesson", {"text": "short lists are enough"}),
    ("forget_lesson", {"lesson": 1}),
    ("undo", {}),
    ("confirm", {}),
    ("export_model", {}),
    ("open_study", {"study": "other"}),
]


@pytest.fixture(scope="module")
def standing(tuned_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with a finished study and one that is to be resumed, a note, and a change that can be taken back."""
    home = shutil.copytree(tuned_home, tmp_path_factory.mktemp("checked") / "home")
    (home / "past.csv").write_text("embedding_size,ndcg@10\n8,0.1\n16,0.2\n")
    with open_home(home) as workspace:
        tools = {tool.name: tool for tool in make_tools(workspace)}
        spec = workspace.runner.peek("first").spec
        workspace.runner.create(replace(spec, name="other", n_trials=9))
        workspace.runner.open("first")
        tools["remember_lesson"].invoke({"text": "users like it short"})
        yield workspace


def everything(workspace: Workspace) -> object:
    """What a call could change."""
    studies = [workspace.runner.peek(name) for name in workspace.runner.names()]
    return (
        [(s.title, asdict(s.spec), s.state, s.waiting(), len(s.records()), len(s.log), s.ranges()) for s in studies],
        workspace.catalogue.names(),
        [record.id for kind in ("trial", "lesson") for record in workspace.memory.records(kind)],
        [(act.number, act.outcome) for act in workspace.ledger.acts.last(None)],
        sorted(path.name for path in workspace.settings.home.iterdir() if path.name != "studies.db-wal"),
        current.name if (current := workspace.runner.current()) else None,
    )


@pytest.mark.parametrize(("tool", "args"), CANNOT, ids=str)
def test_what_cannot_work_is_told_by_a_check_as_by_the_call(standing: Workspace, tool: str, args: Any) -> None:
    before = everything(standing)
    told = checked(standing, tool, args).prospect.problem
    assert told
    assert everything(standing) == before
    called = next(one for one in make_tools(standing) if one.name == tool)
    try:
        found = called.invoke(args)
    except Exception as error:  # noqa: BLE001 - its text is what counts
        found = str(error)
    assert told in found.replace('\\"', '"')
    assert everything(standing) == before


@pytest.mark.parametrize(("tool", "args"), CAN, ids=str)
def test_a_check_of_what_can_work_changes_nothing(standing: Workspace, tool: str, args: Any) -> None:
    before = everything(standing)
    found = checked(standing, tool, args)
    assert found.prospect.problem is None
    assert everything(standing) == before


def test_every_tool_that_acts_is_checked_here() -> None:
    acting = {name for name, act in ACTS.items() if act.kind != "reads"}
    assert {tool for tool, _ in CAN} == acting - {"reject_trial"}  # below
    assert {tool for tool, _ in CANNOT} == acting - {"undo"}


def test_a_check_of_a_rejection_changes_nothing(tuned: Workspace) -> None:
    spec = replace(tuned.runner.peek("first").spec, name="asks", n_trials=9, needs_approval=True)
    study = tuned.runner.start(spec)
    deadline = time.monotonic() + 60
    while study.state != "waiting":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    before = everything(tuned)
    assert checked(tuned, "reject_trial", {"study": "asks"}).prospect.problem is None
    told = checked(tuned, "reject_trial", {"study": "asks", "trial": 7}).prospect.problem
    assert told == "trial 7 of asks does not wait for a yes, trial 0 does"
    assert everything(tuned) == before


def test_a_check_tells_the_whole_trial_that_would_run(standing: Workspace) -> None:
    study = standing.runner.peek("first")
    waits = study.propose()
    found = checked(standing, "run_trial", {"params": {"embedding_size": 19}}).prospect
    assert found.runs["params"] == {**waits.params, "embedding_size": 19}
    assert found.over == f"the proposal that waits (trial {waits.number})"
    based = checked(standing, "run_trial", {"params": {"embedding_size": 19}, "base": 2}).prospect
    assert based.runs["params"] == {**study.record(2).params, "embedding_size": 19}
    assert based.over == "trial 2"
    assert study.waiting() == waits


def test_what_would_change_nothing_is_answered_by_the_check(tuned: Workspace) -> None:
    assert isinstance(checked(tuned, "undo", {}).found, NothingToUndo)
    tools = {tool.name: tool for tool in make_tools(tuned)}
    tools["export_model"].invoke({"study": "first"})
    assert isinstance(checked(tuned, "undo", {}).found, NotUndone)
    assert not isinstance(checked(tuned, "undo", {}).found, Failure)


@pytest.mark.parametrize(
    ("tool", "args"),
    [
        ("rename_study", {"study": "first", "name": "first"}),
        ("rename_dataset", {"dataset": "tiny", "name": "tiny"}),
    ],
)
def test_a_change_to_what_is_already_so_is_none(standing: Workspace, tool: str, args: Any) -> None:
    before = everything(standing)
    assert checked(standing, tool, args).found is not None
    next(one for one in make_tools(standing) if one.name == tool).invoke(args)
    assert everything(standing) == before
