"""When a trial is hopeless: its best value is below the lower quartile of what earlier trials had by that epoch."""

import math
from collections.abc import Sequence

import numpy as np

from agent.advisor.situation import shown
from agent.objective import Objective
from memory.record import TrialRecord

MIN_CURVES = 4  # of the same model that got this far
MIN_EPOCHS = 2
WARM_UP = 0.2  # share of the epochs in which nothing is judged


def hopeless(
    curve: Sequence[float | None], epochs: int, model: str, records: Sequence[TrialRecord], objective: Objective
) -> str | None:
    """Why the trial should stop after these epochs; None while it may go on.

    Args:
        curve: The objective after each epoch so far.
        epochs: How many there are at most.
        records: The study's finished trials.
    """
    done = len(curve)
    if done < max(MIN_EPOCHS, WARM_UP * epochs) or done >= epochs:
        return None
    sign = 1 if objective.is_maximized else -1
    measured = [sign * value for value in curve if value is not None and math.isfinite(value)]
    others = [
        max(sign * value for epoch, value in record.by_epoch().items() if epoch <= done)
        for record in records
        if record.model == model and record.state in ("complete", "pruned") and len(record.curve) >= done
        if min(record.by_epoch(), default=done + 1) <= done
    ]
    if len(others) < MIN_CURVES or not measured:
        return None
    best, bar = max(measured), float(np.quantile(others, 0.25))
    if best >= bar:
        return None
    quartile = "lower quartile" if objective.is_maximized else "upper quartile"
    return (
        f"after epoch {done} its best {objective.metric} was {shown(sign * best)}, worse than the {quartile} "
        f"{shown(sign * bar)} of {len(others)} earlier trials of {model}"
    )
