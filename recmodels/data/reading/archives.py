"""Zip archives: which table in one is meant, and its folder unpacked, within the bounds, for a reading.

`archive.zip` stands for the one table in it, and `archive.zip/ratings.csv` for one of several.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from recmodels.data.reading.choosing import INTERACTIONS, interaction_files
from recmodels.data.reading.decoding import archive_above
from recmodels.data.reading.foreign import program_of
from recmodels.data.reading.limits import Limits
from recmodels.data.reading.prompts import prompt_files
from recmodels.data.reading.table import shown
from recmodels.errors import DataError, LimitError

MAX_FILES = 20_000  # that are unpacked; Netflix' training set has 17,770
UNPACKED = "unpacked"  # the folder, within the one where the dataset is written
_LISTED = 12
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_UNPACK = "unpack it, then add the file or folder in it"
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
    archive = archive_above(path) or path
    if not _is_zip(archive):
        yield path, ()
        return
    wanted = path.relative_to(archive).as_posix() if archive != path else None
    place = folder / UNPACKED
    place.mkdir()
    try:
        yield _unpacked(archive, wanted, place)
    finally:
        for file in place.iterdir():
            file.unlink()
        place.rmdir()


def _is_zip(path: Path) -> bool:
    """Whether it is an archive of files, and not one of a program, as a workbook is."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        if file.read(4) not in _MAGIC:
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
        return False  # the reading says so
    return bool(names) and program_of(names) is None


def _unpacked(path: Path, wanted: str | None, folder: Path) -> tuple[Path, tuple[str, ...]]:
    """The file or folder to read, once the files beside it are unpacked too."""
    with zipfile.ZipFile(path) as archive:
        files = _files(path, archive.infolist())
        tables = [info for info in files if not (_NO_TABLE.fullmatch(info.filename) or _is_archive(info))]
        if not tables:
            raise DataError(_without_tables(path, files))
        chosen = _chosen(path, wanted, tables) if wanted else None
        parent = _parent(chosen) if chosen else _folder_of_tables(path, tables)
        beside = [info for info in tables if _parent(info) == parent]
        if len(beside) > MAX_FILES:
            raise LimitError(f"an archive may hold {MAX_FILES:,} tables, {path.name} holds {len(beside):,}; {_UNPACK}")
        _extract(path, archive, beside, folder)
    read = folder / PurePosixPath(chosen.filename).name if chosen else folder
    if not chosen and not prompt_files(folder):
        try:
            interaction_files(folder)
        except DataError:
            raise DataError(_several(path, beside)) from None
    of = f" of the folder {shown(parent)}" if parent != "." else ""
    notes = [f"{path.name} was unpacked: {_listed(beside)}{of}"]
    if nested := [info for info in files if _is_archive(info)]:
        notes.append(f"archives in {path.name} were not opened: {_listed(nested)}")
    return read, tuple(notes)


def _files(path: Path, members: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Its files without those that a system hides.

    Raises:
        DataError: A file is encrypted, a link, or leads out of the archive's folder.
    """
    files = []
    for info in members:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        is_link = stat.S_ISLNK(info.external_attr >> 16)
        if is_link or name.is_absolute() or ".." in name.parts or re.match("[A-Za-z]:", info.filename):
            how = "is a link" if is_link else "leads out of its folder"
            raise DataError(f"{shown(info.filename)!r} in {path.name} {how}; such an archive is not opened")
        if info.is_dir() or any(part.startswith((".", "__MACOSX")) for part in name.parts):
            continue
        if info.flag_bits & 1:
            raise LimitError(
                f"{path.name} is encrypted; unpack it with its password, then add the file or folder in it"
            )
        files.append(info)
    return files


def _chosen(path: Path, wanted: str, tables: Sequence[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """The table that was named, in full or without its folders, in any case."""
    word = wanted.lower()
    for hits in (
        [info for info in tables if info.filename.lower() == word],
        [info for info in tables if info.filename.lower().endswith(f"/{word}")],
    ):
        if len(hits) == 1:
            return hits[0]
    raise DataError(f"{path.name} holds no one table {shown(wanted)!r}; its tables are: {_listed(tables)}")


def _folder_of_tables(path: Path, tables: Sequence[zipfile.ZipInfo]) -> str:
    """The folder in the archive that holds the tables, or the only one with a file that is called as interactions are.

    Raises:
        DataError: Several folders may be meant.
    """
    parents = sorted({_parent(info) for info in tables})
    named = {_parent(info) for info in tables if INTERACTIONS.fullmatch(PurePosixPath(info.filename).name.lower())}
    if len(parents) > 1 and len(named) != 1:
        raise DataError(_several(path, tables))
    return parents[0] if len(parents) == 1 else named.pop()


def _extract(path: Path, archive: zipfile.ZipFile, files: Sequence[zipfile.ZipInfo], folder: Path) -> None:
    """Each under its own name, block by block: an archive that holds far too much is refused before it fills the disk.

    Raises:
        DataError: It holds too much, is damaged, or packed in a way that Python does not know.
    """
    limits, n_bytes, n_packed = Limits.current(), 0, path.stat().st_size
    limits.check(path, sum(info.file_size for info in files), n_packed)
    for info in files:
        target = folder / PurePosixPath(info.filename).name
        try:
            with archive.open(info) as packed, target.open("xb") as whole:
                while block := packed.read(1 << 20):
                    n_bytes += len(block)
                    limits.check(path, n_bytes, n_packed)
                    whole.write(block)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise DataError(f"{shown(info.filename)!r} in {path.name} is damaged: {error}; fetch it again") from error
        except (NotImplementedError, RuntimeError):
            raise LimitError(f"{path.name} is packed in a way that is not read here; {_UNPACK}") from None


def _without_tables(path: Path, files: Sequence[zipfile.ZipInfo]) -> str:
    nested = [info for info in files if _is_archive(info)]
    if nested:
        return f"{path.name} holds archives, which are not opened: {_listed(nested)}; {_UNPACK}"
    return f"{path.name} holds no table; its files are: {_listed(files) or 'none'}"


def _several(path: Path, tables: Sequence[zipfile.ZipInfo]) -> str:
    return (
        f"{path.name} holds several tables: {_listed(tables)}; say which one holds the interactions, as "
        f"{path.name}/{shown(tables[0].filename)}"
    )


def _listed(files: Sequence[zipfile.ZipInfo]) -> str:
    few = ", ".join(shown(info.filename) for info in files[:_LISTED])
    return few + (f" and {len(files) - _LISTED:,} more" if len(files) > _LISTED else "")


def _is_archive(info: zipfile.ZipInfo) -> bool:
    return _ARCHIVE.fullmatch(info.filename) is not None


def _parent(info: zipfile.ZipInfo) -> str:
    return PurePosixPath(info.filename).parent.as_posix()
