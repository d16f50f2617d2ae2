"""One measurement: a configuration trained on a dataset by the training tool, and what is kept of it."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agent.measuring.configurations import configurations, has_repeat, seed_of
from memory.histories.measured import DEVICE_BYTES, Key, MeasuredTrial, key_of
from recmodels.data.interactions import Interactions
from recmodels.data.profile import profile
from recmodels.data.split import resolve
from recmodels.errors import TrialFailed
from recmodels.metrics import direction_of
from recmodels.per_user import load_per_user
from recmodels.request import Budget, SplitSpec, TrainRequest, TrainResult
from recmodels.search_space import ParamValue

N_USERS = 256  # whose own values are kept
USER_METRIC = "ndcg@10"
_LIBRARIES = ("recpilot", "torch", "numpy", "scipy")
_TIMES = ("train_s", "epoch_s", "eval_s", "load_s", "total_s")
_DIGITS = {"metrics": 6, "cost": 4, "users": 4}  # significant ones that are kept

Train = Callable[[TrainRequest], TrainResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """What is the same for all measurements of a run."""

    split: SplitSpec
    objective: str = "ndcg@10"
    epochs: int | None = None  # None: the model's own
    time_limit_s: float | None = None  # of a trial
    device: str = "cpu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A saved dataset with what is told of it in each of its trials."""

    folder: Path
    name: str
    fingerprint: str
    profile: Mapping[str, float]
    split: str  # what the split comes to on it

    @classmethod
    def open(cls, folder: Path, how: How) -> "Dataset":
        """Read the folder once.

        Raises:
            DataError: It is no saved dataset, or a damaged one.
            ParamError: The split does not suit it.
        """
        interactions = Interactions.load(folder)
        return cls(
            folder=folder,
            name=interactions.name,
            fingerprint=interactions.fingerprint(),
            profile={name: _rounded(value, "metrics") for name, value in profile(interactions).items()},
            split=resolve(interactions, how.split),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What is to be measured."""

    dataset: Dataset
    model: str
    configuration: int
    params: Mapping[str, ParamValue]
    seed: int
    how: How

    @property
    def key(self) -> Key:
        """As that of the trial that comes of it."""
        return key_of(
            self.dataset.fingerprint,
            self.model,
            self.params,
            self.seed,
            self.dataset.split,
            self.how.split.seed,
            self.how.epochs,
        )

    def request(self, checkpoint: Path) -> TrainRequest:
        """For the training tool; the checkpoint holds the values of each user."""
        return TrainRequest(
            dataset=self.dataset.folder,
            model=self.model,
            params=self.params,
            split=self.how.split,
            positive="all",  # so that histories of all times are measured alike
            repeats="mask",  # likewise
            objective=self.how.objective,
            budget=Budget(epochs=self.how.epochs, time_limit_s=self.how.time_limit_s),
            seed=self.seed,
            checkpoint=checkpoint,
            device=self.how.device,
            precision="fp32",  # so that a GPU measures what a CPU would
        )


def plan(datasets: list[Dataset], models: list[str], n: int, seed: int, how: How) -> list[Measurement]:
    """All that is to be measured, in an order in which every pair of model and dataset grows evenly."""
    by_model = {model: configurations(model, n, seed) for model in models}
    return [
        Measurement(
            dataset=dataset,
            model=model,
            configuration=i,
            params=by_model[model][i],
            seed=seed_of(model, i, repeat, seed),
            how=how,
        )
        for i in range(n)
        for model in models
        for repeat in range(1 + has_repeat(model, i))
        for dataset in datasets
    ]


def measured(measurement: Measurement, train: Train) -> MeasuredTrial:
    """Train, and keep what it measured on the validation part; a failure is kept with its reason.

    Raises:
        UserError: The request cannot be run at all.
    """
    with tempfile.TemporaryDirectory(prefix="recpilot-") as folder:
        checkpoint = Path(folder) / "checkpoint"
        try:
            result = train(measurement.request(checkpoint))
        except TrialFailed as failure:
            return _trial(measurement, None, {}, failure)
        return _trial(measurement, result, load_per_user(checkpoint))


def chosen_users(users: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Places in `users`, ascending, of those whose values are kept: the same ones for the same users."""
    if len(users) <= N_USERS:
        return np.arange(len(users))
    return np.sort(np.random.default_rng(0).choice(len(users), N_USERS, replace=False))


def _trial(
    measurement: Measurement,
    result: TrainResult | None,
    per_user: Mapping[str, npt.NDArray[np.floating]],
    failure: TrialFailed | None = None,
) -> MeasuredTrial:
    dataset, how = measurement.dataset, measurement.how
    metrics = {} if result is None else _kept(result.metrics)
    best = None if result is None else result.curve[result.best_epoch - 1]
    users = per_user.get("valid_users", np.zeros(0, dtype=np.int64)).astype(np.int64)
    places = chosen_users(users)
    values = per_user[f"valid_{USER_METRIC}"][places] if len(users) else ()
    return MeasuredTrial(
        dataset=dataset.name,
        fingerprint=dataset.fingerprint,
        profile=dataset.profile,
        split=dataset.split,
        split_seed=how.split.seed,
        model=measurement.model,
        configuration=measurement.configuration,
        params=measurement.params,
        seed=measurement.seed,
        epochs=how.epochs,
        state="complete" if result is not None else "failed",
        reason=None if failure is None else str(failure),
        objective=how.objective,
        direction=direction_of(how.objective),
        value=None if best is None else _rounded(best.value, "metrics"),
        metrics=metrics,
        curve=() if result is None else tuple(_rounded(report.value, "metrics") for report in result.curve),
        best_epoch=None if result is None else result.best_epoch,
        users=tuple(users[places].tolist()),
        user_values=tuple(_rounded(value, "users") for value in values),
        cost=_costs(result.cost, is_cpu=how.device == "cpu") if result is not None else _cost_of(failure),
        versions=_versions() | {"device": how.device},
        finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _costs(cost: Mapping[str, float], is_cpu: bool) -> dict[str, float]:
    """What it cost; on a CPU in seconds of the one processor at work, as a machine with nothing else to do has them."""
    waited_s = cost["total_s"] - cost["load_s"]
    share = min(1.0, cost["processor_s"] / waited_s) if is_cpu and waited_s > 0 else 1.0
    return {name: _rounded(value * share if name in _TIMES else value, "cost") for name, value in cost.items()}


def _cost_of(failure: TrialFailed | None) -> dict[str, float]:
    """The memory that did not suffice."""
    return {DEVICE_BYTES: float(failure.device_bytes)} if failure is not None and failure.device_bytes else {}


def _kept(metrics: Mapping[str, float]) -> dict[str, float]:
    """The metrics, those of the test part left out."""
    return {name: _rounded(value, "metrics") for name, value in metrics.items() if not name.startswith("test_")}


def _rounded(value: float, kind: str) -> float:
    return float(f"{value:.{_DIGITS[kind]}g}")


def _versions() -> dict[str, str]:
    found = {}
    for library in _LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:  # recpilot itself, run from its folder
            continue
    return found
