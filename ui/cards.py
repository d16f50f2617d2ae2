"""What a trial's card in a conversation shows, from its proposal to its result."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from agent.proposal import Proposal
from agent.standing import INTERRUPTED
from memory.record import ParamValue, TrialRecord

State = Literal["proposed", "training", "complete", "pruned", "failed", "interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCard:
    """One trial as far as it is known."""

    model: str
    params: Mapping[str, ParamValue] = field(default_factory=dict)
    state: State = "proposed"
    who: str = ""  # proposed it
    why: str = ""
    note: str = ""  # what the gate or a failing model did
    expected: float | None = None
    evidence: tuple[str, ...] = ()  # ids of trials and lessons
    epoch: int = 0  # that ended last, from 1
    epochs: int = 0  # at most
    objective: str = ""
    value: float | None = None  # of the objective: of the last epoch, at the end of the trial
    is_best: bool = False  # of the study when it ended
    reason: str = ""  # why it was pruned or failed
    cost: Mapping[str, float] = field(default_factory=dict)  # train_s, epochs

    @classmethod
    def proposed(cls, proposal: Proposal) -> "TrialCard":
        """Of a trial that is to run."""
        return cls(
            model=proposal.model,
            params=proposal.params,
            who=proposal.who,
            why=proposal.why,
            note=proposal.note or "",
            expected=proposal.expected,
            evidence=proposal.evidence,
        )

    def trained(self, *, epoch: int = 0, epochs: int = 0, value: float | None = None) -> "TrialCard":
        """While it trains."""
        return replace(self, state="training", epoch=epoch, epochs=epochs, value=value)

    def finished(self, record: TrialRecord, *, is_best: bool) -> "TrialCard":
        """With its result."""
        is_cut = record.reason == INTERRUPTED
        return replace(
            self,
            params=record.params,
            state="interrupted" if is_cut else record.state,
            objective=record.objective,
            value=record.value,
            is_best=is_best,
            reason="" if is_cut else record.reason or "",
            cost=record.cost,
        )
