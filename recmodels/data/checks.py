"""What was found in the rows of a dataset and can hardly be right, as notes that a person should look at."""

from collections.abc import Sequence

from recmodels.data.interactions import Interactions
from recmodels.data.leaks import leaks
from recmodels.data.outliers import outliers

CHECK = "check this: "  # begins each of these notes


def findings(interactions: Interactions) -> tuple[str, ...]:
    """The leaks and the outliers."""
    return tuple(CHECK + found for found in (*leaks(interactions), *outliers(interactions)))


def lasting(notes: Sequence[str]) -> tuple[str, ...]:
    """The notes on a dataset that hold for one that is made of it too: all but what was found in its rows."""
    return tuple(note for note in notes if not note.startswith(CHECK))
