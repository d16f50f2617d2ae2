"""What is kept of removed data, deleted for good: files that are kept for undo, and copies of what was dropped."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from agent.answers.wording import count, listed, size
from agent.errors import SetupError
from agent.settings import Settings
from recmodels.data.catalogue import Catalogue
from recmodels.data.reading.decoding import archive_above
from recmodels.data.set_aside import Aside, all_aside, delete_aside
from recmodels.data.stored_dataset import StoredDataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """What is deleted."""

    asides: tuple[Aside, ...] = ()
    stored: StoredDataset | None = None  # one that is still listed
    copies: tuple[Path, ...] = ()  # of what was dropped into chats

    @property
    def n_bytes(self) -> int:
        places = [*(one.folder for one in self.asides), *([self.stored.folder] if self.stored else [])]
        files = [file for place in places for file in place.rglob("*") if file.is_file()]
        return sum(file.stat().st_size for file in (*files, *self.copies))

    def in_words(self) -> list[str]:
        """Each thing with its place and size."""
        kept = [f"removed dataset {one.name}, kept for undo: {one.folder} ({size(one.n_bytes)})" for one in self.asides]
        here = [] if self.stored is None else [f"dataset {self.stored.name}: {self.stored.folder}"]
        copies = [f"copy of a dropped file: {file} ({size(file.stat().st_size)})" for file in self.copies]
        return [*here, *kept, *copies]

    def in_short(self) -> str:
        """`1 removed dataset (shop) and 1 copy of a dropped file, 3.2 MB in all`."""
        names = list(dict.fromkeys(one.name for one in self.asides))
        parts = [] if self.stored is None else [f"dataset {self.stored.name}"]
        parts += [f"{count(len(self.asides), 'removed dataset')} ({', '.join(names[:8])})"] if self.asides else []
        copies = f"{len(self.copies)} copies of dropped files" if len(self.copies) > 1 else "1 copy of a dropped file"
        parts += [copies] if self.copies else []
        return f"{listed(parts)}, {size(self.n_bytes)} in all" if parts else "nothing"


def to_purge(settings: Settings, catalogue: Catalogue, name: str | None = None) -> Purge:
    """What would be deleted.

    Args:
        name: Only of the dataset that is or was called so, one that is still listed included; None: all that is kept
            of removed datasets, and all copies of dropped files from which no listed dataset was read.

    Raises:
        DataError: Nothing of that name is there.
    """
    listed_now = [] if name is None or (called := catalogue.called(name)) is None else [catalogue.get(called)]
    key = listed_now[0].key if listed_now else None
    asides = (
        [one for one in all_aside(settings.datasets) if one.key == key] if key else all_aside(settings.datasets, name)
    )
    gone = [*(one.source for one in asides), *(one.source for one in listed_now)]
    return Purge(
        asides=tuple(asides),
        stored=listed_now[0] if listed_now else None,
        copies=tuple(_copies(settings, catalogue, None if name is None else gone, key)),
    )


def purge(what: Purge) -> None:
    """Delete it.

    Raises:
        SetupError: Something cannot be deleted; what stands before it in the list is gone.
    """
    for one in what.asides:
        delete_aside(one)
    for copy in what.copies:
        try:
            copy.unlink(missing_ok=True)
        except OSError as error:
            raise SetupError(f"{copy} cannot be deleted: {error.strerror}") from error
        with suppress(OSError):  # another file of the same drop lies there
            copy.parent.rmdir()


def _copies(settings: Settings, catalogue: Catalogue, gone: Sequence[str] | None, key: str | None) -> list[Path]:
    """Files of the uploads from which no dataset that stays was read.

    Args:
        gone: Only those that these were; None: all.
        key: Of the dataset that does not stay.
    """
    if gone is None and catalogue.all(only_there=True)[1]:
        return []  # which of them a damaged dataset was read from is not known
    stays = {_file(one.source) for one in catalogue.all(only_there=True)[0] if one.key != key}
    wanted = None if gone is None else {_file(source) for source in gone}
    files = sorted(file for file in settings.uploads.glob("*/*") if file.is_file())
    return [file for file in files if file not in stays and (wanted is None or file in wanted)]


def _file(source: str) -> Path:
    path = Path(source)
    return archive_above(path) or path
