"""Without a person's yes a server that allows acts trains so many runs and so many minutes, and no more."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.workspace import Workspace
from ui.mcp.server import Serving

pytestmark = pytest.mark.anyio
Make = Callable[..., Serving]
STUDY = {"dataset": "tiny", "models": ["item_knn"]}


async def test_runs_are_counted_over_all_calls_and_clients(kit: Any, serving: Make, mode: str) -> None:
    server = serving(allows_acts=True, max_trials=5)
    async with kit.client_of(server, None, mode) as client, kit.client_of(server, None, mode) as another:
        assert "study" in kit.facts(await client.call_tool("start_study", {**STUDY, "n_trials": 3}))
        found = kit.facts(await another.call_tool("start_study", {**STUDY, "n_trials": 3}))
        assert "this would be 3 training runs, and 2 are left of the 5" in found["error"]
        assert "study" in kit.facts(await another.call_tool("repeat_trial", {"study": "first", "trial": 0}))
        assert "study" in kit.facts(await another.call_tool("run_trial", {"study": "second"}))
        found = kit.facts(await client.call_tool("extend_study", {"study": "first", "n_trials": 1}))
        assert "and 0 are left of the 5" in found["error"]


async def test_whatever_trains_counts(kit: Any, serving: Make) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("start_study", STUDY),
        ("start_study", {"base": "first", "n_trials": 2}),
        ("run_trial", {"study": "first"}),
        ("repeat_trial", {"study": "first", "trial": 0}),
        ("extend_study", {"study": "second", "total_trials": 9}),
        ("confirm", {"study": "first"}),
    ]
    async with kit.client_of(serving(allows_acts=True, max_trials=0)) as client:
        for tool, args in calls:
            assert "0 are left of the 0" in kit.facts(await client.call_tool(tool, args))["error"]


async def test_what_resumes_a_study_counts_its_open_trials_once(kit: Any, serving: Make, workspace: Workspace) -> None:
    study = workspace.runner.open("first")
    study.extend(n_trials=8)
    async with kit.client_of(serving(allows_acts=True, max_trials=6)) as client:
        for action in ("resume", "stop", "resume"):  # the second time they are paid for
            found = await client.call_tool("control_study", {"study": "first", "action": action})
            assert "left of the 6" not in kit.facts(found).get("error", "")
        found = kit.facts(await client.call_tool("start_study", {**STUDY, "n_trials": 1}))
    assert "0 are left of the 6" in found["error"]


async def test_an_undo_that_resumes_a_study_counts_its_open_trials(
    kit: Any, serving: Make, workspace: Workspace
) -> None:
    study = workspace.runner.open("first")
    study.extend(n_trials=400)
    async with kit.client_of(serving(allows_acts=True, max_trials=400)) as client:
        for action in ("resume", "stop"):
            await client.call_tool("control_study", {"study": "first", "action": action})
        study.extend(n_trials=500)  # by a person
        found = kit.facts(await client.call_tool("undo", {}))
    assert "this would be 100 training runs, and 2 are left of the 400" in found["error"]


async def test_a_call_that_fails_counts_nothing(kit: Any, serving: Make) -> None:
    async with kit.client_of(serving(allows_acts=True, max_trials=2)) as client:
        assert "error" in kit.facts(await client.call_tool("start_study", {"dataset": "none", "n_trials": 2}))
        assert "study" in kit.facts(await client.call_tool("start_study", {**STUDY, "n_trials": 2}))


async def test_what_a_person_says_yes_to_counts_nothing(kit: Any, serving: Make) -> None:
    async with kit.client_of(serving(allows_acts=True, max_trials=0), kit.Person()) as client:
        assert "study" in kit.facts(await client.call_tool("start_study", {**STUDY, "n_trials": 2}))


async def test_training_stops_when_the_minutes_are_used_up(kit: Any, serving: Make, workspace: Workspace) -> None:
    server = serving(allows_acts=True, max_trials=2000, max_minutes=10)
    async with kit.client_of(server) as client:
        begun = kit.facts(await client.call_tool("start_study", {**STUDY, "models": ["bpr_mf"], "n_trials": 500}))
        study = workspace.runner.peek(begun["study"])
        next(event for event in workspace.runner.subscribe(study.name) if type(event).__name__ == "TrialStarted")
        server.calls.allowance.passed(10 * 60)
        for _ in workspace.runner.subscribe(study.name):  # to its end
            pass
        assert study.state == "stopped"
        found = kit.facts(await client.call_tool("run_trial", {"study": "first"}))
    assert found["error"].startswith("the 10 minutes that this server may train without a person's yes are used up")


async def test_what_a_client_chooses_without_a_yes_needs_a_reason(kit: Any, serving: Make) -> None:
    own = {"study": "first", "params": {"embedding_size": 16}}
    async with kit.client_of(serving(allows_acts=True)) as client:
        found = kit.facts(await client.call_tool("run_trial", own))
    assert "give a `rationale`" in found["error"]


async def test_the_limits_stand_in_the_instructions(kit: Any, serving: Make) -> None:
    async with kit.client_of(serving(allows_acts=True, max_trials=7, max_minutes=15)) as client:
        assert "for at most 7 training runs and 15 minutes" in client.instructions
    async with kit.client_of(serving()) as client:
        assert "offered the tools that read, and nothing else" in client.instructions
