"""Rows of a dataset: what can be looked at in it. Ids and texts of the file are quoted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agent.results.result import Result

Order = Literal["latest", "file"]
"""How rows stand: the latest first, or as in the file, where it has no times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One interaction."""

    user: str
    item: str
    text: str | None = None  # of the item
    weight: float | None = None
    time: str | int | None = None  # "2024-05-31 17:04" in UTC, or what the file says


@dataclass(frozen=True, slots=True, kw_only=True)
class Head(Result):
    """The first rows, of the whole dataset or of one user or item."""

    dataset: str
    what: Literal["head"]
    filter: str | None = None  # the user or item
    n: int  # rows in all
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneUser(Result):
    """A person's history, the latest first where there is an order, else as the file has it."""

    dataset: str
    what: Literal["user"]
    user: str
    n: int  # rows
    n_items: int  # that the user took
    order: Order = "latest"
    about: Mapping[str, str] | None = None  # what is known of the user, by column
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneItem(Result):
    """An item: how often it was taken, and its latest rows."""

    dataset: str
    what: Literal["item"]
    item: str
    n: int  # rows
    n_users: int  # that took it
    rank: int  # by popularity, from 1
    of: int  # items in the dataset
    order: Order = "latest"
    about: Mapping[str, str] | None = None  # what is known of the item, by column
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedPair:
    """A user and an item that stand together in several rows."""

    user: str
    item: str
    n: int  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats(Result):
    """How many rows repeat an earlier one, and the most frequent pairs."""

    dataset: str
    what: Literal["repeats"]
    n_rows: int
    n_pairs: int
    n_repeated_pairs: int
    n_repeated_rows: int
    n_same_moment_rows: int | None = None  # that repeat an earlier one, its time included; None without times
    n_users: int = 0
    n_users_again: int | None = None  # that took an item more than once
    left_out: tuple[str, ...] = ()  # notes on repeats that were left out while reading
    rows: tuple[RepeatedPair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredBaseline:
    """What recommending the most popular items reached on validation."""

    study: str
    model: str
    metric: str
    value: float
    low: float | None = None  # 95 % interval over users
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PopularItem:
    """An item by its place in popularity."""

    rank: int  # from 1
    item: str
    n: int  # rows
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Popular(Result):
    """The items with the most rows."""

    dataset: str
    what: Literal["popular"]
    n_items: int  # in the dataset
    share: float  # of all rows, that go to the items below
    top_1_share: float = 0.0  # of all rows, that go to the most popular 1 % of items
    top_10_share: float = 0.0  # … 10 %
    baseline: MeasuredBaseline | None = None  # popularity as a recommender, where a study measured it
    rows: tuple[PopularItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns(Result):
    """What a file's columns are read as, and what else is known of items and users."""

    dataset: str
    what: Literal["columns"]
    roles: Mapping[str, str]  # column by role
    time_kind: str | None
    text: tuple[str, ...]  # columns
    groups: tuple[str, ...]  # columns
    tables: Mapping[str, Mapping[str, str]]  # of items and of users: the type of each column
    context: Mapping[str, str]  # of a row: the type of each column
    notes: tuple[str, ...]  # made while reading
