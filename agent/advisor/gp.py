"""Bayesian optimisation: the params that the surrogate expects the most of, within the constraints."""

from dataclasses import replace
from typing import TYPE_CHECKING

from agent.advisor import random, untried
from agent.advisor.leaning import Leanings
from agent.advisor.predict import seeker_of
from agent.advisor.situation import Situation
from agent.proposal import Candidate

if TYPE_CHECKING:
    from agent.advisor.surrogate import Surrogate


def suggest(situation: Situation, model: str) -> Candidate | None:
    """Params of the largest expected improvement by this study's trials alone; random ones while they are too few."""
    return most_promising(replace(situation, recalled=(), leanings=(), time_left_s=None), model)


def most_promising(situation: Situation, model: str) -> Candidate | None:
    """The same, by past trials on other datasets and by leanings too, where there are any."""
    leanings = situation.leanings_on(model)
    found = _most_promising(situation, model, leanings)
    return None if found is None else leanings.told(found)


def _most_promising(situation: Situation, model: str, leanings: Leanings) -> Candidate | None:
    seeker = seeker_of(situation, model)
    if seeker is None:
        return random.suggest(situation, model, random.LEANT if leanings else random.TOO_FEW, leanings)
    past = f", {seeker.past.says()}" if seeker.past is not None else ""
    found = untried.suggest(situation, model, f"{_why(situation, seeker)}{past}")
    if found is None or seeker.pace is None:
        return found
    return replace(found, reason=f"{found.reason}; it takes {seeker.pace.says(found.params)}")


def _why(situation: Situation, seeker: "Surrogate") -> str:
    by = " by the second, as there is a time limit," if seeker.pace is not None else ""
    several = " of the hypervolume of all objectives" if len(situation.goal.objectives) > 1 else ""
    each = " for each history" if seeker.past is not None else ""
    kept = ", times the chance that the constraints hold" if situation.goal.constraints else ""
    return f"the largest expected improvement{several}{by} under a Gaussian process{each}{kept}"
