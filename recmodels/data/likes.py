"""A dataset under a rule of what counts as a like: what models learn as wanted, and what is relevant in lists.

A row that is no like is known all the same: models that predict learn from it, and nobody is recommended an item again
that they are known to have disliked.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from recmodels.data.column_names import RATINGS_ABROAD, ROLE_NAMES, VERDICTS, is_count, plain
from recmodels.errors import DataError
from recmodels.positive import EVERY, HOW_TO_SAY, PositiveRule, parse_rule

if TYPE_CHECKING:
    from recmodels.data.interactions import Interactions

_RATING_NAMES = frozenset(
    (
        *("rating", "ratings", "score", "scores", "star", "stars", "overall", "bookrating", "userrating", "starrating"),
        *("reviewscore", "grade", "grades", *RATINGS_ABROAD, *VERDICTS),
    )
)
_OTHER_NAMES = frozenset(name for tier in ROLE_NAMES["weight"][1:3] for name in tier)  # counts, amounts, yes or no
_MAX_LEVELS = 101  # distinct values of a scale: 0 to 10 in tenths, or 0 to 100
_SCALES = {5: 4.0, 10: 8.0, 100: 80.0}  # the top, and where its upper part begins
TOPS = tuple(_SCALES)
_ABOVE_0 = PositiveRule(bound=0.0, is_strict=True)


def rule_of(text: str | None, interactions: "Interactions") -> PositiveRule:
    """The rule that is asked for, or where None is the one that suits the data.

    Raises:
        ParamError: The text is no rule.
    """
    return default_rule(interactions) if text is None else parse_rule(text)


def default_rule(interactions: "Interactions") -> PositiveRule:
    """What was chosen for the data; else the upper part of a scale of ratings, 4 of 5, or all rows where there is none.

    - A column called as ratings are, with the values of a scale: up to 5, 10 or 100 in tenths at most, votes below and
      above 0, yes and no as 1 and 0; also 1 and -1 under any name. A 0 on the longer scales means not rated or
      the lowest rating, and is no like.
    - Plays, counts, hours, purchases and the like say how often, not how good: all of them count. So do weights under
      another name, unless all of 1 to 5 or 1 to 10 and nothing else is there.
    """
    if interactions.choices.positive is not None:
        return parse_rule(interactions.choices.positive)
    weights = interactions.weights
    name = plain(interactions.columns.get("weight", ""))
    if weights is None or not len(weights):
        return EVERY
    levels = np.unique(weights).astype(np.float64)
    if {-1.0, 1.0} <= set(levels) <= {-1.0, 0.0, 1.0}:
        return _ABOVE_0
    if name in _OTHER_NAMES or is_count(name):
        return EVERY
    low, high = float(levels[0]), float(levels[-1])
    if low < 0:
        return _ABOVE_0 if high > 0 and is_rating(name) else EVERY
    if set(levels) == {0.0, 1.0}:
        return _ABOVE_0 if is_rating(name) else EVERY
    top = _scale(name, levels)
    return EVERY if top is None else PositiveRule(bound=_SCALES[top])


def is_rating(column: str) -> bool:
    """Whether a column is called as ratings are."""
    name = plain(column)
    return name in _RATING_NAMES or name.endswith(("rating", "stars"))


def scale_of(interactions: "Interactions") -> int | None:
    """The top of the scale of the ratings, one of `TOPS`; None where there are none, or of no such scale."""
    weights, name = interactions.weights, plain(interactions.columns.get("weight", ""))
    if weights is None or not len(weights) or name in _OTHER_NAMES or is_count(name):
        return None
    levels = np.unique(weights).astype(np.float64)
    return None if levels[0] < 0 or set(levels) == {0.0, 1.0} else _scale(name, levels)


def _scale(name: str, levels: npt.NDArray[np.float64]) -> int | None:
    for top, bound in _SCALES.items():
        is_all_of_it = np.array_equal(levels, np.arange(1, top + 1)) or (levels[0] == 0.5 and len(levels) == 2 * top)
        if bound <= levels[-1] <= top and _is_in_tenths(levels) and (is_rating(name) or is_all_of_it):
            return top
    return None


def _is_in_tenths(levels: npt.NDArray[np.float64]) -> bool:
    return len(levels) <= _MAX_LEVELS and bool(np.allclose(levels * 10, np.round(levels * 10), atol=1e-3))


def with_likes(interactions: "Interactions", rule: PositiveRule) -> "Interactions":
    """The same users and items with the likes as interactions; all rows become the `examples` (see `Examples`).

    Data whose rows all are likes stay as they are.

    Raises:
        DataError: There are no weights to compare, or no row is a like.
    """
    if rule.is_all:
        return interactions
    weights = interactions.weights
    if weights is None:
        raise DataError(
            f"{rule.words()}, and the interactions of `{interactions.name}` have no ratings to compare; say `all`"
        )
    is_liked = rule.holds(weights)
    if is_liked.all():
        return interactions
    if not is_liked.any():
        raise DataError(
            f"no row of `{interactions.name}` is a like: {rule.words()}, and its ratings are "
            f"{float(weights.min()):g} to {float(weights.max()):g}; say another rule: {HOW_TO_SAY}"
        )
    examples = interactions.all_examples()
    labels = weights if examples.labels is None else examples.labels
    rows = ("users", "items", "weights", "times", "given_split", "outcomes")
    kept: dict[str, Any] = {name: getattr(interactions, name) for name in rows}
    kept = {name: None if array is None else array[is_liked] for name, array in kept.items()}
    return replace(interactions, examples=replace(examples, is_liked=rule.holds(labels)), **kept)


def said_of(interactions: "Interactions", rule: PositiveRule) -> str:
    """The rule in a sentence without its end, with how many rows it takes; empty without ratings."""
    weights, n = interactions.weights, len(interactions)
    if weights is None:
        return ""
    if rule.is_all:
        return f"{rule.words()}: {n:,} rows"
    n_liked = int(rule.holds(weights).sum())
    rest = "; the others are known but not relevant" if n_liked < n else ""
    return f"{rule.words()}: {n_liked:,} of {n:,} rows{rest}"
