"""What lies in a zip or tar archive, and its bytes block by block; nothing is written here.

A tar, packed with gzip or not, is read from its start to its end, once for the list and once for the files, and never
further than the limits allow.
"""

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from stat import S_ISLNK
from typing import IO, Literal, Protocol

from recmodels.data.reading.foreign import program_of
from recmodels.data.reading.limits import Limits
from recmodels.errors import DataError, LimitError

UNPACK = "unpack it, then add the file or folder in it"
_BLOCK = 1 << 20
_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_TAR_ERRORS = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError)  # of a file that is no tar, or cut off


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file or folder in an archive."""

    place: int  # in the archive
    name: str  # with its folders, `/` between them
    n_bytes: int
    is_folder: bool = False
    is_odd: bool = False  # a link, a pipe or a device
    is_locked: bool = False


class Archive(Protocol):
    """A zip or a tar."""

    def members(self) -> list[Member]:
        """All that it lists. Raises DataError: it is damaged."""

    def blocks(self, wanted: Sequence[Member]) -> Iterator[tuple[Member, bytes]]:
        """The content of these files, at least one block of each.

        Raises:
            DataError: A file is damaged, packed in a way that Python does not know, or the limits are passed.
        """


def archive_of(path: Path) -> Archive | None:
    """The archive at a path; None for any other file, and for one of a program, as a workbook is."""
    kind = kind_of(path)
    if kind == "tar":
        return _Tar(path)
    return _Zip(path) if kind == "zip" and _holds_any_files(path) else None


def kind_of(path: Path) -> Literal["zip", "tar"] | None:
    """What a file begins as, whatever its ending."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            head = file.read(tarfile.BLOCKSIZE)
        if head.startswith(_ZIP):
            return "zip"
        if head.startswith(_GZIP):
            with gzip.open(path) as packed:
                head = packed.read(tarfile.BLOCKSIZE)
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")  # compares a sum of the bytes
    except _TAR_ERRORS:
        return None
    return "tar"


def _holds_any_files(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
        return False  # the reading says so
    return bool(names) and program_of(names) is None


class _Zip:
    def __init__(self, path: Path) -> None:
        self._path = path

    def members(self) -> list[Member]:
        with zipfile.ZipFile(self._path) as archive:
            return [
                Member(
                    place=place,
                    name=info.filename,
                    n_bytes=info.file_size,
                    is_folder=info.is_dir(),
                    is_odd=S_ISLNK(info.external_attr >> 16),
                    is_locked=bool(info.flag_bits & 1),
                )
                for place, info in enumerate(archive.infolist())
            ]

    def blocks(self, wanted: Sequence[Member]) -> Iterator[tuple[Member, bytes]]:
        with zipfile.ZipFile(self._path) as archive:
            every = archive.infolist()
            for member in wanted:
                yield member, b""
                try:
                    with archive.open(every[member.place]) as packed:
                        while block := packed.read(_BLOCK):
                            yield member, block
                except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                    raise _damaged(f"{member.name!r} in {self._path.name}", error) from error
                except (NotImplementedError, RuntimeError):
                    raise LimitError(f"{self._path.name} is packed in a way that is not read here; {UNPACK}") from None


class _Tar:
    def __init__(self, path: Path) -> None:
        self._path = path

    def members(self) -> list[Member]:
        with self._opened() as archive:
            return [_member(place, info) for place, info in enumerate(archive)]

    def blocks(self, wanted: Sequence[Member]) -> Iterator[tuple[Member, bytes]]:
        by_place = {member.place: member for member in wanted}
        with self._opened() as archive:
            for place, info in enumerate(archive):
                if (member := by_place.get(place)) and (content := archive.extractfile(info)):
                    yield member, b""
                    while block := content.read(_BLOCK):
                        yield member, block

    @contextmanager
    def _opened(self) -> Iterator[tarfile.TarFile]:
        try:
            with self._path.open("rb") as file:
                is_packed = file.read(len(_GZIP)) == _GZIP
                file.seek(0)
                stream: IO[bytes] = gzip.GzipFile(fileobj=file) if is_packed else file  # type: ignore[assignment]
                bounded = _Bounded(self._path, stream)
                with tarfile.open(fileobj=bounded, mode="r|") as archive:  # type: ignore[call-overload]
                    yield archive
        except _TAR_ERRORS as error:
            raise _damaged(self._path.name, error) from error


class _Bounded:
    """What is read of a packed file, within the limits."""

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self._path, self._stream = path, stream
        self._limits, self._n_packed, self._n_bytes = Limits.current(), path.stat().st_size, 0

    def read(self, n_bytes: int) -> bytes:
        data = self._stream.read(n_bytes)
        self._n_bytes += len(data)
        self._limits.check(self._path, self._n_bytes, self._n_packed)
        return data


def _member(place: int, info: tarfile.TarInfo) -> Member:
    is_rooted = info.name.startswith("/")
    return Member(
        place=place,
        name=info.name if is_rooted else PurePosixPath(info.name).as_posix(),  # without a `./` before it
        n_bytes=info.size,
        is_folder=info.isdir(),
        is_odd=not (info.isdir() or info.isfile()),
    )


def _damaged(what: str, error: BaseException) -> DataError:
    return DataError(f"{what} is damaged: {error}; fetch it again")
