"""Declared ranges of a model's params: what is legal, what is the default, and what applies when.

SPACE = SearchSpace({
    "learning_rate": Float(1e-4, 1e-1, default=1e-2, log=True),
    "adapter": Choice(("lora", "frozen"), default="lora"),
    "rank": Int(1, 64, default=8, log=True, when=When("adapter", ("lora",))),
})
SPACE.check({"learning_rate": 0.01})  # → {"learning_rate": 0.01, "adapter": "lora", "rank": 8}
"""

import difflib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from recmodels.errors import ParamError

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
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ParamError(f"`{name}` must be a number in {self}, got {value!r}")
        if not self.low <= value <= self.high:
            raise ParamError(f"`{name}` must be in {self}, got {value}")
        return float(value)

    def narrowed(self, name: str, low: float | None, high: float | None) -> "Float":
        low, high = self.low if low is None else float(low), self.high if high is None else float(high)
        _check_range(name, low, high, self.log)
        return replace(self, low=low, high=high, default=min(max(self.default, low), high), held=False)

    def distribution(self) -> BaseDistribution:
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
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise ParamError(f"`{name}` must be a whole number in {self}, got {value!r}")
        if not self.low <= value <= self.high:
            raise ParamError(f"`{name}` must be in {self}, got {value}")
        return int(value)

    def narrowed(self, name: str, low: float | None, high: float | None) -> "Int":
        low = self.low if low is None else self._whole(name, low)
        high = self.high if high is None else self._whole(name, high)
        _check_range(name, low, high, self.log)
        return replace(self, low=low, high=high, default=min(max(self.default, low), high), held=False)

    def distribution(self) -> BaseDistribution:
        return IntDistribution(self.low, self.high, log=self.log)

    @staticmethod
    def _whole(name: str, value: float) -> int:
        if not math.isfinite(value) or value != value // 1:
            raise ParamError(f"the bounds of `{name}` must be whole numbers, got {value}")
        return int(value)

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
        raise ParamError(f"`{name}` must be one of {self}, got {value!r}")

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
        bottom, top = (-math.inf if low is None else low), (math.inf if high is None else high)
        kept = tuple(number for number in numbers if bottom <= number <= top)
        if not kept:
            raise ParamError(f"`{name}` has no choice in [{bottom:g}, {top:g}]; it is one of {self}")
        return kept

    def distribution(self) -> BaseDistribution:
        return CategoricalDistribution(self.choices)

    def __str__(self) -> str:
        return ", ".join(str(choice) for choice in self.choices)


Param = Float | Int | Choice
"""A `held` one, such as a budget, stays at its default in a study until a person gives it a range."""


class SearchSpace(Mapping[str, Param]):
    """The params of one model by name, in the order they are declared; a condition names an earlier param."""

    def __init__(self, params: Mapping[str, Param]) -> None:
        self._params = dict(params)

    def __getitem__(self, name: str) -> Param:
        return self._params[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._params)

    def __len__(self) -> int:
        return len(self._params)

    def defaults(self) -> dict[str, ParamValue]:
        """The default of every param that applies."""
        return self.active({name: param.default for name, param in self.items()})

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
            hint = f"; did you mean `{near[0]}`?" if near else ""
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
        """This space with one param narrowed, widened or fixed; numbers may be widened, choices only narrowed.

        Raises:
            ParamError: Bounds for a choice, choices for a number, an empty range, or nothing asked.
        """
        param = self.require(name)
        if value is None and choices is None and low is None and high is None:
            raise ParamError(f"say how to change `{name}`: a value, choices, or a low and high bound")
        if isinstance(param, Choice):
            within = param.within(name, low, high) if low is not None or high is not None else ()
            wanted = (value,) if value is not None else choices or within
            changed: Param = param.narrowed(name, wanted)
        elif choices is not None:
            numbers = [Float(-math.inf, math.inf, 0.0).check(name, choice) for choice in choices]
            changed = param.narrowed(name, min(numbers, default=None), max(numbers, default=None))
        elif value is not None:
            number = Float(-math.inf, math.inf, 0.0).check(name, value)
            changed = param.narrowed(name, number, number)
        else:
            changed = param.narrowed(name, low, high)
        return SearchSpace(self._params | {name: changed})

    def searched(self) -> "SearchSpace":
        """This space as a sampler sees it: what is held has its default only, what then never applies is left out."""
        found: dict[str, Param] = {}
        for name, param in self.items():
            if param.when is None or (param.when.name in found and _may_be(found[param.when.name], param.when.values)):
                found[name] = _held(param) if param.held else param
        return SearchSpace(found)

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

    def distributions(self) -> dict[str, BaseDistribution]:
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


def _check_range(name: str, low: float, high: float, log: bool) -> None:
    if not (math.isfinite(low) or math.isfinite(high)) or low > high:
        raise ParamError(f"`{name}` needs a low bound that is not above the high one, got [{low:g}, {high:g}]")
    if log and low <= 0:
        raise ParamError(f"`{name}` is searched on a log scale, so its low bound must be above 0, got {low:g}")
