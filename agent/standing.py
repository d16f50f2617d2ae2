"""How trials stand: the one place that says feasible, better, best, rank, order, front, group and clearly better.

- A *configuration* is a model with its params. Its complete runs, which differ in their seed, stand by one thing: the
  mean of what all of them measured, over all runs of the study, also where only some trials are asked about.
- A trial is *feasible* when it is complete and its configuration meets every constraint on validation.
- The *best* trial is the feasible one whose configuration has the best first objective; of repeats the earliest. With
  several objectives it is on the Pareto front, and `RULE` says how it was chosen.
- The *defaults* are the best configuration that was run as a model's defaults.
- A trial is *clearly* better than another where the interval of their difference over the same users leaves 0 out.
- The *group* are the feasible trials that the best one is not clearly better than.
"""

import math
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

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
    return list(Means.among(records).runs(record))


def mean_metrics(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of everything that all of some runs measured."""
    shared = [name for name in runs[0] if all(name in run for run in runs)] if runs else []
    return {name: math.fsum(run[name] for run in runs) / len(runs) for name in shared}


def mean_of(runs: Sequence[TrialRecord]) -> TrialRecord:
    """The first of some runs of the same params, with the means of what all of them measured."""
    if len(runs) == 1:
        return runs[0]
    values = [run.value for run in runs if run.value is not None]
    value = math.fsum(values) / len(values) if values else None
    return replace(runs[0], value=value, metrics=mean_metrics([run.metrics for run in runs]))


def meets(goal: Goal, record: TrialRecord) -> bool:
    """Whether what stands for a configuration, its only run or `mean_of` its runs, is complete and in bounds."""
    return record.state == "complete" and record.value is not None and goal.is_feasible(record.metrics)


def _repeats(records: Sequence[TrialRecord]) -> dict[Configuration, list[TrialRecord]]:
    """The complete trials of each configuration."""
    runs: dict[Configuration, list[TrialRecord]] = {}
    for record in records:
        if record.state == "complete" and record.value is not None:
            runs.setdefault(configuration_of(record), []).append(record)
    return runs


class Means:
    """What each trial of a study stands by: a complete one by its configuration's mean, others by what they measured.

    Args:
        records: All of the study.
    """

    def __init__(self, records: Sequence[TrialRecord]) -> None:
        self._runs = _repeats(records)
        self._means = {configuration: mean_of(group) for configuration, group in self._runs.items()}
        self._found: dict[int, tuple[TrialRecord, TrialRecord]] = {}  # by identity, what a record stands by

    @classmethod
    def among(cls, records: Sequence[TrialRecord]) -> "Means":
        """Of a study's records as they are held: what is asked of them again and again is worked out once."""
        if not isinstance(records, tuple):  # it may change
            return cls(records)
        known = next((means for one, means in list(_LATEST) if one is records), None)
        if known is None:
            known = cls(records)
            _LATEST.append((records, known))
        return known

    def runs(self, record: TrialRecord) -> list[TrialRecord]:
        """The complete trials of the record's configuration."""
        return self._runs.get(configuration_of(record), [])

    def of(self, record: TrialRecord) -> TrialRecord:
        """The record with the value and metrics that it stands by."""
        found = self._found.get(id(record))
        if found is None or found[0] is not record:
            found = self._found[id(record)] = record, self._of(record)
        return found[1]

    def _of(self, record: TrialRecord) -> TrialRecord:
        mean = self._means.get(configuration_of(record)) if record.state == "complete" else None
        return record if mean is None or mean is record else replace(record, value=mean.value, metrics=mean.metrics)

    def is_feasible(self, goal: Goal, record: TrialRecord) -> bool:
        """Whether it is complete, with a value, and its configuration meets every constraint."""
        return record.value is not None and meets(goal, self.of(record))


_LATEST: deque[tuple[Sequence[TrialRecord], Means]] = deque(maxlen=16)


def is_feasible(goal: Goal, record: TrialRecord, records: Sequence[TrialRecord]) -> bool:
    """Whether a trial is complete and its configuration meets every constraint.

    Args:
        records: All of the study.
    """
    return Means.among(records).is_feasible(goal, record)


def feasible_of(goal: Goal, records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """The feasible trials of a study."""
    means = Means.among(records)
    return [record for record in records if means.is_feasible(goal, record)]


def broken(goal: Goal, record: TrialRecord, records: Sequence[TrialRecord]) -> list[str]:
    """The constraints that a complete trial's configuration does not meet."""
    mean = Means.among(records).of(record)
    return [str(c) for c in goal.constraints if record.state == "complete" and c.violation(mean.metrics) > 0]


def standing_values(records: Sequence[TrialRecord]) -> dict[int, float | None]:
    """By number, what trials are ordered by: complete ones by their configuration's mean, others by their own value."""
    means = Means.among(records)
    return {record.number: means.of(record).value for record in records}


def ordered(
    goal: Goal, records: Sequence[TrialRecord], among: Sequence[TrialRecord] | None = None
) -> list[TrialRecord]:
    """Best first: feasible trials, complete ones by how little they miss the constraints, pruned ones, the rest.

    Args:
        records: All of the study: repeats count wherever they are.
        among: Those that are put in order; None: all.
    """
    means = Means.among(records)

    def place(record: TrialRecord) -> tuple[int, float, float, int]:
        mean = means.of(record)
        turned = math.inf if mean.value is None else -goal.primary.sign * mean.value
        if means.is_feasible(goal, record):
            return 0, 0.0, turned, record.number
        if record.state == "complete" and record.value is not None:
            missed = sum(max(0.0, constraint.violation(mean.metrics)) for constraint in goal.constraints)
            return 1, missed, turned, record.number
        return (2 if record.state == "pruned" else 3), 0.0, turned, record.number

    return sorted(records if among is None else among, key=place)


def best_of(
    goal: Goal, records: Sequence[TrialRecord], among: Sequence[TrialRecord] | None = None
) -> TrialRecord | None:
    """The best trial; None until one is feasible.

    Args:
        records: All of the study: repeats count wherever they are.
        among: Those that may be the best; None: all.
    """
    first = ordered(goal, records, among)[:1]
    return first[0] if first and is_feasible(goal, first[0], records) else None


def defaults_of(goal: Goal, records: Sequence[TrialRecord]) -> TrialRecord | None:
    """The trial that ran the best of the models' defaults; None until one is feasible."""
    return best_of(goal, records, [record for record in records if record.proposer == DEFAULTS])


def ranks_of(goal: Goal, records: Sequence[TrialRecord]) -> dict[int, int]:
    """By number of the feasible trials of a study: 1 + how many of them are better."""
    means = Means.among(records)
    turned = {
        record.number: -goal.primary.sign * (means.of(record).value or 0.0)
        for record in records
        if means.is_feasible(goal, record)
    }
    best_first = sorted(turned.values())
    return {number: 1 + bisect_left(best_first, value) for number, value in turned.items()}


def rank_of(goal: Goal, record: TrialRecord, records: Sequence[TrialRecord]) -> int | None:
    """1 + the number of feasible trials that are better; None for a trial that is not feasible."""
    return ranks_of(goal, records).get(record.number)


def so_far(goal: Goal, records: Sequence[TrialRecord]) -> list[TrialRecord | None]:
    """The best trial after each of the records, as `best_of` says; None before the first feasible one."""
    runs: dict[Configuration, list[TrialRecord]] = {}
    kept: dict[Configuration, tuple[float, int, TrialRecord]] = {}  # feasible ones, the smallest of which is the best
    found: list[TrialRecord | None] = []
    for record in records:
        if record.state == "complete" and record.value is not None:
            configuration = configuration_of(record)
            group = runs.setdefault(configuration, [])
            group.append(record)
            mean, first = mean_of(group), min(group, key=lambda run: run.number)
            kept.pop(configuration, None)
            if mean.value is not None and meets(goal, mean):
                kept[configuration] = -goal.primary.sign * mean.value, first.number, first
        found.append(min(kept.values(), key=lambda one: one[:2])[2] if kept else None)
    return found


def front_of(metrics: Sequence[str], records: Sequence[TrialRecord]) -> list[tuple[TrialRecord, tuple[float, ...]]]:
    """The complete trials, with their values, that no other beats: as good on every metric and better on one.

    Trials that did not measure every metric are left out; the best by the first metric comes first.
    """
    signs = [sign_of(metric) for metric in metrics]
    points = [(record, values) for record in records if (values := values_of(metrics, record)) is not None]
    kept = [point for point in points if not any(_beats(other, point[1], signs) for _, other in points)]
    return sorted(kept, key=lambda point: -signs[0] * point[1][0])


def pareto_front(goal: Goal, records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """The feasible trials that no other beats on every objective, the best by the first one first.

    Args:
        records: All of the study.
    """
    means = Means.among(records)
    by_number = {record.number: record for record in records}
    feasible = [means.of(record) for record in records if means.is_feasible(goal, record)]
    return [by_number[record.number] for record, _ in front_of([o.metric for o in goal.objectives], feasible)]


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
    defaults: TrialRecord | None  # the trial that ran the best of the models' defaults
    gain: Difference | None  # best minus defaults, turned so that more is better; None where it cannot be said
    interval: Interval | None  # of the best

    @property
    def is_clear_gain(self) -> bool:
        """Whether the best trial is clearly better than the best defaults: what the star says."""
        return self.gain is not None and self.gain.low > 0


def standing(goal: Goal, records: Sequence[TrialRecord], per_user: PerUser) -> Standing:
    """The best trial, what cannot be told apart from it, and what was gained over the defaults."""
    best = best_of(goal, records)
    defaults = defaults_of(goal, records)
    if best is None:
        return Standing(best=None, group=(), is_group_known=False, defaults=defaults, gain=None, interval=None)
    compare = _comparing(goal, records, per_user)
    mine = _runs(best, records, per_user)
    others = [record for record in feasible_of(goal, records) if record is not best]
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


def gain_of(
    goal: Goal, record: TrialRecord, over: TrialRecord, records: Sequence[TrialRecord], per_user: PerUser
) -> Difference | None:
    """What a trial won over another, turned so that more is better; None where it cannot be said or is its repeat."""
    return gains_over(goal, over, records, per_user)(record)


def gains_over(
    goal: Goal, over: TrialRecord, records: Sequence[TrialRecord], per_user: PerUser
) -> Callable[[TrialRecord], Difference | None]:
    """`gain_of` over the same trial, for many."""
    compare = _comparing(goal, records, per_user)
    return lambda record: None if same_configuration(record, over) else compare(record, over)


def gain_over_run(
    goal: Goal, record: TrialRecord, values: UserValues, records: Sequence[TrialRecord], per_user: PerUser
) -> Difference | None:
    """What a trial won over a run that is no trial, turned so that more is better; None where it cannot be said."""
    runs, sign = _runs(record, records, per_user), goal.primary.sign
    return None if runs is None else difference([run.turned(sign) for run in runs], [values.turned(sign)])


def _comparing(
    goal: Goal, records: Sequence[TrialRecord], per_user: PerUser
) -> Callable[[TrialRecord, TrialRecord], Difference | None]:
    """Differences turned so that more is better."""
    means = Means.among(records)

    def compare(one: TrialRecord, other: TrialRecord) -> Difference | None:
        mine, its = (_kept(means.runs(r) or [r], per_user) for r in (one, other))
        if mine is None or its is None:
            return None
        turned = [[run.turned(goal.primary.sign) for run in side] for side in (mine, its)]
        return difference(turned[0], turned[1])

    return compare


def _runs(record: TrialRecord, records: Sequence[TrialRecord], per_user: PerUser) -> list[UserValues] | None:
    """The users' values of each complete trial of the configuration; None where they were not kept."""
    return _kept(repeats_of(record, records) or [record], per_user)


def _kept(runs: Sequence[TrialRecord], per_user: PerUser) -> list[UserValues] | None:
    return [values for run in runs if (values := per_user(run)) is not None] or None


def proposed_by(record: TrialRecord) -> str:
    """Who chose a trial: `llm`, also where it took a candidate, `user`, or `advisor` for every source of its own."""
    if record.act:
        return "llm"
    return record.proposer if record.proposer in ("llm", "user") else "advisor"


def scoreboard(goal: Goal, records: Sequence[TrialRecord]) -> dict[str, dict[str, float]]:
    """For `llm`, `advisor` and `user`, those that chose: trials, how often they became the best, and their best."""
    return _board(goal, records, proposed_by)


def scoreboard_of_acts(goal: Goal, records: Sequence[TrialRecord]) -> dict[str, dict[str, float]]:
    """The same for each way in which a language model chose: take, own, explore, repeat, longer."""
    return _board(goal, records, lambda record: record.act)


def _board(
    goal: Goal, records: Sequence[TrialRecord], whose: Callable[[TrialRecord], str]
) -> dict[str, dict[str, float]]:
    """A row for each name that `whose` gives, with the trials that it gives it; an empty name counts in none."""
    board: dict[str, dict[str, float]] = {}
    for record, best in zip(records, so_far(goal, records), strict=True):
        if record.reason == INTERRUPTED or not whose(record):
            continue
        row = board.setdefault(whose(record), {"trials": 0, "improved": 0})
        row["trials"] += 1
        row["improved"] += best is record
    for who, row in board.items():
        best = best_of(goal, records, [record for record in records if whose(record) == who])
        value = None if best is None else standing_values(records)[best.number]
        if value is not None:
            row["best"] = value
    return board
