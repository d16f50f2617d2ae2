"""Uniform draws from the narrowed space: the floor for every other source, and how each of them begins."""

import numpy as np

from agent.advisor.leaning import Leanings
from agent.advisor.predict import predicted
from agent.advisor.situation import Situation, from_unit
from agent.proposal import Candidate

TOO_FEW = "a uniform draw, as there are too few trials to learn from"
LEANT = "a draw weighed by what is known without trials, as there are too few to learn from"
_DRAWS = 200


def suggest(
    situation: Situation, model: str, why: str = "a uniform draw", leanings: Leanings | None = None
) -> Candidate | None:
    """A new point; None when 200 draws bring nothing new, so when the space is used up.

    Args:
        leanings: Draw by their weights, not uniformly.
    """
    space = situation.searched(model)
    rng = np.random.default_rng(situation.seed_of(model, "random"))
    drawn = (from_unit(space, rng.random(len(space))) for _ in range(_DRAWS if len(space) else 1))
    for params in leanings.drawn(drawn, rng) if leanings else drawn:
        if situation.objection(model, params) is None:
            return predicted(situation, model, params, "random", why)
    return None
