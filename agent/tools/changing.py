"""Tools that change a study while it runs: its limits, models and constraints, and a trial once more."""

from typing import Annotated

from pydantic import Field

from agent.answers.evidence import proposal_facts
from agent.answers.facts import Facts
from agent.errors import ToolInputError
from agent.studies.study_spec import StudySpec
from agent.tools.making import correctable
from agent.tools.steering import current_study, state_of
from agent.workspace import Workspace


def change_study(
    workspace: Workspace,
    n_more_trials: Annotated[int | None, Field(description="added to the budget", ge=1, le=10_000)] = None,
    n_trials: Annotated[int | None, Field(description="in all, those that ran included", ge=1, le=10_000)] = None,
    time_limit_s: Annotated[float | None, Field(description="seconds of work for the whole study", gt=0)] = None,
    more_time_s: Annotated[float | None, Field(description="seconds added to that limit", gt=0)] = None,
    models: Annotated[list[str] | None, Field(description="those that compete from now on")] = None,
    more_models: Annotated[list[str] | None, Field(description="that compete too from now on")] = None,
    without_models: Annotated[list[str] | None, Field(description="that compete no more")] = None,
    constraints: Annotated[list[str] | None, Field(description='added: ["coverage@10>=0.3"]')] = None,
    without_constraints: Annotated[bool, Field(description="true: drop the present constraints first")] = False,
) -> Facts:
    """Change the budget, time limit, models or constraints of the present study, also while it runs.

    A finished or stopped study goes on when it is given more trials or time. Ranges of params: set_search_space.
    """
    study = current_study(workspace)
    before = study.spec
    if None not in (n_trials, n_more_trials) or None not in (time_limit_s, more_time_s):
        raise ToolInputError("give what there is in all or what is added, not both")
    status = study.status()
    if n_more_trials is not None:
        n_trials = max(before.n_trials, status.n_finished) + n_more_trials
    if more_time_s is not None:
        time_limit_s = max(before.time_limit_s or 0, status.elapsed_s) + more_time_s
    competing = [*(models or before.models), *(more_models or ())] if models or more_models else None
    kept = [] if without_constraints else [str(constraint) for constraint in before.goal.constraints]
    with correctable():
        after = study.extend(
            n_trials=n_trials,
            time_limit_s=time_limit_s,
            models=competing,
            without=tuple(without_models or ()),
            constraints=[*kept, *(constraints or ())] if constraints or without_constraints else None,
        )
    if status.state in ("finished", "stopped") and _has_room(before, after):
        workspace.runner.control(study.name, "resume")
    return {"study": study.name, "before": _terms(before), "after": _terms(after), "state": state_of(workspace, study)}


def repeat_trial(
    workspace: Workspace,
    trial: Annotated[int, Field(description="a finished trial's number")],
    seed: Annotated[int | None, Field(description="left out: the next one of the study", ge=0)] = None,
) -> Facts:
    """Run a finished trial of the present study once more with another seed, to see how far chance moves it."""
    study = current_study(workspace)
    with correctable():
        proposal = study.repeat_trial(trial, seed)
    return {"study": study.name, "repeats": trial, "seed": proposal.seed, "state": state_of(workspace, study)} | {
        "objective": study.spec.goal.primary.metric,
        "proposal": proposal_facts(proposal, study.records()),
    }


def _has_room(before: StudySpec, after: StudySpec) -> bool:
    """Whether more was allowed, so that there is something to go on with."""
    return after.n_trials > before.n_trials or (after.time_limit_s or 0) > (before.time_limit_s or 0)


def _terms(spec: StudySpec) -> Facts:
    """What a study may use and must keep to."""
    return {
        "n_trials": spec.n_trials,
        "time_limit_s": spec.time_limit_s,
        "models": list(spec.models),
        "constraints": [str(constraint) for constraint in spec.goal.constraints],
    }
