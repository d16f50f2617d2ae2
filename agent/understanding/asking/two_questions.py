"""Two questions in one sentence, each answered by itself: "is it any good, and which param matters most?"."""

import re
from collections.abc import Callable
from dataclasses import replace

from agent.understanding.plan import Plan
from agent.words.acts import KEEPS

_WORD = r"(?:who|which|what|how|why|when|where|is|are|does|do|did|was|were|has)"
_BOTH = re.compile(
    rf"^\W*(?P<first>{_WORD}\b[^?.!;]{{6,}}?)\s*(?:,\s*and|\?\s*and|\band)\s+(?P<second>{_WORD}\b[^?.!;]{{6,}})\W*$",
    re.IGNORECASE,
)


def halves(say: str) -> tuple[str, str] | None:
    """Both questions; None for any other message."""
    match = _BOTH.match(say)
    return None if match is None else (match["first"], match["second"])


def with_both(plan: Plan, planned: Callable[[str], Plan]) -> Plan:
    """The plan with what answers the question that it left out; the plan itself where it answers both, or does more.

    Args:
        planned: The plan of other words in the same dialogue.
    """
    both = halves(plan.say)
    if both is None or len(plan.requests) != 1 or plan.acting or plan.held or plan.waiting or plan.answer:
        return plan
    plans = [planned(one) for one in both]
    if any(one.acting or one.held or one.waiting or one.answer or not one.requests for one in plans):
        return plan
    if any(call.tool in KEEPS for one in plans for call in one.requests):
        return plan
    if plans[0].requests[0].tool == plans[1].requests[0].tool:
        return plan
    requests = [replace(call, words=half) for half, one in zip(both, plans, strict=True) for call in one.requests]
    return replace(plan, requests=tuple(requests))


def parted(plan: Plan) -> list[Plan]:
    """One plan for each of both questions, where each has its own calls; else the plan alone."""
    both = halves(plan.say)
    if both is None or {one.words for one in plan.requests} != set(both):
        return [plan]
    return [replace(plan, say=half, requests=tuple(one for one in plan.requests if one.words == half)) for half in both]
