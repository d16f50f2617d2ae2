"""A lesson as data: of which params it speaks, what was measured there, and on what kind of dataset."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from memory.formats import known
from memory.written import written

Value = float | int | str | bool
Says = Literal["worse", "fails", "surprise", "bound"]
"""worse: trials there were worse than the others; fails: they broke; surprise: one trial was not as expected;
bound: a person wants nothing else to be tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Values of one param: from `low` to `high`, or one of `choices`."""

    param: str
    low: float | None = None
    high: float | None = None
    choices: tuple[Value, ...] = ()

    def holds(self, params: Mapping[str, Value]) -> bool:
        """Whether the params have such a value; they do not where they lack the param."""
        value = params.get(self.param)
        if value is None:
            return False
        if self.choices:
            return any(
                choice == value and isinstance(choice, bool) == isinstance(value, bool) for choice in self.choices
            )
        if isinstance(value, str | bool):
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def words(self) -> str:
        """`learning_rate of 0.02 or more`, `adapter lora or dora`."""
        if self.choices:
            return f"{self.param} {' or '.join(map(written, self.choices))}"
        if self.low is None or self.high is None:
            bound = f"{written(self.low)} or more" if self.low is not None else f"{written(self.high)} or less"
            return f"{self.param} of {bound}"
        if self.low == self.high:
            return f"{self.param} {written(self.low)}"
        return f"{self.param} from {written(self.low)} to {written(self.high)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a lesson says; a person's bound names the values that stay, every other lesson those that it is about."""

    says: Says
    model: str | None = None  # None: every model that has the params
    where: tuple[Condition, ...] = ()  # all of them hold
    metric: str = ""  # that the effect is of: ndcg@10
    effect: float | None = None  # of being there, in the metric's units: the difference of the medians
    spread: float | None = None  # its standard error; of a surprise the standard deviation of the prediction
    n: int = 0  # trials there
    n_others: int = 0  # that they were compared with
    failure: str = ""  # how they broke: out_of_memory, diverged, …
    dataset: str | None = None  # the only one that a bound is for; None: all
    profile: Mapping[str, float] = field(default_factory=dict)  # of the dataset that it was learned on

    def holds(self, model: str, params: Mapping[str, Value]) -> bool:
        """Whether the lesson is about these params of this model."""
        return self.model in (None, model) and bool(self.where) and all(one.holds(params) for one in self.where)

    def words(self) -> str:
        """The conditions: `learning_rate of 0.02 or more and dropout 0.5`."""
        return " and ".join(one.words() for one in self.where)


def content_from(data: Mapping[str, Any] | Content | None) -> Content | None:
    """The content that went to JSON; fields of a newer version are left out.

    Raises:
        TypeError, ValueError: It is no content.
    """
    if data is None or isinstance(data, Content):
        return data
    fields = known(Content, data)
    where = tuple(_condition(one) for one in fields.get("where", ()))
    return Content(**(fields | {"where": where}))


def _condition(data: Mapping[str, Any]) -> Condition:
    fields = known(Condition, data)
    return Condition(**(fields | {"choices": tuple(fields.get("choices", ()))}))
