"""From a study's name to its confirmation: with the same executor and folders as its trials."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.confirmation import N_SEEDS, N_TOP, Confirmation, Contender
from agent.confirming.choice import incumbent_trial
from agent.confirming.commands import confirm_command
from agent.confirming.confirmer import Confirmer
from agent.confirming.hold import running_already
from agent.confirming.job import ConfirmationJob
from agent.confirming.readings import Readings
from agent.errors import UserError
from agent.standing import counted
from agent.studies.ledger import Ledger
from agent.studies.ownership import Owner
from agent.studies.study import Study
from agent.workspace import Workspace
from memory.record import TrialRecord
from recmodels.data.interactions import Interactions
from recmodels.data.split import resolve
from recmodels.request import SplitSpec

_MAY_CHANGE = ("queued", "running", "waiting")


def open_confirmer(
    workspace: Workspace,
    study: Study,
    *,
    n_seeds: int = N_SEEDS,
    n_top: int = N_TOP,
    incumbent: Contender | None = None,
    command: str = "",
    again: bool = False,
    only_looks: bool = False,
) -> Confirmer:
    """The study's confirmation: a new one, the last one resumed, or the earlier one that answers the same.

    Args:
        again: Run it once more, whatever was confirmed before.
        only_looks: Begin nothing: only to see what its `confirmation` would be.

    Raises:
        UserError: The study runs, here or in another process, or is being confirmed, or has nothing to confirm.
    """
    state = study.state
    if state in _MAY_CHANGE:
        raise UserError(f"study {study.name!r} is {state}; confirm it when it has finished, or stop it first")
    return Confirmer(
        spec=study.spec,
        records=study.records(),
        place=study.place,
        readings=readings_of(workspace),
        n_seeds=n_seeds,
        n_top=n_top,
        incumbent=incumbent,
        command=command,
        again=again,
        only_looks=only_looks,
    )


def would_confirm(
    workspace: Workspace, study: Study, *, n_seeds: int | None = None, against: int | None = None
) -> Confirmation:
    """What `confirm_in_background` would begin, go on with or answer; nothing is begun. Raises UserError: as that."""
    return _wanted(workspace, study, n_seeds, against, only_looks=True).confirmation


def confirm_in_background(
    workspace: Workspace, study: Study, *, n_seeds: int | None = None, against: int | None = None
) -> Confirmation:
    """Begin, and return at once; how it goes is told as events of the study. One that is done is the answer.

    Args:
        n_seeds: None, and no trial to confirm against: the last confirmation goes on, if it was cut off.
        against: The trial that runs today.

    Raises:
        UserError: As `open_confirmer`, or there is no such trial.
    """
    confirmer = _wanted(workspace, study, n_seeds, against)
    if not confirmer.is_answered:
        workspace.runner.run_in_background(ConfirmationJob(confirmer, study.log.append))
    return confirmer.confirmation


def _wanted(
    workspace: Workspace, study: Study, n_seeds: int | None, against: int | None, *, only_looks: bool = False
) -> Confirmer:
    """The last one where it was cut off and nothing else is asked for, else a new one."""
    last = outlook(workspace, study.name).last
    if n_seeds is None and against is None and last is not None and not last.is_done:
        incumbent = next((contender for contender in last.contenders if contender.role == "incumbent"), None)
        asked = {"n_seeds": last.n_seeds, "n_top": last.n_top, "incumbent": incumbent, "command": last.command}
    else:
        incumbent = None if against is None else incumbent_trial(study.record(against))
        n_seeds = n_seeds or N_SEEDS
        command = confirm_command(study.name, n_seeds, N_TOP, against)
        asked = {"n_seeds": n_seeds, "incumbent": incumbent, "command": command}
    return open_confirmer(workspace, study, **asked, only_looks=only_looks)  # type: ignore[arg-type]


def is_being_confirmed(workspace: Workspace, study: str) -> bool:
    """Whether a confirmation of the study runs here or will in turn. Raises UserError: one runs in another process."""
    now = outlook(workspace, study)
    if workspace.runner.job_of(study) is not None:
        return True
    if now.holder is not None:
        raise UserError(running_already(study, now.last, now.holder))
    return False


def stop_confirmation(workspace: Workspace, study: str) -> Confirmation | None:
    """Stop the confirmation of a study that runs, at its next epoch; None where none does.

    Raises:
        UserError: It runs in another process.
    """
    study = workspace.ledger.name_of(study) or study
    job = workspace.runner.job_of(study) if is_being_confirmed(workspace, study) else None
    if job is None:
        return None
    job.interrupt()
    return outlook(workspace, study).last


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is known of a study's confirmations at one moment."""

    all: tuple[Confirmation, ...]  # the first first
    holder: Owner | None  # the living worker that runs one

    @property
    def last(self) -> Confirmation | None:
        """The last one, done or not."""
        return self.all[-1] if self.all else None

    @property
    def done(self) -> Confirmation | None:
        """The last one that is done."""
        return next((found for found in reversed(self.all) if found.is_done), None)


def outlook(workspace: Workspace, study: str) -> Outlook:
    """How the confirmations of a study stand now, in this or another process; reads nothing of test."""
    study = workspace.ledger.name_of(study) or study
    readings = readings_of(workspace)
    return Outlook(all=tuple(readings.confirmations(study)), holder=readings.claim(study).holder())


def confirmations_of(workspace: Workspace, study: str) -> list[Confirmation]:
    """The confirmations of a study, by its own name, that are done, the first first."""
    return readings_of(workspace).done(study)


def trials_since(confirmation: Confirmation, records: Sequence[TrialRecord]) -> int:
    """How many trials of the study ended after the confirmation chose its contenders, so that it knows none of them."""
    return sum(record.finished_at > confirmation.began_at for record in counted(records))


def readings_of(workspace: Workspace) -> Readings:
    """The readings of the workspace's ledger."""
    return Readings(workspace.ledger.storage.engine, workspace.ledger.checkpoints)


def count_readings(ledger_url: str, dataset: Path) -> dict[str, int]:
    """Note that rows are about to be measured that belong to the test parts of several splits; which reading of each.

    Those are the split by default, the one by time, and those of the studies on the dataset.

    Args:
        dataset: The folder of its interactions, which has its key as its name.

    Raises:
        As `count_reading`.
    """
    interactions, ledger = Interactions.load(dataset), Ledger(ledger_url)
    try:
        specs = [ledger.open(name).spec for name in ledger.names()]
        splits = [SplitSpec(), SplitSpec(kind="temporal"), *(s.split for s in specs if s.dataset == dataset.name)]
        parts = {(resolve(interactions, split), split.seed) for split in splits}
        readings, key = Readings(ledger.storage.engine), uuid.uuid4().hex
        fingerprint = interactions.fingerprint()
        return {
            kind if not seed else f"{kind} (seed {seed})": readings.read(
                fingerprint, kind, seed, f"backtest/{key}/{kind}/{seed}"
            )
            for kind, seed in sorted(parts)
        }
    finally:
        ledger.close()


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
