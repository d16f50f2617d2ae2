"""What becomes of a claim, and of a sentence with its claims."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["checked", "contradicted", "unsupported", "unknown"]
"""unsupported: a number that stands nowhere; unknown: words or numbers that nothing supports or refutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One claim, judged."""

    outcome: Outcome
    claim: str  # as it was written
    kind: str  # value, comparison, rank, count, clear, cause, act, proposer, state, choice, general
    why: str = ""


Fate = Literal["kept", "not checked", "cut"]


def fate_of(verdicts: Iterable[Verdict]) -> Fate:
    """Cut where a claim is contradicted or a number stands nowhere, marked where something is unknown, else kept."""
    outcomes = {verdict.outcome for verdict in verdicts}
    if outcomes & {"contradicted", "unsupported"}:
        return "cut"
    return "not checked" if "unknown" in outcomes else "kept"
