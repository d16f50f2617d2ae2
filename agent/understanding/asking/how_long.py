"""How long trials would take, and how many fit in a time: an estimate of what is asked about, which starts nothing.

>>> asks_how_long("再跑10个试验要多久？"), asks_how_long("再跑10个试验")
(True, False)
"""

import re

from agent import outside
from agent.answers.wording import count, duration
from agent.answers.wording_in_chinese import duration as in_chinese
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.card import cost
from agent.understanding.costs import Estimate, estimate
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import is_chinese
from agent.words.said import Said

_UNIT = r"(?:秒|分钟|分|个?小时|个?钟头|天)"
_CHINESE = re.compile(rf"多久|多长时间|多少时间|多少{_UNIT}|几{_UNIT}|耗时多|花多长")
_PAST = re.compile(r"(?:用|花|跑|耗|过|费)了|已经|还剩|刚才|之前|上次")
_ENGLISH = re.compile(
    r"\bwhat(?:'?s|s|\s+is|\s+would\s+be|\s+will\s+be)\s+(?:the\s+)?(?:\w+\s+)?(?:time|duration)\b(?!\s+(?:limit|left))"
    r"|\btime\s+(?:(?:is|are|would\s+be|will\s+be|do(?:es)?)\s+)?(?:needed|required|necessary|(?:it|they|i)\s+(?:takes?|needs?|would))\b"
    r"|\bhow\s+(?:long|much\s+(?:more\s+)?time|many\s+(?:seconds|minutes|mins|hours))\b.*\b(?:would|will|if|for|take|need|require)\w*\b",
    re.IGNORECASE,
)
_ENGLISH_PAST = re.compile(r"\b(?:did|took|has|have|had|was|were|so\s+far|left|ago|remain\w*)\b", re.IGNORECASE)
_AND_TELL = re.compile(  # an order, and a question about it: "add 5 trials and tell me how long it will take"
    r"\b(?:add|run|tune|start|try|do|train)\b[^?]*\b(?:and|then)\s+(?:then\s+|please\s+)*(?:tell|say|show|let)\b",
    re.IGNORECASE,
)
_FITS = (
    r"\bhow\s+many\s+(?:\w+\s+){0,2}?(?:trials?|runs?|trainings?|times)\b[^.;]*{duration}",
    r"{duration}[^.;]*\bhow\s+many\s+(?:\w+\s+){0,2}?(?:trials?|runs?|trainings?)\b",
)
_CHINESE_FITS = re.compile(rf"{_UNIT}[^，,。？?]*(?:能|可以|够|会|可)[^，,。？?]*(?:几|多少)\s*(?:个|次|轮)")
_TRIALS = r"{number}\s*(?:more\s+|extra\s+|further\s+|additional\s+)?(?:trials?|runs?|times|trainings?)\b"


def asks_how_long(say: str) -> bool:
    """Whether the words ask how long something would take; not how long it took, or what is left of it."""
    text = say.replace("\u2019", "'")
    if is_chinese(say):
        return _CHINESE.search(say) is not None and _PAST.search(say) is None
    return _ENGLISH.search(text) is not None and _ENGLISH_PAST.search(text) is None and not _AND_TELL.search(text)


def how_long_plan(say: str, said: Said, known: Known) -> Plan | None:
    """The estimate, in an answer; None for a message that asks for none, or that gives no number of trials or time.

    Args:
        said: The message as it is read, its amounts marked.
    """
    if _fits(say, said):
        answer = _said_of_fit(say, said, known)
        return None if answer is None else Plan(say=say, answer=answer)
    if not asks_how_long(say):
        return None
    n_trials = _n_trials(said)
    if n_trials is None:
        return None
    request = _supposed(said, known, n_trials)
    found = estimate(request, known)
    return Plan(say=say, answer=_said(found, n_trials, request, zh=is_chinese(say)))


def _fits(say: str, said: Said) -> bool:
    if is_chinese(say):
        return _CHINESE_FITS.search(say) is not None and bool(said.of("duration"))
    return any(said.has(pattern) for pattern in _FITS) and _ENGLISH_PAST.search(say) is None


def _n_trials(said: Said) -> int | None:
    match = next(iter(said.find(_TRIALS.replace("{number}", "(?P<n>{number})"))), None)
    value = said.span(match, "n").value if match is not None else None
    return int(value) if isinstance(value, int | float) else None


def _supposed(said: Said, known: Known, n_trials: int) -> Request:
    """The study, or the trials more of the one at hand, of which it is asked."""
    stretch = Stretch(said, [(0, len(said.text))])
    models = [str(span.value) for span in stretch.spans("model")]
    datasets = [str(span.value) for span in stretch.spans("dataset")]
    args = {"n_trials": n_trials} | ({"models": models} if models else {})
    if datasets or known.study is None:
        return Request(tool="start_study", args=args | ({"dataset": datasets[0]} if datasets else {}), words=said.text)
    return Request(tool="extend_study", args=args, words=said.text)


def _said(found: Estimate | None, n_trials: int, request: Request, *, zh: bool) -> str:
    if found is None or found.each is None:
        if zh:
            return f"{n_trials} 次试验要多久，第一次试验之后才知道：测量过的试验还太少。什么都没有开始，也没有改动。"
        return f"{cost(found)} Nothing was started or changed.".strip()
    if zh:
        each, whole = in_chinese(found.each.expected), in_chinese(found.seconds or 0.0)
        return f"{n_trials} 次试验大约要 **{whole}**（每次约 {each}，按过去的试验估计）。什么都没有开始，也没有改动。"
    return f"{cost(found)} Nothing was started or changed."


def _said_of_fit(say: str, said: Said, known: Known) -> str | None:
    """How many trials fit in the time that is named, by the time of one."""
    zh = is_chinese(say)
    limit = float(str(said.of("duration")[-1].value))
    found = estimate(_supposed(said, known, 1), known)
    if found is None or found.each is None:
        return f"{'第一次试验之后才知道要多久。' if zh else cost(found)}{'什么都没有开始。' if zh else ' Nothing was started.'}"
    n_trials, each = int(limit // max(found.each.expected, 1e-3)), found.each.expected
    if zh:
        return f"{in_chinese(limit)}大约够 **{n_trials}** 次试验（每次约 {in_chinese(each)}，按过去的试验估计）。什么都没有开始。"
    of = f" of {outside.code(known.study)}" if known.study and not found.models else ""
    return f"About **{count(n_trials, 'trial')}** in {duration(limit)}: one{of} takes about {duration(each)}, by past trials. Nothing was started."
