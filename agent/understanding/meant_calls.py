"""The reading call that is meant where the network chose a near one: of one trial, of the best."""

import re
from dataclasses import replace

from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import is_chinese
from agent.words.names import read

_REASON = re.compile(r"\b(?:why|what\s+makes|what\s+made|how\s+come|reasons?|because\s+of\s+what)\b", re.IGNORECASE)
_WON = re.compile(r"\b(?:won|wins?|winner|winning)\b", re.IGNORECASE)


def meant_calls(plan: Plan, known: Known) -> Plan:
    """The plan, which acts in nothing, with such calls in place."""
    return _of_the_best(replace(plan, requests=tuple(_of_one(one, plan.say) for one in plan.requests)), known)


_NOTE = re.compile(r"\b(?:notes?|lessons?|rules?|remember\w*|told|said|memor\w+)\b", re.IGNORECASE)


def without_slips(plan: Plan, known: Known) -> Plan:
    """The plan without the forgetting of a note where a sampler or a model is spoken of: "forget the advisor, then"."""
    if len(plan.requests) > 1:
        plan = replace(plan, requests=tuple(one for one in plan.requests if not _is_no_sum(one)))
    if is_chinese(plan.say) or _NOTE.search(plan.say) or not read(plan.say, known.names).of("sampler", "model"):
        return plan
    return replace(
        plan,
        requests=tuple(request for request in plan.requests if request.tool != "forget_lesson"),
        held=tuple(one for one in plan.held if one.request.tool != "forget_lesson"),
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


def _of_the_best(plan: Plan, known: Known) -> Plan:
    """Why "that one" won is asked of the trial that did, unless another is named by its number."""
    asks = _WON.search(plan.say) and not re.search(r"\d", plan.say)
    if not asks or not known.ranking or [request.tool for request in plan.requests] != ["explain_trial"]:
        return plan
    request = plan.requests[0]
    if request.args.get("study") not in (None, known.study):
        return plan
    return replace(plan, requests=(request.with_args(trial=known.ranking[0]),))
