"""Tools that steer a study: the next trial, the search space, pause and resume."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from agent.answers.confirmation import stopping
from agent.answers.evidence import finished, proposal_shown
from agent.answers.facts import quoted
from agent.confirming.opening import is_being_confirmed, stop_confirmation
from agent.deciding.own_params import OwnParams
from agent.errors import ToolInputError
from agent.proposal import Proposal
from agent.results.kept import as_json
from agent.results.prediction import SpaceChanged
from agent.results.proposal import Proposed, RepeatBegun, TrialBegun, TrialRejected
from agent.results.study import ConfirmationCutOff, StudySteered
from agent.studies.study import Study
from agent.tools.authorship import invented, is_agreed
from agent.tools.checking import acts_now, params_over
from agent.tools.making import correctable
from agent.tools.studies_at_hand import StudyName, model_with, state_of, steered, study_at_hand
from agent.workspace import Workspace

BaseTrial = Annotated[int | None, Field(description="a finished trial whose params are taken", ge=0)]


def propose_trial(
    workspace: Workspace,
    request: Annotated[str | None, Field(description="what the person wishes, in words", max_length=500)] = None,
    study: StudyName = None,
) -> Proposed:
    """Say which trial would come next and why, without running it; it stays pending until run_trial."""
    chosen = study_at_hand(workspace, study)
    return Proposed(
        study=chosen.title,
        objective=chosen.spec.goal.primary.metric,
        proposal=proposal_shown(chosen.propose(request)),
    )


def run_trial(
    workspace: Workspace,
    params: Annotated[dict[str, Any] | None, Field(description='{"learning_rate": 0.001}')] = None,
    model: Annotated[str | None, Field(description="left out: the study's, when it has one")] = None,
    base: BaseTrial = None,
    rationale: Annotated[str | None, Field(description="why, where you chose the values", max_length=400)] = None,
    expected: Annotated[float | None, Field(description="the objective that you expect then")] = None,
    study: StudyName = None,
) -> TrialBegun:
    """Run the proposal that waits ("run it", no params), or params, as the next trial.

    Params change the proposal that waits, if one does, else the model's defaults; with `base` those of that trial.
    Values that the person did not say are booked as yours: give a rationale.
    """
    chosen = study_at_hand(workspace, study)
    with correctable():
        wanted = _wanted(chosen, params, model, base)
    over = wanted.over if base is None else f"trial {base}"
    with correctable(), params_over(over), steered(workspace, "run_trial", chosen) as entry:
        own = {} if wanted.is_as_it_waits else invented(params or {})
        if own:
            name = model_with(chosen, wanted.params, wanted.model)
            proposal = chosen.run_own(_own_params(wanted.params, name, own, rationale, expected))
        elif wanted.waits is not None:
            proposal = _run_waiting(chosen, wanted)
        else:
            of = model_with(chosen, wanted.params, wanted.model) if wanted.params else wanted.model
            proposal = chosen.run_trial(wanted.params, of)
        entry.says = f"trial {proposal.number} of {chosen.title} was begun"
    return TrialBegun(
        study=chosen.title,
        trial=f"{chosen.name}/{proposal.number}",
        objective=chosen.spec.goal.primary.metric,
        state=chosen.state,
        proposal=proposal_shown(proposal),
    )


def reject_trial(
    workspace: Workspace,
    trial: Annotated[int | None, Field(description="the number of the one that waits", ge=0)] = None,
    reason: Annotated[str | None, Field(description="why, in the person's words", max_length=500)] = None,
    study: StudyName = None,
) -> TrialRejected:
    """Turn down the trial that waits for a yes; the study goes on and proposes another one ("no, not that one")."""
    chosen = study_at_hand(workspace, study)
    waits = chosen.waiting() if chosen.state == "waiting" else None
    if waits is None:
        raise ToolInputError(f"no trial of {chosen.title} waits for a yes")
    if trial not in (None, waits.number):
        raise ToolInputError(f"trial {trial} of {chosen.title} does not wait for a yes, trial {waits.number} does")
    with correctable(), steered(workspace, "reject_trial", chosen) as entry:
        chosen.reject(reason or "")
        entry.says = f"trial {waits.number} of {chosen.title} was rejected"
    return TrialRejected(
        study=chosen.title,
        trial=f"{chosen.name}/{waits.number}",
        number=waits.number,
        reason=quoted(reason or "", 500),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is to run: `params` of `model`, or what waits as it is."""

    params: Mapping[str, Any] | None
    model: str | None
    waits: Proposal | None = None  # the proposal that is run or changed

    @property
    def over(self) -> str:
        """Where the params come from that are not given."""
        if self.waits is not None:
            return f"the proposal that waits (trial {self.waits.number})"
        return "the defaults of the model" if self.params or self.model else "the sampler, which proposes one then"

    @property
    def is_as_it_waits(self) -> bool:
        """Whether the proposal that waits is run unchanged."""
        return self.waits is not None and _is_same(self.params or {}, self.waits.params)


def _is_same(params: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether they are the same as they are shown, with six digits."""
    return as_json(params) == as_json(other)


def _wanted(study: Study, params: Mapping[str, Any] | None, model: str | None, base: int | None) -> _Wanted:
    """The same in every state of the study: `base`, else what waits, else the model's defaults, each changed."""
    waits = study.waiting() if base is None else None
    if waits is None or model not in (None, waits.model) or not set(params or ()) <= set(waits.params):
        wanted, of = wanted_params(study, params, model, base)
        return _Wanted(params=wanted, model=of)
    return _Wanted(params={**waits.params, **(params or {})}, model=waits.model, waits=waits)


def _run_waiting(study: Study, wanted: _Wanted) -> Proposal:
    """Run what waits, changed or as it is; where the study waits for an approval, this is it."""
    changed = None if wanted.is_as_it_waits else wanted.params
    if study.state == "waiting":
        return study.approve(changed)
    rationale = "the proposal that waited, changed by the person"
    return study.run_trial() if changed is None else study.run_trial(changed, wanted.model, rationale)


def _own_params(
    params: Mapping[str, Any] | None,
    model: str,
    own: Mapping[str, Any],
    rationale: str | None,
    expected: float | None,
) -> OwnParams:
    """Raises ToolInputError: the language model gives no reason for its own values."""
    if not rationale and not is_agreed():
        raise ToolInputError(
            f"the person did not say {_told(own)}; give a `rationale` for your own values, or leave them out"
        )
    why = rationale or f"{_told(own)}: chosen by the language model, agreed to by the person"
    return OwnParams(model=model, params=params or {}, rationale=why, expected=expected, is_agreed=is_agreed())


def _told(params: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {quoted(value, 40) if isinstance(value, str) else value}" for name, value in params.items()
    )


def wanted_params(
    study: Study, params: Mapping[str, Any] | None, model: str | None, base: int | None
) -> tuple[Mapping[str, Any] | None, str | None]:
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
    return {**record.params, **(params or {})}, record.model


def repeat_trial(
    workspace: Workspace,
    trial: Annotated[int, Field(description="a finished trial's number", ge=0)],
    seed: Annotated[int | None, Field(description="left out: the next one of the study", ge=0)] = None,
    study: StudyName = None,
) -> RepeatBegun:
    """Run a finished trial once more with another seed, to see how far chance moves it."""
    chosen = study_at_hand(workspace, study)
    with correctable(), params_over(f"trial {trial}"), steered(workspace, "repeat_trial", chosen) as entry:
        proposal = chosen.repeat_trial(trial, seed)
        entry.says = f"trial {trial} of {chosen.title} was repeated as trial {proposal.number}"
    return RepeatBegun(
        study=chosen.title,
        trial=f"{chosen.name}/{proposal.number}",
        objective=chosen.spec.goal.primary.metric,
        repeats=trial,
        seed=proposal.seed,
        state=state_of(workspace, chosen),
        proposal=proposal_shown(proposal),
    )


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
) -> SpaceChanged:
    """Narrow, widen, fix or free one param of a study from the next proposal on."""
    chosen = study_at_hand(workspace, study)
    model = model or model_with(chosen, {param: None}, None)
    before = chosen.status().space.get(model, {}).get(param)
    kept = chosen.ranges().get(model, {}).get(param)
    with (
        correctable(),
        steered(workspace, "set_search_space", chosen, model=model, param=param, range=kept) as entry,
    ):
        picked = tuple(choices) if choices is not None else None
        space = chosen.narrow(model, param, low, high, picked, value, is_reset=reset)
        after = space.describe().get(param)
        entry.says = f"{param} of {model} in {chosen.title} went from {before} to {after}"
        entry.is_kept = before != after
    return SpaceChanged(study=chosen.title, model=model, param=param, before=before, after=after)


_SAME = {"pause": ("paused",)}
"""States that an action leaves as they are, so that there is nothing to be asked about or taken back."""


def control_study(
    workspace: Workspace, action: Literal["pause", "resume", "stop"], study: StudyName = None
) -> StudySteered | ConfirmationCutOff:
    """Pause, resume or stop a study. A stopped study keeps its trials and can be resumed.

    Stop also ends a confirmation of the study that runs; confirm goes on with it.
    """
    chosen = study_at_hand(workspace, study)
    before = chosen.state
    if action != "resume" and is_being_confirmed(workspace, chosen.name):
        acts_now()
    if action != "resume" and (confirmation := stop_confirmation(workspace, chosen.name)) is not None:
        return ConfirmationCutOff(study=chosen.title, action=action, state=before, stopped=stopping(confirmation))
    steps = {"pause": chosen.pause, "resume": chosen.resume, "stop": chosen.stop}
    if before not in _SAME.get(action, ()) and not (action == "stop" and chosen.is_stopping):
        with steered(workspace, "control_study", chosen, action=action, state=before) as entry:
            steps[action]()
            entry.says = f"{chosen.title} was told to {action}"
    status = chosen.status()
    return StudySteered(
        study=chosen.title,
        action=action,
        before=before,
        state=state_of(workspace, chosen),
        is_stopping=chosen.is_stopping,
        running=status.running,
        n_finished=status.n_finished,
        n_trials=status.n_trials,
        n_asked_for=max(0, status.n_finished - status.n_trials),
    )
