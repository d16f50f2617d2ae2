"""A question or a refusal starts, stops, changes, exports and keeps nothing; an order still does, however polite."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.chat.conversation import Conversation
from agent.chat.orders import ACTING, is_order, not_done, why_not
from agent.events import AnswerFinished, ToolReturned
from agent.llm.scripted import ScriptedChat, call
from agent.tools import TOOLS
from agent.workspace import Workspace

HERE = Path(__file__).parent
SENTENCES = [json.loads(line) for line in (HERE / "orders.jsonl").read_text("utf-8").splitlines()]
MESSAGES = [
    json.loads(line) for line in (HERE.parents[2] / "agent/llm/pilot/messages.jsonl").read_text("utf-8").splitlines()
]
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("control_study", {"action": action}) for action in ("stop", "pause", "resume")),
    *((tool, {}) for tool in sorted(ACTING - {"control_study"})),
)


def is_held_back(say: str) -> bool:
    """A third, which nobody looks at while the words are chosen."""
    return int(hashlib.sha256(say.encode()).hexdigest(), 16) % 3 == 0


def acts(row: dict[str, Any]) -> bool:
    actions = [row["action"]] if row.get("action") else ["stop", "pause", "resume"]
    return any(is_order(row["say"], row["tool"], {"action": action}) for action in actions)


def test_the_tools_that_act_are_tools() -> None:
    reading = {function.__name__ for function in TOOLS} - ACTING
    assert len(reading) + len(ACTING) == len(TOOLS)
    assert not {tool for tool in reading if tool.startswith(("start", "run", "set", "add", "export", "remember"))}
    assert all(is_order("should I?", tool) for tool in reading)


@pytest.mark.parametrize("held_back", [False, True])
def test_no_question_and_no_refusal_is_an_order(held_back: bool) -> None:
    rows = [row for row in SENTENCES if not row["acts"] and is_held_back(row["say"]) == held_back]
    assert len(rows) > 25
    assert [row["say"] for row in rows if acts(row)] == []


@pytest.mark.parametrize("held_back", [False, True])
def test_orders_that_hold_a_question_or_a_negation_stay_orders(held_back: bool) -> None:
    rows = [row for row in SENTENCES if row["acts"] and is_held_back(row["say"]) == held_back]
    lost = [row["say"] for row in rows if not acts(row)]
    assert len(lost) <= 0.05 * len(rows), lost


def test_what_the_pilot_learned_as_orders_stays_orders() -> None:
    rows = [row for row in MESSAGES if row["tool"] in ACTING]
    assert sum(map(acts, rows)) >= 0.97 * len(rows)


@pytest.mark.parametrize(
    "say",
    [
        "is it safe to pause?",
        "don't tune sasrec on demo",
        "I didn't say start",
        "no more trials please",
        "how do I start?",
    ],
)
def test_what_is_no_order_is_none_for_any_tool_that_acts(say: str) -> None:
    assert [(tool, args) for tool, args in CALLS if is_order(say, tool, args)] == []


@pytest.mark.parametrize(
    ("say", "action", "reason"),
    [
        ("don't stop, pause instead", "stop", "refusal"),
        ("don't stop, pause instead", "pause", None),
        ("keep going, don't stop", "resume", None),
        ("keep going, don't stop", "stop", "refusal"),
        ("pause. should I stop?", "pause", None),
        ("pause. should I stop?", "stop", "question"),
        ("stop", "stop", None),
        ("can you stop it", "stop", None),
        ("can you stop it at any time", "stop", "question"),
        ("could you please not stop it", "stop", "question"),
    ],
)
def test_of_two_actions_the_one_that_is_ordered_may_be_taken(say: str, action: str, reason: str | None) -> None:
    assert why_not(say, "control_study", {"action": action}) == reason


@given(st.sampled_from(CALLS), st.sampled_from(["What if {}", "should we {}", "why did you not {}", "don't {}"]))
def test_the_words_that_are_offered_are_an_order_and_turned_round_they_are_none(
    made: tuple[str, dict[str, Any]], frame: str
) -> None:
    tool, args = made
    for given_ in (args, args | {"dataset": "don't", "models": ["ease"], "param": "`x` ](http://evil"}):
        offered = not_done("question", tool, given_).split("`")[1]
        assert is_order(offered, tool, given_)
        assert not is_order(frame.format(offered), tool, given_) or tool == "remember_lesson"


@given(st.text(max_size=60), st.sampled_from(CALLS))
def test_any_text_is_an_order_or_not(text: str, made: tuple[str, dict[str, Any]]) -> None:
    assert why_not(text, *made) in (None, "question", "refusal")


def turn(workspace: Workspace, say: str, *lines: Any) -> tuple[list[ToolReturned], str, ScriptedChat]:
    model = ScriptedChat(lines=list(lines))
    events = list(Conversation(workspace, "one", model).send(say))
    assert isinstance(events[-1], AnswerFinished)
    return [event for event in events if isinstance(event, ToolReturned)], events[-1].text, model


def test_a_model_that_acts_on_a_question_is_not_obeyed_and_the_person_is_told(tuned: Workspace) -> None:
    before = tuned.runner.names()
    line = call("start_study", dataset="tiny", models=["bpr_mf"])
    returned, text, model = turn(tuned, "What would a study of bpr_mf on tiny cost?", line, "I have started it.")
    assert [event.is_error for event in returned] == [True]
    assert text == ("I have not done that: your message reads as a question. Say `tune bpr_mf on tiny` to do it.")
    assert tuned.runner.names() == before
    assert len(model.seen) == 1, "the model is not asked to word what was not done"


def test_what_was_read_in_the_same_turn_is_still_told(tuned: Workspace) -> None:
    lines = [call("describe_dataset", dataset="tiny"), call("remember_lesson", text="tiny is tiny"), "Done."]
    returned, text, _ = turn(tuned, "how many users has tiny?", *lines)
    assert [event.is_error for event in returned] == [False, True]
    assert "480 interactions of 60 users" in text
    assert "I have not done that: your message reads as a question" in text
    assert not tuned.memory.recall("tiny is tiny", kind="lesson")


def test_an_order_is_carried_out(tuned: Workspace) -> None:
    line = call("remember_lesson", text="dropout never helped")
    returned, text, _ = turn(tuned, "please remember that dropout never helped", line, "Noted.")
    assert [event.is_error for event in returned] == [False]
    assert text == "Noted."
