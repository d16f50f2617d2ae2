"""What is said to a trial that waits for a yes: "run it", "no, not that one", "not yet".

>>> said_to_trial("no, not that one, dropout is too high")
ToTrial(answer='no', trial=None, rest='dropout is too high', is_of_all=False, is_bare=False)
>>> said_to_trial("stop the study") is None
True
"""

import re
from dataclasses import dataclass
from typing import Literal

from agent.understanding.asking.answers_to import is_yes
from agent.understanding.clauses.halts import DONT, LEAD, PAUSES, RUNS
from agent.words.chinese import is_chinese
from agent.words.digits import chinese_number

_TRIAL = r"(?:trial|proposal|suggestion|run|one|params|parameters|candidate)s?"
_ALL = rf"(?:both|all)(?:\s+of\s+(?:them|these|those))?|all\s+{_TRIAL}|them(?:\s+(?:all|both))?"
_IT = (
    rf"(?:{_ALL}|(?:it|this|that|these|those|the)(?:\s+(?:waiting|pending|proposed|next|new|current|suggested))?(?:\s+{_TRIAL})?(?:\s*\#?\d+)?|"
    rf"{_TRIAL}\s*\#?\d+|\#\d+)(?:\s+that\s+waits)?"
)
_OF = r"(?:\s+(?:of|in|for|from)\s+(?:the\s+|study\s+)*[\w.-]*[\w])?"
_PLEASE = r"(?:\s+(?:please|pls|now|thanks?|thank\s+you|then|either|at\s+all|after\s+all|again|sorry|yet))*"
_SAYS_NO = r"(?:reject|decline|refuse|turn\s+down|dismiss|veto|discard|skip|disapprove(?:\s+of)?|deny|drop|pass\s+on|leave\s+out|rejected|skipped|declined|denied)"
_NO = (
    rf"(?:{_SAYS_NO}(?:\s+{_IT})?|cancel\s+{_IT}|turn\s+(?:it|this|that)\s+down|leave\s+(?:it|this|that)(?:\s+one)?(?:\s+out)?|not\s+{_IT}|anything\s+but\s+(?:this|that)|i(?:'d|\s+would|'ll|\s+will)?\s+(?:rather\s+not|(?:would\s+)?not|never)\s+(?:{RUNS}|do|take|try|approve|accept)(?:\s+{_IT})?|(?:i\s+)?{DONT}\s+(?:like|want|approve(?:\s+of)?|accept|do|take)(?:\s+{_IT})?|"
    rf"{DONT}(?:\s+{RUNS})?(?:\s+{_IT})?|no|nope|nah|never\s*mind|thanks?,?\s+(?:but\s+)?no(?:\s+thanks?)?|no\s+(?:thanks?|thank\s+you|way)|"
    rf"(?:(?:propose|suggest|give\s+me|show\s+me|try|i\s+want)\s+)?(?:another|(?:a\s+)?different|some(?:thing)?\s+(?:else|other|different))(?:\s+{_TRIAL})?|"
    rf"(?:it|this|that)(?:\s+{_TRIAL})?\s*(?:'s|is|looks?|seems?)\s+(?:bad|wrong|no\s+good|not\s+good|nonsense|useless|stupid|too\s+\w+))"
)
_YES = rf"(?:approved?|accept(?:ed)?|allow|agreed?|permit|run|start|launch|begin|train|go\s+(?:ahead\s+)?with|do|take|try)(?:\s+{_IT})?|(?:ok(?:ay)?|yes)\s+to\s+{_IT}|let\s+it\s+run|(?:(?:it|this|that)\s+)?looks\s+(?:good|fine|ok(?:ay)?|great|right)(?:\s+to\s+me)?"
_END = r"(?=\s*(?:$|[,.;:!…—–]|-\s|\b(?:and|but|because|since|as|too)\b))"
_ENGLISH_NO = re.compile(rf"^\W*{LEAD}{_NO}{_OF}{_PLEASE}{_END}(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
_ENGLISH_YES = re.compile(
    rf"^\W*(?:(?:yes|yeah|yep|sure|ok(?:ay)?|please|pls|now|then|so|well|fine|good|great)\b[\s,.!]*)*(?:{_YES}){_OF}{_PLEASE}\W*$",
    re.IGNORECASE,
)
_LATER = re.compile(
    rf"^\W*(?:(?:no|oh|ok|please|sorry|but)\W+)*(?:{PAUSES}(?:\s+(?:a|one)\s+(?:sec(?:ond)?|moment|minute|bit))?|not\s+(?:just\s+)?(?:yet|now)|later|maybe\s+later|let\s+me\s+think(?:\s+about\s+it)?)(?:\s+please)?\W*$",
    re.IGNORECASE,
)
_NUMERAL = r"(?:\d+|[零一二两三四五六七八九十]+)"
_CHINESE_IT = rf"(?:(?:研究\s*)?[A-Za-z][\w.-]*\s*(?:里|中|上)?的|它们?|这个|那个|这次|那次|这一?组(?:参数)?|等待的|试验\s*(?:{_NUMERAL})?|第\s*{_NUMERAL}\s*[号个次]?|{_NUMERAL}\s*号|提议|参数|全部|所有|都|的|\s)*"
_RUNS_IT = r"(?:运行|跑|执行|开始|训练|试试看|试一下)"
_CHINESE_END = r"[了吧啊呀的。.!！]*"
_CHINESE_NO = re.compile(
    rf"^\W*(?:(?:算了|不行|不好|不了?|别|请|我|还是|那就?|全部|都)[\s，,。!！、]*)*(?:(?:拒绝|否决|驳回|跳过|略过|取消|放弃|否定|排除){_CHINESE_IT}|再?换(?:成)?(?:(?:一|另一|下一|别的?)?[个组]?(?:别的|其他的?|不同的|新的)?)(?:参数|试验)?(?:试试)?"
    rf"|(?:别|不要|不用|不必|不想要?|不愿意?|不)(?:再)?(?:{_RUNS_IT}|试|做)?{_CHINESE_IT}|不(?:太|怎么)?(?:同意|批准|接受|通过|允许|赞成|喜欢|满意|看好){_CHINESE_IT}"
    rf"|(?:它|这个|那个|这次|这一?组)(?:参数|试验|提议)?(?:就|都|也|可|还是)?(?:不(?:行|好|可以|合适|对|要|同意|太?行|太好)|算了|太差)|算了|不行|不可以|不好|不合适|否|下一[个组])[了吧啊呀的。.!！]*"
    r"(?=$|[\s，,。；;])(?P<rest>.*)$",
    re.DOTALL,
)
_CHINESE_YES = re.compile(
    rf"^\W*(?:(?:好的?|可以|没问题|没意见|行|嗯|那就|那|就|请|我|全部|都)吧?[\s，,。!！]*)*(?:批准|同意|通过|接受|采纳|允许|{_RUNS_IT})+(?:吧[\s，,]*{_RUNS_IT}?)?{_CHINESE_IT}{_CHINESE_END}\W*$"
    rf"|^\W*(?:是的?|对的?|好的?|可以|行|嗯)[吧啊]*\W*$|^\W*(?:那?就)(?:是|用|跑|选|试)?(?:它|这个|这样|这一?组(?:参数)?){_CHINESE_END}\W*$|^\W*(?:我)?(?:没有?|无)(?:意见|异议|问题){_CHINESE_END}\W*$"
)
_CHINESE_LATER = re.compile(
    r"^\W*(?:(?:先|请|再|那|我|不|别|嗯|好的?)[\s，,]*)*(?:等一?下|等等|等一等|等会儿?|稍等(?:一下|片刻)?|等我(?:一下|想想|看看|考虑一下)|先等|(?:让我|容我)?(?:再)?(?:想想|想一想|考虑一下|考虑考虑|看看再说)|(?:以后|回头|待会儿?|过会儿?|一会儿?|晚点|改天|等下|等会)儿?再(?:说|看|决定)|晚点|稍后|慢着|不?着?急|暂时不|先(?:别|不要?|不用)(?:着?急|跑|运行|执行|开始|动)?(?:它|这个)?|先放(?:着|一下|一放)|放着|还没想好|没想好)[吧啊呀了]*\W*$"
)
_ACKNOWLEDGES = re.compile(
    r"^\W*(?:ok(?:ay)?|k|fine|right|great|good|perfect|alright|all\s+right|exactly|correct|confirm(?:ed)?|n|y)\W*$",
    re.IGNORECASE,
)
"""What may only mean that the last answer was read, or order a confirmation."""
_BARE = re.compile(rf"^\W*(?:(?:{LEAD})|(?:{DONT}))\W*$|^\W*(?:不|别|不要|不行|不用)\W*$", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.-])\d+(?![\w.-])")
_CHINESE_NUMBER = re.compile(rf"(?:试验|第)\s*(?P<n>{_NUMERAL})|(?P<m>{_NUMERAL})\s*号")
_OF_ALL = re.compile(rf"\b(?:{_ALL})\b|全部|都|所有", re.IGNORECASE)
_ASKS = re.compile(
    rf"^\W*(?:should|shall|can|could|may|must|how\s+(?:do|can|would))\s+i\s+(?:also\s+|just\s+)?(?:{_SAYS_NO}|approve|accept)\b|^\W*what\s+(?:if|happens\s+(?:if|when))\s+i\s+(?:{_SAYS_NO}|approve|accept)\b",
    re.IGNORECASE,
)
_ASKS_WHY = re.compile(
    rf"^\W*(?:(?:but|and|so)\s+)?why\s+(?:(?:is|was|do\s+you\s+(?:propose|want|suggest)|did\s+you\s+(?:propose|pick|choose|suggest))\s+)?(?:this|that|it|these|those|the\s+(?:waiting|pending|proposed))(?:\s+{_TRIAL}|\s+values?)?(?:\s+(?:proposed|next|now))?\W*$|^\W*(?:你)?(?:为什么|为何|凭什么)(?:要|会|是|选|选择|提议|建议|试|跑|用|挑)*(?:这个|这一?组|它|提议|等待的)(?:参数|试验)?[呢啊]?\W*$|^\W*(?:它的?|这个的?)?(?:理由|依据|原因)(?:是什么|呢|是啥)?\W*$",
    re.IGNORECASE,
)
Answer = Literal["yes", "no", "later", "why"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTrial:
    """The answer to a trial that waits."""

    answer: Answer
    trial: int | None = None  # its number, where it is said
    rest: str = ""  # what is said after a no
    is_of_all: bool = False  # "both"
    is_bare: bool = False  # "no" and "don't" alone, behind which anything may stand


def said_to_trial(say: str) -> ToTrial | None:
    """What a message answers to a trial that waits; None where it speaks of something else, or asks."""
    text = say.replace("\u2019", "'").strip()
    if _ASKS_WHY.match(text):
        return ToTrial(answer="why")
    if _ASKS.match(text):
        return ToTrial(answer="later")
    if text.endswith(("?", "？")):
        return None
    zh = is_chinese(text)
    if (_CHINESE_LATER if zh else _LATER).match(text):
        return ToTrial(answer="later")
    if (match := (_CHINESE_YES if zh else _ENGLISH_YES).match(text)) is not None:
        return _answer("yes", match)
    if is_yes(text):
        return None if _ACKNOWLEDGES.match(text) else ToTrial(answer="yes")
    match = (_CHINESE_NO if zh else _ENGLISH_NO).match(text)
    return None if match is None else _answer("no", match)


def _answer(answer: Answer, match: "re.Match[str]") -> ToTrial:
    rest = match.groupdict().get("rest") or ""
    said = match[0][: len(match[0]) - len(rest)]
    return ToTrial(
        answer=answer,
        trial=_trial_in(said),
        rest=re.sub(r"^[\s,.;:!…—–，。；！、-]+", "", rest).rstrip(" \t\n.!。！"),
        is_of_all=_OF_ALL.search(said) is not None,
        is_bare=_BARE.match(said) is not None,
    )


def _trial_in(said: str) -> int | None:
    if not is_chinese(said):
        number = _NUMBER.search(said)
        return int(number[0]) if number else None
    named = _CHINESE_NUMBER.search(said)
    return chinese_number(named["n"] or named["m"]) if named else None
