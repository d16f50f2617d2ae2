"""How a study stands now: its state, progress and time, besides its trials."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.results.proposal import ProposalShown
from agent.results.result import Result
from agent.results.standing import StandingShown
from agent.results.trial import TrialRanked, TrialShown


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLeft:
    """Trials left × what one is expected to take."""

    n_left: int  # trials
    seconds: float | None
    limit_left_s: float | None
    each_s: float | None  # of a trial
    from_: str | None = None  # whose trials were measured
    n_measured: int = 0  # trials on these data
    n_elsewhere: int = 0  # trials on other data
    low_s: float | None = None  # that `seconds` lies between in 8 of 10 cases, a limit aside
    high_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Whether a study was confirmed, and when."""

    is_confirmed: bool
    at: str | None = None
    is_running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTrial:
    """What trains now."""

    number: int
    epoch: int | None
    epochs: int | None  # at most


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingNow:
    """The next proposal, which is being made."""

    number: int  # of the trial
    since_s: float  # how long ago it was asked for
    by: str  # the language model that decides, or `advisor`


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Result):
    """How a study stands now."""

    study: str
    dataset: str
    models: tuple[str, ...]
    split: str
    sampler: str
    goal: str  # maximize ndcg@10, coverage@10 >= 0.2
    objective: str  # a metric
    repeats: str = "mask"  # whether lists hold what users had before: mask, keep
    state: str
    is_stopping: bool = False  # told to stop, and what runs has yet to end
    reason: str | None = None  # quoted
    run_by: str | None = None  # quoted; another process, which alone steers it
    n_finished: int  # trials
    n_trials: int  # of the budget
    n_asked_for: int  # beyond the budget
    elapsed_s: float
    time_left: TimeLeft
    confirmed: Confirmed
    best: TrialShown | None
    standing: StandingShown
    running: RunningTrial | None = None
    choosing: ChoosingNow | None = None
    pending: ProposalShown | None = None  # waits for a yes
    leaderboard: tuple[TrialRanked, ...]  # the best ones
    latest: TrialShown | None
    exports: tuple[str, ...]
    scoreboard: Mapping[str, Mapping[str, float]]  # by who chose: trials, improved, best
    acts: Mapping[str, Mapping[str, float]] | None = None  # by act of a language model: the same, or how often done
