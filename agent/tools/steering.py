"""Tools that steer a study: the next trial, the search space, pause and resume."""

from typing import Annotated, Any, Literal

from pydantic import Field

from agent.answers.confirmation import stopping
from agent.answers.evidence import finished, proposal_facts
from agent.answers.facts import Facts
from agent.confirming.opening import stop_confirmation
from agent.errors import ToolInputError
from agent.studies.study import Study
from agent.tools.making import correctable
from agent.tools.studies_at_hand import StudyName, logged, model_with, state_of, study_at_hand
from agent.workspace import Workspace

BaseTrial = Annotated[int | None, Field(description="a finished trial whose params are taken", ge=0)]


def propose_trial(
    workspace: Workspace,
    request: Annotated[str | None, Field(description="what the person wishes, in words", max_length=500)] = None,
    study: StudyName = None,
) -> Facts:
    """Say which trial would come next and why, without running it; it stays pending until run_trial."""
    chosen = study_at_hand(workspace, study)
    return {"study": chosen.title, "objective": chosen.spec.goal.primary.metric} | {
        "proposal": proposal_facts(chosen.propose(request))
    }


def run_trial(
    workspace: Workspace,
    params: Annotated[dict[str, Any] | None, Field(description='{"learning_rate": 0.001}; the rest: defaults')] = None,
    model: Annotated[str | None, Field(description="left out: the study's, when it has one")] = None,
    base: BaseTrial = None,
    study: StudyName = None,
) -> Facts:
    """Run the pending proposal (no params), or params that the person gave, as the next trial.

    With `base` the params of that trial, changed by `params`. Also the answer to "ok, run it" when a trial waits for
    approval.
    """
    chosen = study_at_hand(workspace, study)
    status = chosen.status()
    wanted, of = wanted_params(chosen, params, model, base)
    with correctable(), logged(workspace, "run_trial", chosen) as entry:
        if base is None and status.state == "waiting" and status.pending and model in (None, status.pending.model):
            proposal = chosen.approve(dict(status.pending.params) | params if params else None)
        else:
            proposal = chosen.run_trial(wanted, model_with(chosen, wanted, of) if wanted else of)
        entry.says = f"trial {proposal.number} of {chosen.title} was begun"
    return _begun(chosen, proposal.number) | {
        "state": chosen.state,
        "proposal": proposal_facts(proposal),
    }


def wanted_params(
    study: Study, params: dict[str, Any] | None, model: str | None, base: int | None
) -> tuple[dict[str, Any] | None, str | None]:
    """The params that are meant, and their model where that is known: those of a trial, changed by what was said.

    Raises:
        ToolInputError: There is no such trial, or it is of another model.
    """
    if base is None:
        return params, model
    with correctable():
        record = finished(study, base)
    if model not in (None, record.model):
        raise ToolInputError(f"trial {base} is one of {record.model}, not of {model}; leave `model` out")
    return dict(record.params) | (params or {}), record.model


def repeat_trial(
    workspace: Workspace,
    trial: Annotated[int, Field(description="a finished trial's number", ge=0)],
    seed: Annotated[int | None, Field(description="left out: the next one of the study", ge=0)] = None,
    study: StudyName = None,
) -> Facts:
    """Run a finished trial once more with another seed, to see how far chance moves it."""
    chosen = study_at_hand(workspace, study)
    with correctable(), logged(workspace, "repeat_trial", chosen) as entry:
        proposal = chosen.repeat_trial(trial, seed)
        entry.says = f"trial {trial} of {chosen.title} was repeated as trial {proposal.number}"
    return _begun(chosen, proposal.number) | {
        "repeats": trial,
        "seed": proposal.seed,
        "state": state_of(workspace, chosen),
        "proposal": proposal_facts(proposal),
    }


def set_search_space(
    workspace: Workspace,
    param: Annotated[str, Field(description="learning_rate, dropout, …", max_length=100)],
    model: Annotated[str | None, Field(description="left out: the study's model that has the param")] = None,
    low: float | None = None,
    high: float | None = None,
    choices: list[Any] | None = None,
    value: Annotated[Any, Field(description="fixes the param")] = None,
    reset: Annotated[bool, Field(description="true: the whole range again")] = False,
    study: StudyName = None,
) -> Facts:
    """Narrow, widen, fix or free one param of a study from the next proposal on."""
    chosen = study_at_hand(workspace, study)
    model = model or model_with(chosen, {param: None}, None)
    before = chosen.status().space.get(model, {}).get(param)
    kept = chosen.ranges().get(model, {}).get(param)
    with (
        correctable(),
        logged(workspace, "set_search_space", chosen, model=model, param=param, range=kept) as entry,
    ):
        picked = tuple(choices) if choices is not None else None
        space = chosen.narrow(model, param, low, high, picked, value, is_reset=reset)
        after = space.describe().get(param)
        entry.says = f"{param} of {model} in {chosen.title} went from {before} to {after}"
        entry.is_kept = before != after
    return {"study": chosen.title, "model": model, "param": param, "before": before, "after": after}


def control_study(workspace: Workspace, action: Literal["pause", "resume", "stop"], study: StudyName = None) -> Facts:
    """Pause, resume or stop a study. A stopped study keeps its trials and can be resumed.

    Stop also ends a confirmation of the study that runs; confirm goes on with it.
    """
    chosen = study_at_hand(workspace, study)
    before = chosen.state
    if action != "resume" and (confirmation := stop_confirmation(workspace, chosen.name)) is not None:
        return {"study": chosen.title, "action": action, "state": before, "stopped": stopping(confirmation)}
    with logged(workspace, "control_study", chosen, action=action, state=before) as entry:
        workspace.runner.control(chosen.name, action)
        entry.says = f"{chosen.title} was told to {action}"
    status = chosen.status()
    return {"study": chosen.title, "action": action, "before": before, "state": state_of(workspace, chosen)} | {
        "running": status.running,
        "n_finished": status.n_finished,
        "n_trials": status.n_trials,
        "n_asked_for": max(0, status.n_finished - status.n_trials),  # beyond the budget
    }


def _begun(study: Study, number: int) -> Facts:
    return {
        "study": study.title,
        "trial": f"{study.name}/{number}",
        "objective": study.spec.goal.primary.metric,
    }
