"""The refit: a chosen model learns again from all that comes before test, so that the valid rows teach it too."""

from collections.abc import Mapping
from dataclasses import replace

from recmodels.data.observations import Observations
from recmodels.loop.agreement import together
from recmodels.loop.resuming import SavedState
from recmodels.loop.run import Job, Run
from recmodels.models.base import RecModel
from recmodels.request import OnRefit, RefitReport


class Refit(Run):
    """For a known number of epochs, none of which is measured."""

    is_refit = True

    def __init__(
        self,
        job: Job,
        model: RecModel,
        saved: SavedState | None = None,
        n_splits: int = 0,
        *,
        n_epochs: int,
        on_refit: OnRefit | None = None,
    ) -> None:
        super().__init__(job, model, saved, n_splits)
        self._n_epochs, self._on_refit = 1 if model.is_closed_form else n_epochs, on_refit

    @property
    def time_limit_s(self) -> None:
        """A refit is let end."""

    def is_over(self) -> bool:
        return self.progress.n_epochs >= self._n_epochs

    def _track_start(self) -> None:
        """The tracker has begun, and hears of what is measured."""

    def _finish_epoch(self, epochs: int, loss: float | None) -> None:
        self.progress.n_epochs += 1
        self.progress.best_epoch = self.progress.n_epochs  # the last weights are those that are wanted
        with together(self.accelerator):
            self._save_state()
            if self._on_refit is not None and self.accelerator.is_main_process:
                self._on_refit(RefitReport(epoch=self.progress.n_epochs, epochs=self._n_epochs, loss=loss))

    def _end(self) -> None:
        """The model has the weights that are wanted."""


def refit_job(job: Job, n_epochs: int, observations: Mapping[str, Observations]) -> Job:
    """The same on all that comes before test, for so many epochs."""
    return replace(
        job,
        data=replace(job.data, train=job.data.before_test),
        observations=observations,
        state=None if job.state is None else job.state.of_refit(n_epochs),
    )
