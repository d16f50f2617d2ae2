"""Whether two trials differ beyond chance: a paired bootstrap over the users that both were measured on."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from agent.answers.facts import Facts
from memory.record import TrialRecord
from recmodels.errors import DataError

CONFIDENCE = 0.95
N_SAMPLES = 2000
MAX_VALUES = 500  # groups of a resample; a metric at one cutoff has fewer distinct differences than this

_Floats = npt.NDArray[np.float64]


def paired_facts(first: TrialRecord, second: TrialRecord, metric: str) -> Facts:
    """The mean difference (second minus first) of a metric over the same users, with its interval; or why not."""
    if not (first.checkpoint and second.checkpoint):
        return {"why_not": "a trial kept no checkpoint, so the metrics of each user are gone"}
    try:
        one, other = _per_user(Path(first.checkpoint), metric), _per_user(Path(second.checkpoint), metric)
    except DataError as error:
        return {"why_not": str(error)}
    users = sorted(one.keys() & other.keys())
    if len(users) < 2:
        return {"why_not": f"the trials share no users that {metric} was measured on"}
    differences = np.array([other[user] - one[user] for user in users])
    low, high = bootstrap_interval(differences)
    return {
        "metric": metric,
        "of": [first.number, second.number],
        "mean_difference": float(differences.mean()),
        "low": low,
        "high": high,
        "confidence": CONFIDENCE,
        "n_users": len(users),
        "is_clear": low > 0 or high < 0,
    }


def bootstrap_interval(differences: npt.NDArray[np.floating], seed: int = 0) -> tuple[float, float]:
    """The percentile interval of the mean of (n,) paired differences at `CONFIDENCE`.

    How often each user is drawn does not matter, only how often each value is. So one resample is one multinomial draw
    over the distinct values. Where there are more than `MAX_VALUES`, near ones share a bin, and what a draw within a
    bin adds to the mean is taken as normal with the bin's variance.

    Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13.
    """
    generator, n = np.random.default_rng(seed), len(differences)
    counts, means, variances = _grouped(np.asarray(differences, np.float64))  # (g,) each
    drawn = generator.multinomial(n, counts / n, size=N_SAMPLES)  # (N_SAMPLES, g)
    within = generator.standard_normal(N_SAMPLES) * np.sqrt(drawn @ variances)
    resampled = (drawn @ means + within) / n
    low, high = np.quantile(resampled, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


def _grouped(values: _Floats) -> tuple[npt.NDArray[np.int64], _Floats, _Floats]:
    """How many of (n,) values are in each group of equal or near ones, with the mean and variance of each group."""
    distinct, group = np.unique(values, return_inverse=True)
    if len(distinct) > MAX_VALUES:
        edges = np.linspace(distinct[0], distinct[-1], MAX_VALUES + 1)
        _, group = np.unique(np.digitize(values, edges[1:-1]), return_inverse=True)
    counts = np.bincount(group)
    means = np.bincount(group, values) / counts
    return counts, means, np.bincount(group, (values - means[group]) ** 2) / counts


def _per_user(checkpoint: Path, metric: str) -> dict[int, float]:
    from recmodels.checkpoint import load_per_user  # imports torch

    arrays = load_per_user(checkpoint)
    if f"valid_{metric}" not in arrays:
        raise DataError(f"{metric} is not kept for each user in {checkpoint}")
    values: npt.NDArray[np.floating] = arrays[f"valid_{metric}"]
    return dict(zip(arrays["valid_users"].tolist(), values.tolist(), strict=True))
