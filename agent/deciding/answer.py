"""A decider's answer as JSON: the shape of each act, read and written.

{"rationale": "…", "choice": {"candidate": 0}, "expected": 0.21, "evidence": ["demo-1/3"]}
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.deciding.acts import Act, Ask, BringIn, Draft, End, LeaveOut, Longer, Own, Repeat, SetRange, Take
from recmodels.search_space import ParamValue

MAX_RATIONALE = 400  # characters
MAX_QUESTION = 200


class UnreadableError(Exception):
    """The answer has not the shape that was asked for; the text says where."""


def draft_of(answer: object) -> Draft:
    """The draft in an answer.

    Raises:
        UnreadableError: It does not fit the schema.
    """
    try:
        read = _Answer.model_validate(answer)
    except ValidationError as error:
        raise UnreadableError(f"its answer does not fit the schema: {error.errors()[0]['msg']}") from error
    return Draft(
        act=read.choice.act(),
        expected=read.expected,
        rationale=" ".join(read.rationale.split())[:MAX_RATIONALE],
        evidence=tuple(read.evidence),
    )


def choice_of(act: Act) -> dict[str, Any]:
    """The act as its `choice` is written."""
    match act:
        case Take():
            return {"candidate": act.candidate}
        case Own():
            return {"model": act.model, "params": dict(act.params)} | ({"explores": True} if act.explores else {})
        case Repeat():
            return {"repeat": act.trial}
        case Longer():
            return {"longer": act.trial, "epochs": act.epochs} | _given(patience=act.patience)
        case SetRange():
            choices = None if act.choices is None else list(act.choices)
            return {"model": act.model, "param": act.param} | _given(low=act.low, high=act.high, choices=choices)
        case LeaveOut():
            return {"leave_out": act.model}
        case BringIn():
            return {"bring_in": act.model}
        case End():
            return {"stop": True}
        case Ask():
            return {"ask": act.question, "choices": list(act.choices)}


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


class _Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Take(_Choice):
    candidate: int

    def act(self) -> Act:
        return Take(candidate=self.candidate)


class _Own(_Choice):
    model: str
    params: dict[str, bool | int | float | str]
    explores: bool = False

    def act(self) -> Act:
        return Own(model=self.model, params=self.params, explores=self.explores)


class _Repeat(_Choice):
    repeat: int

    def act(self) -> Act:
        return Repeat(trial=self.repeat)


class _Longer(_Choice):
    longer: int
    epochs: int
    patience: int | None = None

    def act(self) -> Act:
        return Longer(trial=self.longer, epochs=self.epochs, patience=self.patience)


class _SetRange(_Choice):
    model: str
    param: str
    low: float | None = None
    high: float | None = None
    choices: list[bool | int | float | str] | None = None

    def act(self) -> Act:
        choices: tuple[ParamValue, ...] | None = None if self.choices is None else tuple(self.choices)
        return SetRange(model=self.model, param=self.param, low=self.low, high=self.high, choices=choices)


class _LeaveOut(_Choice):
    leave_out: str

    def act(self) -> Act:
        return LeaveOut(model=self.leave_out)


class _BringIn(_Choice):
    bring_in: str

    def act(self) -> Act:
        return BringIn(model=self.bring_in)


class _End(_Choice):
    stop: bool

    def act(self) -> Act:
        return End()


class _Ask(_Choice):
    ask: str
    choices: list[str] = []

    def act(self) -> Act:
        return Ask(question=" ".join(self.ask.split())[:MAX_QUESTION], choices=tuple(self.choices))


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    rationale: str
    choice: _Take | _Own | _Repeat | _Longer | _SetRange | _LeaveOut | _BringIn | _End | _Ask
    expected: float | None = None
    evidence: list[str] = []
