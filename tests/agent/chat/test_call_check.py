"""Calls of an attached model are made only where the person ordered them, with values that stand in what was said."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.chat.conversation import Conversation, planner
from agent.events import AnswerFinished, ToolReturned
from agent.llm.scripted import ScriptedChat, call
from agent.tools.remembering import lessons_in_order
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.workspace import Workspace

SENTENCES = [json.loads(line) for line in (Path(__file__).parent / "orders.jsonl").read_text("utf-8").splitlines()]


def turn(workspace: Workspace, say: str, *lines: Any) -> tuple[list[ToolReturned], AnswerFinished, ScriptedChat]:
    model = ScriptedChat(lines=list(lines))
    events = list(Conversation(workspace, "one", model).send(say))
    assert isinstance(events[-1], AnswerFinished)
    return [event for event in events if isinstance(event, ToolReturned)], events[-1], model


def test_a_model_that_acts_on_a_question_is_not_obeyed_and_the_person_is_told(tuned: Workspace) -> None:
    before = tuned.runner.names()
    line = call("start_study", dataset="tiny", models=["bpr_mf"])
    returned, answer, model = turn(tuned, "What would a study of bpr_mf on tiny cost?", line, "I have started it.")
    assert [event.is_error for event in returned] == [True]
    assert answer.text.startswith("I did not start tuning: your message reads as a")
    assert tuned.runner.names() == before
    assert len(model.seen) == 1, "the model is not asked to word what was not done"


def test_what_was_read_in_the_same_turn_is_still_told(tuned: Workspace) -> None:
    lines = [call("describe_dataset", dataset="tiny"), call("remember_lesson", text="tiny is tiny"), "Done."]
    returned, answer, _ = turn(tuned, "how many users has tiny?", *lines)
    assert [event.is_error for event in returned] == [False, True]
    assert "480 interactions of 60 users" in answer.text
    assert "I did not keep a note" in answer.text
    assert "tiny is tiny" not in {lesson.text for lesson in lessons_in_order(tuned)}


def test_an_order_is_carried_out(tuned: Workspace) -> None:
    line = call("remember_lesson", text="dropout never helped")
    returned, answer, _ = turn(tuned, "please remember that dropout never helped", line, "Noted.")
    assert [event.is_error for event in returned] == [False]
    assert answer.text == "Noted."


def test_a_value_that_was_not_said_is_asked_about_and_a_yes_runs_it(tuned: Workspace) -> None:
    line = call("set_search_space", param="learning_rate", high=0.007)
    returned, answer, _ = turn(tuned, "please narrow the learning rate", line, "Done.")
    assert [event.is_error for event in returned] == [True]
    assert "0.007" in answer.text and answer.choices == ("Yes", "No")
    returned, answer, model = turn(tuned, "yes", "never asked")
    assert [(event.tool, event.is_error) for event in returned] == [("set_search_space", False)]
    assert not model.seen


def test_a_value_that_was_said_and_is_left_out_is_asked_about(tuned: Workspace) -> None:
    line = call("start_study", dataset="tiny", models=["ease"])
    returned, answer, _ = turn(tuned, "tune ease on tiny with 3 trials", line, "Done.")
    assert [event.is_error for event in returned] == [True]
    assert "`3` would not be used" in answer.text


@pytest.mark.parametrize("row", [row for row in SENTENCES if not row["acts"]], ids=lambda row: row["say"][:40])
def test_no_question_and_no_refusal_is_acted_on(row: dict[str, Any]) -> None:
    known = Known(
        datasets=("demo", "shop"),
        studies=("demo-1",),
        study="demo-1",
        study_state="running",
        study_dataset="demo",
        study_models=("sasrec",),
    )
    plan = planner().plan(row["say"], known, Dialogue(study="demo-1"))
    assert [request.tool for request in plan.acting if request.tool == row["tool"]] == []


def test_orders_stay_orders() -> None:
    known = Known(
        datasets=("demo", "shop"),
        studies=("demo-1",),
        study="demo-1",
        study_state="running",
        study_dataset="demo",
        study_models=("sasrec",),
    )
    rows = [row for row in SENTENCES if row["acts"]]
    plans = [planner().plan(row["say"], known, Dialogue(study="demo-1")) for row in rows]
    lost = [row["say"] for row, plan in zip(rows, plans, strict=True) if not plan.requests and plan.waiting is None]
    assert len(lost) <= 0.25 * len(rows), lost  # polite questions of other languages among them


@pytest.mark.parametrize("say", ["ok", "hm", "good to know", "great, very helpful", "interesting"])
@pytest.mark.parametrize(
    "line",
    [
        call("start_study", dataset="tiny"),
        call("remember_lesson", text="tiny is tiny"),
        call("set_search_space", param="learning_rate", high=0.02),
    ],
)
def test_a_model_that_acts_on_a_word_of_praise_must_ask(tuned: Workspace, say: str, line: Any) -> None:
    conversation = Conversation(
        tuned, "one", ScriptedChat(lines=[call("describe_dataset", dataset="tiny"), "It has 60 users.", line, "Done."])
    )
    list(conversation.send("what is in tiny?"))
    *_, answer = conversation.send(say)
    assert isinstance(answer, AnswerFinished)
    assert ("hall I " in answer.text, answer.choices) == (True, ("Yes", "No"))
    assert tuned.runner.names() == ["first"]


def test_what_a_model_would_train_for_long_is_told_as_a_plan_that_stays_with_the_answer(tuned: Workspace) -> None:
    line = call("start_study", dataset="tiny", models=["bpr_mf"], n_trials=15)
    careful = replace(tuned, settings=tuned.settings.model_copy(update={"card_minutes": 0.0}))
    _, answer, _ = turn(careful, "tune bpr_mf on tiny with 15 trials", line, "never asked")
    assert answer.plan is not None and answer.plan.tools == ("start_study",)
    assert answer.plan.text in answer.text and answer.choices == ("Yes", "No")
    kept = [one for one in Conversation(tuned, "one").history() if isinstance(one, AnswerFinished)]
    assert kept[-1].plan == answer.plan
