"""What is known of how a dataset came to be: how it was read, its versions, what changed, bots, who is measured."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from agent.answers.facts import quoted
from agent.errors import ToolInputError
from agent.results.data import DataTold
from recmodels.data.catalogue import Catalogue
from recmodels.data.drift_words import sentences
from recmodels.data.how_to_change import in_chat
from recmodels.data.id_hints import named_as_no_person
from recmodels.data.interactions import Interactions
from recmodels.data.outliers import bots, outliers
from recmodels.data.pace import MIN_USERS
from recmodels.data.repeats import choice_of
from recmodels.data.split import Split
from recmodels.data.stored_dataset import Derivation, StoredDataset
from recmodels.data.versions import compared
from recmodels.outside import on_one_line
from recmodels.repeats import KEEP

_MAX_SAID = 30
_MAX_NAMED = 5
_MAX_SENTENCE = 400
_SAYABLE = re.compile(r"[\w.@|+-]+")  # ids that a condition holds without quotes


def reading(stored: StoredDataset, data: Interactions, column: str | None = None) -> DataTold:
    """What was taken for what, from which file, and all that was noted; of one column, what became of it."""
    notes = [in_chat(note) for note in stored.notes]
    if column is not None:
        return _of_column(stored, data, column, notes)
    said = [f"{role} = {on_one_line(name)}" for role, name in stored.columns.items()]
    said += [
        f"known of the {whose}: {', '.join(map(on_one_line, table.columns))}"
        for whose, table in (("items", data.item_table), ("users", data.user_table))
        if table is not None and table.columns
    ]
    lead = f"{stored.name} was read from {on_one_line(PurePath(stored.source).name)}"
    if stored.derived is not None:
        lead = f"{stored.name} is {stored.derived.in_words()}, made at {stored.derived.made_at}"
    return DataTold(dataset=stored.name, what="reading", lead=_lead(f"{lead}:"), sentences=_capped([*said, *notes]))


def _of_column(stored: StoredDataset, data: Interactions, column: str, notes: list[str]) -> DataTold:
    name = column.strip().lower()
    shown = f'"{on_one_line(column)[:60]}"'
    roles = [role for role, known in stored.columns.items() if known.lower() == name]
    tables = {"items": data.item_table, "users": data.user_table}
    of = [whose for whose, table in tables.items() if table is not None and name in map(str.lower, table.columns)]
    lead = f"{stored.name} has no column {shown} that is kept."
    if roles:
        lead = f"{shown} is used: it is the {' and the '.join(roles)} of {stored.name}."
    elif of:
        lead = (
            f"{shown} is kept as what is known of the {of[0]} of {stored.name}: models that take features learn from it, "
            f"the others learn only from who took what."
        )
    about = [note for note in notes if name in note.lower()]
    if not about and not roles and not of:
        lead += " Nothing was noted about it while reading."
    return DataTold(dataset=stored.name, what="reading", lead=_lead(lead), sentences=_capped(about))


def versions(catalogue: Catalogue, stored: StoredDataset | None) -> DataTold:
    """The versions of a dataset's line, or of all that have some."""
    made = sorted(catalogue.derived(), key=lambda pair: (pair[1].root, pair[1].version))
    if stored is not None:
        root = stored.key if stored.derived is None else stored.derived.root
        made = [pair for pair in made if pair[1].root == root]
        first = catalogue.called(root) or root
        if not made:
            return DataTold(
                dataset=stored.name, what="versions", lead=_lead(f"{first} is the only version that there is.")
            )
        lead = f"{first} is version 1; made of it:"
        return DataTold(
            dataset=stored.name, what="versions", lead=_lead(lead), sentences=tuple(_lines(catalogue, made))
        )
    lead = "These datasets are versions of others:" if made else "No dataset is a version of another one."
    return DataTold(dataset=None, what="versions", lead=_lead(lead), sentences=tuple(_lines(catalogue, made)))


def newest(catalogue: Catalogue) -> DataTold:
    """The dataset that was added or made last, and from what."""
    own = [one for one in catalogue.all()[0] if one.source != "built in"]
    if not own:
        return DataTold(
            dataset=None, what="versions", lead=_lead("No dataset was added yet; only the built-in one is there.")
        )
    last = max(own, key=lambda one: (_made(one), one.derived.version if one.derived else 1))
    file = on_one_line(PurePath(last.source).name)
    how = f"it was read from {file}"
    if last.derived is not None:
        how = (
            f"it is {last.derived.in_words(catalogue.called(last.derived.base) or '')}, made at {last.derived.made_at}"
        )
    return DataTold(dataset=last.name, what="versions", lead=_lead(f"{last.name} is the newest dataset: {how}."))


def _made(stored: StoredDataset) -> float:
    """When its first file was written, in seconds."""
    return min((file.stat().st_mtime for file in stored.folder.iterdir()), default=0.0)


def _lines(catalogue: Catalogue, made: Sequence[tuple[StoredDataset, Derivation]]) -> Iterator[str]:
    for one, how in made[:_MAX_SAID]:
        n_rows = one.profile.get("n_interactions", 0)
        says = how.in_words(catalogue.called(how.base) or "")
        yield f"{one.name}: {on_one_line(says)}; {n_rows:,.0f} events, made at {how.made_at}"


def changes(catalogue: Catalogue, stored: StoredDataset, against: str | None) -> DataTold:
    """What a dataset has that another has not; without another, what it has more than the one that it was made of.

    Raises:
        ToolInputError: It was made of no other, and none was named.
    """
    if against is None and stored.derived is not None:
        against = catalogue.called(stored.derived.base)
    if against is None:
        raise ToolInputError(f"{stored.name} was made of no other dataset; say with which one it is to be compared")
    is_base = stored.derived is not None and catalogue.key_of(against) == stored.derived.base
    kept = stored.derived.kept if stored.derived is not None and is_base else None
    said = sentences(compared(catalogue, against, stored.name), kept)
    return DataTold(
        dataset=stored.name, what="changes", lead=_lead(f"From {against} to {stored.name}:"), sentences=tuple(said)
    )


def told_of_bots(stored: StoredDataset, data: Interactions) -> DataTold:
    """Which users are hardly people, as far as their events tell."""
    found, said = bots(data), [in_chat(note) for note in outliers(data)]
    lead = (
        f"Of {data.n_users:,} users of {stored.name}, {len(found):,} look like bots by their events:"
        if len(found)
        else f"No user of {stored.name} looks like a bot by its events: none has bursts of them, far more than others at an "
        "even pace or round the clock, or the same history as others."
    )
    has_no_times = data.times is None or data.time_kind != "timestamp"
    more = _by_name(stored, data)
    more += ["without times, bursts and the pace of events cannot be seen"] if has_no_times else []
    more += [f"of fewer than {MIN_USERS} users, equal histories say nothing"] if data.n_users < MIN_USERS else []
    return DataTold(dataset=stored.name, what="bots", lead=_lead(lead), sentences=_capped([*said, *more]))


def _by_name(stored: StoredDataset, data: Interactions) -> list[str]:
    """Who is called like a program or a test account, and how to leave them out."""
    found = named_as_no_person(data)
    if not found:
        return []
    some = ", ".join(f"{quoted(name, 40)} ({n:,} {'row' if n == 1 else 'rows'})" for name, n in found[:_MAX_NAMED])
    more = f" and {len(found) - _MAX_NAMED:,} more" if len(found) > _MAX_NAMED else ""
    n_rows = sum(n for _, n in found)
    said = (
        f"by their ids, {len(found):,} {'user' if len(found) == 1 else 'users'} with {n_rows:,} rows may be test accounts "
        f"or programs: {some}{more}"
    )
    ids = "|".join(name for name, _ in found)
    how = f"to leave them out, say “drop rows of {stored.name} where user={ids}”"
    is_sayable = len(how) <= _MAX_SENTENCE and _SAYABLE.fullmatch(ids) is not None
    return [said, how] if is_sayable else [said]


def measured(stored: StoredDataset, data: Interactions, parts: Split, of_study: str | None) -> DataTold:
    """On how many users models are measured on validation, and why not on the others.

    Args:
        data: With the likes of the study, if there is one.
    """
    import torch

    from recmodels.evaluation import measured_users
    from recmodels.loop.preparation import data_on

    repeats = choice_of(None, data, parts)
    found = data_on(data, parts, torch.device("cpu"), keeps_repeats=repeats.kind == KEEP)
    split = f"as {of_study} splits it" if of_study else "as it would be split"
    lead = _lead(f"{stored.name}, {split}, is measured on {measured_users(found.train, found.valid)}.")
    how = [f"the split is {parts.kind}, validation is measured", *([repeats.says] if repeats.says else [])]
    return DataTold(dataset=stored.name, what="measured", lead=lead, sentences=_capped(how))


def _lead(text: str) -> str:
    return quoted(text, 300)


def _capped(said: list[str]) -> tuple[str, ...]:
    return tuple(quoted(one, _MAX_SENTENCE) for one in said[:_MAX_SAID])
