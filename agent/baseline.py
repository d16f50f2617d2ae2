"""A simple model at its defaults: a line that every trial has to beat."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from agent.formats import STEPS, stamped
from agent.objective import Goal
from memory.formats import known, upgraded
from recmodels.search_space import ParamValue

FLOOR = "popularity"
OF_REPEATS = "personal_frequency"  # only where people have items again
RIVALS = ("ease", "item_knn", OF_REPEATS)  # of which the best one is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """One simple model, measured on validation or left out with a reason."""

    model: str
    params: Mapping[str, ParamValue]
    value: float | None
    low: float | None = None  # 95 % interval over users
    high: float | None = None
    reason: str | None = None  # why it was left out
    metrics: Mapping[str, float] = field(default_factory=dict)
    train_s: float = 0.0
    measured_in: str = ""  # the earlier study that measured it under the same terms; empty: this one

    @property
    def spread(self) -> float | None:
        """Half of the interval's width."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return stamped("baseline", asdict(self))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Baseline":
        """What `to_dict` wrote, in this version or an earlier one.

        Raises:
            memory.errors.UserError: A newer version wrote it.
        """
        return cls(**known(cls, upgraded(data, STEPS["baseline"], "a baseline")))


def shown(goal: Goal, baselines: Sequence[Baseline]) -> tuple[Baseline, ...]:
    """What stands next to the trials: popularity, and the best of `RIVALS`."""
    measured = [one for one in baselines if one.value is not None]
    rivals = sorted((one for one in measured if one.model in RIVALS), key=lambda one: -goal.primary.sign * _value(one))
    return (*(one for one in measured if one.model == FLOOR), *rivals[:1])


def _value(baseline: Baseline) -> float:
    assert baseline.value is not None  # noqa: S101 - those without were left out
    return baseline.value
