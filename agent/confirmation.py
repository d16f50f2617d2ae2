"""What a confirmation holds: who takes part, every run, the choice, and what test said. JSON-ready, with a version."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, TypeVar

from recmodels.search_space import ParamValue

FORMAT = 1
N_TOP = 3  # configurations of a study that take part
N_SEEDS = 5
Role = Literal["contender", "defaults", "incumbent", "baseline"]
Stage = Literal["valid", "test"]
_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A model with its params, under one name."""

    name: str  # "trial 5", "defaults of ease", "incumbent"
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
    checkpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A contender over its runs of one stage."""

    contender: str
    mean: float
    error: float  # the standard error: over runs, or over users where there is only one
    low: float | None  # 95 % interval over users and seeds; None where the metric is no mean over users
    high: float | None
    n_runs: int
    n_users: int
    train_s: float  # mean of a run


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
    moves_border: bool  # whether train and validation are divided again for each seed
    objective: str
    direction: str
    contenders: tuple[Contender, ...]
    left_out: tuple[str, ...] = ()  # baselines that do not apply, each with its reason in a sentence
    runs: tuple[Run, ...] = ()
    valid: tuple[Score, ...] = ()  # once all have run, best first
    winner: str | None = None
    reading: int | None = None  # this was the n-th reading of the test part, over all studies and single runs
    test: tuple[Score, ...] = ()
    gains: tuple[Gain, ...] = ()
    optimism: float | None = None  # of the best trial: its value in the study minus the winner's mean on validation
    command: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    began_at: str = ""
    ended_at: str = ""

    @property
    def is_done(self) -> bool:
        return bool(self.ended_at)

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
            "left_out": tuple(data.get("left_out", ())),
        }
        return _read(cls, {**data, **parts})


def _read(kind: type[_Record], data: Mapping[str, Any]) -> _Record:
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in data.items() if name in known})
