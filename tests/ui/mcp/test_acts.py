"""An act needs a person's yes, or a server that was started to do without; and then it keeps within its limits."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import anyio.from_thread
import pytest

from agent.understanding.card import shown
from agent.workspace import Workspace
from recmodels.data.catalogue import Catalogue
from recmodels.data.reading.job import ReadJob, Summary
from recmodels.data.reading.writing import read_here
from recmodels.errors import ReadingStopped
from ui.mcp.server import Serving

pytestmark = pytest.mark.anyio
Make = Callable[..., Serving]


async def test_an_act_is_done_after_a_yes_to_the_plan_card(
    kit: Any, serving: Make, workspace: Workspace, mode: str
) -> None:
    person = kit.Person()
    async with kit.client_of(serving(), person, mode) as client:
        found = kit.facts(
            await client.call_tool("start_study", {"dataset": "tiny", "models": ["item_knn"], "n_trials": 2})
        )
    assert found["study"] in workspace.runner.names()
    (card,) = person.asked
    assert "- dataset: **`tiny`**, from the client" in card
    assert "- trials: **2**, from the client" in card
    assert "Left at the default: objective `ndcg@10`" in card
    assert "2 training runs ×" in card
    assert card.endswith("Shall I start tuning?")


async def test_one_yes_is_for_one_call(kit: Any, serving: Make, workspace: Workspace) -> None:
    args = {"study": "first", "name": "renamed"}
    async with kit.client_of(serving(), kit.Person(), "2026-07-28") as client:
        state = await kit.asked(client, "rename_study", args)
        answer = {"input_responses": {"confirm": kit.YES}, "request_state": state}
        kit.facts(await client.session.call_tool("rename_study", args, **answer))
        workspace.runner.rename("renamed", "first")
        again = kit.facts(await client.session.call_tool("rename_study", args, **answer))
    assert "is not open any more" in again["error"]
    assert "first" in workspace.runner.names()


async def test_a_yes_is_for_what_was_shown_even_if_another_study_is_at_hand_by_then(
    kit: Any, serving: Make, workspace: Workspace
) -> None:
    person = kit.Person(before=lambda: workspace.runner.open("second"))
    async with kit.client_of(serving(), person) as client:
        await client.call_tool("open_study", {"study": "first"})
        found = kit.facts(await client.call_tool("rename_study", {"name": "renamed"}))
    assert "- study: **`first`**, from this session" in person.asked[0]
    assert found == {"study": "renamed", "before": "first"}


async def test_a_run_of_the_pending_proposal_is_off_when_another_one_waits_by_then(
    kit: Any, serving: Make, workspace: Workspace
) -> None:
    study = workspace.runner.open("first")
    pending = study.propose()
    person = kit.Person(before=lambda: study.run_trial({"embedding_size": 16}))
    async with kit.client_of(serving(), person) as client:
        found = kit.facts(await client.call_tool("run_trial", {"study": "first"}))
    assert f"from the proposal that waits (trial {pending.number})" in person.asked[0]
    assert "has changed since the question" in found["error"]


async def test_the_card_of_a_run_tells_every_param_that_will_run(kit: Any, serving: Make, workspace: Workspace) -> None:
    study = workspace.runner.open("first")
    waits, person = study.propose(), kit.Person()
    async with kit.client_of(serving(), person) as client:
        args = {"study": "first", "params": {"embedding_size": 16}}
        begun = kit.facts(await client.call_tool("run_trial", args))["proposal"]["params"]
    (row,) = [line for line in person.asked[0].splitlines() if line.startswith("- then runs as trial 2")]
    assert begun["embedding_size"] == 16
    assert set(begun) == set(waits.params)
    assert shown("params", begun) in row
    assert row.endswith("from the values above, and else the proposal that waits (trial 2)")


async def test_the_card_of_a_confirmation_tells_of_earlier_ones_and_of_readings(
    kit: Any, serving: Make, workspace: Workspace
) -> None:
    person = kit.Person()
    async with kit.client_of(serving(), person) as client:
        await client.call_tool("confirm", {"study": "second", "n_seeds": 2})
        for _ in workspace.runner.subscribe("second"):
            pass
        while workspace.runner.job_of("second") is not None:
            await anyio.sleep(0.05)
        again = kit.facts(await client.call_tool("confirm", {"study": "second", "n_seeds": 2}))
        await client.call_tool("confirm", {"study": "second", "n_seeds": 3})
    first, second = person.asked
    assert "It was not confirmed before. The test part of these data was not read so far" in first
    assert "again" not in str(again.get("error")) and again["found"]["verdict"]
    assert "It was confirmed before, on " in second
    assert "was read 1 time so far" in second
    assert "3 training runs" in first or "5 training runs" in first, first  # repeats are kept, and have a baseline


async def test_models_that_a_client_names_are_booked_as_the_language_models(kit: Any, serving: Make) -> None:
    async with kit.client_of(serving(), kit.Person()) as client:
        study = {"dataset": "tiny", "n_trials": 1}
        named = kit.facts(await client.call_tool("start_study", {**study, "models": ["item_knn"]}))
        left_out = kit.facts(await client.call_tool("start_study", {**study, "without": ["sasrec"]}))
    assert (named["models_chosen_by"], left_out["models_chosen_by"]) == ("llm", "recpilot")


async def test_what_a_client_chooses_is_booked_as_the_models(kit: Any, serving: Make, workspace: Workspace) -> None:
    async with kit.client_of(serving(), kit.Person()) as client:
        begun = kit.facts(await client.call_tool("run_trial", {"study": "first", "params": {"embedding_size": 16}}))
    study = workspace.runner.peek("first")
    for _ in workspace.runner.subscribe("first"):
        pass
    assert begun["trial"] == "first/2"
    assert study.record(2).proposer == "llm"


async def test_the_last_change_of_this_session_is_named_before_it_is_taken_back(
    kit: Any, serving: Make, workspace: Workspace
) -> None:
    server, person, other = serving(), kit.Person(), kit.Person()
    async with kit.client_of(server, person) as client, kit.client_of(server, other) as another:
        await client.call_tool("rename_study", {"study": "first", "name": "mine"})
        await another.call_tool("rename_study", {"study": "second", "name": "theirs"})
        found = kit.facts(await client.call_tool("undo", {}))
    assert "study first was renamed mine" in person.asked[1]
    assert found["undone"] == "study first was renamed mine"
    assert set(workspace.runner.names()) == {"first", "theirs"}


class SlowReading:
    """Reads a file until it is stopped, but the first `n_quick` times at once."""

    def __init__(self, n_quick: int) -> None:
        self._n_quick = n_quick
        self.has_begun, self.was_stopped = anyio.Event(), False

    def __call__(self, job: ReadJob, folder: Path, is_stopped: Callable[[], bool]) -> Summary:
        if self._n_quick > 0:
            self._n_quick -= 1
            return read_here(job, folder)
        anyio.from_thread.run_sync(self.has_begun.set)
        while not is_stopped():
            time.sleep(0.01)
        self.was_stopped = True
        raise ReadingStopped("stopped")


@pytest.mark.parametrize("n_quick", [0, 2], ids=["before the yes", "after it"])
async def test_a_client_that_gives_up_a_call_ends_the_reading_of_its_file(
    kit: Any, serving: Make, workspace: Workspace, home: Path, mode: str, n_quick: int
) -> None:
    slow = SlowReading(n_quick)
    workspace.catalogue = Catalogue(home / "datasets", read=slow)
    (home / "more.csv").write_text((home / "tiny.csv").read_text())
    async with kit.client_of(serving(), kit.Person(), mode) as client, anyio.create_task_group() as calls:
        calls.start_soon(client.call_tool, "add_dataset", {"path": str(home / "more.csv"), "name": "more"})
        with anyio.fail_after(60):
            await slow.has_begun.wait()
            calls.cancel_scope.cancel()
    with anyio.fail_after(60):
        while not slow.was_stopped:
            await anyio.sleep(0.01)
    assert "more" not in workspace.catalogue.names()


async def test_a_call_that_is_not_given_up_reads_its_file_to_the_end(
    kit: Any, serving: Make, workspace: Workspace, home: Path
) -> None:
    slow = SlowReading(n_quick=100)
    workspace.catalogue = Catalogue(home / "datasets", read=slow)
    (home / "more.csv").write_text((home / "tiny.csv").read_text())
    async with kit.client_of(serving(), kit.Person()) as client:
        kit.facts(await client.call_tool("add_dataset", {"path": str(home / "more.csv"), "name": "more"}))
    assert not slow.was_stopped
    assert "more" in workspace.catalogue.names()
