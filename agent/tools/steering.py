"""Tools that begin a study and steer it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from agent.answers.confirmation import stopping
from agent.answers.evidence import proposal_facts, trial_facts
from agent.answers.facts import Facts, quoted
from agent.answers.standings import leaderboard_facts, standing_facts
from agent.confirming.opening import stop_confirmation
from agent.errors import ToolInputError, UserError
from agent.studies import defaults
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from agent.tools.data import find_dataset
from agent.tools.making import correctable
from agent.workspace import Workspace
from recmodels.models import MODELS

BEST_SHOWN = 10


def start_study(
    workspace: Workspace,
    dataset: Annotated[str, Field(description="a name from list_datasets; `demo` is built in")],
    models: Annotated[list[str] | None, Field(description="the models that compete; left out: chosen")] = None,
    objective: Annotated[str, Field(description="ndcg@10, recall@20, hit@10, mrr@10, …")] = defaults.OBJECTIVE,
    further_objectives: Annotated[list[str] | None, Field(description="where several are optimised together")] = None,
    constraints: Annotated[list[str] | None, Field(description='["coverage@10>=0.3", "latency_ms<=5"]')] = None,
    n_trials: Annotated[int | None, Field(description="how many trials", ge=1, le=10_000)] = None,
    time_limit_s: Annotated[float | None, Field(description="seconds for the whole study", gt=0)] = None,
    epochs: Annotated[int | None, Field(description="at most, for each trial", ge=1)] = None,
    needs_approval: Annotated[bool | None, Field(description="true: ask the person before each trial")] = None,
) -> Facts:
    """Begin tuning in the background and return at once; watch it with study_status.

    Use it when the person wants a recommender tuned, trained or compared on a dataset.
    """
    stored = find_dataset(workspace, dataset)
    asks = workspace.settings.needs_approval if needs_approval is None else needs_approval
    with correctable():
        spec = StudySpec.create(
            dataset=stored.name,
            models=tuple(models or ()),
            objectives=(objective, *(further_objectives or ())),
            constraints=tuple(constraints or ()),
            n_trials=n_trials or defaults.TRIALS,
            time_limit_s=time_limit_s,
            epochs=epochs,
            needs_approval=asks,
            llm=workspace.settings.llm,
        )
    study = workspace.runner.start(spec)
    return {
        "study": study.spec.name,
        "dataset": stored.name,
        "models": list(spec.models),
        "models_chosen_by": "person" if models else "recpilot",
        "objective": str(spec.goal),
        "n_trials": spec.n_trials,
        "time_limit_s": time_limit_s,
        "epochs": epochs,
        "needs_approval": asks,
        "state": study.state,
    }


def propose_trial(
    workspace: Workspace,
    request: Annotated[str | None, Field(description="what the person wishes, in words", max_length=500)] = None,
) -> Facts:
    """Say which trial would come next and why, without running it; it stays pending until run_trial."""
    study = current_study(workspace)
    return {"study": study.spec.name, "objective": study.spec.goal.primary.metric} | {
        "proposal": proposal_facts(study.propose(request), study.records())
    }


def run_trial(
    workspace: Workspace,
    params: Annotated[dict[str, Any] | None, Field(description='{"learning_rate": 0.001}; the rest: defaults')] = None,
    model: Annotated[str | None, Field(description="left out: the study's, when it has one")] = None,
) -> Facts:
    """Run the pending proposal (no params), or params that the person gave, as the next trial.

    Also the answer to "ok, run it" when a trial waits for approval.
    """
    study = current_study(workspace)
    status = study.status()
    with correctable():
        if status.state == "waiting" and status.pending is not None and model in (None, status.pending.model):
            proposal = study.approve(_merged(status.pending.params, params) if params else None)
        else:
            proposal = study.run_trial(params, _model_with(study, params, model) if params else model)
    return {"study": study.spec.name, "trial": f"{study.spec.name}/{proposal.number}", "state": study.state} | {
        "objective": study.spec.goal.primary.metric,
        "proposal": proposal_facts(proposal, study.records()),
    }


def set_search_space(
    workspace: Workspace,
    param: Annotated[str, Field(description="learning_rate, dropout, …")],
    model: Annotated[str | None, Field(description="left out: the study's model that has the param")] = None,
    low: float | None = None,
    high: float | None = None,
    choices: list[Any] | None = None,
    value: Annotated[Any, Field(description="fixes the param")] = None,
) -> Facts:
    """Narrow, widen or fix one param of the present study from the next proposal on."""
    study = current_study(workspace)
    model = model or _model_with(study, {param: None}, None)
    before = study.status().space.get(model or "", {}).get(param)
    with correctable():
        space = study.narrow(model, param, low, high, tuple(choices) if choices is not None else None, value)
    after = space.describe().get(param)
    return {"study": study.spec.name, "model": model, "param": param, "before": before, "after": after}


def control_study(workspace: Workspace, action: Literal["pause", "resume", "stop"]) -> Facts:
    """Pause, resume or stop the present study. A stopped study keeps its trials and can be resumed.

    Stop also ends a confirmation of the study that runs; confirm goes on with it.
    """
    study = current_study(workspace)
    before = study.state
    if action != "resume" and (confirmation := stop_confirmation(workspace, study.name)) is not None:
        return {"study": study.name, "action": action, "state": before, "stopped": stopping(confirmation)}
    after = workspace.runner.control(study.spec.name, action)
    status = after.status()
    return {"study": status.name, "action": action, "before": before, "state": state_of(workspace, after)} | {
        "running": status.running,
        "n_finished": status.n_finished,
        "n_trials": status.n_trials,
        "n_asked_for": max(0, status.n_finished - status.n_trials),  # beyond the budget
    }


def study_status(workspace: Workspace) -> Facts:
    """How the present study stands now: state, progress, the best trials so far, the latest, what waits."""
    study = current_study(workspace)
    status = study.status()
    records = study.records()
    running = {"number": status.running, "epoch": status.epoch, "epochs": status.epochs}
    return {
        "study": status.name,
        "dataset": status.dataset,
        "models": list(status.models),
        "goal": status.objective,
        "objective": study.spec.goal.primary.metric,
        "state": status.state,
        "reason": quoted(status.reason) if status.reason else None,
        "n_finished": status.n_finished,
        "n_trials": status.n_trials,
        "n_asked_for": max(0, status.n_finished - status.n_trials),  # beyond the budget
        "elapsed_s": status.elapsed_s,
        "best": trial_facts(status.best) if status.best else None,
        "standing": standing_facts(study),
        "running": running if status.running is not None else None,
        "pending": proposal_facts(status.pending, records) if status.pending else None,
        "leaderboard": leaderboard_facts(study, BEST_SHOWN),
        "latest": trial_facts(records[-1]) if records else None,
        "scoreboard": {who: dict(score) for who, score in status.scoreboard.items()},
    }


def state_of(workspace: Workspace, study: Study) -> str:
    """The study's state; one whose turn comes at once is not queued behind anything."""
    state, working = study.state, workspace.runner.working()
    return "running" if state == "queued" and (working is None or working is study) else state


def current_study(workspace: Workspace) -> Study:
    """The study that was touched last.

    Raises:
        UserError: There is none yet.
    """
    study = workspace.runner.current()
    if study is None:
        raise UserError("there is no study yet; say, for example, `tune sasrec on the demo data`")
    return study


def _merged(pending: Any, params: dict[str, Any]) -> dict[str, Any]:
    return dict(pending) | params


def _model_with(study: Study, params: dict[str, Any] | None, model: str | None) -> str:
    """The model that the params belong to; with several that have them all, the best trial's, else an error."""
    models = study.spec.models
    if model is not None:
        if model not in MODELS:
            raise ToolInputError(f"unknown model {quoted(model, 100)}; the models are: {', '.join(MODELS)}")
        return model
    having = [name for name in models if all(param in study.spec.space(name) for param in params or {})]
    best = study.best()
    if len(having) > 1 and best is not None and best.model in having and len(params or {}) > 0:
        return best.model
    if len(having) == 1:
        return having[0]
    legal = "; ".join(f"{name}: {', '.join(study.spec.space(name)) or 'no params'}" for name in models)
    problem = "say which model is meant" if having else "no model of the study has these params"
    raise ToolInputError(f"{problem}; the models and their params are {legal}")
