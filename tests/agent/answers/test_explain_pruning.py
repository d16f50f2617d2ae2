"""What is said of a pruner says no more than the records and the curves do."""

from dataclasses import replace

import pytest

from agent.answers.explain import word
from agent.answers.in_chinese import word as chinese
from agent.results.pruning import PruningShown, TrialJudged

LATE = TrialJudged(number=2, model="sasrec", state="complete", n_epochs=6)
CUT = TrialJudged(
    number=3,
    model="sasrec",
    state="pruned",
    was_pruned=True,
    reason="“after epoch 2 its best ndcg@10 was 0.1, worse than 0.2”",
    n_epochs=2,
)
SHOWN = PruningShown(study="a-1", pruner="hurdle", rule="hurdle", can_prune=True, goal="maximize ndcg@10")


def said(**changed: object) -> str:
    return word("show_pruning", replace(SHOWN, **changed))  # type: ignore[arg-type]


def test_the_studys_pruner_and_what_it_stopped() -> None:
    text = said(trials=(LATE, CUT))
    assert text.startswith("**a-1** prunes by `hurdle`") and "It stopped 1 of 2 finished trials" in text
    assert "worse than 0.2" in text
    assert "by `hurdle`, not by `halving`" in said(rule="halving", trials=(LATE,))
    assert said(pruner="none", rule="none", trials=(LATE,)).startswith("Pruning is off in **a-1**")
    assert "nothing is judged" in said(can_prune=False) and "It stopped" not in said(can_prune=False)


@pytest.mark.parametrize(
    ("one", "rule", "begins"),
    [
        (
            replace(LATE, epoch=2, why="after epoch 2 it was worse"),
            "halving",
            "Yes: `halving` would have stopped trial 2",
        ),
        (LATE, "halving", "No: `halving` would not have stopped trial 2"),
        (replace(LATE, spared="no curve"), "halving", "That is not known"),
        (replace(LATE, spared="defaults"), "halving", "No: `halving` would not have stopped trial 2"),
        (LATE, "hurdle", "Trial 2 of **a-1** was not stopped: at no epoch"),
        (CUT, "hurdle", "Trial 3 of **a-1** was stopped by `hurdle`: after epoch 2"),
        (replace(LATE, epoch=3, why="it was worse"), "hurdle", "Trial 2 of **a-1** was not stopped, though by what"),
    ],
)
def test_of_one_trial(one: TrialJudged, rule: str, begins: str) -> None:
    assert said(rule=rule, trial=one.number, trials=(one,)).startswith(begins)


def test_what_a_pruned_trial_would_have_shown_later_is_not_claimed() -> None:
    assert "later epochs would have shown is not known" in said(rule="quartile", trial=3, trials=(CUT,))
    assert "not measured" in said(rule="none", trials=(LATE, CUT))


def test_in_chinese() -> None:
    assert "`hurdle`" in chinese("show_pruning", replace(SHOWN, trials=(LATE, CUT)))
    judged = replace(LATE, epoch=2, why="worse")
    assert "第 2 轮后" in chinese("show_pruning", replace(SHOWN, rule="halving", trial=2, trials=(judged,)))
