"""What is known when a message arrives, read from the catalogue and the studies."""

import itertools
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from agent.errors import USER_ERRORS
from agent.standing import feasible_of, ordered
from agent.studies.at_hand import hand
from agent.studies.estimates import trial_seconds
from agent.studies.runner import StudyRunner
from agent.studies.study import Study
from agent.understanding.asking.prospect import Prospect, Would, unknown
from agent.understanding.known import Known, NoteKnown, no_files
from agent.workspace import Workspace
from recmodels.data.catalogue import Catalogue
from recmodels.data.folders import is_hidden
from recmodels.data.pseudonyms import as_kept
from recmodels.data.set_aside import all_aside


def known_now(
    catalogue: Catalogue,
    runner: StudyRunner,
    study: str | None = None,
    *,
    card_minutes: float = 30.0,
    data_folder: Path | None = None,
    would: Would = unknown,
) -> Known:
    """The state of affairs now; a study that cannot be opened counts as none.

    Args:
        study: The one at hand; None: the one that was touched last.
        card_minutes: What would train for longer is asked about first.
        data_folder: Where files may be read; None: nowhere.
        would: Tells what a call would come to.
    """
    datasets, studies = tuple(catalogue.names()), tuple(runner.names())
    try:
        chosen = runner.peek(study) if study else runner.current()
    except USER_ERRORS:
        chosen = None
    known = Known(
        datasets=datasets,
        studies=studies,
        trial_s=partial(trial_seconds, runner, catalogue),
        files=partial(files_in, data_folder) if data_folder else no_files,
        card_s=60 * card_minutes,
        span=partial(_span, catalogue),
        values=partial(_values, catalogue),
        would=would,
        own=partial(_own, runner),
        removed=lambda: tuple(dict.fromkeys(one.name for one in all_aside(catalogue.folder))),
        with_study=partial(
            known_now, catalogue, runner, card_minutes=card_minutes, data_folder=data_folder, would=would
        ),
    )
    return _with_study(known, chosen, catalogue) if chosen else known


def known_in(workspace: Workspace, study: str | None = None) -> Known:
    """The state of affairs of a workspace, in which calls can be checked before a person is asked about them."""
    settings = workspace.settings
    known = known_now(
        workspace.catalogue,
        workspace.runner,
        study,
        card_minutes=settings.card_minutes,
        data_folder=settings.data_root,
        would=_asked_once(_would_in(workspace)),
    )
    return replace(known, notes=partial(notes_in, workspace), changes=partial(changes_in, workspace))


def changes_in(workspace: Workspace) -> tuple[str, ...]:
    """What was changed in the chat whose turn it is, and was not taken back, the latest first."""
    mine = hand()
    return tuple(act.says for act in workspace.ledger.acts.last(mine.chat if mine else None) if act.says)


def notes_in(workspace: Workspace) -> tuple[NoteKnown, ...]:
    """What is remembered, by number; read by the tools, which are loaded where a message speaks of notes."""
    from agent.tools.remembering import notes_known

    return notes_known(workspace)


def _would_in(workspace: Workspace) -> Would:
    """The check of acts, loaded at the first act: a plan that reads needs no tools."""

    def would(tool: str, args: Mapping[str, Any]) -> Prospect:
        from agent.tools import would_in

        return would_in(workspace)(tool, args)

    return would


def _asked_once(would: Would) -> Would:
    """Each call is checked once for one message."""
    found: dict[str, Prospect] = {}

    def asked(tool: str, args: Mapping[str, Any]) -> Prospect:
        key = json.dumps([tool, args], sort_keys=True, default=str)
        if key not in found:
            found[key] = would(tool, args)
        return found[key]

    return asked


def _with_study(known: Known, study: Study, catalogue: Catalogue) -> Known:
    status, records, goal = study.status(), study.records(), study.spec.goal
    return replace(
        known,
        study=study.title,
        study_state=status.state,
        study_dataset=status.dataset,
        has_user=partial(_has_user, catalogue, status.dataset),
        study_models=status.models,
        objective=goal.primary.metric,
        trials=tuple(record.number for record in records),
        ranking=tuple(record.number for record in ordered(goal, records, feasible_of(goal, records))),
        params={record.number: record.params for record in records},
        trial_models={record.number: record.model for record in records},
        pending=status.pending.number if status.pending else None,
    )


def _own(runner: StudyRunner) -> tuple[str, ...]:
    mine = hand()
    return () if mine is None or mine.chat is None else runner.begun_in(mine.chat)


def _span(catalogue: Catalogue, dataset: str) -> tuple[str, str] | None:
    from recmodels.data.filtering import day

    try:
        data = catalogue.get(dataset).load()
    except USER_ERRORS:
        return None
    if data.time_kind != "timestamp" or data.times is None or not len(data.times):
        return None
    return day(data.times.min()), day(data.times.max())


def _values(catalogue: Catalogue, dataset: str) -> Mapping[str, tuple[str, ...]]:
    from recmodels.data.kept_columns import values_of

    try:
        return values_of(catalogue.get(dataset).load())
    except USER_ERRORS:
        return {}


def _has_user(catalogue: Catalogue, dataset: str, id: str) -> bool:
    try:
        stored = catalogue.get(dataset)
        data = stored.load()
        return as_kept(stored.folder.parent, data.choices.hashed, "user", id, data.user_ids) in data.user_ids
    except USER_ERRORS:
        return False


def files_in(root: Path, folder: str) -> tuple[str, ...]:
    """The names of the files in a folder below the root; none where it lies elsewhere, is hidden or cannot be read."""
    try:
        place = (root / folder).resolve()
        if not place.is_relative_to(root.resolve()) or is_hidden(place.relative_to(root.resolve())):
            return ()
        with os.scandir(place) as entries:
            looked_at = itertools.islice(entries, _FILES)
            return tuple(entry.name for entry in looked_at if entry.is_file() and not is_hidden(Path(entry.name)))
    except (OSError, ValueError):
        return ()


_FILES = 1000  # of a folder, that are looked at
