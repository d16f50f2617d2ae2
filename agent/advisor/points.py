"""Many params of one model at once, as rows of numbers: what the surrogate and its search work on."""

import math
from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from recmodels.search_space import Choice, Float, Int, Param, Params, ParamValue, SearchSpace

Array = NDArray[np.float64]
Point = dict[str, ParamValue]


class Points(Sequence[Point]):
    """Params that are read one by one as dicts, and all together by column.

    Attributes:
        rows: A number's value or a choice's place among the choices, behind all of them for one that is unknown; NaN
            where a param does not apply. (m, d)
    """

    def __init__(self, space: SearchSpace, rows: Array) -> None:
        self.space, self.rows = space, _applying(space, rows)

    @classmethod
    def of(cls, space: SearchSpace, many: Sequence[Params]) -> "Points":
        """The params that apply, those that are missing at their default; unknown names left out."""
        if isinstance(many, Points) and many.space is space:
            return many
        rows = np.empty((len(many), len(space)))
        for i, (name, param) in enumerate(space.items()):
            rows[:, i] = _rows(param, [params.get(name, param.default) for params in many])
        return cls(space, rows)

    @classmethod
    def in_cube(cls, searched: SearchSpace, space: SearchSpace, units: Array) -> "Points":
        """The legal params nearest to points of the unit cube of a narrowed space, (m, its params)."""
        rows = np.full((len(units), len(space)), np.nan)
        places = {name: i for i, name in enumerate(space)}
        for (name, param), x in zip(searched.items(), units.T, strict=True):
            rows[:, places[name]] = _nearest_rows(param, space[name], x)
        return cls(space, rows)

    def units(self) -> Array:
        """The place of each in the unit cube of their space, a param that does not apply at its default; (m, d)."""
        found = np.empty_like(self.rows)
        for i, param in enumerate(self.space.values()):
            rows = self.rows[:, i]
            if isinstance(param, Choice):
                rows = np.where(np.isnan(rows), param.choices.index(param.default), rows)
                found[:, i] = (np.where(rows < len(param.choices), rows, 0) + 0.5) / len(param.choices)
            else:
                found[:, i] = placed(param, np.where(np.isnan(rows), param.default, rows))
        return found

    def gaps(self) -> Array:
        """Of each to the first of them, by param, as a share of its range; (m, d).

        Another choice, or a param that applies to one alone, is 1.
        """
        found = np.empty_like(self.rows)
        for i, param in enumerate(self.space.values()):
            a, b = self.rows[:, i], self.rows[0, i]
            by_value = (a != b) if isinstance(param, Choice) else np.abs(placed(param, a) - placed(param, b))
            is_absent = np.isnan(a)
            found[:, i] = np.where(is_absent | np.isnan(b), is_absent != np.isnan(b), by_value)
        return found

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, i: int) -> Point: ...
    @overload
    def __getitem__(self, i: slice) -> "Points": ...
    def __getitem__(self, i: int | slice) -> "Point | Points":
        if isinstance(i, slice):
            return Points(self.space, self.rows[i])
        pairs = zip(self.space.items(), self.rows[i].tolist(), strict=True)
        return {name: _value(param, x) for (name, param), x in pairs if not math.isnan(x)}

    def __iter__(self) -> Iterator[Point]:
        return (self[i] for i in range(len(self)))


def placed(param: Float | Int, values: Array | np.float64) -> Array:
    """The place of numbers in their range, 0 to 1, log where declared."""
    low, high = float(param.low), float(param.high)
    if high == low:
        return np.full(np.shape(values), 0.5)
    if param.log:
        low, high, values = math.log(low), math.log(high), np.log(np.maximum(values, 1e-300))
    return np.asarray((values - low) / (high - low))


def values_at(param: Float | Int, places: Array | np.float64) -> Array:
    """The legal numbers nearest to places in their range, the inverse of `placed`."""
    x, low, high = np.clip(places, 0.0, 1.0), float(param.low), float(param.high)
    is_log = param.log and high > low
    values = np.exp(math.log(low) + x * (math.log(high) - math.log(low))) if is_log else low + x * (high - low)
    values = np.clip(values, low, high)
    return np.asarray(values if isinstance(param, Float) else np.rint(values))


def _applying(space: SearchSpace, rows: Array) -> Array:
    """NaN where a condition does not hold."""
    columns = {name: i for i, name in enumerate(space)}
    for name, param in space.items():
        if param.when is not None:
            held = _rows(space[param.when.name], param.when.values)
            rows[~np.isin(rows[:, columns[param.when.name]], held), columns[name]] = np.nan
    return rows


def _rows(param: Param, given: Sequence[ParamValue]) -> Array:
    """Of values of one param; (n,)."""
    if not isinstance(param, Choice):
        return np.array(given, dtype=np.float64)
    places = {choice: i for i, choice in enumerate(param.choices)}
    return np.array([places.setdefault(value, len(places)) for value in given], dtype=np.float64)


def _nearest_rows(param: Param, declared: Param, x: Array) -> Array:
    if not isinstance(param, Choice):
        return values_at(param, x)
    n = len(param.choices)
    return np.asarray(_rows(declared, param.choices)[np.clip((x * n).astype(np.intp), 0, n - 1)])


def _value(param: Param, x: float) -> ParamValue:
    if isinstance(param, Choice):
        return param.choices[int(x)]
    return x if isinstance(param, Float) else int(x)
