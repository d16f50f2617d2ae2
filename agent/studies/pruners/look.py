"""A running trial after an epoch, and all that it may be held against."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from agent.advisor.situation import shown
from agent.objective import Goal
from agent.studies.pruners.progress import Progress, best_by
from memory.record import TrialRecord

MIN_EPOCHS = 2  # before any trial is judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The moment after an epoch."""

    curve: Sequence[float | None]  # the objective after each epoch so far
    epochs: int  # at most
    model: str
    records: Sequence[TrialRecord]  # the study's finished trials
    goal: Goal
    past: Sequence[Progress] = ()  # of the model on other datasets

    @property
    def done(self) -> int:
        return len(self.curve)

    @property
    def sign(self) -> int:
        """1 where more of the objective is better, else -1."""
        return self.goal.primary.sign

    @property
    def best(self) -> float | None:
        """The best so far, turned so that more is better; None where no epoch gave a number."""
        return best_by(self.curve, self.done, self.sign)

    def others(self) -> Iterator[TrialRecord]:
        """The study's trials of the model that measured something."""
        for record in self.records:
            if record.model == self.model and record.state in ("complete", "pruned") and record.curve:
                yield record

    def reached(self) -> str:
        """What the trial came to, as the beginning of the reason why it stops."""
        best = shown(self.sign * (self.best or 0.0))
        return f"after epoch {self.done} its best {self.goal.primary.metric} was {best}"


Pruner = Callable[[Look], str | None]
"""Why the trial should stop now; None while it may go on."""
