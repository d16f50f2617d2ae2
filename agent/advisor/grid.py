"""A grid whose levels fit the budget, in an order that spreads over it."""

import numpy as np

from agent.advisor.predict import predicted
from agent.advisor.situation import Situation, from_unit
from agent.proposal import Candidate
from recmodels.search_space import Choice, Int, Param, SearchSpace

MAX_LEVELS = 5
_LARGEST = 100_000


def suggest(situation: Situation, model: str) -> Candidate | None:
    """The next point of the grid that is new; None when all of them ran."""
    space = situation.searched(model)
    levels = _levels(space, situation.n_trials)
    n_points = int(np.prod(list(levels.values()), dtype=np.int64))
    # the order stays the same through the study, so no point is skipped
    order = np.random.default_rng(situation.seed).permutation(min(n_points, _LARGEST))
    for index in order:
        params = from_unit(space, _point(levels, int(index)))
        if situation.objection(model, params) is None:
            why = f"point {index} of a grid of {n_points} points"
            return predicted(situation, model, params, "grid", why)
    return None


def _levels(space: SearchSpace, n_trials: int) -> dict[str, int]:
    """Levels of each param: one more for each in turn, in declared order, until the grid holds the budget."""
    levels = dict.fromkeys(space, 1)
    for _ in range(MAX_LEVELS - 1):
        for name, param in space.items():
            if np.prod(list(levels.values()), dtype=np.int64) >= n_trials:
                return levels
            levels[name] = min(levels[name] + 1, _most(param))
    return levels


def _most(param: Param) -> int:
    if isinstance(param, Choice):
        return len(param.choices)
    if isinstance(param, Int):
        return min(MAX_LEVELS, param.high - param.low + 1)
    return 1 if param.low == param.high else MAX_LEVELS


def _point(levels: dict[str, int], index: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The grid's point by number: the middle of each level's share of the range."""
    point = []
    for n in levels.values():
        index, level = divmod(index, n)
        point.append((level + 0.5) / n)
    return np.array(point)
