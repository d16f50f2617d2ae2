"""What a decider can do: run a trial, change the study, end it, or ask the person.

Act
├── TrialAct   gives the next trial    Take · Own · Repeat · Longer
└── StudyAct   changes what follows    SetRange · LeaveOut · BringIn · End · Ask

Whatever it does passes `rules.py`. A study act is kept with the study as a `Deed`, so that a resumed one knows it.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from memory.formats import known
from recmodels.search_space import ParamValue

TAKE, OWN, EXPLORE, REPEAT, LONGER = "take", "own", "explore", "repeat", "longer"
"""How a trial came from a language model; kept with the trial, and counted by the scoreboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """Run a candidate of the advisor's."""

    candidate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Run params of its own."""

    model: str
    params: Mapping[str, ParamValue]
    explores: bool = False  # to learn, not to win: the surrogate has no say, within a share of the budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Run a finished trial once more with another seed."""

    trial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Longer:
    """Run a finished trial again with more epochs or more patience."""

    trial: int
    epochs: int
    patience: int | None = None  # epochs without a gain that end it; None: as all trials of the study


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRange:
    """Narrow or widen a param; a bound that is not given stays as it is."""

    model: str
    param: str
    low: float | None = None
    high: float | None = None
    choices: tuple[ParamValue, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOut:
    """No more trials of a model."""

    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BringIn:
    """Trials of one more model."""

    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The study is done: no trial that is left is worth its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question to the person."""

    question: str
    choices: tuple[str, ...] = ()


TrialAct = Take | Own | Repeat | Longer
StudyAct = SetRange | LeaveOut | BringIn | End | Ask
Act = TrialAct | StudyAct

KINDS: dict[str, type[SetRange] | type[LeaveOut] | type[BringIn] | type[End] | type[Ask]] = {
    "range": SetRange,
    "leave_out": LeaveOut,
    "bring_in": BringIn,
    "stop": End,
    "ask": Ask,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A decider's answer, not yet checked."""

    act: Act
    expected: float | None = None  # of the next trial
    rationale: str = ""
    evidence: tuple[str, ...] = ()


class IllegalError(Exception):
    """A draft breaks a rule; the text states it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A study act that passed the rules, as it is kept with the study."""

    act: StudyAct
    rationale: str
    after: int = 0  # finished trials there were then
    needs_yes: bool = False  # it goes beyond what the person allowed, so the person is asked
    is_open: bool = False  # the person was asked, and the study waits
    answer: str | None = None  # the person's

    @property
    def is_question(self) -> bool:
        """Whether the person is asked."""
        return self.needs_yes or isinstance(self.act, Ask)

    @property
    def kind(self) -> str:
        """The act's name in KINDS."""
        return next(name for name, cls in KINDS.items() if isinstance(self.act, cls))

    def question(self) -> str:
        """What the person is asked."""
        if isinstance(self.act, Ask):
            return self.act.question
        return f"May I {self.in_words()}?" + (f" {self.rationale}" if self.rationale else "")

    def choices(self) -> tuple[str, ...]:
        """The answers that are offered."""
        return self.act.choices if isinstance(self.act, Ask) else ("yes", "no")

    def in_words(self) -> str:
        """What is done, as a command: `search ease l2 in [20, 200]`."""
        match self.act:
            case SetRange():
                return f"search {self.act.model} `{self.act.param}` {_range(self.act)}"
            case LeaveOut():
                return f"leave {self.act.model} out"
            case BringIn():
                return f"bring {self.act.model} in"
            case End():
                return "end the study here"
            case Ask():
                return f'ask "{self.act.question}"'

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return dataclasses.asdict(self) | {"act": {"kind": self.kind} | dataclasses.asdict(self.act)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Deed":
        """The deed that `to_dict` wrote."""
        kind: Any = KINDS[data["act"]["kind"]]
        fields = {name: tuple(x) if isinstance(x, list) else x for name, x in known(kind, data["act"]).items()}
        return cls(**(known(cls, data) | {"act": kind(**fields)}))


def _range(act: SetRange) -> str:
    if act.choices is not None:
        return f"among {', '.join(map(str, act.choices))}"
    low = "" if act.low is None else f"from {act.low:g}"
    high = "" if act.high is None else f"to {act.high:g}"
    return " ".join(filter(None, (low, high)))
