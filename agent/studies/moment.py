"""A study at one moment, whole and immutable: what the ledger holds, and what this process does about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from agent.objective import Goal
from agent.proposal import Proposal
from agent.studies.saved_state import OVER, Queued, SavedState
from agent.studies.study_spec import StudySpec
from memory.record import TrialRecord
from recmodels.request import EpochReport
from recmodels.search_space import Params, SearchSpace

Stage = Literal["idle", "asked", "queued", "working"]
"""asked: work is wanted and not taken up; queued: this process has the claim and works as soon as its turn comes."""
Step = Literal["next", "asking", "answering", "starting", "training", "learning"]
"""What the working thread is to do: ask what comes next, wait for a proposal or for the person's answer, begin a trial,
train, tell the memory."""
WAITING: tuple[Step, ...] = ("asking", "answering")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTrial:
    """The trial that trains now."""

    proposal: Proposal  # with the number that the ledger gave
    curve: tuple[float, ...] = ()  # the objective after each epoch so far
    epochs: int = 0  # at most; 0 before the first report
    started_at: str = ""  # ISO 8601, UTC

    def after(self, report: EpochReport) -> "RunningTrial":
        """With one more epoch; a trial that begins again counts from 1 again."""
        return replace(self, curve=(*self.curve[: report.epoch - 1], report.value), epochs=report.epochs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A trial that the memory has yet to learn of."""

    goal: Goal  # of the study then
    record: TrialRecord
    proposal: Proposal
    earlier: tuple[TrialRecord, ...]  # the records before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One stretch of work in this process."""

    since: float  # up to which the working time is counted
    step: Step = "next"
    n_left: int | None = None  # trials that may still run
    starting: Queued | None = None
    running: RunningTrial | None = None
    finished: Finished | None = None
    is_interrupted: bool = False  # the program ends
    answer_wait_s: float = 0.0  # how long the person's answer is waited for; 0: nobody is there
    answer_by: float = 0.0  # until when, while it is
    most_s: float | None = None  # working time of the study in all, after which it stops; None: no end


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The state of the machine."""

    created: StudySpec  # as the study was begun
    profile: Mapping[str, float]  # of the dataset
    saved: SavedState
    records: tuple[TrialRecord, ...] = ()  # finished trials by number, interrupted ones included
    n_started: int = 0  # trials in the ledger, finished or not
    stage: Stage = "idle"
    work: Work | None = None  # there is one while the stage is `working`
    asking: int | None = None  # the token of the proposal that is being made
    request: str | None = None  # the wish that it was asked with
    n_asked: int = 0

    @property
    def spec(self) -> StudySpec:
        """As changed so far."""
        return self.saved.spec(self.created)

    @property
    def is_at_work(self) -> bool:
        """Whether this process has the claim, to work now or in turn."""
        return self.stage in ("queued", "working")

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens unless someone asks for it: finished, stopped or failed."""
        return not self.is_at_work and self.saved.state in OVER

    @property
    def next_number(self) -> int:
        """The number of the next trial that is not yet queued."""
        return self.n_started + len(self.saved.queue)

    @property
    def running(self) -> RunningTrial | None:
        return self.work.running if self.work else None

    @property
    def is_interrupted(self) -> bool:
        """Whether this process is about to end in the middle of its work."""
        return self.work is not None and self.work.is_interrupted

    def spaces(self) -> dict[str, SearchSpace]:
        """Each model's space as narrowed so far."""
        spec = self.spec
        return {model: self.saved.space(spec, model) for model in spec.models}

    def waiting(self) -> list[Proposal]:
        """What runs or is to run."""
        found = [queued.proposal for queued in self.saved.queue]
        found += [self.saved.pending] if self.saved.pending else []
        return found + ([self.running.proposal] if self.running else [])

    def limits(self) -> dict[str, SearchSpace]:
        """Each model's space as the person narrowed it."""
        spec = self.spec
        return {model: self.saved.limits(spec, model) for model in spec.models}

    def excluded(self) -> tuple[tuple[str, Params], ...]:
        """What runs, waits, or was rejected."""
        return (*self.saved.rejected, *((proposal.model, proposal.params) for proposal in self.waiting()))

    def elapsed_s(self, now: float) -> float:
        """Working time; pauses, and waiting for the person's answer, do not count."""
        is_counted = self.work is not None and self.work.step != "answering"
        return self.saved.elapsed_s + (now - self.work.since if self.work and is_counted else 0.0)

    def time_left_s(self, now: float) -> float | None:
        """Of the study's time limit; None without one."""
        limit = self.spec.time_limit_s
        return None if limit is None else limit - self.elapsed_s(now)

    def has_worked_long(self, now: float) -> bool:
        """Whether the study has worked for as long as this process lets it."""
        return self.work is not None and self.work.most_s is not None and self.elapsed_s(now) >= self.work.most_s

    def at(self, now: float) -> "Moment":
        """With the working time counted up to `now`."""
        if self.work is None:
            return self
        saved = replace(self.saved, elapsed_s=self.elapsed_s(now))
        return replace(self, saved=saved, work=replace(self.work, since=now))
