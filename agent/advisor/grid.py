"""A grid that begins at the defaults and varies the params in their declared order, as far as the budget goes."""

import math
from collections.abc import Iterator
from itertools import islice

from agent.advisor.predict import predicted
from agent.advisor.situation import Situation, from_unit_value, shown, to_unit
from agent.proposal import Candidate
from recmodels.search_space import Choice, Int, Param, Params, ParamValue, SearchSpace

MAX_LEVELS = 5

Levels = dict[str, list[ParamValue]]


def suggest(situation: Situation, model: str) -> Candidate | None:
    """The next point of the grid that is new; None when all of them ran."""
    space = situation.searched(model)
    levels = levels_of(space, situation.n_trials)
    for index, params in enumerate(points(space, levels)):
        if situation.objection(model, params) is None:
            return predicted(situation, model, params, "grid", _why(space, levels, index, situation.n_trials))
    return None


def levels_of(space: SearchSpace, n_trials: int) -> Levels:
    """Levels of each param: one more for each in turn, in declared order, until the grid holds the budget.

    A param that applies at none of the levels so far waits until it does.
    """
    levels = {name: _values(param, 1) for name, param in space.items()}
    for _ in range(MAX_LEVELS - 1):
        for name, param in space.items():
            if len(list(islice(points(space, levels), n_trials))) >= n_trials:
                return levels
            if param.when is None or set(levels[param.when.name]) & set(param.when.values):
                levels[name] = _values(param, min(len(levels[name]) + 1, _most(param)))
    return levels


def points(space: SearchSpace, levels: Levels) -> Iterator[Params]:
    """The grid's points, the first declared param varying fastest; those that differ in no active param are one."""
    seen = set()
    for index in range(math.prod(map(len, levels.values()))):
        params = space.active(_point(levels, index))
        if (key := frozenset(params.items())) not in seen:
            seen.add(key)
            yield params


def _most(param: Param) -> int:
    if isinstance(param, Choice):
        return len(param.choices)
    if isinstance(param, Int):
        return min(MAX_LEVELS, param.high - param.low + 1)
    return 1 if param.low == param.high else MAX_LEVELS


def _values(param: Param, n: int) -> list[ParamValue]:
    """The default, then the others in their order: the middles of n equal shares, but for the one nearest to it."""
    if isinstance(param, Choice):
        return [param.default, *(choice for choice in param.choices if choice != param.default)][:n]
    middles = [(i + 0.5) / n for i in range(n)]
    middles.remove(min(middles, key=lambda x: abs(x - to_unit(param, param.default))))
    return list(dict.fromkeys([param.default, *(from_unit_value(param, x) for x in middles)]))


def _point(levels: Levels, index: int) -> Params:
    """The grid's point by number, the first declared param varying fastest."""
    point = {}
    for name, values in levels.items():
        index, place = divmod(index, len(values))
        point[name] = values[place]
    return point


def _why(space: SearchSpace, levels: Levels, index: int, n_trials: int) -> str:
    varied = ", ".join(f"{name} ({len(values)})" for name, values in levels.items() if len(values) > 1)
    n_points = sum(1 for _ in points(space, levels))
    why = f"point {index + 1} of a grid of {n_points} points, varying {varied or 'nothing'}"
    missed = [
        f"{name} {shown(levels[name][0])}" for name, param in space.items() if len(levels[name]) < min(2, _most(param))
    ]
    return why + (
        f"; {n_trials} trials cannot cover the others, which keep their defaults: {', '.join(missed)}" if missed else ""
    )
