"""The best params that were not tried, by the surrogate; without one, those most unlike the tried ones."""

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from agent.advisor.encoding import Encoding, is_fixed
from agent.advisor.predict import predicted, seeker_of
from agent.advisor.situation import Situation, from_unit, unit
from agent.proposal import Candidate
from recmodels.search_space import Choice, Float, Param, Params, ParamValue, SearchSpace

REPEATED = "the best of what is untried, as the sampler only repeats trials that ran"
_POINTS = 512  # a power of two, as Sobol's sequence wants
_STEPS = (0.2, 0.05, 0.01)  # of each range, about the best points found so far
_PARENTS = 8
_CHILDREN = 12
_CHANGED = 0.3  # share of a parent's params that a child changes

Array = NDArray[np.float64]
Score = Callable[[Sequence[Params]], Array]
Point = dict[str, ParamValue]


def suggest(situation: Situation, model: str, why: str = REPEATED) -> Candidate | None:
    """A new, legal point; None when the space is used up."""
    seeker = seeker_of(situation, model)
    source, score = ("random", _unlike(situation, model)) if seeker is None else (seeker.source, seeker.score)
    for params in _ranked(situation, model, score):
        if situation.objection(model, params) is None:
            return predicted(situation, model, params, source, why)
    return None


def _ranked(situation: Situation, model: str, score: Score) -> list[Point]:
    """Points of the whole space, then about the best of them and of the trials; the highest score first."""
    space = situation.searched(model)
    found = _every(space)
    if found is not None:
        return _sorted(score, found)
    rng = np.random.default_rng(situation.seed_of(model, "near"))
    tried = _sorted(score, [space.active(record.params) for record in situation.of(model)])[: _PARENTS // 2]
    found = _sobol(space, situation.seed_of(model, "sobol"))
    scores = score(found)
    for step in _STEPS:
        parents = [found[i] for i in _order(scores)[:_PARENTS]] + tried
        children = [_near(space, parent, step, rng) for parent in parents for _ in range(_CHILDREN)]
        found, scores = found + children, np.concatenate([scores, score(children)])
    return [found[i] for i in _order(scores)]


def _sorted(score: Score, points: list[Point]) -> list[Point]:
    return [points[i] for i in _order(score(points))] if points else []


def _order(scores: Array) -> NDArray[np.intp]:
    return np.argsort(-scores, kind="stable")


def _unlike(situation: Situation, model: str) -> Score:
    """The distance to the nearest trial; all the same while there is none."""
    encoding = Encoding(situation.declared[model])
    tried = encoding.points([record.params for record in situation.of(model)])

    def score(points: Sequence[Params]) -> Array:
        gaps = ((encoding.points(points)[:, None] - tried[None]) ** 2).sum(axis=-1)  # (m, n)
        return np.asarray(gaps.min(axis=1)) if len(tried) else np.zeros(len(points))

    return score


def _every(space: SearchSpace) -> list[Point] | None:
    """All points of a small space, each once; None for a larger one."""
    counts = [_n_values(param) for param in space.values()]
    if math.prod(counts) > _POINTS:
        return None
    values = [_values(param) for param in space.values()]
    points = [space.active(dict(zip(space, point, strict=True))) for point in itertools.product(*values)]
    return list({tuple(point.items()): point for point in points}.values())


def _n_values(param: Param) -> float:
    if isinstance(param, Choice):
        return len(param.choices)
    if is_fixed(param):
        return 1
    return math.inf if isinstance(param, Float) else param.high - param.low + 1


def _values(param: Param) -> tuple[ParamValue, ...]:
    if isinstance(param, Choice):
        return param.choices
    return (param.low,) if isinstance(param, Float) else tuple(range(param.low, param.high + 1))


def _sobol(space: SearchSpace, seed: int) -> list[Point]:
    from scipy.stats import qmc  # imports much, as all of scipy.stats

    return [from_unit(space, point) for point in qmc.Sobol(len(space), rng=seed).random(_POINTS)]


def _near(space: SearchSpace, parent: Point, step: float, rng: np.random.Generator) -> Point:
    """A child of a point: some of its params a step away, of a choice any value."""
    is_changed = rng.random(len(space)) < _CHANGED
    is_changed[rng.integers(len(space))] = True
    is_choice = np.array([isinstance(param, Choice) for param in space.values()])
    moved = unit(space, parent) + step * rng.standard_normal(len(space))
    return from_unit(
        space, np.where(is_changed, np.where(is_choice, rng.random(len(space)), moved), unit(space, parent))
    )
