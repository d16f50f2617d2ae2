"""The lower quartile of what earlier trials had by that epoch is the bar."""

import numpy as np

from agent.advisor.situation import shown
from agent.studies.pruners.look import MIN_EPOCHS, Look
from agent.studies.pruners.progress import best_by

MIN_CURVES = 4  # of the same model that got this far
WARM_UP = 0.2  # share of the epochs in which nothing is judged


def judge(look: Look) -> str | None:
    """Why the trial should stop; None while it may go on."""
    done, sign, best = look.done, look.sign, look.best
    if done < max(MIN_EPOCHS, WARM_UP * look.epochs) or done >= look.epochs:
        return None
    reached = (best_by(record.curve, done, sign) for record in look.others() if len(record.curve) >= done)
    others = [value for value in reached if value is not None]
    if len(others) < MIN_CURVES or best is None:
        return None
    bar = float(np.quantile(others, 0.25))
    if best >= bar:
        return None
    quartile = "lower quartile" if sign > 0 else "upper quartile"
    return (
        f"{look.reached()}, worse than the {quartile} {shown(sign * bar)} of {len(others)} earlier trials of "
        f"{look.model}"
    )
