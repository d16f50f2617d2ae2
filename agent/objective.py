"""What a study optimises: objectives with their directions, and constraints on other metrics.

Goal.parse(["ndcg@10"], ["coverage@10>=0.2", "latency_ms<=5"])
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agent.errors import UserError
from recmodels.metrics import METRICS, direction_of, is_beyond_accuracy, parse_metric


def measured(metrics: Mapping[str, float], metric: str, part: str = "valid") -> float | None:
    """A metric's value on the validation part, or on test; sizes and times have no part."""
    return metrics.get(f"{part}_{metric}", metrics.get(metric))


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """A metric and the way it is optimised, which the metric itself declares."""

    metric: str  # ndcg@10
    direction: str  # maximize or minimize

    @property
    def is_maximized(self) -> bool:
        return self.direction == "maximize"

    @property
    def sign(self) -> int:
        """1 where more is better, -1 where less is: values times this are compared by `>`."""
        return 1 if self.is_maximized else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A bound on a metric; a trial that breaks it is recorded but cannot be the best."""

    metric: str
    at_least: bool
    bound: float

    def violation(self, metrics: Mapping[str, float]) -> float:
        """By how much the validation metric misses the bound; 0 or less when it holds, inf when it was not measured."""
        value = measured(metrics, self.metric)
        if value is None:
            return float("inf")
        return self.bound - value if self.at_least else value - self.bound

    def is_met(self, value: float) -> bool:
        """Whether a value of the metric, on whatever part, is within the bound."""
        return value >= self.bound if self.at_least else value <= self.bound

    def to_text(self) -> str:
        """What `Goal.parse` reads back to the same constraint."""
        return f"{self.metric}{'>=' if self.at_least else '<='}{self.bound!r}"

    def __str__(self) -> str:
        return f"{self.metric} {'>=' if self.at_least else '<='} {self.bound:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One or more objectives (the first ranks the leaderboard) under constraints."""

    objectives: tuple[Objective, ...]
    constraints: tuple[Constraint, ...] = ()

    @property
    def primary(self) -> Objective:
        return self.objectives[0]

    @property
    def trades_accuracy(self) -> bool:
        """Whether more than the relevance of the lists is asked for."""
        asked = [objective.metric for objective in self.objectives] + [bound.metric for bound in self.constraints]
        return any(map(is_beyond_accuracy, asked))

    @classmethod
    def parse(cls, objectives: list[str] | tuple[str, ...], constraints: list[str] | tuple[str, ...] = ()) -> "Goal":
        """The goal that the person wrote.

        Raises:
            recmodels.errors.ParamError: A metric that does not exist.
            UserError: A constraint that cannot be read, or no objective.
        """
        if not objectives:
            raise UserError(f"a study needs an objective; the metrics are: {', '.join(METRICS)}")
        return cls(
            objectives=tuple(Objective(metric=parse_metric(text), direction=direction_of(text)) for text in objectives),
            constraints=tuple(_constraint(text) for text in constraints),
        )

    def unmet(self, metrics: Mapping[str, float]) -> dict[str, float]:
        """The constraints that the validation metrics break, in words, each with its value; not measured ones aside."""
        values = {bound: measured(metrics, bound.metric) for bound in self.constraints if bound.violation(metrics) > 0}
        return {str(bound): value for bound, value in values.items() if value is not None}

    def is_feasible(self, metrics: Mapping[str, float]) -> bool:
        return all(constraint.violation(metrics) <= 0 for constraint in self.constraints)

    def __str__(self) -> str:
        parts = [f"{objective.direction} {objective.metric}" for objective in self.objectives]
        return ", ".join(parts + [str(constraint) for constraint in self.constraints])


def _constraint(text: str) -> Constraint:
    match = re.fullmatch(r"\s*([\w@]+)\s*(>=|<=|>|<|≥|≤)\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*", text)
    if match is None:
        raise UserError(f"a constraint is written `metric>=number` or `metric<=number`, got {text!r}")
    metric, sign, bound = match.groups()
    return Constraint(metric=parse_metric(metric), at_least=sign in (">=", ">", "≥"), bound=float(bound))
