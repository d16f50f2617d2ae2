"""A trained model on disk: one folder that appears whole or not at all.

model.safetensors     the weights; an adapter lies beside them in the PEFT folder format
checkpoint.json       model, params, split, metrics, cost, dataset
ids.json              the data's own user and item ids, in the order of the rows of the weights
per_user.safetensors  the metrics of each user, for paired tests
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt
import safetensors
import safetensors.numpy

from recmodels import rights
from recmodels.data.folders import whole_folder
from recmodels.data.interactions import Interactions
from recmodels.errors import DataError, SetupError
from recmodels.evaluation import Evaluation
from recmodels.models import find_model
from recmodels.models.base import Entities, RecModel
from recmodels.per_user import PER_USER_FILE
from recmodels.repeats import MASK
from recmodels.request import TrainResult
from recmodels.search_space import ParamValue
from recmodels.stored import check_digests, check_format, digests, need_path, read_object, typed

FORMAT = 2  # 1: `adapter=full` trained the last `adapter_layers` alone; test was always measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What `checkpoint.json` and `ids.json` say."""

    folder: Path
    model: str
    params: Mapping[str, ParamValue]
    split: str
    metrics: Mapping[str, float]
    dataset: Path
    user_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    positive: str = "all"  # the rule by which rows of the dataset counted as likes
    repeats: str = MASK  # whether lists hold what users had before

    def build(self, entities: Entities) -> RecModel:
        """The trained model, in eval mode on the CPU.

        Raises:
            DataError: The weights are missing, damaged or of another shape.
            SetupError: They may not be read.
        """
        model = find_model(self.model).load()(self.params, entities)
        try:
            model.load(self.folder)
        except PermissionError as error:
            raise _not_allowed(self.folder, error) from error
        except (OSError, RuntimeError, safetensors.SafetensorError) as error:
            raise DataError(f"the weights in {self.folder} cannot be loaded: {error}") from error
        return model.eval()


def save(
    folder: Path,
    model: RecModel,
    *,
    name: str,
    result: TrainResult,
    dataset: Path,
    interactions: Interactions,
    evaluations: Mapping[str, Evaluation],
) -> None:
    """Write the folder, replacing an older one.

    Raises:
        SetupError: The place cannot be written.
    """
    about = result.summary() | {"format": FORMAT, "model": name, "dataset": str(dataset.resolve())}
    ids = {"users": interactions.user_ids.to_list(), "items": interactions.item_ids.to_list()}
    with whole_folder(folder) as temporary:
        model.save(temporary)
        safetensors.numpy.save_file(_per_user(evaluations), temporary / PER_USER_FILE)
        _write(temporary / "ids.json", ids)
        _write(temporary / "checkpoint.json", about | {"digests": digests(temporary)})


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose weights a checkpoint holds."""

    model: str
    params: Mapping[str, ParamValue]
    metrics: Mapping[str, float]


def about(folder: Path) -> About:
    """What `checkpoint.json` says of the model, without a look at the other files.

    Raises:
        DataError: The folder is not a checkpoint, is damaged, or of a newer format.
    """
    need_path("folder", folder)
    with _explained(folder):
        found = read_object(folder / "checkpoint.json")
        check_format(found, FORMAT, f"the checkpoint {folder}")
        return About(
            model=typed(found, "model", str), params=typed(found, "params", dict), metrics=typed(found, "metrics", dict)
        )


def load(folder: Path) -> Checkpoint:
    """Read what `save` wrote, the weights aside.

    Raises:
        DataError: The folder is not a checkpoint, is damaged, or of a newer format.
        SetupError: It may not be read, which is no damage.
    """
    need_path("folder", folder)
    with _explained(folder):
        about = read_object(folder / "checkpoint.json")
        check_format(about, FORMAT, f"the checkpoint {folder}")
        check_digests(folder, about, lambda name: name != PER_USER_FILE)  # no model needs that
        ids = read_object(folder / "ids.json")
        return Checkpoint(
            folder=folder,
            model=typed(about, "model", str),
            params=typed(about, "params", dict),
            split=typed(about, "split", str),
            metrics=typed(about, "metrics", dict),
            dataset=_nearest(folder, Path(typed(about, "dataset", str))),
            user_ids=tuple(typed(ids, "users", list)),
            item_ids=tuple(typed(ids, "items", list)),
            positive=typed(about, "positive", str) if "positive" in about else "all",
            repeats=typed(about, "repeats", str) if "repeats" in about else MASK,
        )


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Raises DataError instead of what reading a damaged folder raises."""
    try:
        yield
    except FileNotFoundError as error:
        raise DataError(f"{folder} is not a checkpoint: {error.filename} is missing") from error
    except PermissionError as error:
        raise _not_allowed(folder, error) from error
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"the checkpoint {folder} is damaged ({error}); train the model again") from error


def _not_allowed(folder: Path, error: PermissionError) -> SetupError:
    return SetupError(f"the weights cannot be used: {rights.refusal(Path(error.filename or folder), 'read')}")


def _nearest(folder: Path, dataset: Path) -> Path:
    """The dataset of the same name next to the checkpoint, where there is one: a copied home uses its own."""
    places = (above / dataset.parent.name / dataset.name for above in folder.absolute().parents)
    return next((place for place in places if (place / "dataset.json").is_file()), dataset)


def _per_user(evaluations: Mapping[str, Evaluation]) -> dict[str, npt.NDArray[Any]]:
    arrays: dict[str, npt.NDArray[Any]] = {}
    for part, evaluation in evaluations.items():
        arrays[f"{part}_users"] = evaluation.users
        arrays |= {f"{part}_{metric}": values for metric, values in evaluation.per_user.items()}
    return arrays


def _write(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2), encoding="utf-8")
