"""A dataset in counts: its ratings, its times, how long histories are, and how the parts of its split overlap."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agent.results.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCount:
    """A rating, or a range of them where there are many."""

    low: float
    high: float  # the same as `low` for a single value
    n: int  # rows
    share: float  # of all rows


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingCounts(Result):
    """How often each rating was given."""

    dataset: str
    what: Literal["values"]
    column: str | None  # of the file
    n_rows: int
    n_values: int  # that differ; 0 where the rows have none
    rows: tuple[ValueCount, ...]
    positive: str = ""  # the rule by which rows count as likes, in its short form
    likes: str = ""  # the same in words, and how many rows it takes; empty without ratings


@dataclass(frozen=True, slots=True, kw_only=True)
class Times(Result):
    """When things happened, and how much of the order is a tie."""

    dataset: str
    what: Literal["times", "dates"]  # dates: only from when to when is asked
    time_kind: str  # timestamp, order, none
    n_rows: int
    first: str | int | None = None
    last: str | int | None = None
    tied_share: float | None = None  # of rows that share their user's moment; None where there are no times
    n_users_tied_at_the_end: int | None = None  # whose last row has no moment of its own, so that chance holds it out
    n_users_of_one_moment: int | None = None  # all of whose rows share one


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How many rows the users have, or the items."""

    n: int  # users, or items
    least: int
    median: float
    p90: float
    most: int
    below: Mapping[int, float]  # the share with fewer rows than this, by the number


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts(Result):
    """How long histories are, and how often items are taken."""

    dataset: str
    what: Literal["counts"]
    n_rows: int
    users: Lengths
    items: Lengths


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Train, valid or test: how large it is, and what of it train does not know."""

    n_rows: int
    n_users: int
    n_items: int
    first: str | int | None = None
    last: str | int | None = None
    n_new_users: int = 0  # that are not in train
    n_new_items: int = 0
    new_share: float = 0.0  # of its rows whose user or item is not in train
    again_share: float = 0.0  # of its rows whose pair of user and item is in train too


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts(Result):
    """How a dataset is split, and how the parts overlap."""

    dataset: str
    what: Literal["parts"]
    split: str  # leave_last_out, temporal, random, given
    of_study: str | None = None  # whose split it is; None: the one that the data would get
    parts: Mapping[str, Part]
    train_after_valid_share: float | None = None  # of train's rows, later than the first of valid; None without times
