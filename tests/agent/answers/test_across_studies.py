"""Two studies by their best trials: which is ahead and how sure that is, or why they cannot be compared."""

from typing import Any

import pytest

from agent.answers import in_chinese
from agent.answers.explain import word


def facts(unlike: tuple[str, ...] = (), *, is_clear: bool = True, is_maximized: bool = True) -> dict[str, Any]:
    shared = {"objective": "ndcg@10", "split": "random", "constraints": []}
    rows = [
        {"study": "a-1", "dataset": "demo", "best": {"trial": 3, "model": "ease", "value": 0.1}} | shared,
        {"study": "b-1", "dataset": "shop" if unlike else "demo", "best": {"trial": 0, "model": "ials", "value": 0.2}}
        | shared,
    ]
    paired = {
        "mean_difference": 0.1,
        "low": 0.02,
        "high": 0.18,
        "confidence": 0.95,
        "n_users": 50,
        "is_clear": is_clear,
    }
    return {"study": "a-1", "against": "b-1", "studies": rows, "unlike": list(unlike), "is_maximized": is_maximized} | {
        "paired": None if unlike else paired
    }


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (facts(), "**b-1** is clearly better than **a-1** on demo"),
        (facts(is_maximized=False), "**a-1** is clearly better than **b-1** on demo"),
        (facts(is_clear=False), "**b-1** is ahead of **a-1**, but the difference could be chance"),
        (facts(("dataset",)), "They cannot be compared: they tune on different data"),
    ],
)
def test_the_first_words_say_which_is_ahead_or_why_that_cannot_be_said(found: dict[str, Any], says: str) -> None:
    text = word("compare_trials", found)
    assert text.startswith(says)
    assert "trial 3 of **a-1**" in text
    assert "trial 0 of **b-1**" in text
    assert "a-1" in in_chinese.word("compare_trials", found)


def test_a_study_without_a_best_trial_is_named() -> None:
    found = facts()
    found["studies"][1]["best"] = None
    assert word("compare_trials", found).startswith("That cannot be said yet: **b-1** has no trial")
