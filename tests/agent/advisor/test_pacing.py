"""Under a time limit gains count by the second, and what cannot end is left out; without one nothing changes."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from agent.advisor import advise
from agent.advisor.situation import Situation
from agent.objective import Goal
from agent.proposal import Candidate
from memory.record import TrialRecord
from recmodels.search_space import Float, SearchSpace

LINE = SearchSpace({"x": Float(0.0, 1.0, default=0.5)})
PROFILE = {"n_users": 900.0, "n_items": 1_700.0, "n_interactions": 1e5}


def seconds(x: float) -> float:
    """What a trial takes: 1 s at 0, 150 s at 1."""
    return math.exp(5 * x)


def record(number: int, x: float, value: float, study: str = "s", dataset: str = "d") -> TrialRecord:
    return TrialRecord(
        id=f"{study}/{number}", study=study, number=number, dataset=dataset, profile=PROFILE, model="m",
        params={"x": x}, state="complete", objective="ndcg@10", value=value, metrics={"valid_ndcg@10": value},
        cost={"total_s": seconds(x), "train_s": seconds(x)},
    )  # fmt: skip


TIMED = tuple((replace(record(i, i / 12, 0.1, "old", "e"), metrics={}, objective="auc"), 0.9) for i in range(13))
SYMMETRIC = (0.5, 0.4, 0.6, 0.45, 0.55)  # the best may lie on either side


def moment(xs: Sequence[float], left_s: float | None, **changed: object) -> Situation:
    records = tuple(record(i, x, 0.2 + (x - 0.5) ** 2) for i, x in enumerate(xs))
    given = Situation(
        goal=Goal.parse(["ndcg@10"]), spaces={"m": LINE}, declared={"m": LINE}, records=records, recalled=TIMED,
        profile=PROFILE, time_limit_s=None if left_s is None else 1000.0, time_left_s=left_s,
    )  # fmt: skip
    return replace(given, **changed)  # type: ignore[arg-type]


def first(situation: Situation, sampler: str = "advisor") -> Candidate:
    return advise(situation, sampler)[0]


def test_of_two_equal_gains_the_quick_one_is_run_and_it_is_said_why() -> None:
    found = first(moment(SYMMETRIC, 900.0))
    assert float(found.params["x"]) < 0.4, "the quick side"
    assert "expected improvement by the second, as there is a time limit" in found.reason
    assert "of the 15 min that are left" in found.reason


def test_without_a_limit_seconds_do_not_count() -> None:
    free = first(moment(SYMMETRIC, None))
    assert first(moment(SYMMETRIC, None, recalled=())).params == free.params
    assert "second" not in free.reason and "left" not in free.reason
    by_gp = first(moment(SYMMETRIC, 900.0), "gp")
    assert (by_gp.params, by_gp.reason) == (free.params, first(moment(SYMMETRIC, None), "gp").reason)


@pytest.mark.parametrize("left_s", [4.0, 12.0, 60.0])
def test_what_cannot_end_before_the_limit_is_not_proposed(left_s: float) -> None:
    found = first(moment((0.5, 0.3, 0.1, 0.6, 0.7), left_s))
    assert seconds(float(found.params["x"])) < 1.5 * left_s


def test_where_nothing_can_end_nothing_is_proposed_but_a_first_trial_is() -> None:
    assert advise(moment(SYMMETRIC, 0.3)) == ()
    assert first(moment((), 0.3)).params == {"x": 0.5}, "the defaults"


def test_times_that_nobody_knows_change_nothing() -> None:
    found = moment(SYMMETRIC, 900.0, recalled=(), profile={})
    assert first(found).params == first(moment(SYMMETRIC, None, recalled=())).params
