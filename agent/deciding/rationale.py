"""A decider's reason, checked against what it was shown and what it chose: its own params and expectation are facts."""

from typing import Any

from agent.deciding.decision import DecisionContext, Draft
from agent.grounding.checking import Checked, checked
from agent.grounding.fact import Call, Subject
from agent.grounding.known import Known
from agent.standing import ordered
from memory.record import TrialRecord

CUT = "(something was cut)"  # behind a reason that lost a sentence


def checked_reason(context: DecisionContext, draft: Draft) -> Checked:
    """The draft's rationale with only what holds."""
    return checked(draft.rationale, known_of(context, draft), is_marked=False)


def known_of(context: DecisionContext, draft: Draft) -> Known:
    """What a decider may speak of: what it was shown, and its own choice."""
    return Known.of(
        [
            *(Call(tool="recall_trials", args={}, result=_trial(record)) for record, _ in context.recalled),
            Call(tool="describe_dataset", args={}, result={"dataset": "data", "profile": dict(context.profile)}),
            Call(tool="study_status", args={}, result=_study(context)),
            Call(tool="propose_trial", args={}, result=_proposal(context, draft)),
        ],
        [lesson.text for lesson in context.lessons] + ([context.request] if context.request else []),
        about=Subject(kind="trial", name=str(context.number), study=context.study),
    )


def _study(context: DecisionContext) -> dict[str, Any]:
    complete = [record for record in context.records if record.state == "complete" and record.value is not None]
    best = ordered(context.goal, complete)[:1]
    return {
        "study": context.study,
        "objective": context.goal.primary.metric,
        "goal": str(context.goal),
        "n_finished": len(context.records),
        "n_trials": context.n_trials,
        "best": {"number": best[0].number, "value": best[0].value} if best else None,
        "models": {
            model: [{"param": name, "range": str(param), "default": param.default} for name, param in space.items()]
            for model, space in context.spaces.items()
        },
        "trials": [_trial(record) for record in context.records],
    }


def _trial(record: TrialRecord) -> dict[str, Any]:
    curve = {"epochs": len(record.curve), **_peak(record)} if len(record.curve) > 1 else {}
    return {
        "trial": record.id,
        "model": record.model,
        "params": dict(record.params),
        "state": record.state,
        "objective": record.objective,
        "value": record.value,
        "expected": record.expected,
        "proposer": record.proposer,
        "reason": record.reason,
        "curve": curve,
        "metrics": dict(record.metrics) | dict(record.cost),
    }


def _peak(record: TrialRecord) -> dict[str, Any]:
    known = {epoch: value for epoch, value in enumerate(record.curve, start=1) if value is not None}
    if not known:
        return {}
    at = max(known, key=lambda epoch: record.sign * known[epoch])
    return {"best_epoch": at, "best": known[at], "last": known[max(known)], "first": known[min(known)]}


def _proposal(context: DecisionContext, draft: Draft) -> dict[str, Any]:
    place = -1 if draft.candidate is None else draft.candidate
    taken = context.candidates[place] if 0 <= place < len(context.candidates) else None
    return {
        "study": context.study,
        "objective": context.goal.primary.metric,
        "proposal": {
            "number": context.number,
            "model": taken.model if taken else draft.model,
            "params": dict(taken.params if taken else draft.params or {}),
            "proposer": "llm",
            "expected": draft.expected,
            "considered": [
                {
                    "source": candidate.source,
                    "model": candidate.model,
                    "params": dict(candidate.params),
                    "reason": candidate.reason,
                    "mean": candidate.mean,
                    "spread": candidate.spread,
                    "interval": candidate.interval,
                    "chosen": candidate is taken,
                }
                for candidate in context.candidates
            ],
        },
    }
