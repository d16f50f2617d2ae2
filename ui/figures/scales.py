"""Axes: from where to where, by value, by order of magnitude or by category, and what their ticks say."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.standing import sign_of
from memory.record import ParamValue
from recmodels.search_space import Choice, Float, Int, Param
from ui.figures.canvas import text_width
from ui.words import param as param_words

_WIDE = 30.0  # numbers that span more than this are shown by their order of magnitude where nothing is declared
_MISSING = 0.36  # share of an axis that the place of those without the param adds
MISSING = "not set"  # of trials that do not have a param


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One axis."""

    label: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    is_log: bool = False
    categories: tuple[ParamValue | None, ...] = ()  # at 0, 1, …; empty: numbers
    missing: float | None = None  # of numbers: the place of trials that do not have the param

    @property
    def numbers_from(self) -> float:
        """Where numbers begin; below it, apart, may be the place of trials without the param."""
        if self.missing is None:
            return self.low
        part = _MISSING / (1 + _MISSING)
        if self.is_log:
            return float(self.low * (self.high / self.low) ** part)
        return self.low + (self.high - self.low) * part

    def place(self, value: ParamValue | None) -> float:
        """Where a value stands, in the units of the axis."""
        if not self.categories:
            found = self.missing if value is None else float(value)
            assert found is not None  # noqa: S101  a scale is made of what it places
            return found
        return float(next(i for i, one in enumerate(self.categories) if _same(one, value)))

    def holds(self, value: ParamValue) -> bool:
        """Whether a value stands between the ends."""
        if self.categories:
            return any(_same(one, value) for one in self.categories)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and self.low <= float(value) <= self.high

    def with_room(self, px: float) -> "Scale":
        """The scale with those of its ticks that have room next to each other on an axis of that length."""
        kept = self._apart(px, beyond=6)
        return replace(self, ticks=kept if len(kept) > 1 else self._apart(px, beyond=14))

    def _apart(self, px: float, beyond: float) -> tuple[tuple[float, str], ...]:
        """Ticks whose labels do not touch each other, and reach at most `beyond` px beyond the ends."""
        kept: list[tuple[float, str]] = []
        end = -math.inf
        for place, label in self.ticks:
            middle, half = px * self.share_at(place), text_width(label) / 2
            room = max(beyond, 14) if place == self.missing else beyond  # that place is never left without its name
            if middle - half > end + 6 and half - room <= middle <= px - half + room:
                kept.append((place, label))
                end = middle + half
        return tuple(kept)

    def share(self, value: ParamValue | None) -> float:
        """Where a value stands between the ends, 0 to 1."""
        return self.share_at(self.place(value))

    def share_at(self, place: float) -> float:
        """As `share`, of a place in the units of the axis."""
        low, high = self.low, self.high
        if self.is_log:
            place, low, high = math.log(place), math.log(low), math.log(high)
        return (place - low) / (high - low)


def axis_name(metric: str) -> str:
    """The metric, and that less of it is better where that is so."""
    return metric if sign_of(metric) == 1 else f"{metric} (less is better)"


def linear(label: str, values: Sequence[float], *, n: int = 5, pad: float = 0.06, is_whole: bool = False) -> Scale:
    """Numbers as they are, with some room beyond the smallest and the largest."""
    low, high = min(values), max(values)
    room = pad * (high - low) if high > low else 0.6 if is_whole else abs(high) / 10 or 0.1
    low, high = low - room, high + room
    return Scale(label=label, low=low, high=high, ticks=_ticks(low, high, n, is_whole))


def between(label: str, low: float, high: float, *, n: int = 5, is_whole: bool = False) -> Scale:
    """Numbers between two ends."""
    return Scale(label=label, low=low, high=high, ticks=_ticks(low, high, n, is_whole))


def logarithmic(label: str, values: Sequence[float], *, n: int = 5, pad: float = 0.05) -> Scale:
    """Positive numbers by their order of magnitude."""
    low, high = math.log10(min(values)), math.log10(max(values))
    room = pad * (high - low) if high > low else 0.3
    low, high = low - room, high + room
    return Scale(label=label, low=10**low, high=10**high, ticks=_log_ticks(low, high, n), is_log=True)


def categorical(label: str, values: Sequence[ParamValue | None]) -> Scale:
    """Values without an order, in the order given; None stands for trials that have none."""
    ticks = tuple((float(i), MISSING if one is None else param_words(one)) for i, one in enumerate(values))
    return Scale(label=label, low=-0.6, high=len(values) - 0.4, ticks=ticks, categories=tuple(values))


def of_param(name: str, values: Sequence[ParamValue | None], param: Param | None, *, n: int = 5) -> Scale:
    """The axis of a param.

    Args:
        values: Those that are drawn; None where a trial does not have it.
        param: As declared; None: only the values tell.
    """
    there = [value for value in values if value is not None]
    are_numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in there)
    if isinstance(param, Choice) or not are_numbers or not there:
        return categorical(name, _in_order(values, param))
    scale = _of_numbers(name, there, param, n)
    return scale if len(there) == len(values) else _with_missing(scale)


def _of_numbers(name: str, there: Sequence[ParamValue], param: Param | None, n: int) -> Scale:
    numbers = [float(value) for value in there]
    is_log = param.log if isinstance(param, Float | Int) else min(numbers) > 0 and max(numbers) > _WIDE * min(numbers)
    if is_log and min(numbers) > 0:
        return logarithmic(name, numbers, n=n)
    is_whole = all(isinstance(value, int) for value in there)
    return linear(name, numbers, n=n, is_whole=is_whole)


def _with_missing(scale: Scale) -> Scale:
    """With a place for trials without the param, below the low end and apart from it."""
    if scale.is_log:
        place, low = (scale.low * (scale.high / scale.low) ** -part for part in (_MISSING * 0.5, _MISSING))
    else:
        place, low = (scale.low - (scale.high - scale.low) * part for part in (_MISSING * 0.5, _MISSING))
    return replace(scale, low=low, missing=place, ticks=((place, MISSING), *scale.ticks))


def tick_words(value: float) -> str:
    """A number on an axis: `0.001`, `5e-4`, `20`, `12k`."""
    if abs(value) >= 10_000:
        for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
            if abs(value) >= size:
                return f"{value / size:.4g}{sign}"
    if 0 < abs(value) < 0.001:
        digits, _, power = f"{value:.2e}".partition("e")
        return f"{float(digits):g}e{int(power)}"
    return f"{value:.6g}"


def _in_order(values: Sequence[ParamValue | None], param: Param | None) -> list[ParamValue | None]:
    """Declared choices first, numbers by size, and the place of those without at the end."""
    declared = [c for c in param.choices if c in values] if isinstance(param, Choice) else []
    others = list(
        {(type(v), v): v for v in values if v is not None and not any(_same(v, c) for c in declared)}.values()
    )
    if all(isinstance(value, int | float) for value in others):
        others.sort(key=float)
    return [*declared, *others, *([None] if None in values else [])]


def _same(one: ParamValue | None, other: ParamValue | None) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _ticks(low: float, high: float, n: int, is_whole: bool) -> tuple[tuple[float, str], ...]:
    from matplotlib.ticker import MaxNLocator

    least = 1 if is_whole else 2  # with two asked for there would be halves of whole numbers
    locator = MaxNLocator(nbins=max(1, n), steps=[1, 2, 2.5, 5, 10], integer=is_whole, min_n_ticks=least)
    found = locator.tick_values(low, high)
    step = found[1] - found[0] if len(found) > 1 else 1.0
    places = [0.0 if abs(place) < step / 1e6 else float(place) for place in found if low <= place <= high]
    return tuple(zip(places, _alike(places), strict=True))


def _alike(places: Sequence[float]) -> list[str]:
    """What evenly spaced ticks say, all with as many decimals."""
    said = [tick_words(place) for place in places]
    if any("e" in one or one[-1] in "kMG" for one in said):
        return said
    n = max((len(one.partition(".")[2]) for one in said), default=0)
    return [f"{place:.{n}f}" for place in places]


def _log_ticks(low: float, high: float, n: int) -> tuple[tuple[float, str], ...]:
    """Powers of ten, in steps that leave at most `n`; with 2 and 5 between where those would be too few."""
    decades = list(range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1))
    if len(decades) >= 3 or (len(decades) == 2 and n < 4):
        step = -(-len(decades) // max(2, n))
        return tuple((10.0**power, tick_words(10.0**power)) for power in decades[::step])
    fine = [m * 10.0**power for power in range(math.floor(low), math.ceil(high) + 1) for m in (1, 2, 5)]
    inside = [value for value in fine if low - 1e-9 <= math.log10(value) <= high + 1e-9]
    if len(inside) >= 2:
        inside = inside[:: -(-len(inside) // max(2, n))]
        return tuple((value, tick_words(value)) for value in inside)
    return _ticks(10**low, 10**high, n, is_whole=False)
