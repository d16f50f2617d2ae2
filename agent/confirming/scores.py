"""From runs to scores: means over seeds, intervals over users and seeds, paired differences."""

from collections.abc import Sequence

import numpy as np

from agent.confirmation import Confirmation, Gain, Run, Score, Stage
from agent.uncertainty import UserValues, difference, interval, user_values


def score_of(confirmation: Confirmation, name: str, stage: Stage) -> Score | None:
    """A contender on one part; None when all its runs failed."""
    runs = confirmation.runs_of(name, stage)
    if not runs:
        return None
    values = np.array([run.value for run in runs], dtype=np.float64)
    over = interval(_of_users(confirmation, runs, stage))
    if len(values) > 1:
        error = float(values.std(ddof=1) / np.sqrt(len(values)))
    else:
        error = over.half_width / 1.96 if over is not None else 0.0
    return Score(
        contender=name,
        mean=float(values.mean()),
        error=error,
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
