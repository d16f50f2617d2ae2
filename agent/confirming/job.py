"""A confirmation in the background: the same queue and thread as studies, its progress told as the study's events."""

from collections.abc import Callable

from agent.confirming.confirmer import Confirmer
from agent.events import ConfirmationFinished, ConfirmationStep, Event


class ConfirmationJob:
    """One stretch of work; what was finished is kept, and the next confirmation of the study goes on from there."""

    def __init__(self, confirmer: Confirmer, tell: Callable[[Event], None]) -> None:
        self._confirmer, self._tell = confirmer, tell
        self.name = f"confirmation of {confirmer.confirmation.study}"

    def work(self) -> None:
        """Run what is missing, in this thread."""
        for step in self._confirmer.steps():
            event = ConfirmationStep(
                study=step.confirmation.study,
                confirmation=step.confirmation.number,
                contender=step.contender,
                stage=step.stage,
                seed=step.seed,
                done=step.done,
                total=step.total,
            )
            self._tell(event)
        found = self._confirmer.confirmation
        if found.is_done:
            self._tell(ConfirmationFinished(study=found.study, confirmation=found))

    def interrupt(self) -> None:
        """The program ends."""
        self._confirmer.interrupt()
