"""Whether a dataset's folder is whole, as far as its files, their first and last bytes and their rights say it.

No row is read, so that a list of datasets can afford it; polars is not needed.
"""

import stat
from pathlib import Path

from recmodels import rights
from recmodels.data.reading.parquet_footer import MAGIC, MAX_FOOTER_BYTES, FooterError, read_footer
from recmodels.errors import DataError
from recmodels.stored import read_object

ABOUT_ROWS = "dataset.json"
ROWS = ("interactions.parquet", "user_ids.parquet", "item_ids.parquet")


def check_sound(name: str, folder: Path) -> None:
    """Refuse a dataset whose rows surely cannot be read.

    Args:
        name: What it is called, for the message.
        folder: Of the dataset; something is there.

    Raises:
        DataError: It is damaged, or may not be read; the message says which command helps.
    """
    try:
        _check(folder)
    except PermissionError as error:
        place = Path(error.filename or folder)
        raise DataError(f"the dataset {name!r} cannot be used: {rights.refusal(place, 'read')}") from error
    except NotADirectoryError as error:
        raise DataError(
            f"the dataset {name!r} is damaged: a file is in the place of its folder {folder}; move that away, and add "
            "the dataset's file again. Its studies stay as they are"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(name, folder, error) from error


def damaged(name: str, folder: Path, why: Exception) -> DataError:
    """What is to be done about it, in a sentence."""
    says = f"{why.filename} is missing" if isinstance(why, FileNotFoundError) else str(why)
    return DataError(
        f"the dataset {name!r} in {folder.parent} is damaged; remove it (`recpilot data remove {name}`) and add "
        f"its file again. Its studies stay as they are: {says}"
    )


def _check(folder: Path) -> None:
    """Raises OSError: it cannot be read; ValueError: a file is damaged."""
    there = {file.name for file in folder.iterdir()}
    tables = sorted({*ROWS} | {name for name in there if name.endswith(".parquet")})
    for name in there.intersection((ABOUT_ROWS, *tables)):
        if not stat.S_ISREG((folder / name).lstat().st_mode):
            raise ValueError(f"{name} is no regular file")  # a pipe would never end
    try:
        about = read_object(folder / ABOUT_ROWS)
    except ValueError as error:
        raise ValueError(f"{ABOUT_ROWS} is empty or damaged ({error})") from error
    if missing := [key for key in ("name", "time_kind") if key not in about]:
        raise ValueError(f"{ABOUT_ROWS} is damaged: it has no {missing[0]!r}")
    for file in tables:
        _check_parquet(folder / file)


def _check_parquet(path: Path) -> None:
    """Raises OSError, ValueError: as `_check`."""
    size = path.stat().st_size
    with path.open("rb") as file:
        begins = file.read(len(MAGIC))
        file.seek(max(0, size - 8))
        footer = int.from_bytes(file.read(4), "little")
        file.seek(max(0, size - min(footer, MAX_FOOTER_BYTES) - 12))
        tail = file.read()
    try:
        read_footer(tail)
    except FooterError as error:
        raise ValueError(f"{path.name} is cut off or damaged: {error}") from error
    if begins != MAGIC:
        raise ValueError(f"{path.name} is damaged: it does not begin as a Parquet file")
