"""What a study is to do without, said in its order, leaves the order one."""

from collections.abc import Callable

import pytest

from agent.understanding.clauses.order_words import words_unused
from agent.understanding.data.part_left import part_left
from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request
from agent.words.names import Names, read

NAMES = Names(datasets=("demo",))


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("tune ease on demo, 4 trials, don't prune", {"pruner": "none"}),
        ("tune ease on demo, 4 trials, use no rules", {"use_rules": False}),
        ("用逐次减半剪枝，在demo上调ease，4次试验", {"pruner": "halving"}),
        ("tune ease on demo with ndcg@10 and coverage@10 as objectives, 4 trials, halving", {"pruner": "halving"}),
    ],
)
def test_it_stays_an_order(plan_of: Callable[..., Plan], say: str, args: dict[str, object]) -> None:
    begins = {"tune": "start_study", "don't": "start_study refusal", "use": "start_study", "on": "start_study"}
    plan = plan_of(say, Dialogue(dataset="demo"), **begins)
    assert [one.tool for one in plan.requests] == ["start_study"] and not plan.unused
    assert args.items() <= plan.requests[0].args.items() and plan.requests[0].args["n_trials"] == 4


def test_its_words_are_used() -> None:
    said = read("tune ease on demo with successive halving, 4 trials, use no rules", NAMES)
    call = Request(tool="start_study", args={"pruner": "halving", "use_rules": False, "dataset": "demo"})
    assert not words_unused(said, [call]) and not part_left(said)
    assert words_unused(said, [Request(tool="start_study", args={"dataset": "demo"})])


@pytest.mark.parametrize(
    ("say", "word"),
    [
        ("start a study without using the memory: ease on demo, 4 trials", "sampler gp"),
        ("tune ease on demo, 4 trials, and ignore my notes", "forget"),
        ("在demo上调ease，4次试验，不用记忆", "采样器 gp"),
    ],
)
def test_the_past_cannot_be_left_out_in_silence(plan_of: Callable[..., Plan], say: str, word: str) -> None:
    plan = plan_of(say, Dialogue(dataset="demo"), start="start_study", tune="start_study", on="start_study")
    assert plan.unused and plan.waiting is not None and any(word in note for note in plan.waiting.notes)
    assert not any(one.acts for one in plan.requests)


def test_a_sampler_that_looks_at_no_past_does_without_the_memory(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of("tune ease on demo, 4 trials, sampler gp, without the memory", tune="start_study")
    assert [one.tool for one in plan.requests] == ["start_study"] and not plan.unused


@pytest.mark.parametrize(
    ("say", "word"),
    [
        ("don't use your rules in the next study", "use no rules"),
        ("don't prune any more from now on", "don't prune"),
        ("don't use the history", "sampler gp"),
        ("不用规则", "不用规则"),
    ],
)
def test_said_alone_it_is_told_where_it_is_said(plan_of: Callable[..., Plan], say: str, word: str) -> None:
    plan = plan_of(say)
    assert not plan.requests and plan.answer is not None and word in plan.answer


@pytest.mark.parametrize("say", ["why was trial 2 stopped?", "试验2为什么被停止了？"])
def test_a_trial_that_stopped_is_explained(plan_of: Callable[..., Plan], say: str) -> None:
    assert [(one.tool, one.args["trial"]) for one in plan_of(say).requests] == [("explain_trial", 2)]
