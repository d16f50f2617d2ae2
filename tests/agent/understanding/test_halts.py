""" "Don't", "stop" and "wait" stop what has begun and start nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.understanding.clauses.halts import halt_in, is_against_starting
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request, Waiting

PlanOf = Callable[..., Plan]
BEGUN = Request(tool="start_study", args={"models": ["ease"], "dataset": "demo", "n_trials": 2})
DIALOGUE = Dialogue(study="demo-2", dataset="demo", last=(BEGUN,))
CARD = Dialogue(dataset="demo", last=(BEGUN,), waiting=Waiting(requests=(BEGUN,), why="unused", text="Shall I?"))
STOP = ("control_study", {"action": "stop", "study": "demo-2"})
HALTS = ["whoops dont run that", "don’t run it, sorry", "no, don't start!", "wait dont", "stop it", "别跑", "别跑了"]
HALTS += ["等一下，别跑", "停，先别跑", "还是别跑了吧"]


class TestBegun:
    """A study has just begun and runs."""

    @pytest.fixture
    def known(self, known: Known) -> Known:
        return replace(known, study_state="running")

    @pytest.mark.parametrize("say", HALTS)
    def test_it_is_stopped(self, plan_of: PlanOf, say: str) -> None:
        plan = plan_of(say, DIALOGUE)
        assert [(one.tool, one.args) for one in plan.requests] == [STOP] and plan.waiting is None

    def test_it_is_stopped_later_too_where_running_is_spoken_of(self, plan_of: PlanOf) -> None:
        later = replace(DIALOGUE, last=(Request(tool="study_status"),))
        assert [one.tool for one in plan_of("don't run it", later).requests] == ["control_study"]
        assert not plan_of("don't", later).requests  # it may be of what was said before

    @pytest.mark.parametrize("say", ["wait", "hold on", "等一下", "算了"])
    def test_a_pause_asks(self, plan_of: PlanOf, say: str) -> None:
        plan = plan_of(say, DIALOGUE)
        assert not plan.requests and plan.waiting is not None
        assert [(one.tool, one.args) for one in plan.waiting.requests] == [STOP]

    @pytest.mark.parametrize(
        ("say", "changed"),
        [
            ("no wait stop, do item_knn", {"models": ["item_knn"]}),
            ("算了，先别跑了，改成 item_knn", {"models": ["item_knn"]}),
            ("wait dont, use ndcg@5", {"objective": ["ndcg@5"]}),
        ],
    )
    def test_a_change_said_with_it_asks_to_begin_again(
        self, plan_of: PlanOf, say: str, changed: dict[str, object]
    ) -> None:
        plan = plan_of(say, DIALOGUE)
        assert not plan.requests and plan.waiting is not None
        begins = ("start_study", {**BEGUN.args, **changed})
        assert [(one.tool, one.args) for one in plan.waiting.requests] == [STOP, begins]

    def test_what_else_is_said_is_not_lost(self, plan_of: PlanOf) -> None:
        plan = plan_of("don't run it, the weather is bad", DIALOGUE)
        assert [one.tool for one in plan.requests] == ["control_study"]
        assert plan.answer == "I did not use “the weather is bad”."

    def test_a_question_with_it_is_answered_and_starts_nothing(self, plan_of: PlanOf) -> None:
        plan = plan_of("don't run it, how many users has demo?", DIALOGUE, how="describe_dataset question")
        assert [one.tool for one in plan.requests] == ["control_study", "describe_dataset"]

    def test_another_order_to_stop_is_read_as_ever(self, plan_of: PlanOf) -> None:
        plan = plan_of("stop and export the best", DIALOGUE, stop="control_study:stop", export="export_model")
        assert [one.tool for one in plan.requests][:1] == ["control_study"]


def test_one_that_has_ended_is_said_to_have(plan_of: PlanOf) -> None:
    plan = plan_of("whoops dont run that", DIALOGUE)
    assert not plan.requests and plan.answer is not None and "`demo-2` has ended already" in plan.answer


@pytest.mark.parametrize("say", HALTS)
def test_a_card_is_cancelled(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, CARD)
    assert not plan.requests and plan.waiting is None and [one.why for one in plan.held] == ["refusal"]


@pytest.mark.parametrize("say", ["wait dont, use ndcg@5", "don't run it, make it ndcg@5", "别跑，改成 ndcg@5"])
def test_a_change_of_a_card_asks_again(plan_of: PlanOf, say: str) -> None:
    told = dict.fromkeys(("use", "make", "change", "don't", "wait"), "start_study")
    plan = plan_of(say, CARD, "edit", **told)
    assert not plan.requests and plan.waiting is not None
    assert [(one.tool, one.args["objective"]) for one in plan.waiting.requests] == [("start_study", ["ndcg@5"])]


@pytest.mark.parametrize(
    "say", ["tune ease on demo, 2 trials, but don't run it yet", "tune ease on demo. do not start"]
)
def test_nothing_is_started_against_a_word(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, Dialogue(), tune="start_study", but="none", do="none")
    assert not plan.acting


@pytest.mark.parametrize(
    "say",
    [
        "stop after 5 trials",
        "wait until it is finished and tell me how it went",
        "don't run more than 5 trials",
        "don't use ease",
        "don't forget that it is slow",
        "should I stop it?",
        "不要撤销",
        "别忘了",
    ],
)
def test_other_words_are_no_halt(say: str) -> None:
    assert halt_in(say) is None and not is_against_starting(say)
