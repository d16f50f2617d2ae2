"""Who takes part in a confirmation, and who wins it: decided on validation alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from agent.baseline import RIVALS
from agent.confirmation import N_TOP, Contender, Score
from agent.cut_defaults import cut_words
from agent.objective import Goal
from agent.standing import configuration_of, defaults_of, feasible_of, ordered
from agent.studies.baselines import applicable
from memory.record import TrialRecord
from recmodels.errors import ParamError
from recmodels.models import MODELS, find_model, whole_space
from recmodels.repeats import MASK

FASTER_SHARE = Fraction(2, 3)  # a model that trains clearly faster takes less than this share of the other's time,
FASTER_S = 2.0  # and at least so many seconds less


def contenders_of(
    goal: Goal,
    records: Sequence[TrialRecord],
    n_top: int = N_TOP,
    incumbent: Contender | None = None,
    repeats: str | None = MASK,
) -> tuple[Contender, ...]:
    """The best configurations of a study, the best defaults among its trials, an incumbent, and the baselines.

    A configuration takes part once: the defaults that are among the best are named as such, and a trial that is the
    incumbent as that.
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
        key = (incumbent.model, frozenset(incumbent.params.items()))
        if key not in found or found[key].role == "contender":
            found[key] = incumbent
    for model in baselines_for(goal, repeats)[0]:
        params = MODELS[model].space.defaults()
        baseline = Contender(name=f"{model} (baseline)", role="baseline", model=model, params=params)
        found.setdefault((model, frozenset(params.items())), baseline)
    return tuple(found.values())


def baselines_for(goal: Goal, repeats: str | None = MASK) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The simple models of which the better, by validation, is measured on test; a sentence for what is left out."""
    models, reason = applicable(goal, repeats)
    return tuple(model for model in models if model in RIVALS), () if reason is None else (f"No baseline: {reason}.",)


def incumbent_trial(record: TrialRecord) -> Contender:
    """A trial that is what runs today."""
    return replace(_of_trial(record), name=f"trial {record.number} (incumbent)", role="incumbent")


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
    """The best bound, unless another within one standard error of it trains clearly faster.

    A bound is the mean minus one standard error. Where another one trains clearly faster than that one too, it is
    asked again, so that nothing within one error trains clearly faster than the winner.

    Args:
        scores: On validation, of those that may win.
        sign: 1 where more of the objective is better, -1 where less is.
    """
    top = top_of(scores, sign)
    close = [score for score in scores if _bound(score, sign) >= _bound(top, sign) - top.error]
    winner = top
    while faster := [score for score in close if _trains_clearly_faster(score, winner)]:
        winner = top_of(faster, sign)
    return winner


def top_of(scores: Sequence[Score], sign: int) -> Score:
    """The best bound; of equal ones the first by name."""
    return min(scores, key=lambda score: (-_bound(score, sign), score.contender))


def _bound(score: Score, sign: int) -> float:
    return sign * score.mean - score.error


def _trains_clearly_faster(one: Score, other: Score) -> bool:
    """By more than a machine's times vary from run to run."""
    return one.train_s < FASTER_SHARE * other.train_s and other.train_s - one.train_s >= FASTER_S


def _of_trial(record: TrialRecord, *, is_default: bool = False) -> Contender:
    cut = cut_words(record.model, record.params) if is_default else ""
    defaults = f"defaults of {record.model}{f' with {cut}' if cut else ''}"
    return Contender(
        name=defaults if is_default else f"trial {record.number}",
        role="defaults" if is_default else "contender",
        model=record.model,
        params=dict(record.params),
        trial=record.number,
    )
