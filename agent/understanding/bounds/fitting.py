"""Whether an amount can be of a name: a whole number of a count, a share of a metric, a value within reach of a param."""

import functools
from dataclasses import dataclass
from typing import Any

from agent.understanding.bounds.bounds import Bound
from agent.words.names import choice_params
from agent.words.said import Span
from recmodels.metrics import METRICS
from recmodels.models import MODELS, whole_space
from recmodels.search_space import Choice, Float

_UNUSUAL = 1.5
"""The cost of a value far outside the declared range, which the tool will refuse: "dropout 64"."""
_COUNTED = ("weights_bytes", "peak_memory_bytes", "n_parameters")  # metrics of whole amounts
_FAR = 100.0  # times an end of the range


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the models together declare of a param."""

    is_whole: bool
    is_number: bool
    low: float
    high: float
    words: frozenset[str]
    is_switch: bool  # off unless it is said


@functools.cache
def declared(param: str) -> Declared:
    """The union of a param's declarations in all models."""
    kinds = [space[param] for space in map(whole_space, MODELS) if param in space]
    choices = [value for kind in kinds if isinstance(kind, Choice) for value in kind.choices]
    ends = [float(end) for kind in kinds if not isinstance(kind, Choice) for end in (kind.low, kind.high)]
    numbers = [value for value in choices if isinstance(value, int | float) and not isinstance(value, bool)]
    values = [*ends, *map(float, numbers)]
    is_whole = bool(values) and not any(isinstance(kind, Float) for kind in kinds)
    return Declared(
        is_whole=is_whole and all(isinstance(value, int) for value in numbers),
        is_number=bool(values),
        low=min(values, default=0.0),
        high=max(values, default=0.0),
        words=frozenset(value for value in choices if isinstance(value, str)),
        is_switch=any(
            isinstance(kind, Choice) and set(kind.choices) == {False, True} and kind.choices[0] is False
            for kind in kinds
        ),
    )


def cost(owner: Span, bound: Bound) -> float | None:
    """What speaks against this amount being of this name; None where it cannot be.

    >>> from agent.words.said import Span
    >>> layers = Span(kind="param", value=("n_layers",), start=0, end=6)
    >>> cost(layers, Bound(start=7, end=8, spans=(), value=2)), cost(layers, Bound(start=7, end=10, spans=(), value=0.3))
    (0.0, None)
    """
    values = [value for value in (bound.low, bound.high, bound.value, *bound.choices) if value is not None]
    if bound.is_multiple:
        if owner.kind != "param":
            return None
        values.remove(bound.high)
    if owner.kind == "noun":
        return _cost_of_count(bound, values)
    if owner.kind == "metric":
        return _cost_of_metric(str(owner.value), bound, values)
    costs = [found for param in owner.value if (found := _cost_of_param(param, bound, values)) is not None]
    return min(costs, default=None)


def _cost_of_count(bound: Bound, values: list[Any]) -> float | None:
    return 0.0 if all(isinstance(value, int) and value >= 0 for value in values) and not bound.choices else None


def _cost_of_metric(metric: str, bound: Bound, values: list[Any]) -> float | None:
    name = metric.partition("@")[0]
    if bound.factor is not None or bound.choices or any(isinstance(value, str) for value in values):
        return None
    least = 1.0 if name in _COUNTED else 0.0
    return 0.0 if all(least <= value <= METRICS[name].range[1] or not value for value in values) else None


def _cost_of_param(param: str, bound: Bound, values: list[Any]) -> float | None:
    known = declared(param)
    words = [value for value in values if isinstance(value, str)]
    if words:
        return 0.0 if any(param in choice_params().get(word, ()) for word in words) else None
    if not known.is_number:
        return None
    if known.is_whole and any(float(value) != int(value) for value in values) and not _parts(bound):
        return None
    is_far = any(value > known.high * _FAR or 0 < value < known.low / _FAR for value in values)
    is_far = is_far or (known.high <= 1 and any(value > 1 for value in values))
    return _UNUSUAL if is_far else 0.0


def _parts(bound: Bound) -> bool:
    return any(span.parts for span in bound.spans)
