"""Candidates with their evidence, and the proposal that was chosen among them."""

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.formats import STEPS, stamped
from memory.formats import known, upgraded
from recmodels.search_space import ParamValue

PREDICTED = 0.9  # how often a stated interval of a prediction holds
_Z = 1.6448536269514722  # a normal variable lies within ± Z standard deviations that often


def interval_of(mean: float, spread: float) -> tuple[float, float]:
    """The interval that a prediction states: where `PREDICTED` of such trials end."""
    return mean - _Z * spread, mean + _Z * spread


def predicted_words(mean: float, spread: float) -> str:
    """`0.173 (90 % interval 0.09 to 0.26)`; the bounds with two digits of its width."""
    low, high = interval_of(mean, spread)
    digits = max(0, 1 - math.floor(math.log10(high - low))) if high > low else 4
    return f"{mean:.4g} ({PREDICTED:.0%}".replace("%", " %") + f" interval {low:.{digits}f} to {high:.{digits}f})"


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

    @property
    def interval(self) -> tuple[float, float] | None:
        """What its prediction states; None where there is none."""
        return None if self.mean is None or self.spread is None else interval_of(self.mean, self.spread)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the next trial will run, and why; kept in the ledger with the trial."""

    number: int  # the trial that it is for
    model: str
    params: Mapping[str, ParamValue]
    proposer: str  # the candidate's source; `llm`: params of the model's own; `user`: the person's; `repeat`: the noise
    rationale: str  # of the one who chose; the reason of a candidate that was taken stands with the candidate
    expected: float | None = None  # by the one who chose, as is the evidence
    evidence: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = field(default=())  # all that were known then
    note: str | None = None  # what the gate or a failing model did, in a sentence
    repeat_of: int | None = None  # the first trial with these params, where this one differs by its seed alone
    seed: int | None = None  # of a repeat; None: the one that follows from the study's seed and the params
    act: str = ""  # how a language model chose it: take, own, explore, repeat, longer; empty: the advisor or the person
    patience: int | None = None  # of this trial alone; None: as all of the study

    @property
    def mark(self) -> str:
        """Short, and another one for other params: another proposal may come to have the same number."""
        what = json.dumps([self.model, dict(self.params)], sort_keys=True)
        return hashlib.sha256(what.encode()).hexdigest()[:12]

    @property
    def taken(self) -> Candidate | None:
        """The candidate of the advisor's that it runs; None where it runs other params."""
        return next((c for c in self.candidates if (c.model, dict(c.params)) == (self.model, dict(self.params))), None)

    @property
    def who(self) -> str:
        """Where the params come from, and who took them: `gp, taken by llm`."""
        return f"{self.proposer}, taken by llm" if self.act == "take" else self.proposer

    @property
    def why(self) -> str:
        """The reason, for people: of a candidate that a language model took both its own and the advisor's."""
        taken = self.taken if self.act == "take" else None
        return self.rationale if taken is None else f"{self.rationale} (The advisor's reason: {taken.reason})"

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
