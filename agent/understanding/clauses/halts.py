"""A message that wants what has begun, or is about to begin, not to run: "whoops don't run that", "no wait stop, do ease".

>>> halt_in("wait dont, use ndcg@5")
Halt(rest='use ndcg@5', speaks_of_running=False, is_only_pause=False, forbids=True)
>>> halt_in("stop after 5 trials") is None
True
"""

import re
from dataclasses import dataclass

from agent.understanding.plan import Request
from agent.words.chinese import is_chinese

PAUSES = r"(?:wait(?:\s+(?:a\s+)?(?:sec(?:ond)?|moment|minute|bit|up))?|hold\s+(?:on|it|up)|hang\s+on|(?:one|just\s+a)\s+(?:sec(?:ond)?|moment|minute)|not\s+so\s+fast)"
LEAD = (
    r"(?:(?:no+|nope|nah|oh|ah|hey|argh|hm+|wh?oops(?:ie)?|oops|ups|sorry|sry|please|pls|actually|ok|okay|well|but|never\s*mind|forget\s+it|my\s+bad|"
    rf"i\s+mean|{PAUSES})\b[\s,.!…—–-]*)*"
)
DONT = r"(?:don'?t|do\s+not|let'?s\s+not|better\s+not|rather\s+not)"
RUNS = r"(?:run(?:ning)?|start(?:ing)?|begin|launch|train(?:ing)?|tun(?:e|ing)|execut(?:e|ing)|kick\s+(?:it\s+)?off|fire|go)"
WHAT = (
    r"(?:\s+(?:it|that|this|them|these|those|anything|the\s+(?:study|tuning|trials?|training|run)|that\s+(?:study|one|run)|this\s+(?:study|one|run)|yet|now|any\s?more|"
    r"on|after\s+all|please|pls|right\s+(?:now|there|away)|at\s+all|again|off|though|sorry))*"
)
_HALTS = rf"(?:(?P<run>{DONT}\s+{RUNS}{WHAT}|(?:stop|quit)\s+(?:it\s+)?{RUNS}{WHAT})|(?P<dont>{DONT}(?:\s+(?:do|want))?{WHAT})|(?:stop|halt|abort|cancel){WHAT}|not\s+yet)"
_END = r"(?=\s*(?:$|[,.;:!?…—–]|-\s|\b(?:and|but|just|only|instead)\b))"
_ENGLISH = re.compile(rf"^\W*{LEAD}{_HALTS}{_END}(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
_ONLY_PAUSES = re.compile(rf"^\W*(?:(?:no|oh|ah|hey|ok|please|sorry)\W+)*{PAUSES}(?:\s+please)?\W*$", re.IGNORECASE)
_CHINESE_LEAD = r"(?:(?:算了|等一?下|等等|等会儿?|慢着|且慢|不对|不是|不行|哎呀?|啊|呃|哦|噢|喂|对不起|抱歉|请|那|还是|停|不)[吧啊呀了]*[\s，,。.!！、…]*)*"
_CHINESE_RUN = r"(?:跑|运行|开始|启动|训练|调参|调优|调|执行|试|做)"
_CHINESE_END = (
    r"(?:了|它|吧|啦|啊|呀|那个|这个|这次|研究|试验|一下|起来)*(?=\s*(?:$|[，,。.;；!！、]|但|而|只|改|换|用))"
)
_CHINESE = re.compile(
    rf"^\W*{_CHINESE_LEAD}(?:(?P<run>先?(?:请)?(?:别|不要|不用|不必|甭|停止|不)(?:再|先|继续)?{_CHINESE_RUN})|(?P<dont>先?(?:别|不要))|停(?:下来|下|止|掉|住)?|取消){_CHINESE_END}(?P<rest>.*)$",
    re.DOTALL,
)
_CHINESE_PAUSES = re.compile(r"^\W*(?:算了|等一?下|等等|等会儿?|慢着|且慢)[吧啊呀了]*\W*$")
_AGAINST = re.compile(
    rf"(?<![\w'])(?:{DONT}|never|not)\s+(?:yet\s+)?{RUNS}(?!\s+(?:more|over|above|longer|beyond|past)\b){WHAT}{_END}|(?:别|不要|不用|先不){_CHINESE_RUN}{_CHINESE_END}",
    re.IGNORECASE,
)
_TAKES = re.compile(r"^(?:(?:and|but|then|just|please|instead|do|run|try|tune|take|use)\s+)+", re.IGNORECASE)
STARTS = ("start_study", "extend_study", "run_trial", "repeat_trial", "confirm")
"""What makes something run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """That nothing shall run, and what is said besides."""

    rest: str = ""
    speaks_of_running: bool = False  # not only "don't", "stop"
    is_only_pause: bool = False  # "wait": it may go on after that
    forbids: bool = False  # "don't", rather than "stop"


def halt_in(say: str) -> Halt | None:
    """What a message says that begins with a halt; None for any other message, and for a question."""
    text = say.replace("\u2019", "'").strip()
    zh = is_chinese(text)
    if (_CHINESE_PAUSES if zh else _ONLY_PAUSES).match(text):
        return Halt(is_only_pause=True)
    match = (_CHINESE if zh else _ENGLISH).match(text)
    if match is None:
        return None
    speaks, rest = match["run"] is not None, _rest(match["rest"])
    if not rest and text.endswith(("?", "？")):
        return None
    return Halt(rest=rest, speaks_of_running=speaks, forbids=speaks or match["dont"] is not None)


def is_against_starting(say: str) -> bool:
    """Whether a message says, wherever it stands, that something shall not run."""
    text = say.replace("\u2019", "'")
    halt = halt_in(text)
    return (halt is not None and halt.forbids) or _AGAINST.search(text) is not None


def starts(request: Request) -> bool:
    """Whether a request makes something run."""
    return request.tool in STARTS or (request.tool == "control_study" and request.args.get("action") == "resume")


def as_change(rest: str) -> str:
    """What is said with a halt, as a change of mind: "no, use ease"."""
    if is_chinese(rest):
        return f"不对，{rest}"
    is_named = _TAKES.match(rest) is not None
    return f"no, {'use ' if is_named else ''}{_TAKES.sub('', rest)}"


def _rest(text: str) -> str:
    rest = re.sub(r"^[\s,.;:!?…—–，。；！？、-]+", "", text).rstrip(" \t\n,.;:!…—–-，。；！、")
    rest = re.sub(r"^(?:and|but|then|just)\s+(?=\S)", "", rest, flags=re.IGNORECASE)
    is_filling = re.fullmatch(
        r"(?:please|pls|sorry|thanks?|thank\s+you|yet|now|谢谢|吧|了|对不起)*\W*", rest, re.IGNORECASE
    )
    return "" if is_filling else rest
