"""What a decider sees of a study before its next trial."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.baseline import Baseline
from agent.deciding.acts import Deed
from agent.objective import Goal
from agent.proposal import Candidate
from agent.uncertainty import Interval
from memory.record import Lesson, TrialRecord
from recmodels.request import Budget
from recmodels.search_space import SearchSpace


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How far trials differ by chance."""

    repeats_sd: float | None = None  # standard deviation between runs of the same params with other seeds
    n_repeats: int = 0  # runs that it was worked out from
    intervals: Mapping[int, Interval] = field(default_factory=dict)  # over users, by trial
    further_sd: Mapping[str, float] = field(default_factory=dict)  # as `repeats_sd`, of the other objectives
    further: Mapping[str, Mapping[int, Interval]] = field(default_factory=dict)  # as `intervals`, of the others
    group: tuple[int, ...] = ()  # the best trial, then those that cannot be told apart from it; empty: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Under what trials are run and measured."""

    split: str = "auto"
    positive: str = "all"  # which rows count as likes
    repeats: str = ""  # as `RepeatChoice.says`
    outcomes: str | None = None  # what each outcome counts in ndcg; None: all alike
    epochs: int | None = None  # that the person set for every trial
    patience: int = Budget().patience  # epochs without a gain that end a trial
    trial_time_limit_s: float | None = None
    time_left_s: float | None = None  # of the whole study; None: no limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a decider may do apart from choosing params."""

    may_act: bool = False  # change the study, end it, ask; False: only a trial is asked for
    limits: Mapping[str, SearchSpace] = field(default_factory=dict)  # by model, as the person left them
    reserve: Mapping[str, bool] = field(default_factory=dict)  # models that may come in; True: with the person's yes
    repeats: Mapping[int, int] = field(default_factory=dict)  # trials that may be repeated, and the seed that they get
    n_explored: int = 0  # trials that were run as explorations, or wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a decider's last draft was sent back."""

    rule: str
    answer: str  # what it was, in JSON
    promised: str = ""  # what the trials so far predict for it and for the candidates


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext:
    """All that a decider sees."""

    study: str
    number: int  # of the trial to come
    n_trials: int
    goal: Goal
    profile: Mapping[str, float]
    spaces: Mapping[str, SearchSpace]  # by model, as narrowed
    records: tuple[TrialRecord, ...]  # of this study
    recalled: tuple[tuple[TrialRecord, float], ...]  # of others, with the datasets' likeness
    lessons: tuple[Lesson, ...]
    candidates: tuple[Candidate, ...]  # the advisor's, its own choice first
    terms: Terms = Terms()
    noise: Noise = Noise()
    scope: Scope = Scope()
    baselines: tuple[Baseline, ...] = ()
    deeds: tuple[Deed, ...] = ()  # what the decider did to the study so far
    request: str | None = None  # the person's wish, in their words
    refusal: Refusal | None = None
    asked_at: float | None = field(default=None, compare=False)  # of `time.monotonic`: one time limit for all drafts
