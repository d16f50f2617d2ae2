"""The state of a run after its last finished epoch, on disk, so that an interrupted run goes on as if nothing had been.

FOLDER/state/progress.json        whose state it is, the curve, the best epoch, the clocks
FOLDER/state/tensors.safetensors  weights, optimizer, random generators; of the best epoch the weights and each user
FOLDER/refit/                     the same of the refit, where there is one

The state appears whole or not at all, and a kill at any time leaves the one before.
"""

import dataclasses
import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from recmodels.data.folders import UNFINISHED, remove_folder, whole_folder
from recmodels.errors import DataError, ParamError
from recmodels.evaluation import Evaluation
from recmodels.loop.devices import random_states, set_random_states
from recmodels.models.base import RecModel
from recmodels.request import EpochReport
from recmodels.stored import fields_of, read_object, typed

FORMAT = 1
_PROGRESS_FILE, _TENSORS_FILE = "progress.json", "tensors.safetensors"
_STAGES = ("state", "refit")  # the folder of each


@dataclass(slots=True, kw_only=True)
class Progress:
    """What a run has done so far, the model and the optimizer aside."""

    n_epochs: int = 0  # finished
    is_over: bool = False  # said before a refit, or one that was interrupted would follow another best epoch
    is_cut_off: bool = False  # by the time limit, after an epoch
    curve: list[EpochReport] = field(default_factory=list)  # of the epochs that were measured
    best_epoch: int = 0  # 0 while there is none
    best_weights: dict[str, Tensor] = field(default_factory=dict)
    best: Evaluation | None = None  # of the best epoch, on the validation part
    n_steps: int = 0  # of the optimizer
    n_splits: int = 0  # how often the batches were halved, because they did not fit in memory
    train_s: float = 0.0
    eval_s: float = 0.0
    elapsed_s: float = 0.0  # when this was last saved


_APART = ("curve", "best_weights", "best")  # what JSON does not take as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedState:
    """What `StateFolder.load` read."""

    progress: Progress
    tensors: Mapping[str, Tensor]
    groups: list[dict[str, Any]]  # the optimizer's options of each group of weights

    def restore(
        self, model: RecModel, optimizer: torch.optim.Optimizer | None, generator: torch.Generator, device: torch.device
    ) -> None:
        """Put a model that went through `fit`, its optimizer and all random generators where they were."""
        model.load_training_state(_named(self.tensors, "model."))
        if optimizer is not None:
            moments: dict[int, dict[str, Tensor]] = {}
            for name, tensor in _named(self.tensors, "optimizer.").items():
                number, _, what = name.partition(".")
                moments.setdefault(int(number), {})[what] = tensor
            optimizer.load_state_dict({"state": moments, "param_groups": self.groups})
        generator.set_state(self.tensors["generator"])
        set_random_states(_named(self.tensors, "random."), device)


class StateFolder:
    """Where one run keeps its state; `run` says which run, so that another one's is not taken for it."""

    def __init__(self, folder: Path, run: Mapping[str, Any], stage: Literal["state", "refit"] = "state") -> None:
        self._folder = folder
        self._place = folder / stage
        self._run = json.loads(json.dumps({"format": FORMAT} | dict(run)))  # as it reads back

    def of_refit(self, n_epochs: int) -> "StateFolder":
        """Where the refit of this run, of so many epochs, keeps its own."""
        return StateFolder(self._folder, self._run | {"refit_epochs": n_epochs}, "refit")

    def load(self, device: torch.device) -> SavedState | None:
        """The state, or None where there is none yet.

        Raises:
            ParamError: It is of another run.
            DataError: It is damaged.
        """
        if not self._place.exists():
            return None
        try:
            about = read_object(self._place / _PROGRESS_FILE)
            self._check(typed(about, "run", dict))
            tensors = safetensors.torch.load_file(self._place / _TENSORS_FILE)
            groups = typed(about, "groups", list)
            return SavedState(progress=_progress(about, tensors, device), tensors=tensors, groups=groups)
        except (OSError, ValueError, KeyError, safetensors.SafetensorError) as error:
            raise DataError(f"the state in {self._folder} is damaged ({error}); remove the folder") from error

    def save(
        self,
        progress: Progress,
        model: RecModel,
        optimizer: torch.optim.Optimizer | None,
        generator: torch.Generator,
        device: torch.device,
    ) -> None:
        """Replace the state.

        Raises:
            SetupError: The place cannot be written.
        """
        state = {} if optimizer is None else optimizer.state_dict()
        tensors = {f"model.{name}": tensor for name, tensor in model.training_state().items()}
        tensors |= {
            f"optimizer.{number}.{what}": tensor
            for number, moments in state.get("state", {}).items()
            for what, tensor in moments.items()
        }
        tensors |= {f"best.{name}": weight for name, weight in progress.best_weights.items()}
        tensors |= {f"random.{name}": states for name, states in random_states(device).items()}
        tensors |= {"generator": generator.get_state()} | _arrays(progress.best)
        about = {"run": self._run, "groups": state.get("param_groups", []), **_about(progress)}
        with whole_folder(self._place) as temporary:
            written = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
            safetensors.torch.save_file(written, temporary / _TENSORS_FILE)
            (temporary / _PROGRESS_FILE).write_text(json.dumps(about), encoding="utf-8")

    def remove(self) -> None:
        """Remove the state of both stages and what a kill left of one; the folder too, if nothing else is in it."""
        remove_state(self._folder)

    def _check(self, run: Mapping[str, Any]) -> None:
        other = [name for name in self._run | dict(run) if self._run.get(name) != run.get(name)]
        if other:
            raise ParamError(
                f"the state in {self._folder} is of another run, which differs in {', '.join(other)}; "
                "take another folder, or remove this one"
            )


def remove_state(folder: Path) -> None:
    """Remove a run's state; no error where there is none.

    Raises:
        SetupError: The place cannot be written.
    """
    if not folder.is_dir():
        return
    for stage in _STAGES:
        remove_folder(folder / stage)
    for left in folder.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)
    with suppress(OSError):  # somebody keeps other files there
        folder.rmdir()


def _about(progress: Progress) -> dict[str, Any]:
    """The progress without its tensors, JSON-ready."""
    simple = {
        field.name: getattr(progress, field.name) for field in dataclasses.fields(progress) if field.name not in _APART
    }
    curve = [dataclasses.asdict(report) for report in progress.curve]
    return simple | {"curve": curve, "best": None if progress.best is None else dict(progress.best.metrics)}


def _arrays(best: Evaluation | None) -> dict[str, Tensor]:
    if best is None:
        return {}
    per_user = {f"per_user.{name}": torch.from_numpy(values) for name, values in best.per_user.items()}
    return {"users": torch.from_numpy(best.users)} | per_user


def _progress(about: Mapping[str, Any], tensors: Mapping[str, Tensor], device: torch.device) -> Progress:
    simple = {name: value for name, value in fields_of(Progress, about).items() if name not in _APART}
    per_user = {name: values.numpy() for name, values in _named(tensors, "per_user.").items()}
    best = about["best"]
    return Progress(
        **simple,
        curve=[EpochReport(**fields_of(EpochReport, report)) for report in typed(about, "curve", list)],
        best_weights={name: weight.to(device) for name, weight in _named(tensors, "best.").items()},
        best=None if best is None else Evaluation(metrics=best, users=tensors["users"].numpy(), per_user=per_user),
    )


def _named(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Those whose names begin so, without that beginning."""
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
