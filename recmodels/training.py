"""The training tool: `train(request, on_epoch)` fits one model, keeps its best epoch and measures it on held-out data.

train(TrainRequest(dataset=Path("datasets/books"), model="bpr_mf", params={"learning_rate": 0.01}))
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

import torch
from accelerate import Accelerator
from torch import Tensor

from recmodels import checkpoint
from recmodels.aspects import Aspects, aspects_of
from recmodels.data.interactions import Interactions
from recmodels.data.split import split
from recmodels.devices import open_accelerator, torch_threads
from recmodels.errors import DataError, TrialFailed
from recmodels.evaluation import Evaluation, evaluate, joined
from recmodels.metrics import prediction_of
from recmodels.metrics.cost import latency_ms, peak_memory_bytes, sizes
from recmodels.models import find_model
from recmodels.models.base import RecModel
from recmodels.models.observations import Observations
from recmodels.models.predicting import Predictor
from recmodels.models.spaces import RERANK_PARAMS
from recmodels.prediction import Task, evaluate_predictions, observations_on, task_of
from recmodels.preparation import DeviceData, Plan, data_on, entities_of, plan_of
from recmodels.request import EpochReport, OnEpoch, TrainRequest, TrainResult
from recmodels.search_space import ParamValue, SearchSpace


def train(request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
    """Train one model as asked and report every epoch.

    Args:
        request: Complete; the same request gives the same weights on a CPU with the same number of threads.
        on_epoch: Called after each epoch (once for a closed form); what it raises, such as TrialPruned, passes through.

    Raises:
        ParamError: An unknown model, param, metric, split or device, before any work.
        DataError: The dataset cannot be read, or lacks what the model or the split needs.
        SetupError: This machine lacks the device, or the checkpoint cannot be written.
        TrialFailed: The trial diverged, ran out of memory, or reached its time limit before the first epoch ended.
    """
    start = time.perf_counter()
    entry = find_model(request.model)
    space = SearchSpace({**entry.space, **RERANK_PARAMS}) if "rerank" in request.params else entry.space
    params = space.check(request.params)
    plan = plan_of(request, params)
    interactions = Interactions.load(request.dataset)
    task = task_of(request, plan, entry, interactions)
    entities = entities_of(interactions, entry)
    parts = split(interactions, request.split)
    accelerator = open_accelerator(request)
    devices = [accelerator.device] if accelerator.device.type == "cuda" else []
    with torch_threads(request.n_threads), torch.random.fork_rng(devices), _failures(accelerator):
        torch.manual_seed(request.seed)
        if devices:
            torch.cuda.reset_peak_memory_stats(accelerator.device)
        data = data_on(interactions, parts, accelerator.device)
        model = entry.load()(params, entities).to(accelerator.device)
        run = _Run(request, plan, data, model, accelerator, on_epoch, start, task)
        run.aspects = aspects_of(interactions, accelerator.device)
        if entities.features is not None:
            reads_past = isinstance(model, Predictor) and model.reads_past
            run.observations = observations_on(
                interactions, parts, entities.features, task, accelerator.device, with_past=reads_past
            )
        run.fit()
        result = run.result(params, parts.kind)
        if request.checkpoint is not None and accelerator.is_main_process:
            checkpoint.save(
                request.checkpoint,
                model,
                name=entry.name,
                result=result,
                dataset=request.dataset,
                interactions=interactions,
                evaluations=run.evaluations,
            )
    return result


class _Run:
    """The state of one run: one loop, its clock, its best epoch."""

    def __init__(
        self,
        request: TrainRequest,
        plan: Plan,
        data: DeviceData,
        model: RecModel,
        accelerator: Accelerator,
        on_epoch: OnEpoch | None,
        start: float,
        task: Task,
    ) -> None:
        self.task, self.observations, self.aspects = task, dict[str, Observations](), Aspects()
        self.request, self.plan, self.data, self.model = request, plan, data, model
        self.accelerator, self.on_epoch, self.start = accelerator, on_epoch, start
        self.generator = torch.Generator(accelerator.device).manual_seed(request.seed)
        self.curve: list[EpochReport] = []
        self.best_epoch = 0
        self.best_weights: dict[str, Tensor] = {}
        self.evaluations: dict[str, Evaluation] = {}
        self.train_s = self.eval_s = 0.0
        self.load_s = self.elapsed_s

    @property
    def elapsed_s(self) -> float:
        return time.perf_counter() - self.start

    @property
    def is_out_of_time(self) -> bool:
        limit_s = self.request.budget.time_limit_s
        return limit_s is not None and self.elapsed_s >= limit_s

    def fit(self) -> None:
        """Train until the epochs, the patience or the time are used up; the model ends with its best weights."""
        self._track_start()
        with self._clock("train_s"):
            if isinstance(self.model, Predictor):
                self.model.learn_from(self.observations["train"])
            self.model.fit(self.data.train)
        if self.model.is_closed_form:
            self._finish_epoch(1, 1, None)
            return
        an_epoch = self._own_epoch if self.model.trains_itself else self._gradient_epoch()
        for epoch in range(1, self.plan.epochs + 1):
            loss = an_epoch()
            if loss is None:  # out of time within the epoch
                break
            self._finish_epoch(epoch, self.plan.epochs, loss)
            if epoch - self.best_epoch >= self.request.budget.patience or self.is_out_of_time:
                break
        if not self.curve:
            raise TrialFailed("time_limit", f"no epoch finished in {self.request.budget.time_limit_s:g} s")
        self.model.load_weights(self.best_weights)

    def _gradient_epoch(self) -> Callable[[], float | None]:
        wrapped, optimizer = self.accelerator.prepare(self.model, self.model.optimizer())
        return lambda: self._epoch(wrapped, optimizer)

    @torch.no_grad()
    def _own_epoch(self) -> float:
        self.model.train()
        with self._clock("train_s"):
            return self._finite(self.model.train_epoch(self.data.train, self.generator))

    def _epoch(self, wrapped: torch.nn.Module, optimizer: torch.optim.Optimizer) -> float | None:
        """The mean loss, or None when time ran out."""
        wrapped.train()
        total = torch.zeros((), device=self.accelerator.device)
        n_batches = 0
        with self._clock("train_s"):
            for batch in _share(self.model.batches(self.data.train, self.generator), self.accelerator):
                loss = wrapped(*batch)
                self.accelerator.backward(loss)
                if self.model.max_grad_norm is not None:
                    self.accelerator.clip_grad_norm_(wrapped.parameters(), self.model.max_grad_norm)
                optimizer.step()
                optimizer.zero_grad()
                total += loss.detach()
                n_batches += 1
                if self.is_out_of_time:
                    return None
        return self._finite(float(total) / max(n_batches, 1))

    def _finite(self, loss: float) -> float:
        if not math.isfinite(loss):
            raise TrialFailed("diverged", f"the loss became {loss} in epoch {len(self.curve) + 1}")
        return loss

    def _finish_epoch(self, epoch: int, epochs: int, loss: float | None) -> None:
        with self._clock("eval_s"):
            evaluation = self._measure("valid")
        if self.plan.followed not in evaluation.metrics:
            raise DataError(_not_there(self.plan.followed))
        followed = self.plan.sign * evaluation.metrics[self.plan.followed]
        if not self.best_epoch or followed > self.plan.sign * self.evaluations["valid"].metrics[self.plan.followed]:
            self.best_epoch, self.evaluations["valid"] = epoch, evaluation
            if not self.model.is_closed_form:
                self.best_weights = {name: weight.detach().clone() for name, weight in self.model.weights().items()}
        report = EpochReport(
            epoch=epoch,
            epochs=epochs,
            loss=loss,
            value=self._objective(evaluation),
            metrics={f"valid_{name}": value for name, value in evaluation.metrics.items()},
            elapsed_s=self.elapsed_s,
        )
        self.curve.append(report)
        self._track(report)
        if self.on_epoch is not None and self.accelerator.is_main_process:
            self.on_epoch(report)

    def _measure(self, part: Literal["valid", "test"]) -> Evaluation:
        """Lists, predictions or both, as the task has it."""
        data = self.data
        seen, held_out = (data.train, data.valid) if part == "valid" else (data.before_test, data.test)
        lists = evaluate(self.model, seen, held_out, self.plan.cutoffs, self.aspects) if self.task.ranks else None
        if self.task.target is None or not isinstance(self.model, Predictor):
            return joined(lists)
        is_followed = self.plan.followed if part == "valid" and prediction_of(self.plan.followed) else None
        return joined(lists, evaluate_predictions(self.model, self.observations[part], part, is_followed))

    def _objective(self, evaluation: Evaluation) -> float:
        if self.plan.objective in evaluation.metrics:
            return evaluation.metrics[self.plan.objective]
        return self._cost()[self.plan.objective]

    def _cost(self) -> dict[str, float]:
        self.model.eval()
        return sizes(self.model) | {
            "train_s": self.train_s,
            "latency_ms": latency_ms(self.model, self.data.before_test),
        }

    def result(self, params: Mapping[str, ParamValue], kind: str) -> TrainResult:
        """Measured on test with the best weights."""
        self.evaluations["test"] = self._measure("test")
        metrics = {
            f"{part}_{name}": value
            for part, evaluation in self.evaluations.items()
            for name, value in evaluation.metrics.items()
        }
        measured = self._cost()
        n_epochs = len(self.curve)
        cost = measured | {
            "epochs": float(n_epochs),
            "epoch_s": self.train_s / n_epochs,
            "eval_s": self.eval_s / n_epochs,
            "load_s": self.load_s,
            "total_s": self.elapsed_s,
            "peak_memory_bytes": float(peak_memory_bytes(self.accelerator.device)),
        }
        return TrainResult(
            metrics=metrics | {name: measured[name] for name in sorted(measured) if name != "n_trainable"},
            curve=tuple(self.curve),
            cost=cost,
            best_epoch=self.best_epoch,
            params=params,
            split=kind,
            checkpoint=self.request.checkpoint,
        )

    @contextmanager
    def _clock(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            setattr(self, name, getattr(self, name) + time.perf_counter() - start)

    def _track_start(self) -> None:
        if self.request.tracker_folder is not None:
            self.accelerator.init_trackers(self.request.model, config=dict(self.model.params))

    def _track(self, report: EpochReport) -> None:
        if self.request.tracker_folder is not None:
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


def _share(batches: Iterator[tuple[Tensor, ...]], accelerator: Accelerator) -> Iterator[tuple[Tensor, ...]]:
    """This process's batches; all processes draw the same ones and get equally many."""
    group: list[tuple[Tensor, ...]] = []
    for batch in batches:
        group.append(batch)
        if len(group) == accelerator.num_processes:
            yield group[accelerator.process_index]
            group = []
    if group:
        yield group[accelerator.process_index % len(group)]


@contextmanager
def _failures(accelerator: Accelerator) -> Iterator[None]:
    """Turns what torch raises into a reason, and closes what the run opened."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise TrialFailed("out_of_memory", str(error).splitlines()[0]) from error
    except torch.linalg.LinAlgError as error:  # type: ignore[attr-defined]
        raise TrialFailed("diverged", str(error).splitlines()[0]) from error
    except RuntimeError as error:
        if "can't allocate memory" in str(error):  # how torch says it on a CPU
            raise TrialFailed("out_of_memory", str(error).splitlines()[0]) from error
        raise
    finally:
        for tracker in accelerator.trackers:
            tracker.finish()
        accelerator.free_memory()
