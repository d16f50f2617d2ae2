"""All that the advisor may look at, and what its sources share: likeness of params, and what not to run."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agent.advisor.leaning import Leaning, Leanings
from agent.advisor.points import Points, placed, values_at
from agent.objective import Goal, measured
from agent.proposal import Candidate
from agent.standing import mean_of
from memory.record import TrialRecord
from memory.written import written
from recmodels.search_space import Choice, Float, Param, Params, ParamValue, SearchSpace

MIN_TRIALS = 4  # of a model with a value; fewer predict nothing worth saying
SAME = 0.01  # params within this share of every range are the same trial again
TOO_NEAR = 0.05  # … of a failed trial's params are expected to fail alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One moment of a study, before its next trial."""

    goal: Goal
    spaces: Mapping[str, SearchSpace]  # by model, as narrowed so far
    declared: Mapping[str, SearchSpace]  # by model, whole: past trials may lie outside the narrowed space
    records: tuple[TrialRecord, ...]  # of this study
    recalled: tuple[tuple[TrialRecord, float], ...] = ()  # past trials of other studies, with the datasets' likeness
    broken: tuple[TrialRecord, ...] = ()  # trials of other studies on these data that broke by their params
    leanings: tuple[Leaning, ...] = ()  # knowledge that is no trial: it weighs, and excludes nothing
    excluded: tuple[tuple[str, Params], ...] = ()  # rejected by the person, or already waiting to run
    pending: tuple[tuple[str, Params], ...] = ()  # those of them that run or wait, so will have a result
    n_trials: int = 20
    seed: int = 0
    profile: Mapping[str, float] = field(default_factory=dict)  # of the dataset
    runs_defaults: bool = True  # whether the first trial of a model is its defaults
    epochs: int | None = None  # at most, of every trial; None: what its params say
    time_limit_s: float | None = None  # of the study; None: it has none
    time_left_s: float | None = None  # until then

    def of(self, model: str) -> tuple[TrialRecord, ...]:
        """This study's finished trials of a model; interrupted ones say nothing."""
        return tuple(r for r in self.records if r.model == model and r.reason != "interrupted")

    def leanings_on(self, model: str) -> Leanings:
        """What leans the advisor among the params of a model, as far as it still counts."""
        return Leanings(them=tuple(one for one in self.leanings if one.model == model), n_trials=len(self.of(model)))

    def searched(self, model: str) -> SearchSpace:
        """What a sampler may vary of a model's space."""
        return self.spaces[model].searched()

    def seed_of(self, *parts: object) -> int:
        """A seed that depends on this moment, so that the same moment gives the same suggestion."""
        return seed_from(self.seed, len(self.records), *parts)

    def objection(self, model: str, params: Params) -> str | None:
        """Why these params should not run: they ran, wait, were rejected, broke elsewhere or are near failed ones."""
        space, own = self.declared[model], self.of(model)
        for record, gap in zip(own, largest_gaps(space, params, [record.params for record in own]), strict=True):
            if gap < SAME:
                return f"these params are those of trial {record.number}"
            if record.state == "failed" and gap < TOO_NEAR:
                return f"these params are next to those of trial {record.number}, which failed: {record.reason}"
        broken = [record for record in self.broken if record.model == model]
        for record, gap in zip(broken, largest_gaps(space, params, [r.params for r in broken]), strict=True):
            if gap < SAME:
                whose = f"trial {record.number} of study {record.study}"
                return f"these params are those of {whose} on the same data, which failed: {record.reason}"
        others = [tried for other, tried in self.excluded if other == model]
        if (largest_gaps(space, params, others) < SAME).any():
            return "these params were rejected or already wait to run"
        return None


Suggest = Callable[[Situation, str], Candidate | None]
"""A source of candidates: the next params for a model, or None when it has none that are new and legal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The primary objective of a model's trials, turned so that more is better; repeats with other seeds are one.

    Attributes:
        records: One for each params, the first of its runs, with the mean of their objective and metrics.
        signed: Its objective, so that more is better.
        runs: How many runs it is the mean of.
    """

    records: tuple[TrialRecord, ...] = ()
    signed: tuple[float, ...] = ()
    runs: tuple[int, ...] = ()

    @classmethod
    def of(cls, situation: Situation, model: str) -> "Values":
        """Complete trials, and pruned ones at their best epoch: a lower bound that keeps the model honest."""
        known = [r for r in situation.of(model) if r.state in ("complete", "pruned") and r.value is not None]
        groups: dict[bytes, list[TrialRecord]] = {}
        for record, row in zip(
            known, Points.of(situation.declared[model], [r.params for r in known]).rows, strict=True
        ):
            groups.setdefault(row.tobytes(), []).append(record)
        runs = [_best_known(group) for group in groups.values()]
        records = tuple(mean_of(group) for group in runs)
        return cls(
            records=records,
            signed=tuple(situation.goal.primary.sign * (record.value or 0.0) for record in records),
            runs=tuple(len(group) for group in runs),
        )


def _best_known(group: list[TrialRecord]) -> list[TrialRecord]:
    """The complete ones, or the pruned where none was let finish."""
    return [record for record in group if record.state == "complete"] or group


def completed(space: SearchSpace, params: Params) -> dict[str, ParamValue]:
    """The params that apply, those that are missing at their default; unknown names left out."""
    return space.active({name: params.get(name, param.default) for name, param in space.items()})


def unit(space: SearchSpace, params: Params) -> NDArray[np.float64]:
    """Params as a point of the unit cube, (d,): ranges to [0, 1], log where declared; absent ones at their default."""
    return np.array([to_unit(param, params.get(name, param.default)) for name, param in space.items()])


def from_unit(space: SearchSpace, point: NDArray[np.float64]) -> dict[str, ParamValue]:
    """The legal params nearest to a point of the unit cube, without those that do not apply."""
    full = {name: from_unit_value(param, float(x)) for (name, param), x in zip(space.items(), point, strict=True)}
    return space.active(full)


def largest_gap(space: SearchSpace, a: Params, b: Params) -> float:
    """The largest difference of any param as a share of its range: near 0 where these are the same trial again."""
    return float(largest_gaps(space, a, [b])[0])


def largest_gaps(space: SearchSpace, one: Params, many: Sequence[Params]) -> NDArray[np.float64]:
    """`largest_gap` of one to each of many; (n,)."""
    return np.asarray(_gaps(space, one, many).max(axis=1, initial=0.0))


def nearest(space: SearchSpace, params: Params, records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """The records, those with the fewest and smallest changes of params first; of equal ones the earlier."""
    gaps = _gaps(space, params, [record.params for record in records])
    sums = {id(record): math.fsum(row) for record, row in zip(records, gaps, strict=True)}
    return sorted(records, key=lambda record: (sums[id(record)], record.number))


def _gaps(space: SearchSpace, one: Params, many: Sequence[Params]) -> NDArray[np.float64]:
    """Each param's difference as a share of its range; (n, d)."""
    return Points.of(space, [one, *many]).gaps()[1:]


def seed_from(*parts: object) -> int:
    """A 31-bit seed from anything that goes to JSON."""
    text = json.dumps(parts, sort_keys=True)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1


def values_of(goal: Goal, record: TrialRecord) -> list[float] | None:
    """All objectives of a complete trial; None when one was not measured."""
    values = [
        record.value if i == 0 else measured(record.metrics, objective.metric)
        for i, objective in enumerate(goal.objectives)
    ]
    return None if any(value is None for value in values) else [float(value) for value in values if value is not None]


def value_of(record: TrialRecord, metric: str) -> float | None:
    """Of a metric on validation; None where it was not measured."""
    return record.value if record.objective == metric else measured(record.metrics, metric)


def shown(value: ParamValue | None) -> str:
    """A value as people read it, four digits at most."""
    return written(value)


def to_unit(param: Param, value: ParamValue) -> float:
    """A value's place in its range, 0 to 1, log where declared; that of a choice is the middle of its share."""
    if isinstance(param, Choice):
        place = param.choices.index(value) if value in param.choices else 0
        return (place + 0.5) / len(param.choices)
    return float(placed(param, np.float64(value)))


def from_unit_value(param: Param, x: float) -> ParamValue:
    """The legal value nearest to a place in its range, the inverse of `to_unit`."""
    if isinstance(param, Choice):
        return param.choices[min(int(min(max(x, 0.0), 1.0) * len(param.choices)), len(param.choices) - 1)]
    value = float(values_at(param, np.float64(x)))
    return value if isinstance(param, Float) else int(value)
