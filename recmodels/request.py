"""What the training tool is asked for and what it answers; without torch, so that the agent can import it quickly."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from recmodels.errors import ParamError
from recmodels.search_space import ParamValue

SplitKind = Literal["auto", "leave_last_out", "temporal", "random", "given"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitSpec:
    """How interactions are divided into train, valid and test.

    `auto` takes the data's own where it has one, leave-last-out when the data has an order, else per-user random.
    """

    kind: SplitKind = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.kind not in get_args(SplitKind):
            raise ParamError(f"a split must be one of {', '.join(get_args(SplitKind))}, got {self.kind!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one trial may use; the first bound reached stops it."""

    epochs: int | None = None  # None: the model's own `epochs` param
    time_limit_s: float | None = None  # of this call, a refit aside; a run that goes on has all of it again
    patience: int = 5  # epochs without a better objective before early stopping


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRequest:
    """One training run, complete: the same request gives the same weights on a CPU."""

    dataset: Path  # folder written by `Interactions.save`
    model: str  # a key of `recmodels.models.MODELS`
    params: Mapping[str, ParamValue] = field(default_factory=dict)  # missing ones take the model's defaults
    split: SplitSpec = SplitSpec()
    objective: str = "ndcg@10"  # early stopping and the best epoch follow it, on the validation part
    cutoffs: tuple[int, ...] = (10, 20)
    metrics: tuple[str, ...] = ()  # also wanted, whatever the objective measures
    budget: Budget = Budget()
    seed: int = 0
    refit: bool = False  # learn again from train and valid, for as many epochs as were best; test is measured on that
    checkpoint: Path | None = None  # folder for the weights; None keeps nothing
    resume_folder: Path | None = None  # state of the run after each epoch, from which an interrupted one goes on
    tracker_folder: Path | None = None  # TensorBoard logs
    device: str = "auto"  # auto, cpu, cuda, cuda:1, mps
    precision: Literal["auto", "fp32", "bf16"] = "auto"  # auto: bf16 where a GPU has it
    n_threads: int | None = None  # torch CPU threads; None leaves torch's choice

    def identity(self) -> dict[str, Any]:
        """What decides the weights beside the data: not where it runs, what it writes and how long it may take."""
        where = ("dataset", "budget", "checkpoint", "resume_folder", "tracker_folder", "device", "n_threads")
        decisive = {name: value for name, value in asdict(self).items() if name not in where}
        return decisive | {"epochs": self.budget.epochs, "patience": self.budget.patience}

    def fingerprint(self) -> str:
        """The same for requests of one identity, 16 hexadecimal digits."""
        return hashlib.sha256(json.dumps(self.identity(), sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochReport:
    """What `on_epoch` is told after each epoch (closed-form models report once).

    A run that goes on tells of the epochs before the interruption first. One that begins again, because a batch did not
    fit in memory and there was no state to go on from, counts from 1 again.
    """

    epoch: int  # from 1
    epochs: int  # at most
    loss: float | None  # mean training loss; None for closed-form models
    value: float  # the objective on the validation part
    metrics: Mapping[str, float]  # valid_ndcg@10, …
    elapsed_s: float  # of work on this run, before an interruption too


@dataclass(frozen=True, slots=True, kw_only=True)
class RefitReport:
    """What `on_refit` is told after each epoch of a refit, of which nothing can be measured on the validation part."""

    epoch: int  # from 1
    epochs: int
    loss: float | None  # mean training loss; None for closed-form models


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainResult:
    """What a finished run measured at its best epoch; after a refit the test metrics and the weights are its own."""

    metrics: Mapping[str, float]  # valid_ndcg@10, test_ndcg@10, …
    curve: tuple[EpochReport, ...]
    cost: Mapping[str, float]  # train_s, epochs, peak_memory_bytes, resumed_epochs, batch_splits, refit_s, …
    best_epoch: int
    params: Mapping[str, ParamValue]  # as run, defaults filled in
    split: str  # the split that `auto` became
    checkpoint: Path | None

    def summary(self) -> dict[str, Any]:
        """JSON-ready: the metrics, cost and place of the weights."""
        return {
            "params": dict(self.params),
            "split": self.split,
            "metrics": dict(self.metrics),
            "cost": dict(self.cost),
            "best_epoch": self.best_epoch,
            "checkpoint": str(self.checkpoint) if self.checkpoint else None,
        }


OnEpoch = Callable[[EpochReport], None]
OnRefit = Callable[[RefitReport], None]
