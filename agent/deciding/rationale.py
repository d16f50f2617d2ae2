"""A decider's reason, checked against what it was shown and what it chose: its own params and expectation are facts."""

from dataclasses import replace
from typing import Any

from agent.deciding.acts import BringIn, Draft, LeaveOut, Longer, Own, Repeat, SetRange, Take
from agent.deciding.context import DecisionContext
from agent.grounding.checking import MARK, Checked, checked
from agent.grounding.fact import Call, Subject
from agent.grounding.known import Known
from agent.standing import ordered
from memory.record import TrialRecord

CUT = "(something was cut)"  # behind a reason that lost a sentence


def checked_reason(context: DecisionContext, draft: Draft) -> Checked:
    """The draft's rationale with only what holds; it is shown as it is, so marks are plain words."""
    found = checked(draft.rationale, known_of(context, draft), is_marked=False)
    return replace(found, text=found.text.replace(MARK, MARK.strip("*")))


def known_of(context: DecisionContext, draft: Draft) -> Known:
    """What a decider may speak of: what it was shown, and its own choice."""
    return Known.of(
        [
            *(
                Call(tool="recall_trials", args={}, result=_trial(record) | {"likeness": likeness})
                for record, likeness in context.recalled
            ),
            Call(tool="describe_dataset", args={}, result={"dataset": "data", "profile": dict(context.profile)}),
            Call(tool="study_status", args={}, result=_study(context)),
            Call(tool="propose_trial", args={}, result=_proposal(context, draft)),
            *_range(context, draft),
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
        "trials": [_trial(record) | _interval(context, record) for record in context.records],
        "baselines": [
            {"model": one.model, "value": one.value, "low": one.low, "high": one.high, "half_width": one.spread}
            for one in context.baselines
            if one.value is not None
        ],
        "time_left_s": context.terms.time_left_s,
        "trial_time_limit_s": context.terms.trial_time_limit_s,
        "patience": context.terms.patience,
        "n_left": context.n_trials - len(context.records),
        "repeats_sd": context.noise.repeats_sd,
        "n_repeats": context.noise.n_repeats,
        **_users(context),
    }


def _interval(context: DecisionContext, record: TrialRecord) -> dict[str, Any]:
    """How sure the trial's value is."""
    over = context.noise.intervals.get(record.number)
    return {} if over is None else {"interval": [over.low, over.high], "half_width": over.half_width}


def _users(context: DecisionContext) -> dict[str, Any]:
    """Over how many users values are means, and with what standard error."""
    over = next(iter(context.noise.intervals.values()), None)
    return {} if over is None else {"n_users": over.n_users, "standard_error": over.half_width / 1.96}


def _trial(record: TrialRecord) -> dict[str, Any]:
    points = {f"at_{epoch}": value for epoch, value in enumerate(record.curve, start=1) if value is not None}
    curve = {"epochs": len(record.curve), **_peak(record), **points} if len(record.curve) > 1 else {}
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
    model, params = _chosen(context, draft)
    return {
        "study": context.study,
        "objective": context.goal.primary.metric,
        "proposal": {
            "number": context.number,
            "model": model,
            "params": params,
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
                    "chosen": isinstance(draft.act, Take) and draft.act.candidate == place,
                }
                for place, candidate in enumerate(context.candidates)
            ],
        },
    }


def _chosen(context: DecisionContext, draft: Draft) -> tuple[str | None, dict[str, Any]]:
    """The model and the params that the draft speaks of, whether they are legal or not."""
    records = {record.number: record for record in context.records}
    match draft.act:
        case Take(candidate=place) if 0 <= place < len(context.candidates):
            return context.candidates[place].model, dict(context.candidates[place].params)
        case Own() as own:
            return own.model, dict(own.params)
        case Repeat(trial=number) if number in records:
            return records[number].model, dict(records[number].params)
        case Longer() as longer if longer.trial in records:
            more = {"epochs": longer.epochs} | ({"patience": longer.patience} if longer.patience else {})
            return records[longer.trial].model, dict(records[longer.trial].params) | more
        case SetRange() | LeaveOut() | BringIn() as change:
            return change.model, {}
    return None, {}


def _range(context: DecisionContext, draft: Draft) -> list[Call]:
    """The bounds that a draft sets."""
    act = draft.act
    if not isinstance(act, SetRange):
        return []
    low, high = (act.high if act.low is None else act.low), (act.low if act.high is None else act.high)
    given = f"[{low}, {high}]" if act.choices is None else ", ".join(map(str, act.choices))
    about = {"study": context.study, "model": act.model, "param": act.param, "range": given}
    return [Call(tool="set_search_space", args={}, result={"models": {act.model: [about]}})]
