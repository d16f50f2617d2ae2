"""The tool that begins a study: all that can be said of one, or an earlier study changed by what is said."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from agent import outside
from agent.answers.wording import sentence
from agent.errors import ToolInputError
from agent.objective import Goal
from agent.results.study import StudyBegun
from agent.studies import defaults
from agent.studies.asked_space import narrowed_from_the_start
from agent.studies.asked_trials import told, tries_of
from agent.studies.defaults import LONGEST_S
from agent.studies.retuning import best_to_start_from
from agent.studies.retuning import retune as begin_again
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec, usual_models
from agent.studies.terms import OF_DATA, changed, terms_of
from agent.tools.authorship import invented
from agent.tools.checking import acts_now
from agent.tools.making import correctable
from agent.tools.studies_at_hand import dataset_at_hand, logged
from agent.understanding.asking.prospect import Prospect
from agent.workspace import Workspace
from recmodels.data.stored_dataset import StoredDataset
from recmodels.metrics import prediction_of
from recmodels.models import MODELS, find_model
from recmodels.positive import EVERY
from recmodels.repeats import MASK
from recmodels.request import SplitSpec, split_kind
from recmodels.search_space import Param, SearchSpace

Space = Annotated[
    dict[str, Any] | None,
    Field(description='{"dropout": [0.1, 0.4], "loss": "bpr", "n_layers": {"choices": [1, 2]}}, for all that have it'),
]


def start_study(
    workspace: Workspace,
    dataset: Annotated[str | None, Field(description="a name from list_datasets; `demo` is built in")] = None,
    models: Annotated[list[str] | None, Field(description="the models that compete; left out: chosen")] = None,
    without: Annotated[list[str] | None, Field(description="models that take no part")] = None,
    objective: Annotated[list[str] | None, Field(description='["ndcg@10"], or several', max_length=4)] = None,
    constraints: Annotated[list[str] | None, Field(description='["coverage@10>=0.3", "latency_ms<=5"]')] = None,
    split: Annotated[str | None, Field(description="leave_last_out, temporal, random; left out: by the data")] = None,
    positive: Annotated[
        str | None, Field(description="which ratings are likes: `all`, `>=4`, `>3.5`; left out: by the data")
    ] = None,
    repeat_events: Annotated[
        str | None,
        Field(description="`keep`: people have items again; `mask`: hide what they had; left out: by the data"),
    ] = None,
    outcomes: Annotated[
        str | None,
        Field(description="what outcomes count in ndcg, auc: `purchase=10,view=1`; left out: all alike"),
    ] = None,
    sampler: Annotated[str | None, Field(description="advisor, tpe, gp, cmaes, nsga2, grid, random")] = None,
    pruner: Annotated[
        str | None, Field(description="how bad trials stop early: hurdle, quartile, halving, none")
    ] = None,
    use_rules: Annotated[bool | None, Field(description="false: the advisor heeds no rules")] = None,
    seed: Annotated[int | None, Field(description="of the study", ge=0)] = None,
    epochs: Annotated[int | None, Field(description="at most, for each trial", ge=1)] = None,
    patience: Annotated[int | None, Field(description="epochs without a gain that end a trial", ge=1)] = None,
    space: Space = None,
    try_first: Annotated[
        list[dict[str, Any]] | None,
        Field(description='params to run right after the defaults: [{"dropout": 0.2}, {"model": "ease", "l2": 90}]'),
    ] = None,
    run_defaults: Annotated[bool | None, Field(description="false: no trial of a model's defaults")] = None,
    n_trials: Annotated[int | None, Field(description="how many trials", ge=1)] = None,
    time_limit_s: Annotated[float | None, Field(description="seconds for the whole study", gt=0, le=LONGEST_S)] = None,
    trial_time_limit_s: Annotated[float | None, Field(description="seconds for each trial", gt=0, le=LONGEST_S)] = None,
    needs_approval: Annotated[bool | None, Field(description="true: ask the person before each trial")] = None,
    base: Annotated[str | None, Field(description="a study to copy, changed by what else is given")] = None,
    retune: Annotated[bool, Field(description="with `base` and other data: its best params run first")] = False,
) -> StudyBegun:
    """Begin tuning in the background and return at once; watch it with study_status.

    Use it when the person wants a recommender tuned, trained or compared on a dataset.
    """
    if models is not None and not models:
        raise ToolInputError(f"`models` is empty; leave it out, or name some of: {', '.join(MODELS)}")
    with correctable():
        earlier = None if base is None else workspace.runner.peek(base)
    if dataset is None and earlier is None:
        names = ", ".join(workspace.catalogue.names())
        raise ToolInputError(f"say which dataset to tune on; the datasets are: {names}")
    stored = dataset_at_hand(workspace, dataset or (earlier.spec.dataset if earlier else None))
    is_like_earlier = earlier is not None and (retune or earlier.spec.dataset == stored.key)
    terms = {} if earlier is None else terms_of(earlier)
    kept = {name: value for name, value in terms.items() if is_like_earlier or name not in OF_DATA}
    kept.setdefault("needs_approval", workspace.settings_here.needs_approval)
    with correctable():
        asked = changed(
            kept | ({"tries": ()} if retune else {}),
            objectives=objective or None,
            constraints=constraints,
            n_trials=n_trials,
            time_limit_s=time_limit_s,
            trial_time_limit_s=trial_time_limit_s,
            epochs=epochs,
            patience=patience,
            sampler=sampler,
            pruner=pruner,
            uses_rules=use_rules,
            split=_split(split, terms),
            positive=positive,
            repeats=repeat_events,
            outcomes=outcomes,
            seed=seed,
            needs_approval=needs_approval,
            runs_defaults=run_defaults,
        )
        goal = Goal.parse(asked.get("objectives", (defaults.OBJECTIVE,)), asked.get("constraints", ()))
        chosen = _models(models or terms.get("models", ()), without, goal)
        asked["models"] = chosen
        asked["ranges"] = narrowed_from_the_start(chosen, space or {}, terms.get("ranges", {}))
        asked["tries"] = (*asked.get("tries", ()), *tries_of(chosen, try_first or ()))
        spec = StudySpec.create(dataset=stored.key, llm=workspace.settings_here.chosen_llm, **asked)
        if earlier is not None and is_like_earlier and not repeat_events:
            spec = replace(spec, repeats_says=f"as in study {earlier.title}")
        if retune:
            spec = _from_the_best(spec, earlier)
        workspace.runner.check(spec)
        bounds = workspace.runner.bounded(spec).says
        acts_now(Prospect(runs=_would_run(spec, is_copy=earlier is not None), notes=tuple(map(said_of_bound, bounds))))
        with logged(workspace, "start_study") as entry:
            if earlier is not None and spec.retuned_from:
                study = begin_again(workspace.runner, earlier, spec)
            else:
                study = workspace.runner.start(spec)
            entry.study, entry.says = study.name, f"study {study.name} was started"
    chosen_by = _chosen_by(models, is_copy=earlier is not None and not without)
    begun = _begun(study, stored, chosen_by=chosen_by, base=earlier.title if earlier else None)
    return replace(begun, bounds=tuple(map(outside.text, bounds)))


def _would_run(spec: StudySpec, *, is_copy: bool) -> dict[str, Any]:
    """What the call leaves open, as it would be: the models; of a copy the budget, too."""
    budget = {"n_trials": spec.n_trials, "time_limit_s": spec.time_limit_s} if is_copy else {}
    return {"models": list(spec.models)} | {name: value for name, value in budget.items() if value is not None}


def said_of_bound(says: str) -> str:
    """What a note left of a param, as a sentence that can be shown."""
    return sentence(outside.text(says))


def _from_the_best(spec: StudySpec, earlier: Study | None) -> StudySpec:
    """The spec of a study that begins with the best params of the one that it copies.

    Raises:
        ToolInputError: There is none.
        UserError: It has no best trial, ran on the same data, or the model of its best takes no part.
    """
    if earlier is None:
        raise ToolInputError("`retune` needs `base`, the study whose best params run first")
    return replace(spec, retuned_from=best_to_start_from(earlier, spec.dataset, spec.models).id)


def _split(split: str | None, terms: Mapping[str, Any]) -> SplitSpec | None:
    return None if split is None else SplitSpec(kind=split_kind(split), seed=terms.get("split", SplitSpec()).seed)


def _models(models: Sequence[str], without: Sequence[str] | None, goal: Goal) -> tuple[str, ...]:
    """The models that compete; those to leave out are left out of the usual ones where none are named.

    Raises:
        recmodels.errors.ParamError: A model that does not exist.
        ToolInputError: None is left.
    """
    for model in (*models, *(without or ())):
        find_model(model)
    left = tuple(model for model in models or usual_models(goal) if model not in (without or ()))
    if not left:
        raise ToolInputError(f"a study needs a model; the models are: {', '.join(MODELS)}")
    return left


def _chosen_by(models: Sequence[str] | None, *, is_copy: bool) -> str:
    """Who named the models: the person, the language model that makes the call, or neither."""
    if models:
        return "llm" if any(invented({"models": model}) for model in models) else "person"
    return "person" if is_copy else "recpilot"


def _begun(study: Study, stored: StoredDataset, *, chosen_by: str, base: str | None) -> StudyBegun:
    spec, ranges = study.spec, study.ranges()
    spaces: Mapping[str, SearchSpace] = study.spaces()
    return StudyBegun(
        study=study.title,
        dataset=stored.name,
        models=spec.models,
        models_chosen_by=chosen_by,
        goal=str(spec.goal),
        objective=spec.goal.primary.metric,
        n_trials=spec.n_trials,
        time_limit_s=spec.time_limit_s,
        trial_time_limit_s=spec.trial_time_limit_s,
        epochs=spec.epochs,
        patience=spec.patience,
        sampler=spec.sampler,
        pruner=spec.pruner,
        uses_rules=spec.uses_rules,
        split=spec.split.kind,
        positive=spec.positive or EVERY.to_text(),
        likes=_likes(spec, stored),
        repeats=spec.repeats or MASK,
        repeats_says=spec.repeats_says,
        outcomes=_outcomes(spec, stored),
        seed=spec.seed,
        tries=told(spec.tries),
        runs_defaults=spec.runs_defaults,
        space={
            f"{param} of {model}": _range_words(spaces[model][param])
            for model in spec.models
            for param in ranges.get(model, {})
        },
        needs_approval=spec.needs_approval,
        state=study.state,
        base=base,
    )


def _outcomes(spec: StudySpec, stored: StoredDataset) -> str:
    if spec.outcomes is None:
        return ""
    from recmodels.data.outcomes import said_of
    from recmodels.outcomes import parse_outcomes

    predicts = prediction_of(spec.goal.primary.metric) is not None
    return said_of(stored.load(), parse_outcomes(spec.outcomes), predicts=predicts)


def _likes(spec: StudySpec, stored: StoredDataset) -> str:
    if not stored.profile.get("has_weights"):
        return ""
    from recmodels.data.likes import rule_of, said_of

    data = stored.load()
    return said_of(data, rule_of(spec.positive, data))


def _range_words(param: Param) -> str:
    return f"fixed at {param.default}" if param.is_fixed else f"in {param}"
