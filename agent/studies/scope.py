"""What a language model may do to a study at a moment, apart from choosing its next trial."""

from collections.abc import Mapping
from dataclasses import replace

from agent.deciding.acts import End
from agent.deciding.study_rules import MAX_STEPS
from agent.errors import USER_ERRORS
from agent.studies.moment import Moment
from agent.studies.preconditions import check_change
from agent.studies.saved_state import SavedState
from agent.studies.study_spec import StudySpec, usual_models


def may_act(moment: Moment) -> bool:
    """Whether the study itself wants a trial, for which the model may first do something to the study."""
    n_steps = sum(deed.after == len(moment.records) for deed in moment.saved.deeds)
    return moment.work is not None and n_steps < MAX_STEPS


def reserve(moment: Moment) -> dict[str, bool]:
    """Models that suit the task and may come in; True: only with the person's yes, who did not want them so far."""
    spec, created = moment.spec, moment.created
    own = _left_out_by_model(moment)
    others = [model for model in (*created.models, *usual_models(spec.goal)) if model not in spec.models]
    return {model: model not in own for model in dict.fromkeys(others) if _suits(spec, model, moment.profile)}


def _left_out_by_model(moment: Moment) -> set[str]:
    """Models that the language model left out, which nobody asked it to."""
    found, models = set[str](), set(moment.created.models)
    for change in moment.saved.changes:
        if change.models is None:
            continue
        gone = models - set(change.models)
        found = (found - set(change.models)) | (gone if change.by == "llm" else set())
        models = set(change.models)
    return found


def _suits(spec: StudySpec, model: str, profile: Mapping[str, float]) -> bool:
    if not len(spec.space(model)):  # nothing to tune
        return False
    try:
        check_change(replace(spec, models=(model,)), profile, spec.dataset)
    except USER_ERRORS:
        return False
    return True


def is_ended_by_model(saved: SavedState) -> bool:
    """Whether a language model ended the study, which the person may resume."""
    return saved.state == "finished" and bool(saved.deeds) and isinstance(saved.deeds[-1].act, End)
