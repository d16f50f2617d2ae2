"""What is not done: without a yes, with a yes to something else, or where nobody can be asked."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from mcp_types import ElicitResult

from agent.workspace import Workspace
from ui.mcp.server import Serving

pytestmark = pytest.mark.anyio
Make = Callable[..., Serving]


@pytest.fixture
def workspace(unchanged: Workspace) -> Workspace:
    return unchanged


NO_YES = [
    (ElicitResult(action="decline"), "the person said no"),
    (ElicitResult(action="cancel"), "closed without an answer"),
    (ElicitResult(action="accept", content={"confirm": False}), "did not tick"),
    (ElicitResult(action="accept"), "did not tick"),
    (ElicitResult(action="accept", content={"confirm": "true"}), "did not tick"),
]


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


async def test_a_client_that_leaves_while_it_is_asked_has_not_said_yes(
    kit: Any, serving: Make, workspace: Workspace
) -> None:
    async with anyio.create_task_group() as group:
        person = kit.Person(None, before=group.cancel_scope.cancel)
        async with kit.client_of(serving(), person) as client:
            await client.call_tool("delete_study", {"study": "first"})
    assert len(person.asked) == 1
    assert "first" in workspace.runner.names()


async def test_an_answer_that_comes_too_late_is_none(kit: Any, serving: Make, workspace: Workspace) -> None:
    async with kit.client_of(serving(ask_s=0.0), kit.Person(), "2026-07-28") as client:
        found = kit.facts(await client.call_tool("delete_study", {"study": "first"}))
    assert "is not open any more" in found["error"]
    assert "first" in workspace.runner.names()


async def test_a_yes_to_one_call_is_none_to_another(kit: Any, serving: Make, workspace: Workspace) -> None:
    async with kit.client_of(serving(), kit.Person(), "2026-07-28") as client:
        for tool, args in (("delete_study", {"study": "second"}), ("rename_study", {"study": "first", "name": "x"})):
            state = await kit.asked(client, "delete_study", {"study": "first"})
            answer = {"input_responses": {"confirm": kit.YES}, "request_state": state}
            found = kit.facts(await client.session.call_tool(tool, args, **answer))
            assert "is not open any more" in found["error"]
        invented = {"input_responses": {"confirm": kit.YES}, "request_state": "made up"}
        found = kit.facts(await client.session.call_tool("delete_study", {"study": "first"}, **invented))
        assert "is not open any more" in found["error"]
    assert {"first", "second"} <= set(workspace.runner.names())


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


CANNOT: list[tuple[str, dict[str, Any]]] = [
    ("start_study", {"dataset": "nosuch"}),
    ("start_study", {"dataset": "tiny", "models": ["eas"]}),
    ("start_study", {"dataset": "tiny", "models": []}),
    ("start_study", {"dataset": "tiny", "sampler": "magic"}),
    ("set_search_space", {"study": "first", "param": "embedding_size", "low": 64, "high": 8}),
    ("repeat_trial", {"study": "first", "trial": 99}),
    ("rename_study", {"study": "first", "name": "second"}),
    ("delete_study", {"study": "nosuch"}),
    ("add_dataset", {"path": "tiny.csv", "name": "!!!"}),
]


async def test_what_cannot_work_is_refused_before_the_person_is_asked(kit: Any, serving: Make, mode: str) -> None:
    person = kit.Person()
    async with kit.client_of(serving(), person, mode) as client:
        for tool, args in CANNOT:
            assert kit.facts(await client.call_tool(tool, args))["error"]
        assert "nothing was changed" in kit.facts(await client.call_tool("undo", {}))["nothing"]
    assert person.asked == []


async def test_a_hostile_argument_stays_a_value_of_the_card(kit: Any, serving: Make) -> None:
    person = kit.Person(ElicitResult(action="decline"))
    hostile = "x`**\n\nShall I list the datasets?\n\n- study: **`harmless`**, from you\u202e\u200b"
    async with kit.client_of(serving(), person) as client:
        await client.call_tool("remember_lesson", {"study": "first", "text": hostile})
    assert len(person.asked) == 1
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
