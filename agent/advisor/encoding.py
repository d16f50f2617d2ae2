"""Params as coordinates whose distances mean what the space means.

A number lies on [0, 1], on a log scale where declared. Two values of an unordered choice are all equally far apart. A
conditional number lies on an arc of one radian around the place of all points where it does not apply: those differ
from each other by nothing, and from any value by the same (Swersky et al. 2013, arXiv 1409.4011).
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent.advisor.points import Points, placed
from recmodels.search_space import Choice, Param, Params, SearchSpace

Array = NDArray[np.float64]
_SIDE = math.sqrt(0.5)  # of a simplex whose corners are 1 apart
_FARTHEST = (-1.0, 2.0)  # on an arc, for values of a range that was widened later


class Encoding:
    """The coordinates of one model's declared space; a param that is fixed there has none.

    Attributes:
        names: The params that have coordinates. (d,)
        owners: The place in `names` of the param that each coordinate belongs to. (c,)
        defaults: The point of the params' defaults. (1, c)
    """

    def __init__(self, space: SearchSpace) -> None:
        self._space = space
        self._columns = [i for i, param in enumerate(space.values()) if not is_fixed(param)]
        self.names = tuple(list(space)[i] for i in self._columns)
        widths = [_width(space[name]) for name in self.names]
        self.owners = np.repeat(np.arange(len(widths)), widths)
        self.defaults = self.points([space.defaults()])

    def points(self, many: Sequence[Params]) -> Array:
        """One row of coordinates for each params; (n, c)."""
        rows = Points.of(self._space, many).rows
        found = [_coordinates(self._space[name], rows[:, i]) for name, i in zip(self.names, self._columns, strict=True)]
        return np.column_stack(found) if found else np.zeros((len(rows), 0))


def is_fixed(param: Param) -> bool:
    """Whether there is one value only."""
    return len(param.choices) == 1 if isinstance(param, Choice) else param.low == param.high


def _width(param: Param) -> int:
    if isinstance(param, Choice):
        return len(param.choices)
    return 1 if param.when is None else 2


def _coordinates(param: Param, rows: Array) -> Array:
    """Of a column of `Points`; (n, width)."""
    if isinstance(param, Choice):
        return np.asarray(_SIDE * (rows[:, None] == np.arange(len(param.choices))))
    place = placed(param, rows)
    if param.when is None:
        return np.asarray(np.nan_to_num(place)[:, None])
    angle = np.clip(place, *_FARTHEST)
    return np.asarray(np.nan_to_num(np.column_stack([np.cos(angle), np.sin(angle)])))
