"""What a person takes back or hesitates about within one message is not done."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request, Waiting

PlanOf = Callable[..., Plan]


@pytest.mark.parametrize(
    "say",
    [
        "Export the best. Or leave it.",
        "Export the best, hm, never mind",
        "Export the best. No, let's not.",
        "export the best. Actually no, forget it!",
    ],
)
def test_an_order_that_is_withdrawn_at_the_end_is_not_done(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, export="export_model")
    assert (plan.requests, plan.waiting) == ((), None)
    assert [(held.request.tool, held.why) for held in plan.held] == [("export_model", "refusal")]


def test_what_comes_before_the_next_order_alone_is_withdrawn(plan_of: PlanOf) -> None:
    plan = plan_of("Export the best. No, forget it. Stop the study.", export="export_model", stop="control_study:stop")
    assert [request.tool for request in plan.requests] == ["control_study"] or plan.waiting is not None


def test_who_wants_to_see_something_first_is_asked_before_the_act(plan_of: PlanOf) -> None:
    plan = plan_of(
        "20 more trials. Wait, how does it stand? Tell me that first",
        **{"20": "extend_study", "how": "study_status", "tell": "study_status"},
    )
    assert [request.tool for request in plan.requests] == ["study_status"]
    assert plan.waiting is not None and plan.waiting.requests[0].tool == "extend_study"


def test_hold_on_within_a_message_pauses_nothing(plan_of: PlanOf) -> None:
    plan = plan_of("Hold on, show me how it stands", hold="control_study:pause", show="study_status")
    assert [request.tool for request in plan.requests] == ["study_status"] and not plan.held
    alone = plan_of("Hold on", hold="control_study:pause")
    assert [request.tool for request in alone.requests] == ["control_study"]


@pytest.mark.parametrize(
    ("say", "read_as", "tool"),
    [
        ("please name the dataset cinema", "rename_study", "rename_dataset"),
        ("name the study cinema", "rename_dataset", "rename_study"),
        ("remove the study demo-1", "remove_dataset", "delete_study"),
        ("name it cinema", "rename_study", "rename_study"),
    ],
)
def test_the_words_tell_a_dataset_from_a_study(plan_of: PlanOf, say: str, read_as: str, tool: str) -> None:
    plan = plan_of(say, **{say.split()[0]: read_as})
    asked = plan.waiting.requests if plan.waiting else ()
    assert [request.tool for request in (*plan.requests, *asked)] == [tool]


def test_a_value_that_follows_a_trial_is_of_the_trial_that_runs(plan_of: PlanOf) -> None:
    plan = plan_of("Take the params of trial 2, then set dropout to 0.5", take="run_trial", set="set_search_space")
    assert [(one.tool, dict(one.args)) for one in plan.requests] == [
        ("run_trial", {"base": 2, "params": {"dropout": 0.5}})
    ]


def test_do_it_with_nothing_proposed_runs_nothing(plan_of: PlanOf) -> None:
    plan = plan_of("do it", do="run_trial")
    assert not plan.acting and plan.waiting is not None and "Nothing is proposed" in plan.waiting.text
    proposed = Dialogue(study="demo-2", last=(Request(tool="propose_trial"),))
    assert [request.tool for request in plan_of("do it", proposed, do="run_trial").requests] == ["run_trial"]


def test_a_misspelt_order_is_done_and_said_back(plan_of: PlanOf) -> None:
    plan = plan_of("exprot teh best", export="export_model")
    assert [request.tool for request in plan.requests] == ["export_model"]
    assert ("exprot", "export") in plan.near


def test_an_edit_that_changes_nothing_runs_nothing_again(plan_of: PlanOf) -> None:
    last = Dialogue(study="demo-2", last=(Request(tool="extend_study", args={"n_trials": 5}),))
    plan = plan_of("and the colour blue", last, "edit")
    assert not plan.requests
    again = plan_of("the same again", last, "edit").requests
    assert [(request.tool, request.args) for request in again] == [("extend_study", {"n_trials": 5})]


def test_would_you_have_is_a_supposition(plan_of: PlanOf) -> None:
    plan = plan_of("would you have exported it?", would="export_model")
    assert not plan.acting and [held.why for held in plan.held] == ["supposition"]
    assert plan_of("would you export it?", would="export_model").acting


def test_params_said_of_a_study_change_its_space_and_add_nothing(plan_of: PlanOf) -> None:
    plan = plan_of("batch size 128, 256 or 512", batch="extend_study")
    assert [(one.tool, dict(one.args)) for one in plan.requests] == [
        ("set_search_space", {"param": "batch_size", "choices": [128, 256, 512]})
    ]


def test_try_it_after_what_if_runs_what_was_supposed(plan_of: PlanOf) -> None:
    supposed = Request(tool="predict", args={"params": {"dropout": 0.1}, "base": 2})
    plan = plan_of("okay try it then", Dialogue(study="demo-2", last=(supposed,)), okay="run_trial")
    assert [dict(one.args) for one in plan.requests] == [{"params": {"dropout": 0.1}, "base": 2}]


@pytest.mark.parametrize(
    ("say", "layers"),
    [("run a trial with 3 layers, not 2", 3), ("run a trial with 3 layers not 2", 3)],
)
def test_what_it_is_not_is_no_value(plan_of: PlanOf, say: str, layers: int) -> None:
    plan = plan_of(say, run="run_trial")
    assert [one.args.get("params") for one in plan.requests] == [{"n_layers": layers}]


def test_a_number_of_trials_that_is_none_is_asked_for(plan_of: PlanOf) -> None:
    plan = plan_of("tune ease on shop, 0.2 trials", tune="start_study")
    assert not plan.acting and plan.waiting is not None


def test_a_new_order_is_no_answer_to_the_open_question(plan_of: PlanOf) -> None:
    asked = Waiting(requests=(Request(tool="export_model"),), text="Shall I export a model?")
    plan = plan_of("delete the study demo-1", Dialogue(study="demo-2", waiting=asked), "yes", delete="delete_study")
    assert plan.waiting is not None and [one.tool for one in plan.waiting.requests] == ["delete_study"]
    begun = Waiting(requests=(Request(tool="start_study", args={"dataset": "shop"}),), text="Shall I?")
    begins = plan_of("Then please begin.", Dialogue(waiting=begun), then="start_study")
    assert [dict(one.args) for one in begins.requests] == [{"dataset": "shop"}]


def test_a_word_is_no_study_and_a_constraint_no_study_to_delete(plan_of: PlanOf) -> None:
    plan = plan_of("delete the study afterwards", delete="delete_study")
    assert plan.waiting is not None and plan.waiting.requests[0].args.get("study") in (None, "demo-2")
    kept = plan_of("remove the coverage constraint from demo-2", remove="delete_study")
    assert kept.waiting is not None and "Nothing was deleted" in kept.waiting.text


@pytest.mark.parametrize(
    ("last", "say", "read_as", "args"),
    [
        (
            Request(tool="predict", args={"params": {"dropout": 0.1}}),
            "and with 0.2?",
            "predict",
            {"params": {"dropout": 0.2}},
        ),
        (Request(tool="extend_study", args={"total_trials": 30}), "wait, 25", "extend_study", {"total_trials": 25}),
        (Request(tool="extend_study", args={"total_trials": 30}), "25 more", "extend_study", {"n_trials": 25}),
    ],
)
def test_a_bare_amount_is_of_what_the_last_request_had(
    plan_of: PlanOf, last: Request, say: str, read_as: str, args: dict[str, object]
) -> None:
    plan = plan_of(
        say,
        Dialogue(study="demo-2", last=(last,)),
        "edit",
        **{say.split()[0].strip(","): read_as, say.split()[-1]: read_as},
    )
    assert [{name: one.args[name] for name in args} for one in plan.requests] == [args]
    assert all("value" not in one.args for one in plan.requests)


def test_a_study_of_which_nothing_is_said_asks_for_its_data(plan_of: PlanOf) -> None:
    plan = plan_of("start a study", start="start_study")
    assert not plan.acting and plan.waiting is not None and plan.waiting.lacking == "dataset"
    added = Dialogue(study="demo-2", dataset="shop", last=(Request(tool="add_dataset", args={"path": "shop.csv"}),))
    assert [dict(one.args) for one in plan_of("start a study", added, start="start_study").requests] == [
        {"dataset": "shop"}
    ]


def test_a_small_word_is_no_name(plan_of: PlanOf) -> None:
    plan = plan_of("recommend 5 to is", recommend="recommend_items")
    assert all(one.args.get("user") != "is" for one in plan.requests)


def test_what_could_not_be_read_is_said(plan_of: PlanOf) -> None:
    plan = plan_of("tune ease on shop, 20tt", tune="start_study")
    assert plan.unused == ("20tt",) and not plan.acting


@pytest.mark.parametrize(
    "say",
    [
        "in your place I would add 2 trials. Would you?",
        "add 12 trials, says my accountant. What do you think?",
    ],
)
def test_what_an_opinion_is_asked_of_is_not_done(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, add="extend_study", **{"in": "extend_study"})
    assert not plan.acting


def test_a_value_below_zero_is_not_taken_for_one_above(plan_of: PlanOf) -> None:
    plan = plan_of("tune ease on shop with l2 of minus five", tune="start_study")
    assert not plan.acting and "minus five" in plan.unused


def test_a_model_that_is_not_to_be_used_is_left_out(plan_of: PlanOf) -> None:
    plan = plan_of("add 1 trial, not with bpr_mf", add="extend_study", **{"not": "extend_study"})
    asked = plan.waiting.requests if plan.waiting else ()
    assert [one.args.get("without") for one in (*plan.requests, *asked)] == [["bpr_mf"]]


def test_first_tell_me_within_the_same_order_is_asked_about(plan_of: PlanOf) -> None:
    plan = plan_of(
        "run trial 2 again, but no, hold it, first tell me how it stands",
        run="repeat_trial",
        hold="repeat_trial",
        first="study_status",
        but="repeat_trial",
    )
    assert [request.tool for request in plan.requests] == ["study_status"]
    assert plan.waiting is not None and plan.waiting.requests[0].tool == "repeat_trial"


def test_a_name_that_corrects_another_belongs_to_its_request(plan_of: PlanOf) -> None:
    plan = plan_of("show me user c5 in shop, ah wait, c6", show="inspect_data", c6="recommend_items")
    assert [(request.tool, request.args.get("filter")) for request in plan.requests] == [("inspect_data", "c6")]


def test_now_after_tomorrow_is_an_order(plan_of: PlanOf) -> None:
    plan = plan_of("tomorrow I start ease. No, start it now on demo", tomorrow="start_study later", start="start_study")
    assert [request.args["dataset"] for request in plan.requests] == ["demo"]


@pytest.mark.parametrize("say", ["export it tomorrow, not now", "export it later, for now leave it"])
def test_not_now_is_no_order(plan_of: PlanOf, say: str) -> None:
    assert not plan_of(say, export="export_model later", _not="export_model later", _for="export_model later").acting


def test_one_call_is_made_of_an_order_in_two_sentences(plan_of: PlanOf) -> None:
    plan = plan_of(
        "add films.csv, the user column is called viewer. Would you call it 'cinema'?",
        add="add_dataset",
        the="none",
        would="add_dataset",
    )
    assert [(request.tool, request.args.get("name")) for request in plan.requests] == [("add_dataset", "cinema")]


def test_what_is_given_up_for_another_kind_stands_no_more(plan_of: PlanOf) -> None:
    plan = plan_of(
        "add 5 trials, or no, rather half an hour instead of trials", add="extend_study", rather="extend_study"
    )
    assert "n_trials" not in plan.requests[0].args and 1800 in plan.requests[0].args.values()


@pytest.mark.parametrize(
    "say", ["coverage above 0.5, hmm too strict, 0.3", "coverage above 0.5, that's way too high: 0.3"]
)
def test_a_value_that_was_too_much_is_replaced(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, coverage="extend_study", _0="extend_study", hmm="extend_study", that="extend_study")
    assert [request.args for request in plan.requests] == [{"constraints": ["coverage@10>=0.3"]}]


def test_who_says_wait_before_looking_is_asked_before_the_act(plan_of: PlanOf) -> None:
    plan = plan_of("export the best. Wait, show me how it stands", export="export_model", show="study_status")
    assert [request.tool for request in plan.requests] == ["study_status"]
    assert plan.waiting is not None and plan.waiting.requests[0].tool == "export_model"
