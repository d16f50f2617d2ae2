"""Take a trained model away: its checkpoint as a folder or a zip file, or the lists it recommends as a table.

>>> print(export_model(Path("checkpoints/books-3"), Path("for-the-shop"), "csv"))
for-the-shop/item_knn-books-3-top10.csv
"""

import difflib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from recmodels import checkpoint
from recmodels.data.folders import whole_folder
from recmodels.errors import ParamError, SetupError
from recmodels.outside import cell

if TYPE_CHECKING:
    import polars as pl


TABLE_FORMAT = 1  # of the columns of a table; a CSV has no place to say it


def export_model(checkpoint_folder: Path, destination: Path, format: str = "safetensors", k: int = 10) -> Path:
    """Write a checkpoint into `destination` in another form; what was exported before is replaced.

    Args:
        checkpoint_folder: As `TrainResult.checkpoint`.
        destination: A folder, made where it is missing.
        format: A key of `FORMATS`.
        k: Length of a list, for tables.

    Returns:
        The folder or file written.

    Raises:
        ParamError: An unknown format, or `k` below 1.
        DataError: The checkpoint or its dataset is missing or damaged.
        SetupError: The destination cannot be written, or lies within the checkpoint.
    """
    check_format(format)
    if k < 1:
        raise ParamError(f"`k` must be 1 or more, got {k}")
    saved = checkpoint.load(checkpoint_folder)
    source = checkpoint_folder.resolve()
    if destination.resolve().is_relative_to(source):
        raise SetupError(f"{destination} lies within the checkpoint {checkpoint_folder}; choose another folder")
    return FORMATS[format](source, destination / f"{saved.model}-{source.name}", k)


def check_format(format: str) -> None:
    """Raises ParamError: it is no key of `FORMATS`; the text names them."""
    if format not in FORMATS:
        near = difflib.get_close_matches(format, FORMATS, n=1)
        hint = f"; did you mean `{near[0]}`?" if near else "."
        raise ParamError(f"cannot export as {format!r}{hint} The formats are: {', '.join(FORMATS)}")


def _folder(source: Path, target: Path, k: int) -> Path:
    with whole_folder(target) as temporary:
        shutil.copytree(source, temporary, dirs_exist_ok=True)
    return target


def _zip(source: Path, target: Path, k: int) -> Path:
    with _whole_file(target.with_name(f"{target.name}.zip")) as temporary:
        shutil.make_archive(str(temporary.with_suffix("")), "zip", source)
    return target.with_name(f"{target.name}.zip")


def _csv(source: Path, target: Path, k: int) -> Path:
    path = target.with_name(f"{target.name}-top{k}.csv")
    with _whole_file(path) as temporary:
        _for_spreadsheets(_lists(source, k)).write_csv(temporary)
    return path


def _for_spreadsheets(lists: "pl.DataFrame") -> "pl.DataFrame":
    """No cell is a formula; ids that are names stay as they are, and a Parquet file has all of them so."""
    import polars as pl

    names = [name for name, kind in lists.schema.items() if kind == pl.String]
    return lists.with_columns(
        pl.Series(name, [one and cell(one, is_id=name.endswith("_id")) for one in lists[name]], dtype=pl.String)
        for name in names
    )


def _parquet(source: Path, target: Path, k: int) -> Path:
    path = target.with_name(f"{target.name}-top{k}.parquet")
    with _whole_file(path) as temporary:
        _lists(source, k).write_parquet(temporary, metadata={"format": str(TABLE_FORMAT)})
    return path


def _lists(source: Path, k: int) -> "pl.DataFrame":
    from recmodels.serving import Recommender

    return Recommender.load(source).lists(k)


@contextmanager
def _whole_file(path: Path) -> Iterator[Path]:
    """A temporary file of the same suffix that takes the place of `path` when the block ends well."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=path.parent) as folder:
            temporary = Path(folder) / path.name
            yield temporary
            temporary.replace(path)
    except OSError as error:
        raise SetupError(f"cannot write {path}: {error.strerror}; choose a folder you may write") from error


FORMATS: dict[str, Callable[[Path, Path, int], Path]] = {
    "safetensors": _folder,  # the checkpoint as it is: weights, adapter in PEFT's format, params, metrics
    "zip": _zip,  # the same in one file
    "csv": _csv,  # user_id, rank, item_id, score, text; an apostrophe before what a spreadsheet would calculate
    "parquet": _parquet,
}
