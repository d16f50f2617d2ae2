"""The trial that trains now."""

from dataclasses import dataclass, field

from agent.proposal import Proposal
from recmodels.request import EpochReport


@dataclass(slots=True, kw_only=True)
class RunningTrial:
    """Its progress, written by the thread that works and read by all."""

    proposal: Proposal
    curve: list[float] = field(default_factory=list)  # the objective after each epoch so far
    epochs: int = 0  # at most; 0 before the first report

    def add(self, report: EpochReport) -> None:
        self.curve.append(report.value)
        self.epochs = report.epochs
