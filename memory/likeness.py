"""How alike two datasets are, from their profiles: what was learned on one holds on the other the more, the likelier.

Counts are compared by their order of magnitude, shares by their difference. Each difference is divided by the one that
counts as "clearly different" (`scale`), and the weighted root mean square of all of them, d, gives exp(-d).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feature:
    """How one number of a profile is compared."""

    scale: float  # the difference that counts as clearly different, after the logarithm where there is one
    weight: float = 1.0
    is_log: bool = False
    floor: float = 0.0  # values below it are as good as it


# weights: fitted on pairs of measured datasets, by what good params of one are worth on the other
# (bench_likeness.py); what told nothing there keeps a little, since unlike data may agree in what did
_COUNT = Feature(1.0, is_log=True)
_SHARE = Feature(0.25)
_LENGTH = Feature(0.5, is_log=True)
_FLAG = Feature(1.0, 0.5)
_DETAIL = Feature(1.0, 0.25, is_log=True)
FEATURES: dict[str, Feature] = {
    "n_users": _COUNT,
    "n_items": _COUNT,
    "n_interactions": Feature(1.0, 14.0, is_log=True),
    "density": Feature(1.0, 20.0, is_log=True, floor=1e-7),
    "history_mean": _LENGTH,
    "history_median": _LENGTH,
    "history_p90": Feature(0.5, 5.0, is_log=True),
    "history_max": _DETAIL,
    "popularity_gini": _SHARE,
    "popularity_top20_share": _SHARE,
    "cold_item_share": _SHARE,
    "repeat_rate": _SHARE,
    "time_span_days": Feature(1.0, 0.5, is_log=True, floor=1.0),
    "has_time": _FLAG,
    "has_order": _FLAG,
    "has_weights": _FLAG,
    "has_text": _FLAG,
}
_OTHER = _DETAIL  # a number that this file does not know
_MOST = 4.0  # one number alone says no more than this
_UNKNOWN = 1.0  # the scaled difference of a number that only one profile has


def likeness(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """In [0, 1], symmetric: 1 for equal profiles, 0 when they have no number in common."""
    a, b = _finite(a), _finite(b)
    if not a.keys() & b.keys():
        return 0.0
    total = weights = 0.0
    for name in sorted(a.keys() | b.keys()):  # sums of floats depend on their order
        weight = FEATURES.get(name, _OTHER).weight
        total += weight * difference(name, a, b) ** 2
        weights += weight
    return math.exp(-math.sqrt(total / weights))


def difference(name: str, a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Of one number of two profiles, 1 where they clearly differ."""
    return _difference(FEATURES.get(name, _OTHER), a.get(name), b.get(name))


def _difference(feature: Feature, x: float | None, y: float | None) -> float:
    if x is None or y is None:
        return _UNKNOWN
    return min(abs(_placed(feature, x) - _placed(feature, y)) / feature.scale, _MOST)


def _placed(feature: Feature, value: float) -> float:
    if not feature.is_log:
        return value
    if feature.floor:
        return math.log10(max(value, feature.floor))
    return math.copysign(math.log10(1 + abs(value)), value)


def _finite(profile: Mapping[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in profile.items() if math.isfinite(value)}
