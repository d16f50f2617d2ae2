"""What the training tool is asked for and what it answers; without torch, so that the agent can import it quickly."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from recmodels.errors import ParamError
from recmodels.repeats import MASK
from recmodels.search_space import ParamValue
from recmodels.stored import need_path

_BESIDE_WEIGHTS = frozenset(
    ("dataset", "budget", "measures_test", "checkpoint", "resume_folder", "tracker_folder", "device", "n_threads")
)
Precision = Literal["auto", "fp32", "bf16"]
SplitKind = Literal["auto", "leave_last_out", "temporal", "random", "given"]

SPLIT_WORDS: dict[SplitKind, tuple[str, ...]] = {
    "leave_last_out": (
        "leave one out",
        "leave last one out",
        "last item out",
        "loo",
        "leave last",
        "hold out the last item",
    ),
    "temporal": (
        "temporal split",
        "time split",
        "time based split",
        "split by time",
        "by time",
        "chronological",
        "chronological split",
        "chronologically",
        "split temporally",
        "split on time",
        "split by date",
        "temporal holdout",
        "按时间划分",
    ),
    "random": (
        "random split",
        "split randomly",
        "random holdout",
        "split at random",
        "split: random",
        "split=random",
        "random user split",
        "split is random",
        "split random",
        "随机划分",
    ),
    "given": ("given split", "own split", "its own split", "the split of the data", "predefined split"),
}
"""What people call the splits apart from their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitSpec:
    """How interactions are divided into train, valid and test.

    `auto` takes the data's own where it has one, leave-last-out when the data has an order, else per-user random.
    The test part never depends on `border`; which splits it changes at all is said by `data.split.moves_border`.
    """

    kind: SplitKind = "auto"  # also written with hyphens: leave-last-out
    seed: int = 0
    border: int | None = None  # draws the valid rows again among those before test, where they are drawn at random

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", split_kind(self.kind))


def split_kind(name: str) -> SplitKind:
    """The split of that name: `Leave-last-out`, `leave last out` and `leave_last_out` are one.

    Raises:
        ParamError: There is none; the message names those that are.
    """
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    known = {kind: kind for kind in get_args(SplitKind)}
    if plain not in known:
        raise ParamError(f"a split must be one of {', '.join(known)}, got {name!r}")
    kind: SplitKind = known[plain]
    return kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one trial may use; the first bound reached stops it."""

    epochs: int | None = None  # None: the model's own `epochs` param
    time_limit_s: float | None = None  # of this call, a refit aside; a run that goes on has all of it again
    patience: int = 5  # epochs without a better objective before early stopping


MAX_SEED = 2**63 - 1  # torch takes no larger one


def check_seed(seed: int) -> None:
    """Raises ParamError: no generator can be seeded with it."""
    if not 0 <= seed <= MAX_SEED:
        raise ParamError(f"`seed` must be a whole number from 0 to {MAX_SEED}, got {seed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRequest:
    """One training run, complete: the same request gives the same weights on a CPU."""

    dataset: Path  # folder written by `Interactions.save`
    model: str  # a key of `recmodels.models.MODELS`
    params: Mapping[str, ParamValue] = field(default_factory=dict)  # missing ones take the model's defaults
    split: SplitSpec = SplitSpec()
    positive: str | None = None  # which rows count as likes, as `positive.parse_rule`; None: by the data
    repeats: str | None = None  # whether lists may hold what a user had before: `mask`, `keep`; None: by the data
    outcomes: str | None = None  # what each outcome counts in ndcg, auc and logloss, as `outcomes.parse_outcomes`
    objective: str = "ndcg@10"  # early stopping and the best epoch follow it, on the validation part
    cutoffs: tuple[int, ...] = (10, 20)
    metrics: tuple[str, ...] = ()  # also wanted, whatever the objective measures
    budget: Budget = Budget()
    seed: int = 0
    measures_test: bool = False  # unless it is said, nothing of the test part is measured
    refit: bool = False  # learn again from train and valid, for as many epochs as were best; the weights are of that
    refit_epochs: int | None = None  # with `refit`: so many epochs, without a run on train alone that finds how many
    checkpoint: Path | None = None  # folder for the weights; None keeps nothing
    resume_folder: Path | None = None  # state of the run after each epoch, from which an interrupted one goes on
    tracker_folder: Path | None = None  # TensorBoard logs
    device: str = "auto"  # auto, cpu, cuda, cuda:1, mps
    precision: Precision = "auto"  # auto: bf16 where a GPU has it
    n_threads: int | None = None  # torch CPU threads; None leaves torch's choice

    def __post_init__(self) -> None:
        need_path("dataset", self.dataset)
        check_seed(self.seed)
        for name in ("checkpoint", "resume_folder", "tracker_folder"):
            if getattr(self, name) is not None:
                need_path(name, getattr(self, name))

    def identity(self) -> dict[str, Any]:
        """What decides the weights, the data aside: not where it runs, what it writes or measures, how long it takes.

        What is newer than the states of interrupted runs is left out where it is not asked for, so that those go on.
        """
        decisive = {name: value for name, value in asdict(self).items() if name not in _BESIDE_WEIGHTS}
        decisive["split"] = {name: value for name, value in decisive["split"].items() if value is not None}
        if self.positive in (None, "all"):  # the state of a run says what None came to
            del decisive["positive"]
        if self.repeats in (None, MASK):
            del decisive["repeats"]
        if self.outcomes is None:
            del decisive["outcomes"]
        if self.refit_epochs is None:
            del decisive["refit_epochs"]
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
    """What a finished run measured at its best epoch; after a refit the test metrics and the weights are its own.

    Of the test part there is nothing unless `measures_test` asked for it, of the validation part nothing after
    `refit_epochs`, where the curve is empty too.
    """

    metrics: Mapping[str, float]  # valid_ndcg@10, test_ndcg@10, …
    curve: tuple[EpochReport, ...]
    cost: Mapping[str, float]  # train_s, epochs, peak_memory_bytes, resumed_epochs, batch_splits, refit_s, …
    best_epoch: int
    params: Mapping[str, ParamValue]  # as run, defaults filled in
    split: str  # the split that `auto` became
    checkpoint: Path | None
    positive: str = "all"  # the rule by which rows counted as likes
    likes: str = ""  # the same in words, with how many rows it took
    repeats: str = MASK  # whether lists hold what users had before
    repeats_says: str = ""  # as `RepeatChoice.says`
    outcomes: str = ""  # what each outcome counted; empty: all events alike
    outcomes_said: str = ""  # the same in words, with the rows of each
    relevant: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # part → outcome → relevant pairs
    measured: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # part → as `MeasuredUsers.to_json`
    reason: str | None = None  # why it ended before its epochs and its patience did

    def summary(self) -> dict[str, Any]:
        """JSON-ready: the metrics, each epoch, cost and place of the weights."""
        return {
            "params": dict(self.params),
            "split": self.split,
            "positive": self.positive,
            "likes": self.likes,
            "repeats": self.repeats,
            "repeats_says": self.repeats_says,
            "outcomes": {"weights": self.outcomes, "says": self.outcomes_said, "relevant": _plain(self.relevant)},
            "metrics": dict(self.metrics),
            "measured": _plain(self.measured),
            "cost": dict(self.cost),
            "best_epoch": self.best_epoch,
            "curve": [
                {"epoch": told.epoch, "epochs": told.epochs, "loss": told.loss, "value": told.value}
                for told in self.curve
            ],
            "checkpoint": str(self.checkpoint) if self.checkpoint else None,
            "reason": self.reason,
        }


def _plain(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {part: dict(its) for part, its in counts.items()}


OnEpoch = Callable[[EpochReport], None]
OnRefit = Callable[[RefitReport], None]
