"""Declared ranges of a model's params: what is legal, what is the default, and what applies when.

>>> space = SearchSpace({
...     "learning_rate": Float(1e-4, 1e-1, default=1e-2, log=True),
...     "adapter": Choice(("lora", "frozen"), default="lora"),
...     "rank": Int(1, 64, default=8, log=True, when=When(name="adapter", values=("lora",))),
... })
>>> space.check({"learning_rate": 0.02})
{'learning_rate': 0.02, 'adapter': 'lora', 'rank': 8}
>>> space.check({"adapter": "frozen", "rank": 4})
{'learning_rate': 0.01, 'adapter': 'frozen'}
"""

import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from recmodels.errors import ParamError

if TYPE_CHECKING:  # Optuna takes half a second to import, and samplers alone need its distributions
    from optuna.distributions import BaseDistribution

ParamValue = float | int | str | bool
Params = Mapping[str, ParamValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A param applies only while the param `name` has one of `values`."""

    name: str
    values: tuple[ParamValue, ...]


@dataclass(frozen=True, slots=True)
class Float:
    """A real number in [low, high]; `log` where its order of magnitude matters."""

    low: float
    high: float
    default: float
    log: bool = False
    when: When | None = None
    held: bool = False

    def check(self, name: str, value: Any) -> float:
        if not _is_number(value):
            raise ParamError(f"`{name}` must be a number in {self}, got {_shown(value)}")
        if not self.low <= value <= self.high:
            raise ParamError(f"`{name}` must be in {self}, got {_shown(value)}")
        return float(value)

    @property
    def is_fixed(self) -> bool:
        """Whether there is one value only."""
        return self.low == self.high

    def narrowed(self, name: str, low: Any, high: Any) -> "Float":
        low, high = _ordered(name, self.check(name, low), self.check(name, high))
        return replace(self, low=low, high=high, default=min(max(self.default, low), high), held=False)

    def distribution(self) -> "BaseDistribution":
        from optuna.distributions import FloatDistribution

        return FloatDistribution(self.low, self.high, log=self.log)

    def __str__(self) -> str:
        return f"[{self.low:g}, {self.high:g}]" + (" (log scale)" if self.log else "")


@dataclass(frozen=True, slots=True)
class Int:
    """A whole number in [low, high]."""

    low: int
    high: int
    default: int
    log: bool = False
    when: When | None = None
    held: bool = False

    def check(self, name: str, value: Any) -> int:
        if not _is_number(value) or value != int(value):
            raise ParamError(f"`{name}` must be a whole number in {self}, got {_shown(value)}")
        if not self.low <= value <= self.high:
            raise ParamError(f"`{name}` must be in {self}, got {_shown(value)}")
        return int(value)

    @property
    def is_fixed(self) -> bool:
        """Whether there is one value only."""
        return self.low == self.high

    def narrowed(self, name: str, low: Any, high: Any) -> "Int":
        low, high = _ordered(name, self.check(name, low), self.check(name, high))
        return replace(self, low=low, high=high, default=min(max(self.default, low), high), held=False)

    def distribution(self) -> "BaseDistribution":
        from optuna.distributions import IntDistribution

        return IntDistribution(self.low, self.high, log=self.log)

    def __str__(self) -> str:
        return f"[{self.low}, {self.high}]" + (" (log scale)" if self.log else "")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the named values, without an order."""

    choices: tuple[ParamValue, ...]
    default: ParamValue
    when: When | None = None
    held: bool = False

    def check(self, name: str, value: Any) -> ParamValue:
        for choice in self.choices:
            # True == 1 in Python, so a bool only matches a bool
            if choice == value and isinstance(choice, bool) == isinstance(value, bool):
                return choice
        raise ParamError(f"`{name}` must be one of {self}, got {_shown(value)}")

    @property
    def is_fixed(self) -> bool:
        """Whether there is one value only."""
        return len(self.choices) == 1

    def narrowed(self, name: str, choices: tuple[Any, ...]) -> "Choice":
        kept = tuple(dict.fromkeys(self.check(name, choice) for choice in choices))
        if not kept:
            raise ParamError(f"`{name}` needs at least one of {self}")
        return replace(self, choices=kept, default=self.default if self.default in kept else kept[0], held=False)

    def within(self, name: str, low: float | None, high: float | None) -> tuple[ParamValue, ...]:
        """The choices between two bounds, where all choices are numbers."""
        numbers = [c for c in self.choices if isinstance(c, int | float) and not isinstance(c, bool)]
        if len(numbers) < len(self.choices):
            raise ParamError(f"`{name}` has no bounds; it is one of {self}")
        for bound in (low, high):
            if bound is not None and not _is_number(bound):
                raise ParamError(f"a bound of `{name}` must be a number, got {_shown(bound)}; it is one of {self}")
        bottom, top = (-math.inf if low is None else low), (math.inf if high is None else high)
        kept = tuple(number for number in numbers if bottom <= number <= top)
        if not kept:
            raise ParamError(f"`{name}` has no choice in [{bottom:g}, {top:g}]; it is one of {self}")
        return kept

    def distribution(self) -> "BaseDistribution":
        from optuna.distributions import CategoricalDistribution

        return CategoricalDistribution(self.choices)

    def __str__(self) -> str:
        return ", ".join(str(choice) for choice in self.choices)


Param = Float | Int | Choice
"""A `held` one, such as a budget, stays at its default in a study until a person gives it a range."""


class SearchSpace(Mapping[str, Param]):
    """The params of one model by name, in the order they are declared; a condition names an earlier param."""

    def __init__(self, params: Mapping[str, Param], declared: Mapping[str, Param] | None = None) -> None:
        """
        Args:
            declared: The params before any was narrowed; None: these.
        """
        self._params = dict(params)
        self._declared = self._params if declared is None else declared

    def __getitem__(self, name: str) -> Param:
        return self._params[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._params)

    def __len__(self) -> int:
        return len(self._params)

    def defaults(self) -> dict[str, ParamValue]:
        """The default of every param that applies."""
        return self.active({name: param.default for name, param in self.items()})

    def fixed(self) -> dict[str, ParamValue]:
        """The params that have but one value."""
        return {name: param.default for name, param in self.items() if param.is_fixed}

    def active(self, params: Params) -> dict[str, ParamValue]:
        """`params` without those whose condition does not hold, in declared order."""
        kept: dict[str, ParamValue] = {}
        for name, param in self.items():
            if name in params and (param.when is None or kept.get(param.when.name) in param.when.values):
                kept[name] = params[name]
        return kept

    def check(self, params: Mapping[str, Any]) -> dict[str, ParamValue]:
        """`params` completed with defaults, typed, and without what does not apply.

        Raises:
            ParamError: An unknown name or an illegal value, with what is legal.
        """
        for name in params:
            self.require(name)
        full = {
            name: param.check(name, params[name]) if name in params else param.default for name, param in self.items()
        }
        return self.active(full)

    def require(self, name: str) -> Param:
        """The param called `name`.

        Raises:
            ParamError: There is none; the message names those that are, nearest first.
        """
        if name not in self:
            near = difflib.get_close_matches(name, self, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else "."
            raise ParamError(f"unknown param `{name}`{hint} The params are: {', '.join(self) or 'none'}")
        return self[name]

    def narrowed(
        self,
        name: str,
        *,
        low: float | None = None,
        high: float | None = None,
        choices: tuple[Any, ...] | None = None,
        value: Any = None,
    ) -> "SearchSpace":
        """This space with one param narrowed, widened or fixed, within what is declared.

        A bound that is not given stays as it is. A number's choices stand for the range between them.

        Raises:
            ParamError: A value outside what is declared, bounds for a choice, an empty range; not one change asked.
        """
        param, declared = self.require(name), self._declared[name]
        is_bounded = low is not None or high is not None
        if (value is not None) + (choices is not None) + is_bounded != 1:
            raise ParamError(f"say how to change `{name}`: either a value, or choices, or a low and high bound")
        if isinstance(declared, Choice):
            within = param.within(name, low, high) if is_bounded else ()  # type: ignore[union-attr]  # of the same kind
            changed: Param = declared.narrowed(name, (value,) if value is not None else choices or within)
        else:
            if value is not None:
                low = high = value
            elif choices is not None:
                low, high = _ends(name, [declared.check(name, choice) for choice in choices])
            low = param.low if low is None else low  # type: ignore[union-attr]
            high = param.high if high is None else high  # type: ignore[union-attr]
            changed = declared.narrowed(name, low, high)
        return SearchSpace(self._params | {name: changed}, self._declared)

    def searched(self) -> "SearchSpace":
        """This space as a sampler sees it: what is held has its default only, what then never applies is left out."""
        found: dict[str, Param] = {}
        for name, param in self.items():
            if param.when is None or (param.when.name in found and _may_be(found[param.when.name], param.when.values)):
                found[name] = _held(param) if param.held else param
        return SearchSpace(found, self._declared)

    def telling(self, params: Params) -> dict[str, ParamValue]:
        """`params` without those that are held and at their default, which nobody chose."""
        return {
            name: value
            for name, value in params.items()
            if not (name in self and self[name].held and value == self[name].default)
        }

    def changed(self, params: Params) -> dict[str, ParamValue]:
        """`params` without those at their default."""
        return {name: value for name, value in params.items() if name not in self or value != self[name].default}

    def distributions(self) -> "dict[str, BaseDistribution]":
        """The Optuna distribution of every param, conditions aside."""
        return {name: param.distribution() for name, param in self.items()}

    def describe(self) -> dict[str, str]:
        """Each param's range and condition in words, for people and language models."""
        return {
            name: str(param)
            + (f", held at {param.default}" if param.held else "")
            + (f", when {param.when.name} is {' or '.join(map(str, param.when.values))}" if param.when else "")
            for name, param in self.items()
        }


def _held(param: Param) -> Param:
    if isinstance(param, Choice):
        return replace(param, choices=(param.default,))
    return replace(param, low=param.default, high=param.default)  # type: ignore[arg-type]  # of the param's own kind


def _may_be(param: Param, values: tuple[ParamValue, ...]) -> bool:
    return not isinstance(param, Choice) or any(choice in values for choice in param.choices)


def _ordered(name: str, low: Any, high: Any) -> tuple[Any, Any]:
    if low > high:
        raise ParamError(f"`{name}` needs a low bound that is not above the high one, got [{low:g}, {high:g}]")
    return low, high


def _ends(name: str, numbers: Sequence[float]) -> tuple[float, float]:
    if not numbers:
        raise ParamError(f"`{name}` needs at least one value")
    return min(numbers), max(numbers)


def _is_number(value: Any) -> bool:
    """Whether it is a finite number; True and False are none."""
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # a whole number beyond any float
        return False


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # a whole number of thousands of digits
        return "a number of far too many digits"
    return text if len(text) <= 80 else f"{text[:79]}…"
