"""Which model gets the next trial when several compete: upper confidence over each model's best value so far."""

import math
from collections.abc import Mapping

from agent.advisor.situation import Situation, Values
from agent.advisor.standing_of_models import PastStanding, past_standing
from agent.standing import meets

EXPLORATION = 0.5  # of the range of the values seen
GIVEN_UP = 3


def ranked_models(situation: Situation) -> list[str]:
    """The study's models, the one to try next first: each runs once before any runs twice.

    Those that were the best on past datasets like this one run first, and one that never came near the best there gets
    one look: after that, only what it measured here counts. A model whose first `GIVEN_UP` trials all failed is left
    out: it cannot work with this dataset or machine.
    """
    order = [model for model in situation.spaces if not _keeps_failing(situation, model)]
    past = past_standing(situation)
    tried = [model for model in order if situation.of(model)]
    fresh = sorted((model for model in order if model not in tried), key=lambda model: -past[model].share)
    scores = _scores(situation, tried, past)
    return fresh + sorted(tried, key=lambda model: (-scores[model], order.index(model)))


def _keeps_failing(situation: Situation, model: str) -> bool:
    states = [record.state for record in situation.of(model)]
    return len(states) >= GIVEN_UP and all(state == "failed" for state in states)


def _scores(situation: Situation, models: list[str], past: Mapping[str, PastStanding]) -> dict[str, float]:
    """UCB1 on values scaled to [0, 1], wider for larger spaces; a model without a feasible value stands at 0."""
    values = {model: _feasible(situation, model) for model in models}
    seen = [value for group in values.values() for value in group]
    low, high = min(seen, default=0.0), max(seen, default=1.0)
    width = (high - low) or 1.0
    n_all = sum(len(situation.of(model)) for model in models)

    def doubt(model: str) -> float:
        if past[model].has_lost_always:
            return 0.0
        return EXPLORATION * math.sqrt(_room(situation, model) * math.log(n_all + 1) / len(situation.of(model)))

    return {
        model: (max((value - low) / width for value in values[model]) if values[model] else 0.0) + doubt(model)
        for model in models
    }


def _room(situation: Situation, model: str) -> float:
    """A model with many params is far from its best after a few trials; one with a single param is not."""
    return math.sqrt(max(len(situation.searched(model)), 1))


def _feasible(situation: Situation, model: str) -> list[float]:
    values = Values.of(situation, model)
    pairs = zip(values.records, values.signed, strict=True)
    return [value for record, value in pairs if meets(situation.goal, record)]
