"""Facts about several trials: how they compare, which params mattered, which no other beats on every metric."""

from collections.abc import Sequence

from agent.answers.bounds import measured_of
from agent.answers.evidence import difference, finished, finished_numbers, trial_shown
from agent.answers.importance_words import MIN_TRIALS
from agent.answers.importances import METHOD, importance_intervals, importance_of, needed
from agent.answers.paired import paired
from agent.errors import UserError
from agent.results.comparison import ModelImportance, ParamImportance, TradeOffs, TrialsCompared
from agent.results.result import extended
from agent.results.trial import TrialOnFront
from agent.standing import Means, best_of, feasible_of, front_of, values_of
from agent.studies.study import Study
from memory.record import ParamValue, TrialRecord
from recmodels.metrics import cutoff_of, direction_of, parse_metric, prediction_of


def parameter_importance(study: Study) -> ParamImportance:
    """How much each param of each model moved the objective, as shares that sum to 1 within a model.

    Source: Watanabe, Bansal & Hutter 2023, PED-ANOVA, as Optuna implements it.
    """
    by_model: dict[str, ModelImportance] = {}
    for model in study.spec.models:
        records = [r for r in study.records() if r.model == model and r.state == "complete" and r.value is not None]
        shares = importance_of(model, records)
        by_model[model] = ModelImportance(
            n_trials=len(records),
            importance=shares,
            intervals=importance_intervals(model, records) if shares else {},
            n_needed=needed(model, records),
        )
    return ParamImportance(
        study=study.title,
        objective=study.spec.goal.primary.metric,
        method=METHOD,
        min_trials=MIN_TRIALS,
        models=by_model,
    )


def show_tradeoffs(study: Study, metrics: Sequence[str] | None = None) -> TradeOffs:
    """The feasible trials that no other feasible one beats on every metric asked for, and the rest.

    Metrics default to the study's objectives; with one of those, coverage at its cutoff joins it.

    Raises:
        recmodels.errors.ParamError: A metric that does not exist.
    """
    names = tuple(dict.fromkeys(map(parse_metric, metrics or _default_metrics(study))))
    complete = [record for record in study.records() if record.state == "complete"]
    measured = [record for record in complete if values_of(names, record) is not None]
    goal, feasible = study.spec.goal, feasible_of(study.spec.goal, study.records())
    rivals = [record for record in measured if record in feasible]
    front = front_of(names, rivals)
    return TradeOffs(
        study=study.title,
        metrics={name: direction_of(name) for name in names},
        constraints=tuple(str(constraint) for constraint in goal.constraints),
        front=tuple(
            extended(
                TrialOnFront,
                trial_shown(record),
                values=dict(zip(names, values, strict=True)),
                feasible=True,
            )
            for record, values in front
        ),
        n_front=len(front),
        n_beaten=len(rivals) - len(front),
        n_infeasible=len(measured) - len(rivals),
        n_unmeasured=len(complete) - len(measured),
    )


def compare_trials(study: Study, numbers: Sequence[int]) -> TrialsCompared:
    """Finished trials side by side: what differs in params and metrics, and a paired test over users for the first two.

    Raises:
        UserError: A trial that is not there or not finished, or fewer than two.
    """
    records = [finished(study, number) for number in dict.fromkeys(numbers)]
    if len(records) < 2:
        raise UserError(f"comparing needs two different trials; the finished trials are {finished_numbers(study)}")
    goal = study.spec.goal
    objectives = [objective.metric for objective in goal.objectives]
    metrics = _shared_metrics(records, objectives)
    first, second = records[:2]
    best = best_of(goal, study.records(), records)
    return TrialsCompared(
        study=study.title,
        goal=study.spec.aim,
        trials=tuple(map(trial_shown, records)),
        params=_differing(records),
        metrics={name: {r.number: r.metrics.get(name) for r in records} for name in metrics},
        best=None if best is None else best.number,
        best_by=_best_by(study, records),
        unmet=unmet_of(study, records),
        of=second.number,
        minus=first.number,
        difference=difference(second.value, first.value),
        paired=paired(study, first, second),
    )


def _best_by(study: Study, records: Sequence[TrialRecord]) -> dict[str, int]:
    """Of several objectives: which of the feasible trials is ahead by each; empty where there is one."""
    goal, feasible = study.spec.goal, feasible_of(study.spec.goal, study.records())
    if len(goal.objectives) < 2:
        return {}
    found = {}
    for objective in goal.objectives:
        known = [
            (values[0], one) for one in records if one in feasible and (values := values_of([objective.metric], one))
        ]
        if known:
            found[objective.metric] = max(known, key=lambda pair: objective.sign * pair[0])[1].number
    return found


def unmet_of(study: Study, records: Sequence[TrialRecord]) -> dict[int, dict[str, float]]:
    """By number of the complete trials that break constraints: these, each with the trial's value."""
    means = Means.among(study.records())
    found = {r.number: study.spec.goal.unmet(measured_of(means.of(r))) for r in records if r.state == "complete"}
    return {number: unmet for number, unmet in found.items() if unmet}


def _default_metrics(study: Study) -> tuple[str, ...]:
    objectives = tuple(objective.metric for objective in study.spec.goal.objectives)
    constrained = tuple(constraint.metric for constraint in study.spec.goal.constraints)
    if len(objectives) > 1:
        return objectives
    if prediction_of(objectives[0]):  # whoever predicts need not rank
        return objectives + (constrained or ("latency_ms",))
    return objectives + (constrained or (f"coverage@{cutoff_of(objectives[0]) or 10}",))


def _differing(records: Sequence[TrialRecord]) -> dict[str, dict[int, ParamValue | None]]:
    names = dict.fromkeys(["model", *(name for record in records for name in record.params)])
    table = {name: {r.number: ({"model": r.model} | dict(r.params)).get(name) for r in records} for name in names}
    return {name: row for name, row in table.items() if len({str(value) for value in row.values()}) > 1}


def _shared_metrics(records: Sequence[TrialRecord], objectives: Sequence[str]) -> list[str]:
    """The metrics that all have: the objectives first, then a few that people ask about."""
    others = ("valid_recall@10", "valid_coverage@10", "latency_ms", "train_s")
    wanted = [*(f"valid_{objective}" for objective in objectives), *others]
    return [name for name in dict.fromkeys(wanted) if all(name in record.metrics for record in records)]
