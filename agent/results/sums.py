"""What a sum came to."""

from dataclasses import dataclass

from agent.results.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueUsed:
    """A value of a trial that a sum takes."""

    what: str  # ndcg@10 of trial 3
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Result):
    """The result, the values that it took, and of two values the first against the second."""

    expression: str
    result: float
    study: str | None = None  # that the values are of
    values: tuple[ValueUsed, ...] = ()
    difference: float | None = None  # the first of two values minus the second
    ratio: float | None = None  # the first by the second
    relative_change: float | None = None  # the difference as a share of the second
