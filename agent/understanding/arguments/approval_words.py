"""Whether each trial waits for the person's yes: "ask me before each trial", "no approval", "don't ask"."""

import re
from typing import Any

from agent.understanding.bounds.stretch import Stretch
from agent.words.said import Said

_APPROVAL = (
    r"\b(?:ask|check\s+with|wait\s+for|consult|show)\s+me\b[^.;]{0,24}\b(?:before|first|each|every)|\b(?:with|needs?|wait\s+for)\s+my\s+(?:approval|ok\w*|go|confirmation)|"
    r"\bi\s+(?:want\s+to\s+|will\s+|would\s+like\s+to\s+|'?d\s+like\s+to\s+|'?ll\s+|must\s+)?(?:approve|confirm|sign\s+off|okay)\b|\b(?:approvals?|approve)\b|\bask(?:ing)?\s+(?:me\s+)?(?:before|each)|"
    r"\b(?:before|prior\s+to)\s+(?:each|every|any|a|the)\b[^.;]{0,40}\b(?:ask|check\s+with|consult|wait\s+for|approv\w+)\b|先问我|经我同意"
)
NO_APPROVAL = (
    r"\b(?:no(?:\s+more|\s+further|\s+need\s+(?:for|of))?|without|don'?t\s+need|skip(?:ping)?|not?\s+(?:any\s+)?need(?:ed|ing)?|turn\s+off|disable|w/o)\s+(?:my\s+|any\s+|the\s+|of\s+)*(?:approvals?|confirmations?\s+(?:of|for|before)\s+(?:each|every)|oks?\b)|"
    r"\bapprovals?\s*(?:=|:)?\s*(?:mode\s+)?(?:off|not\s+needed|not\s+necessary|unnecessary|no|false|none)\b|"
    r"\b(?:without|w/o|no|stop|quit)\s+(?:(?:ever|always|even)\s+)?(?:asking|bothering|consulting|checking\s+with|waiting\s+for)\b(?!\s+(?:about|why|how|what|for\s+more))(?:\s+(?:me|us|my\s+\w+))?|"
    r"\bapprove\s+(?:all|every(?:thing)?|any(?:thing)?|the\s+(?:rest|others))\b[^.;!?]{0,30}?\b(?:from\s+now\s+on|automatically|by\s+yourself)\b|\bauto(?:matically)?[\s-]?approve\b|"
    r"\b(?:do\s+not|don'?t)\s+(?:want|need|like|wish|have)\s+to\s+be\s+(?:asked|bothered|consulted)\b|"
    r"\b(?:do\s+not|don'?t|no\s+need\s+to|never|need\s+not|needn'?t|you\s+(?:must|should)\s+not)\s+(?:have\s+to\s+)?(?:ask|bother|consult|check\s+with|wait\s+for)\b(?!\s+(?:about|why|how|what|for))(?:\s+(?:me|us|my\s+\w+))?|"
    r"(?:不用|不要|别|无需|不必)(?:再)?(?:先)?(?:问我|征求|等我)|(?:不用|不要|无需|不必)(?:我)?(?:的)?(?:批准|同意|确认)"
)
_FILLING = (
    r"please|pls|between|from|now|on|any|more|further|again|the|a|an|just|only|simply|run|go|on|ahead|continue|it|them|all|rest|of|trials?|others?|remaining|each|every|next|before|first|"
    r"and|or|but|then|so|ok|okay|for|this|that|study|here|anymore|time|always|me|i|you|can|want|to|with|my|am|fine|every|一|个|次|试|验|了|吧|每|都"
)
"""Words around it that order nothing else."""


def approval_in(stretch: Stretch) -> dict[str, Any]:
    """The argument `needs_approval`; empty where nothing is said of it."""
    if stretch.has(NO_APPROVAL):
        return {"needs_approval": False}
    return {"needs_approval": True} if stretch.has(_APPROVAL) else {}


def says_approval(stretch: Stretch) -> bool:
    """Whether the words are of approval alone: no name, no amount."""
    names = stretch.spans("model", "study", "dataset", "param", "path", "number", "duration", "trial", "metric")
    return bool(approval_in(stretch)) and not names


def is_approval_alone(said: Said) -> bool:
    """Whether a message says only whether trials are asked about: "stop asking me", "no more approvals please"."""
    whole = Stretch(said, [(0, len(said.text))])
    if "?" in said.text or not says_approval(whole):
        return False
    left = re.sub(f"{NO_APPROVAL}|{_APPROVAL}", " ", said.marked, flags=re.IGNORECASE)
    return re.fullmatch(rf"(?:\W|(?:{_FILLING})\b)*", left, re.IGNORECASE) is not None
