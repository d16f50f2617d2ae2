"""Tools about datasets and the memory of past trials."""

import difflib
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field

from agent.answers.evidence import trial_facts
from agent.answers.facts import Facts, quoted
from agent.errors import ToolInputError, UserError
from agent.workspace import Workspace
from memory.record import Lesson, TrialRecord
from recmodels.data.catalogue import StoredDataset
from recmodels.data.reading.schema import AmbiguousColumns

MAX_LISTED = 50  # datasets and columns in one answer


def list_datasets(workspace: Workspace) -> Facts:
    """List the datasets that can be tuned on. "demo" is always there: it is generated on first use."""
    names = workspace.catalogue.names()
    return {"count": len(names), "datasets": [_short(workspace, name) for name in names[:MAX_LISTED]]}


def add_dataset(
    workspace: Workspace,
    path: Annotated[str, Field(description="the file, as the person wrote it", max_length=4096)],
    name: Annotated[str | None, Field(description="what to call it; left out: after the file", max_length=100)] = None,
    columns: Annotated[
        dict[str, str] | None,
        Field(description='only after a question about columns: role to column, {"user": "customer_no"}'),
    ] = None,
) -> Facts:
    """Read a file of interactions (CSV, TSV, Parquet, JSON lines, RecBole, MovieLens) and keep it as a dataset.

    The columns are guessed and the guess is stated. When two columns could play one role the answer holds `question`
    and `candidates`: ask the person, then call again with `columns`. Only files in the data or upload folder are read.
    """
    file = readable_path(workspace, path)
    try:
        dataset = workspace.catalogue.add(file, name=name, columns=columns)
    except AmbiguousColumns as error:
        return {
            "error": str(error),
            "question": f"Which column is the {error.role}?",
            "role": error.role,
            "candidates": [str(candidate)[:100] for candidate in error.candidates][:MAX_LISTED],
            "path": path,
            "name": name,
            "columns": columns,
        }
    return {"added": True, **_full(dataset)}


def describe_dataset(
    workspace: Workspace, dataset: Annotated[str, Field(description="a name from list_datasets")]
) -> Facts:
    """Describe a dataset: users, items, density, popularity skew, history lengths, time span, text, columns."""
    return _full(find_dataset(workspace, dataset))


def recall_trials(
    workspace: Workspace,
    query: Annotated[str, Field(description="what to look for, in words", max_length=500)] = "",
    dataset: Annotated[str | None, Field(description="only trials on this dataset")] = None,
    k: Annotated[int, Field(ge=1, le=20)] = 5,
) -> Facts:
    """Search the memory for past trials and lessons that resemble the query, across all studies."""
    if dataset is not None:
        dataset = _known_dataset(workspace, dataset)
    trials = workspace.memory.recall(query, kind="trial", dataset=dataset, k=k)
    lessons = workspace.memory.recall(query, kind="lesson", k=min(k, 3))
    return {
        "query": quoted(query) if query else "",
        "dataset": dataset,
        "trials": [
            trial_facts(found.record) | {"dataset": found.record.dataset, "similarity": found.similarity}
            for found in trials
            if isinstance(found.record, TrialRecord)
        ],
        "lessons": [
            {"id": found.record.id, "text": quoted(found.record.text)}
            for found in lessons
            if isinstance(found.record, Lesson)
        ],
    }


def remember_lesson(
    workspace: Workspace,
    text: Annotated[str, Field(description="what the person knows, in their words", min_length=3, max_length=1000)],
) -> Facts:
    """Keep something that the person knows or wants, so that later proposals and answers can rest on it."""
    study = workspace.runner.current()
    words = " ".join(text.split())
    lesson = Lesson(
        id=f"lesson/{hashlib.sha256(words.encode()).hexdigest()[:12]}",
        text=words,
        source="user",
        study=study.spec.name if study else None,
        dataset=study.spec.dataset if study else None,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    workspace.memory.remember(lesson)
    return {"lesson": lesson.id, "text": quoted(words), "dataset": lesson.dataset}


def find_dataset(workspace: Workspace, name: str) -> StoredDataset:
    """The dataset of that name, whatever its case; "demo" is made when it is first asked for.

    Raises:
        ToolInputError: There is none; the text names those that are, the nearest first.
    """
    return workspace.catalogue.get(_known_dataset(workspace, name))


def readable_path(workspace: Workspace, path: str) -> Path:
    """The file, if it lies below the data folder or the uploads, links resolved.

    Raises:
        UserError: It lies elsewhere or does not exist.
    """
    settings = workspace.settings
    root = (settings.data_folder or Path.cwd()).resolve()
    try:
        file = (root / Path(path).expanduser()).resolve()
        is_there = file.exists()
    except (OSError, ValueError, RuntimeError) as error:  # too long, a null byte, a loop of links
        raise UserError(f"{quoted(path)} is not the path of a file") from error
    if not any(file.is_relative_to(folder.resolve()) for folder in (root, settings.uploads)):
        raise UserError(
            f"only files in {root} or dropped into the chat are read here, got {quoted(path)};"
            f" `recpilot data add FILE` reads any file"
        )
    if not is_there:
        raise UserError(f"there is no file {quoted(path)} in {root}")
    return file


def _known_dataset(workspace: Workspace, name: str) -> str:
    by_lower = {known.lower(): known for known in workspace.catalogue.names()}
    if name.strip().lower() in by_lower:
        return by_lower[name.strip().lower()]
    near = difflib.get_close_matches(name.strip().lower(), by_lower, n=3, cutoff=0.5)
    listed = ", ".join(dict.fromkeys([*(by_lower[key] for key in near), *by_lower.values()]))
    raise ToolInputError(f"there is no dataset {quoted(name, 100)}; the datasets are: {listed}")


def _short(workspace: Workspace, name: str) -> Facts:
    if not (workspace.settings.datasets / name).exists():
        return {"name": name, "built_in": True}  # drawn at first use, not for a list
    profile = workspace.catalogue.get(name).profile
    return {"name": name} | {key: profile[key] for key in ("n_users", "n_items", "n_interactions") if key in profile}


def _full(dataset: StoredDataset) -> Facts:
    return {
        "dataset": dataset.name,
        "description": quoted(dataset.description, 600),
        "profile": dict(dataset.profile),
        "columns": {role: quoted(column, 60) for role, column in list(dataset.columns.items())[:MAX_LISTED]},
        "notes": [quoted(note) for note in dataset.notes[:MAX_LISTED]],
    }
