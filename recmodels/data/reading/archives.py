"""Zip and tar archives: which table in one is meant, and its folder unpacked, within the bounds, for a reading.

`archive.zip` stands for the one table in it, and `archive.zip/ratings.csv` for one of several.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from recmodels.data.reading.archive_files import UNPACK, Archive, Member, archive_of
from recmodels.data.reading.choosing import INTERACTIONS, interaction_files
from recmodels.data.reading.decoding import archive_above
from recmodels.data.reading.limits import Limits
from recmodels.data.reading.prompts import prompt_files
from recmodels.data.reading.table import shown
from recmodels.errors import DataError, LimitError

MAX_FILES = 20_000  # that are unpacked; Netflix' training set has 17,770
UNPACKED = "unpacked"  # the folder, within the one where the dataset is written
_LISTED = 12
_ARCHIVE = re.compile(r".*\.(zip|7z|rar|tar|tgz|tbz2?|txz|tar\.\w+)", re.IGNORECASE)
_NO_TABLE = re.compile(
    r".*\.(png|jpe?g|gif|webp|svg|bmp|mp[34]|wav|avi|html?|css|js|ipynb|py|r|sh|md|pdf|docx?|pptx?|xlsx?|pkl|pt|pth|npy|"
    r"npz|h5|hdf5|bib|crc|sha\d+|md5)|(.*[/.])?(readme|licen[cs]e|citation|changelog|about)(\.\w+)?",
    re.IGNORECASE,
)


@contextmanager
def opened(path: Path, folder: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """What to read at a path, and notes: the path itself, or what is unpacked of an archive until the block ends.

    Args:
        folder: Existing; it has room for what is unpacked.

    Raises:
        DataError: No table or several may be meant; or the archive is damaged, encrypted, leads out of its folder, or
            holds more than the limits say.
    """
    place = archive_above(path) or path
    if (archive := archive_of(place)) is None:
        yield path, ()
        return
    wanted = path.relative_to(place).as_posix() if place != path else None
    unpacked = folder / UNPACKED
    unpacked.mkdir()
    try:
        yield _unpacked(place, archive, wanted, unpacked)
    finally:
        for file in unpacked.iterdir():
            file.unlink()
        unpacked.rmdir()


def _unpacked(path: Path, archive: Archive, wanted: str | None, folder: Path) -> tuple[Path, tuple[str, ...]]:
    """The file or folder to read, once the files beside it are unpacked too."""
    files = _files(path, archive.members())
    tables = [one for one in files if not (_NO_TABLE.fullmatch(one.name) or _is_archive(one))]
    if not tables:
        raise DataError(_without_tables(path, files))
    chosen = _chosen(path, wanted, tables) if wanted else None
    parent = _parent(chosen) if chosen else _folder_of_tables(path, tables)
    beside = [one for one in tables if _parent(one) == parent]
    if len(beside) > MAX_FILES:
        raise LimitError(f"an archive may hold {MAX_FILES:,} tables, {path.name} holds {len(beside):,}; {UNPACK}")
    _extract(path, archive, beside, folder)
    read = folder / PurePosixPath(chosen.name).name if chosen else folder
    if not chosen and not prompt_files(folder):
        try:
            interaction_files(folder)
        except DataError:
            raise DataError(_several(path, beside)) from None
    of = f" of the folder {shown(parent)}" if parent != "." else ""
    notes = [f"{path.name} was unpacked: {_listed(beside)}{of}"]
    if nested := [one for one in files if _is_archive(one)]:
        notes.append(f"archives in {path.name} were not opened: {_listed(nested)}")
    return read, tuple(notes)


def _files(path: Path, members: Sequence[Member]) -> list[Member]:
    """Its files without those that a system hides; of several of one name the last, which replaces the others.

    Raises:
        DataError: A file is encrypted, a link, or leads out of the archive's folder.
    """
    files: dict[str, Member] = {}
    for member in members:
        name = PurePosixPath(member.name.replace("\\", "/"))
        if member.is_odd or name.is_absolute() or ".." in name.parts or re.match("[A-Za-z]:", member.name):
            how = "is a link or a device" if member.is_odd else "leads out of its folder"
            raise DataError(f"{shown(member.name)!r} in {path.name} {how}; such an archive is not opened")
        if member.is_folder or any(part.startswith((".", "__MACOSX")) for part in name.parts):
            continue
        if member.is_locked:
            raise LimitError(
                f"{path.name} is encrypted; unpack it with its password, then add the file or folder in it"
            )
        files[member.name] = member
    return list(files.values())


def _chosen(path: Path, wanted: str, tables: Sequence[Member]) -> Member:
    """The table that was named, in full or without its folders, in any case."""
    word = wanted.lower()
    for hits in (
        [one for one in tables if one.name.lower() == word],
        [one for one in tables if one.name.lower().endswith(f"/{word}")],
    ):
        if len(hits) == 1:
            return hits[0]
    raise DataError(f"{path.name} holds no one table {shown(wanted)!r}; its tables are: {_listed(tables)}")


def _folder_of_tables(path: Path, tables: Sequence[Member]) -> str:
    """The folder in the archive that holds the tables, or the only one with a file that is called as interactions are.

    Raises:
        DataError: Several folders may be meant.
    """
    parents = sorted({_parent(one) for one in tables})
    named = {_parent(one) for one in tables if INTERACTIONS.fullmatch(PurePosixPath(one.name).name.lower())}
    if len(parents) > 1 and len(named) != 1:
        raise DataError(_several(path, tables))
    return parents[0] if len(parents) == 1 else named.pop()


def _extract(path: Path, archive: Archive, files: Sequence[Member], folder: Path) -> None:
    """Each under its own name, block by block: an archive that holds far too much is refused before it fills the disk.

    Raises:
        DataError: It holds too much, is damaged, or packed in a way that Python does not know.
    """
    limits, n_bytes, n_packed = Limits.current(), 0, path.stat().st_size
    limits.check(path, sum(one.n_bytes for one in files), n_packed)
    for member, block in archive.blocks(files):
        n_bytes += len(block)
        limits.check(path, n_bytes, n_packed)
        with (folder / PurePosixPath(member.name).name).open("ab") as whole:
            whole.write(block)


def _without_tables(path: Path, files: Sequence[Member]) -> str:
    nested = [one for one in files if _is_archive(one)]
    if nested:
        return f"{path.name} holds archives, which are not opened: {_listed(nested)}; {UNPACK}"
    return f"{path.name} holds no table; its files are: {_listed(files) or 'none'}"


def _several(path: Path, tables: Sequence[Member]) -> str:
    return (
        f"{path.name} holds several tables: {_listed(tables)}; say which one holds the interactions, as "
        f"{path.name}/{shown(tables[0].name)}"
    )


def _listed(files: Sequence[Member]) -> str:
    few = ", ".join(shown(one.name) for one in files[:_LISTED])
    return few + (f" and {len(files) - _LISTED:,} more" if len(files) > _LISTED else "")


def _is_archive(one: Member) -> bool:
    return _ARCHIVE.fullmatch(one.name) is not None


def _parent(one: Member) -> str:
    return PurePosixPath(one.name).parent.as_posix()
