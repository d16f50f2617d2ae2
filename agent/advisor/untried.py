"""The best params that were not tried, by the surrogate; without one, those most unlike the tried ones."""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.advisor.encoding import Encoding, is_fixed
from agent.advisor.pacing import ends_in_time
from agent.advisor.points import Point, Points
from agent.advisor.predict import predicted, seeker_of
from agent.advisor.situation import TOO_NEAR, Situation, largest_gap
from agent.proposal import Candidate
from recmodels.search_space import Choice, Float, Param, Params, ParamValue, SearchSpace

if TYPE_CHECKING:
    from agent.advisor.failures import PastFailure
    from agent.advisor.surrogate import Surrogate

REPEATED = "the best of what is untried, as the sampler only repeats trials that ran"
_POINTS = 512
_STEPS = (0.2, 0.05, 0.01)  # of each range, about the best points found so far
_PARENTS = 8
_CHILDREN = 12
_CHANGED = 0.3  # share of a parent's params that a child changes

Array = NDArray[np.float64]
Score = Callable[[Sequence[Params]], Array]


def suggest(situation: Situation, model: str, why: str = REPEATED) -> Candidate | None:
    """A new, legal point; None when the space is used up."""
    seeker = seeker_of(situation, model)
    source, score = ("random", _unlike(situation, model)) if seeker is None else (seeker.source, seeker.score)
    params = _first(situation, model, score)
    if params is None:
        return None
    found = predicted(situation, model, params, source, why)
    avoided = None if seeker is None else _avoided(situation, model, seeker, params)
    if avoided is None:
        return found
    reason = f"{found.reason}; others would come first, but {avoided.says()}"
    return replace(found, reason=reason, evidence=tuple(dict.fromkeys((*found.evidence, avoided.record.id))))


def _first(situation: Situation, model: str, score: Score) -> Point | None:
    """The one with the highest score that may run and end in time."""
    return next(
        (
            params
            for params in _ranked(situation, model, score)
            if situation.objection(model, params) is None and ends_in_time(situation, model, params)
        ),
        None,
    )


def _avoided(situation: Situation, model: str, seeker: "Surrogate", params: Params) -> "PastFailure | None":
    """The past failure next to what would come first were it not for failures; None where that makes no difference."""
    if seeker.failures is None or not seeker.failures.past:
        return None
    space, other = situation.declared[model], _first(situation, model, seeker.score_of_success)
    if other is None or largest_gap(space, other, params) < TOO_NEAR:
        return None
    return seeker.failures.nearest(space, other)


def _ranked(situation: Situation, model: str, score: Score) -> Iterator[Point]:
    """Points of the whole space, then about the best of them and of the trials; the highest score first."""
    space, declared = situation.searched(model), situation.declared[model]
    every = _every(space)
    if every is not None:
        yield from (every[i] for i in _order(score(every)))
        return
    rng = np.random.default_rng(situation.seed_of(model, "near"))
    tried = Points.of(space, [record.params for record in situation.of(model)]).units()
    best = tried[_order(score(Points.in_cube(space, declared, tried)))[: _PARENTS // 2]]
    found = _spread(len(space), np.random.default_rng(situation.seed_of(model, "spread")))
    scores = score(Points.in_cube(space, declared, found))
    for step in _STEPS:
        children = _near(space, np.concatenate([found[_order(scores)[:_PARENTS]], best]), step, rng)
        found = np.concatenate([found, children])
        scores = np.concatenate([scores, score(Points.in_cube(space, declared, children))])
    for i in _order(scores):
        yield Points.in_cube(space, declared, found[[i]])[0]


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


def _spread(d: int, rng: np.random.Generator) -> Array:
    """A Latin hypercube: each param's values are spread evenly; (_POINTS, d)."""
    strata = rng.permuted(np.tile(np.arange(_POINTS), (d, 1)), axis=1).T
    return np.asarray((strata + rng.random((_POINTS, d))) / _POINTS)


def _near(space: SearchSpace, parents: Array, step: float, rng: np.random.Generator) -> Array:
    """Children of points of the unit cube: some of their params a step away, of a choice any value."""
    points = np.repeat(parents, _CHILDREN, axis=0)
    is_changed = rng.random(points.shape) < _CHANGED
    is_changed[np.arange(len(points)), rng.integers(len(space), size=len(points))] = True
    is_choice = np.array([isinstance(param, Choice) for param in space.values()])
    moved = np.where(is_choice, rng.random(points.shape), points + step * rng.standard_normal(points.shape))
    return np.clip(np.where(is_changed, moved, points), 0.0, 1.0)
