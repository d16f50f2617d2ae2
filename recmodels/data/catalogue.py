"""The datasets that are there by name: each a folder with its interactions and what is known about them.

What reads rows is imported where rows are read, since commands that only name datasets need no polars.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Protocol

from recmodels import rights
from recmodels.data.choices import NO_CHOICES, Choices
from recmodels.data.folders import cannot_write, draft_folder, is_filled, remove_folder, swap_in
from recmodels.data.pseudonyms import made_key
from recmodels.data.reading.apart import never, read_apart
from recmodels.data.reading.decoding import archive_above
from recmodels.data.reading.job import ReadJob, Summary
from recmodels.data.reading.soundness import check_sound, damaged
from recmodels.data.set_aside import REMOVED, aside_of
from recmodels.data.stored_dataset import Derivation, StoredDataset
from recmodels.errors import DataError, SetupError, UserError
from recmodels.stored import check_format, read_object, typed

if TYPE_CHECKING:
    from recmodels.data.interactions import Interactions

_log = logging.getLogger(__name__)
MAX_NAME = 60  # characters
_ABOUT = "about.json"
_TITLE = "title.txt"  # in a dataset's folder: what people call it, where that is not the folder's name
_FORMAT = 1
_FIELDS = {"profile": dict, "description": str, "columns": dict, "notes": list, "source": str, "fingerprint": str}
_BUILT_IN = ("demo",)
_SAYS_LITTLE = ("train", "ratings", "interactions", "events", "data", "test", "reviews")
"""Names of files that are told apart by their folders."""


class Reads(Protocol):
    """Reads a file and writes its rows into a folder; raises what `read_apart` does."""

    def __call__(self, job: ReadJob, folder: Path, is_stopped: Callable[[], bool], /) -> Summary: ...


class Catalogue:
    """Datasets kept as folders below `folder`; `demo` is built in and drawn at first use."""

    def __init__(self, folder: Path, read: Reads = read_apart) -> None:
        """`read`: How files are read; by default in a process of its own."""
        self._folder = folder
        self._read = read

    @property
    def folder(self) -> Path:
        """Below which the datasets lie."""
        return self._folder

    def add(
        self,
        path: Path | str,
        name: str | None = None,
        columns: Mapping[str, str] | None = None,
        items_path: Path | str | None = None,
        users_path: Path | str | None = None,
        is_stopped: Callable[[], bool] = never,
        choices: Choices = NO_CHOICES,
    ) -> StoredDataset:
        """Read a file (or a folder with one dataset) and keep it; the same content again changes nothing.

        Args:
            path: The interactions.
            name: To call it by; by default the file's name. Kept to lower-case letters, digits, `-`, `_` and `.`.
            columns: Role → column for what cannot be guessed: user, item, weight, time, order.
            items_path: A table that describes the items; by default looked for beside the file.
            users_path: The same for the users.
            is_stopped: Asked a few times a second whether to give it up.
            choices: What stays with the dataset: conditions on its rows, what counts as a like, whose ids are hashed.

        Raises:
            DataError: The file cannot be used, the name is taken by other content, or it was stopped.
            AmbiguousColumns: Two columns could have one role; ask, then give `columns`.
            SetupError: The catalogue cannot be written.
        """
        path = Path(path).expanduser()
        wanted = self.new_name(path, name)
        items, users = (Path(side).expanduser() if side else None for side in (items_path, users_path))
        if choices.hashed:
            made_key(self._folder)
        job = ReadJob(
            path=path,
            name=wanted,
            columns=columns,
            items_path=items,
            users_path=users,
            choices=choices,
            key_folder=self._folder,
        )
        with draft_folder(self._folder) as draft:
            return self._keep(wanted, draft, self._read(job, draft, is_stopped), source=str(path))

    def add_more(self, job: ReadJob, derived: Derivation, is_stopped: Callable[[], bool] = never) -> StoredDataset:
        """Read a file whose events are joined to those of a dataset, and keep all of them as `job.name`.

        Raises: as `add`.
        """
        with draft_folder(self._folder) as draft:
            summary = self._read(job, draft, is_stopped)
            derived = replace(derived, counts=summary.counts)
            return self._keep(job.name, draft, summary, source=str(job.path), derived=derived)

    def keep(self, interactions: "Interactions", source: str, derived: Derivation | None = None) -> StoredDataset:
        """Keep rows under their own name; what was made so of the same dataset before is returned as it is.

        Raises:
            DataError, SetupError: As `add`.
        """
        from recmodels.data.reading.writing import write_into

        with draft_folder(self._folder) as draft:
            return self._keep(interactions.name, draft, write_into(interactions, draft), source, derived)

    def look(
        self,
        path: Path,
        columns: Mapping[str, str] | None = None,
        is_stopped: Callable[[], bool] = never,
        more_of: StoredDataset | None = None,
        rules: Sequence[Mapping[str, Any]] = (),
    ) -> Summary:
        """Read a file as `add` does, or as what is joined to a dataset, and keep nothing. Raises: as `add`.

        Args:
            rules: The filters of that dataset, as `recmodels.data.lineage.rules_of` gives them.
        """
        folder = None if more_of is None else more_of.folder
        job = ReadJob(
            path=path,
            name="look",
            columns=columns,
            items_path=None,
            users_path=None,
            more_of=folder,
            rules=rules,
            key_folder=self._folder,
        )
        with draft_folder(self._folder) as draft:
            return self._read(job, draft, is_stopped)

    def new_name(self, path: Path, name: str | None = None) -> str:
        """What a file will be called once it is added, as `add` takes both.

        Raises:
            DataError: The name cannot be one, or is another dataset's.
        """
        wanted = safe_name(name or _stem(path))
        if wanted in _BUILT_IN:
            raise DataError(f"the name {wanted!r} belongs to the built-in dataset; give the data another name")
        if self._titles().get(wanted, wanted) != wanted:
            raise DataError(f"there is already a dataset {wanted!r}; give the data another name")
        return wanted

    def is_free(self, name: str) -> bool:
        """Whether no dataset is called so, was first called so, or was and is set aside."""
        return self._key(name) is None and not aside_of(self._folder, name)

    def names(self) -> list[str]:
        """What every dataset is called, built-in ones included, sorted."""
        return sorted(self._titles())

    def called(self, name: str) -> str | None:
        """What a dataset is called now, by that or by its first name, whatever the case; None where there is none."""
        key = self._key(name)
        return None if key is None else self._title(key)

    def key_of(self, name: str) -> str | None:
        """What its studies know a dataset by, which is its first name; None where there is none."""
        return self._key(name)

    def get(self, name_or_path: str | Path, columns: Mapping[str, str] | None = None) -> StoredDataset:
        """A dataset by name; a path to a file is read, with these columns as `add` takes them, under the file's name.

        Raises:
            DataError: No such name or file; the message lists the names.
            AmbiguousColumns, SetupError: As `add`.
        """
        text = str(name_or_path)
        if (key := self._key(text)) is not None:
            return self._stored(key) if (self._folder / key).exists() else self._draw_demo()
        path = Path(text).expanduser()
        if path.exists() or archive_above(path):
            return self.add(path, columns=columns)
        raise DataError(f"there is no dataset or file {text!r}; the datasets are: {', '.join(self.names())}")

    def all(self, *, only_there: bool = False) -> "tuple[list[StoredDataset], dict[str, str]]":
        """Every dataset that can be read, by name; of the others, what is wrong, by what they are called.

        Args:
            only_there: A built-in one that was not used yet is not drawn for it.
        """
        found, damaged = [], {}
        there = (name for name, key in self._titles().items() if not only_there or (self._folder / key).exists())
        for name in sorted(there):
            try:
                found.append(self.get(name))
            except UserError as error:
                damaged[name] = str(error)
        return found, damaged

    def derived(self) -> Iterator[tuple[StoredDataset, Derivation]]:
        """The datasets that were made of others and can be read, with what they come from."""
        for key in self._titles().values():
            with suppress(UserError):
                if (self._folder / key).exists() and (stored := self._stored(key)).derived is not None:
                    yield stored, stored.derived

    def remove(self, name: str) -> None:
        """Forget a dataset, its files too; a built-in one is drawn again at its next use.

        Raises:
            DataError: There is none of that name.
        """
        remove_folder(self._folder / self._known(name))

    def rename(self, name: str, title: str) -> str:
        """Call a dataset otherwise; it answers to its first name too, which its studies know. Returns the new name.

        Raises:
            DataError: There is none of that name, it is built in, or the title is taken or cannot be one.
        """
        key, title = self._known(name), self.new_title(name, title)
        draft = self._folder / key / f".{_TITLE}"
        try:
            draft.write_text(title, encoding="utf-8")
            draft.replace(self._folder / key / _TITLE)
        except OSError as error:
            raise cannot_write(self._folder, error) from error
        return title

    def new_title(self, name: str, title: str) -> str:
        """What a dataset would be called once it is renamed. Raises DataError: as `rename`."""
        key, title = self._known(name), safe_name(title)
        if key in _BUILT_IN:
            raise DataError(f"{key} is built in and keeps its name")
        others = {known for pair in self._titles().items() for known in pair if pair[1] != key}
        if title in others:
            raise DataError(f"there is already a dataset {title!r}; choose another name")
        return title

    def check_removable(self, name: str) -> None:
        """Raises DataError: there is none of that name, or it is built in."""
        if (key := self._known(name)) in _BUILT_IN:
            raise DataError(f"{key} is built in and is always there")

    def set_aside(self, name: str) -> None:
        """Take a dataset out of the catalogue in one step; its files are kept, and `restore` brings it back.

        Raises:
            DataError: There is none of that name, or it is built in.
            SetupError: The catalogue cannot be written.
        """
        self.check_removable(name)
        key = self._known(name)
        self._move(self._folder / key, self._folder / REMOVED / f"{key}@{len(aside_of(self._folder, key)) + 1:06d}")

    def restore(self, key: str) -> str:
        """Bring back what was set aside last under this first name; returns what it is called; no error if it is there.

        Raises:
            DataError: Its name was taken meanwhile, or its files are gone.
        """
        self.check_restorable(key)
        if not (self._folder / key).exists():
            self._move(aside_of(self._folder, key)[-1], self._folder / key)
        return self._title(key)

    def check_restorable(self, key: str) -> None:
        """Raises DataError: as `restore`."""
        aside, is_there = aside_of(self._folder, key), (self._folder / key).exists()
        if is_there and aside:
            raise DataError(f"there is another dataset {key!r} now; remove that one first")
        if not is_there and not aside:
            raise DataError(f"the files of dataset {key!r} are gone")

    def _move(self, place: Path, to: Path) -> None:
        try:
            to.parent.mkdir(parents=True, exist_ok=True)
            place.rename(to)
        except OSError as error:
            raise cannot_write(self._folder, error) from error

    def _titles(self) -> dict[str, str]:
        """What each dataset is called → the folder's name; what lies there and is none, or damaged, is among them."""
        try:
            keys = {
                place.name for place in self._folder.iterdir() if not place.name.startswith(".") and is_filled(place)
            }
        except (FileNotFoundError, NotADirectoryError):
            keys = set()
        except PermissionError as error:
            raise SetupError(rights.refusal(self._folder, "read")) from error
        return {self._title(key): key for key in keys | set(_BUILT_IN)}

    def _title(self, key: str) -> str:
        try:
            title = (self._folder / key / _TITLE).read_text(encoding="utf-8").strip()
            return title if title and safe_name(title) == title else key
        except (OSError, ValueError, DataError):  # it has none, or that is damaged
            return key

    def _key(self, name: str) -> str | None:
        titles = self._titles()
        known = {key: key for key in titles.values()} | titles
        return known.get(name) or {text.lower(): key for text, key in known.items()}.get(name.strip().lower())

    def _known(self, name: str) -> str:
        key = self._key(name)
        if key is None:
            raise DataError(f"there is no dataset {name!r}; the datasets are: {', '.join(self.names())}")
        return key

    def _draw_demo(self) -> StoredDataset:
        from recmodels.data.demo import demo_interactions

        return self.keep(demo_interactions(), source="built in")

    def _keep(
        self, name: str, draft: Path, summary: Summary, source: str, derived: Derivation | None = None
    ) -> StoredDataset:
        """Make a draft with all rows the dataset of that name."""
        if derived is not None and (twin := self._twin(derived, summary.fingerprint)) is not None:
            return twin
        folder = self._folder / name
        if folder.exists():
            stored = self._stored(name)
            if self._about(name)["fingerprint"] != summary.fingerprint:
                raise DataError(
                    f"the name {name!r} is taken by other data (from {PurePath(stored.source).name}); "
                    f"add {PurePath(source).name} under another name or remove the old dataset first"
                )
            return stored
        about = {"format": _FORMAT, **summary.to_json(), "source": source}
        about |= {} if derived is None else {"derived": derived.to_json()}
        try:
            (draft / _ABOUT).write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")
        except OSError as error:
            raise cannot_write(self._folder, error) from error
        swap_in(draft, folder)
        return self._stored(name)

    def _twin(self, derived: Derivation, fingerprint: str) -> StoredDataset | None:
        """The dataset of the same content that was made of the same one before."""
        alike = (one for one, made in self.derived() if made.base == derived.base)
        return next((one for one in alike if one.fingerprint == fingerprint), None)

    def _stored(self, name: str) -> StoredDataset:
        check_sound(name, self._folder / name)
        about = self._about(name)
        return StoredDataset(
            name=self._title(name),
            folder=self._folder / name,
            profile=about["profile"],
            description=about["description"],
            columns=about["columns"],
            notes=tuple(about["notes"]),
            source=about["source"],
            fingerprint=about["fingerprint"],
            derived=about["derived"],
        )

    def _about(self, name: str) -> dict[str, Any]:
        try:
            about = read_object(self._folder / name / _ABOUT)
            check_format(about, _FORMAT, f"the dataset {name!r} in {self._folder}")
            if not all(isinstance(number, int | float) for number in typed(about, "profile", dict).values()):
                raise ValueError("its profile holds what is no number")
            known = {key: typed(about, key, kind) for key, kind in _FIELDS.items()}
            return known | {"derived": Derivation.from_json(about.get("derived"))}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return self._described_again(name)

    def _described_again(self, name: str) -> dict[str, Any]:
        """What is known about a dataset, worked out from its rows and written down, where that was damaged.

        Raises:
            DataError: The rows are damaged too.
        """
        from recmodels.data.interactions import Interactions
        from recmodels.data.reading.writing import summary_of

        folder = self._folder / name
        try:
            interactions = Interactions.load(folder)
        except DataError as error:
            raise damaged(name, folder, error) from error
        about: dict[str, Any] = {"format": _FORMAT, **summary_of(interactions).to_json(), "source": "unknown"}
        _log.warning("what was known about the dataset %r was damaged, and is worked out again from its rows", name)
        draft = folder / f".{_ABOUT}"
        with suppress(OSError):  # then it is worked out at each use
            draft.write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")
            draft.replace(folder / _ABOUT)
        return about | {"derived": None}


def safe_name(text: str) -> str:
    """A name that is also a folder's name on any system: lower case, without `/`, `..`, spaces or control characters.

    Raises:
        DataError: Nothing is left of it.
    """
    name = re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")[:MAX_NAME].strip("-._")
    if not name:
        raise DataError(f"a dataset's name needs a letter or digit, got {text[:MAX_NAME]!r}")
    return name


def own_name(path: Path) -> str | None:
    """What a file is called without its endings, where it says little by itself: `ratings`, `data`; else None."""
    stem = _without_endings(path)
    return stem if stem in _SAYS_LITTLE else None


def _stem(path: Path) -> str:
    generic = own_name(path)
    parent = re.sub(r"\.(zip|tar|tgz|tar\.gz)$", "", path.absolute().parent.name)
    return f"{parent}-{generic}" if generic else _without_endings(path)


def _without_endings(path: Path) -> str:
    return re.sub(
        r"\.(gz|zip|tar|tgz|csv|tsv|txt|dat|inter|json|jsonl|ndjson|parquet)$",
        "",
        path.name.lower().removesuffix(".gz"),
    )
