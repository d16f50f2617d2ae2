"""The datasets that are there by name: each a folder with its interactions and what is known about them."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recmodels.data.demo import demo_interactions
from recmodels.data.folders import remove_folder, whole_folder
from recmodels.data.interactions import Interactions
from recmodels.data.profile import describe, profile
from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError
from recmodels.stored import check_format, read_object, typed

MAX_NAME = 60  # characters
_ABOUT = "about.json"
_FORMAT = 1
_FIELDS = {"profile": dict, "description": str, "columns": dict, "notes": list, "source": str, "fingerprint": str}
_BUILT_IN: dict[str, Callable[[], Interactions]] = {"demo": demo_interactions}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDataset:
    """A dataset in the catalogue; `load()` reads its rows."""

    name: str
    folder: Path  # for `Interactions.load` and `TrainRequest.dataset`
    profile: Mapping[str, float] = field(default_factory=dict)
    description: str = ""  # the profile in words
    columns: Mapping[str, str] = field(default_factory=dict)  # role → the file's column, as guessed or given
    notes: tuple[str, ...] = ()  # what was guessed, fixed or left out while reading
    source: str = ""  # the file it was read from

    def load(self) -> Interactions:
        """The rows."""
        return Interactions.load(self.folder)

    def summary(self) -> dict[str, Any]:
        """JSON-ready: all but the rows."""
        return {
            "name": self.name,
            "description": self.description,
            "columns": dict(self.columns),
            "notes": list(self.notes),
            "profile": dict(self.profile),
            "source": self.source,
            "folder": str(self.folder),
        }


class Catalogue:
    """Datasets kept as folders below `folder`; `demo` is built in and drawn at first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(
        self,
        path: Path | str,
        name: str | None = None,
        columns: Mapping[str, str] | None = None,
        items_path: Path | str | None = None,
        users_path: Path | str | None = None,
    ) -> StoredDataset:
        """Read a file (or a folder with one dataset) and keep it; the same content again changes nothing.

        Args:
            path: The interactions.
            name: To call it by; by default the file's name. Kept to lower-case letters, digits, `-`, `_` and `.`.
            columns: Role → column for what cannot be guessed: user, item, weight, time, order.
            items_path: A table that describes the items; by default looked for beside the file.
            users_path: The same for the users.

        Raises:
            DataError: The file cannot be used, or the name is taken by other content.
            AmbiguousColumns: Two columns could have one role; ask, then give `columns`.
            SetupError: The catalogue cannot be written.
        """
        path = Path(path).expanduser()
        wanted = safe_name(name or _stem(path))
        if wanted in _BUILT_IN:
            raise DataError(f"the name {wanted!r} belongs to the built-in dataset; give the data another name")
        interactions = read_interactions(path, wanted, columns, items_path, users_path)
        return self._keep(interactions, source=str(path))

    def names(self) -> list[str]:
        """Every dataset's name, built-in ones included, sorted."""
        return sorted({about.parent.name for about in self._folder.glob(f"[!.]*/{_ABOUT}")} | set(_BUILT_IN))

    def get(self, name_or_path: str | Path) -> StoredDataset:
        """A dataset by name; a path to a file is read and added under the file's name.

        Raises:
            DataError: No such name or file; the message lists the names.
            AmbiguousColumns, SetupError: As `add`.
        """
        text = str(name_or_path)
        if text in self.names():
            return self._stored(text) if (self._folder / text).exists() else self._draw(text)
        path = Path(text).expanduser()
        if path.exists():
            return self.add(path)
        raise DataError(f"there is no dataset or file {text!r}; the datasets are: {', '.join(self.names())}")

    def remove(self, name: str) -> None:
        """Forget a dataset; a built-in one is drawn again at its next use.

        Raises:
            DataError: There is none of that name.
        """
        if name not in self.names():
            raise DataError(f"there is no dataset {name!r}; the datasets are: {', '.join(self.names())}")
        remove_folder(self._folder / name)

    def _draw(self, name: str) -> StoredDataset:
        return self._keep(_BUILT_IN[name](), source="built in")

    def _keep(self, interactions: Interactions, source: str) -> StoredDataset:
        folder = self._folder / interactions.name
        fingerprint = interactions.fingerprint()
        if folder.exists():
            stored = self._stored(interactions.name)
            if self._about(interactions.name)["fingerprint"] != fingerprint:
                raise DataError(
                    f"the name {interactions.name!r} is taken by other data (from {stored.source}); "
                    f"add {source} under another name or remove the old dataset first"
                )
            return stored
        numbers = profile(interactions)
        about = {
            "format": _FORMAT,
            "profile": numbers,
            "description": describe(numbers, interactions.name),
            "columns": dict(interactions.columns),
            "notes": list(interactions.notes),
            "source": source,
            "fingerprint": fingerprint,
        }
        with whole_folder(folder) as temporary:
            interactions.write(temporary)
            (temporary / _ABOUT).write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")
        return self._stored(interactions.name)

    def _stored(self, name: str) -> StoredDataset:
        about = self._about(name)
        return StoredDataset(
            name=name,
            folder=self._folder / name,
            profile=about["profile"],
            description=about["description"],
            columns=about["columns"],
            notes=tuple(about["notes"]),
            source=about["source"],
        )

    def _about(self, name: str) -> dict[str, Any]:
        try:
            about = read_object(self._folder / name / _ABOUT)
            check_format(about, _FORMAT, f"the dataset {name!r} in {self._folder}")
            return {key: typed(about, key, kind) for key, kind in _FIELDS.items()}
        except (OSError, ValueError, KeyError) as error:
            raise DataError(f"the dataset {name!r} in {self._folder} is damaged; remove it and add it again") from error


def safe_name(text: str) -> str:
    """A name that is also a folder's name on any system: lower case, without `/`, `..`, spaces or control characters.

    Raises:
        DataError: Nothing is left of it.
    """
    name = re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")[:MAX_NAME].strip("-._")
    if not name:
        raise DataError(f"a dataset's name needs a letter or digit, got {text[:MAX_NAME]!r}")
    return name


def _stem(path: Path) -> str:
    stem = re.sub(r"\.(gz|csv|tsv|txt|dat|inter|json|jsonl|ndjson|parquet)$", "", path.name.lower().removesuffix(".gz"))
    generic = stem in {"train", "ratings", "interactions", "events", "data", "test", "reviews"}
    return f"{path.absolute().parent.name}-{stem}" if generic else stem
