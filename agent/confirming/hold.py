"""One confirmation of a study at a time, over all processes: held by the process that confirms."""

from collections.abc import Callable

from agent.confirmation import Confirmation
from agent.confirming.readings import Readings
from agent.errors import UserError
from agent.studies.claim_renewal import ClaimRenewal
from agent.studies.ownership import Owner, this_process


class Hold:
    """Taken before a confirmation is begun or resumed, renewed while it runs; a dead process' hold is taken over."""

    def __init__(self, readings: Readings, study: str, when_lost: Callable[[], object]) -> None:
        """`when_lost` is called when another process has taken it."""
        self._readings, self._study = readings, study
        self._claim, self._me = readings.claim(study), this_process()
        self._renewal = ClaimRenewal(lambda: self._claim.renew(self._me), when_lost, f"the confirmation of {study}")

    def take(self) -> None:
        """Raises UserError: a living worker has it; since when is told."""
        self._refuse(self._claim.take(self._me))
        self._renewal.start()

    def check(self) -> None:
        """Raises UserError: a living worker has it."""
        self._refuse(self._claim.holder())

    def _refuse(self, holder: Owner | None) -> None:
        if holder is not None:
            earlier = self._readings.confirmations(self._study)
            raise UserError(running_already(self._study, earlier[-1] if earlier else None, holder))

    def release(self) -> None:
        """Give it free, if it is still held."""
        self._renewal.stop()
        self._claim.release(self._me)


def running_already(study: str, last: Confirmation | None, holder: Owner) -> str:
    """Why a second one does not begin."""
    since = f" since {last.since}" if last is not None and not last.is_done else ""
    where = "" if str(holder) == str(this_process()) else f", in {holder}"
    return f"a confirmation of study {study!r} is running already{since}{where}; stop it or wait for its end"
