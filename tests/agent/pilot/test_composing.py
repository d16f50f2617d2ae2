"""From a message to its plan and its answer, whatever the network reads: here it is told what to read."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.answers.explain import word
from agent.llm.pilot.composing import composed, planned
from agent.results.by_tool import result_of
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Held, Plan, Request, Waiting

STATUS = Request(tool="study_status")
PAUSE = Request(tool="control_study", args={"action": "pause"})


def reads(plan: Plan) -> Callable[[str, Known, Dialogue], Plan]:
    """A planner that reads every message so, and keeps what it was asked to read."""
    return lambda say, known, dialogue: replace(plan, say=say)


def never(say: str, known: Known, dialogue: Dialogue) -> Plan:
    raise AssertionError(f"{say!r} reached the planner")


@pytest.mark.parametrize(
    "say", ["Starte bitte eine Studie mit ease auf demo", "あと5回追加してください", "Lance une étude"]
)
def test_another_language_reaches_no_planner_and_is_answered_in_one_sentence(say: str, known: Known) -> None:
    plan = planned(never, say, known, Dialogue())
    assert plan.requests == ()
    assert "`tune sasrec on demo, 6 trials`" in composed(plan, [], word, known)


def test_a_yes_in_another_language_still_settles_what_was_asked(known: Known) -> None:
    dialogue = Dialogue(waiting=Waiting(requests=(PAUSE,), text="Shall I?"))
    assert planned(reads(Plan(say="", requests=(PAUSE,))), "oui", known, dialogue).requests == (PAUSE,)


def test_an_impossible_wish_is_named_and_nothing_is_run(known: Known) -> None:
    plan = planned(never, "connect to the Kafka topic clicks", known, Dialogue())
    assert composed(plan, [], word, known).startswith("I cannot read from streams such as Kafka")


def test_what_is_possible_beside_it_is_planned(known: Known) -> None:
    heard: list[str] = []

    def planner(say: str, known: Known, dialogue: Dialogue) -> Plan:
        heard.append(say)
        return Plan(say=say, requests=(PAUSE,))

    plan = planned(planner, "pause it and mail me the results", known, Dialogue())
    assert heard == ["pause it"]
    assert plan.requests == (PAUSE,)
    assert "mail me" in (plan.answer or "")


def test_a_question_about_an_act_is_answered_from_the_state_and_the_act_stays_held(known: Known) -> None:
    held = Plan(say="", held=(Held(request=PAUSE, why="question"),))
    plan = planned(reads(held), "is it safe to pause?", known, Dialogue())
    assert [request.tool for request in plan.requests] == ["study_status"]
    assert [one.request.tool for one in plan.held] == ["control_study"]


def test_an_act_that_was_ordered_is_never_turned_into_a_question(known: Known) -> None:
    ordered = Plan(say="", requests=(PAUSE,))
    assert planned(reads(ordered), "is it safe to pause? pause", known, Dialogue()).requests == (PAUSE,)


def test_a_question_that_stays_open_on_an_act_stays_open(known: Known) -> None:
    waiting = Waiting(requests=(Request(tool="start_study"),), lacking="dataset", text="Which dataset?")
    plan = planned(reads(Plan(say="", waiting=waiting)), "is it worth going on?", known, Dialogue())
    assert plan.waiting == waiting


def test_the_study_that_is_named_is_the_one_that_is_read(known: Known) -> None:
    plan = planned(reads(Plan(say="")), "how long did demo-1 take?", known, Dialogue())
    assert plan.requests[0].args == {"study": "demo-1"}


def test_a_word_of_the_field_is_explained_whatever_it_was_read_for(known: Known) -> None:
    mistaken = Plan(say="", requests=(Request(tool="parameter_importance"),))
    plan = planned(reads(mistaken), "what does the rank change?", known, Dialogue())
    assert plan.requests == ()
    assert composed(plan, [], word, known).startswith("**The rank** of a LoRA adapter")


def test_a_reading_tool_that_fits_better_stays(known: Known) -> None:
    chosen = Plan(say="", requests=(Request(tool="trials"),))
    plan = planned(reads(chosen), "how long did each train, and which was best?", known, Dialogue())
    assert [request.tool for request in plan.requests] == ["trials"]


def test_why_that_one_won_is_asked_of_the_best(known: Known) -> None:
    other = Plan(say="", requests=(Request(tool="explain_trial", args={"trial": 3}),))
    assert planned(reads(other), "why did that one win?", known, Dialogue()).requests[0].args == {"trial": 2}
    assert planned(reads(other), "why did trial 3 win?", known, Dialogue()).requests[0].args == {"trial": 3}


def test_a_false_premise_is_set_right_before_the_explanation(
    known: Known, tuned_facts: Callable[..., dict[str, Any]]
) -> None:
    status = tuned_facts("study_status")
    best = status["best"]["number"]
    loser = next(row["number"] for row in reversed(status["leaderboard"]) if row["number"] not in (best, None))
    plan = planned(
        reads(Plan(say="", requests=(Request(tool="explain_trial", args={"trial": loser}),))),
        f"why did trial {loser} win?",
        known,
        Dialogue(),
    )
    text = composed(
        plan, [("explain_trial", result_of("explain_trial", tuned_facts("explain_trial", trial=loser)))], word, known
    )
    assert text.startswith(f"Trial {loser} did not win: it is ")
    assert f"trial {status['best']['number']} did" in text.partition("\n")[0]


def test_the_verdict_stands_alone_and_its_facts_are_not_repeated(
    known: Known, tuned_facts: Callable[..., dict[str, Any]]
) -> None:
    plan = planned(reads(Plan(say="")), "is it worth going on?", known, Dialogue())
    text = composed(plan, [("study_status", result_of("study_status", tuned_facts("study_status")))], word, known)
    assert "|" not in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("say", "plan", "answer"),
    [
        (
            "先别导出模型",
            Plan(say="", held=(Held(request=Request(tool="export_model"), why="refusal"),)),
            "好的，没有导出模型。",
        ),
        ("谢谢，辛苦了", Plan(say=""), "不客气。"),
        ("暂停哪个？", Plan(say="", waiting=Waiting(requests=(PAUSE,), lacking="study")), "哪一个研究？"),
        ("暂停吧，好吗", Plan(say="", waiting=Waiting(requests=(PAUSE,))), "要我暂停研究吗？"),
    ],
)
def test_chinese_is_answered_in_chinese(say: str, plan: Plan, answer: str, known: Known) -> None:
    assert composed(replace(plan, say=say), [], word, known) == answer


def test_facts_for_a_chinese_message_are_told_in_chinese(
    known: Known, tuned_facts: Callable[..., dict[str, Any]]
) -> None:
    facts = tuned_facts("study_status")
    text = composed(
        Plan(say="现在进度怎么样？", requests=(STATUS,)),
        [("study_status", result_of("study_status", facts))],
        word,
        known,
    )
    assert text.startswith("**first** 已完成（6/6 次试验）")


def test_a_refusal_is_confirmed_by_what_was_not_done(known: Known) -> None:
    plan = Plan(say="do not export", held=(Held(request=Request(tool="export_model"), why="refusal"),))
    assert composed(plan, [], word, known) == "All right, nothing was exported."


def test_stop_as_an_answer_says_that_the_study_runs_on(known: Known) -> None:
    held = (Held(request=Request(tool="extend_study"), why="refusal"),)
    running = replace(known, study="demo-1", study_state="running")
    assert composed(Plan(say="stop", held=held), [], word, running) == (
        "All right, nothing was added or changed.\n\n`demo-1` runs on; say “stop the study” to stop it."
    )
    assert "runs on" not in composed(Plan(say="no, leave it", held=held), [], word, running)
    over = replace(running, study_state="finished")
    assert "runs on" not in composed(Plan(say="stop", held=held), [], word, over)
    assert "仍在运行" in composed(Plan(say="停", held=held), [], word, running)


def test_what_is_impossible_is_told_once(known: Known) -> None:
    plan = planned(never, "memory must not exceed 2 GB", known, Dialogue())
    assert composed(plan, [], word, known) == plan.answer


@pytest.mark.parametrize(
    "say",
    [
        "为什么 trial 2 比 trial 0 差",
        "试验 2 为什么不如试验 0？",
        "为什么第2个试验没有第0个好",
        "为什么 2 号试验比 0 号好",
        "why is trial 2 worse than trial 0?",
    ],
)
def test_why_one_trial_is_worse_than_another_is_told_of_both(known: Known, say: str) -> None:
    other = Plan(say="", requests=(Request(tool="explain_trial", args={"trial": 0}),))
    requests = planned(reads(other), say, known, Dialogue()).requests
    assert [(one.tool, dict(one.args)) for one in requests] == [
        ("compare_trials", {"trials": [2, 0]}),
        ("explain_trial", {"trial": 2}),
    ]


def test_what_sets_two_trials_apart_asks_for_no_reason(known: Known) -> None:
    compared = Request(tool="compare_trials", args={"trials": [2, 0]})
    plan = planned(reads(Plan(say="", requests=(compared,))), "试验 2 和试验 0 有什么区别", known, Dialogue())
    assert [one.tool for one in plan.requests] == ["compare_trials"]
