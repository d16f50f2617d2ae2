"""Zeros, or minus ones, that say that nobody rated: Book-Crossing and Goodreads write 0, the anime list -1."""

import polars as pl

from recmodels.data.column_names import ROLE_NAMES, is_count, plain
from recmodels.data.reading.kinds import ENOUGH

_COUNTS = frozenset(name for tier in ROLE_NAMES["weight"][1:3] for name in tier)  # counts, amounts, yes or no
_SCALES = ((3.0, 5.0), (7.0, 10.0))  # where the highest rating lies
_MAX_LEVELS = 21  # of a scale in halves
_MIN_SHARE, _TIMES_THE_LOWEST = 0.05, 3  # so many rows, and so many times those with a rating of up to 1


def unrated(weights: pl.Series, column: str) -> pl.Series | None:
    """Which rows have no rating, where some say 0 or -1 and the others a rating of a scale to 5 or 10.

    0 is a rating like the others where few rows have it, or about as many as have the next ones, and where the ratings
    step down to it, as 10, 7.5, 5, 2.5 do.
    """
    name = plain(column)
    if len(weights) < ENOUGH or name in _COUNTS or is_count(name):
        return None
    low = float(weights.min())  # type: ignore[arg-type]  # weights are floats
    if low not in (0.0, -1.0):
        return None
    is_low = weights == low
    rated = weights.filter(~is_low)
    if not len(rated) or not _is_scale(rated):
        return None
    if low == 0 and _is_next_step(rated):
        return None
    is_frequent = is_low.sum() >= max(_MIN_SHARE * len(weights), _TIMES_THE_LOWEST * int((rated <= 1).sum()))
    return is_low if low == -1 or is_frequent else None


def note(weights: pl.Series, is_unrated: pl.Series, column: str) -> str:
    """What was decided about them, in a sentence."""
    rated = sorted(weights.filter(~is_unrated).unique())
    none = weights.filter(is_unrated)[0]
    return (
        f"{int(is_unrated.sum()):,} of {len(weights):,} rows have {none:g} in `{column}`, whose ratings are "
        f"{rated[0]:g} to {rated[-1]:g}, so they are taken as not rated: they stay as events, are neither likes nor "
        f"dislikes, and no prediction learns them"
    )


def _is_scale(rated: pl.Series) -> bool:
    levels = rated.unique()
    low, high = float(levels.min()), float(levels.max())  # type: ignore[arg-type]
    is_half = bool((levels * 2 % 1 == 0).all())
    return 1 < len(levels) <= _MAX_LEVELS and is_half and low > 0 and any(a <= high <= b for a, b in _SCALES)


def _is_next_step(rated: pl.Series) -> bool:
    levels = rated.unique().sort()
    step = float(levels.diff().min())  # type: ignore[arg-type]  # there are two levels at least
    return float(levels[0]) > 1 and float(levels[0]) == step
