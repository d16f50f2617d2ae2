"""The ledger: every study and trial in an Optuna storage, written so that a kill at any moment loses no finished trial.

ledger = Ledger("sqlite:///studies.db")
ledger.open("demo-1").records()
"""

import difflib
import logging
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import optuna
import sqlalchemy
from optuna.storages import RDBStorage
from sqlalchemy.exc import SQLAlchemyError

from agent.errors import USER_ERRORS, SetupError, UserError
from agent.standing import counted
from agent.studies.pages import StudyLedger, finite
from agent.studies.study_spec import StudySpec
from agent.studies.tables import StudyTables, create_tables
from memory.record import TrialRecord

__all__ = ["Ledger", "StudyLedger"]
_log = logging.getLogger(__name__)


class Ledger:
    """All studies of one Optuna storage; `optuna-dashboard URL` opens it as it is."""

    def __init__(self, url: str) -> None:
        """Raises agent.errors.SetupError: the storage cannot be opened or written."""
        self.url = url
        self._ids: dict[str, int] = {}  # of the studies, which are numbered as they were created
        try:
            self.storage = _open(url)
        except (OSError, SQLAlchemyError, RuntimeError, ImportError, optuna.exceptions.OptunaError) as error:
            raise SetupError(f"the ledger {_shown(url)} cannot be opened: {_first_line(error)}") from error

    def names(self) -> list[str]:
        """All studies, the latest created first."""
        studies = [study.study_name for study in self.storage.get_all_studies() if "spec" in study.user_attrs]
        self._ids |= {name: self.storage.get_study_id_from_name(name) for name in studies if name not in self._ids}
        return sorted(studies, key=lambda name: -self._ids[name])

    def create(self, spec: StudySpec, profile: Mapping[str, float]) -> "StudyLedger":
        """A new study's pages.

        Raises:
            UserError: The name is taken.
        """
        directions = [
            optuna.study.StudyDirection.MAXIMIZE if objective.is_maximized else optuna.study.StudyDirection.MINIMIZE
            for objective in spec.goal.objectives
        ]
        with suppress(optuna.exceptions.DuplicatedStudyError):  # left by a kill before its spec was written, or taken
            self.storage.create_new_study(directions, spec.name)
        study_id = self.storage.get_study_id_from_name(spec.name)
        if "spec" in self.storage.get_study_user_attrs(study_id):
            raise UserError(f"there is already a study {spec.name!r}; choose another name, or resume it")
        self._ids[spec.name] = study_id
        StudyTables(self.storage.engine, study_id).clear()
        study = optuna.load_study(study_name=spec.name, storage=self.storage)
        with warnings.catch_warnings(action="ignore", category=optuna.exceptions.ExperimentalWarning):
            study.set_metric_names([objective.metric for objective in spec.goal.objectives])  # for the dashboard
        self.storage.set_study_user_attr(study_id, "profile", finite(profile))
        self.storage.set_study_user_attr(study_id, "spec", spec.to_dict())
        return self.open(spec.name)

    def open(self, name: str) -> "StudyLedger":
        """The study's pages.

        Raises:
            UserError: There is no such study (the message names the nearest), or it cannot be read.
        """
        try:
            study_id = self.storage.get_study_id_from_name(name)
            attributes = self.storage.get_study_user_attrs(study_id)
            written = attributes["spec"]
        except KeyError:
            names = self.names()
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"the studies are: {', '.join(names) or 'none yet'}"
            raise UserError(f"there is no study {name!r}; {hint}") from None
        try:
            spec = StudySpec.from_dict(written)
            pages = StudyLedger(self.storage, study_id, spec, attributes.get("profile", {}))
            pages.adopt()
        except (*USER_ERRORS, KeyError, TypeError, ValueError, AttributeError) as error:
            raise UserError(f"study {name!r} cannot be read: {error}") from error
        return pages

    def records(self) -> list[TrialRecord]:
        """What every study measured, for a memory to be rebuilt from; interrupted trials taught nothing."""
        return [record for name in reversed(self.names()) for record in self._records(name)]

    def _records(self, name: str) -> list[TrialRecord]:
        try:
            return counted(self.open(name).records())
        except UserError as error:  # a study that is damaged, or of a newer version, costs the others nothing
            _log.warning("%s", error)
            return []

    def close(self) -> None:
        """Give the connections back."""
        self.storage.remove_session()
        self.storage.engine.dispose()


def _open(url: str) -> RDBStorage:
    parsed = sqlalchemy.make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    storage = RDBStorage(url, engine_kwargs={"connect_args": {"timeout": 60}} if is_sqlite else {"pool_pre_ping": True})
    if is_sqlite:
        with storage.engine.connect() as connection:  # kept in the file: readers do not block the writer
            connection.execute(sqlalchemy.text("PRAGMA journal_mode=WAL"))
    create_tables(storage.engine)
    return storage


def _shown(url: str) -> str:
    try:
        return sqlalchemy.make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return repr(url)


def _first_line(error: Exception) -> str:
    cause = error.__cause__ or error
    return str(getattr(cause, "orig", None) or cause).splitlines()[0]
