"""Datasets: listed, described, added, renamed and removed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agent.results.result import Result

Profile = Mapping[str, float]
"""What was measured of a dataset, by name: n_users, density, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetListed:
    """A dataset in short."""

    name: str
    n_users: float | None = None
    n_items: float | None = None
    n_interactions: float | None = None
    built_in: bool = False  # made at its first use
    is_damaged: bool = False  # so that it cannot be read


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetList(Result):
    """The datasets that can be tuned on."""

    count: int
    datasets: tuple[DatasetListed, ...]  # the first ones


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetDescribed(Result):
    """What a dataset holds."""

    dataset: str
    description: str  # quoted
    profile: Profile
    columns: Mapping[str, str]  # by role, quoted
    notes: tuple[str, ...]  # made while reading, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetAdded(DatasetDescribed):
    """A dataset that was read from a file."""

    added: bool  # False: the same content was there before
    asked: str = ""  # what it was to be called
    corrects: str = ""  # the dataset whose file was read again; where the names differ, both are there
    version: str = ""  # what it comes from, where its events were joined to another dataset's; quoted
    what_is_new: tuple[str, ...] = ()  # in it, and what has drifted
    hashed: tuple[str, ...] = ()  # whose ids were asked to be hashed: "user", "item"
    copy_removed: str = ""  # the dropped file whose copy, with clear ids, is gone; quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRenamed(Result):
    """A dataset's name, and the one that it had."""

    before: str
    dataset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRemoved(Result):
    """A dataset that is out of the list."""

    dataset: str | None  # None: all that were removed before
    n_studies: int  # on it
    kept_in: str  # a folder; empty: it was deleted for good
    deleted: str = ""  # for good, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTold(Result):
    """What is known of how a dataset was read, made and measured, in sentences; texts of files are quoted."""

    dataset: str | None  # None: of all
    what: Literal["versions", "changes", "bots", "reading", "measured", "studies", "privacy"]
    lead: str  # quoted, as the sentences are
    sentences: tuple[str, ...] = ()
