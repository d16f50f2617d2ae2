"""Trials in a message: numbers, "the last one", "the best two", "the third trial", "the defaults"."""

import re

from agent.llm.pilot.context import PilotContext
from agent.llm.pilot.numbers import digits

_TRIAL = r"(?:trials?|tr\.?|essais?|versuche?|ensayos?|prove|run|number|nr\.?|no\.?|#|n°)"
_LIST = r"\d+(?:\s*(?:,|;|/|&|\+|and|or|und|et|y|to|vs\.?|versus|against|with|from|mit|e|n)+\s*(?:trial\s*|#)?\d+)*"
_ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
}
_BEST = r"\b(?:best|top|winner|winning|leading|leader|champion|number one|beste[rsn]?|meilleure?|mejor)\b"
_LAST = r"\b(?:last|latest|newest|most recent|letzten?|dernier|último)\b"
_DEFAULTS = r"\b(?:defaults?|baseline|default config(?:uration)?|very first|trial zero)\b"


def one_trial(text: str, context: PilotContext) -> int | None:
    """The trial that the message is about; None where it names none, or one that is not known yet."""
    text = digits(text)
    named = re.search(rf"{_TRIAL}\s*(?:#|number|no\.?|nr\.?|:|=|n°)?\s*(\d+)(?![\w.]*\d)", text, re.IGNORECASE)
    if named:
        return int(named[1])
    loose = re.search(
        r"(?:\bfor|\bin|\bof|\babout|\band|\bat|\bwith|\bdid|\bis|\bwas|\bexport|\bexplain|\bchoice for|"
        r"\bwhat about)\s+(\d+)\s*(?:\?|$|fail|diverge|crash|so\b|do\b|stop)",
        text,
        re.I,
    )
    if loose:
        return int(loose[1])
    return _relative(text, context)


def _relative(text: str, context: PilotContext) -> int | None:
    ordinal = re.search(rf"\b({'|'.join(_ORDINALS)})\s+(?:trial|one|run|proposal|versuch)\b", text, re.IGNORECASE)
    if ordinal and not re.search(r"\b(?:second|third)[- ]best", text, re.I):
        place = _ORDINALS[ordinal[1].lower()]
        by_rank = context.last_tool == "study_status" and context.ranking
        listed = context.ranking if by_rank else context.trials
        return listed[place] if place < len(listed) else place
    if re.search(r"\b(?:second[- ]best|runner[- ]up)\b", text, re.I):
        return context.ranking[1] if len(context.ranking) > 1 else None
    if re.search(_DEFAULTS, text, re.I):
        return 0
    if re.search(rf"{_LAST}|\bthe one before\b", text, re.I):
        back = 2 if re.search(r"\bone before\b", text, re.I) and context.last_tool == "explain_trial" else 1
        return context.trials[-back] if len(context.trials) >= back else None
    if re.search(_BEST, text, re.I):
        return context.ranking[0] if context.ranking else None
    return None


def several_trials(text: str, context: PilotContext) -> list[int]:
    """The trials to compare, in the order of the message; one named trial is set beside the one at hand or the best."""
    text = digits(text)
    bare = re.sub(
        r"@\s*\d+|\d+\s*%|\d*\.\d+|\b(?:ndcg|recall|top|k|embedding|rank|lr|dropout|batch)\s*[=:]?\s*\d+",
        " ",
        text,
        flags=re.I,
    )
    listed = re.search(rf"\btrials?\s+(?:that|with)\b[^:]*:\s*({_LIST})", text, re.I)
    found = [
        int(match)
        for match in re.findall(
            r"(?<![\w.-])#?(\d+)(?![\w.]*\d|\s*(?:trials?|runs?|best|latest|last|leading)\b)",
            listed[1] if listed else bare,
        )
    ]
    found += _named_groups(text, context, len(found))
    found = list(dict.fromkeys(found))
    if len(found) == 1:
        found += _partner(found[0], text, context)
    return found


def _named_groups(text: str, context: PilotContext, n_found: int) -> list[int]:
    how_many = re.search(
        r"\b(?:top|best|last|latest|leading|first)\s+(\d+)\b|\b(\d+)\s+(?:best|last|latest|leading|top)\b", text, re.I
    )
    n = int(how_many[1] or how_many[2]) if how_many else 0
    if n >= 2:
        if re.search(_LAST, text, re.I):
            return list(context.trials[-n:])
        if re.search(r"\bfirst\s+\d", text, re.I) and context.last_tool != "study_status":
            return list(context.trials[:n])
        return list(context.ranking[:n])
    found = []
    if re.search(_BEST, text, re.I) and context.ranking:
        found.append(context.ranking[0])
    if re.search(r"\b(?:second[- ]best|runner[- ]up|the second)\b", text, re.I) and len(context.ranking) > 1:
        found.append(context.ranking[1])
    if re.search(r"\bworst\b", text, re.I) and context.ranking:
        found.append(context.ranking[-1])
    if re.search(rf"{_LAST}|\bthe one before\b", text, re.I) and context.trials:
        found.append(context.trials[-1])
    if n_found < 2 and re.search(rf"{_DEFAULTS}|\bthe first\b", text, re.I):
        found.append(0)
    return found


def _partner(trial: int, text: str, context: PilotContext) -> list[int]:
    before = context.last_args.get("trials") or [context.last_args.get("trial")]
    at_hand = [n for n in before if isinstance(n, int) and n != trial]
    if re.search(r"\b(?:it|that|this|these|them|they|and|also|add)\b", text, re.I) and at_hand:
        return at_hand
    return [n for n in (*context.ranking[:1], *context.trials[-1:]) if n != trial][:1]
