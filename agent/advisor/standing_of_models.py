"""How often each model was the best on past datasets like this one."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from agent.advisor.situation import Situation, value_of

NEAR = 0.02  # within this share of the best model's value a model is as good
FEWEST = 3  # datasets on which a model was tried beside others


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStanding:
    """A model on the past datasets on which others of the study ran too."""

    n: int = 0  # of these datasets
    share: float = 0.5  # of them where it was the best or near it, weighted by likeness, and drawn to one half

    @property
    def has_lost_always(self) -> bool:
        """Whether it was tried on enough of them and came near the best on none."""
        return self.n >= FEWEST and self.share * (self.n + 1) < 0.5 + 1e-9


def past_standing(situation: Situation) -> Mapping[str, PastStanding]:
    """Of each model of the study, by what the recalled trials measured of its primary objective."""
    objective = situation.goal.primary
    best: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    alike: dict[tuple[str, ...], float] = {}
    for record, likeness in situation.recalled:
        value = value_of(record, objective.metric) if record.state == "complete" else None
        if value is None or not math.isfinite(value) or record.model not in situation.spaces:
            continue
        terms = (record.dataset, record.split, record.positive, record.repeats, record.outcomes)
        alike[terms] = max(likeness, alike.get(terms, 0.0))
        signed = objective.sign * value
        best[terms][record.model] = max(signed, best[terms].get(record.model, signed))
    compared = {terms: values for terms, values in best.items() if len(values) > 1}
    return {model: _standing(model, compared, alike) for model in situation.spaces}


def _standing(
    model: str, compared: Mapping[tuple[str, ...], Mapping[str, float]], alike: Mapping[tuple[str, ...], float]
) -> PastStanding:
    ran = [terms for terms, values in compared.items() if model in values]
    if not ran:
        return PastStanding()
    total = sum(alike[terms] for terms in ran) or 1.0
    won = sum(alike[terms] for terms in ran if _is_near(compared[terms], model)) / total
    return PastStanding(n=len(ran), share=(won * len(ran) + 0.5) / (len(ran) + 1))


def _is_near(values: Mapping[str, float], model: str) -> bool:
    most = max(values.values())
    return values[model] >= most - NEAR * abs(most)
