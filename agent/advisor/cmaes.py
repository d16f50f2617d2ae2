"""CMA-ES on the unit cube, from the package that Optuna's sampler uses; the trials so far are its generations."""

import numpy as np

from agent.advisor import untried
from agent.advisor.predict import predicted
from agent.advisor.situation import Situation, Values, from_unit, unit
from agent.proposal import Candidate

POPULATION = 5  # small, as budgets are
SIGMA = 0.25  # of each range
_ATTEMPTS = 2  # the second duplicate in a row ends them


def suggest(situation: Situation, model: str) -> Candidate | None:
    """A draw from the distribution that the generations so far have shaped, which begins at the defaults."""
    from cmaes import CMA  # type: ignore[import-untyped]  # imports scipy.stats, a second of every other command

    space = situation.searched(model)
    d = max(len(space), 2)  # CMA-ES is defined from two dimensions on; the spare one has no effect
    padded = np.full(d, 0.5)
    padded[: len(space)] = unit(space, space.defaults())
    bounds = np.tile([0.0, 1.0], (d, 1))
    seed = situation.seed_of(model, "cmaes")
    optimizer = CMA(mean=padded, sigma=SIGMA, bounds=bounds, population_size=POPULATION, seed=seed)
    values = Values.of(situation, model)
    points = [
        np.pad(np.clip(unit(space, r.params), 0, 1), (0, d - len(space)), constant_values=0.5) for r in values.records
    ]
    for start in range(0, len(points) - POPULATION + 1, POPULATION):
        stop = start + POPULATION
        optimizer.tell([(x, -v) for x, v in zip(points[start:stop], values.signed[start:stop], strict=True)])
    for _ in range(_ATTEMPTS):
        params = from_unit(space, optimizer.ask()[: len(space)])
        if situation.objection(model, params) is None:
            return predicted(situation, model, params, "cmaes", f"a draw of generation {optimizer.generation}")
    return untried.suggest(situation, model)
