"""What was written by earlier versions is read, what a later one wrote is refused in one sentence, damage is said."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from recmodels import checkpoint
from recmodels.data.catalogue import Catalogue
from recmodels.data.interactions import Interactions
from recmodels.errors import DataError, TrialPruned
from recmodels.export import export_model
from recmodels.per_user import load_per_user
from recmodels.request import Budget, TrainRequest
from recmodels.serving import Recommender
from recmodels.training import train

WRITTEN = Path(__file__).parent / "fixtures" / "written_at_4b8a4e9"
"""bpr_mf on ten users of two groups; each read four of the group's five books, in a circle."""


def changed(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    about = json.loads(path.read_text())
    path.write_text(json.dumps(change(about)))


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A copy of the checkpoint of then, with its dataset where it says."""
    shutil.copytree(WRITTEN, tmp_path / "then")
    folder = tmp_path / "then" / "bpr_mf"
    changed(folder / "checkpoint.json", lambda about: about | {"dataset": str(tmp_path / "then" / "dataset")})
    return folder


def without_format(about: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in about.items() if name != "format"}


@pytest.mark.parametrize("change", [dict, without_format, lambda about: about | {"colour": "blue"}])
def test_a_checkpoint_of_before_recommends_the_book_that_is_left(
    change: Callable[[dict[str, Any]], Any], before: Path
) -> None:
    changed(before / "checkpoint.json", change)
    changed(before.parent / "dataset" / "dataset.json", change)
    recommender = Recommender.load(before)
    assert [place.item_id for place in recommender.recommend("u0", k=1)] == ["even-4"]
    assert [place.item_id for place in recommender.recommend("u3", k=1)] == ["odd-0"]
    assert len(load_per_user(before)["valid_ndcg@10"]) == 10


def test_what_is_written_now_says_its_format(before: Path, tmp_path: Path) -> None:
    request = TrainRequest(dataset=before.parent / "dataset", model="popularity", checkpoint=tmp_path / "now")
    train(replace(request, device="cpu"))
    exported = export_model(tmp_path / "now", tmp_path / "out")
    for path in (tmp_path / "now" / "checkpoint.json", exported / "checkpoint.json"):
        assert json.loads(path.read_text())["format"] == checkpoint.FORMAT
    table = export_model(tmp_path / "now", tmp_path / "out", "parquet")
    assert pl.read_parquet_metadata(table)["format"] == "1"


def test_what_a_later_version_wrote_is_refused_in_one_sentence(before: Path, tmp_path: Path) -> None:
    changed(before / "checkpoint.json", lambda about: about | {"format": 99})
    with pytest.raises(DataError, match=r"checkpoint .* is of format 99 and this version reads up to 2; take a newer"):
        Recommender.load(before)
    changed(before.parent / "dataset" / "dataset.json", lambda about: about | {"format": 99})
    with pytest.raises(DataError, match=r"saved dataset .* is of format 99 and this version reads up to 1"):
        Interactions.load(before.parent / "dataset")
    stored = Catalogue(tmp_path / "catalogue").get("demo")
    changed(stored.folder / "about.json", lambda about: about | {"format": 99})
    with pytest.raises(DataError, match=r"dataset 'demo' .* is of format 99"):
        Catalogue(tmp_path / "catalogue").get("demo")


@pytest.mark.parametrize(
    "change",
    [
        lambda about: [about],
        lambda about: None,
        lambda about: about | {"format": "two"},
        lambda about: about | {"params": None, "columns": None},
        lambda about: about | {"dataset": 5, "text_columns": 5},
        lambda about: {},
    ],
)
def test_damage_of_any_kind_is_said(change: Callable[[dict[str, Any]], Any], before: Path) -> None:
    changed(before.parent / "dataset" / "dataset.json", change)
    with pytest.raises(DataError, match="is damaged"):
        Interactions.load(before.parent / "dataset")
    changed(before / "checkpoint.json", change)
    with pytest.raises(DataError, match="is damaged"):
        checkpoint.load(before)


def test_a_name_in_the_place_of_a_folder_is_a_slip_and_no_damage(before: Path) -> None:
    with pytest.raises(TypeError, match=r"`dataset` must be a pathlib\.Path, got 'demo'"):
        TrainRequest(dataset="demo", model="ease")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"`checkpoint` must be a pathlib\.Path, got 'here'"):
        TrainRequest(dataset=Path("demo"), model="ease", checkpoint="here")  # type: ignore[arg-type]
    for load in (Interactions.load, checkpoint.load, Recommender.load):
        with pytest.raises(TypeError, match=r"`folder` must be a pathlib\.Path, got 'demo'"):
            load("demo")  # type: ignore[operator]


def test_the_state_of_a_run_may_say_more_than_is_known(before: Path, tmp_path: Path) -> None:
    def stop(report: object) -> None:
        raise TrialPruned

    request = TrainRequest(dataset=before.parent / "dataset", model="bpr_mf", resume_folder=tmp_path / "state")
    request = replace(request, device="cpu", n_threads=1, budget=Budget(epochs=2))
    with pytest.raises(TrialPruned):
        train(request, stop)
    path = tmp_path / "state" / "state" / "progress.json"
    changed(path, lambda about: about | {"mood": 1, "curve": [report | {"mood": 1} for report in about["curve"]]})
    assert train(request).cost["resumed_epochs"] == 1


@pytest.mark.parametrize("name", ["model.safetensors", "ids.json", "per_user.safetensors"])
def test_one_changed_bit_of_a_checkpoint_is_noticed(name: str, before: Path, tmp_path: Path) -> None:
    train(
        TrainRequest(dataset=before.parent / "dataset", model="popularity", checkpoint=tmp_path / "now", device="cpu")
    )
    content = bytearray((tmp_path / "now" / name).read_bytes())
    content[-3] ^= 1
    (tmp_path / "now" / name).write_bytes(content)
    if name != "per_user.safetensors":
        with pytest.raises(DataError, match=f"now is damaged: {name} is not as it was written"):
            Recommender.load(tmp_path / "now")
        return
    assert Recommender.load(tmp_path / "now").recommend("u0"), "no model needs the metrics of each user"
    with pytest.raises(DataError, match="is not as it was written"):
        load_per_user(tmp_path / "now")
