"""A question about who may see data, studies and chats: "who can read club?", "is my data visible to others?".

>>> who_reads("who can read club?") is None, who_reads("who won?") is None
(False, True)
"""

import re

from agent.words.chinese import is_chinese

_MAY = r"(?:can|could|may|might|is\s+(?:able|allowed)\s+to|are\s+allowed\s+to|has\s+(?:the\s+)?right\s+to|will|does|do)"
_SEES = r"(?:read|see|sees|access|look\s+(?:at|into)|view|open|use|watch|download)"
_OTHERS = r"(?:others?|other\s+(?:people|users|persons|colleagues)|anyone(?:\s+else)?|anybody(?:\s+else)?|everyone|everybody|someone\s+else|(?:my\s+)?colleagues?|strangers?|people)"
_WHAT = r"\b(?:data\s?(?:sets?)?|stud(?:y|ies)|trials?|results?|chats?|conversations?|messages?|files?|uploads?|this|it|them)\b"
_ENGLISH = re.compile(
    rf"^\W*(?:(?:and|so|but|ok|please|tell\s+me)\W+)*(?:who(?:\s+else)?\s+(?:{_MAY}\s+)(?:also\s+|else\s+)?{_SEES}\b|who(?:\s+else)?\s+(?:has|have)\s+(?:the\s+)?access\b|(?:{_MAY}|is|are)\s+{_OTHERS}\s+(?:also\s+|be\s+able\s+to\s+)?{_SEES}\b"
    rf"|(?:is|are)\s+(?:my|our|the|this|these)\b[^.;?]*\b(?:visible|readable|accessible|open|shown|shared|private)\b(?:\s+(?:to|by|for|with)\s+(?:me\s+only|only\s+me|{_OTHERS}))?\W*$)",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"谁(?:还)?(?:可以|能|会|有权)?(?:看|读|访问|查看|打开)|(?:别人|其他人|同事|大家)(?:也)?(?:可以|能|会)(?:看|读|访问|查看)"
)
_CHATS = re.compile(
    r"\b(?:chats?|conversations?|messages?|what\s+i\s+(?:say|write|type))\b|聊天|对话|消息", re.IGNORECASE
)
_OF_TRUTH = re.compile(r"\b(?:items?|customers?|future|tests?|held\s*-?out)\b", re.IGNORECASE)


def who_reads(say: str) -> str | None:
    """The answer; None for any other message."""
    if is_chinese(say):
        return _IN_CHINESE if _CHINESE.search(say) else None
    if _ENGLISH.match(say) is None or _OF_TRUTH.search(say):
        return None
    return f"{_OF_CHATS} {_OF_DATA}" if _CHATS.search(say) else f"{_OF_DATA} {_OF_CHATS}"


_OF_DATA = (
    "Everyone who logs in may read all datasets and studies with their trials; an order that steers another person's study "
    "is asked about first. Where nobody has to log in, anyone who opens the page on this machine may. Nothing leaves the "
    "machine unless you attach a language model's server yourself; `recpilot users add NAME` gives a person a login."
)
_OF_CHATS = "Chats are each person's own."
_IN_CHINESE = "所有登录的人都可以读所有数据集和研究；操作别人的研究会先询问。聊天只属于各自的人。不需要登录时，能打开这台机器上页面的人都可以读。"
