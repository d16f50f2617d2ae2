"""A message becomes a plan: only orders are done, nothing said is lost, what is unclear is asked about."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request, Waiting

PlanOf = Callable[..., Plan]


def calls(plan: Plan) -> list[tuple[str, dict[str, object]]]:
    return [(request.tool, dict(request.args)) for request in plan.requests]


def test_a_clear_and_complete_order_is_done_at_once(plan_of: PlanOf) -> None:
    plan = plan_of("tune sasrec on shop, 6 trials", tune="start_study", _6="start_study")
    assert calls(plan) == [("start_study", {"models": ["sasrec"], "dataset": "shop", "n_trials": 6})]
    assert (plan.held, plan.waiting, plan.unused) == ((), None, ())


@pytest.mark.parametrize("mood", ["question", "supposition", "refusal", "later"])
def test_what_is_no_order_is_held_back_with_the_reason(plan_of: PlanOf, mood: str) -> None:
    plan = plan_of("tune sasrec on shop", tune=f"start_study {mood}")
    assert calls(plan) == []
    assert [(held.request.tool, held.why) for held in plan.held] == [("start_study", mood)]
    assert plan.waiting is None


@pytest.mark.parametrize(
    "say",
    [
        "is it safe to pause?",
        "don't pause",
        "what if we paused?",
        "pause when trial 5 is done",
        "do not pause it yet",
        "when this is over, pause",
    ],
)
def test_a_rule_objects_where_the_network_takes_no_order_for_one(plan_of: PlanOf, say: str) -> None:
    first = "_".join(say.replace("'", "’").replace("’", "'").split()[:1])
    plan = plan_of(
        say, **{first.replace(",", ""): "control_study:pause order 0.9", "pause": "control_study:pause order 0.9"}
    )
    assert not plan.acting


def test_a_doubtful_order_is_asked_about_and_done_on_a_yes(plan_of: PlanOf) -> None:
    plan = plan_of("export it maybe", export="export_model order 0.6")
    assert not plan.acting
    assert plan.waiting is not None and "Shall I" in plan.waiting.text
    settled = plan_of("yes", Dialogue(study="demo-2", waiting=plan.waiting), "yes")
    assert [request.tool for request in settled.requests] == ["export_model"]
    refused = plan_of("no", Dialogue(study="demo-2", waiting=plan.waiting), "no")
    assert not refused.requests and [held.why for held in refused.held] == ["refusal"]


def test_both_of_two_requests_are_done(plan_of: PlanOf) -> None:
    plan = plan_of(
        "Export the best one and recommend 3 items for u5", export="export_model", recommend="recommend_items"
    )
    assert calls(plan) == [("export_model", {"trial": 2}), ("recommend_items", {"k": 3, "user": "u5"})]


def test_a_second_request_rests_on_the_first(plan_of: PlanOf) -> None:
    plan = plan_of("Add movies.csv as films and tune bpr_mf on it for 2 trials", add="add_dataset", tune="start_study")
    assert calls(plan) == [
        ("add_dataset", {"path": "movies.csv", "name": "films"}),
        ("start_study", {"n_trials": 2, "models": ["bpr_mf"], "dataset": "films"}),
    ]


def test_a_study_on_a_file_begins_by_reading_it(plan_of: PlanOf) -> None:
    plan = plan_of("tune ease on ratings.csv", tune="start_study")
    assert calls(plan) == [
        ("add_dataset", {"path": "ratings.csv"}),
        ("start_study", {"models": ["ease"], "dataset": "ratings"}),
    ]


def test_an_amount_that_nothing_uses_is_named_and_the_act_waits(plan_of: PlanOf) -> None:
    plan = plan_of("tune sasrec on shop, 6 trials, 40 bananas", tune="start_study", _6="start_study", _40="start_study")
    assert not plan.acting
    assert plan.unused == ("40 bananas",)
    assert plan.waiting is not None and "40 bananas" in plan.waiting.text
    assert plan.waiting.requests[0].args["n_trials"] == 6


def test_reading_goes_on_while_an_act_waits(plan_of: PlanOf) -> None:
    plan = plan_of("how is it going? and delete the study", how="study_status", delete="delete_study")
    assert [request.tool for request in plan.requests] == ["study_status"]
    assert plan.waiting is not None and [request.tool for request in plan.waiting.requests] == ["delete_study"]


def test_what_is_taken_back_in_the_sentence_does_not_count(plan_of: PlanOf) -> None:
    plan = plan_of(
        "tune bpr_mf, no wait, ease on shop, 5 trials",
        tune="start_study",
        ease="start_study",
        _5="start_study",
        no="start_study",
        wait="start_study",
    )
    assert calls(plan) == [("start_study", {"models": ["ease"], "dataset": "shop", "n_trials": 5})]


def test_stop_ends_a_question_and_is_no_answer_to_it(plan_of: PlanOf) -> None:
    waiting = Waiting(
        requests=(Request(tool="start_study", args={"models": ["ease"]}),), lacking="dataset", text="Which dataset?"
    )
    plan = plan_of("stop", Dialogue(waiting=waiting), stop="control_study:stop")
    assert not plan.requests
    assert [held.why for held in plan.held] == ["refusal"]


def test_an_answer_fills_what_was_asked_for(plan_of: PlanOf) -> None:
    waiting = Waiting(
        requests=(Request(tool="start_study", args={"models": ["ease"]}),), lacking="dataset", text="Which dataset?"
    )
    plan = plan_of("shop", Dialogue(waiting=waiting), "answer")
    assert calls(plan) == [("start_study", {"models": ["ease"], "dataset": "shop"})]


def test_another_request_ends_a_question(plan_of: PlanOf) -> None:
    waiting = Waiting(requests=(Request(tool="start_study", args={}),), lacking="dataset", text="Which dataset?")
    plan = plan_of("how is the study going now?", Dialogue(waiting=waiting), how="study_status")
    assert [request.tool for request in plan.requests] == ["study_status"]


def test_a_correction_keeps_what_it_does_not_change(plan_of: PlanOf) -> None:
    last = Request(tool="run_trial", args={"params": {"learning_rate": 0.001, "dropout": 0.5}})
    plan = plan_of("sorry, I meant dropout 0.05", Dialogue(last=(last,)), "edit", sorry="run_trial", i="run_trial")
    assert calls(plan) == [("run_trial", {"params": {"learning_rate": 0.001, "dropout": 0.05}})]


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("explain the best", {"trial": 2}),
        ("explain the worst", {"trial": 1}),
        ("explain the one before", {"trial": 2}),
        ("explain trial 3", {"trial": 3}),
        ("explain trial 2 of demo-1", {"trial": 2, "study": "demo-1"}),
        ("explain trial 2 in the other study", {"trial": 2, "study": "demo-1"}),
    ],
)
def test_what_is_pointed_at_is_found(plan_of: PlanOf, say: str, args: dict[str, object]) -> None:
    plan = plan_of(say, Dialogue(study="demo-2", trials=(3,)), explain="explain_trial")
    assert calls(plan) == [("explain_trial", args)]


def test_a_word_that_is_misspelt_is_read_and_said_back(plan_of: PlanOf) -> None:
    plan = plan_of("tune sasrce on shop", tune="start_study")
    assert calls(plan) == [("start_study", {"models": ["sasrec"], "dataset": "shop"})]
    assert plan.near == (("sasrce", "sasrec"),)


def test_chinese_is_read_by_the_same_readers(plan_of: PlanOf) -> None:
    plan = plan_of("用 sasrec 在 shop 上调参，3 次试验", use="start_study", _3="start_study")
    assert calls(plan) == [("start_study", {"models": ["sasrec"], "dataset": "shop", "n_trials": 3})]


def test_a_dialogue_is_kept_as_it_was() -> None:
    waiting = Waiting(requests=(Request(tool="export_model", args={"trial": 2}),), text="Shall I?", choices=("Yes",))
    state = Dialogue(study="demo-1", trials=(2, 3), last=waiting.requests, waiting=waiting)
    assert Dialogue.from_dict(state.to_dict()) == state


@pytest.mark.parametrize(
    ("say", "then"),
    [
        ("delete the study demo-1, recommend something", "recommend_items"),
        ("delete the study demo-1, tune sasrec on shop for 9 hours", "start_study"),
        ("tune sasrec on shop for 9 hours, recommend something", "recommend_items"),
    ],
)
def test_what_is_asked_about_waits_next_to_another_question(plan_of: PlanOf, say: str, then: str) -> None:
    meanings = {"delete": "delete_study", "tune": "start_study", "recommend": "recommend_items"}
    plan = plan_of(say, **meanings)
    assert not plan.acting and plan.waiting is not None
    assert plan.waiting.requests[-1].tool == then and len(plan.waiting.requests) == 2
    agreed = plan_of("yes", Dialogue(study="demo-2", waiting=plan.waiting), "yes")
    assert plan.waiting.requests[0].tool in [request.tool for request in agreed.acting]


def test_no_question_is_lost_next_to_another_one(plan_of: PlanOf) -> None:
    plan = plan_of("delete the study demo-1, do it", delete="delete_study", do="run_trial")
    assert plan.waiting is not None and "delete" in plan.waiting.text and "Nothing is proposed" in plan.waiting.text


def test_an_order_whose_other_half_is_german_is_asked_about(plan_of: PlanOf) -> None:
    plan = plan_of("tune ease on shop, aber nur 3 Versuche", tune="start_study", aber="start_study")
    assert not plan.acting and "aber nur 3 Versuche" in plan.unused
