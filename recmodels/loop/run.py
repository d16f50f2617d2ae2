"""One run: its loop over epochs, its clock, its best epoch, what it measures."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

import torch
from accelerate import Accelerator

from recmodels.aspects import Aspects
from recmodels.data.histories import Histories
from recmodels.data.observations import Observations
from recmodels.errors import DataError, TrialFailed
from recmodels.evaluation import Evaluation, asked_pairs, cold_of, evaluate, joined, measured_users
from recmodels.grading import Grades
from recmodels.loop.agreement import decided, together
from recmodels.loop.gradient import GradientEpochs, check_finite
from recmodels.loop.preparation import DeviceData
from recmodels.loop.resuming import Progress, SavedState, StateFolder
from recmodels.metrics import prediction_of
from recmodels.metrics.cost import device_bytes, latency_ms, peak_memory_bytes, sizes
from recmodels.metrics.ranking import RANKING
from recmodels.models.base import RecModel
from recmodels.models.parts.predicting import Predictor
from recmodels.outcomes import OutcomeWeights
from recmodels.plan import Plan
from recmodels.prediction import Task, evaluate_predictions
from recmodels.request import EpochReport, OnEpoch, TrainRequest, TrainResult
from recmodels.search_space import ParamValue

Clock = Callable[[], float]


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
    clock: Clock  # seconds, of any beginning
    start_s: float  # by the clock
    observations: Mapping[str, Observations] = field(default_factory=dict)  # only for models that predict
    grades: Mapping[str, Grades] = field(default_factory=dict)  # part → of what it holds out, where they differ
    weights: OutcomeWeights | None = None  # of outcomes that are predicted
    state: StateFolder | None = None
    earlier_s: float = 0.0  # of work before an interruption
    n_resumed: int = 0  # epochs finished before it


class Run:
    """The training of one model, from its start or from a saved state."""

    is_refit: ClassVar[bool] = False

    def __init__(self, job: Job, model: RecModel, saved: SavedState | None = None, n_splits: int = 0) -> None:
        self.job, self.model, self.plan, self.accelerator = job, model, job.plan, job.accelerator
        self.progress = Progress() if saved is None else saved.progress
        self.progress.n_splits = n_splits
        self.generator = torch.Generator(self.accelerator.device).manual_seed(job.request.seed)
        self.evaluations: dict[str, Evaluation] = {}
        self.load_s = job.clock() - job.start_s
        self._loaded_processor_s = time.process_time()
        self._saved = saved
        self._gradient: GradientEpochs | None = None

    @property
    def _optimizer(self) -> torch.optim.Optimizer | None:
        return None if self._gradient is None else self._gradient.optimizer

    @property
    def elapsed_s(self) -> float:
        """Seconds of work on this run, those before an interruption included."""
        return self.job.earlier_s + self.job.clock() - self.job.start_s

    @property
    def time_limit_s(self) -> float | None:
        return self.job.request.budget.time_limit_s

    def is_out_of_time(self) -> bool:
        """By the clock of the main process."""
        limit_s = self.time_limit_s
        return limit_s is not None and decided(self.accelerator, lambda: self.job.clock() - self.job.start_s >= limit_s)

    def is_over(self) -> bool:
        """Whether the epochs, the patience or the time are used up."""
        n = self.progress.n_epochs
        if self.progress.is_over or n >= self.plan.epochs:
            return True
        if n == 0 or n - self.progress.best_epoch >= self.job.request.budget.patience:
            return n > 0
        self.progress.is_cut_off = self.is_out_of_time()
        return self.progress.is_cut_off

    def fit(self, is_first: bool = True) -> None:
        """Train until it is over; the model ends with its best weights.

        Args:
            is_first: Whether nothing was tried before in this process, so that `on_epoch` is to hear of the epochs of a
                saved state.

        Raises:
            BatchTooLarge: A batch of an epoch did not fit in memory.
        """
        with self._clock("train_s"), together(self.accelerator):
            if is_first:
                self._track_start()
            if isinstance(self.model, Predictor):
                self.model.learn_from(self.job.observations["train"])
            self.model.fit(self.job.data.train)
        if self.model.is_closed_form:
            self._finish_epoch(1, None)
            return
        if not self.model.trains_itself:
            self._gradient = GradientEpochs(self.model, self.job.data.train, self.accelerator, self.plan.epochs)
        if self._saved is not None:
            self._saved.restore(self.model, self._optimizer, self.generator, self.accelerator.device)
            self._saved = None  # its tensors take memory
            with together(self.accelerator):
                for report in self.progress.curve if is_first else ():
                    self._tell(report)
        self.accelerator.wait_for_everyone()  # before one of the processes writes another state
        while not self.is_over():
            loss = self._epoch()
            if loss is None:  # out of time within the epoch
                self.progress.is_cut_off = True
                break
            self._finish_epoch(self.plan.epochs, loss)
        if not self.progress.n_epochs:
            raise TrialFailed("time_limit", f"no epoch finished in {self.job.request.budget.time_limit_s:g} s")
        self._end()

    def _end(self) -> None:
        """After the last epoch."""
        if self.job.request.refit:
            self.progress.is_over = True
            with together(self.accelerator):
                self._save_state()
        self.model.load_weights(self.progress.best_weights)
        self.progress.best_weights = {}  # the model has them

    # -- an epoch -------------------------------------------------------------------------------------------

    def _epoch(self) -> float | None:
        """The mean loss, or None when time ran out."""
        with self._clock("train_s"):
            if self._gradient is not None:
                return self._gradient(self.generator, self.progress, self.is_out_of_time)
            self.model.train()
            with torch.no_grad():
                loss = self.model.train_epoch(self.job.data.train, self.generator)
        with together(self.accelerator):
            check_finite("loss", loss, self.progress)
        return loss

    # -- after an epoch -------------------------------------------------------------------------------------

    def _finish_epoch(self, epochs: int, loss: float | None) -> None:
        progress = self.progress
        progress.n_epochs += 1
        with self._clock("eval_s"), together(self.accelerator):
            evaluation = self._measure("valid")
            if self.plan.followed not in evaluation.metrics:
                raise DataError(_not_there(self.plan.followed))
        if decided(self.accelerator, lambda: self._is_better(evaluation)):
            progress.best_epoch, progress.best = progress.n_epochs, evaluation
            if not self.model.is_closed_form:
                progress.best_weights = {name: weight.detach().clone() for name, weight in self.model.weights().items()}
        report = EpochReport(
            epoch=progress.n_epochs,
            epochs=epochs,
            loss=loss,
            value=self._objective(evaluation),
            metrics={f"valid_{name}": value for name, value in evaluation.metrics.items()},
            elapsed_s=self.elapsed_s,
        )
        progress.curve.append(report)
        with together(self.accelerator):
            self._save_state()
            self._track(report)
            self._tell(report)

    def _is_better(self, evaluation: Evaluation) -> bool:
        best, followed = self.progress.best, self.plan.followed
        return best is None or self.plan.sign * (evaluation.metrics[followed] - best.metrics[followed]) > 0

    def _save_state(self) -> None:
        if self.job.state is not None and self.accelerator.is_main_process and not self.model.is_closed_form:
            self.progress.elapsed_s = self.elapsed_s
            self.job.state.save(self.progress, self.model, self._optimizer, self.generator, self.accelerator.device)

    def _tell(self, report: EpochReport) -> None:
        if self.job.on_epoch is not None and self.accelerator.is_main_process:
            self.job.on_epoch(report)

    def _measure(self, part: Literal["valid", "test"]) -> Evaluation:
        """Lists, predictions or both, as the task has it."""
        task, (seen, held_out) = self.job.task, self._seen_and_held_out(part)
        grades = self.job.grades.get(part)
        lists = (
            evaluate(self.model, seen, held_out, self.plan.cutoffs, self.job.aspects, grades) if task.ranks else None
        )
        if task.target is None or not isinstance(self.model, Predictor):
            return joined(lists)
        is_followed = self.plan.followed if part == "valid" and prediction_of(self.plan.followed) else None
        return joined(
            lists, evaluate_predictions(self.model, self.job.observations[part], part, is_followed, self.job.weights)
        )

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

    def result(self, params: Mapping[str, ParamValue], kind: str, chosen: Progress | None = None) -> TrainResult:
        """What the best epoch measured, on test too where that is asked for.

        Args:
            chosen: What came before this refit, which is told of with it.
        """
        progress = self.progress if chosen is None else chosen
        if progress.best is not None:
            self.evaluations["valid"] = progress.best
        if self.job.request.measures_test:
            self.evaluations["test"] = self._measure("test")
        metrics = {
            f"{part}_{name}": value
            for part, evaluation in self.evaluations.items()
            for name, value in evaluation.metrics.items()
        }
        measured = self._cost() | {"train_s": progress.train_s}
        refit = {"refit_epochs": progress.best_epoch, "refit_s": self.progress.train_s} if self.is_refit else {}
        n_epochs = progress.n_epochs
        cost = measured | {
            "epochs": float(n_epochs),
            "epoch_s": progress.train_s / n_epochs,
            "eval_s": progress.eval_s / n_epochs,
            "load_s": self.load_s,
            "total_s": self.elapsed_s,
            "processor_s": time.process_time() - self._loaded_processor_s,  # of this process, after the loading
            "peak_memory_bytes": float(peak_memory_bytes(self.accelerator.device)),
            "on_gpu": float(self.accelerator.device.type != "cpu"),
            "device_bytes": float(device_bytes(self.accelerator.device)),
            "resumed_epochs": float(self.job.n_resumed),
            "batch_splits": float(self.progress.n_splits),
            **{name: float(value) for name, value in refit.items()},
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
            relevant=self._relevant(),
            measured=self._measured() if self.job.task.ranks else {},
            reason=_cut_off(progress, self.plan.epochs) if progress.is_cut_off else None,
        )

    def _measured(self) -> dict[str, dict[str, Any]]:
        """Who is behind the means of each part that was measured."""
        found = {}
        for part, evaluation in self.evaluations.items():
            seen, held_out = self._seen_and_held_out(part)
            who = measured_users(seen, held_out)
            cold = cold_of(evaluation, seen, who.n_new_items, self._metric_of_cold(part))
            found[part] = replace(who, cold=cold).to_json()
        return found

    def _metric_of_cold(self, part: str) -> str:
        """What is told of users with few events: the objective where it is a plain mean over users."""
        name, _, k = self.plan.followed.partition("@")
        k = k or str(self.plan.cutoffs[0])
        if part in self.job.grades:  # users count unequally in its ndcg
            return f"recall@{k}"
        return f"{name if name in RANKING else 'ndcg'}@{k}"

    def _relevant(self) -> dict[str, dict[str, int]]:
        """How many pairs of each outcome could be found in each part that was measured."""
        grades = self.job.grades if self.job.task.ranks else {}
        return {
            part: grades[part].counts(asked_pairs(*self._seen_and_held_out(part)))
            for part in self.evaluations
            if part in grades
        }

    def _seen_and_held_out(self, part: str) -> tuple[Histories, Histories]:
        data = self.job.data
        return (data.train, data.valid) if part == "valid" else (data.before_test, data.test)

    @contextmanager
    def _clock(self, name: str) -> Iterator[None]:
        start = self.job.clock()
        try:
            yield
        finally:
            setattr(self.progress, name, getattr(self.progress, name) + self.job.clock() - start)

    def _track_start(self) -> None:
        if self.job.request.tracker_folder is not None:
            self.accelerator.init_trackers(self.job.request.model, config=dict(self.model.params))

    def _track(self, report: EpochReport) -> None:
        if self.job.request.tracker_folder is not None:
            loss = {} if report.loss is None else {"loss": report.loss}
            self.accelerator.log(loss | {"value": report.value} | dict(report.metrics), step=report.epoch)


def _cut_off(progress: Progress, epochs: int) -> str:
    return f"time limit reached after {progress.n_epochs} of {epochs} epochs"


def _not_there(metric: str) -> str:
    name = metric.partition("@")[0]
    needs = {
        "diversity": "a column of the items such as genres or category",
        "factor_diversity": "a model with item factors",
    }
    groups = "a column of groups of users with ten users in two of them"
    return f"`{metric}` needs {needs.get(name, groups)}, and there is none"
