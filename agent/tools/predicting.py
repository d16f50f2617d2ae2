"""The tool that answers "what if": what the trials so far predict for params, without running them."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from agent.advisor.predict import surrogate_of
from agent.advisor.situation import MIN_TRIALS, Situation, Values, nearest
from agent.answers.evidence import changed, difference, trial_shown
from agent.proposal import PREDICTED, interval_of
from agent.results.prediction import MeasuredBefore, Prediction
from agent.results.trial import TrialNear, TrialValue
from agent.standing import configuration_of, mean_of
from agent.studies.study import Study
from agent.tools.making import correctable
from agent.tools.steering import BaseTrial, wanted_params
from agent.tools.studies_at_hand import StudyName, model_with, study_at_hand
from agent.workspace import Workspace
from memory.record import TrialRecord
from recmodels.models import find_model, space_of
from recmodels.search_space import Params

_NEAREST = 3


def predict(
    workspace: Workspace,
    params: Annotated[
        dict[str, Any] | None, Field(description='{"learning_rate": 0.1}; the rest: those of base, else defaults')
    ] = None,
    model: Annotated[str | None, Field(description="left out: the study's, when it has one")] = None,
    base: BaseTrial = None,
    study: StudyName = None,
) -> Prediction:
    """Say what params would probably reach, with an interval and the nearest trials. Nothing runs.

    Use it for "what if", "would it help to", "why not": whenever the person only imagines a trial.
    """
    chosen = study_at_hand(workspace, study)
    wanted, of = wanted_params(chosen, params, model, base)
    name = model_with(chosen, wanted or {}, of)
    with correctable():
        find_model(name)
        space = chosen.spec.space(name) if name in chosen.spec.models else space_of(name, chosen.spec.rerankers)
        full = space.check({**_held_by(chosen, name), **(wanted or {})})
    records = tuple(record for record in chosen.records() if record.model == name)
    best = chosen.best()
    found = Prediction(
        study=chosen.title,
        objective=chosen.spec.goal.primary.metric,
        direction=chosen.spec.goal.primary.direction,
        model=name,
        params=full,
        given={key: full.get(key) for key in params or {}},
        base=base,
        best=None if best is None else TrialValue(number=best.number, value=best.value),
        nearest=tuple(_near(full, record) for record in _nearest_of(chosen, name, full, records)),
        measured=_measured(records, name, full),
        mean=None,
        n_trials=0,
    )
    return _predicted(found, chosen, best)


def _held_by(study: Study, model: str) -> dict[str, Any]:
    """What the study itself fixes, such as the epochs: a trial of it would run with that."""
    space = study.spaces().get(model)
    return {} if space is None else dict(space.fixed())


def _measured(records: tuple[TrialRecord, ...], model: str, params: Params) -> MeasuredBefore | None:
    """What these very params reached, where they ran."""
    same = [r for r in records if r.state == "complete" and configuration_of(r) == (model, frozenset(params.items()))]
    if not same:
        return None
    return MeasuredBefore(trials=tuple(record.number for record in same), value=mean_of(same).value)


def _predicted(found: Prediction, study: Study, best: TrialRecord | None) -> Prediction:
    """With mean and interval, or why there are none."""
    spec, model = study.spec, found.model
    models = dict.fromkeys([*spec.models, model])
    situation = Situation(
        goal=spec.goal,
        spaces={name: space_of(name, spec.rerankers) for name in models} | study.spaces(),
        declared={name: space_of(name, spec.rerankers) for name in models},
        records=study.records(),
        n_trials=spec.n_trials,
        seed=spec.seed,
    )
    surrogate = surrogate_of(situation, model)
    n = len(Values.of(situation, model).records)
    if surrogate is None:
        if not len(space_of(model)):
            why = f"{model} has no params, so there is nothing to vary"
        else:
            why = f"{n} configurations of {model} have a value so far, and a prediction takes {MIN_TRIALS}"
        return replace(found, why_not=why, n_trials=n, min_trials=MIN_TRIALS)
    mean, spread = surrogate.predict(found.params)
    low, high = interval_of(mean, spread)
    return replace(
        found,
        mean=mean,
        interval=(low, high),
        confidence=PREDICTED,
        n_trials=surrogate.n,
        against_best=difference(mean, best.value if best else None),
        could_win=best is None
        or best.value is None
        or surrogate.sign * (high if surrogate.sign > 0 else low) > surrogate.sign * best.value,
    )


def _nearest_of(study: Study, model: str, params: Params, records: tuple[TrialRecord, ...]) -> list[TrialRecord]:
    with_value = [record for record in records if record.value is not None]
    return nearest(space_of(model, study.spec.rerankers), params, with_value)[:_NEAREST]


def _near(params: Params, record: TrialRecord) -> TrialNear:
    shown = trial_shown(record)
    return TrialNear(
        trial=shown.trial,
        number=shown.number,
        model=shown.model,
        state=shown.state,
        objective=shown.objective,
        value=shown.value,
        reason=shown.reason,
        differs=changed(record.params, params),
    )
