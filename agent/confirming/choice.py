"""Who takes part in a confirmation, and who wins it: decided on validation alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from agent.baseline import RIVALS
from agent.confirmation import N_TOP, Contender, Score
from agent.objective import Goal
from agent.standing import configuration_of, defaults_of, feasible_of, ordered
from agent.studies.baselines import applicable
from memory.record import TrialRecord
from recmodels.errors import ParamError
from recmodels.models import MODELS, find_model, whole_space


def contenders_of(
    goal: Goal, records: Sequence[TrialRecord], n_top: int = N_TOP, incumbent: Contender | None = None
) -> tuple[Contender, ...]:
    """The best configurations of a study, the best defaults among its trials, an incumbent, and the baselines.

    A configuration takes part once: the defaults that are among the best are named as such.
    """
    found: dict[Any, Contender] = {}
    defaults = defaults_of(goal, records)
    if defaults is not None:
        found[configuration_of(defaults)] = _of_trial(defaults, is_default=True)
    top: list[TrialRecord] = []
    for record in ordered(goal, records, feasible_of(goal, records)):
        if configuration_of(record) not in map(configuration_of, top):
            top.append(record)
    for record in top[:n_top]:
        found.setdefault(configuration_of(record), _of_trial(record))
    if incumbent is not None:
        found.setdefault((incumbent.model, frozenset(incumbent.params.items())), incumbent)
    for model in baselines_for(goal)[0]:
        params = MODELS[model].space.defaults()
        baseline = Contender(name=f"{model} (baseline)", role="baseline", model=model, params=params)
        found.setdefault((model, frozenset(params.items())), baseline)
    return tuple(found.values())


def baselines_for(goal: Goal) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The simple models of which the better, by validation, is measured on test; a sentence for what is left out."""
    models, reason = applicable(goal)
    return tuple(model for model in models if model in RIVALS), () if reason is None else (f"No baseline: {reason}.",)


def incumbent_of(given: Mapping[str, Any], models: Sequence[str]) -> Contender:
    """What runs today, from `{"model": …, "params": {…}}`; the model may be left out where a study has only one.

    Raises:
        ParamError: No model is told, or a param that it does not have.
    """
    name = given.get("model") or (models[0] if len(models) == 1 else None)
    if name is None or not isinstance(given.get("params", {}), Mapping):
        raise ParamError('params to confirm against are written {"model": "ease", "params": {"l2": 100}}')
    entry = find_model(str(name))
    params = given.get("params", {})
    space = whole_space(entry.name) if "rerank" in params else entry.space
    return Contender(name="incumbent", role="incumbent", model=entry.name, params=space.check(params))


def winner_of(scores: Sequence[Score], sign: int) -> Score:
    """The best mean minus one standard error; of those that come within one error of it, what trains fastest.

    Args:
        scores: On validation, of those that may win.
        sign: 1 where more of the objective is better, -1 where less is.
    """
    bounds = {score.contender: sign * score.mean - score.error for score in scores}
    top = max(scores, key=lambda score: bounds[score.contender])
    close = [score for score in scores if bounds[score.contender] >= bounds[top.contender] - top.error]
    return min(close, key=lambda score: (score.train_s, -bounds[score.contender]))


def _of_trial(record: TrialRecord, *, is_default: bool = False) -> Contender:
    return Contender(
        name=f"defaults of {record.model}" if is_default else f"trial {record.number}",
        role="defaults" if is_default else "contender",
        model=record.model,
        params=dict(record.params),
        trial=record.number,
    )
