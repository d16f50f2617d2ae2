"""The ledger: every study and trial in an Optuna storage, written so that a kill at any moment loses no finished trial.

ledger = Ledger("sqlite:///studies.db")
ledger.open("demo-1").records()
"""

import difflib
import logging
import re
import time
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import optuna
import sqlalchemy
from optuna.storages import RDBStorage
from sqlalchemy.exc import SQLAlchemyError

from agent.errors import USER_ERRORS, SetupError, UserError
from agent.secrets import masked
from agent.standing import counted
from agent.studies import faults
from agent.studies.acts_log import ActsLog
from agent.studies.begun import Begun
from agent.studies.naming import NameTaken, naming
from agent.studies.notes import Notes
from agent.studies.pages import StudyLedger, finite
from agent.studies.reflection import reflect
from agent.studies.rows import UNREADABLE
from agent.studies.shelf import Shelf
from agent.studies.study_spec import StudySpec, check_title
from agent.studies.tables import (
    StudyTables,
    begun_studies,
    create_tables,
    finished_trials,
    own_studies,
    studies_of_data,
)
from agent.studies.trial_notes import TrialNotes
from memory.record import Lesson, TrialRecord

__all__ = ["Ledger", "StudyLedger"]
_log = logging.getLogger(__name__)


class Ledger:
    """All studies of one Optuna storage; `optuna-dashboard URL` opens it as it is."""

    def __init__(self, url: str, checkpoints: Path | None = None) -> None:
        """Opens the storage.

        Args:
            checkpoints: The folder that weights lie in, which the ledger keeps paths below; None: whole paths.

        Raises:
            agent.errors.SetupError: The storage cannot be opened or written.
        """
        self.url, self.checkpoints = url, checkpoints
        self._ids: dict[str, int] = {}  # of the studies, which are numbered as they were created
        try:
            self.storage = _open(url)
        except (*_NOT_OPENED, UnicodeDecodeError) as error:
            raise _not_opened(url, error) from error
        self._shelf = Shelf(self.storage.engine)
        self.acts = ActsLog(self.storage.engine)
        self.notes = Notes(self.storage.engine)
        self.trial_notes = TrialNotes(self.storage.engine)

    def names(self) -> list[str]:
        """What the studies are called, the latest created first; those that were deleted are left out."""
        return list(self.titles())

    def titles(self) -> dict[str, str]:
        """What each study is called → its own name, which never changes; without those that were deleted."""
        places = self._shelf.places()
        found = {}
        for name in self._all():
            place = places.get(self._ids[name])
            if place is None or not place.is_hidden:
                found[place.title or name if place else name] = name
        return found

    def deleted(self) -> dict[str, str]:
        """The own name of each study that was deleted and can be restored → what it was called, the latest first."""
        places = self._shelf.places()
        hidden = {name: places[self._ids[name]] for name in self._all() if self._ids[name] in places}
        return {name: place.title or name for name, place in hidden.items() if place.is_hidden}

    def name_of(self, called: str) -> str | None:
        """A study's own name by what it is or was called, whatever its case; None where there is none in sight."""
        titles = self.titles()
        known = {name: name for name in titles.values()} | titles
        by_lower = {words.lower(): name for words, name in known.items()}
        return known.get(called) or by_lower.get(called.strip().lower())

    def taken(self) -> set[str]:
        """What no other study can be called: titles and own names, those of deleted ones too."""
        return set(self._all()) | set(self.titles())

    def refuse(self, called: str) -> NoReturn:
        """Raises UserError: no study is called so; the text says which are, or that it was deleted."""
        if called in self._all() and self.name_of(called) is None:
            raise UserError(f"study {called!r} was deleted; undo that to have it back")
        names = self.names()
        near = difflib.get_close_matches(called, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"the studies are: {', '.join(names) or 'none yet'}"
        raise UserError(f"there is no study {called!r}; {hint}") from None

    def title(self, name: str) -> str:
        """What a study is called."""
        return self._shelf.place(self.storage.get_study_id_from_name(name)).title or name

    def rename(self, name: str, title: str) -> None:
        """Call a study so from now on; nothing else of it changes, and it goes on answering to its own name.

        Raises:
            UserError: No name for a study, or another one's.
        """
        check_title(title)
        with naming(self.storage.engine, title):
            self.check_title(name, title)
            study_id = self.storage.get_study_id_from_name(name)
            if not self._shelf.rename(study_id, None if title == name else title):
                raise NameTaken(title)

    def check_title(self, name: str, title: str) -> None:
        """Raises UserError: the study cannot be called so, or another one is."""
        check_title(title)
        others = {known.lower() for pair in self.titles().items() for known in pair if pair[1] != name}
        if title.lower() in others or (title != name and title in self._all()):
            raise NameTaken(title)

    def hide(self, name: str, *, forgets: bool = False) -> None:
        """Take a study out of sight; all of it stays. `forgets`: a rebuilt memory leaves its trials out."""
        self._shelf.hide(self.storage.get_study_id_from_name(name), forgets=forgets)

    def show(self, name: str) -> None:
        """Bring a hidden study back."""
        self._shelf.show(self.storage.get_study_id_from_name(name))

    def _all(self) -> list[str]:
        """The own names of all studies, the latest created first."""
        studies = own_studies(self.storage.engine)
        self._ids |= studies
        return sorted(studies, key=lambda name: -studies[name])

    def create(self, spec: StudySpec, profile: Mapping[str, float], begun: Begun | None = None) -> "StudyLedger":
        """A new study's pages, which say who began it.

        Raises:
            NameTaken: Another study has the name, or had it.
        """
        with naming(self.storage.engine, spec.name):
            return self._create(spec, profile, begun or Begun())

    def _create(self, spec: StudySpec, profile: Mapping[str, float], begun: Begun) -> "StudyLedger":
        directions = [
            optuna.study.StudyDirection.MAXIMIZE if objective.is_maximized else optuna.study.StudyDirection.MINIMIZE
            for objective in spec.goal.objectives
        ]
        if spec.name in self.titles():
            raise NameTaken(spec.name)
        with suppress(optuna.exceptions.DuplicatedStudyError):  # left by a kill before its spec was written, or taken
            self.storage.create_new_study(directions, spec.name)
        study_id = self.storage.get_study_id_from_name(spec.name)
        if "spec" in self.storage.get_study_user_attrs(study_id):
            says = "the name {!r} belongs to a study that was renamed or deleted; choose another name"
            raise NameTaken(spec.name, says)
        self._ids[spec.name] = study_id
        StudyTables(self.storage.engine, study_id).clear()
        self._shelf.clear(study_id)
        study = optuna.load_study(study_name=spec.name, storage=self.storage)
        with warnings.catch_warnings(action="ignore", category=optuna.exceptions.ExperimentalWarning):
            study.set_metric_names([objective.metric for objective in spec.goal.objectives])  # for the dashboard
        self.storage.set_study_user_attr(study_id, "profile", finite(profile))
        if begun != Begun():
            self.storage.set_study_user_attr(study_id, "begun", begun.to_dict())
        self.storage.set_study_user_attr(study_id, "spec", spec.to_dict())
        return self.open(spec.name)

    def open(self, name: str) -> "StudyLedger":
        """The study's pages, by its own name.

        Raises:
            UserError: There is no such study (the message names the nearest), it was deleted, or it cannot be read.
        """
        try:
            study_id = self.storage.get_study_id_from_name(name)
            attributes = self.storage.get_study_user_attrs(study_id)
            written = attributes["spec"]
        except KeyError:
            self.refuse(name)
        except ValueError as error:
            raise _unreadable(name, error) from error
        try:
            spec = StudySpec.from_dict(written)
            pages = StudyLedger(
                self.storage, study_id, spec, attributes.get("profile", {}), checkpoints=self.checkpoints
            )
            pages.begun = Begun.from_dict(attributes.get("begun"))
            pages.adopt()
        except USER_ERRORS as error:
            raise UserError(f"study {name!r} cannot be read: {error}") from error
        except UNREADABLE as error:
            raise _unreadable(name, error) from error
        return pages

    def pages_of_data(self, dataset: str) -> Iterator["StudyLedger"]:
        """The studies of a dataset, the latest first; those that were deleted or cannot be read are left out."""
        of_data = studies_of_data(self.storage.engine, dataset)
        for own in self.titles().values():
            if self._ids[own] in of_data and (pages := self._opened(own)) is not None:
                yield pages

    def begun(self) -> dict[str, Begun]:
        """Who began the studies that say so, by what they are called."""
        found = begun_studies(self.storage.engine)
        return {
            title: Begun.from_dict(found[self._ids[own]])
            for title, own in self.titles().items()
            if self._ids.get(own) in found
        }

    def records(self) -> list[TrialRecord]:
        """What every study measured, for a memory to be rebuilt from; interrupted trials taught nothing.

        A study that was deleted taught what it taught, unless it was to be forgotten.
        """
        forgotten = self.forgotten()
        kept = [name for name in reversed(self._all()) if name not in forgotten]
        return [record for name in kept for record in self._records(name)] + self.acts.imported()

    def finished(self) -> frozenset[str]:
        """The ids of all trials that ended, interrupted ones too, without reading them; not of forgotten studies."""
        forgotten = self.forgotten()
        return frozenset(
            f"{name}/{number}" for name, number in finished_trials(self.storage.engine) if name not in forgotten
        )

    def forgotten(self) -> frozenset[str]:
        """The own names of studies that were deleted and whose trials are not for the memory either."""
        numbers = {number for number, place in self._shelf.places().items() if place.is_forgotten}
        return frozenset(name for name in self._all() if self._ids[name] in numbers) if numbers else frozenset()

    def trials(self, ids: Iterable[str]) -> list[TrialRecord]:
        """Those of the finished trials that taught something; one that cannot be read is left out."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for id in ids:
            name, _, number = id.rpartition("/")
            wanted[name].add(int(number))
        return [record for name in wanted for record in self._records(name) if record.number in wanted[name]]

    def lessons(self, ids: Iterable[str]) -> list[Lesson]:
        """What these trials taught when they ended, worked out again."""
        wanted = set(ids)
        found = []
        for name in sorted({id.rpartition("/")[0] for id in wanted}):
            if (pages := self._opened(name)) is None:
                continue
            records, proposals, goal = pages.records(), pages.proposals(), pages.spec.goal
            found += [
                reflect(goal, record, proposals[record.number], records[:place])
                for place, record in enumerate(records)
                if record.id in wanted and record.number in proposals
            ]
        return [lesson for lesson in found if lesson is not None]

    def _records(self, name: str) -> list[TrialRecord]:
        pages = self._opened(name)
        return counted(pages.records()) if pages else []

    def _opened(self, name: str) -> StudyLedger | None:
        try:
            return self.open(name)
        except UserError as error:  # a study that is damaged, or of a newer version, costs the others nothing
            _log.warning("%s", error)
            return None

    def close(self) -> None:
        """Give the connections back."""
        self.storage.remove_session()
        self.storage.engine.dispose()


def _unreadable(name: str, error: Exception) -> UserError:
    return UserError(
        f"study {name!r} cannot be read: {error}; the others are not touched, and `recpilot restore` lists backups"
    )


_BEGINNERS = 8  # processes that may write the tables of one new database at the same moment
_BEGINNING_S = 10.0  # a database that stays locked for longer is used by someone
_BEGUN_BY_OTHERS = r"alembic_version|version_info|already exists|database is locked"


def _open(url: str) -> RDBStorage:
    """The storage; of several processes that begin one database, all but one find its tables there and try again."""
    began = time.monotonic()
    for left in reversed(range(_BEGINNERS)):
        try:
            return _with_tables(url)
        except (SQLAlchemyError, optuna.exceptions.StorageInternalError) as error:
            is_late = not left or time.monotonic() - began > _BEGINNING_S
            if is_late or not re.search(_BEGUN_BY_OTHERS, f"{error} {error.__cause__}"):
                raise
            time.sleep(0.1)
    raise AssertionError  # the last attempt returned or raised


def _with_tables(url: str) -> RDBStorage:
    try:
        parsed = sqlalchemy.make_url(url)
    except (SQLAlchemyError, ValueError):  # which may repeat the URL with its password
        raise SetupError(
            "the ledger of RECPILOT_LEDGER_URL cannot be opened: it is like postgresql://user:password@host:5432/name"
        ) from None
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    storage = RDBStorage(url, engine_kwargs={"connect_args": {"timeout": 60}} if is_sqlite else {"pool_pre_ping": True})
    if is_sqlite:
        with storage.engine.connect() as connection:  # kept in the file: readers do not block the writer
            connection.execute(sqlalchemy.text("PRAGMA journal_mode=WAL"))
    faults.explain_errors(storage.engine, _place(url))
    create_tables(storage.engine)
    return storage


_NOT_OPENED = (OSError, SQLAlchemyError, RuntimeError, ImportError, optuna.exceptions.OptunaError)


def _not_opened(url: str, error: BaseException) -> SetupError:
    """Why a ledger cannot be opened; Optuna hides the driver's own error two causes deep."""
    causes = [error]
    while (cause := getattr(causes[-1], "orig", None) or causes[-1].__cause__) is not None and cause not in causes:
        causes.append(cause)
    explained = (faults.told("ledger", _place(url), one, faults.LEDGER_KEEPS) for one in causes)
    known = next((found for found in explained if found is not None), None)
    return known or SetupError(f"the ledger {_shown(url)} cannot be opened: {_first_line(error)}")


def _place(url: str) -> str:
    """The file of an SQLite database, else the URL."""
    parsed = sqlalchemy.make_url(url)
    return parsed.database or _shown(url) if parsed.get_backend_name() == "sqlite" else _shown(url)


def _shown(url: str) -> str:
    return masked(sqlalchemy.make_url(url).render_as_string(hide_password=True))


def _first_line(error: BaseException) -> str:
    cause = error.__cause__ or error
    return masked(str(getattr(cause, "orig", None) or cause)).splitlines()[0]
