"""Learning curves in figures and words: where one was best, where it ended, and whether it had settled by then."""

import math

from agent.answers.wording import number
from agent.results.explained import Curve
from memory.record import TrialRecord

IMPROVING, PAST_BEST = "still improving when it ended", "past its best when it ended"
SETTLED, UNSETTLED = "settled", "still moving up and down when it ended"
_LEVEL = 0.02  # of the best value: what moves less is level, as validation is no steadier from epoch to epoch
_TAIL = 3  # epochs at least that have to be level


def curve_of(record: TrialRecord) -> Curve | None:
    """What the curve of a trial came to; None where fewer than two epochs gave a number."""
    by_epoch = {epoch: value for epoch, value in record.by_epoch().items() if math.isfinite(value)}
    if len(by_epoch) < 2:
        return None
    values = list(by_epoch.values())
    peak = max(by_epoch, key=lambda epoch: record.sign * by_epoch[epoch])  # the earliest of equals
    return Curve(
        epochs=len(record.curve),
        first=values[0],
        best=by_epoch[peak],
        best_epoch=peak,
        last=values[-1],
        shape=_shape([record.sign * value for value in values]),
    )


def peak_words(curve: Curve) -> str:
    """`best 0.0896 at epoch 11 of 12, ended at 0.0854`; of one whose last epoch was its best both at once."""
    if curve.best_epoch == curve.epochs:
        return f"best {number(curve.best)} at its last epoch, {curve.epochs}"
    return f"best {number(curve.best)} at epoch {curve.best_epoch} of {curve.epochs}, ended at {number(curve.last)}"


def _shape(values: list[float]) -> str:
    """Of values by epoch, turned so that more is better."""
    best, n = max(values), len(values)
    at, level = values.index(best), _LEVEL * abs(best)
    tail = values[-max(_TAIL, n // 4) :]
    if n > _TAIL and max(tail) - min(tail) <= level:
        return SETTLED if best - values[-1] <= level else PAST_BEST
    if at == n - 1:
        return IMPROVING
    return PAST_BEST if n - 1 - at >= 2 and all(best - value > level for value in values[at + 1 :]) else UNSETTLED
