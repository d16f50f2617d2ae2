"""What every result has in common, and what comes back where there is none.

Result
├── Failure        a sentence for the person, or for the model to put its call right
│   ├── ColumnsAsked   a file whose columns could be read in several ways
│   └── NotDone        a call that the person did not order
├── Unknown        of a tool that this version does not have
└── one for each tool, see `by_tool`
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias, TypeVar

Part = Literal["validation", "test"]
"""What a metric was measured on."""

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = "dict[str, Json]"


_T = TypeVar("_T")


class Result:
    """What a tool found. Metrics are named with their cutoff; units stand in names: `_s`, `_ms`, `_bytes`."""

    __slots__ = ()


def extended(cls: type[_T], record: object, **more: object) -> _T:
    """A record of another class that tells what this one does, and more.

    `extended(TrialRanked, trial_shown(record), rank=1)`
    """
    shared = {field.name: getattr(record, field.name) for field in fields(record)}  # type: ignore[arg-type]
    return cls(**shared, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure(Result):
    """Why nothing was found or done."""

    error: str
    advice: str | None = None  # to the model, after several such calls


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsAsked(Failure):
    """One of several columns is meant, and the person must say which; with the call that waits for it."""

    question: str
    role: str  # the role that is asked about: user, item, time, …
    candidates: tuple[str, ...]  # names of columns
    path: str
    name: str | None  # what the dataset is to be called
    columns: Mapping[str, str] | None  # by role, as far as they were said
    corrects: str | None = None  # the dataset whose file is read again
    more: Mapping[str, object] = field(default_factory=dict)  # what else was said of the file, as arguments
    samples: tuple[Mapping[str, str], ...] = ()  # rows of the file by column, where the person showed it


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCall:
    """A call that a yes of the person would make."""

    tool: str
    args: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDone(Failure):
    """A call that was not made, since the person did not order it."""

    not_done: str  # why
    waits: WaitingCall | None = None  # for a yes
    study: str | None = None  # the one that it was to be done to, where that was left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(Result):
    """What a tool of another version found, by its keys."""

    values: Mapping[str, Json]
