"""Whether a message asks which of two studies did better, and which two: "is demo-1 better than demo-2?"."""

import re

from agent import outside
from agent.understanding.arguments.study_words import study_meant
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import gloss, is_chinese
from agent.words.names import read

_COMPARES = re.compile(
    r"\b(?:better|worse|best|compar\w*|vs\.?|versus|beats?|against|ahead|behind|difference|differ|outperform\w*|than|w[io]ns?|winner)\b",
    re.IGNORECASE,
)
_OF_BOTH = re.compile(
    r"\b(?:which|what)\s+(?:\w+\s+)?(?:study|search|of\s+(?:the|my|our|these|those)\s+(?:two\s+|2\s+)?(?:studies|searches))\b|"
    r"\b(?:compare|between)\s+(?:the|my|our|these|those|both)\s+(?:two\s+|2\s+|both\s+)?(?:studies|searches)\b|"
    r"\b(?:two|both)\s+(?:studies|searches)\b",
    re.IGNORECASE,
)
_WITH_THIS = re.compile(
    r"\b(?:this|it|here|the\s+(?:current|present)\s+(?:one|study))\b.*\b(?:than|against|vs\.?|versus|to|with|beats?)\b|"
    r"\b(?:than|against|vs\.?|versus|beats?)\b.*\b(?:this|it|here)\b",
    re.IGNORECASE,
)
_LATEST = r"(?:last|latest|newest|(?:most\s+)?recent)"
_LAST_TWO = re.compile(
    rf"\b{_LATEST}\s+(?:two|2)\s+(?:studies|searches)\b|\b(?:two|2)\s+{_LATEST}\s+(?:studies|searches)\b|"
    r"(?:最近|最后|最新)的?(?:两|2|二)个?研究",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    rf"\b(?:{_LATEST}\s+(?:\d+|few|three|four|five|six)|all(?:\s+(?:of\s+)?(?:the|my|our|these|those))?)\s+(?:studies|searches)\b|"
    r"(?:最近|最后|最新)的?(?:几|三|四|五|\d+)个?研究|所有(?:的)?研究",
    re.IGNORECASE,
)
_ONE_BEFORE = re.compile(
    r"\b(?:the\s+)?(?:one|study|search)\s+(?:just\s+|right\s+)?before\b(?!\s+(?:trial|#|\d))|"
    r"\b(?:the|its|my|our|that)\s+(?:previous|preceding|prior)\s+(?:one|study|search)\b|\bpredecessor\b|[前上]一个(?:研究)?",
    re.IGNORECASE,
)
_OF_STUDY = re.compile(r"\b(?:stud(?:y|ies)|search(?:es)?)\b|研究", re.IGNORECASE)
_OF_TRIALS = re.compile(r"\btrials?\s*(?:#\s*)?\d", re.IGNORECASE)


def asks_of_studies(say: str, known: Known, dialogue: Dialogue) -> Request | None:
    """What compares the studies that a message sets against each other; of more than two, their list."""
    text = gloss(say) if is_chinese(say) else say
    if not _COMPARES.search(text) or _OF_TRIALS.search(text):
        return None
    named = list(dict.fromkeys(str(span.value) for span in read(text, known.names).of("study")))
    if len(named) == 2:
        return _compared(named[0], named[1])
    here = dialogue.study or known.study
    both = f"{say}\n{text}"
    if not named and _LAST_TWO.search(both) and len(known.studies) > 1:
        return _compared(*known.studies[:2])
    if not named and _SEVERAL.search(both):
        return Request(tool="list_studies")
    if _ONE_BEFORE.search(both) and (named or _OF_STUDY.search(both) or not dialogue.trials):
        one = named[0] if named else here
        before = _before(one, known)
        return _compared(one, before) if one is not None and before is not None else Request(tool="list_studies")
    if not named and _OF_BOTH.search(text):
        return Request(tool="list_studies") if len(known.studies) != 2 else _compared(*known.studies)
    meant = study_meant(say, known, dialogue) if _WITH_THIS.search(text) else None
    return _compared(here, meant) if here and meant and meant in known.studies and meant != here else None


_TRIAL_OF = re.compile(r"\btrials?\s*#?\s*\d+\s+(?:of|in|from)\s+(?:the\s+)?(?:study\s+)?\S", re.IGNORECASE)


def none_before(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """That no study was begun before the oldest, where it is to be compared with that one."""
    text = gloss(say) if is_chinese(say) else say
    both = f"{say}\n{text}"
    if not _COMPARES.search(text) or _OF_TRIALS.search(text) or not _ONE_BEFORE.search(both):
        return None
    named = list(dict.fromkeys(str(span.value) for span in read(text, known.names).of("study")))
    one = named[0] if named else dialogue.study or known.study
    if len(named) > 1 or not known.studies or one != known.studies[-1] or not (named or _OF_STUDY.search(both)):
        return None
    name = outside.code(one)
    after = f" The one after it is {outside.code(known.studies[-2])}." if len(known.studies) > 1 else ""
    english = f"{name} is the oldest study: there is none before it to compare it with.{after}"
    later = f"它之后的是 {outside.code(known.studies[-2])}。" if len(known.studies) > 1 else ""
    return Plan(say=say, answer=f"{name} 是最早的研究，之前没有可以比较的。{later}" if is_chinese(say) else english)


_WITHIN_ONE = (
    "Single trials are compared within one study; of two studies, the best of each. `explain trial …` of either study "
    "tells the trial itself."
)


def trials_across(say: str, known: Known) -> Plan | None:
    """What is answered where a trial of one study is to be compared with a trial of another."""
    named = list(dict.fromkeys(str(span.value) for span in read(say, known.names).of("study")))
    if len(named) != 2 or len(_TRIAL_OF.findall(say)) != 2 or not _COMPARES.search(say):
        return None
    return Plan(say=say, answer=_WITHIN_ONE, requests=(_compared(*named),))


def _before(study: str | None, known: Known) -> str | None:
    """The study that was begun before that one."""
    if study not in known.studies:
        return None
    return next(iter(known.studies[known.studies.index(study) + 1 :]), None)


def _compared(one: str, other: str) -> Request:
    return Request(tool="compare_trials", args={"study": one, "against_study": other})
