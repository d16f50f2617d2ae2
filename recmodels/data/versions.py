"""Versions of a dataset: it with more events, or a part of it, each kept as a dataset of its own beside it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from recmodels.data.catalogue import MAX_NAME, Catalogue
from recmodels.data.choices import NO_CHOICES, Choices
from recmodels.data.lineage import rules_of
from recmodels.data.reading.apart import never
from recmodels.data.reading.job import ReadJob
from recmodels.data.stored_dataset import Derivation, StoredDataset
from recmodels.errors import DataError

if TYPE_CHECKING:
    from recmodels.data.drift import Comparison
    from recmodels.data.filtering import Filter
    from recmodels.data.interactions import Interactions


def append(
    catalogue: Catalogue,
    path: Path | str,
    to: str,
    *,
    name: str | None = None,
    columns: Mapping[str, str] | None = None,
    items_path: Path | str | None = None,
    users_path: Path | str | None = None,
    is_stopped: Callable[[], bool] = never,
    choices: Choices = NO_CHOICES,
) -> StoredDataset:
    """Join the events of a file to those of a dataset, as a new version of it; the same file again changes nothing.

    Args:
        path: A file with the columns of the dataset.
        to: The dataset; it stays as it is.
        choices: What is chosen beside what the dataset keeps, see `Catalogue.add`.
        name: To call the version by; by default `shop-v2`, `shop-v3`, …
        columns: Role → column, where the file's are called otherwise.
        items_path, users_path, is_stopped: As `Catalogue.add`.

    Raises:
        DataError, AmbiguousColumns, SetupError: As `Catalogue.add`; also where the file holds nothing new, or the same
            version is there under another name than the one that is said.
    """
    base, path = known(catalogue, to), Path(path).expanduser()
    items, users = (Path(side).expanduser() if side else None for side in (items_path, users_path))
    version, title = next_version(catalogue, base, name)
    job = ReadJob(
        path=path,
        name=title,
        columns=columns,
        items_path=items,
        users_path=users,
        choices=choices,
        key_folder=catalogue.folder,
        more_of=base.folder,
        rules=rules_of(catalogue, base),
    )
    made = _made_of(catalogue, base, version, "append", f"{path.name} appended", file=str(path))
    return _as_named(catalogue.add_more(job, made, is_stopped), name, title)


def keep_filtered(catalogue: Catalogue, dataset: str, kept: "Filter", name: str | None = None) -> StoredDataset:
    """A part of a dataset as a new version of it; the same filter again changes nothing.

    Raises:
        DataError: There is no such dataset, nothing is left, or all is; or the same part is there under another name
            than the one that is said.
        SetupError: The catalogue cannot be written.
    """
    from recmodels.data.filtering import filtered, nothing_left_out, weights_called

    base = known(catalogue, dataset)
    rows, kept = _to_filter(catalogue, base, kept)
    left, words = filtered(rows, kept), kept.in_words(weights_called(rows))
    if len(left) == len(rows) and len(left.all_examples()) == len(rows.all_examples()):
        raise nothing_left_out(rows, base.name, kept)
    version, title = next_version(catalogue, base, name)
    made = _made_of(catalogue, base, version, "filter", words, kept=kept.to_json())
    return _as_named(catalogue.keep(replace(left, name=title), base.source, made), name, title)


def part_counted(catalogue: Catalogue, dataset: str, kept: "Filter") -> tuple[str, str | None]:
    """What a part of a dataset would hold, in numbers, and what the version is called that holds it already.

    Raises:
        DataError: There is no such dataset, nothing is left, or all is.
    """
    from recmodels.data.filtering import counted

    base = known(catalogue, dataset)
    rows, kept = _to_filter(catalogue, base, kept)
    of_these = (base.key, base.fingerprint, kept.to_json())
    made = (one.name for one, of in catalogue.derived() if (of.base, of.base_fingerprint, dict(of.kept)) == of_these)
    return counted(rows, kept), next(made, None)


def _to_filter(catalogue: Catalogue, base: StoredDataset, kept: "Filter") -> tuple["Interactions", "Filter"]:
    """The rows of a dataset, and the filter with ids as the dataset keeps them."""
    from recmodels.data.kept_columns import with_pseudonyms

    rows = base.load()
    return rows, replace(kept, where=with_pseudonyms(rows, kept.where, catalogue.folder))


def compared(catalogue: Catalogue, old: str, new: str) -> "Comparison":
    """How one dataset differs from another, see `recmodels.data.drift.compare`.

    Raises:
        DataError: There is none of a name, or one is damaged.
    """
    from recmodels.data.drift import compare

    one, other = known(catalogue, old), known(catalogue, new)
    return compare(one.load(), other.load(), one.name, other.name)


def known(catalogue: Catalogue, name: str) -> StoredDataset:
    """A dataset of the catalogue; a path is none.

    Raises:
        DataError: There is none of that name.
    """
    if catalogue.key_of(name) is None:
        raise DataError(f"there is no dataset {name!r}; the datasets are: {', '.join(catalogue.names())}")
    return catalogue.get(name)


def next_version(catalogue: Catalogue, base: StoredDataset, name: str | None = None) -> tuple[int, str]:
    """The number of the next version in the line of a dataset, and what it is called.

    Raises:
        DataError: `name` cannot be one, or is taken.
    """
    root = _root(base)
    taken = {made.version for _, made in catalogue.derived() if made.root == root}
    version = max(taken, default=1) + 1
    if name is not None:
        wanted = catalogue.new_name(Path(), name)
        if catalogue.key_of(wanted) is not None:
            raise DataError(f"there is already a dataset {wanted!r}; give the version another name")
        return version, wanted
    stem = catalogue.called(root) or root
    return next((number, title) for number, title in _titles(stem, version) if catalogue.is_free(title))


def _titles(stem: str, first: int) -> Iterator[tuple[int, str]]:
    return ((number, f"{stem[: MAX_NAME - 6]}-v{number}") for number in count(first))


def _as_named(made: StoredDataset, said: str | None, title: str) -> StoredDataset:
    """The version, unless it was there already under another name than the one that somebody said."""
    if said is not None and made.name != title:
        raise DataError(
            f"the same rows are there already as {made.name!r}, so there is no {title!r}; "
            f"`recpilot data rename {made.name} {title}` renames it"
        )
    return made


def _root(base: StoredDataset) -> str:
    return base.key if base.derived is None else base.derived.root


def _made_of(
    catalogue: Catalogue, base: StoredDataset, version: int, how: Literal["append", "filter"], says: str, **rest: Any
) -> Derivation:
    return Derivation(
        earlier=[rule["kept"] for rule in rules_of(catalogue, base)],
        base=base.key,
        base_fingerprint=base.fingerprint,
        root=_root(base),
        version=version,
        how=how,
        says=says,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        **rest,
    )
