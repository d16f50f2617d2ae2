"""The model's defaults: trial 0, against which every change is measured."""

from agent.advisor.situation import Situation
from agent.cut_defaults import defaults_named
from agent.proposal import Candidate


def suggest(situation: Situation, model: str) -> Candidate | None:
    """The defaults, as long as no trial of the model ran; None afterwards, and where a study does without."""
    if not situation.runs_defaults:
        return None
    params = situation.spaces[model].defaults()
    if situation.of(model) or situation.objection(model, params):
        return None
    reason = f"{defaults_named(model, params)}, so that every later change is measured against them"
    return Candidate(model=model, params=params, source="defaults", reason=reason)
