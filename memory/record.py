"""What is remembered: a finished trial, a dataset, a lesson. Plain records that go to JSON and back unchanged."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from memory.content import Content, content_from
from memory.formats import STEPS, known, sealed, upgraded

TrialState = Literal["complete", "pruned", "failed"]
ParamValue = float | int | str | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecord:
    """One finished trial with all that it measured; the ledger is the truth and this its copy for the memory."""

    id: str  # "<study>/<number>", the id that evidence refers to
    study: str
    number: int  # from 0 within its study
    dataset: str
    data: str = ""  # the fingerprint of the dataset's content; empty: an earlier version, or another, did not say it
    profile: Mapping[str, float] = field(default_factory=dict)  # of the dataset: n_users, n_items, density, …
    model: str
    params: Mapping[str, ParamValue]
    state: TrialState
    reason: str | None = None  # why it was pruned or failed
    objective: str  # e.g. "ndcg@10"
    direction: Literal["maximize", "minimize"] = "maximize"
    value: float | None  # of the objective on validation; None when it never got that far
    metrics: Mapping[str, float] = field(default_factory=dict)  # valid_ndcg@10, …; never of the test part
    curve: tuple[float | None, ...] = ()  # the objective after each epoch; None where it was no number
    cost: Mapping[str, float] = field(default_factory=dict)  # train_s, epochs, epoch_s, …
    measured: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # part → how many users, and why not all
    proposer: str = ""  # defaults, memory, gp, tpe, llm, user, …
    act: str = ""  # how a language model chose it: take, own, explore, repeat, longer; empty: none did
    rationale: str = ""
    evidence: tuple[str, ...] = ()  # ids of the trials and lessons that the proposal rests on
    expected: float | None = None  # the objective that was expected before the run
    seed: int = 0
    split: str = ""
    positive: str = "all"  # which rows counted as likes: all, or a bound such as >=4
    repeats: str = "mask"  # whether lists held what users had before: mask, keep
    outcomes: str = ""  # what each outcome of a held-out event counted; empty: all alike
    checkpoint: str | None = None
    started_at: str = ""  # ISO 8601, UTC, to the millisecond; empty: an earlier version did not record it
    finished_at: str = ""  # likewise; of an earlier version in whole seconds

    @property
    def sign(self) -> int:
        """1 where more of the objective is better, -1 where less is."""
        return 1 if self.direction == "maximize" else -1

    def by_epoch(self) -> dict[int, float]:
        """The objective by epoch from 1, without those where it was no number."""
        return {epoch: value for epoch, value in enumerate(self.curve, start=1) if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRecord:
    """A dataset that was added, with the profile that likeness is measured by."""

    id: str  # "dataset/<name>"
    name: str
    profile: Mapping[str, float]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What is worth keeping: learned from trials, or told by the person."""

    id: str  # "lesson/<hash of the text>", of one that is drawn across trials of what it is about
    text: str
    source: Literal["reflection", "user"]
    study: str | None = None
    dataset: str | None = None
    evidence: tuple[str, ...] = ()
    created_at: str = ""
    content: Content | None = None  # the same as data; None: a sentence alone, as earlier versions kept it
    withdrawn: str = ""  # why it does not hold any more, in a sentence; empty: it holds
    against: tuple[str, ...] = ()  # ids of the trials that contradicted it
    imported: bool = False  # from another's file: it binds nothing here, and leans by its evidence alone
    weighed_in: tuple[str, ...] = ()  # ids of the first trials of the studies that it changed, or the studies' names
    told_by: str = ""  # who had logged in and told it; empty: nobody logs in, or an earlier version did not say it

    @property
    def holds(self) -> bool:
        """Whether it may be used."""
        return not self.withdrawn

    @property
    def is_told(self) -> bool:
        """Whether a person told it here."""
        return self.source == "user" and not self.imported

    def is_of_another(self, person: str | None) -> bool:
        """Whether someone else told it than the person who has logged in; nobody else where nobody logs in."""
        return self.is_told and person is not None and self.told_by not in ("", person)

    def teller(self, person: str | None) -> str:
        """Who told it, for this person: `you`, a name, `someone` where that was not kept; empty: no person did."""
        if not self.is_told:
            return ""
        if not self.told_by:
            return "you" if person is None else "someone"
        return "you" if self.told_by == person else self.told_by

    @property
    def said(self) -> str:
        """The text, and why it does not hold any more where it was withdrawn."""
        return self.text if self.holds else f"{self.text} Withdrawn: {self.withdrawn}."


Record = TrialRecord | DatasetRecord | Lesson

KINDS: dict[str, type[TrialRecord] | type[DatasetRecord] | type[Lesson]] = {
    "trial": TrialRecord,
    "dataset": DatasetRecord,
    "lesson": Lesson,
}


def kind_of(record: Record) -> str:
    """`trial`, `dataset` or `lesson`."""
    return next(kind for kind, cls in KINDS.items() if isinstance(record, cls))


def to_dict(record: Record) -> dict[str, Any]:
    """A JSON-ready dict with the record's `kind` and its `format`."""
    kind = kind_of(record)
    return {"kind": kind, "format": len(STEPS[kind])} | (
        _fields(record) if kind == "trial" else dataclasses.asdict(record)
    )


def _fields(record: Record) -> dict[str, Any]:
    """As `asdict`, which copies all numbers of a trial too and takes 1 ms for it."""
    return {of.name: getattr(record, of.name) for of in dataclasses.fields(record)}


def from_dict(data: Mapping[str, Any]) -> Record:
    """The record that `to_dict` wrote, in this version or an earlier one; JSON lists become tuples again.

    Raises:
        memory.errors.UserError: A newer version wrote it.
    """
    kind = data["kind"]
    fields = known(KINDS[kind], upgraded(data, STEPS[kind], f"a {kind}"))
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
    if kind == "lesson":
        fields |= {"content": content_from(fields.get("content"))}
    return KINDS[kind](**(fields | ({"metrics": sealed(fields.get("metrics", {}))} if kind == "trial" else {})))
