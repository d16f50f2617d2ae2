"""The words by which studies and trials are pointed at without their names."""

import re

from agent.words.spelling import loosely

_STUDY = rf"(?:{loosely('study', 'studies')}|search|experiment)"
_THE = r"(?:the|that|this|my|our|your|teh)\s+(?:(?:same|old|earlier|previous|other|finished|whole)\s+)?"
_NAME = r"(?:{model}|{dataset})"
_NAMES = rf"{_NAME}(?:\s*(?:[/,+&]|\band\b|\bwith\b|\bplus\b)?\s*{_NAME})*"
_HAS = (
    r"(?:with|on|about|for|of|using|tuning|containing|having|(?:that|which)\s+(?:has|had|uses|used|tunes|tuned|tried|ran|was|is|were)(?:\s+(?:on|with|about|for))?|"
    r"where\s+(?:we|you|i)\s+(?:used|tuned|tried|ran|had|trained|ran))"
)
_NOT = r"(?P<not>without|that\s+(?:isn'?t|is\s+not)\s+(?:on|about|with)|not\s+(?:on|with|about))"
_WITH_NAMES = rf"\b(?P<the>{_THE})(?P<noun>{_STUDY}|one)\s*,?\s*(?:{_HAS}|{_NOT})\s+(?:the\s+|only\s+)*(?P<what>{_NAMES})(?:\s+(?:in(?:side)?(?:\s+(?:it|there))?|data(?:\s?set)?|models?|only|on\s+it))*"
_OF_NAMES = rf"(?P<the>\b{_THE}|)(?<!\w)(?P<what>{_NAMES})(?:\s+only)?\s+(?P<noun>{_STUDY}|one)\b(?P<not>)"
DESCRIBED = (_WITH_NAMES, _OF_NAMES)
ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4}
_NTH = r"(?P<nth>first|1st|second|2nd|third|3rd|fourth|4th|fifth|oldest|earliest|newest|latest)"
NTH = (
    rf"\b(?:the\s+|that\s+|my\s+|our\s+|this\s+)?(?:very\s+)?{_NTH}\s+(?:one\s+)?"
    rf"(?:(?:of|in|from)\s+(?:the|these|those|my|our|your)\s+(?:(?:{{number}}|two|three|four)\s+)?)?(?P<noun>{_STUDY})\b"
)
LISTED = (
    r"(?:\b(?:the|that)\s+(?:very\s+)?(?P<nth>first|1st|second|2nd|third|3rd|fourth|fifth|last|oldest|newest|latest)"
    r"(?:\s+(?:one|data\s?set|study))?(?:\s+(?:of|in|from|on)\s+(?:them|these|those|that\s+list|the\s+(?:list|two)))?)(?=\s*(?:[,.;:!?]|$|please\b|and\b|to\b))"
)
ONE_OF = rf"\b(?:one|any|some)\s+of\s+(?:the|my|our|these|those|your)\s+(?:(?:{{number}}|two|three)\s+)?{_STUDY}\b"
BEFORE = r"(?:\bthe\s+)?(?:\b(?:one|trial|run|trail)|{number})\s+(?:just\s+|right\s+|directly\s+|immediately\s+)?(?P<side>before|after|preceding|following)\s+(?:(?:trial|run|number|no\.?|#)\s*)*(?P<n>{trial}|{number}(?=\s*(?:[,.;:!?]|$)))"
FORMER = r"\b(?:the\s+)?(?P<which>former|latter)\b(?:\s+(?P<noun>study|trial|one)\b)?(?:\s+of\s+(?:the|these|those|them)(?:\s+two)?)?"
BEGINS = re.compile(
    r"\b(?:start|begin|launch|kick\s+off|create|set\s+up|run|make|do|new|another|fresh|an?)\s+(?:(?:a|an|the|my|our|me|us|new)\s+)*$",
    re.IGNORECASE,
)
"""A study that is begun is none that there is."""
MOVES = re.compile(
    r"\b(?:open|delete|remove|drop|rename|call|name|stop|pause|resume|continue|extend|confirm|export|show|explain|switch\s+to|go\s+to|back\s+to|in|of|from|not|for|to)\s+(?:me\s+)?$",
    re.IGNORECASE,
)
