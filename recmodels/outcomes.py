"""What each outcome of an event counts when lists are judged, as people write it; `grading.py` applies it.

>>> parse_outcomes("purchase=10, cart=3,view=1").to_text()
'purchase=10,cart=3,view=1'
>>> parse_outcomes("purchase=10,view=1").words()
'purchase counts 10, view 1'
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from recmodels.errors import ParamError

HOW_TO_SAY = "`purchase=10,cart=3,view=1`"
WEIGHED = "ndcg"  # the metric of lists whose relevance has grades
WEIGHED_PREDICTIONS = ("auc", "logloss")  # of labels: the weighted mean over the outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeWeights:
    """What an event with the outcome counts; one with several counts its highest, one with none of these nothing."""

    names: tuple[str, ...]
    weights: tuple[float, ...]

    def shares(self) -> tuple[float, ...]:
        """The weights as parts of 1."""
        return tuple(weight / sum(self.weights) for weight in self.weights)

    def to_text(self) -> str:
        """What `parse_outcomes` reads back."""
        return ",".join(f"{name}={weight:g}" for name, weight in zip(self.names, self.weights, strict=True))

    def words(self) -> str:
        """The weights as a clause."""
        (first, weight), *others = zip(self.names, self.weights, strict=True)
        return ", ".join([f"{first} counts {weight:g}", *(f"{name} {weight:g}" for name, weight in others)])


def parse_outcomes(text: str) -> OutcomeWeights:
    """The weights that somebody wrote: `purchase=10,cart=3,view=1`.

    Raises:
        ParamError: They are none: no number, below 0, all 0, or one outcome twice.
    """
    found: dict[str, float] = {}
    for part in text.split(","):
        name, equals, number = (piece.strip() for piece in part.rpartition("="))
        if not equals or not name:
            raise ParamError(f"outcomes are weighed as {HOW_TO_SAY}, got {part.strip()[:60]!r}")
        if name in found:
            raise ParamError(f"the outcome {name[:60]!r} is weighed twice, {found[name]:g} and {number[:20]}")
        found[name] = _weight(name, number)
    if not any(found.values()):
        raise ParamError(f"the weight of at least one outcome must be above 0, got {text.strip()[:60]!r}")
    return OutcomeWeights(names=tuple(found), weights=tuple(found.values()))


def _weight(name: str, text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not 0 <= weight < math.inf:
        raise ParamError(f"the weight of the outcome {name[:60]!r} must be a number of 0 or more, got {text[:20]!r}")
    return weight


def metric_names(outcomes: Sequence[str], metric: str = "recall") -> tuple[str, ...]:
    """What a metric of each outcome alone is called, a cutoff aside: `recall_of_add_to_cart` for `Add to cart`."""
    names: list[str] = []
    for outcome in outcomes:
        name = f"{metric}_of_" + (re.sub(r"\W+", "_", outcome.lower()).strip("_") or "other")
        names.append(name if name not in names else f"{name}_{len(names) + 1}")
    return tuple(names)
