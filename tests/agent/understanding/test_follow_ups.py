"""A few words after a turn mean what that turn was about; a value without a name is of the param talked of last."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request, Waiting
from agent.understanding.planner import Planner
from tests.agent.understanding.conftest import ToldReader

PlanOf = Callable[..., Plan]


def after(*requests: Request) -> Dialogue:
    return Dialogue(study="demo-2", dataset="demo").after(requests)


def calls(plan: Plan) -> list[tuple[str, dict[str, object]]]:
    return [(request.tool, dict(request.args)) for request in plan.requests]


SHOWN = after(Request(tool="show_space", args={"param": "learning_rate"}))
SUPPOSED = after(Request(tool="predict", args={"params": {"n_layers": 2}}))


def test_a_bound_after_a_range_was_shown_sets_it(plan_of: PlanOf) -> None:
    plan = plan_of("at most 2e-3", SHOWN, "edit", at="show_space")
    assert calls(plan) == [("set_search_space", {"high": 0.002, "param": "learning_rate"})]


def test_a_question_after_a_range_was_shown_sets_nothing(plan_of: PlanOf) -> None:
    assert not plan_of("is 2e-3 allowed?", SHOWN, "new", _is="show_space question").acting


def test_try_after_what_if_runs_a_trial(plan_of: PlanOf) -> None:
    assert calls(plan_of("k try 3", SUPPOSED, "edit", k="predict")) == [("run_trial", {"params": {"n_layers": 3}})]
    assert not plan_of("and with 3?", SUPPOSED, "edit", _and="predict").acting


def test_a_trial_that_is_only_imagined_is_predicted(plan_of: PlanOf) -> None:
    plan = plan_of("imagine dropout were 0.3", imagine="run_trial supposition")
    assert calls(plan) == [("predict", {"params": {"dropout": 0.3}})]


def test_a_bare_value_is_of_the_param_of_the_clause_before(plan_of: PlanOf) -> None:
    plan = plan_of(
        "cut dropout to 0-0.2 and run one trial with 0.1", cut="set_search_space", run="run_trial", _and="run_trial"
    )
    assert calls(plan)[-1:] == [("run_trial", {"params": {"dropout": 0.1}})], plan


def test_a_bare_value_without_a_param_to_be_of_is_asked_about(plan_of: PlanOf) -> None:
    plan = plan_of("run one trial with 0.1", run="run_trial")
    assert not plan.requests and plan.unused == ("0.1",)


def test_trials_named_after_the_start_are_of_the_study_that_began(known: Known) -> None:

    begun = after(Request(tool="start_study", args={"dataset": "shop", "models": ["ease"]}))
    planner = Planner(ToldReader({"oh": "start_study", "and": "start_study", "12": "start_study"}, "edit"))  # type: ignore[arg-type]
    plan = planner.plan("oh and 12 trials, I forgot", replace(known, study_state="running"), begun)
    assert calls(plan) == [("extend_study", {"total_trials": 12})]


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("export trial 1 and trial 2", [{"trial": 1}, {"trial": 2}]),
        ("export trials 1, 2 and 3 as csv", [{"trial": n, "format": "csv"} for n in (1, 2, 3)]),
    ],
)
def test_each_of_a_list_is_done(plan_of: PlanOf, say: str, args: list[dict[str, object]]) -> None:
    assert [one for _, one in calls(plan_of(say, export="export_model"))] == args


def test_a_name_that_a_reader_took_and_no_argument_holds_is_asked_about(plan_of: PlanOf) -> None:
    plan = plan_of("export trial 2 with trial 3 in mind", export="export_model")
    assert not plan.acting and plan.waiting is not None and plan.unused


CARD = Waiting(
    requests=(
        Request(
            tool="start_study",
            args={"dataset": "shop", "models": ["bpr_mf"], "time_limit_s": 5400.0, "space": {"dropout": [0.1, 0.4]}},
        ),
    ),
    text="Shall I?",
    why="costly",
)


@pytest.mark.parametrize("read_as", ["start_study", "extend_study"])
def test_more_time_under_a_card_changes_it_and_is_no_yes(plan_of: PlanOf, read_as: str) -> None:
    """The network takes it for a yes; without a word that agrees it is none."""
    plan = plan_of("half an hour on top", Dialogue(study="demo-2", waiting=CARD), "yes", half=read_as)
    card = plan.waiting.requests[0] if plan.waiting else plan.requests[0]
    assert card.args["time_limit_s"] == 7200 and card.args["models"] == ["bpr_mf"]
    assert plan.unused == ()


def test_a_range_under_a_card_joins_those_that_are_there(plan_of: PlanOf) -> None:
    plan = plan_of("batch_size 128 or 256", Dialogue(study="demo-2", waiting=CARD), "new", batch="start_study")
    space = (plan.waiting.requests if plan.waiting else plan.requests)[0].args["space"]
    assert space["dropout"] == [0.1, 0.4] and "batch_size" in space


def test_yes_with_a_change_is_a_yes(plan_of: PlanOf) -> None:
    plan = plan_of("yes, but 10 trials", Dialogue(study="demo-2", waiting=CARD), "yes", yes="start_study")
    assert [request.args["n_trials"] for request in plan.requests] == [10]


def test_an_amount_that_the_param_talked_of_cannot_be_is_asked_about(plan_of: PlanOf) -> None:
    dialogue = after(Request(tool="set_search_space", args={"param": "dropout", "low": 0.1}))
    assert not plan_of("and until 20 in all", dialogue, "edit", _and="set_search_space").acting
    supposed = after(Request(tool="run_trial", args={"params": {"dropout": 0.3}}))
    plan = plan_of("the same again with 1000", supposed, "new", the="run_trial")
    assert all(request.args.get("params", {}).get("dropout") != 1000 for request in plan.requests)


def test_half_a_range_is_asked_about(plan_of: PlanOf) -> None:
    plan = plan_of("learning rate between 0.001 and, please", learning="set_search_space", please="set_search_space")
    assert not plan.acting and plan.unused == ("between 0.001 and …",)


def test_back_to_a_study_opens_it(plan_of: PlanOf) -> None:
    dialogue = Dialogue(study="demo-1", other_study="demo-2")
    plan = plan_of("back to the one I had before", dialogue, "edit", back="repeat_trial")
    assert [request.tool for request in plan.requests] == ["open_study"]


def test_put_it_back_is_no_name(plan_of: PlanOf) -> None:
    renamed = after(Request(tool="rename_study", args={"study": "demo-2", "name": "abc"}))
    plan = plan_of("put it back", renamed, "edit", put="rename_study")
    assert all(request.args.get("name") is None for request in plan.requests)


def test_adding_a_model_to_what_has_begun_leaves_the_others(known: Known) -> None:
    begun = after(Request(tool="start_study", args={"dataset": "shop", "models": ["ease"]}))
    planner = Planner(ToldReader({"also": "start_study", "put": "start_study"}, "edit"))  # type: ignore[arg-type]
    plan = planner.plan("put also lightgcn into it", replace(known, study_state="running"), begun)
    assert calls(plan) == [("extend_study", {"more_models": ["lightgcn"]})]


def test_a_copy_is_on_the_data_of_what_it_copies(plan_of: PlanOf) -> None:
    plan = plan_of("same as demo-2 with 20 trials, as a new study", same="start_study", _as="start_study")
    assert calls(plan) == [("start_study", {"base": "demo-2", "n_trials": 20, "dataset": "demo"})]


def test_a_number_next_to_stop_is_asked_about_only_where_it_says_when(plan_of: PlanOf) -> None:
    assert calls(
        plan_of(
            "12 done, enough, stop", _12="control_study:stop", enough="control_study:stop", stop="control_study:stop"
        )
    )
    assert not plan_of("stop after 12", stop="control_study:stop").acting


def test_one_run_is_a_trial_and_no_range(plan_of: PlanOf) -> None:
    plan = plan_of("one run at dropout 0.3", one="set_search_space")
    assert calls(plan) == [("run_trial", {"params": {"dropout": 0.3}})]


def test_what_counts_the_next_thing_is_no_choice(plan_of: PlanOf) -> None:
    plan = plan_of("layers fixed to 2, and 6 more trials", layers="set_search_space", _and="set_search_space")
    assert all("choices" not in one for _, one in calls(plan)) and plan.unused


def test_a_sampler_that_is_not_trusted_is_not_taken(plan_of: PlanOf) -> None:
    say = "tune ease on demo with random search since I do not trust the advisor"
    plan = plan_of(say, tune="start_study", since="start_study")
    request = (*plan.requests, *(plan.waiting.requests if plan.waiting else ()))[0]
    assert request.args["sampler"] == "random"


def test_the_rest_of_a_question_orders_nothing(plan_of: PlanOf) -> None:
    plan = plan_of("which one is first, the 24 trials or the 3 h?", which="compare_trials", the="extend_study")
    assert not plan.acting


@pytest.mark.parametrize(
    "say", ["delete everything except demo-1", "delete the study that is not demo-1", "delete all but demo-1"]
)
def test_a_study_that_is_spared_is_never_the_one_that_goes(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, delete="delete_study")
    wanted = (*plan.requests, *(plan.waiting.requests if plan.waiting else ()), *(one.request for one in plan.held))
    assert all(request.args.get("study") != "demo-1" for request in wanted)


def test_the_study_that_is_not_named_is_renamed(plan_of: PlanOf) -> None:
    told = dict.fromkeys(("rename", "not", "to"), "rename_study")
    plan = plan_of("rename the other one, not demo-1, to winter", **told)
    assert calls(plan) == [("rename_study", {"name": "winter", "study": "demo-2"})]


@pytest.mark.parametrize("say", ["drop the coverage constraint", "drop recall", "take out the latency limit"])
def test_a_constraint_that_shall_go_is_not_added(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, drop="extend_study", take="extend_study")
    assert not plan.acting and plan.waiting is not None and "Nothing was deleted" in plan.waiting.text


def test_trials_for_each_model_are_asked_about(plan_of: PlanOf) -> None:
    plan = plan_of("tune ease and item_knn on shop, 2 trials per model", tune="start_study", _2="start_study")
    assert not plan.acting and "per model" in plan.unused


def test_a_note_may_hold_conditions(plan_of: PlanOf) -> None:
    plan = plan_of("remember that the night job must end before six", remember="remember_lesson order 0.7")
    assert [request.tool for request in plan.requests] == ["remember_lesson"]


@pytest.mark.parametrize("say", ["add 5 trials, but only if it is quick", "in the case that it is quick, add 5 trials"])
def test_a_condition_is_no_order(plan_of: PlanOf, say: str) -> None:
    assert not plan_of(say, add="extend_study", but="extend_study", _in="none", only="extend_study").acting


@pytest.mark.parametrize("say", ["delete trial 1 in it", "delete only the bad trials of demo-2"])
def test_a_trial_that_shall_go_takes_no_study_with_it(plan_of: PlanOf, say: str) -> None:
    plan = plan_of(say, delete="delete_study")
    assert plan.waiting is not None and "single trial stays" in plan.waiting.text
    assert all(request.tool != "delete_study" for request in plan.waiting.requests)


def test_a_trial_that_is_only_spoken_of_is_not_run(plan_of: PlanOf) -> None:
    plan = plan_of("keep dropout at 0.1 so that a trial is quicker", keep="set_search_space")
    assert [name for name, _ in calls(plan)] == ["set_search_space"]


def test_a_wish_for_the_memory_hides_no_amount_that_was_lost(plan_of: PlanOf) -> None:
    plan = plan_of("recall what 7 layers gave, and export the best", recall="recall_trials", export="export_model")
    assert not plan.acting and plan.unused


def test_whether_something_is_remembered_is_no_order(plan_of: PlanOf) -> None:
    plan = plan_of("remember that trial 3 was better?", remember="remember_lesson question")
    assert not plan.acting


@pytest.mark.parametrize("say", ["hello", "Hi there!", "hello 4", "good morning, 12", "你好"])
def test_a_greeting_answers_no_question_and_changes_no_number(plan_of: PlanOf, say: str) -> None:
    asked = Waiting(requests=(Request(tool="start_study"),), lacking="dataset", text="Which dataset?")
    for dialogue in (replace(Dialogue(), waiting=asked), after(Request(tool="start_study", args={"n_trials": 3}))):
        plan = plan_of(say, dialogue, "edit", hello="start_study")
        assert not plan.requests and plan.waiting is None
