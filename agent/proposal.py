"""Candidates with their evidence, and the proposal that was chosen among them."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.formats import STEPS, stamped
from memory.formats import known, upgraded
from recmodels.search_space import ParamValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One suggestion of the advisor."""

    model: str
    params: Mapping[str, ParamValue]  # complete and legal
    source: str  # defaults, memory, gp, tpe, random, …
    reason: str  # one sentence, its numbers taken from the evidence
    mean: float | None = None  # predicted objective
    spread: float | None = None  # its standard deviation
    evidence: tuple[str, ...] = ()  # ids of the trials and lessons that it rests on


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the next trial will run, and why; kept in the ledger with the trial."""

    number: int  # the trial that it is for
    model: str
    params: Mapping[str, ParamValue]
    proposer: str  # the candidate's source; `llm`: params of the model's own; `user`: the person's; `repeat`: the noise
    rationale: str
    expected: float | None = None
    evidence: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = field(default=())  # all that were known then
    note: str | None = None  # what the gate or a failing model did, in a sentence
    repeat_of: int | None = None  # the first trial with these params, where this one differs by its seed alone
    seed: int | None = None  # of a repeat; None: the one that follows from the study's seed and the params

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return stamped("proposal", dataclasses.asdict(self))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Proposal":
        """The proposal that `to_dict` wrote, in this version or an earlier one."""
        fields = known(cls, upgraded(data, STEPS["proposal"], "a proposal"))
        candidates = tuple(_candidate(candidate) for candidate in fields.get("candidates", ()))
        return cls(**(fields | {"candidates": candidates, "evidence": tuple(fields.get("evidence", ()))}))


def _candidate(data: Mapping[str, Any]) -> Candidate:
    fields = known(Candidate, data)
    return Candidate(**(fields | {"evidence": tuple(fields.get("evidence", ()))}))
