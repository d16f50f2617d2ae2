"""When a running trial is not worth its time: one rule a file, listed here by the name that `--pruner` takes."""

from agent.objective import Goal
from agent.studies.pruners import halving, hurdle, quartile
from agent.studies.pruners.look import Look, Pruner
from recmodels.metrics import is_measured_each_epoch


def never(look: Look) -> None:
    """No trial stops early."""


PRUNERS: dict[str, Pruner] = {
    "hurdle": hurdle.judge,
    "quartile": quartile.judge,
    "halving": halving.judge,
    "none": never,
}


def can_prune(goal: Goal) -> bool:
    """Whether the curve shows what decides: one objective, which is measured after each epoch."""
    return len(goal.objectives) == 1 and is_measured_each_epoch(goal.primary.metric)
