"""What the outcomes of a dataset's rows count, under the names that the data have."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from recmodels.data.act_words import meaning_of
from recmodels.data.column_names import plain
from recmodels.data.interactions import Interactions
from recmodels.data.row_outcomes import with_names
from recmodels.errors import DataError, ParamError
from recmodels.outcomes import OutcomeWeights


def outcomes_of(interactions: Interactions, weights: OutcomeWeights) -> npt.NDArray[np.int32]:
    """The outcomes of each row that are weighed, bit i for the i-th of them. (n,)"""
    return _placed(interactions.outcomes, interactions.outcome_names, weights, len(interactions))


def outcomes_of_examples(interactions: Interactions, weights: OutcomeWeights) -> npt.NDArray[np.float32]:
    """Whether each outcome that is weighed came of each row to predict for, as 0 and 1. (m, c)"""
    examples = interactions.all_examples()
    bits = _placed(examples.outcomes, interactions.outcome_names, weights, len(examples))
    return (bits[:, None] >> np.arange(len(weights.names)) & 1).astype(np.float32)


def _placed(
    bits: npt.NDArray[np.int32] | None, names: tuple[str, ...], weights: OutcomeWeights, n: int
) -> npt.NDArray[np.int32]:
    others = tuple(name for name in names if name not in weights.names)
    placed = with_names(bits, names, (*weights.names, *others), n)
    return placed & np.int32((1 << len(weights.names)) - 1)


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
            f"columns of 0 and 1 say what came of it; `{interactions.name}` has none: no column of its file was taken "
            f"for one, as one called `event` or `action` is where a value is a known kind"
        )
    theirs = tuple(_called(interactions, name) for name in weights.names)
    if len(set(theirs)) < len(theirs):
        raise ParamError(f"an outcome is weighed twice in {weights.to_text()[:60]!r}: {', '.join(theirs)[:60]}")
    return replace(weights, names=theirs)


def _called(interactions: Interactions, name: str) -> str:
    """What the data call an outcome: the same word, or the only one that means the same, `kauf` for `purchase`."""
    names = interactions.outcome_names
    same = [known for known in names if known == name] or [known for known in names if plain(known) == plain(name)]
    meaning = meaning_of(name) or meaning_of(name.removesuffix("s"))
    alike = [known for known in names if meaning is not None and meaning_of(known) == meaning]
    if not same and len(alike) != 1:
        told = ", ".join(f"{known} ({n:,} rows)" for known, n in rows_of_outcomes(interactions).items())
        raise DataError(f"`{interactions.name}` has no outcome {name[:60]!r}; it has {told}")
    return (same or alike)[0]


def said_of(interactions: Interactions, weights: OutcomeWeights, *, predicts: bool = False) -> str:
    """The weights in a sentence without its end, with the rows of each outcome, what counts nothing, what is learned.

    Args:
        predicts: Whether outcomes are predicted, and not ranked by.
    """
    counts = rows_of_outcomes(interactions)
    pairs = zip(weights.names, weights.weights, strict=True)
    told = ", ".join(f"{name} counts {weight:g} ({counts[name]:,} rows)" for name, weight in pairs)
    others = [f"{name} ({n:,} rows)" for name, n in counts.items() if name not in weights.names]
    rest = f"; not weighed and never relevant: {', '.join(others)}" if others else ""
    if predicts:
        learned = ", ".join(f"{name} {share:.3g}" for name, share in zip(weights.names, weights.shares(), strict=True))
        return f"{told}{rest}; models learn the weighted mean of a row's outcomes ({learned})"
    return f"{told}{rest}; models learn from all events alike"


def rows_of_outcomes(interactions: Interactions) -> dict[str, int]:
    """Rows with each outcome, the most first."""
    found = interactions.all_examples().outcomes
    bits = np.zeros(0, dtype=np.int32) if found is None else found
    counts = {name: int((bits >> place & 1).sum()) for place, name in enumerate(interactions.outcome_names)}
    return dict(sorted(counts.items(), key=lambda one: -one[1]))
