"""How much each param of a model moved the objective, and how far that can be trusted.

Source: Watanabe, Bansal & Hutter 2023, PED-ANOVA, as Optuna implements it.
"""

import warnings
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import FrozenTrial

from agent.answers.importance_words import trials_needed
from memory.record import ParamValue, TrialRecord
from recmodels.models import whole_space

METHOD = "PED-ANOVA"
N_DRAWS = 40  # of the trials, for the intervals
CONFIDENCE = 0.9


def importance_of(model: str, records: Sequence[TrialRecord]) -> dict[str, float]:
    """The share of each param that was varied, the largest first; together 1.

    Args:
        records: Complete trials of the model; only params that all of them have count.

    Returns:
        Empty with fewer trials than `needed`, or where nothing varied.
    """
    trials = _trials(model, records)
    return _shares(records[0].direction, trials) if trials else {}


def needed(model: str, records: Sequence[TrialRecord]) -> int:
    """How many complete trials of the model it takes, by how many of its params were varied."""
    return trials_needed(len(_varied(model, records)))


def importance_intervals(model: str, records: Sequence[TrialRecord]) -> dict[str, tuple[float, float]]:
    """From where to where each share goes when as many trials are drawn from these again, with replacement.

    The middle `CONFIDENCE` of `N_DRAWS` draws: wide where a few trials decide. A share of its own of all trials may lie
    outside where a draw ranks the params otherwise.
    """
    return dict(_intervals(_Known(model, records)))


class _Known:
    """The trials, compared by what they are."""

    def __init__(self, model: str, records: Sequence[TrialRecord]) -> None:
        self.model, self.records = model, tuple(records)
        self._key = (model, tuple((record.id, record.value, record.finished_at) for record in records))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=32)  # asked for again with each look at the same trials
def _intervals(known: _Known) -> Mapping[str, tuple[float, float]]:
    trials = _trials(known.model, known.records)
    if not trials:
        return {}
    rng = np.random.default_rng(0)
    draws = [rng.integers(len(trials), size=len(trials)) for _ in range(N_DRAWS)]
    found = [_shares(known.records[0].direction, [trials[i] for i in draw]) for draw in draws]
    ends = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
    kept: dict[str, tuple[float, float]] = {}
    for name in trials[0].params:
        low, high = np.quantile([shares.get(name, 0.0) for shares in found if shares] or [0.0, 1.0], ends)
        kept[name] = float(low), float(high)
    return kept


def _trials(model: str, records: Sequence[TrialRecord]) -> list[FrozenTrial]:
    """With the params that all have and that vary; the ledger's names would mix the models."""
    space = whole_space(model)
    varied = _varied(model, records)
    if len(records) < trials_needed(len(varied)) or not varied or len({record.value for record in records}) < 2:
        return []
    declared = space.distributions()
    distributions = {name: _covering(declared[name], [record.params[name] for record in records]) for name in varied}
    return [
        optuna.trial.create_trial(
            params={name: record.params[name] for name in varied}, distributions=distributions, value=record.value
        )
        for record in records
    ]


def _varied(model: str, records: Sequence[TrialRecord]) -> list[str]:
    """The params that all of the trials have, with more than one value."""
    names = [name for name in whole_space(model) if all(name in record.params for record in records)]
    return [name for name in names if len({record.params[name] for record in records}) > 1]


def _shares(direction: Literal["maximize", "minimize"], trials: Sequence[FrozenTrial]) -> dict[str, float]:
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances  # imports scikit-learn

    study = optuna.create_study(direction=direction)
    study.add_trials(trials)
    names = list(trials[0].params)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of few trials: the intervals say it
        found = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator(), params=names)
    return {name: float(share) for name, share in found.items()}


def _covering(distribution: BaseDistribution, values: Sequence[ParamValue]) -> BaseDistribution:
    """The distribution, widened to the values: what was declared when they ran may be declared no more."""
    if isinstance(distribution, CategoricalDistribution):
        return CategoricalDistribution(list(dict.fromkeys([*distribution.choices, *values])))
    numbers = [value for value in values if not isinstance(value, str)]
    if isinstance(distribution, IntDistribution):
        low, high = min(distribution.low, *map(int, numbers)), max(distribution.high, *map(int, numbers))
        return IntDistribution(low, high, log=distribution.log)
    if isinstance(distribution, FloatDistribution):
        return FloatDistribution(
            min(distribution.low, *numbers), max(distribution.high, *numbers), log=distribution.log
        )
    return distribution
