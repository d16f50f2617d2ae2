"""One run: its loop over epochs and steps, its clock, its best epoch."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import torch
from accelerate import Accelerator
from torch import Tensor

from recmodels.aspects import Aspects
from recmodels.devices import is_out_of_memory
from recmodels.errors import DataError, TrialFailed
from recmodels.evaluation import Evaluation, evaluate, joined
from recmodels.metrics import prediction_of
from recmodels.metrics.cost import latency_ms, peak_memory_bytes, sizes
from recmodels.models.base import RecModel
from recmodels.models.observations import Observations
from recmodels.models.predicting import Predictor
from recmodels.prediction import Task, evaluate_predictions
from recmodels.preparation import DeviceData, Plan
from recmodels.rank_allocation import allocate, orthogonality, takes_ranks
from recmodels.request import EpochReport, OnEpoch, TrainRequest, TrainResult
from recmodels.resuming import Progress, SavedState, StateFolder
from recmodels.schedule import Steps
from recmodels.search_space import ParamValue


class BatchTooLarge(Exception):
    """A batch did not fit in memory; the weights are as before its step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A request with all that was read and opened for it."""

    request: TrainRequest
    plan: Plan
    task: Task
    data: DeviceData
    aspects: Aspects
    accelerator: Accelerator
    on_epoch: OnEpoch | None
    start_s: float  # of `time.perf_counter`
    observations: Mapping[str, Observations] = field(default_factory=dict)  # only for models that predict
    state: StateFolder | None = None


class Run:
    """The training of one model, begun anew or gone on with."""

    def __init__(self, job: Job, model: RecModel, saved: SavedState | None = None, n_splits: int = 0) -> None:
        self.job, self.model, self.plan, self.accelerator = job, model, job.plan, job.accelerator
        self.progress = Progress() if saved is None else saved.progress
        self.progress.n_splits = n_splits
        self.steps = Steps.from_params(model.params)
        self.generator = torch.Generator(self.accelerator.device).manual_seed(job.request.seed)
        self.evaluations: dict[str, Evaluation] = {}
        self.load_s = time.perf_counter() - job.start_s
        self._saved, self._earlier_s = saved, self.progress.elapsed_s
        self._optimizer: torch.optim.Optimizer | None = None

    @property
    def elapsed_s(self) -> float:
        """Seconds of work on this run, those before an interruption included."""
        return self._earlier_s + time.perf_counter() - self.job.start_s

    @property
    def is_out_of_time(self) -> bool:
        limit_s = self.job.request.budget.time_limit_s
        return limit_s is not None and time.perf_counter() - self.job.start_s >= limit_s

    @property
    def is_over(self) -> bool:
        """Whether the epochs, the patience or the time are used up."""
        n = len(self.progress.curve)
        is_patient = n - self.progress.best_epoch < self.job.request.budget.patience
        return n >= self.plan.epochs or (n > 0 and (not is_patient or self.is_out_of_time))

    def fit(self, tell_again: bool = True) -> None:
        """Train until it is over; the model ends with its best weights.

        Args:
            tell_again: Whether `on_epoch` is to hear of the epochs of a saved state.

        Raises:
            BatchTooLarge: A batch of an epoch did not fit in memory.
        """
        self._track_start()
        with self._clock("train_s"):
            if isinstance(self.model, Predictor):
                self.model.learn_from(self.job.observations["train"])
            self.model.fit(self.job.data.train)
        if self.model.is_closed_form:
            self._finish_epoch(1, None)
            return
        an_epoch = self._own_epoch if self.model.trains_itself else self._gradient_epoch()
        if self._saved is not None:
            self._saved.restore(self.model, self._optimizer, self.generator, self.accelerator.device)
            self._saved = None  # the tensors take memory
            for report in self.progress.curve if tell_again else ():
                self._tell(report)
        self.accelerator.wait_for_everyone()  # before one of the processes writes another state
        while not self.is_over:
            loss = an_epoch()
            if loss is None:  # out of time within the epoch
                break
            self._finish_epoch(self.plan.epochs, loss)
        if not self.progress.curve:
            raise TrialFailed("time_limit", f"no epoch finished in {self.job.request.budget.time_limit_s:g} s")
        self.model.load_weights(self.progress.best_weights)

    # -- an epoch -------------------------------------------------------------------------------------------

    @torch.no_grad()
    def _own_epoch(self) -> float:
        self.model.train()
        with self._clock("train_s"):
            loss = self.model.train_epoch(self.job.data.train, self.generator)
        self._check_finite("loss", loss)
        return loss

    def _gradient_epoch(self) -> Callable[[], float | None]:
        wrapped, optimizer = self.accelerator.prepare(self.model, self.model.optimizer())
        self._optimizer = optimizer
        rates = [float(group["lr"]) for group in optimizer.param_groups]
        is_counted = not self.steps.is_constant or takes_ranks(self.model.adapted())
        n_steps = self._count_steps() if is_counted else 0

        def an_epoch() -> float | None:
            try:
                with self._clock("train_s"):
                    return self._epoch(wrapped, optimizer, rates, n_steps)
            except Exception as error:
                if is_out_of_memory(error):
                    raise BatchTooLarge(str(error).splitlines()[0]) from None  # its frames hold the batch
                raise

        return an_epoch

    def _epoch(
        self, wrapped: torch.nn.Module, optimizer: torch.optim.Optimizer, rates: list[float], n_steps: int
    ) -> float | None:
        """The mean loss of the batches, or None when time ran out."""
        wrapped.train()
        adapted = self.model.adapted()
        total = torch.zeros((), device=self.accelerator.device)
        largest_norm = torch.zeros((), device=self.accelerator.device)
        n_batches = 0
        for batches in self._batches_of_steps():
            if not self.steps.is_constant:
                self._set_rates(optimizer, rates, n_steps)
            for batch in batches:
                loss = wrapped(*batch)
                apart = orthogonality(adapted)
                loss = loss if apart is None else loss + apart
                self.accelerator.backward(loss / len(batches))
                total += loss.detach()
                n_batches += 1
            if self.steps.max_grad_norm:
                norm = self.accelerator.clip_grad_norm_(wrapped.parameters(), self.steps.max_grad_norm)
                largest_norm = torch.maximum(largest_norm, torch.as_tensor(norm))  # NaN wins
            optimizer.step()
            allocate(adapted, self.progress.n_steps, n_steps)
            optimizer.zero_grad()
            self.progress.n_steps += 1
            if self.is_out_of_time:
                return None
        mean = float(total) / max(n_batches, 1)
        self._check_finite("loss", mean)
        self._check_finite("norm of the gradients", float(largest_norm))
        self._check_finite("norm of the weights", self._norm_of_weights())
        return mean

    def _batches_of_steps(self) -> Iterator[list[tuple[Tensor, ...]]]:
        """This process's batches of each step; all processes draw the same ones and get equally many."""
        n, first = self.accelerator.num_processes, self.accelerator.process_index
        group: list[tuple[Tensor, ...]] = []

        def shared() -> list[tuple[Tensor, ...]]:
            return [group[number % len(group)] for number in range(first, first - (-len(group) // n) * n, n)]

        for batch in self.model.batches(self.job.data.train, self.generator):
            group.append(batch)
            if len(group) == n * self.steps.accumulation:
                yield shared()
                group = []
        if group:
            yield shared()

    def _set_rates(self, optimizer: torch.optim.Optimizer, rates: list[float], n_steps: int) -> None:
        factor = self.steps.factor(self.progress.n_steps, n_steps)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * factor

    def _count_steps(self) -> int:
        """Of the whole run, by drawing the batches of an epoch with other dice."""
        dice = torch.Generator(self.accelerator.device).manual_seed(self.job.request.seed)
        n_batches = sum(1 for _ in self.model.batches(self.job.data.train, dice))
        a_step: int = self.steps.accumulation * self.accelerator.num_processes
        return self.plan.epochs * math.ceil(n_batches / a_step)

    def _norm_of_weights(self) -> float:
        norms = [weight.detach().norm() for weight in self.model.parameters() if weight.requires_grad]
        return float(torch.stack(norms).norm())

    def _check_finite(self, what: str, value: float) -> None:
        if not math.isfinite(value):
            raise TrialFailed("diverged", f"the {what} became {value} in epoch {len(self.progress.curve) + 1}")

    # -- after an epoch -------------------------------------------------------------------------------------

    def _finish_epoch(self, epochs: int, loss: float | None) -> None:
        progress, epoch = self.progress, len(self.progress.curve) + 1
        with self._clock("eval_s"):
            evaluation = self._measure("valid")
        if self.plan.followed not in evaluation.metrics:
            raise DataError(_not_there(self.plan.followed))
        followed = self.plan.sign * evaluation.metrics[self.plan.followed]
        if progress.best is None or followed > self.plan.sign * progress.best.metrics[self.plan.followed]:
            progress.best_epoch, progress.best = epoch, evaluation
            if not self.model.is_closed_form:
                progress.best_weights = {name: weight.detach().clone() for name, weight in self.model.weights().items()}
        report = EpochReport(
            epoch=epoch,
            epochs=epochs,
            loss=loss,
            value=self._objective(evaluation),
            metrics={f"valid_{name}": value for name, value in evaluation.metrics.items()},
            elapsed_s=self.elapsed_s,
        )
        progress.curve.append(report)
        self._save_state()
        self._track(report)
        self._tell(report)

    def _save_state(self) -> None:
        if self.job.state is not None and self.accelerator.is_main_process and not self.model.is_closed_form:
            self.progress.elapsed_s = self.elapsed_s
            self.job.state.save(self.progress, self.model, self._optimizer, self.generator, self.accelerator.device)

    def _tell(self, report: EpochReport) -> None:
        if self.job.on_epoch is not None and self.accelerator.is_main_process:
            self.job.on_epoch(report)

    def _measure(self, part: Literal["valid", "test"]) -> Evaluation:
        """Lists, predictions or both, as the task has it."""
        data, task = self.job.data, self.job.task
        seen, held_out = (data.train, data.valid) if part == "valid" else (data.before_test, data.test)
        lists = evaluate(self.model, seen, held_out, self.plan.cutoffs, self.job.aspects) if task.ranks else None
        if task.target is None or not isinstance(self.model, Predictor):
            return joined(lists)
        is_followed = self.plan.followed if part == "valid" and prediction_of(self.plan.followed) else None
        return joined(lists, evaluate_predictions(self.model, self.job.observations[part], part, is_followed))

    def _objective(self, evaluation: Evaluation) -> float:
        if self.plan.objective in evaluation.metrics:
            return evaluation.metrics[self.plan.objective]
        return self._cost()[self.plan.objective]

    def _cost(self) -> dict[str, float]:
        self.model.eval()
        return sizes(self.model) | {
            "train_s": self.progress.train_s,
            "latency_ms": latency_ms(self.model, self.job.data.before_test),
        }

    # -- the end --------------------------------------------------------------------------------------------

    def result(self, params: Mapping[str, ParamValue], kind: str) -> TrainResult:
        """Measured on test with the best weights."""
        progress = self.progress
        assert progress.best is not None  # noqa: S101 - `fit` ended well
        self.evaluations = {"valid": progress.best, "test": self._measure("test")}
        metrics = {
            f"{part}_{name}": value
            for part, evaluation in self.evaluations.items()
            for name, value in evaluation.metrics.items()
        }
        measured = self._cost()
        n_epochs = len(progress.curve)
        cost = measured | {
            "epochs": float(n_epochs),
            "epoch_s": progress.train_s / n_epochs,
            "eval_s": progress.eval_s / n_epochs,
            "load_s": self.load_s,
            "total_s": self.elapsed_s,
            "peak_memory_bytes": float(peak_memory_bytes(self.accelerator.device)),
            "resumed_epochs": float(progress.n_resumed),
            "batch_splits": float(progress.n_splits),
        }
        told_apart = ("n_trainable", "trainable_share")  # of the cost alone
        return TrainResult(
            metrics=metrics | {name: measured[name] for name in sorted(measured) if name not in told_apart},
            curve=tuple(progress.curve),
            cost=cost,
            best_epoch=progress.best_epoch,
            params=params,
            split=kind,
            checkpoint=self.job.request.checkpoint,
        )

    @contextmanager
    def _clock(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            setattr(self.progress, name, getattr(self.progress, name) + time.perf_counter() - start)

    def _track_start(self) -> None:
        if self.job.request.tracker_folder is not None:
            self.accelerator.init_trackers(self.job.request.model, config=dict(self.model.params))

    def _track(self, report: EpochReport) -> None:
        if self.job.request.tracker_folder is not None:
            loss = {} if report.loss is None else {"loss": report.loss}
            self.accelerator.log(loss | {"value": report.value} | dict(report.metrics), step=report.epoch)


def _not_there(metric: str) -> str:
    name = metric.partition("@")[0]
    needs = {
        "diversity": "a column of the items such as genres or category",
        "factor_diversity": "a model with item factors",
    }
    groups = "a column of groups of users with ten users in two of them"
    return f"`{metric}` needs {needs.get(name, groups)}, and there is none"
