"""An order that is of several trials, studies or datasets is done for each of them."""

from collections.abc import Callable

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.impossible import apart
from agent.understanding.plan import Plan, requests_in

PlanOf = Callable[..., Plan]


@pytest.mark.parametrize(
    ("say", "trials"),
    [
        ("repeat trial 3 and 1", [3, 1]),
        ("rerun trials 1 to 3", [1, 2, 3]),
        ("repeat 1, 2 and 3", [1, 2, 3]),
        ("repeat the best and trial 3", [2, 3]),
        ("repeat the best two trials", [2, 0]),
        ("repeat trial 3", [3]),
        ("repeat trial 3, no, 1", [1]),
    ],
)
def test_each_trial_is_repeated(plan_of: PlanOf, say: str, trials: list[int]) -> None:
    plan = plan_of(say, re="repeat_trial", no="repeat_trial")
    assert [(one.tool, one.args) for one in plan.requests] == [("repeat_trial", {"trial": n}) for n in trials]
    assert not plan.unused


def test_once_more_is_a_repeat_though_it_reads_like_a_comparison(plan_of: PlanOf) -> None:
    plan = plan_of("run trials 1 and 3 once more", run="compare_trials")
    assert [(one.tool, one.args) for one in plan.requests] == [("repeat_trial", {"trial": n}) for n in (1, 3)]
    other = plan_of("run trial 3 again with dropout 0.2", run="run_trial")
    assert [one.tool for one in other.requests] == ["run_trial"]


def test_each_with_each_seed(plan_of: PlanOf) -> None:
    plan = plan_of("repeat trials 1 and 3 with seeds 5 and 6", repeat="repeat_trial")
    assert [(one.args["trial"], one.args["seed"]) for one in plan.requests] == [(1, 5), (1, 6), (3, 5), (3, 6)]


@pytest.mark.parametrize(
    ("say", "tool", "told", "named"),
    [
        ("export the models of 1 and 3", "export_model", "export_model", ("trial", [1, 3])),
        ("explain the last 2 trials", "explain_trial", "explain_trial", ("trial", [2, 3])),
        ("pause demo-1 and demo-2", "control_study", "control_study:pause", ("study", ["demo-1", "demo-2"])),
        ("delete datasets demo and shop", "remove_dataset", "remove_dataset", ("dataset", ["demo", "shop"])),
    ],
)
def test_other_orders_are_of_each_too(
    plan_of: PlanOf, say: str, tool: str, told: str, named: tuple[str, list[object]]
) -> None:
    plan = plan_of(say, Dialogue(study="demo-2", dataset="demo"), **{say.split()[0]: told})
    asked = [one for one in requests_in(plan) if one.tool == tool]
    assert [one.args.get(named[0]) for one in asked] == named[1]


def test_the_chat_says_where_trials_are_tagged() -> None:
    assert "open the trial and write its tags" in apart("tag trial 3 as good").told[0]
    assert not apart("dataset retail_2024 was in fact 2023, label it retail_2023").told
