"""The rule by which rows of a dataset count as likes, as people write it; `data/likes.py` applies it.

>>> parse_rule(">= 4").words()
'ratings of 4 and more count as likes'
>>> parse_rule("all").to_text()
'all'
"""

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recmodels.errors import ParamError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

HOW_TO_SAY = "`all`, `>=4` or `>3.5`"
_EVERY = frozenset(("all", "every", "any", "everything"))
_BOUND = re.compile(r"(?:(>=|=>|≥|>)\s*([-+]?\d*\.?\d+)|([-+]?\d*\.?\d+)\s*\+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PositiveRule:
    """Every row counts, or those whose weight is high enough."""

    bound: float | None = None  # None: every row counts
    is_strict: bool = False  # above the bound; else from it on

    @property
    def is_all(self) -> bool:
        return self.bound is None

    def holds(self, weights: "npt.NDArray[np.float32]") -> "npt.NDArray[np.bool_]":
        """Whether each row is a like. (n,); weights are finite."""
        bound = weights.dtype.type(-math.inf if self.bound is None else self.bound)  # as exact as the weights are
        found: npt.NDArray[np.bool_] = weights > bound if self.is_strict else weights >= bound
        return found

    def to_text(self) -> str:
        """What `parse_rule` reads back: `all`, `>=4`, `>0`."""
        return "all" if self.bound is None else f"{'>' if self.is_strict else '>='}{self.bound:g}"

    def words(self) -> str:
        """The rule as a clause."""
        if self.bound is None:
            return "every row counts as a like"
        return f"ratings {f'above {self.bound:g}' if self.is_strict else f'of {self.bound:g} and more'} count as likes"


EVERY = PositiveRule()


def parse_rule(text: str) -> PositiveRule:
    """The rule that somebody wrote: `all`, `>=4`, `> 3.5`, `4+`.

    Raises:
        ParamError: It is none.
    """
    said = text.strip().lower()
    if said in _EVERY:
        return EVERY
    if (found := _BOUND.fullmatch(said)) is None:
        raise ParamError(f"what counts as a like is said as {HOW_TO_SAY}, got {text[:60]!r}")
    sign, bound, at_least = found.groups()
    return PositiveRule(bound=float(bound or at_least), is_strict=sign == ">")
