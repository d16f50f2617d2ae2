"""Confirmations: begun, running, done; what test said is told in sentences that were checked when it was read."""

from dataclasses import dataclass

from agent.results.result import Part, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a confirmation said, and where its record lies."""

    at: str
    verdict: str
    details: tuple[str, ...]  # sentences
    record: tuple[str, ...]  # paths
    command: str  # that writes the record


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationBegun(Result):
    """A confirmation that runs from now on."""

    study: str
    confirmation: int  # from 1
    contenders: tuple[str, ...]
    baselines: tuple[str, ...]
    n_seeds: int  # of each contender, at most
    objective: str  # a metric
    n_done: int  # runs


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedBefore(ConfirmationBegun):
    """A confirmation that was done already, so that nothing runs."""

    before: str  # a sentence
    found: Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """How far a confirmation is."""

    since: str
    done: int  # runs on this part
    total: int
    part: Part
    next: str | None = None  # who runs now
    where: str | None = None  # the process that runs it


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldConfirm:
    """What a confirmation would run."""

    contenders: tuple[str, ...]
    n_seeds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationShown(Result):
    """What the last confirmation of a study found, how far one is, or that test is sealed."""

    study: str
    state: str  # none, running, cut_off, done
    n_confirmations: int  # that are done
    n_readings: int | None = None  # of this test part, over all studies; None: the data are gone
    unfinished: Unfinished | None = None
    found: Found | None = None
    n_since: int | None = None  # trials that ended after it
    would: WouldConfirm | None = None
