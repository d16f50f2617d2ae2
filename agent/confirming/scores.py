"""From runs to scores: means over seeds, intervals over users and seeds, paired differences."""

from collections.abc import Sequence

import numpy as np

from agent.confirmation import Confirmation, Gain, Run, Score, Stage
from agent.uncertainty import UserValues, difference, interval, user_values

Z = 1.96  # half of a 95 % interval of a normal mean, in standard errors


def scores_of(confirmation: Confirmation, names: Sequence[str], stage: Stage) -> list[Score]:
    """The contenders on one part, without those whose runs all failed.

    The standard error is over seeds where all of them ran with several, else over users (and seeds): bounds of a model
    that nothing random is in and of one that ran with five seeds are compared, so their errors are of one kind.
    """
    runs = {name: found for name in names if (found := confirmation.runs_of(name, stage))}
    is_over_seeds = all(len(found) > 1 for found in runs.values())
    return [_score(confirmation, name, found, stage, is_over_seeds) for name, found in runs.items()]


def _score(confirmation: Confirmation, name: str, runs: Sequence[Run], stage: Stage, is_over_seeds: bool) -> Score:
    values = np.array([run.value for run in runs], dtype=np.float64)
    over = interval(_of_users(confirmation, runs, stage))
    if over is not None and not is_over_seeds:
        error = over.half_width / Z
    else:
        error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    return Score(
        contender=name,
        mean=float(values.mean()),
        error=error,
        is_over_seeds=is_over_seeds,
        low=over.low if over else None,
        high=over.high if over else None,
        n_runs=len(values),
        n_users=over.n_users if over else 0,
        train_s=float(np.median([run.train_s for run in runs])),
    )


def gain_of(confirmation: Confirmation, winner: str, over: str) -> Gain | None:
    """The winner minus another on test; None when one of them failed."""
    mine, its = confirmation.runs_of(winner, "test"), confirmation.runs_of(over, "test")
    if not mine or not its:
        return None
    found = difference(_of_users(confirmation, mine, "test"), _of_users(confirmation, its, "test"))
    if found is not None:
        return Gain(over=over, mean=found.mean, low=found.low, high=found.high, n_users=found.n_users)
    means = [float(np.mean([run.value for run in runs if run.value is not None])) for runs in (mine, its)]
    return Gain(over=over, mean=means[0] - means[1], low=None, high=None, n_users=0)


def _of_users(confirmation: Confirmation, runs: Sequence[Run], stage: Stage) -> list[UserValues]:
    metric = f"{stage}_{confirmation.objective}"
    return [values for run in runs if (values := user_values(run.checkpoint, metric)) is not None]
