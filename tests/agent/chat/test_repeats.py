"""A model is not shown twice what a turn has found; what it is shown holds everything."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.chat.conversation import Conversation
from agent.chat.repeats import HERE, SAME_AS, without_repeats
from agent.events import ToolReturned
from agent.llm.scripted import ScriptedChat, call
from agent.workspace import Workspace

PARAMS = {"learning_rate": 0.001, "dropout": 0.25, "embedding_size": 64, "loss": "bpr", "epochs": 20}


def returned(tool: str, result: object, status: Any = "success") -> ToolMessage:
    return ToolMessage(json.dumps(result, ensure_ascii=False), tool_call_id="1", name=tool, status=status)


def seen(*messages: AnyMessage) -> list[Any]:
    """The results that a model sees."""
    return [json.loads(m.text) for m in without_repeats(messages) if isinstance(m, ToolMessage)]


def whole(results: list[tuple[str, Any]]) -> list[Any]:
    """The results with what their references stand for."""
    read: dict[str, Any] = {}

    def filled(value: Any, mine: Any) -> Any:
        if isinstance(value, dict) and set(value) == {SAME_AS}:
            name, *path = value[SAME_AS].split(".")
            found = mine if name == HERE else read[name]
            for step in path:
                found = found[int(step) if isinstance(found, list) else step]
            return filled(found, mine)
        if isinstance(value, dict):
            return {key: filled(one, mine) for key, one in value.items()}
        return [filled(one, mine) for one in value] if isinstance(value, list) else value

    for name, result in results:
        read[name] = filled(result, result)
    return list(read.values())


def test_what_an_earlier_call_of_the_turn_gave_is_named() -> None:
    first = {"best": {"number": 3, "params": PARAMS}}
    assert seen(returned("study_status", first), returned("run_trial", {"params": PARAMS}))[1] == {
        "params": {SAME_AS: "study_status.best.params"}
    }


def test_what_the_same_result_gave_is_named_by_its_place_in_it() -> None:
    (found,) = seen(returned("study_status", {"best": {"params": PARAMS}, "leaderboard": [{"n": 1, "params": PARAMS}]}))
    assert found["leaderboard"] == [{"n": 1, "params": {SAME_AS: "here.best.params"}}]


def test_the_next_turn_gives_everything_again() -> None:
    found = {"params": PARAMS}
    assert seen(returned("a", found), HumanMessage("and now?"), returned("b", found)) == [found, found]


def test_a_second_call_of_a_tool_has_a_name_of_its_own() -> None:
    other = {"params": PARAMS | {"dropout": 0.5}}
    found = seen(returned("explain", {"params": PARAMS}), returned("explain", other), returned("compare", other))
    assert found[2] == {"params": {SAME_AS: "explain#2.params"}}


def test_what_is_short_an_error_or_no_json_stays_as_it_is() -> None:
    messages = [
        returned("a", {"x": [1, 2]}),
        returned("b", {"x": [1, 2]}),
        returned("c", {"error": PARAMS}, "error"),
        ToolMessage("plain words", tool_call_id="1", name="d"),
        AIMessage("so it is"),
    ]
    assert without_repeats(messages) == messages


def test_what_the_chat_keeps_is_not_changed() -> None:
    kept = [returned("a", {"x": PARAMS}), returned("b", {"y": PARAMS})]
    texts = [message.text for message in kept]
    without_repeats(kept)
    assert [message.text for message in kept] == texts


VALUES = st.recursive(
    st.sampled_from([PARAMS, [PARAMS], {"a": PARAMS}, 3, "a long text that stands in several results", [1.5] * 20]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("n", [1, 2, 3])
@settings(max_examples=40)
@given(data=st.data())
def test_nothing_is_lost(n: int, data: st.DataObject) -> None:
    results = [data.draw(st.dictionaries(st.sampled_from("pqr"), VALUES, max_size=3)) for _ in range(n)]
    found = seen(*(returned(f"tool{place}", result) for place, result in enumerate(results)))
    assert whole([(f"tool{place}", result) for place, result in enumerate(found)]) == results
    assert all(len(json.dumps(short)) <= len(json.dumps(full)) for short, full in zip(found, results, strict=True))


def test_a_model_sees_a_repetition_by_name_while_the_person_and_the_check_have_it_whole(tuned: Workspace) -> None:
    number = tuned.runner.open("first").best().number  # type: ignore[union-attr]
    model = ScriptedChat(lines=[call("study_status"), call("explain_trial", trial=number), "It learned."])
    events = list(Conversation(tuned, "one", model).send("how is it, and why that one?"))
    told = [event.facts for event in events if isinstance(event, ToolReturned)]
    assert told[1]["params"] == told[0]["best"]["params"]  # type: ignore[index, call-overload]
    assert json.loads(model.seen[-1][-1].text)["params"] == {SAME_AS: "study_status.best.params"}
