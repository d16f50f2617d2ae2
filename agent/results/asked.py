"""What a dataset holds, counted as a question asks for it. Ids, values and notes of the file are quoted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from agent.results.result import Result

Side = Literal["users", "items", "rows"]
"""What is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut(Result):
    """Which rows were left out on the way to a dataset, and why."""

    dataset: str
    what: Literal["left_out"]
    n_kept: int  # rows
    n_left_out: int  # rows, as far as they were counted
    of: Side | None = None  # what was asked for; only rows are counted
    reasons: tuple[str, ...] = ()  # as noted while reading and filtering
    is_part: bool = False  # only the reasons that hold what was said


@dataclass(frozen=True, slots=True, kw_only=True)
class Size(Result):
    """How many rows, users and items a dataset has; with another one to compare it with."""

    dataset: str
    what: Literal["size"]
    n_rows: int
    n_users: int
    n_items: int
    of: Side | None = None  # what was asked for
    against: Mapping[str, int] = field(default_factory=dict)  # of the other dataset: n_rows, n_users, n_items
    against_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedRow:
    """A user or an item by its place."""

    rank: int  # from 1
    id: str
    text: str | None = None  # of the item
    n: int  # rows
    mean: float | None = None  # rating


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked(Result):
    """The users with the most rows, or the items with the best or worst mean rating."""

    dataset: str
    what: Literal["top_users", "top_rated", "low_rated"]
    n: int  # users or items in all
    n_rows: int
    column: str | None = None  # of the ratings
    least: int = 1  # rows that a place needs
    rows: tuple[RankedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueOf:
    """One value of a column, and how many users, items or rows have it."""

    value: str
    n: int
    is_asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnCounted:
    """A column by its values, the most frequent first."""

    column: str
    side: Side  # what has a value of it
    n: int  # of the side, in all
    values: tuple[ValueOf, ...]
    n_more: int = 0  # values that are not shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Result):
    """How many users, items or rows there are of what was said, where a column that is kept tells it."""

    dataset: str
    what: Literal["share"]
    said: str
    of: Side | None = None
    columns: tuple[ColumnCounted, ...] = ()  # those that hold what was said; where none does, all that could be asked
    is_found: bool
    n_rows: int = 0  # that are of what was said
    n_users: int | None = None  # the same; None: not known
    n_all: int = 0  # rows in all
    is_about: bool = False  # counted in the file, of which rows were left out
    is_without: bool = False  # how many rows would be left without them is asked
    notes: tuple[str, ...] = ()  # that speak of what was said, where no column tells it


@dataclass(frozen=True, slots=True, kw_only=True)
class Regular(Result):
    """Who has rows in every month, week or day that the data cover."""

    dataset: str
    what: Literal["regular"]
    period: Literal["month", "week", "day"]
    n_periods: int  # 0: there are no times
    n_users: int  # in all
    n_regular: int
    users: tuple[str, ...] = ()  # the first of them, those with the most rows first
