"""A recorded choice of a trial, again: what was known and answered then, under the prompt, checks and gate of today."""

from dataclasses import fields

from agent.advisor.situation import Situation
from agent.deciding.context import DecisionContext
from agent.deciding.decision import Chooser
from agent.deciding.model_decider import ModelDecider
from agent.recording.lines import Lines
from agent.recording.plain import built
from agent.recording.reading import Passage
from agent.recording.recorder import Recorder
from agent.replaying.chat_models import replaying_model
from agent.replaying.turns import passage_of

_PATIENCE_S = 3600.0  # the record answers at once


def replayed_decision(passage: Passage) -> Passage:
    """The decision as it goes today; where no model was asked, the advisor's choice."""
    decided = passage.lines[-1]
    data = dict(decided["context"])
    context: DecisionContext = built(DecisionContext, data)
    shared = {field.name: data[field.name] for field in fields(Situation) if field.name in data}
    situation: Situation = built(Situation, shared | dict(decided["situation"]))
    lines = Lines()
    recorder = Recorder(lines)
    exchanges = passage.exchanges
    decider = None
    if exchanges:
        heard = recorder.decision(context.study, context.number)
        model = replaying_model(str(exchanges[0].prompt["model"]), passage)
        decider = ModelDecider(model, _PATIENCE_S, heard)
    proposal = Chooser(decider).choose(context, situation)
    recorder.decided(context.study, context.number, context=context, situation=situation, proposal=proposal)
    return passage_of(lines)
