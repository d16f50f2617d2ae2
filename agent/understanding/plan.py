"""What a message asks for, as data: requests with their mood, what is held back and why, and what was not used."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from agent.plan_card import PlanCard
from agent.words.acts import ACTS

Mood = Literal["order", "question", "supposition", "refusal", "later"]
_NOTHING = re.compile(r"\bnothing was\b|没有(?:执行|做|删除)", re.IGNORECASE)
"""What an answer says of an order that was not done."""
Why = Literal[
    "question",
    "supposition",
    "refusal",
    "later",
    "unclear",
    "costly",
    "destructive",
    "unused",
    "limit",
    "whose",
    "lacking",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call that a message speaks of."""

    tool: str
    args: Mapping[str, Any] = field(default_factory=dict)
    mood: Mood = "order"
    words: str = ""  # the part of the message that asks for it
    assumed: tuple[str, ...] = ()  # arguments that the message did not name but the state of the dialogue gave
    limited: tuple[str, ...] = ()  # arguments that a limit made smaller than what was said

    @property
    def acts(self) -> bool:
        """Whether it changes anything."""
        return self.tool in ACTS and ACTS[self.tool].kind != "reads"

    def with_args(self, **more: Any) -> "Request":
        """The same with more arguments; None takes one away."""
        args = {name: value for name, value in (dict(self.args) | more).items() if value is not None}
        return replace(self, args=args)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Request":
        """The request that `to_dict` wrote."""
        return cls(**(dict(data) | {name: tuple(data.get(name, ())) for name in ("assumed", "limited")}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A request that is not done now."""

    request: Request
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What the answer before asked, so that the next message can settle it."""

    requests: tuple[Request, ...]  # done on a yes, or once the missing argument is there
    lacking: str | None = None  # the argument of the first request that was asked for; None: a yes is asked for
    choices: tuple[str, ...] = ()
    text: str = ""  # the question
    card: PlanCard | None = None  # that stands in the text
    notes: tuple[str, ...] = ()  # what stands before the question
    why: Why | None = None  # the requests were not done at once; None: an argument or a tool is asked for

    @property
    def n_before(self) -> int:
        """How many requests stand before the study that a yes would start: the part of the data that it is on."""
        is_of_part = len(self.requests) > 1 and self.requests[0].tool == "filter_dataset"
        return int(is_of_part and self.requests[1].tool == "start_study")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self) | {"requests": [request.to_dict() for request in self.requests]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Waiting":
        """What `to_dict` wrote."""
        requests = tuple(Request.from_dict(request) for request in data["requests"])
        tuples = {name: tuple(data.get(name, ())) for name in ("choices", "notes")}
        card = PlanCard.from_dict(data["card"]) if data.get("card") else None
        return cls(**(dict(data) | {"requests": requests, "card": card, **tuples}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is done with a message."""

    say: str
    requests: tuple[Request, ...] = ()  # done now, in order
    held: tuple[Held, ...] = ()
    unused: tuple[str, ...] = ()  # words that could change an act and that no request used
    waiting: Waiting | None = None  # what the person is asked
    near: tuple[tuple[str, str], ...] = ()  # misspelt words and the names that they were read as
    answer: str | None = None  # said in addition to, or instead of, what the calls find
    leaves_open: bool = False  # whether a question about a file that was asked before stays open

    @property
    def acting(self) -> Sequence[Request]:
        """The requests that change something."""
        return [request for request in self.requests if request.acts]

    def did_nothing(self, done: Sequence[Request]) -> bool:
        """Whether something was ordered and nothing of it was done.

        Args:
            done: The requests whose calls did not fail.
        """
        if any(one.acts for one in done):
            return False
        is_held = any(one.request.acts and one.why in ("unclear", "refusal") for one in self.held)
        return bool(self.acting) or is_held or (self.answer is not None and _NOTHING.search(self.answer) is not None)


def requests_in(plan: Plan) -> tuple[Request, ...]:
    """All that a plan speaks of: what is done now, what is held back, what waits for an answer."""
    return (
        *plan.requests,
        *(one.request for one in plan.held),
        *(plan.waiting.requests if plan.waiting is not None else ()),
    )
