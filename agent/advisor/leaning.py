"""Knowledge that is no trial of this study, as soft weights on params: rules, lessons, notes.

Each leaning multiplies what the advisor expects of the params that it speaks of by `exp(strength)`. The exponent fades
as 1/n with the study's own trials of the model (πBO, Hvarfner et al. 2022, arXiv 2204.11051), so that bad advice costs
a few trials and no more. No params are ever excluded: hard bounds are the person's, and narrow the space.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agent.proposal import Candidate
from recmodels.search_space import Params, ParamValue

Array = NDArray[np.float64]
Point = dict[str, ParamValue]
FULL = 3  # own trials of the model up to which leanings count in full
MOST = 6.0  # largest log weight of all leanings together, either way
_HEARD = 0.1  # a smaller log weight is not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Numbers from `low` to `high`, both among them."""

    low: float = -math.inf
    high: float = math.inf

    def holds(self, value: ParamValue) -> bool:
        """Whether a value lies in it; no text, no truth value and no NaN does."""
        return not isinstance(value, str | bool) and self.low <= value <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """Towards or away from params of a model."""

    model: str
    where: Mapping[str, Span | tuple[ParamValue, ...]]  # by param, all of them: numbers within, or one of the values
    strength: float  # log weight while it counts in full: above 0 towards these params, below 0 away from them
    source: str  # who says so, as people read it: "rule wide-neighbourhoods", "lesson of study s1"
    reason: str  # why, one clause
    evidence: tuple[str, ...] = ()  # ids of the trials and lessons that it rests on

    def holds(self, params: Params) -> bool:
        """Whether it speaks of these params; of a param that does not apply there it says nothing."""
        return all(name in params and _within(condition, params[name]) for name, condition in self.where.items())

    def is_avoided(self, params: Params) -> bool:
        """Whether the params it speaks of apply, with other values."""
        return all(name in params for name in self.where) and not self.holds(params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leanings:
    """Those on one model, at one moment of a study."""

    them: tuple[Leaning, ...] = ()
    n_trials: int = 0  # finished trials of the model in this study

    def __bool__(self) -> bool:
        return bool(self.them)

    def log_weights(self, many: Sequence[Params]) -> Array:
        """What to add to the logarithm of what is expected of each params; (n,)."""
        sums = np.array([sum(leaning.strength for leaning in self._on(params)) for params in many], dtype=np.float64)
        return np.asarray(self._exponent * np.clip(sums, -MOST, MOST))

    def weights(self, many: Sequence[Params]) -> list[float]:
        """What each params counts, 1 where nothing speaks of them."""
        return [float(weight) for weight in np.exp(self.log_weights(many))]

    def drawn(self, many: Iterable[Point], rng: np.random.Generator) -> list[Point]:
        """Uniform draws in the order of draws by the weights, without repetition (Efraimidis and Spirakis 2006)."""
        points = list(many)
        order = np.argsort(-(self.log_weights(points) + rng.gumbel(size=len(points))), kind="stable")
        return [points[i] for i in order]

    def told(self, candidate: Candidate) -> Candidate:
        """The candidate with what weighed in for its params, in its reason and its evidence.

        What measured trials warn of is told where the params keep away from it, too.
        """
        audible = [one for one in self.them if abs(one.strength) * self._exponent >= _HEARD]
        heard = [one for one in audible if one.holds(candidate.params)]
        avoided = [one for one in audible if one.strength < 0 and one.evidence and one.is_avoided(candidate.params)]
        evidence = dict.fromkeys((*candidate.evidence, *(each for one in (*heard, *avoided) for each in one.evidence)))
        reason = f"{candidate.reason}{_clause(heard)}{_clause_on(avoided)}"
        return replace(candidate, reason=reason, evidence=tuple(evidence))

    @property
    def _exponent(self) -> float:
        return min(1.0, FULL / max(self.n_trials, 1))

    def _on(self, params: Params) -> list[Leaning]:
        return [leaning for leaning in self.them if leaning.holds(params)]


def _clause(heard: Sequence[Leaning]) -> str:
    """Who speaks for and against, and why; empty where no one does."""
    said = {
        word: " and ".join(f"{one.source} ({one.reason})" for one in heard if (one.strength > 0) == is_for)
        for word, is_for in (("favoured by", True), ("in spite of", False))
    }
    return "".join(f"; {word} {who}" for word, who in said.items() if who)


def _clause_on(avoided: Sequence[Leaning]) -> str:
    said = " and ".join(f"{one.source} ({one.reason})" for one in avoided)
    return f"; kept away from what {said} tells of" if said else ""


def _within(condition: Span | tuple[ParamValue, ...], value: ParamValue) -> bool:
    if isinstance(condition, Span):
        return condition.holds(value)
    return any(one == value and isinstance(one, bool) == isinstance(value, bool) for one in condition)
