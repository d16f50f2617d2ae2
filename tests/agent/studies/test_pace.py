"""How long a trial takes by the clock, of which training may be a thousandth."""

import pytest

from agent.advisor.trial_times import Seconds, whole_s
from agent.studies.estimates import more
from agent.studies.pace import choosing_s, pace_s
from memory.record import TrialRecord


def trial(**cost: float) -> TrialRecord:
    return TrialRecord(
        id="s/0", study="s", number=0, dataset="d", model="ease", params={}, state="complete", objective="ndcg@10",
        value=0.1, cost=cost,
    )  # fmt: skip


def test_loading_and_measuring_belong_to_a_trial() -> None:
    assert whole_s(trial(train_s=0.001, total_s=0.2)) == 0.2
    assert whole_s(trial(train_s=3.0)) == 3.0


def test_a_studys_pace_says_something_after_three_trials() -> None:
    assert [pace_s(80.0, n) for n in (0, 2, 3, 40)] == [0.0, 0.0, pytest.approx(80 / 3), 2.0]


def test_what_no_trial_accounts_for_is_the_choosing() -> None:
    records = [trial(train_s=0.001, total_s=0.2)] * 40
    assert choosing_s(80.0, records) == pytest.approx(1.8)
    assert choosing_s(1.0, records) == 0.0
    assert choosing_s(80.0, records[:2]) is None


def test_what_is_around_a_trial_counts_and_is_known_less_well() -> None:
    found = more(Seconds(expected=0.1, low=0.05, high=0.2, n_here=3), 1.0)
    assert (found.expected, found.low, found.high) == pytest.approx((1.1, 0.55, 2.2))
