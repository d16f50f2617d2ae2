"""A dataset whose columns were taken for the wrong thing: its file is read once more, and takes the dataset's place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count

from agent.errors import UserError
from agent.tools.studies_at_hand import known_dataset
from agent.understanding.data.columns_told import columns_with
from agent.workspace import Workspace
from recmodels.data.choices import Choices
from recmodels.data.reading.options import IGNORE
from recmodels.data.stored_dataset import StoredDataset

_FOR_SURE = ("user", "item")
"""Roles that stay as they were read where nothing else is said of them; the others are guessed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is read once more, and how."""

    of: StoredDataset
    name: str  # of the new reading, until it takes the place of the other
    columns: Mapping[str, str]  # by role: what is said now, and what holds of what was said before


def correction(workspace: Workspace, dataset: str, columns: Mapping[str, str] | None) -> Correction:
    """How the file of a dataset is to be read once more.

    Raises:
        UserError: It was made of another dataset, or is built in, or is read so already.
    """
    old = workspace.catalogue.get(known_dataset(workspace, dataset))
    told = dict(columns or {})
    if old.derived is not None:
        base = workspace.catalogue.called(old.derived.base) or old.derived.base
        raise UserError(
            f"{old.name} was made of {base} ({old.derived.says}), so its columns are those of {base}; correct {base},"
            f" then make {old.name} of it once more"
        )
    if old.source in ("", "built in", "unknown"):
        raise UserError(f"the file of {old.name} is not known, so its columns cannot be read otherwise")
    if told and all(old.columns.get(role) == column for role, column in told.items()):
        roles = " and ".join(f"{column} is the {role}" for role, column in told.items())
        raise UserError(f"{roles} of {old.name} already; nothing was changed")
    before = {**ignored_by(old), **workspace.ledger.acts.columns_told(old.key)}
    kept = {role: column for role, column in old.columns.items() if role in _FOR_SURE} | before
    free = next(name for n in count(2) if workspace.catalogue.is_free(name := f"{old.key[:50]}-{n}"))
    columns = {role: column for role, column in columns_with(kept, told).items() if column or role == "weight"}
    return Correction(of=old, name=free, columns=columns)


def ignored_by(dataset: StoredDataset) -> dict[str, str]:
    """The columns that were not read, as a person said: `{"ignore": "note,price"}`; empty where all were."""
    return {word: names for word, names in dataset.choices.reading.items() if word == IGNORE}


def choices_before(dataset: StoredDataset) -> Choices:
    """What was chosen for its file and still holds; which columns are not read is said by role, as in `correction`."""
    reading = {word: text for word, text in dataset.choices.reading.items() if word != IGNORE}
    return replace(dataset.choices, reading=reading, date_order=None)


def put_in_place(workspace: Workspace, old: StoredDataset, new: StoredDataset) -> StoredDataset:
    """The new reading under the name of the other, which is set aside; `undo` restores it."""
    workspace.catalogue.set_aside(old.name)
    return workspace.catalogue.get(workspace.catalogue.rename(new.name, old.name))
