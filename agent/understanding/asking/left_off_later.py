"""Rules, pruning or the memory refused outside an order: how it is said in one; nothing is changed.

A study takes them in the order that begins it; none is kept for a study to come.
"""

import re

from agent.understanding.plan import Plan
from agent.words.chinese import is_chinese
from agent.words.names import Names, read

_ENDS = r"(?:\s+(?:any\s*more|from\s+now\s+on|again|ever|please|now|(?:in|for)\s+(?:the\s+|my\s+|your\s+)?(?:next|coming|other|new|following|all)\s+(?:study|studies|one|ones|time)|next\s+time))*\W*$"
_LEAD = r"^\W*(?:(?:please|ok|okay|and|from\s+now\s+on|next\s+time)\W+)*"
_NOT = r"(?:do\s+not|don'?t|never|stop|no)\s+(?:(?:use|using|apply|applying|heed|follow)\s+)?(?:(?:any|the|your|my|more)\s+)*"
_PRUNER = r"(?:the\s+)?(?:pruning|pruner|hurdle|halving|early\s+stopping)"
_WHAT = {
    "rules": (
        rf"{_LEAD}{_NOT}rules{_ENDS}|{_LEAD}(?:(?:can|could)\s+(?:i|we|you)\s+)?(?:turn|switch)\s+(?:off\s+(?:the\s+)?rules|(?:the\s+)?rules\s+off){_ENDS}",
        r"^\W*(?:下次|以后|下个研究|请)*(?:不用|不要用?|别用|不使用)(?:你的|任何)?规则[了吧。！!]*$",
    ),
    "pruning": (
        rf"{_LEAD}(?:(?:can|could)\s+(?:i|we|you)\s+)?(?:turn|switch)\s+(?:off\s+{_PRUNER}|{_PRUNER}\s+off){_ENDS}|{_LEAD}(?:{_NOT}(?:prun(?:e|er|ers|ing))(?:\s+(?:trials|anything|it|them))?){_ENDS}",
        r"^\W*(?:下次|以后|下个研究|请)*(?:不要?|别|不用)再?剪枝[了吧。！!]*$",
    ),
    "memory": (
        rf"{_LEAD}{_NOT}(?:memory|history|past(?:\s+trials)?|earlier\s+trials){_ENDS}",
        r"^\W*(?:下次|以后|下个研究|请)*(?:不用|不要用?|别用|不使用)(?:你的|任何)?(?:记忆|历史)[了吧。！!]*$",
    ),
}
_SAY = {"rules": "use no rules", "pruning": "don't prune", "memory": "sampler gp"}
_SAY_ZH = {"rules": "不用规则", "pruning": "不剪枝", "memory": "采样器 gp"}


def left_off_plan(say: str) -> Plan | None:
    """How it is said with the order; None for any other message, and for one that names what is tuned."""
    text, zh = say.replace("\u2019", "'"), is_chinese(say)
    what = next((name for name, both in _WHAT.items() if re.match(both[int(zh)], text, re.IGNORECASE)), None)
    if what is None or read(text, Names()).of("model", "trial", "param"):
        return None
    if zh:
        return Plan(
            say=say,
            answer=f"这要在开始研究的那句话里说，例如“在 demo 上调 ease，{_SAY_ZH[what]}”；我不会记到下一次研究。现在什么都没有改动。",
        )
    why = " That sampler looks at no past trials." if what == "memory" else ""
    return Plan(
        say=say,
        answer=f"That is said in the order that begins a study, and is not kept for a later one: `tune ease on demo, {_SAY[what]}`.{why} A study that has begun keeps what it began with. Nothing was changed.",
    )
