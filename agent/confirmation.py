"""What a confirmation holds: who takes part, every run, the choice, and what test said. JSON-ready, with a version."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Literal, TypeVar, get_args

from recmodels.search_space import ParamValue

FORMAT = 2
N_TOP = 3  # configurations of a study that take part
N_SEEDS = 5
Role = Literal["contender", "defaults", "incumbent", "baseline"]
Stage = Literal["valid", "test"]
_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A model with its params, under one name."""

    name: str  # "trial 5", "defaults of ease", "incumbent", "trial 2 (incumbent)"
    role: Role
    model: str
    params: Mapping[str, ParamValue]
    trial: int | None = None
    n_seeds: int = 1  # 1 where another seed changes nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training run: on validation to choose, or refit on train and validation to be measured on test."""

    contender: str
    stage: Stage
    seed: int  # counted from 0; the same number draws the same for every contender
    value: float | None  # of the objective on the stage's part; None: it failed
    reason: str | None = None  # why it failed
    metrics: Mapping[str, float] = field(default_factory=dict)  # valid_… or test_…
    best_epoch: int = 0
    train_s: float = 0.0
    checkpoint: str | None = None  # the folder of its weights, or of what each user had
    train_seed: int | None = None  # what the run trains with
    border: int | None = None  # what draws the valid rows again; None: as the study drew them
    epochs: int | None = None  # so many, for a refit; None: until it gets no better
    request: str = ""  # the fingerprint of what was asked of the training tool
    reused_from: int | None = None  # the number of the study's confirmation that ran it


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A contender over its runs of one stage."""

    contender: str
    mean: float
    error: float  # the standard error
    is_over_seeds: bool = True  # that error; False: over users and seeds, since some contenders ran only once
    low: float | None  # 95 % interval over users and seeds; None where the metric is no mean over users
    high: float | None
    n_runs: int
    n_users: int
    train_s: float  # the median of its runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """The winner minus another on test, over the same users and seeds."""

    over: str
    mean: float
    low: float | None
    high: float | None
    n_users: int

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Everything of one confirmation; saved after each run."""

    study: str
    number: int  # of the study's confirmations, from 1
    dataset: str
    data: str  # fingerprint of the interactions
    split: str  # the kind that `auto` became
    split_seed: int
    positive: str = "all"  # which rows counted as likes
    repeats: str = "mask"  # whether lists held what users had before
    repeats_says: str = ""  # the same with its reason
    outcomes: str = ""  # what each outcome of a held-out event counted; empty: all alike
    moves_border: bool  # whether train and validation are divided again for each seed
    objective: str
    direction: str
    contenders: tuple[Contender, ...]
    n_seeds: int = 0  # asked for; a model without chance runs once where its part does not change
    n_top: int = 0  # how many of the study's best configurations were asked for
    study_seed: int | None = None  # from which all seeds here follow
    constraints: tuple[str, ...] = ()
    epochs: int | None = None  # at most, for every run; None: the model's own
    trial_time_limit_s: float | None = None
    reuses: bool = True  # whether runs of earlier confirmations are taken over
    left_out: tuple[str, ...] = ()  # baselines that do not apply, each with its reason in a sentence
    runs: tuple[Run, ...] = ()
    valid: tuple[Score, ...] = ()  # once all have run, best first
    infeasible: tuple[str, ...] = ()  # contenders that break a constraint over their seeds, so that they cannot win
    top: str | None = None  # the contender with the best bound; another one wins where it trains clearly faster
    winner: str | None = None
    baseline: str | None = None  # the better of the simple baselines on validation, which test is measured for
    reading: int | None = None  # this was the n-th reading of the test part, over all studies and single runs
    test: tuple[Score, ...] = ()
    gains: tuple[Gain, ...] = ()
    optimism: float | None = None  # of the best trial: its value in the study minus its mean here on validation
    command: str = ""  # the line that confirms
    study_command: str = ""  # the line that makes the study
    train_commands: tuple[str, ...] = ()  # for a reader without the study: one run of each that test was measured for
    notes: tuple[str, ...] = ()  # what the lines cannot say
    versions: Mapping[str, str] = field(default_factory=dict)
    began_at: str = ""
    resumed_at: str = ""  # the last time; empty: it ran through
    ended_at: str = ""

    @property
    def is_done(self) -> bool:
        return bool(self.ended_at)

    @property
    def record_name(self) -> str:
        """Of its files, without an ending."""
        return f"{self.study}-confirmation-{self.number}"

    @property
    def since(self) -> str:
        """When the present stretch of work began, as a person reads it."""
        return told_time(self.resumed_at or self.began_at)

    def asks_same_as(self, other: "Confirmation") -> bool:
        """Whether both ask the same of the same data, names aside, so that their numbers are the same."""
        return self._asked() == other._asked()

    def _asked(self) -> tuple[Any, ...]:
        who = sorted(json.dumps([c.role, c.model, dict(c.params), c.n_seeds], sort_keys=True) for c in self.contenders)
        data = (self.data, self.split, self.positive, self.repeats, self.outcomes, self.split_seed, self.moves_border)
        return (
            who,
            *data,
            self.study_seed,
            self.n_seeds,
            self.objective,
            self.constraints,
            self.epochs,
            self.trial_time_limit_s,
        )

    # -- what is to run -------------------------------------------------------------------------------------

    @property
    def stage(self) -> Stage:
        """What it is at: validation until the choice is made."""
        return "test" if self.valid else "valid"

    def finalists(self) -> tuple[str, ...]:
        """Those that test is measured for: winner, defaults, incumbent, and the better baseline."""
        if self.winner is None:
            return ()
        measured = [score.contender for score in self.valid]
        roles = [c.name for c in self.contenders if c.role in ("defaults", "incumbent") and c.name in measured]
        return tuple(dict.fromkeys([self.winner, *roles, *([self.baseline] if self.baseline else [])]))

    def planned(self, stage: Stage) -> list[tuple[str, int]]:
        """The runs of a stage: contender and seed. Seed by seed, so that what is cut off has measured all alike."""
        names = [c.name for c in self.contenders] if stage == "valid" else list(self.finalists())
        return [(name, seed) for seed in range(self.n_seeds) for name in names if seed < self._n_runs(name, stage)]

    def _n_runs(self, name: str, stage: Stage) -> int:
        """A model without randomness is repeated only where its validation part changes."""
        return self.n_seeds if stage == "valid" and self.moves_border else self.contender(name).n_seeds

    # -- who takes part and what ran ------------------------------------------------------------------------

    def contender(self, name: str) -> Contender:
        return next(contender for contender in self.contenders if contender.name == name)

    def runs_of(self, name: str, stage: Stage) -> list[Run]:
        """The runs of a contender that did not fail, by seed."""
        found = [r for r in self.runs if (r.contender, r.stage) == (name, stage) and r.value is not None]
        return sorted(found, key=lambda run: run.seed)

    def has_run(self, name: str, stage: Stage, seed: int) -> bool:
        return any((r.contender, r.stage, r.seed) == (name, stage, seed) for r in self.runs)

    def with_run(self, run: Run) -> "Confirmation":
        return replace(self, runs=(*self.runs, run))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"format": FORMAT} | asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Confirmation":
        """What `to_dict` wrote; fields of a newer version are ignored."""
        parts: dict[str, Any] = {
            "contenders": tuple(_read(Contender, row) for row in data["contenders"]),
            "runs": tuple(_read(Run, row) for row in data.get("runs", ())),
            "valid": tuple(_read(Score, row) for row in data.get("valid", ())),
            "test": tuple(_read(Score, row) for row in data.get("test", ())),
            "gains": tuple(_read(Gain, row) for row in data.get("gains", ())),
        }
        words = ("constraints", "infeasible", "left_out", "train_commands", "notes")
        return _read(cls, {**data, **parts, **{name: tuple(data.get(name, ())) for name in words}})


def runs_to_come(confirmation: Confirmation) -> int:
    """Training runs that are left, at most: who is measured on test is decided on validation."""
    stages: tuple[Stage, ...] = ("valid", "test")
    planned = [(name, stage, seed) for stage in stages for name, seed in _at_most(confirmation, stage)]
    return sum(not confirmation.has_run(*run) for run in planned)


def _at_most(confirmation: Confirmation, stage: Stage) -> list[tuple[str, int]]:
    """The runs of a stage; of test, before the choice, those of the finalists that would take the most."""
    if stage == "valid" or confirmation.winner is not None:
        return confirmation.planned(stage)
    by_role = {role: [c for c in confirmation.contenders if c.role == role] for role in get_args(Role)}
    costly = {role: sorted(some, key=lambda c: -c.n_seeds) for role, some in by_role.items()}
    finalists = [*costly["contender"][:1], *costly["defaults"], *costly["incumbent"], *costly["baseline"][:1]]
    return [(c.name, seed) for c in finalists for seed in range(c.n_seeds)]


def told_time(iso: str) -> str:
    """`2026-03-01T09:30:12+00:00` → `2026-03-01 09:30 UTC`."""
    return f"{datetime.fromisoformat(iso):%Y-%m-%d %H:%M} UTC" if iso else ""


def _read(kind: type[_Record], data: Mapping[str, Any]) -> _Record:
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in data.items() if name in known})
