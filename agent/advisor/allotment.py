"""Which model gets the next trial when several compete: by what memory says, then by upper confidence over the values.

At first each model has a claim to trials in proportion to its share of past datasets like this one where it was the
best: the next trial is that of the largest share / (trials so far + 1). So where nothing is known each runs once before
any runs twice, and where it is, a model that won on most gets its second trial before one that won on none has its
first. When all were looked at, the values here decide. Under a time limit seconds count in the place of trials.
"""

import math
from collections.abc import Mapping

from agent.advisor.pacing import pace_of
from agent.advisor.situation import Situation, Values
from agent.advisor.standing_of_models import PastStanding, past_standing
from agent.advisor.trial_times import whole_s
from agent.standing import meets

EXPLORATION = 0.5  # of the range of the values seen
GIVEN_UP = 3
LATEST = 2  # trials a model, after which each has had its look


def ranked_models(situation: Situation) -> list[str]:
    """The study's models, the one to try next first.

    A model that never came near the best on past datasets gets one look: after that, only what it measured here counts.
    A model whose first `GIVEN_UP` trials all failed is left out: it cannot work with this dataset or machine.
    """
    order = [model for model in situation.spaces if not _keeps_failing(situation, model)]
    past = past_standing(situation)
    tried = [model for model in order if situation.of(model)]
    claims = {model: past[model].share / (_spent(situation, model) + _price(situation, model)) for model in order}
    claiming = sorted(order, key=lambda model: -claims[model])
    fresh = [model for model in claiming if model not in tried]
    scores = _scores(situation, tried, past)
    by_value = sorted(tried, key=lambda model: (-scores[model], order.index(model)))
    if not fresh or len(situation.records) >= LATEST * len(order):
        return fresh + by_value
    return claiming


def _keeps_failing(situation: Situation, model: str) -> bool:
    states = [record.state for record in situation.of(model)]
    return len(states) >= GIVEN_UP and all(state == "failed" for state in states)


def _scores(situation: Situation, models: list[str], past: Mapping[str, PastStanding]) -> dict[str, float]:
    """UCB1 on values scaled to [0, 1], wider for larger spaces; a model without a feasible value stands at 0."""
    values = {model: _feasible(situation, model) for model in models}
    seen = [value for group in values.values() for value in group]
    low, high = min(seen, default=0.0), max(seen, default=1.0)
    width = (high - low) or 1.0
    spent = {model: _spent(situation, model) for model in models}
    n_all = sum(spent.values())

    def doubt(model: str) -> float:
        if past[model].has_lost_always:
            return 0.0
        return EXPLORATION * math.sqrt(_room(situation, model) * math.log(n_all + 1) / spent[model])

    return {
        model: (max((value - low) / width for value in values[model]) if values[model] else 0.0) + doubt(model)
        for model in models
    }


def _spent(situation: Situation, model: str) -> float:
    """The model's trials; under a time limit their seconds, in mean trials of the study."""
    trials = situation.of(model)
    if situation.time_left_s is None or not trials:
        return float(len(trials))
    return max(sum(map(whole_s, trials)) / _mean_s(situation), 0.1 * len(trials))


def _price(situation: Situation, model: str) -> float:
    """Of its next trial, likewise; as the mean where nothing tells."""
    if situation.time_left_s is None or not situation.records:
        return 1.0
    trials, pace = situation.of(model), pace_of(situation, model)
    if trials:
        return _spent(situation, model) / len(trials)
    return 1.0 if pace is None else pace.times.seconds(situation.spaces[model].defaults()).expected / _mean_s(situation)


def _mean_s(situation: Situation) -> float:
    """Seconds of a trial of the study."""
    return max(sum(map(whole_s, situation.records)) / len(situation.records), 1e-3)


def _room(situation: Situation, model: str) -> float:
    """A model with many params is far from its best after a few trials; one with a single param is not."""
    return math.sqrt(max(len(situation.searched(model)), 1))


def _feasible(situation: Situation, model: str) -> list[float]:
    values = Values.of(situation, model)
    pairs = zip(values.records, values.signed, strict=True)
    return [value for record, value in pairs if meets(situation.goal, record)]
