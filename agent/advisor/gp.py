"""Bayesian optimisation: the params that the surrogate expects the most of, within the constraints."""

from agent.advisor import random, untried
from agent.advisor.predict import surrogate_of
from agent.advisor.situation import Situation
from agent.proposal import Candidate


def suggest(situation: Situation, model: str) -> Candidate | None:
    """Params of the largest expected improvement; random ones while there are too few trials to learn from."""
    if surrogate_of(situation, model) is None:
        return random.suggest(situation, model, random.TOO_FEW)
    return untried.suggest(situation, model, _why(situation))


def _why(situation: Situation) -> str:
    weighed = ", several objectives weighed at random" if len(situation.goal.objectives) > 1 else ""
    kept = ", times the chance that the constraints hold" if situation.goal.constraints else ""
    return f"the largest expected improvement under a Gaussian process{weighed}{kept}"
