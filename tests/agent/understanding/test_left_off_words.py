"""Pruning and rules refused together are refused both, in any words, next to other options."""

import pytest

from agent.understanding.arguments.left_off_words import in_plain_terms

BOTH = "without pruning and without rules"


@pytest.mark.parametrize(
    ("say", "plain"),
    [
        ("tune ease on demo, without rules and pruning, seed 3", f"tune ease on demo, {BOTH}, seed 3"),
        ("tune ease on demo with neither pruning nor rules", f"tune ease on demo with {BOTH}"),
        ("tune ease on demo, no pruning or rules, 5 trials", f"tune ease on demo, {BOTH}, 5 trials"),
        ("tune ease on demo, rules and pruning switched off", f"tune ease on demo, {BOTH}"),
        ("Tune ease auf demo, 6 Trials, ohne Pruning und ohne Regeln", f"Tune ease on demo, 6 Trials, {BOTH}"),
        ("tune ease auf demo ohne Regeln und Pruning, 10 Trials", f"tune ease on demo {BOTH}, 10 Trials"),
        ("tune ease on demo, ohne Pruning, seed 3", "tune ease on demo, without pruning, seed 3"),
        ("在 demo 上调 ease，6 次，不剪枝，不用规则，随机种子 3", f"在 demo 上调 ease，6 次 {BOTH}，随机种子 3"),
        ("用 demo 调 ease，不用规则，不剪枝", f"用 demo 调 ease {BOTH}"),
        ("调 demo 的 ease，不用剪枝也不用规则", f"调 demo 的 ease {BOTH}"),
    ],
)
def test_both_are_refused(say: str, plain: str) -> None:
    assert in_plain_terms(say) == plain


@pytest.mark.parametrize(
    "say",
    [
        "tune ease on demo without pruning but with rules",
        "no rules of likes, no pruning",
        "which rules weighed in without pruning?",
        "在 demo 上调 ease，不剪枝",
        "Starte eine Studie auf demo",
    ],
)
def test_other_messages_stay(say: str) -> None:
    assert in_plain_terms(say) == say
