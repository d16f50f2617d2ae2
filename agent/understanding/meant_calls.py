"""The reading call that is meant where the network chose a near one: of one trial, of the best."""

import re
from dataclasses import replace

from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import gloss, is_chinese
from agent.words.names import read

_REASON = re.compile(r"\b(?:why|what\s+makes|what\s+made|how\s+come|reasons?|because\s+of\s+what)\b", re.IGNORECASE)
_WON = re.compile(r"\b(?:won|wins?|winner|winning)\b", re.IGNORECASE)


def meant_calls(plan: Plan, known: Known) -> Plan:
    """The plan, which acts in nothing, with such calls in place."""
    plan = replace(plan, requests=tuple(_of_one(one, plan.say) for one in plan.requests))
    return _of_two(_of_the_best(plan, known), known)


FORGETS = re.compile(
    r"\b(?:forg[eo]?t\w*|frog[eo]t|fog[eo]t|un-?learn\w*|remov\w+|delet\w+|drop\w*|eras\w+|discard\w*|(?:get|be)\s+rid|throw|scratch|strike|cross|clear|wipe|scrap|trash|bin|purge|ditch|lose|unsay|undo|revoke|retract|"
    r"withdraw|cancel|lift|ignore|disregard|take\s+(?:back|away|out)|never\s?mind|(?:can|should|must|may)\s+go|no\s+longer|not\s+\w+\s+any\s?more|rm|del)\b",
    re.IGNORECASE,
)
"""What asks for something to go."""
_NOTE = re.compile(r"\b(?:notes?|lessons?|rules?|remember\w*|told|said|memor\w+)\b", re.IGNORECASE)


_WOULD_HAVE = re.compile(r"\bwould(?:n'?t)?\b[^.;?!]*\bhave\s+\w+", re.IGNORECASE)
_NOT_TOLD = (
    "What would have happened otherwise cannot be told: only what ran was measured. Nothing was proposed or run."
)


def without_slips(plan: Plan, known: Known, *, is_asked: bool = False) -> Plan:
    """The plan without the forgetting of a note that nothing asks for: no word of removing, or another thing is named.

    Args:
        is_asked: Whether the message may answer which note shall be forgotten.
    """
    if [one.tool for one in plan.requests] == ["propose_trial"] and _WOULD_HAVE.search(plan.say):
        return replace(plan, requests=(), answer=_NOT_TOLD)  # a proposal would wait for a yes
    if len(plan.requests) > 1:
        plan = replace(plan, requests=tuple(one for one in plan.requests if not _is_no_sum(one)))
    if is_chinese(plan.say):
        return plan
    if not may_forget(plan.say, known) or not (is_asked or FORGETS.search(plan.say)):
        return _without_forgetting(plan)
    is_of_note = _NOTE.search(plan.say) or not read(plan.say, known.names).of("sampler", "model")
    return plan if is_of_note else _without_forgetting(plan)


_TRIAL = re.compile(r"\btrials?\b", re.IGNORECASE)  # "number 2" may be a note's


def may_forget(say: str, known: Known) -> bool:
    """Whether a note can be meant: not where a study or a trial is named, and no word speaks of notes or of removing."""
    if is_chinese(say) or FORGETS.search(say) or _NOTE.search(say):
        return True
    return not read(say, known.names).of("study") and not _TRIAL.search(say)


def _without_forgetting(plan: Plan) -> Plan:
    asked = plan.waiting
    offers = asked is not None and any(one.tool == "forget_lesson" for one in asked.requests)
    return replace(
        plan,
        requests=tuple(request for request in plan.requests if request.tool != "forget_lesson"),
        held=tuple(one for one in plan.held if one.request.tool != "forget_lesson"),
        waiting=None if offers and asked is not None and asked.lacking != "tool" else asked,
    )


def _is_no_sum(request: Request) -> bool:
    """Whether what was taken for a sum next to other requests names nothing to calculate with."""
    sum_ = str(request.args.get("expression", ""))
    return request.tool == "calc" and re.search(r"\d|\bbest\b|\bdefaults?\b.*[-+/*%]", sum_) is None


def _of_one(request: Request, say: str) -> Request:
    """Comparing one trial with the others for a reason is asking why it is where it is."""
    trials = request.args.get("trials")
    if request.tool != "compare_trials" or not isinstance(trials, list | tuple) or len(trials) != 1:
        return request
    if not _REASON.search(say):  # the defaults are trial 0
        return request.with_args(trials=[0, *trials] if trials[0] != 0 else None)
    args = {name: value for name, value in request.args.items() if name != "trials"}
    return replace(request, tool="explain_trial", args=args | {"trial": trials[0]})


_THAN = re.compile(r"\b(?:better|worse|higher|lower|faster|slower|good|bad)\b", re.IGNORECASE)


def _of_two(plan: Plan, known: Known) -> Plan:
    """Why one trial did better or worse than another is told of both, next to each other, and of the one that it is asked of."""
    say = gloss(plan.say) if is_chinese(plan.say) else plan.say
    trials = list(dict.fromkeys(span.value for span in read(say, known.names).of("trial")))
    tools = [request.tool for request in plan.requests]
    if len(trials) != 2 or tools not in (["explain_trial"], ["compare_trials"]):
        return plan
    if not (_REASON.search(say) and _THAN.search(say)):
        return plan
    study = {name: value for name, value in plan.requests[0].args.items() if name == "study"}
    compares = Request(tool="compare_trials", args={"trials": trials, **study}, mood="question", words=plan.say)
    explains = Request(tool="explain_trial", args={"trial": trials[0], **study}, mood="question", words=plan.say)
    return replace(plan, requests=(compares, explains))


def _of_the_best(plan: Plan, known: Known) -> Plan:
    """Why "that one" won is asked of the trial that did, unless another is named by its number."""
    asks = _WON.search(plan.say) and not re.search(r"\d", plan.say)
    if not asks or not known.ranking or [request.tool for request in plan.requests] != ["explain_trial"]:
        return plan
    request = plan.requests[0]
    if request.args.get("study") not in (None, known.study):
        return plan
    return replace(plan, requests=(request.with_args(trial=known.ranking[0]),))
