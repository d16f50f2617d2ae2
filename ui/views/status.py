"""The line that follows a study while it works: `trial 3 · epoch 4 of 20 · 3 of 12 trials done · about 3 min left`."""

from dataclasses import dataclass

from agent.answers.status_facts import time_left
from agent.answers.wording import duration, number
from agent.events import BaselineStarted, StudyState
from agent.standing import mean_of, repeats_of
from agent.studies.study import Study
from agent.studies.study_spec import StudyStatus, trials_done
from agent.workspace import Workspace
from ui.words import baseline_started

BUSY = ("queued", "running", "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A study in one line, and what the line is made of."""

    name: str
    title: str
    state: StudyState
    words: str  # without the title and the state
    share: float  # of its trials that are done, the running one by its epochs; 0 to 1
    trial: int | None  # that trains now
    epoch: int
    epochs: int
    best: float | None
    left_s: float | None  # expected; None where nothing is left or too little is known

    @property
    def is_busy(self) -> bool:
        """Whether something may come of it without anyone asking."""
        return self.state in BUSY


def status_of(workspace: Workspace, study: Study) -> Status:
    """How a study stands at this moment; `words` fit behind its title."""
    status = study.status()
    left = time_left(workspace, study, status) if status.state in BUSY else None
    left_s = left.seconds if left is not None and left.n_left else None
    best = None if status.best is None else mean_of(repeats_of(status.best, study.records())).value
    parts = [*_now(study, status), trials_done(status.n_finished, status.n_trials)]
    parts += [] if best is None else [f"best {study.spec.goal.primary.metric} {number(best)}"]
    if left_s is not None:
        parts.append(f"about {duration(left_s)} left" if left_s >= 1 else "less than a second left")
    return Status(
        name=study.name,
        title=status.name,
        state=status.state,
        words=" · ".join(parts),
        share=share_done(status),
        trial=status.running,
        epoch=status.epoch,
        epochs=status.epochs,
        best=best,
        left_s=left_s,
    )


def share_done(status: StudyStatus) -> float:
    """How much of its trials is done, the running one by its epochs; 0 to 1."""
    running = status.epoch / status.epochs if status.running is not None and status.epochs else 0.0
    return min(1.0, (status.n_finished + running) / max(status.n_trials, 1))


def _now(study: Study, status: StudyStatus) -> list[str]:
    """What happens at this moment, and who would have to act where nothing does."""
    if status.run_by:
        return [f"run by {status.run_by}"]
    if study.is_stopping:
        return ["stopping" if status.running is None else f"stopping: trial {status.running} ends at its next epoch"]
    if status.running is not None:
        epoch = f"epoch {status.epoch} of {status.epochs}" if status.epoch else "begins"
        return [f"trial {status.running}", epoch] + ([] if status.state == "running" else ["it still finishes"])
    if status.state == "waiting":
        return _waits(study, status)
    if status.choosing is not None:
        return [f"choosing trial {status.choosing.number}"]
    events = study.log.events()
    if status.state == "running" and events and isinstance(last := events[-1], BaselineStarted):
        return [baseline_started(last)]
    return [status.reason] if status.state == "failed" and status.reason else []


def _waits(study: Study, status: StudyStatus) -> list[str]:
    if study.question is not None:
        return ["it asks you something"]
    return [] if status.pending is None else [f"trial {status.pending.number} waits for approval"]
