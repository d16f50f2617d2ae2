"""From a study's name to its confirmation: with the same executor and folders as its trials."""

import uuid
from pathlib import Path

from agent.confirmation import N_SEEDS, N_TOP, Confirmation, Contender
from agent.confirming.confirmer import Confirmer
from agent.confirming.job import ConfirmationJob
from agent.confirming.readings import Readings
from agent.errors import UserError
from agent.studies.ledger import Ledger
from agent.studies.study import Study
from agent.workspace import Workspace
from recmodels.data.interactions import Interactions
from recmodels.data.split import resolve
from recmodels.request import SplitSpec

_MAY_CHANGE = ("queued", "running")


def open_confirmer(
    workspace: Workspace,
    study: Study,
    *,
    n_seeds: int = N_SEEDS,
    n_top: int = N_TOP,
    incumbent: Contender | None = None,
    command: str = "",
) -> Confirmer:
    """The study's confirmation: the last one resumed if it was cut off and asked the same, else a new one.

    Raises:
        UserError: The study runs, or has nothing to confirm.
    """
    state = study.state
    if state in _MAY_CHANGE:
        raise UserError(f"study {study.name!r} is {state}; confirm it when it has finished, or stop it first")
    return Confirmer(
        spec=study.spec,
        records=study.records(),
        place=study.place,
        readings=Readings(workspace.ledger.storage.engine),
        n_seeds=n_seeds,
        n_top=n_top,
        incumbent=incumbent,
        command=command or f"recpilot confirm {study.name} --seeds {n_seeds} --top {n_top}",
    )


def count_reading(ledger_url: str, dataset: Path, split: SplitSpec) -> int:
    """Note that a single run is about to measure test; which reading of that part it is.

    Args:
        dataset: The folder of its interactions.

    Raises:
        agent.errors.SetupError: The ledger cannot be written.
        recmodels.errors.UserError: The data cannot be read, or cannot be split so.
    """
    interactions = Interactions.load(dataset)
    ledger = Ledger(ledger_url)
    try:
        readings = Readings(ledger.storage.engine)
        kind = resolve(interactions, split)
        return readings.read(interactions.fingerprint(), kind, split.seed, f"train/{uuid.uuid4().hex}")
    finally:
        ledger.close()


def confirm_in_background(workspace: Workspace, study: Study, *, n_seeds: int = N_SEEDS) -> Confirmation:
    """Begin, and return at once; how it goes is told as events of the study.

    Raises:
        UserError: As `open_confirmer`.
    """
    confirmer = open_confirmer(workspace, study, n_seeds=n_seeds)
    workspace.runner.run_in_background(ConfirmationJob(confirmer, study.log.append))
    return confirmer.confirmation
