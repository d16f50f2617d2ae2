"""Epochs of gradient steps: the plain loop, with accumulation, clipping and rates as the params say."""

import math
from collections.abc import Callable, Iterator

import torch
from accelerate import Accelerator
from torch import Tensor

from recmodels.data.histories import Histories
from recmodels.errors import TrialFailed
from recmodels.loop.agreement import mean_over
from recmodels.loop.devices import is_out_of_memory
from recmodels.loop.resuming import Progress
from recmodels.models.base import RecModel
from recmodels.pretrained.rank_allocation import allocate, orthogonality, takes_ranks
from recmodels.schedule import Steps


class BatchTooLarge(Exception):
    """A batch did not fit in memory; the weights are as before its step."""


class GradientEpochs:
    """An optimizer and what it needs to know of the run; called once an epoch."""

    def __init__(self, model: RecModel, histories: Histories, accelerator: Accelerator, n_epochs: int) -> None:
        self._model, self._histories, self._accelerator = model, histories, accelerator
        self._steps = Steps.from_params(model.params)
        self._wrapped, self.optimizer = accelerator.prepare(model, model.optimizer())
        self._rates = [float(group["lr"]) for group in self.optimizer.param_groups]
        is_counted = not self._steps.is_constant or takes_ranks(model.adapted())
        self._n_steps = n_epochs * self._steps_an_epoch() if is_counted else 0

    def __call__(self, generator: torch.Generator, progress: Progress, is_late: Callable[[], bool]) -> float | None:
        """One epoch; the mean loss of its batches, of all processes, or None when time ran out.

        Raises:
            BatchTooLarge: A batch did not fit in memory.
            TrialFailed: The loss, the gradients or the weights are not finite ("diverged").
        """
        try:
            return self._epoch(generator, progress, is_late)
        except Exception as error:
            if is_out_of_memory(error):
                raise BatchTooLarge(str(error).splitlines()[0]) from None  # its frames hold the batch
            raise

    def _epoch(self, generator: torch.Generator, progress: Progress, is_late: Callable[[], bool]) -> float | None:
        self._wrapped.train()
        adapted, device = self._model.adapted(), self._accelerator.device
        total, largest_norm = torch.zeros((), device=device), torch.zeros((), device=device)
        n_batches = 0
        for batches in self._batches_of_steps(generator):
            self._set_rates(progress.n_steps)
            for batch in batches:
                loss = self._wrapped(*batch)
                apart = orthogonality(adapted)
                loss = loss if apart is None else loss + apart
                self._accelerator.backward(loss / len(batches))
                total += loss.detach()
                n_batches += 1
            if self._steps.max_grad_norm:
                norm = self._accelerator.clip_grad_norm_(self._wrapped.parameters(), self._steps.max_grad_norm)
                largest_norm = torch.maximum(largest_norm, torch.as_tensor(norm))  # NaN wins
            self.optimizer.step()
            allocate(adapted, progress.n_steps, self._n_steps)
            self.optimizer.zero_grad()
            progress.n_steps += 1
            if is_late():
                return None
        mean = mean_over(self._accelerator, float(total) / max(n_batches, 1))  # so that all see one that is no number
        check_finite("loss", mean, progress)
        check_finite("norm of the gradients", float(largest_norm), progress)
        check_finite("norm of the weights", self._norm_of_weights(), progress)
        return mean

    def _batches_of_steps(self, generator: torch.Generator) -> Iterator[list[tuple[Tensor, ...]]]:
        """This process's batches of each step; all processes draw the same ones and get equally many."""
        group: list[tuple[Tensor, ...]] = []
        for batch in self._model.batches(self._histories, generator):
            group.append(batch)
            if len(group) == self._batches_a_step:
                yield self._share(group)
                group = []
        if group:
            yield self._share(group)

    @property
    def _batches_a_step(self) -> int:
        """Of all processes together."""
        n: int = self._steps.accumulation * self._accelerator.num_processes
        return n

    def _share(self, group: list[tuple[Tensor, ...]]) -> list[tuple[Tensor, ...]]:
        n, first = self._accelerator.num_processes, self._accelerator.process_index
        n_each = math.ceil(len(group) / n)
        return [group[number % len(group)] for number in range(first, first + n_each * n, n)]

    def _set_rates(self, step: int) -> None:
        if not self._steps.is_constant:
            factor = self._steps.factor(step, self._n_steps)
            for group, rate in zip(self.optimizer.param_groups, self._rates, strict=True):
                group["lr"] = rate * factor

    def _steps_an_epoch(self) -> int:
        """By drawing the batches of an epoch with other dice."""
        dice = torch.Generator(self._accelerator.device).manual_seed(0)
        n_batches = sum(1 for _ in self._model.batches(self._histories, dice))
        return math.ceil(n_batches / self._batches_a_step)

    def _norm_of_weights(self) -> float:
        norms = [weight.detach().norm() for weight in self._model.parameters() if weight.requires_grad]
        return float(torch.stack(norms).norm())


def check_finite(what: str, value: float, progress: Progress) -> None:
    """Fail the trial as diverged where `value` is no number."""
    if not math.isfinite(value):
        raise TrialFailed("diverged", f"the {what} became {value} in epoch {progress.n_epochs + 1}")
