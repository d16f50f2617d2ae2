"""What is taken away: a checkpoint that still works, and lists that are those of the model."""

import shutil
import zipfile
from pathlib import Path

import polars as pl
import pytest
import safetensors.torch

from recmodels import checkpoint
from recmodels.errors import DataError, ParamError, SetupError
from recmodels.export import FORMATS, export_model
from recmodels.request import TrainRequest
from recmodels.serving import Recommender
from recmodels.training import train


@pytest.fixture(scope="module")
def trained(circles_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoints") / "circles-3"
    request = TrainRequest(dataset=circles_folder, model="ease", checkpoint=folder, n_threads=1, device="cpu")
    train(request)
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_safetensors_is_the_checkpoint_as_it_is_and_still_recommends(trained: Path, tmp_path: Path) -> None:
    written = export_model(trained, tmp_path / "away")
    assert written == tmp_path / "away" / "ease-circles-3"
    assert files_of(written) == files_of(trained)
    assert Recommender.load(written).recommend("user-0") == Recommender.load(trained).recommend("user-0")


def test_zip_holds_the_same_files(trained: Path, tmp_path: Path) -> None:
    written = export_model(trained, tmp_path, "zip")
    with zipfile.ZipFile(written) as archive:
        assert {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")} == files_of(trained)
        assert archive.testzip() is None


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_table_holds_every_users_list_as_recommended(format: str, trained: Path, tmp_path: Path) -> None:
    written = export_model(trained, tmp_path, format, k=4)
    assert written.name == f"ease-circles-3-top4.{format}"
    table = pl.read_csv(written) if format == "csv" else pl.read_parquet(written)
    assert table.columns == ["user_id", "rank", "item_id", "score", "text"]
    recommender = Recommender.load(trained)
    users = checkpoint.load(trained).user_ids
    assert table["user_id"].unique(maintain_order=True).to_list() == list(users)
    for user in (users[0], users[-1]):
        rows = table.filter(pl.col("user_id") == user)
        expected = recommender.recommend(user, k=4)
        assert rows["rank"].to_list() == [1, 2, 3, 4]
        assert rows["item_id"].to_list() == [place.item_id for place in expected]
        assert rows["score"].to_list() == pytest.approx([place.score for place in expected], rel=1e-4)
        assert rows["text"].to_list() == [place.text for place in expected]


def test_a_list_longer_than_what_a_user_has_not_read_ends_early(trained: Path, tmp_path: Path) -> None:
    table = pl.read_parquet(export_model(trained, tmp_path, "parquet", k=100))
    per_user = table.group_by("user_id").len()["len"]
    assert per_user.unique().to_list() == [40 - 7]  # forty books, seven read by each


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_again_replaces_the_one_before_and_leaves_nothing_else(
    format: str, trained: Path, tmp_path: Path
) -> None:
    first = export_model(trained, tmp_path, format)
    assert export_model(trained, tmp_path, format) == first
    assert [path.name for path in tmp_path.iterdir()] == [first.name]


def test_weights_are_safetensors_that_the_library_reads(trained: Path, tmp_path: Path) -> None:
    weights = safetensors.torch.load_file(export_model(trained, tmp_path) / "model.safetensors")
    assert any(weight.shape == (40, 40) for weight in weights.values())


def test_an_unknown_format_is_answered_with_those_that_are(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(ParamError, match=r"'parket'; did you mean `parquet`\? The formats are: safetensors, zip"):
        export_model(trained, tmp_path, "parket")
    assert not list(tmp_path.iterdir())


def test_a_list_of_length_zero_is_refused(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(ParamError, match="`k` must be 1 or more, got 0"):
        export_model(trained, tmp_path, "csv", k=0)


def test_a_folder_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a checkpoint"):
        export_model(tmp_path / "nothing", tmp_path / "away")


def test_a_checkpoint_whose_dataset_is_gone_gives_no_table(trained: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(trained, copy)
    about = (
        (copy / "checkpoint.json").read_text().replace(str(checkpoint.load(trained).dataset), str(tmp_path / "gone"))
    )
    (copy / "checkpoint.json").write_text(about)
    with pytest.raises(DataError, match="is not a saved dataset"):
        export_model(copy, tmp_path / "away", "csv")
    assert not list((tmp_path / "away").glob("**/*.csv"))


@pytest.mark.parametrize("inside", [".", "away"])
def test_a_checkpoint_is_not_exported_into_itself(inside: str, trained: Path) -> None:
    before = files_of(trained)
    with pytest.raises(SetupError, match="lies within the checkpoint"):
        export_model(trained, trained / inside)
    assert files_of(trained) == before


def test_a_destination_that_is_a_file_is_refused(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    for format in FORMATS:
        with pytest.raises(SetupError, match="cannot write"):
            export_model(trained, tmp_path / "taken", format)
