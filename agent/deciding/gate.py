"""The gate for params that no candidate of the advisor holds: legal, new, not known to fail, and not plainly worse."""

import numpy as np

from agent.advisor.predict import surrogate_of
from agent.advisor.situation import Situation, Values, shown
from agent.proposal import Candidate, predicted_words
from recmodels.search_space import Params, ParamValue

MARGIN = 0.5  # standard deviations of the model's values by which an own proposal may fall behind the advisor's best


def legal(situation: Situation, model: str, params: Params) -> dict[str, ParamValue]:
    """The params completed and typed, in the study's narrowed space.

    Raises:
        recmodels.errors.ParamError: A name or a value that the space does not hold.
    """
    return situation.spaces[model].check(params)


def objection(situation: Situation, model: str, params: Params, candidates: tuple[Candidate, ...]) -> str | None:
    """Why these legal params should not run, as a rule that a language model can fix; None when they may."""
    return situation.objection(model, params) or worse(situation, model, params, candidates)


def optimistic(situation: Situation, model: str, params: Params) -> float | None:
    """What the process that chooses thinks possible: mean plus one standard deviation, turned so that more is better.

    None with too few trials.
    """
    surrogate = surrogate_of(situation, model)
    return None if surrogate is None else surrogate.optimistic(params)


def promised(situation: Situation, model: str, params: Params, candidates: tuple[Candidate, ...]) -> str:
    """What the trials so far predict, with its interval: for these params, then for each candidate.

    Empty where they predict nothing.
    """
    found = [("your params", _predicted(situation, model, params))]
    found += [(f"candidate {i}", _predicted(situation, c.model, c.params)) for i, c in enumerate(candidates)]
    return ", ".join(f"{value} for {whose}" for whose, value in found if value)


def _predicted(situation: Situation, model: str, params: Params) -> str:
    surrogate = surrogate_of(situation, model)
    if surrogate is None:
        return ""
    mean, spread = surrogate.predict(params)
    return predicted_words(float(mean), float(spread))


def worse(situation: Situation, model: str, params: Params, candidates: tuple[Candidate, ...]) -> str | None:
    """Why these params promise plainly less than the candidates; None where they do not, or nothing is known."""
    own = optimistic(situation, model, params)
    others = [optimistic(situation, candidate.model, candidate.params) for candidate in candidates]
    known = [value for value in others if value is not None]
    if own is None or not known:
        return None
    margin = MARGIN * float(np.std(Values.of(situation, model).signed))
    if own >= max(known) - margin:
        return None
    sign = situation.goal.primary.sign
    return (
        f"the trials so far promise at best {shown(sign * own)} for these params and {shown(sign * max(known))} for "
        f"the advisor's candidate, further apart than the margin of {shown(margin)}"
    )
