"""Where a trial runs."""

from typing import Protocol

from recmodels.request import OnEpoch, TrainRequest, TrainResult


class Executor(Protocol):
    """Runs one training request at a time, with the semantics of `recmodels.training.train`."""

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        """Raises what `train` raises, and TrialFailed("worker_died") when the process is gone."""
        ...

    def close(self) -> None:
        """End the worker, and with it what it runs; a later `train` starts a new one."""
        ...


class InProcessExecutor:
    """Trains in the calling process: for `accelerate launch` and for debugging."""

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        from recmodels.training import train  # imports torch

        return train(request, on_epoch)

    def close(self) -> None:
        """Nothing to end."""
