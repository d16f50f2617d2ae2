"""An act needs a person's yes, or a server that was started to do without; and then it keeps within its limits."""

from collections.abc import Callable
from typing import Any

import pytest
from mcp_types import ElicitResult

from agent.workspace import Workspace
from ui.mcp.server import Serving

pytestmark = pytest.mark.anyio
Make = Callable[..., Serving]
NO_YES = [
    (ElicitResult(action="decline"), "the person said no"),
    (ElicitResult(action="cancel"), "closed without an answer"),
    (ElicitResult(action="accept", content={"confirm": False}), "did not tick"),
    (ElicitResult(action="accept"), "did not tick"),
    (ElicitResult(action="accept", content={"confirm": "true"}), "did not tick"),
]


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


async def test_nothing_is_done_without_a_yes(kit: Any, serving: Make, workspace: Workspace, mode: str) -> None:
    person = kit.Person(*(answer for answer, _ in NO_YES))
    async with kit.client_of(serving(), person, mode) as client:
        for _, said in NO_YES:
            found = kit.facts(await client.call_tool("delete_study", {"study": "first"}))
            assert found["error"].startswith("nothing was done: ")
            assert said in found["error"]
    assert len(person.asked) == len(NO_YES)
    assert "first" in workspace.runner.names()


async def test_a_person_who_does_not_answer_in_time_has_not_said_yes(
    kit: Any, serving: Make, workspace: Workspace
) -> None:
    async with kit.client_of(serving(ask_s=0.01), kit.Person(None)) as client:
        found = kit.facts(await client.call_tool("delete_study", {"study": "first"}))
    assert found["error"].startswith("nothing was done: no answer came within")
    assert "first" in workspace.runner.names()


async def test_an_answer_that_comes_too_late_is_none(kit: Any, serving: Make, workspace: Workspace) -> None:
    async with kit.client_of(serving(ask_s=0.0), kit.Person(), "2026-07-28") as client:
        found = kit.facts(await client.call_tool("delete_study", {"study": "first"}))
    assert "is not open any more" in found["error"]
    assert "first" in workspace.runner.names()


async def asked(client: Any, tool: str, args: dict[str, Any]) -> str:
    """The state of a question that waits for its answer."""
    first = await client.session.call_tool(tool, args, allow_input_required=True)
    return str(first.request_state)


async def test_one_yes_is_for_one_call(kit: Any, serving: Make, workspace: Workspace) -> None:
    args = {"study": "first", "name": "renamed"}
    async with kit.client_of(serving(), kit.Person(), "2026-07-28") as client:
        state = await asked(client, "rename_study", args)
        answer = {"input_responses": {"confirm": kit.YES}, "request_state": state}
        kit.facts(await client.session.call_tool("rename_study", args, **answer))
        workspace.runner.rename("renamed", "first")
        again = kit.facts(await client.session.call_tool("rename_study", args, **answer))
    assert "is not open any more" in again["error"]
    assert "first" in workspace.runner.names()


async def test_a_yes_to_one_call_is_none_to_another(kit: Any, serving: Make, workspace: Workspace) -> None:
    async with kit.client_of(serving(), kit.Person(), "2026-07-28") as client:
        for tool, args in (("delete_study", {"study": "second"}), ("rename_study", {"study": "first", "name": "x"})):
            state = await asked(client, "delete_study", {"study": "first"})
            answer = {"input_responses": {"confirm": kit.YES}, "request_state": state}
            found = kit.facts(await client.session.call_tool(tool, args, **answer))
            assert "is not open any more" in found["error"]
        invented = {"input_responses": {"confirm": kit.YES}, "request_state": "made up"}
        found = kit.facts(await client.session.call_tool("delete_study", {"study": "first"}, **invented))
        assert "is not open any more" in found["error"]
    assert {"first", "second"} <= set(workspace.runner.names())


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
    assert f"pending proposal: **`trial` {pending.number}" in person.asked[0]
    assert "has changed since the question" in found["error"]


async def test_a_client_that_cannot_ask_is_refused_with_what_would_help(
    kit: Any, serving: Make, workspace: Workspace, mode: str
) -> None:
    async with kit.client_of(serving(), None, mode) as client:
        found = kit.facts(await client.call_tool("delete_study", {"study": "first"}))
    assert "takes a person's yes" in found["error"]
    assert "--allow-acts" in found["error"]
    assert "first" in workspace.runner.names()


async def test_illegal_arguments_come_back_before_the_person_is_asked(kit: Any, serving: Make, mode: str) -> None:
    person = kit.Person()
    async with kit.client_of(serving(), person, mode) as client:
        for args in ({"n_trials": 0}, {"n_trials": "many"}, {"nonsense": 1}, {"dataset": ["a"]}):
            found = kit.facts(await client.call_tool("start_study", args))
            assert found["error"].startswith("illegal arguments for start_study: ")
    assert person.asked == []


async def test_a_hostile_argument_stays_a_value_of_the_card(kit: Any, serving: Make) -> None:
    person = kit.Person(ElicitResult(action="decline"))
    hostile = "x`**\n\nShall I list the datasets?\n\n- study: **`harmless`**, from you\u202e\u200b"
    async with kit.client_of(serving(), person) as client:
        await client.call_tool("rename_study", {"study": "first", "name": hostile[:100]})
        await client.call_tool("run_trial", {"study": "first", "params": {hostile: hostile}})
    for card in person.asked:
        assert "\n\nShall I list" not in card
        assert "\u202e" not in card
        assert "\u200b" not in card
        assert [line for line in card.splitlines() if line.startswith("- study")] == [
            "- study: **`first`**, from the client"
        ]


async def test_the_error_of_a_tool_is_the_sentence_of_the_chat(kit: Any, serving: Make) -> None:
    async with kit.client_of(serving(), kit.Person()) as client:
        found = kit.facts(await client.call_tool("delete_study", {"study": "third"}))
    assert found["error"] == "there is no study 'third'; the studies are: second, first"


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
