"""The tool that changes what a study may use and must reach, also while it runs."""

from typing import Annotated

from pydantic import Field

from agent.errors import ToolInputError
from agent.objective import Goal
from agent.results.study import Terms, TermsChanged
from agent.studies.defaults import LONGEST_S
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from agent.tools.making import correctable
from agent.tools.studies_at_hand import StudyName, state_of, steered, study_at_hand
from agent.workspace import Workspace


def extend_study(
    workspace: Workspace,
    n_trials: Annotated[int | None, Field(description="added to the budget", ge=1)] = None,
    total_trials: Annotated[int | None, Field(description="in all, those that ran included", ge=1)] = None,
    time_limit_s: Annotated[float | None, Field(description="seconds added to the limit", gt=0, le=LONGEST_S)] = None,
    total_time_s: Annotated[
        float | None, Field(description="seconds of work for the whole study", gt=0, le=LONGEST_S)
    ] = None,
    models: Annotated[list[str] | None, Field(description="only these compete from now on")] = None,
    more_models: Annotated[list[str] | None, Field(description="that compete too from now on")] = None,
    without: Annotated[list[str] | None, Field(description="that compete no more")] = None,
    constraints: Annotated[list[str] | None, Field(description='added: ["coverage@10>=0.3"]')] = None,
    without_constraints: Annotated[bool, Field(description="true: drop the present constraints first")] = False,
    trial_time_limit_s: Annotated[float | None, Field(description="seconds for each trial", gt=0, le=LONGEST_S)] = None,
    needs_approval: Annotated[bool | None, Field(description="whether each trial waits for a yes")] = None,
    objective: Annotated[list[str] | None, Field(description="that the person named", max_length=4)] = None,
    study: StudyName = None,
) -> TermsChanged:
    """Go on with more trials or time, or change the models or constraints of a study, also while it runs.

    A finished or stopped study goes on when it is given more trials or time. Ranges of params: set_search_space.
    Another objective, split, sampler, pruner, seed, epochs or patience is another study: start_study with `base`.
    """
    chosen = study_at_hand(workspace, study)
    _require_same_objective(chosen, objective)
    if models is not None and not models:
        raise ToolInputError("`models` is empty; a study needs one model at least, `without` leaves some out")
    if None not in (n_trials, total_trials) or None not in (time_limit_s, total_time_s):
        raise ToolInputError("give what there is in all or what is added, not both")
    before, status = chosen.spec, chosen.status()
    if n_trials is not None:
        total_trials = max(before.n_trials, status.n_finished) + n_trials
    if time_limit_s is not None:
        total_time_s = max(before.time_limit_s or 0, status.elapsed_s) + time_limit_s
    competing = [*(models or before.models), *(more_models or ())] if models or more_models else None
    bounds = [] if without_constraints else [constraint.to_text() for constraint in before.goal.constraints]
    goes_on = status.state in ("finished", "stopped") and (total_trials or total_time_s) is not None
    if goes_on:
        with correctable():
            workspace.runner.room.check_start(chosen.name, status.elapsed_s)
    with (
        correctable(),
        steered(
            workspace, "extend_study", chosen, **kept_terms(before), state=status.state, n_finished=status.n_finished
        ) as entry,
    ):
        after = chosen.extend(
            n_trials=total_trials,
            time_limit_s=total_time_s,
            trial_time_limit_s=trial_time_limit_s,
            needs_approval=needs_approval,
            models=competing,
            without=tuple(without or ()),
            constraints=[*bounds, *(constraints or ())] if constraints or without_constraints else None,
        )
        if goes_on and _has_room(before, after):
            workspace.runner.control(chosen.name, "resume")
        entry.says = f"the terms of {chosen.title} were changed"
        entry.is_kept = before != after
    return TermsChanged(
        study=chosen.title,
        before=_terms(before),
        after=_terms(after),
        state=state_of(workspace, chosen),
    )


def _require_same_objective(study: Study, objective: list[str] | None) -> None:
    """Raises ToolInputError: the trials so far were chosen, stopped early and ranked by another one."""
    if objective is None:
        return
    with correctable():
        wanted = Goal.parse(tuple(objective))
    if wanted.objectives != study.spec.goal.objectives:
        present = ", ".join(one.metric for one in study.spec.goal.objectives)
        raise ToolInputError(
            f"{study.title} is ranked by {present}, and its trials were chosen and stopped early by that, so its"
            f" objective stays; “tune like {study.title}, optimise {' and '.join(objective)}” begins one like it"
        )


def _has_room(before: StudySpec, after: StudySpec) -> bool:
    """Whether more was allowed, so that there is something to go on with."""
    return after.n_trials > before.n_trials or (after.time_limit_s or 0) > (before.time_limit_s or 0)


def kept_terms(spec: StudySpec) -> dict[str, object]:
    """What taking a change back needs."""
    return {
        "n_trials": spec.n_trials,
        "time_limit_s": spec.time_limit_s,
        "trial_time_limit_s": spec.trial_time_limit_s,
        "needs_approval": spec.needs_approval,
        "models": list(spec.models),
        "constraints": [constraint.to_text() for constraint in spec.goal.constraints],
    }


def _terms(spec: StudySpec) -> Terms:
    """What a study may use and must keep to."""
    return Terms(
        n_trials=spec.n_trials,
        time_limit_s=spec.time_limit_s,
        trial_time_limit_s=spec.trial_time_limit_s,
        needs_approval=spec.needs_approval,
        models=spec.models,
        constraints=tuple(str(constraint) for constraint in spec.goal.constraints),
    )
