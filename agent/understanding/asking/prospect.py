"""What a call would come to, told before it is made: why it cannot work, what would run, what to know before a yes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """Of one call that changes something."""

    problem: str | None = None  # why it cannot be done, or that it would change nothing
    is_of_columns: bool = False  # the problem is a question about the columns of a file, which an answer settles
    instead: Mapping[str, Any] = field(default_factory=dict)  # arguments that would be within a limit; None: left out
    asks: str = ""  # a sentence before a question: the study may not be the one that is meant
    study: str | None = None  # the one that it would be done to, where that is asked about
    runs: Mapping[str, Any] = field(default_factory=dict)  # trial, model, params, models: as they would be
    over: str = ""  # where the params come from that the call does not give
    n_runs: int | None = None  # training runs; None: as the call's arguments say
    there: str = ""  # the name of what it would make, where that is there already
    notes: tuple[str, ...] = ()  # sentences that a person should have read before a yes


Would = Callable[[str, Mapping[str, Any]], Prospect]
"""Of a tool's name and arguments."""


def unknown(tool: str, args: Mapping[str, Any]) -> Prospect:
    """Where there is nothing that a call could be checked against."""
    return Prospect()
