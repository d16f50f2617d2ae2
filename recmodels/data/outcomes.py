"""What the outcomes of a dataset's rows count, under the names that the data have."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from recmodels.data.column_names import plain
from recmodels.data.interactions import Interactions
from recmodels.data.row_outcomes import with_names
from recmodels.errors import DataError, ParamError
from recmodels.outcomes import OutcomeWeights


def outcomes_of(interactions: Interactions, weights: OutcomeWeights) -> npt.NDArray[np.int32]:
    """The outcomes of each row that are weighed, bit i for the i-th of them. (n,)"""
    names = interactions.outcome_names
    others = tuple(name for name in names if name not in weights.names)
    bits = with_names(interactions.outcomes, names, (*weights.names, *others), len(interactions))
    return bits & np.int32((1 << len(weights.names)) - 1)


def known_outcomes(interactions: Interactions, weights: OutcomeWeights) -> OutcomeWeights:
    """The weights under the names that the data have: `Purchase` for `purchase`.

    Raises:
        DataError: The data name no outcomes of their rows, or not this one.
        ParamError: Two names are of one outcome.
    """
    names = interactions.outcome_names
    if not names:
        raise DataError(
            f"outcomes can be weighed where a column names the kind of each event, such as view and purchase, or "
            f"columns of 0 and 1 say what came of it; `{interactions.name}` has none (data added by an earlier "
            f"version keep none: add them again)"
        )
    found = {plain(name): name for name in reversed(names)} | {name: name for name in names}
    for name in weights.names:
        if name not in found and plain(name) not in found:
            told = ", ".join(f"{known} ({n:,} rows)" for known, n in _counts(interactions).items())
            raise DataError(f"`{interactions.name}` has no outcome {name[:60]!r}; it has {told}")
    theirs = tuple(found.get(name, found[plain(name)]) for name in weights.names)
    if len(set(theirs)) < len(theirs):
        raise ParamError(f"an outcome is weighed twice in {weights.to_text()[:60]!r}: {', '.join(theirs)[:60]}")
    return replace(weights, names=theirs)


def said_of(interactions: Interactions, weights: OutcomeWeights) -> str:
    """The weights in a sentence without its end, with the rows of each outcome, and what counts nothing."""
    counts = _counts(interactions)
    pairs = zip(weights.names, weights.weights, strict=True)
    told = ", ".join(f"{name} counts {weight:g} ({counts[name]:,} rows)" for name, weight in pairs)
    others = [f"{name} ({n:,} rows)" for name, n in counts.items() if name not in weights.names]
    rest = f"; not weighed and never relevant: {', '.join(others)}" if others else ""
    return f"{told}{rest}; models learn from all events alike"


def _counts(interactions: Interactions) -> dict[str, int]:
    """Rows with each outcome, the most first."""
    bits = np.zeros(len(interactions), dtype=np.int32) if interactions.outcomes is None else interactions.outcomes
    counts = {name: int((bits >> place & 1).sum()) for place, name in enumerate(interactions.outcome_names)}
    return dict(sorted(counts.items(), key=lambda one: -one[1]))
