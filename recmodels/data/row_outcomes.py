"""Outcomes of rows as bits: one number a row, whose bit i says whether the i-th outcome of the data came of it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

MOST = 31  # outcomes of a dataset: the bits of an int32 without its sign


def with_names(
    bits: npt.NDArray[np.int32] | None, names: Sequence[str], wanted: Sequence[str], n: int
) -> npt.NDArray[np.int32]:
    """The same outcomes under the places of `wanted`, which has all of `names`. (n,)

    Args:
        bits: None: nothing is known of the rows.
        n: How many rows there are.
    """
    found = np.zeros(n, dtype=np.int32)
    if bits is not None:
        for place, name in enumerate(names):
            found |= ((bits >> place) & 1) << list(wanted).index(name)
    return found


def union(*names: Sequence[str]) -> tuple[str, ...]:
    """All names once, in order of appearance; none where there are more than fit."""
    found = tuple(dict.fromkeys(name for part in names for name in part))
    return found if len(found) <= MOST else ()
