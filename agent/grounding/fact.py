"""A typed fact: of whom, which attribute, on which part, in which unit, which value; a difference says what minus what."""

from dataclasses import dataclass
from typing import Literal

from memory.record import ParamValue

Kind = Literal["trial", "study", "dataset", "param", "item", "user", "model", "baseline", "candidate", "contender"]
Unit = Literal["", "s", "ms", "bytes", "days", "share", "count"]
Part = Literal["", "validation", "test"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Of whom or what a fact is."""

    kind: Kind
    name: str  # a trial's is its number
    study: str = ""  # of a trial, candidate, baseline or param; empty where it is the same in all

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value that a tool gave."""

    id: str  # t7.recall@10, demo-1.n_trials; what a model cites it by
    subject: Subject
    attribute: str  # a metric with its cutoff, a param, or what the tool calls it
    value: ParamValue
    is_param: bool = False  # the attribute is a param of the subject
    part: Part = ""  # of a metric
    unit: Unit = ""
    minus: Subject | None = None  # of a difference: the subject minus this one
    low: float | None = None  # ends of the interval of a difference, or of a value
    high: float | None = None
    is_clear: bool | None = None  # of a difference: whether 0 lies outside
    is_told: bool = False  # read from a sentence, where it is rounded

    @property
    def number(self) -> float | None:
        """The value where it is a number."""
        return None if isinstance(self.value, bool | str) else float(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A tool that was called, and what it gave back."""

    tool: str
    args: dict[str, object]
    result: dict[str, object]
    is_now: bool = True  # in the turn that is answered

    @property
    def is_done(self) -> bool:
        """Whether it did what it was called for."""
        return "error" not in self.result


def fact_id(subject: Subject, attribute: str) -> str:
    """The name that a fact is cited by: `t7.recall@10` of trial 7, else the subject's name and the attribute."""
    return f"{f't{subject.name}' if subject.kind == 'trial' else subject.name}.{attribute}"


def unit_of(attribute: str) -> Unit:
    """The unit that a name ends in, as everywhere in this project."""
    last = attribute.rpartition(".")[2]
    if last in ("seconds",) or last.endswith("_s"):
        return "s"
    for ending, unit in (("_ms", "ms"), ("_bytes", "bytes"), ("_days", "days")):
        if last.endswith(ending):
            return unit  # type: ignore[return-value]
    if (
        attribute.startswith("importance.")
        or (last.endswith(("share", "rate")) and last != "learning_rate")
        or last
        in (
            "importance",
            "confidence",
            "density",
        )
    ):
        return "share"
    return "count" if last.startswith("n_") or last in ("count", "rank", "number", "n") else ""
