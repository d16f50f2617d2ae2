"""Knowledge that is no trial leans the advisor softly, fades with the trials, and is told."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from agent.advisor import SAMPLERS, advise
from agent.advisor.leaning import MOST, Leaning, Leanings, Span
from agent.advisor.situation import Situation, Values
from agent.objective import Goal
from agent.proposal import Candidate
from memory.record import TrialRecord
from recmodels.search_space import Choice, Float, Int, Params, SearchSpace, When

SPACE = SearchSpace(
    {
        "x": Float(0.0, 1.0, default=0.5),
        "kind": Choice(("plain", "deep"), default="plain"),
        "depth": Int(1, 8, default=2, when=When(name="kind", values=("deep",))),
    }
)
HIGH = Leaning(
    model="m", where={"x": Span(low=0.8)}, strength=2.0, source="rule high", reason="it pays", evidence=("t/1",)
)


def record(number: int, params: Params, value: float, study: str = "s") -> TrialRecord:
    return TrialRecord(
        id=f"{study}/{number}",
        study=study,
        number=number,
        dataset="d" if study == "s" else study,
        model="m",
        params=params,
        state="complete",
        objective="ndcg@10",
        value=value,
        metrics={"valid_ndcg@10": value},
    )


def moment(records: Sequence[TrialRecord], *leanings: Leaning, seed: int = 0, **changed: object) -> Situation:
    given = Situation(
        goal=Goal.parse(["ndcg@10"]),
        spaces={"m": SPACE},
        declared={"m": SPACE},
        records=tuple(records),
        leanings=leanings,
        seed=seed,
    )
    return replace(given, **changed)  # type: ignore[arg-type]


FIRST = [record(0, SPACE.defaults(), 0.2)]
FLAT = [record(i, {"x": x, "kind": "plain"}, 0.2) for i, x in enumerate((0.5, 0.1, 0.3, 0.7, 0.95))]


def share_high(records: Sequence[TrialRecord], *leanings: Leaning, sampler: str = "advisor") -> float:
    found = [advise(moment(records, *leanings, seed=seed), sampler)[0].params["x"] for seed in range(40)]
    return float(np.mean([float(x) >= 0.8 for x in found]))


def test_the_first_draws_follow_a_leaning_and_never_all_of_them() -> None:
    assert share_high(FIRST) < 0.4
    assert 0.5 < share_high(FIRST, HIGH) < 1
    assert share_high(FIRST, replace(HIGH, strength=-3.0)) < share_high(FIRST)


def test_the_surrogate_follows_a_leaning_and_its_prediction_does_not() -> None:
    assert share_high(FLAT, HIGH) > share_high(FLAT)
    near = [advise(moment(FLAT, *leanings))[0] for leanings in ((HIGH,), ())]
    same = [advise(moment(FLAT, replace(HIGH, where={"x": Span()})))[0]]
    assert (same[0].params, same[0].mean) == (near[1].params, near[1].mean)


def test_a_remembered_point_is_ranked_by_leanings_too() -> None:
    past = [record(i, {"x": x, "kind": "plain"}, x * (1 - x), study="other") for i, x in enumerate((0.25, 0.9, 0.05))]
    recalled = tuple((each, 0.9) for each in past)
    offered = [
        next(c for c in advise(moment(FIRST, *leanings, recalled=recalled), n_others=3) if c.source == "memory")
        for leanings in ((), (HIGH,))
    ]
    assert [candidate.params["x"] for candidate in offered] == [0.25, 0.9]
    assert "rule high (it pays)" in offered[1].reason and "t/1" in offered[1].evidence


def test_a_leaning_fades_with_the_trials_and_is_bounded() -> None:
    def weight(n_trials: int, *strengths: float) -> float:
        them = tuple(replace(HIGH, strength=strength) for strength in strengths)
        return float(Leanings(them=them, n_trials=n_trials).log_weights([{"x": 0.9}])[0])

    assert weight(1, 2.0) == weight(3, 2.0) == 2.0
    assert weight(30, 2.0) == pytest.approx(0.2)
    assert weight(0, 2.0, 2.0, 3.0) == MOST and weight(0, -math.inf) == -MOST


def test_a_condition_holds_for_the_values_that_it_names() -> None:
    def holds(where: dict[str, object], params: Params) -> bool:
        return replace(HIGH, where=where).holds(params)  # type: ignore[arg-type]

    assert holds({"x": Span(low=0.8), "kind": ("deep",)}, {"x": 0.8, "kind": "deep"})
    assert not holds({"x": Span(low=0.8), "kind": ("deep",)}, {"x": 0.9, "kind": "plain"})
    assert not holds({"depth": Span(low=1)}, {"x": 0.9, "kind": "plain"})  # does not apply there
    assert not holds({"x": (1,)}, {"x": True}) and not holds({"x": Span()}, {"x": True})


def test_who_spoke_for_and_against_is_told_with_its_evidence() -> None:
    everywhere = replace(HIGH, where={"x": Span()})
    against = replace(everywhere, strength=-0.5, source="lesson of study t", reason="it cost", evidence=("t/2",))
    other = replace(HIGH, model="n", source="rule of another model")
    candidate = advise(moment(FIRST, everywhere, against, other))[0]
    assert candidate.reason.endswith("; favoured by rule high (it pays); in spite of lesson of study t (it cost)")
    assert candidate.evidence[-2:] == ("t/1", "t/2")


def test_what_has_faded_is_not_told() -> None:
    everywhere = replace(HIGH, where={"x": Span()})
    late = [replace(FLAT[0], id=f"s/{i}", number=i, params={"x": i / 200, "kind": "plain"}) for i in range(90)]
    candidate = advise(moment(late, everywhere))[0]
    assert "rule high" not in candidate.reason and "t/1" not in candidate.evidence


@pytest.mark.parametrize("sampler", [name for name in SAMPLERS if name != "advisor"])
def test_a_sampler_chosen_by_name_heeds_none(sampler: str) -> None:
    assert advise(moment(FLAT, HIGH), sampler) == advise(moment(FLAT), sampler)


def test_an_own_trial_of_another_model_fades_nothing() -> None:
    others = [replace(each, model="n") for each in FLAT]
    assert moment([*FIRST, *others], HIGH).leanings_on("m").n_trials == len(Values.of(moment(FIRST), "m").records) == 1


def test_what_trials_warn_of_is_told_where_it_is_avoided_too() -> None:
    away = replace(HIGH, strength=-2.0, source="a lesson", reason="it broke")
    low = Candidate(model="m", params={"x": 0.2}, source="gp", reason="r")
    told = Leanings(them=(away,)).told(low)
    assert told.reason == "r; kept away from what a lesson (it broke) tells of" and told.evidence == ("t/1",)
    assert Leanings(them=(replace(away, evidence=()),)).told(low).reason == "r", "nothing to look at"
    assert Leanings(them=(away,)).told(replace(low, params={"y": 1})).reason == "r", "its param does not apply"
    assert "in spite of a lesson" in Leanings(them=(away,)).told(replace(low, params={"x": 0.9})).reason
    assert Leanings(them=(away,), n_trials=80).told(low).reason == "r", "it has faded"
