"""Failures of past trials on like data are kept away from, named where they weighed in, and outweighed by what runs."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from agent.advisor import advise
from agent.advisor.failures import past_failures
from agent.advisor.predict import seeker_of
from agent.advisor.situation import Situation
from agent.objective import Goal
from memory.record import TrialRecord
from recmodels.search_space import Float, SearchSpace

LINE = SearchSpace({"x": Float(0.0, 1.0, default=0.5)})
GIB = 2.0**30


def record(number: int, x: float, value: float | None, study: str = "s", **cost: float) -> TrialRecord:
    state = "failed" if value is None else "complete"
    return TrialRecord(
        id=f"{study}/{number}", study=study, number=number, dataset="d" if study == "s" else "e", model="m",
        params={"x": x}, state=state, reason="diverged: the loss is nan" if value is None else None, cost=cost,
        objective="ndcg@10", value=value, metrics={} if value is None else {"valid_ndcg@10": value},
    )  # fmt: skip


FAILED = [record(i, x, None, "old") for i, x in enumerate((0.75, 0.85, 0.95))]
RAN = [record(9 + i, x, 0.2, "old") for i, x in enumerate((0.1, 0.3, 0.5, 0.6))]
RISING = [record(i, x, 0.1 + x / 2) for i, x in enumerate((0.5, 0.2, 0.35, 0.6))]  # the best seems to lie at 1


def moment(records: Sequence[TrialRecord], past: Sequence[TrialRecord], likeness: float = 0.9) -> Situation:
    return Situation(
        goal=Goal.parse(["ndcg@10"]), spaces={"m": LINE}, declared={"m": LINE}, records=tuple(records),
        recalled=tuple((one, likeness) for one in past),
    )  # fmt: skip


def chance(situation: Situation, x: float) -> float:
    """By which the score is lower than without failures, as a share."""
    seeker = seeker_of(situation, "m")
    assert seeker is not None
    gap = seeker.score([{"x": x}]) - seeker.score_of_success([{"x": x}])
    return float(1 - np.exp(gap[0]))


def test_params_that_failed_on_like_data_are_kept_away_from_and_the_failure_is_named() -> None:
    free, found = advise(moment(RISING, RAN))[0], advise(moment(RISING, [*RAN, *FAILED]))[0]
    assert float(free.params["x"]) > 0.75 > float(found.params["x"])
    assert "failed near there on e (diverged; likeness of the datasets 0.90)" in found.reason
    assert found.evidence[-1] in {one.id for one in FAILED}
    assert "failed" not in free.reason


def test_a_failure_counts_less_the_less_alike_the_data_are() -> None:
    chances = [chance(moment(RISING, [*RAN, *FAILED], likeness), 0.85) for likeness in (0.95, 0.6, 0.3, 0.1)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.9 and chances[2] < 0.3 and chances[3] == 0


def test_what_ran_here_outweighs_what_failed_elsewhere() -> None:
    situation = moment([*RISING, record(4, 0.8, 0.45), record(5, 0.9, 0.5)], [*RAN, *FAILED])
    assert chance(moment(RISING, [*RAN, *FAILED]), 0.85) > 0.9
    assert chance(situation, 0.85) < 0.2


def test_a_failure_that_made_no_difference_is_not_named() -> None:
    falling = [replace(one, value=0.6 - one.params["x"] / 2, metrics={}) for one in RISING]  # type: ignore[operator]
    assert "failed" not in advise(moment(falling, [*RAN, *FAILED]))[0].reason


@pytest.mark.parametrize(
    ("there", "here", "counts"),
    [(16.0, 16.0, True), (32.0, 16.0, True), (8.0, 16.0, False), (0.0, 16.0, True), (8.0, 0.0, True)],
)
def test_memory_that_did_not_suffice_counts_where_there_is_no_more(there: float, here: float, counts: bool) -> None:
    failed = replace(record(0, 0.9, None, "old"), reason="out_of_memory: tried to allocate", cost={})
    failed = replace(failed, cost={"device_bytes": there * GIB} if there else {})
    own = [replace(one, cost={"device_bytes": here * GIB} if here else {}) for one in RISING]
    found = past_failures(moment(own, [failed]), "m")
    assert bool(found) == counts
    if found:
        assert ("whose memory is not known" in found[0].says()) == (there == 0)


def test_time_limits_of_others_and_crashes_say_nothing() -> None:
    for reason in ("time_limit: no epoch finished in 3 s", "worker_died", "error: no such column", "interrupted"):
        assert past_failures(moment(RISING, [replace(FAILED[0], reason=reason)]), "m") == []
