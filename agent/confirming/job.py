"""A confirmation in the background: the same queue and thread as studies, its progress told as the study's events."""

from collections.abc import Callable

from agent.confirming.confirmer import Confirmer
from agent.errors import USER_ERRORS
from agent.events import ConfirmationFinished, ConfirmationStep, ConfirmationStopped, Event


class ConfirmationJob:
    """One stretch of work; what was finished is kept, and the next confirmation of the study goes on from there."""

    def __init__(self, confirmer: Confirmer, tell: Callable[[Event], None]) -> None:
        self._confirmer, self._tell = confirmer, tell
        self.study = confirmer.confirmation.study
        self.name = f"confirmation of {self.study}"
        self.is_over = self._is_begun = False

    def work(self) -> None:
        """Run what is missing, in this thread."""
        if self.is_over:
            return
        self._is_begun = True
        reason = "it broke; the terminal that runs this says how"
        try:
            for step in self._confirmer.steps():
                event = ConfirmationStep(
                    study=self.study,
                    confirmation=step.confirmation.number,
                    contender=step.contender,
                    stage=step.stage,
                    seed=step.seed,
                    done=step.done,
                    total=step.total,
                )
                self._tell(event)
            reason = ""
        except USER_ERRORS as error:
            reason = str(error)
        finally:
            self._tell(self._end(reason))
            self.is_over = True

    def interrupt(self) -> None:
        """Stop at the next epoch: the person stops it, or the program ends."""
        self._confirmer.interrupt()
        if not self._is_begun:
            self._tell(self._end(""))
            self.is_over = True

    def _end(self, reason: str) -> Event:
        found = self._confirmer.confirmation
        if found.is_done:
            return ConfirmationFinished(study=self.study, confirmation=found)
        return ConfirmationStopped(study=self.study, confirmation=found, reason=reason)
