"""How a dataset is made up: rows over time, by user, by item and by rating; counted once for each content."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agent.answers import data_counts
from agent.answers.data_rows import head
from agent.errors import USER_ERRORS
from agent.results.counts import Lengths, RatingCounts
from agent.results.rows import Row
from recmodels.data.interactions import Interactions
from recmodels.data.likes import default_rule, said_of, with_likes
from recmodels.data.repeats import choice_of
from recmodels.data.split import split
from recmodels.data.stored_dataset import StoredDataset
from recmodels.request import SplitSpec

N_ROWS = 8  # that are shown as an example
MOST_PERIODS = 120  # bars of rows over time
SPLIT_TRIED = 3_000_000  # rows at most that are split to see what comes again
_STEPS = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000, 1_000_000)
_UNITS = {"hour": "h", "day": "D", "week": "W", "month": "M", "year": "Y"}
PERIODS = tuple(_UNITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """How often each of some ranges occurs."""

    what: str  # month, rows of a user
    labels: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def most(self) -> int:
        """The place of the highest."""
        return int(np.argmax(self.counts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is counted in the rows of a dataset."""

    first: str  # moment, empty without times
    last: str
    over_time: Bars | None  # None: the rows have no times
    by_user: Bars
    by_item: Bars
    users: Lengths
    items: Lengths
    ratings: RatingCounts
    likes: str  # the rule of likes that suits the data, with how many rows it takes; empty without ratings
    repeats: str  # what becomes of items that people had before
    sample: tuple[Row, ...]
    item_columns: tuple[str, ...]  # what is known of the items
    user_columns: tuple[str, ...]


def shape_of(stored: StoredDataset) -> Shape:
    """Raises recmodels.errors.DataError: its rows are damaged."""
    return _shape(stored.folder, stored.fingerprint, stored.name)


@lru_cache(maxsize=16)
def _shape(folder: Path, fingerprint: str, name: str) -> Shape:
    data = Interactions.load(folder)
    counted = data_counts.counts(name, data)
    times = data_counts.times(name, data)
    return Shape(
        first=str(times.first or ""),
        last=str(times.last or ""),
        over_time=_over_time(data),
        by_user=_lengths("rows of a user", np.bincount(data.users, minlength=data.n_users)),
        by_item=_lengths("rows of an item", np.bincount(data.items, minlength=data.n_items)),
        users=counted.users,
        items=counted.items,
        ratings=data_counts.values(name, data),
        likes=said_of(data, default_rule(data)),
        repeats=_repeats(data),
        sample=head(name, data, None, N_ROWS).rows,
        item_columns=_columns(data.item_table),
        user_columns=_columns(data.user_table),
    )


def _columns(table: object) -> tuple[str, ...]:
    return tuple(map(str, getattr(table, "columns", ())))


def _over_time(data: Interactions) -> Bars | None:
    """Rows by the finest period of which there are not too many."""
    if data.times is None or data.time_kind != "timestamp" or not len(data.times):
        return None
    moments = data.times.astype("datetime64[s]")
    for one, unit in _UNITS.items():
        places = moments.astype(f"datetime64[{unit}]").astype(np.int64)
        word, low, high = one, int(places.min()), int(places.max())
        if high - low < MOST_PERIODS:
            break
    if high - low >= 10 * MOST_PERIODS:  # times that are no times of a calendar
        return None
    counts = np.bincount(places - low)
    labels = np.arange(low, high + 1).astype(f"datetime64[{unit}]").astype(str)
    return Bars(what=word, labels=tuple(map(str, labels)), counts=tuple(counts.tolist()))


def _lengths(what: str, sizes: npt.NDArray[np.int64]) -> Bars:
    """How many have 1 row, 2, 3 to 4, 5 to 9, …"""
    most = int(sizes.max(initial=1))
    edges = [step for step in _STEPS if step <= most]
    counts, _ = np.histogram(sizes, bins=[*edges, max(most, edges[-1]) + 1])
    labels = [*(_range(low, high - 1) for low, high in pairwise(edges)), _range(edges[-1], most)]
    first = int(np.argmax(counts > 0))
    return Bars(what=what, labels=tuple(labels[first:]), counts=tuple(counts[first:].tolist()))


def _range(low: int, high: int) -> str:
    return f"{low:,}" if low >= high else f"{low:,}–{high:,}"


def _repeats(data: Interactions) -> str:
    """The rule for items that come again, with its reason."""
    if len(data) > SPLIT_TRIED:
        return "decided when a study begins, from what comes again"
    try:
        liked = with_likes(data, default_rule(data))
        return (
            choice_of(None, liked, split(liked, SplitSpec())).says or "nothing comes again, so no item is listed twice"
        )
    except USER_ERRORS as error:
        return f"cannot be told: {error}"
