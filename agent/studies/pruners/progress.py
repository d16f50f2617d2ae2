"""How fast good trials got where they got: for each epoch the share of its best value that a curve had by then."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.objective import Objective
from memory.record import TrialRecord

FEWEST = 6  # curves of one dataset, of which …
GOOD = 3  # … one in three is good
Curve = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The good ones among the complete trials of one model on one dataset."""

    dataset: str
    likeness: float  # to this study's data, in [0, 1]
    shares: tuple[tuple[float, ...], ...]  # of each curve its best so far by its best of all, after each epoch

    def by(self, epoch: int) -> list[float]:
        """The share of each curve; one that ended before stays at its end."""
        return [curve[min(epoch, len(curve)) - 1] for curve in self.shares]


def best_by(curve: Curve, epoch: int, sign: int) -> float | None:
    """The best of the first epochs, turned so that more is better; None where none gave a number."""
    known = [sign * value for value in curve[:epoch] if value is not None and math.isfinite(value)]
    return max(known, default=None)


def progress_of(dataset: str, likeness: float, curves: Sequence[Curve], objective: Objective) -> Progress | None:
    """None where too few curves rose to anything."""
    sign = objective.sign
    ends = [(end, curve) for curve in curves if (end := best_by(curve, len(curve), sign)) and sign * end > 0]
    if len(ends) < FEWEST:
        return None
    ends.sort(key=lambda pair: -pair[0])
    shares = tuple(_shares(curve, end, sign) for end, curve in ends[: len(ends) // GOOD])
    return Progress(dataset=dataset, likeness=likeness, shares=shares)


def past_progress(pairs: Iterable[tuple[TrialRecord, float]], model: str, objective: Objective) -> tuple[Progress, ...]:
    """Of past trials with the likeness of their datasets, those of the model that followed the same objective."""
    groups: dict[tuple[str, ...], list[tuple[Curve, float]]] = defaultdict(list)
    for record, likeness in pairs:
        follows = record.objective == objective.metric and record.direction == objective.direction
        if record.model == model and follows and record.state == "complete" and len(record.curve) > 1:
            terms = (record.dataset, record.split, record.positive, record.repeats, record.outcomes or "")
            groups[terms].append((record.curve, likeness))
    made = (
        progress_of(terms[0], max(like for _, like in group), [curve for curve, _ in group], objective)
        for terms, group in groups.items()
    )
    return tuple(filter(None, made))


def _shares(curve: Curve, end: float, sign: int) -> tuple[float, ...]:
    """Rising to 1 where more is better, falling to 1 where less is."""
    found, best = list[float](), -math.inf
    for value in curve:
        if value is not None and math.isfinite(value):
            best = max(best, sign * value)
        found.append(best / end)
    return tuple(found)
