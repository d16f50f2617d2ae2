"""A person who did not want something to run is told what ran, and how it is stopped or taken back.

>>> says_unasked("I only asked how long, I did not ask you to run them")
True
"""

import re

from agent import outside
from agent.answers.wording import count
from agent.understanding.clauses.halts import STARTS, starts
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan
from agent.words.chinese import is_chinese

_RUN = r"(?:run|ran|start|begin|began|begun|launch|add|extend|train|tune|execute|kick)\w*"
_WHAT = r"(?:it|them|that|this|these|those|anything|something|(?:a|the|this|that|another)\s+(?:\w+\s+)?(?:study|tuning|run|training)|(?:the\s+|more\s+)?(?:\d+|five|ten|twenty|so\s+many|more|new)\s+(?:more\s+|new\s+)?(?:trials?|runs?))"
_ENGLISH = re.compile(
    rf"\bi\s+(?:only|just|merely)\s+(?:asked(?!\s+for)|wondered|wanted\s+to\s+know|was\s+(?:just\s+|only\s+)?(?:asking|wondering)|meant\s+to\s+ask)\b"
    rf"|\b(?:i|we|nobody|no\s+one)\s+(?:(?:did\s+not|didn'?t|have\s+not|haven'?t|never)\s+)?(?:ask|asked|tell|told|want|wanted|order|ordered)\s+(?:for\s+)?(?:you\s+|it\s+|this\s+)?(?:to\s+)?{_RUN}"
    rf"|\bwhy\s+(?:did|have|are|do|were)\s+(?:you|it|u)\s+(?:just\s+|already\s+)?{_RUN}\s+{_WHAT}"
    rf"|\byou\s+(?:just\s+)?(?:ran|started|added|began|launched)\s+{_WHAT}\s+without\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|n't|never|nobody|no\s+one|only|just|merely|why|without)\b|n't|didnt", re.IGNORECASE)
_OF_TRIAL = re.compile(r"\btrial\s+(?:number\s+|no\.?\s*|#\s*)?\d", re.IGNORECASE)  # "why did you run trial 3?"
_CHINESE = re.compile(
    r"我只是(?:想)?(?:问|想知道)|我(?:只|就)(?:是)?问|(?:没有?|未)(?:让|叫|要求?|请)你.{0,4}(?:跑|开始|启动|加|训练|运行|做|试)"
    r"|(?:你)?(?:为什么|怎么|干嘛)(?:你)?(?:要|会|就|自己)*(?:跑|开始|启动|加|运行)了?(?:它|这些|\d+|新|研究|那么多|起来)"
)
_RUNS = ("queued", "running", "waiting")


def says_unasked(say: str) -> bool:
    """Whether the person says that something ran which was not ordered, or asks why it did."""
    if is_chinese(say):
        return _CHINESE.search(say) is not None
    text = say.replace("\u2019", "'")
    return _ENGLISH.search(text) is not None and _NEGATED.search(text) is not None and _OF_TRIAL.search(text) is None


def ran_unasked_plan(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """What ran, in an answer; None for another message, and where nothing ran because it waits for a yes."""
    if not says_unasked(say) or (dialogue.waiting is not None and any(map(starts, dialogue.waiting.requests))):
        return None
    zh = is_chinese(say)
    if known.study is None:
        return Plan(say=say, answer="什么都没有运行：还没有研究。" if zh else "Nothing ran: there is no study yet.")
    return Plan(say=say, answer=(_in_chinese if zh else _in_english)(known, dialogue))


def _in_english(known: Known, dialogue: Dialogue) -> str:
    name, n = outside.code(known.study), count(len(known.trials), "finished trial")
    runs = known.study_state in _RUNS
    order = next((one for one in reversed(dialogue.last) if one.tool in STARTS), None)
    state = f"it {'runs now' if runs else f'is {known.study_state} now'}, with {n}"
    if order is not None:
        words = f"“{outside.text(order.words)}”" if order.words else "the message before"
        lead = f"I read {words} as an order to train, so {name} was trained: {state}."
    else:
        lead = f"What was trained last is {name}: {state}. A study begins or goes on by an order to do so."
    if runs:
        return f"{lead} Say `stop the study` to end it. What is finished by then is kept. Nothing else was changed now."
    undo = " `undo` takes the change itself back." if order is not None and order.tool == "extend_study" else ""
    return f"{lead} Nothing runs any more, and trials that ran stay on record; `delete {known.study}` takes the study out of the list.{undo} Nothing was changed now."


def _in_chinese(known: Known, dialogue: Dialogue) -> str:
    name, n, runs = outside.code(known.study), len(known.trials), known.study_state in _RUNS
    order = next((one for one in reversed(dialogue.last) if one.tool in STARTS), None)
    why = "我把上一条消息当成了训练的指令，所以运行了" if order is not None else "最近运行的是"
    if runs:
        return f"{why} {name}：它现在还在运行，已完成 {n} 次试验。说“停止研究”就会停下，已完成的试验会保留。"
    undo = "说“撤销”可以收回这次改动。" if order is not None and order.tool == "extend_study" else ""
    return f"{why} {name}：它已经停下，完成了 {n} 次试验，记录会保留。{undo}现在什么都没有改动。"
