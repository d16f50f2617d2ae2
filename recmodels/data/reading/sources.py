"""Public datasets that may not be passed on, fetched from their own site when a person asks, and checked by sha256."""

import hashlib
import http.client
import io
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from recmodels.data.folders import whole_folder
from recmodels.errors import DataError, SetupError

TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A zip archive and the files in it that make a dataset."""

    url: str
    sha256: str
    files: tuple[str, ...]  # by their last name; all land in one folder
    interactions: str  # the one of them to read
    licence: str


def _movielens(name: str, sha256: str, interactions: str, *sides: str) -> Source:
    return Source(
        url=f"https://files.grouplens.org/datasets/movielens/{name}.zip",
        sha256=sha256,
        files=(interactions, *sides),
        interactions=interactions,
        licence="GroupLens: research use, no redistribution without permission",
    )


SOURCES: dict[str, Source] = {
    "ml-100k": _movielens(
        "ml-100k",
        "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229",
        "u.data",
        "u.item",
        "u.user",
    ),
    "ml-1m": _movielens(
        "ml-1m",
        "a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
        "ratings.dat",
        "movies.dat",
        "users.dat",
    ),
    "ml-25m": _movielens(
        "ml-25m",
        "8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa",
        "ratings.csv",
        "movies.csv",
    ),
}


def fetch(name: str, folder: Path, sources: dict[str, Source] = SOURCES) -> Path:
    """Download a dataset into `folder / name`; the file of interactions, for `Catalogue.add`.

    Raises:
        DataError: No such dataset is known, or what came is not what was expected.
        SetupError: The site cannot be reached, or the folder cannot be written.
    """
    if name not in sources:
        raise DataError(f"no dataset {name!r} can be fetched; these can: {', '.join(sources)}")
    source = sources[name]
    target = folder / name
    if not all((target / file).is_file() for file in source.files):
        data = _download(source)
        with whole_folder(target) as temporary:
            _unpack(name, source, data, temporary)
    return target / source.interactions


def _download(source: Source) -> bytes:
    try:
        with urllib.request.urlopen(source.url, timeout=TIMEOUT_S) as answer:  # noqa: S310  # the URLs stand above
            data: bytes = answer.read()
    except (urllib.error.URLError, OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise SetupError(
            f"cannot fetch {source.url} ({reason}); on a machine with a network, download and unpack it, "
            "then add the folder with `recpilot data add FOLDER`"
        ) from error
    if (found := hashlib.sha256(data).hexdigest()) != source.sha256:
        raise DataError(f"{source.url} has sha256 {found[:12]}…, {source.sha256[:12]}… was expected; nothing was kept")
    return data


def _unpack(name: str, source: Source, data: bytes, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {PurePosixPath(member).name: member for member in archive.namelist()}
        for file in source.files:
            if file not in members:
                raise DataError(f"the archive of {name} has no {file}; it has {', '.join(sorted(members)[:10])}")
            (folder / file).write_bytes(archive.read(members[file]))
