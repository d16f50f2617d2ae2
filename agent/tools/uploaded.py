"""A file that was dropped into the chat: what its dataset is called; no copy stays where its ids are hashed."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from agent.answers.hashing import copy_removed, not_hashed
from agent.errors import USER_ERRORS, ToolInputError, UserError
from agent.tools.checking import is_checking
from agent.words.file_names import name_after
from agent.workspace import Workspace
from recmodels.data.catalogue import own_name, safe_name
from recmodels.data.choices import Choices
from recmodels.data.reading.decoding import archive_above
from recmodels.data.stored_dataset import StoredDataset


def is_dropped(workspace: Workspace, file: Path) -> bool:
    """Whether a file, or the archive that it lies in, is a copy of what a person dropped into the chat."""
    return file.is_relative_to(workspace.settings.uploads.resolve())


def called_after(workspace: Workspace, file: Path) -> str | None:
    """What a file's dataset is called where nobody says; None: after the file, as the catalogue does it.

    A dropped `ratings.csv` becomes `ratings`, never the folder of the drop, and 订单数据.csv becomes `orders`. A
    name in another script of which no word is known becomes `data`; `ratings-2` where other data
    are called so.
    """
    name = None
    if is_dropped(workspace, file) and not archive_above(file):
        name = own_name(file)
    name = name or name_after(file.name)
    if name is None:
        return None
    titles = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(title for title in titles if _is_free_for(workspace, file, safe_name(title)))


def _is_free_for(workspace: Workspace, file: Path, name: str) -> bool:
    """Whether no dataset is called so, or the one that is was read from this very file."""
    if workspace.catalogue.key_of(name) is None:
        return True
    with suppress(*USER_ERRORS):
        return workspace.catalogue.get(name).source == str(file)
    return False


def refuse_clear_copy(workspace: Workspace, file: Path, choices: Choices) -> None:
    """Raises UserError: the file was dropped into the chat, which keeps a copy of it with the ids as they are."""
    if choices.hashed and is_dropped(workspace, file):
        raise UserError(not_hashed(str(file), choices.hashed))


def leaves_clear_copy(workspace: Workspace, file: Path, base: StoredDataset | None) -> bool:
    """Whether a dropped file is joined to hashed ids, so that the copy of it is the only place with clear ones."""
    return base is not None and is_dropped(workspace, file) and bool(base.choices.hashed)


@contextmanager
def without_clear_copy(workspace: Workspace, file: Path, base: StoredDataset | None) -> Iterator[None]:
    """Around the reading of a file: the copy of one that is joined to hashed ids is gone at the end, however it goes.

    Raises:
        UserError: The file was not joined; the message says that it must be dropped once more.
    """
    if is_checking() or not leaves_clear_copy(workspace, file, base):
        yield
        return
    copy = archive_above(file) or file
    try:
        yield
    except (ToolInputError, *USER_ERRORS) as error:
        raise UserError(
            f"{str(error).rstrip('.')}. {copy_removed(copy.name)} Drop it once more to try again"
        ) from error
    finally:
        copy.unlink(missing_ok=True)
        with suppress(OSError):  # another file of the same drop lies there
            copy.parent.rmdir()
