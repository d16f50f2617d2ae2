"""A message that deletes data for good: what is meant, and the question that always comes before it.

Only an order that says so in full is one; whatever else is said is removed as usual, or left.
"""

import re
from collections.abc import Sequence

from agent import outside
from agent.answers.wording import sentence
from agent.understanding.asking.questions import question
from agent.understanding.clauses.mood_words import POLITENESS
from agent.understanding.known import Known
from agent.understanding.phrases import phrase
from agent.understanding.plan import Plan, Request, Waiting

_VERB = r"(?:delete|remove|erase|wipe|destroy|get\s+rid\s+of|throw\s+away|throw\s+out)"
_EVER = (
    r"(?:for\s*ever|for\s+good|permanently|irrevocably|irreversibly|completely|once\s+and\s+for\s+all|from\s+(?:the\s+|my\s+|this\s+)?(?:disk|disc|machine)|"
    r"(?:with\s+)?no\s+undo|without\s+(?:an?\s+)?undo)"
)
_STARTS = rf"\W*(?:{POLITENESS})(?:(?:can|could|would)\s+you\s+|(?:i|we)\s+(?:want|need|would\s+like)\s+(?:you\s+)?to\s+|and\s+|then\s+|ok(?:ay)?\W+|now\s+)*(?:{POLITENESS})"
_ORDERS = (
    rf"{_VERB}\s+(?P<what>.+?)(?:\s*,)?(?:\s+(?:and\s+)?{_EVER})+",
    rf"{_EVER}\s+{_VERB}\s+(?P<what>.+?)",
    r"(?:purge|shred)\s+(?P<what>.+?)",
    r"empty\s+(?P<what>(?:the\s+)?(?:trash|bin))",
    r"(?:请)?(?:把)?(?P<before>\S+?)?\s*(?:彻底|永久)地?(?:删除|移除|清除|删掉)(?:数据集)?\s*(?P<what>\S*?)(?:吧)?",
)
_OF = r"(?:(?:the|my|our|that|this|all|its|every|of)\s+)*(?:removed\s+|deleted\s+|old\s+|kept\s+)?(?:data\s?sets?\s+|data\s+(?:of\s+)?|files?\s+(?:of\s+)?|cop(?:y|ies)\s+(?:of\s+)?)*"
_IT = r"(?:it|that|this|them|those|(?:the|my|our|that|this|its|these|those)\s+(?:data\s?set|data|files?|copy|copies|one)|它|这个数据集|该数据集)"
_ALL = (
    r"(?:all|everything|what(?:ever)?)\s+(?:that\s+)?(?:(?:i|you|we)\s+)?(?:have\s+|has\s+|was\s+|were\s+|is\s+|are\s+)?(?:been\s+)?(?:removed|deleted|kept|keep|set\s+aside)(?:\s+(?:aside|before|for\s+undo))?|"
    r"(?:(?:all|the|my|our)\s+)*(?:removed|deleted)\s+(?:data\s?sets?|data|files?)|(?:the\s+)?(?:trash|bin)|所有(?:已)?(?:移除|删除)的数据集?"
)


def purge_plan(say: str, known: Known, at_hand: str | None) -> Plan | None:
    """The plan of a message that deletes a dataset, or what is kept of removed ones, for good; None for any other.

    Args:
        at_hand: The dataset that was talked of last.
    """
    if not _SAYS.search(say):
        return None
    if (would := re.fullmatch(_WOULD, say.strip(), re.IGNORECASE)) is not None:
        named = _meant(would["what"].strip(), (*known.datasets, *known.removed()), at_hand)
        return None if named is None else Plan(say=say, answer=_what_goes(named, known))
    for pattern in _ORDERS:
        match = re.fullmatch(rf"{_STARTS}(?:{pattern})\W*", say.strip(), re.IGNORECASE)
        if match is None:
            continue
        what = (match["what"] or match.groupdict().get("before") or "").strip()
        args = _meant(what, (*known.datasets, *known.removed()), at_hand)
        if args is not None:
            return _asked(say, args, known)
        is_of_data = _PURGES.search(say) is not None and not any(name in what for name in known.studies)
        told = f"There is no dataset {outside.code(what)} to purge, so nothing was deleted."
        return Plan(say=say, answer=told) if is_of_data else None
    return None


_PURGES = re.compile(r"\b(?:purge|shred)\b", re.IGNORECASE)


_SAYS = re.compile(rf"\b{_EVER}\b|\b(?:purge|shred)\b|\bempty\b|彻底|永久", re.IGNORECASE)


def _meant(what: str, names: Sequence[str], at_hand: str | None) -> dict[str, object] | None:
    """The arguments; None where no dataset is meant, or none that is known."""
    if re.fullmatch(_ALL, what, re.IGNORECASE):
        return {"for_good": True}
    if re.fullmatch(_IT, what, re.IGNORECASE):
        return {"dataset": at_hand, "for_good": True} if at_hand in names else None
    one = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
    named = re.fullmatch(rf"{_OF}[\"'“`]?(?P<name>{one})[\"'”`]?(?:\s+(?:data\s?set|data))?", what, re.IGNORECASE)
    return None if named is None else {"dataset": named["name"], "for_good": True}


_WOULD = (
    rf"\W*(?:and\s+|so\s+)?(?:what\s+(?:happens|would\s+happen|is\s+lost|would\s+be\s+lost|goes)\s+(?:if|when)\s+(?:i|we)|can\s+(?:i|we)|could\s+(?:i|we)|"
    rf"how\s+(?:do|can|could)\s+(?:i|we)|what\s+if\s+(?:i|we))\s+(?:{_VERB}|purge)\s+(?P<what>.+?)(?:\s+{_EVER})?\W*"
)


def _what_goes(args: dict[str, object], known: Known) -> str:
    """What an order would delete, of somebody who only asks."""
    prospect = known.would("remove_dataset", args)
    if prospect.problem is not None:
        return f"{sentence(prospect.problem)} Nothing was deleted."
    order = phrase(Request(tool="remove_dataset", args=args)).replace("`", "")
    told = " ".join(map(outside.said, prospect.notes))
    return f"{told} Nothing would bring it back, and nothing was deleted: say “{order}” to do it.".strip()


def _asked(say: str, args: dict[str, object], known: Known) -> Plan:
    request = Request(tool="remove_dataset", args=args, words=say)
    prospect = known.would(request.tool, request.args)
    if prospect.problem is not None:
        return Plan(say=say, answer=f"{sentence(prospect.problem)} Nothing was done.")
    notes = tuple(filter(None, (prospect.asks, *map(outside.said, prospect.notes))))
    text = "\n\n".join((*notes, question("destructive", [request], ())))
    return Plan(say=say, waiting=Waiting(requests=(request,), text=text, notes=notes, why="destructive"))
