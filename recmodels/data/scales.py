"""Ratings of two scales in one column, or in a dataset and a file for it, which no rule of likes can compare."""

from collections.abc import Iterator

import numpy as np

from recmodels.data.checks import CHECK
from recmodels.data.interactions import Interactions
from recmodels.data.likes import TOPS, is_rating, scale_of
from recmodels.errors import DataError

_ENOUGH = 20  # rows, for what a scale is told from
_MANY = 0.05  # of the rows; fewer may be slips
_MIN_LEVELS = 3  # of each scale
_NEVER = 1e-6  # the probability of ratings of one scale that all lie in a lower part of it


def two_scales(data: Interactions) -> Iterator[str]:
    """A sentence where a column of ratings holds those of a scale to 5 and of one to 100, with nothing between."""
    column, weights = data.columns.get("weight", ""), data.weights
    if weights is None or not is_rating(column):
        return
    low, high = weights[(weights > 0) & (weights <= 5)], weights[(weights >= 10) & (weights <= 100)]
    is_all = len(low) + len(high) + int((weights <= 0).sum()) == len(weights)
    if not is_all or min(len(low), len(high)) < _MANY * len(weights):
        return
    levels = (np.unique(low), np.unique(high))
    if min(map(len, levels)) >= _MIN_LEVELS and bool((levels[0] * 2 % 1 == 0).all()):
        yield (
            f"`{column}` holds {levels[0][0]:g} to {levels[0][-1]:g} in {len(low):,} rows and {levels[1][0]:g} to "
            f"{levels[1][-1]:g} in {len(high):,}, with nothing between, as two scales in one column do: bring them to "
            "one, or add each as a dataset of its own"
        )


def differences(base: Interactions, more: Interactions, source: str) -> list[str]:
    """Doubts about whether the ratings of a file are on the scale of the dataset that they are joined to.

    Raises:
        DataError: They are on a longer one.
    """
    top = scale_of(base)
    if base.weights is None or more.weights is None or top is None or not is_rating(base.columns.get("weight", "")):
        return []
    highest = float(more.weights.max(initial=0))
    own = next((one for one in TOPS if highest <= one), highest)
    n_above = int((more.weights > top).sum())
    if own > top and n_above >= _MANY * len(more) and len(base) >= _ENOUGH:
        raise DataError(
            f"the ratings of {source} go up to {highest:g}, and those of {base.name!r} are of a scale to {top}: one "
            f"dataset holds one scale. Divide those of {source} by {own / top:g} first, or add it as a dataset of its "
            "own"
        )
    if own > top:
        return [f"{CHECK}{n_above:,} of its ratings lie above {top}, where the scale of {base.name!r} seems to end"]
    share = float((base.weights <= own).mean())
    if own < top and len(more) >= _ENOUGH and share ** len(more) < _NEVER:
        return [
            f"{CHECK}its ratings go up to {highest:g}, as on a scale to {own:g}, and those of {base.name!r} are of a "
            f"scale to {top}; if so, they count as dislikes here"
        ]
    return []
