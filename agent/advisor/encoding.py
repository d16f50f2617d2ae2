"""Params as coordinates whose distances mean what the space means.

A number lies on [0, 1], on a log scale where declared. Two values of an unordered choice are all equally far apart. A
conditional number lies on an arc of one radian around the place of all points where it does not apply: those differ
from each other by nothing, and from any value by the same (Swersky et al. 2013, arXiv 1409.4011).
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent.advisor.situation import completed, to_unit
from recmodels.search_space import Choice, Param, Params, ParamValue, SearchSpace

Array = NDArray[np.float64]
_SIDE = math.sqrt(0.5)  # of a simplex whose corners are 1 apart
_FARTHEST = (-1.0, 2.0)  # on an arc, for values of a range that was widened later


class Encoding:
    """The coordinates of one model's declared space; a param that is fixed there has none.

    Attributes:
        names: The params that have coordinates. (d,)
        owners: The place in `names` of the param that each coordinate belongs to. (c,)
    """

    def __init__(self, space: SearchSpace) -> None:
        self._space = space
        self.names = tuple(name for name, param in space.items() if not is_fixed(param))
        widths = [len(_coordinates(space[name], None)) for name in self.names]
        self.owners = np.repeat(np.arange(len(widths)), widths)

    def points(self, many: Sequence[Params]) -> Array:
        """One row of coordinates for each params; (n, c)."""
        rows = [self._row(completed(self._space, params)) for params in many]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.owners))

    def _row(self, params: Params) -> list[float]:
        return [x for name in self.names for x in _coordinates(self._space[name], params.get(name))]


def is_fixed(param: Param) -> bool:
    """Whether there is one value only."""
    return len(param.choices) == 1 if isinstance(param, Choice) else param.low == param.high


def _coordinates(param: Param, value: ParamValue | None) -> list[float]:
    """Of a value, or of None where the param does not apply."""
    if isinstance(param, Choice):
        return [_SIDE * (choice == value) for choice in param.choices]
    if param.when is None:
        return [0.0 if value is None else to_unit(param, value)]
    if value is None:
        return [0.0, 0.0]
    angle = min(max(to_unit(param, value), _FARTHEST[0]), _FARTHEST[1])
    return [math.cos(angle), math.sin(angle)]
