"""How trials stand: the one place that says feasible, better, best, rank, order, front, group and clearly better.

- A trial is *feasible* when it is complete and meets every constraint on validation.
- A *configuration* is a model with its params; trials that repeat it with other seeds share one value, their mean.
- The *best* trial is the feasible one whose configuration has the best first objective; of repeats the earliest. With
  several objectives it is on the Pareto front, and `RULE` says how it was chosen.
- A trial is *clearly* better than another where the interval of their difference over the same users leaves 0 out.
- The *group* are the feasible trials that the best one is not clearly better than.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agent.objective import Goal, Objective, measured
from agent.uncertainty import Difference, Interval, PerUser, UserValues, difference, interval
from memory.record import ParamValue, TrialRecord
from recmodels.metrics import direction_of

INTERRUPTED = "interrupted"
DEFAULTS = "defaults"  # the proposer of a model's first trial
RULE = "of the trials that no other beats on every objective, the one with the best {} is called best"


def counted(records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """The trials that use up budget: all but the interrupted, which run again."""
    return [record for record in records if record.reason != INTERRUPTED]


def is_feasible(goal: Goal, record: TrialRecord) -> bool:
    """Whether it is complete and meets every constraint."""
    return record.state == "complete" and record.value is not None and goal.is_feasible(record.metrics)


def is_better(objective: Objective, value: float, other: float) -> bool:
    """Whether one value of the objective is better than another, whatever the noise."""
    return objective.sign * value > objective.sign * other


Configuration = tuple[str, frozenset[tuple[str, ParamValue]]]


def configuration_of(record: TrialRecord) -> Configuration:
    """A key that trials of the same model and params share."""
    return record.model, frozenset(record.params.items())


def sign_of(metric: str) -> int:
    """1 for a metric of which more is better, -1 for one of which less is."""
    return 1 if direction_of(metric) == "maximize" else -1


def same_configuration(one: TrialRecord, other: TrialRecord) -> bool:
    """Whether two trials ran the same params of the same model."""
    return configuration_of(one) == configuration_of(other)


def repeats_of(record: TrialRecord, records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """The complete trials of the record's configuration, itself included."""
    return [r for r in records if r.state == "complete" and r.value is not None and same_configuration(r, record)]


def standing_values(records: Sequence[TrialRecord]) -> dict[int, float | None]:
    """By number, what trials are ordered by: complete ones by their configuration's mean, others by their own value."""
    groups: dict[Configuration, list[float]] = {}
    for record in records:
        if record.state == "complete" and record.value is not None:
            groups.setdefault(configuration_of(record), []).append(record.value)
    means = {configuration: float(np.mean(values)) for configuration, values in groups.items()}
    return {
        record.number: means.get(configuration_of(record)) if record.state == "complete" else record.value
        for record in records
    }


def ordered(goal: Goal, records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """Best first: feasible trials, complete ones by how little they miss the constraints, pruned ones, the rest."""
    values = standing_values(records)

    def place(record: TrialRecord) -> tuple[int, float, float, int]:
        value = values[record.number]
        turned = float("inf") if value is None else -goal.primary.sign * value
        if is_feasible(goal, record):
            return 0, 0.0, turned, record.number
        if record.state == "complete" and record.value is not None:
            missed = sum(max(0.0, constraint.violation(record.metrics)) for constraint in goal.constraints)
            return 1, missed, turned, record.number
        return (2 if record.state == "pruned" else 3), 0.0, turned, record.number

    return sorted(records, key=place)


def best_of(goal: Goal, records: Sequence[TrialRecord]) -> TrialRecord | None:
    """The best trial; None until one is feasible."""
    first = ordered(goal, records)[:1]
    return first[0] if first and is_feasible(goal, first[0]) else None


def rank_of(goal: Goal, record: TrialRecord, records: Sequence[TrialRecord]) -> int | None:
    """1 + the number of feasible trials that are better; None for a trial that is not feasible."""
    values = standing_values(records)
    value = values.get(record.number)
    if not is_feasible(goal, record) or value is None:
        return None
    others = [values[other.number] for other in records if is_feasible(goal, other)]
    return 1 + sum(other is not None and is_better(goal.primary, other, value) for other in others)


def so_far(goal: Goal, records: Sequence[TrialRecord]) -> list[TrialRecord | None]:
    """The best trial after each of the records; None before the first feasible one."""
    return [best_of(goal, records[: i + 1]) for i in range(len(records))]


def front_of(metrics: Sequence[str], records: Sequence[TrialRecord]) -> list[tuple[TrialRecord, tuple[float, ...]]]:
    """The complete trials, with their values, that no other beats: as good on every metric and better on one.

    Trials that did not measure every metric are left out; the best by the first metric comes first.
    """
    signs = [sign_of(metric) for metric in metrics]
    points = [(record, values) for record in records if (values := values_of(metrics, record)) is not None]
    kept = [point for point in points if not any(_beats(other, point[1], signs) for _, other in points)]
    return sorted(kept, key=lambda point: -signs[0] * point[1][0])


def values_of(metrics: Sequence[str], record: TrialRecord) -> tuple[float, ...] | None:
    """What a complete trial measured on validation, or of cost; None where one of the metrics is missing."""
    known: Mapping[str, float] = dict(record.cost) | dict(record.metrics)
    values = tuple(value for metric in metrics if (value := measured(known, metric)) is not None)
    return values if record.state == "complete" and len(values) == len(metrics) else None


def _beats(one: Sequence[float], other: Sequence[float], signs: Sequence[int]) -> bool:
    gains = [sign * (a - b) for a, b, sign in zip(one, other, signs, strict=True)]
    return all(gain >= 0 for gain in gains) and any(gain > 0 for gain in gains)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the trials of a study stand, the noise in view."""

    best: TrialRecord | None
    group: tuple[TrialRecord, ...]  # the best first, then those that it is not clearly better than, by number
    is_group_known: bool  # False: the objective is not kept for each user, so nothing can be told apart
    defaults: TrialRecord | None  # the best trial at a model's defaults
    gain: Difference | None  # best minus defaults, turned so that more is better; None where it cannot be said
    interval: Interval | None  # of the best

    @property
    def is_clear_gain(self) -> bool:
        """Whether the best trial is clearly better than the best defaults: what the star says."""
        return self.gain is not None and self.gain.low > 0


def standing(goal: Goal, records: Sequence[TrialRecord], per_user: PerUser) -> Standing:
    """The best trial, what cannot be told apart from it, and what was gained over the defaults."""
    best = best_of(goal, records)
    defaults = best_of(goal, [record for record in records if record.proposer == DEFAULTS])
    if best is None:
        return Standing(best=None, group=(), is_group_known=False, defaults=defaults, gain=None, interval=None)
    compare = _comparing(goal, records, per_user)
    mine = _runs(best, records, per_user)
    others = [record for record in records if is_feasible(goal, record) and record is not best]
    close = tuple(record for record in others if (found := compare(best, record)) is not None and not found.low > 0)
    gain = None if defaults is None or same_configuration(best, defaults) else compare(best, defaults)
    return Standing(
        best=best,
        group=(best, *close),
        is_group_known=mine is not None,
        defaults=defaults,
        gain=gain,
        interval=interval(mine) if mine else None,
    )


def compared(
    goal: Goal, one: TrialRecord, other: TrialRecord, records: Sequence[TrialRecord], per_user: PerUser
) -> Difference | None:
    """One minus the other on the objective as it is, over the same users and the seeds of either configuration."""
    found = _comparing(goal, records, per_user)(one, other)
    if found is None or goal.primary.is_maximized:
        return found
    return Difference(mean=-found.mean, low=-found.high, high=-found.low, n_users=found.n_users, n_seeds=found.n_seeds)


def _comparing(
    goal: Goal, records: Sequence[TrialRecord], per_user: PerUser
) -> Callable[[TrialRecord, TrialRecord], Difference | None]:
    """Differences turned so that more is better."""

    def compare(one: TrialRecord, other: TrialRecord) -> Difference | None:
        mine, its = _runs(one, records, per_user), _runs(other, records, per_user)
        if mine is None or its is None:
            return None
        turned = [[_turned(run, goal.primary.sign) for run in side] for side in (mine, its)]
        return difference(turned[0], turned[1])

    return compare


def _runs(record: TrialRecord, records: Sequence[TrialRecord], per_user: PerUser) -> list[UserValues] | None:
    """The users' values of each complete trial of the configuration; None where they were not kept."""
    found = [values for r in repeats_of(record, records) or [record] if (values := per_user(r)) is not None]
    return found or None


def _turned(run: UserValues, sign: int) -> UserValues:
    return run if sign == 1 else UserValues(users=run.users, values=-run.values)


def proposed_by(record: TrialRecord) -> str:
    """Who proposed a trial: `llm`, `user`, or `advisor` for every source of the advisor's."""
    return record.proposer if record.proposer in ("llm", "user") else "advisor"


def scoreboard(goal: Goal, records: Sequence[TrialRecord]) -> dict[str, dict[str, float]]:
    """For `llm`, `advisor` and `user`, those that proposed: trials, how often they became the best, and their best."""
    board: dict[str, dict[str, float]] = {}
    for record, best in zip(records, so_far(goal, records), strict=True):
        if record.reason == INTERRUPTED:
            continue
        row = board.setdefault(proposed_by(record), {"trials": 0, "improved": 0})
        row["trials"] += 1
        row["improved"] += best is record
    for who, row in board.items():
        best = best_of(goal, [record for record in records if proposed_by(record) == who])
        if best is not None and best.value is not None:
            row["best"] = best.value
    return board
