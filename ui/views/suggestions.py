"""Sentences that will work now: for the study that a tab shows, else for a home without one."""

import re
from functools import lru_cache
from pathlib import Path

from agent.errors import USER_ERRORS
from agent.standing import feasible_of, ordered
from agent.studies.study import Study
from agent.workspace import Workspace
from recmodels.data.catalogue import Catalogue
from recmodels.data.stored_dataset import StoredDataset

MOST = 5
_FIRST_ROWS = 20_000  # of a dataset, among which a user is looked for
_SAID_EASILY = re.compile(r"(?=.*\d)[A-Za-z0-9_-]{1,24}")
_FOR_IMPORTANCE = 4  # finished trials


def suggestions(workspace: Workspace, study: str | None, person: str | None = None) -> tuple[str, ...]:
    """What a person may say next, 3 to 5 sentences that are understood and can be done as things stand.

    Args:
        study: The one that the tab shows; None: there is none.
        person: Who has logged in; another person's study is only asked about, not steered.
    """
    try:
        shown = workspace.runner.peek(study) if study else None
        return (_of(workspace, shown, person) if shown is not None else _to_begin(workspace.catalogue))[:MOST]
    except USER_ERRORS:  # what the study is cannot be read
        return _to_begin(workspace.catalogue)


def a_user_of(stored: StoredDataset) -> str | None:
    """An id that can be said, of a user of whom much is known; None where ids are hashed, or none is said easily."""
    try:
        return None if "user" in stored.choices.hashed else _a_user(stored.folder, stored.fingerprint)
    except USER_ERRORS:
        return None


@lru_cache(maxsize=64)
def _a_user(folder: Path, fingerprint: str) -> str | None:
    import polars as pl

    try:
        rows = pl.scan_parquet(folder / "interactions.parquet").select("users").head(_FIRST_ROWS).collect()["users"]
        ids = pl.scan_parquet(folder / "user_ids.parquet").collect().to_series()
    except (OSError, pl.exceptions.PolarsError):
        return None
    counted = rows.value_counts(name="n").sort("n", "users", descending=[True, False])
    return next((ids[user] for user in counted["users"] if _SAID_EASILY.fullmatch(ids[user])), None)


def _to_begin(catalogue: Catalogue) -> tuple[str, ...]:
    own = [name for name in catalogue.names() if name != "demo"]
    if not own:
        return ("tune sasrec on the demo data, 6 trials", "describe the dataset demo", "which datasets are there?")
    return (
        f"tune item_knn on {own[0]}, 6 trials",
        f"describe the dataset {own[0]}",
        "tune sasrec on the demo data, 6 trials",
        "which datasets are there?",
    )


def _of(workspace: Workspace, study: Study, person: str | None) -> tuple[str, ...]:
    status, name = study.status(), study.title
    steers = not study.begun.is_of_another(person) and status.run_by is None
    if status.pending is not None and status.state == "waiting":
        waits = f"why trial {status.pending.number}?"
        return (waits, *(("run it",) if steers else ()), f"how is {name} going?", "what did we learn so far?")
    if not study.is_over:
        now = () if status.running is None else (f"why trial {status.running}?",)
        act = {"paused": "resume the study"}.get(status.state, "pause the study")
        told = (f"how is {name} going?", *now, "how long will it take?")
        return (*told, *((act,) if steers else ()), "what did we learn so far?")
    return _of_results(workspace, study, steers)


def _of_results(workspace: Workspace, study: Study, steers: bool) -> tuple[str, ...]:
    goal, records = study.spec.goal, study.records()
    ranked = [one for one in ordered(goal, records, feasible_of(goal, records)) if one.value is not None]
    more = _more(study) if steers else ()
    if not ranked:
        return (f"how did {study.title} go?", *more, "which datasets are there?")
    best = ranked[0]
    said = [f"why trial {best.number}?"]
    if len(ranked) >= _FOR_IMPORTANCE:
        said.append("which param matters most?")
    has_weights = best.checkpoint is not None and Path(best.checkpoint).is_dir()
    user = a_user_of(workspace.catalogue.get(study.spec.dataset)) if has_weights else None
    if user is not None:
        said.append(f"recommend something for user {user}")
    if len(ranked) > 1:
        said.append(f"compare trial {best.number} and trial {ranked[1].number}")
    return (*said, *more, f"how did {study.title} go?")


def _more(study: Study) -> tuple[str, ...]:
    return ("resume the study",) if study.state in ("stopped", "failed") else ("run 4 more trials",)
