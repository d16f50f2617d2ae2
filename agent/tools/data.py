"""Tools about datasets: which there are, what they hold, adding, renaming and removing them."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field

from agent.answers.facts import quoted
from agent.answers.wording import sentence
from agent.errors import ToolInputError, UserError
from agent.results.data import (
    DatasetAdded,
    DatasetDescribed,
    DatasetList,
    DatasetListed,
    DatasetRemoved,
    DatasetRenamed,
)
from agent.results.result import ColumnsAsked, extended
from agent.studies.at_hand import hand
from agent.tools.checking import acts_now, is_checking
from agent.tools.making import correctable
from agent.tools.purging import remove_for_good, studies_on
from agent.tools.reading_again import choices_before, correction, put_in_place
from agent.tools.studies_at_hand import DatasetName, StudyName, dataset_at_hand, known_dataset, logged, readable_studies
from agent.tools.uploaded import called_after, leaves_clear_copy, refuse_clear_copy, without_clear_copy
from agent.understanding.asking.prospect import Prospect
from agent.workspace import Workspace
from recmodels.data.choices import Choices, Hashed
from recmodels.data.folders import is_hidden
from recmodels.data.how_to_change import in_chat
from recmodels.data.lineage import is_of_rules, rules_of
from recmodels.data.reading.decoding import archive_above
from recmodels.data.reading.job import Summary
from recmodels.data.set_aside import REMOVED
from recmodels.data.stored_dataset import StoredDataset
from recmodels.data.versions import append as append_to
from recmodels.data.versions import compared, next_version
from recmodels.errors import AmbiguousColumns, ContentError, DataError

_Name = TypeVar("_Name", str, str | None)
_READ_TWICE = 4 << 20  # bytes of a file that is read before a person is asked about it, and once more after a yes
_JOINED_TWICE = 1_000_000  # rows of a dataset to which events are joined, likewise
MAX_LISTED = 50  # datasets and columns in one answer


def list_datasets(workspace: Workspace) -> DatasetList:
    """List the datasets that can be tuned on. "demo" is always there: it is generated on first use."""
    names = workspace.catalogue.names()
    return DatasetList(count=len(names), datasets=tuple(_listed(workspace, name) for name in names[:MAX_LISTED]))


def add_dataset(
    workspace: Workspace,
    path: Annotated[
        str | None, Field(description="the file, as the person wrote it; left out: that of `corrects`", max_length=4096)
    ] = None,
    name: Annotated[str | None, Field(description="what to call it; left out: after the file", max_length=100)] = None,
    columns: Annotated[
        dict[str, str] | None,
        Field(
            description='only as the person said: role (user, item, weight, time) to column, {"user": "customer_no"};'
            ' `ignore`: columns not to read, with commas; {"weight": ""}: it has none; `dates`: day-first, month-first'
        ),
    ] = None,
    append: Annotated[
        str | None, Field(description="a dataset that its events are joined to, as a new version of it", max_length=100)
    ] = None,
    positive: Annotated[
        str | None,
        Field(description="which ratings are likes, only as the person said: `all`, `>=4`, `>3.5`", max_length=20),
    ] = None,
    where: Annotated[
        list[str] | None,
        Field(
            description='rows that are read, only as the person said: "status=delivered", "event!=view", "price>=10"',
            max_length=20,
        ),
    ] = None,
    hash_ids: Annotated[
        list[Hashed] | None,
        Field(
            description='whose ids are kept as keyed hashes (pseudonyms): ["user"]; always where the person wants'
            " hashed ids, pseudonyms or no personal data",
            max_length=2,
        ),
    ] = None,
    corrects: Annotated[
        str | None,
        Field(description="a dataset whose `columns` were wrong: its file is read again in its place", max_length=100),
    ] = None,
) -> DatasetAdded | ColumnsAsked:
    """Read a file of interactions (CSV, TSV, Parquet, JSON lines, RecBole, MovieLens) and keep it as a dataset.

    The columns are guessed and the guess is stated. When two columns could play one role the answer holds `question`
    and `candidates`: ask the person, then call again with `columns`. Only files in the data or upload folder are read.
    """
    again, asked_name = None if corrects is None else correction(workspace, corrects, columns), name
    if again is not None:
        path, name, columns = again.of.source, name or again.name, dict(again.columns)
    with correctable():
        choices = Choices(positive=positive, where=_conditions(where), hashed=tuple(hash_ids or ()))
    if again is not None:
        choices = choices_before(again.of).with_more(choices)
    if path is None:
        raise ToolInputError("say which file is to be read: `path`")
    file = readable_path(workspace, path)
    known = set(workspace.catalogue.names())
    mine = hand()
    base = None if append is None else workspace.catalogue.get(known_dataset(workspace, append))
    with without_clear_copy(workspace, file, base):
        if base is not None and set(hash_ids or ()) - set(base.choices.hashed):
            raise UserError(
                f"{base.name} keeps its ids as they are, so those of {quoted(file.name, 60)} cannot be hashed while it"
                f" is joined; add the file of {base.name} with hashed ids first, then join this one to that dataset"
            )
        if base is None:
            refuse_clear_copy(workspace, file, Choices(hashed=tuple(hash_ids or ())))
            name = name or called_after(workspace, file)
            new_name = workspace.catalogue.new_name(file, nameable(name))
        else:
            _, new_name = next_version(workspace.catalogue, base, nameable(name))
        archive = archive_above(file)
        n_bytes = (archive or file).stat().st_size
        workspace.runner.room.check_data(n_bytes)
        try:
            with workspace.readings.reading(mine.chat if mine else None) as stopped:
                notes: tuple[str, ...] = ()
                if is_checking() and not file.is_dir() and n_bytes <= _READ_TWICE and _is_small(base):
                    rules = [] if base is None else rules_of(workspace.catalogue, base)
                    seen = workspace.catalogue.look(file, columns, is_stopped=stopped, more_of=base, rules=rules)
                    notes = () if base is None else (_what_it_brings(seen, base, file),)
                acts_now(Prospect(runs={"name": new_name}, notes=notes))
                with logged(workspace, "add_dataset") as entry:
                    if base is None:
                        dataset = workspace.catalogue.add(
                            file, name=name, columns=columns, is_stopped=stopped, choices=choices
                        )
                    else:
                        dataset = append_to(
                            workspace.catalogue,
                            file,
                            base.name,
                            name=name,
                            columns=columns,
                            is_stopped=stopped,
                            choices=choices,
                        )
                    entry.before = {"dataset": dataset.key, "columns": dict(columns or {})}
                    entry.says = f"dataset {dataset.name} was added"
                    entry.is_kept = dataset.name not in known
                    if again is not None:
                        n_studies = len(
                            [one for one in readable_studies(workspace) if one.spec.dataset == again.of.key]
                        )
                        if not n_studies and asked_name is None:
                            dataset = put_in_place(workspace, again.of, dataset)
                            entry.before |= {"instead_of": again.of.key}
                        entry.says = f"dataset {again.of.name} was read again with other columns"
        except AmbiguousColumns as error:
            if base is not None:  # its columns are known, so that the question is about a file of another kind
                raise UserError(f"{file.name} has not the columns of {base.name}: {error.reason}") from error
            return ColumnsAsked(
                error=error.reason,
                question=f"Which column is the {error.role}?",
                role=error.role,
                candidates=tuple(str(candidate)[:100] for candidate in error.candidates[:MAX_LISTED]),
                path=path,
                name=asked_name,
                columns=columns,
                corrects=corrects,
                more=_more(append=append, positive=positive, where=where, hash_ids=hash_ids),
                samples=_samples(error) if _may_be_told(workspace, file) else (),
            )
        except ContentError as error:
            if _may_be_told(workspace, file):
                raise
            raise UserError(  # a file of recpilot's own, whose content is not told
                f"{quoted(path)} cannot be read as a dataset; drop it into the chat, or say"
                f" `recpilot data add FILE` on the terminal, to hear why"
            ) from error
    found = extended(
        DatasetAdded,
        described(dataset),
        added=dataset.name not in known,
        asked=asked_name or "",
        hashed=tuple(hash_ids or ()),
        copy_removed=quoted((archive or file).name, 100) if leaves_clear_copy(workspace, file, base) else "",
        **of_version(workspace, dataset, base),
    )
    return found if again is None else replace(found, added=True, corrects=again.of.name)


def describe_dataset(workspace: Workspace, dataset: DatasetName = None, study: StudyName = None) -> DatasetDescribed:
    """Describe a dataset: users, items, density, popularity skew, history lengths, time span, text, columns."""
    return described(dataset_at_hand(workspace, dataset, study))


def rename_dataset(
    workspace: Workspace,
    dataset: Annotated[str, Field(description="a name from list_datasets", max_length=100)],
    name: Annotated[str, Field(description="what to call it from now on", min_length=1, max_length=100)],
) -> DatasetRenamed:
    """Give a dataset another name. Its studies and what was learned on it stay with it."""
    before = known_dataset(workspace, dataset)
    key = workspace.catalogue.key_of(before)
    with correctable():
        after = workspace.catalogue.new_title(before, nameable(name))
    if after == before:
        return DatasetRenamed(before=before, dataset=before)
    acts_now(Prospect(runs={"name": after}))
    with correctable(), logged(workspace, "rename_dataset", dataset=key, title=before) as entry:
        after = workspace.catalogue.rename(before, name)
        entry.says = f"dataset {before} was renamed {after}"
    return DatasetRenamed(before=before, dataset=after)


def remove_dataset(
    workspace: Workspace,
    dataset: Annotated[str | None, Field(description="a name from list_datasets", max_length=100)] = None,
    for_good: Annotated[
        bool,
        Field(
            description="true, only if the person says so: files and copies are deleted, also of one removed before;"
            " without `dataset`: of all that were removed. Nothing brings them back"
        ),
    ] = False,
) -> DatasetRemoved:
    """Take a dataset out of the list. Its files are kept aside, so that undo brings it back; studies on it stay.

    Only when the person asks for it. It is refused while a study on it runs.
    """
    if for_good:
        return remove_for_good(workspace, dataset)
    if dataset is None:
        raise ToolInputError(f"say which `dataset`; there are: {', '.join(workspace.catalogue.names()[:MAX_LISTED])}")
    name = known_dataset(workspace, dataset)
    with correctable():
        on_it = studies_on(workspace, name)
    acts_now(Prospect(notes=(f"{_on_it(len(on_it))} Its files are kept aside, and undo brings it back.",)))
    with correctable(), logged(workspace, "remove_dataset", dataset=workspace.catalogue.key_of(name)) as entry:
        workspace.catalogue.set_aside(name)
        entry.says = f"dataset {name} was removed"
    return DatasetRemoved(dataset=name, n_studies=len(on_it), kept_in=str(workspace.settings.datasets / REMOVED))


def readable_path(workspace: Workspace, path: str) -> Path:
    """The file, if it lies below the data folder or the uploads and is not hidden there, links resolved.

    Raises:
        UserError: It lies elsewhere, is hidden or does not exist.
    """
    root, uploads = workspace.settings.data_root.resolve(), workspace.settings.uploads.resolve()
    try:
        file = (root / Path(path).expanduser()).resolve()
        is_there = file.exists() or archive_above(file) is not None
    except (OSError, ValueError, RuntimeError) as error:  # too long, a null byte, a loop of links
        raise UserError(f"{quoted(path)} is not the path of a file") from error
    inside = [file.relative_to(folder) for folder in (root, uploads) if file.is_relative_to(folder)]
    if all(map(is_hidden, inside)):
        where = "files" if root == uploads else f"files in {root}, hidden ones aside, or"
        raise UserError(
            f"only {where} dropped into the chat are read here, got {quoted(path)}; `recpilot data add FILE` reads any"
            f" file, and `--data-folder FOLDER` at the start lets the chat read a folder"
        )
    if not is_there:
        raise UserError(f"there is no file {quoted(path)} in {root}")
    return file


def _conditions(texts: list[str] | None) -> tuple[str, ...]:
    """Raises ParamError: one is none."""
    if not texts:
        return ()
    from recmodels.data.conditions import parse_conditions  # which needs polars

    return tuple(condition.in_words() for condition in parse_conditions(texts))


def _more(**args: object) -> dict[str, object]:
    """What else was said of a file while its columns are asked about."""
    return {name: value for name, value in args.items() if value}


def _is_small(base: StoredDataset | None) -> bool:
    """Whether a dataset may be read before a person is asked about it, and once more after a yes."""
    return base is None or base.profile.get("n_interactions", 0) <= _JOINED_TWICE


def _what_it_brings(seen: Summary, base: StoredDataset, file: Path) -> str:
    """What a file would add to a dataset, in numbers."""
    users, items = (max(int(seen.profile[n] - base.profile.get(n, 0)), 0) for n in ("n_users", "n_items"))
    n_added, n_there = seen.counts.get("n_added", 0), seen.counts.get("n_repeated", 0)
    there = f"; {n_there:,} are there already" if n_there else ""
    new = f"{n_added:,} new rows for {base.name}: {users:,} new users, {items:,} new items"
    held = "".join(f" {sentence(quoted(note, 300))}" for note in seen.notes if is_of_rules(note, file.name))
    return f"{quoted(file.name, 60)} brings {new}{there}.{held}"


def of_version(workspace: Workspace, dataset: StoredDataset, base: StoredDataset | None) -> dict[str, Any]:
    """What a version comes from, and what is new in it."""
    if base is None or dataset.derived is None:
        return {}
    from recmodels.data.drift_words import sentences

    said = sentences(compared(workspace.catalogue, base.name, dataset.name), dataset.derived.kept)
    return {"version": quoted(dataset.derived.in_words(base.name), 300), "what_is_new": tuple(said)}


def _may_be_told(workspace: Workspace, file: Path) -> bool:
    """Whether the content of a file may be told in the chat: the person dropped it there, or opened its folder.

    Of recpilot's own home, wherever it lies, only the uploads are the person's files.
    """
    settings = workspace.settings
    home, uploads = settings.home.resolve(), settings.uploads.resolve()
    is_opened = settings.data_folder is not None and file.is_relative_to(settings.data_folder.resolve())
    return file.is_relative_to(uploads) or (is_opened and not file.is_relative_to(home))


def _samples(question: AmbiguousColumns) -> tuple[dict[str, str], ...]:
    return tuple({name[:100]: quoted(value, 60) for name, value in row.items()} for row in question.rows)


def _on_it(n_studies: int) -> str:
    if not n_studies:
        return "No study is on it."
    return "1 study on it stays." if n_studies == 1 else f"{n_studies} studies on it stay."


def nameable(name: _Name) -> _Name:
    """A name of which nothing is lost where folders are named so.

    Raises:
        ToolInputError: It is none.
    """
    if name is not None and (".." in name or not re.fullmatch(r"[A-Za-z0-9 ._-]+", name)):
        raise ToolInputError(
            f"a dataset's name is made of letters from a to z, digits, spaces, `-`, `_` and `.`, got {quoted(name, 60)}"
        )
    return name


def _listed(workspace: Workspace, name: str) -> DatasetListed:
    if not (workspace.settings.datasets / str(workspace.catalogue.key_of(name))).exists():
        return DatasetListed(name=name, built_in=True)  # drawn at first use, not for a list
    try:
        profile = workspace.catalogue.get(name).profile
    except DataError:
        return DatasetListed(name=name, is_damaged=True)
    n_users, n_items, n_interactions = map(profile.get, ("n_users", "n_items", "n_interactions"))
    return DatasetListed(name=name, n_users=n_users, n_items=n_items, n_interactions=n_interactions)


def described(dataset: StoredDataset) -> DatasetDescribed:
    return DatasetDescribed(
        dataset=dataset.name,
        description=quoted(dataset.description, 600),
        profile=dataset.profile,
        columns={role: quoted(column, 60) for role, column in list(dataset.columns.items())[:MAX_LISTED]},
        notes=tuple(quoted(in_chat(note)) for note in dataset.notes[:MAX_LISTED]),
    )
