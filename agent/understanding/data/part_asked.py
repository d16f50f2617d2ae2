"""A question about a part of a dataset that nobody has kept: "how many rows of shop would be left without the bots?".

It is answered by counting, and never acts.
"""

import re

from agent import outside
from agent.understanding.data.filter_in_chinese import asked_part, counts_in_chinese
from agent.understanding.data.filter_words import read_filter
from agent.understanding.data.filtering import any_of, cannot_be
from agent.understanding.known import Known
from agent.understanding.part_and_study import order_of
from agent.understanding.phrases import phrase
from agent.understanding.plan import Held, Plan, Request
from agent.words.chinese import is_chinese

_PAST = {
    "dropped": "drop", "removed": "remove", "deleted": "delete", "excluded": "exclude", "ignored": "ignore",
    "filtered": "filter", "left": "leave", "threw": "throw", "took": "take", "kept": "keep", "used": "use",
    "restricted": "restrict", "limited": "limit", "skipped": "skip", "discarded": "discard", "stripped": "strip",
    "kicked": "kick", "trimmed": "trim", "reduced": "reduce",
}  # fmt: skip
_VERBS = "|".join((*_PAST, *_PAST.values()))
_IF = re.compile(
    rf"\b(?:if|when|once|suppose|supposing|assuming)\s+(?:(?:i|we|you|one)\s+)(?:(?:were\s+to|would|had|have|did)\s+)?(?P<only>(?:only|just)\s+)?(?P<verb>{_VERBS})\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:what|how\s+(?:many|much|big|large|few))\b.*\b(?:would|will|could|left|remain\w*|happen\w*|stay\w*|if|lose|loses|go|goes)\b|"
    r"\bwhat\s+(?:if|about)\b|\bwould\b.*\b(?:left|remain|enough|still)\b|^\W*(?:suppose|supposing|assuming)\b",
    re.IGNORECASE,
)
_OF_STUDY = re.compile(
    r"\b(?:tun(?:e|ed|ing)|train\w*|trials?|stud(?:y|ies)|ndcg\S*|recall\S*|score|better|worse|best)\b", re.IGNORECASE
)
_WITHOUT = re.compile(
    r"\b(?:without|except|(?:with|of|in)\s+only|with\s+(?:just|at\s+least|at\s+most)|since|only)\b", re.IGNORECASE
)
_WORDS = re.compile(r"\b(?:left|remain\w*|over|then|still|be|would|of|in|from|my|data|there)\b|[·?]", re.IGNORECASE)


def part_asked(say: str, known: Known, at_hand: str | None) -> Plan | None:
    """The plan that answers such a question; None for any other message.

    Args:
        at_hand: The dataset that was talked of last.
    """
    named = re.search(any_of(known.datasets), say, re.IGNORECASE)
    dataset = named[0] if named else at_hand
    text = say if named is None else re.sub(any_of((named[0],)), "·", say, flags=re.IGNORECASE)
    zh = is_chinese(say)
    if dataset is None or _OF_STUDY.search(text) or not (zh or _ASKS.search(text)):
        return None
    told = asked_part(text) if zh else _told(text)
    read = None if told is None else read_filter(told)
    if read is None or not read.args or not (named or set(read.args) - {"min_weight"}):
        return None
    request = Request(tool="filter_dataset", args={"dataset": dataset, **read.args}, mood="supposition", words=say)
    return Plan(
        say=say,
        held=(Held(request=request, why="supposition"),),
        answer=_answer(request, [one for one in read.left if not _WORDS.fullmatch(one)], known),
    )


def _told(text: str) -> str | None:
    """The words that say the part, as an order: "drop the bots", "without the bots"."""
    if (found := _IF.search(text)) is not None:
        verb = found["verb"].lower()
        end = re.search(r"\?|,\s*(?:how|what|would)\b", text[found.end() :])
        rest = text[found.end() :] if end is None else text[found.end() : found.end() + end.start()]
        return f"{_PAST.get(verb, verb)} {'only ' if found['only'] else ''}{rest.strip()}"
    found = _WITHOUT.search(text)
    return None if found is None else text[found.start() :]


def _answer(request: Request, left: list[str], known: Known) -> str:
    prospect = known.would(request.tool, request.args)
    if prospect.problem is not None:
        return cannot_be(prospect.problem, request.words)
    if is_chinese(request.words):
        unread = f"我没有用到{'、'.join(f'“{outside.text(one)}”' for one in left)}。" if left else ""
        return f"{''.join(map(counts_in_chinese, prospect.notes))}{unread}这只是一个问题，所以没有执行；要保留这一部分，请直接说。"
    name = prospect.there or dict(prospect.runs).get("name")
    counts = " ".join(map(outside.said, prospect.notes)).removeprefix("That keeps ").removesuffix(".")
    unused = f" I did not use {', '.join(f'“{outside.text(one)}”' for one in left)}." if left else ""
    how = (
        f"That part is there already, as {outside.code(name)}."
        if prospect.there
        else f"To have it as a dataset of its own, say `{outside.text(order_of(request.args))}`."
    )
    return f"If I {phrase(request)}, {counts or 'a part'} are left.{unused} Nothing was done. {how}"
