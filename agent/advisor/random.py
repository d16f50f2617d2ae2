"""Uniform draws from the narrowed space: the floor for every other source, and how each of them begins."""

import numpy as np

from agent.advisor.predict import predicted
from agent.advisor.situation import Situation, from_unit
from agent.proposal import Candidate

TOO_FEW = "a uniform draw, as there are too few trials to learn from"
_DRAWS = 200


def suggest(situation: Situation, model: str, why: str = "a uniform draw") -> Candidate | None:
    """A new point; None when 200 draws bring nothing new, so when the space is used up."""
    space = situation.searched(model)
    rng = np.random.default_rng(situation.seed_of(model, "random"))
    for _ in range(_DRAWS if len(space) else 1):
        params = from_unit(space, rng.random(len(space)))
        if situation.objection(model, params) is None:
            return predicted(situation, model, params, "random", why)
    return None
