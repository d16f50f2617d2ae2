"""Datasets that were removed and are kept aside, so that they can be restored, until they are deleted for good."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recmodels.data.folders import remove_folder
from recmodels.errors import DataError
from recmodels.stored import read_object

REMOVED = ".removed"  # below the folder of the datasets


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """One removed dataset."""

    key: str  # its first name
    name: str  # what it was called last
    folder: Path
    n_bytes: int
    source: str  # the file that it was read from; empty: unknown


def aside_of(datasets: Path, key: str) -> list[Path]:
    """The folders of what was set aside under a first name, the latest last."""
    return sorted((datasets / REMOVED).glob(f"{key}@*"))


def all_aside(datasets: Path, name: str | None = None) -> list[Aside]:
    """What is kept aside below the folder of the datasets, by name.

    Args:
        name: Only what was called so, or first called so.

    Raises:
        DataError: Nothing of that name is kept.
    """
    found = sorted(_found(datasets), key=lambda one: (one.name, one.folder.name))
    if name is None:
        return found
    wanted = [one for one in found if name.strip().lower() in (one.name, one.key)]
    if not wanted:
        kept = ", ".join(dict.fromkeys(one.name for one in found)) or "nothing"
        raise DataError(f"no removed dataset {name!r} is kept; kept are: {kept}")
    return wanted


def delete_aside(one: Aside) -> None:
    """Delete the files of a removed dataset; it cannot be restored any more.

    Raises:
        SetupError: They cannot be deleted.
    """
    remove_folder(one.folder)


def _found(datasets: Path) -> Iterator[Aside]:
    for folder in (datasets / REMOVED).glob("*@*"):
        key = folder.name.rpartition("@")[0]
        title = folder / "title.txt"
        yield Aside(
            key=key,
            name=title.read_text(encoding="utf-8").strip() if title.is_file() else key,
            folder=folder,
            n_bytes=sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
            source=_source(folder),
        )


def _source(folder: Path) -> str:
    try:
        return str(read_object(folder / "about.json").get("source", ""))
    except (OSError, ValueError):
        return ""
