"""The ledger: every study and trial in an Optuna storage, written so that a kill at any moment loses no finished trial.

ledger = Ledger("sqlite:///studies.db")
ledger.open("demo-1").records()
"""

import difflib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import optuna
import sqlalchemy
from optuna.storages import RDBStorage
from sqlalchemy.exc import SQLAlchemyError

from agent.errors import SetupError, UserError
from agent.standing import counted
from agent.studies.study_ledger import StudyLedger, finite
from agent.studies.study_spec import StudySpec
from memory.record import TrialRecord

__all__ = ["Ledger", "StudyLedger"]


class Ledger:
    """All studies of one Optuna storage; `optuna-dashboard URL` opens it as it is."""

    def __init__(self, url: str) -> None:
        """Raises agent.errors.SetupError: the storage cannot be opened or written."""
        self.url = url
        try:
            self.storage = _open(url)
        except (OSError, SQLAlchemyError, RuntimeError, ImportError, optuna.exceptions.OptunaError) as error:
            raise SetupError(f"the ledger {_shown(url)} cannot be opened: {_first_line(error)}") from error

    def names(self) -> list[str]:
        """All studies, the latest created first."""
        studies = [study for study in self.storage.get_all_studies() if "spec" in study.user_attrs]
        return [study.study_name for study in sorted(studies, key=lambda study: -study._study_id)]

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
        metric_names = [objective.metric for objective in spec.goal.objectives]
        self.storage.set_study_system_attr(study_id, "study:metric_names", metric_names)
        self.storage.set_study_user_attr(study_id, "owner", None)
        self.storage.set_study_user_attr(study_id, "profile", finite(profile))
        self.storage.set_study_user_attr(study_id, "spec", spec.to_dict())
        return self.open(spec.name)

    def open(self, name: str) -> "StudyLedger":
        """The study's pages.

        Raises:
            UserError: There is no such study; the message names the nearest.
        """
        try:
            study_id = self.storage.get_study_id_from_name(name)
            attributes = self.storage.get_study_user_attrs(study_id)
            return StudyLedger(self.storage, study_id, StudySpec.from_dict(attributes["spec"]), attributes["profile"])
        except KeyError:
            names = self.names()
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"the studies are: {', '.join(names) or 'none yet'}"
            raise UserError(f"there is no study {name!r}; {hint}") from None

    def records(self) -> list[TrialRecord]:
        """What every study measured, for a memory to be rebuilt from; interrupted trials taught nothing."""
        return [record for name in reversed(self.names()) for record in counted(self.open(name).records())]

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
    return storage


def _shown(url: str) -> str:
    try:
        return sqlalchemy.make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return repr(url)


def _first_line(error: Exception) -> str:
    cause = error.__cause__ or error
    return str(getattr(cause, "orig", None) or cause).splitlines()[0]
