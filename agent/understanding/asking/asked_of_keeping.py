"""Questions about what becomes of data once they were handed over: who can read them, where they lie, what still holds.

>>> asked_of_privacy("are they hashed?")
'hashed'
>>> asks_whether_it_holds("do I need to tune again?")
True
"""

import re

_FIRST = r"^\W*(?:(?:and|so|ok|okay|but|now|wait|hm+|please|also)\b\W*)*"
_WHOSE = r"(?:(?:the|my|our|your|these|those|this|that|all|any|of|its|their|user|users['’]?|customers?['’]?|item)\s+)*"
_DATA = rf"{_WHOSE}(?:data\s?sets?|data|files?|uploads?|csvs?|ids?|identifiers?|e-?mails?(?:\s+addresses)?|addresses|rows|copies|copy|customers?|users?|people|chats?)"
_THEM = (
    rf"(?:{_DATA}|they|them|it|this|that|these|those|everything|anything|something|any\s+of\s+(?:it|this|that|them))"
)
_OTHERS = r"(?:anyone|anybody|someone|somebody|others|other\s+(?:people|users)|colleagues|people|strangers|you|recpilot|the\s+(?:admin|model|llm))"
_HIDDEN = r"(?:hashed|encrypted|pseudonymi[sz]ed|anonymi[sz]ed|anonymous|masked|pseudonyms|clear\s?text|plain\s?text|in\s+(?:the\s+)?clear|in\s+(?:clear|plain)\s?text)"
_ASPECTS: dict[str, tuple[str, ...]] = {
    "ids": (
        rf"(?:can|could|do|does|will)\s+{_OTHERS}\s+(?:still\s+|also\s+)?(?:see|read|know|recover|reverse|get\s+back|find\s+out)\s+(?:.*\s)?(?:e-?mails?|e-?mail\s+addresses|addresses|who\s+.*\b(?:is|are)|clear\s+ids|(?:real|original|clear|true)\s+(?:ids?|names))\b.*",
        r"(?:are|is)\s+(?:there\s+)?(?:still\s+|any\s+)*(?:e-?mails?|e-?mail\s+addresses|personal\s+data|names\s+of\s+people)\s+(?:still\s+)?(?:in|visible|there|stored|kept|left)\b.*",
        r".*还?能?看(?:到|见|得到).*(?:邮箱|邮件|电子邮件).*",
    ),
    "hashed": (
        rf"(?:are|is|were|was|did\s+you|have\s+you)\s+(?:{_THEM}\s+)?(?:really\s+|still\s+|now\s+|all\s+|stored\s+|kept\s+|be\s+)*{_HIDDEN}\b.*",
        rf"(?:did|have|do)\s+you\s+(?:hash|hashed|encrypt|encrypted|pseudonymi[sz]ed?|anonymi[sz]ed?)\s+{_THEM}\b.*",
        r".*(?:哈希|加密|脱敏|匿名)(?:了|过|的)?(?:吗|没有|么).*",
    ),
    "who": (
        rf"who\s+(?:else\s+)?(?:can|could|may|might|is\s+able\s+to|is\s+allowed\s+to|has|have|gets?|sees?|reads?)\s*(?:to\s+)?(?:read|see|access|open|look\s+(?:at|into)|view)?\s*(?:access\s+to\s+|at\s+)?{_THEM}\b.*",
        rf"(?:can|could|may|will|is|are)\s+(?:anyone|anybody|someone|somebody|others|other\s+(?:people|users)|colleagues|strangers)\s+(?:else\s+)?(?:on\s+this\s+machine\s+)?(?:able\s+to\s+)?(?:read|see|access|open|look\s+(?:at|into)|get\s+at|view)\s+{_THEM}\b.*",
        rf"(?:is|are)\s+{_DATA}\s+(?:really\s+)?(?:private|safe|secure|secured|protected|confidential|readable)\b.*",
        r".*谁.*(?:看|读|访问|打开).*(?:文件|数据|它|它们|上传).*",
        r".*(?:别人|其他人|他人).*(?:看|读|访问).*(?:吗|么).*",
    ),
    "sent": (
        rf"(?:is|are|was|were|will|has|have|does|do|did|can)\s+(?:you\s+|recpilot\s+)?(?:{_THEM}\s+)?(?:ever\s+|be\s+|been\s+|get\s+|being\s+)*(?:send|sent|uploaded|transmitted|transferred|shared|leave|leaving|leaked)\b\s*(?:{_THEM}\s*)?(?:away|anywhere|out(?!\s+(?:the|of\s+the\s+(?:study|data)|all|any)\b)|outside|off|to|from|over|with|across|somewhere|elsewhere|this|the|my|our)\b.*",
        r".*(?:发送|上传|外传|泄露|传)(?:出去|到|给|走).*(?:吗|么|哪).*",
    ),
    "where": (
        rf"where\s+(?:is|are|do|does|did|will)\s+(?:you\s+)?(?:{_THEM}\s+)?(?:you\s+)?(?:now\s+|all\s+)?(?:stored?|saved?|kept|keep|lie|lies|live|lives|put|located|go|goes|reside)\b(?:\s+(?:{_THEM}))?.*",
        r"(?:what|which|how\s+many)\s+copies\b.*|(?:do|did|are|is)\s+(?:you\s+|there\s+)?(?:still\s+)?(?:keep|kept|have|store|any)?\s*(?:a\s+|any\s+|other\s+)*cop(?:y|ies)\b.*",
        r".*(?:数据|文件|它们?).*(?:存|保存|放|储存)(?:储)?在(?:哪|什么地方).*",
    ),
}
_OF_STUDY = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|weights|checkpoints?|reports?|lessons?|notes?|models?)\b", re.IGNORECASE
)
_HOLDS = (
    r"(?:do|should|must|shall|need|would|does)\s+(?:i|we|it|one|this|the\s+study)\s+(?:now\s+|really\s+)?(?:have\s+to\s+|need\s+to\s+|be\s+)?(?:re-?tuned?|tuned?\s+(?:it\s+|this\s+|the\s+\w+\s+)?(?:again|anew|once\s+more)|start\s+over|redo\s+(?:it|the\s+stud(?:y|ies)|everything))\b.*",
    r"(?:is|are|would)\s+(?:a\s+new\s+study|tuning\s+again|re-?tuning|another\s+tuning)\s+(?:be\s+)?(?:necessary|needed|worth(?:\s+it|while)?|any\s+good)\b.*",
    r"(?:is|would)\s+it\s+(?:be\s+)?(?:necessary|needed|worth(?:\s+it|while)?|better)\s+(?:to\s+)?(?:re-?tun\w*|tun\w*\s+(?:it\s+)?again)\b.*",
    r"(?:is|are|does|do|will)\s+(?:my|the|our|this|that|these|those|all|old|earlier|last)\s+(?:(?:my|the|our|old|earlier|last|previous|best)\s+)*(?:stud(?:y|ies)|tuning|results?|params?|parameters|figures|numbers|model|best(?:\s+trial)?)\s+(?:\w+\s+)?(?:still\s+)(?:be\s+)?(?:valid|hold|holds|good|true|ok(?:ay)?|right|current|up\s+to\s+date|apply|applies|usable|useful|count|correct|fit|fits)\b.*",
    r"(?:is|are)\s+(?:my|the|our|this|that)\s+(?:stud(?:y|ies)|results?|params?|best\s+params?)\s+(?:now\s+)?(?:outdated|stale|invalid|obsolete|out\s+of\s+date)\b.*",
    r"which\s+(?:stud(?:y|ies)|models?)\s+(?:used?|uses|were|was|are|ran|is)\s+(?:.*\s)?(?:versions?|old\s+data|(?:this|the|that|which|what)\s+data(?:\s?set)?)\b.*",
    r"(?:which|what)\s+versions?\s+(?:of\s+(?:the\s+data|\S+)\s+)?(?:did|does|do|was|were|is)\s+.*\b(?:stud(?:y|ies)|use[ds]?|tuned)\b.*",
    r".*(?:需要|要不要|用不用|该不该|必须).*(?:重新调|再调|重调).*",
    r".*研究.*(?:还|仍).*(?:有效|成立|可用|能用).*",
)


def asked_of_privacy(say: str) -> str | None:
    """Which answer comes first to a question on who sees the data: who, hashed, ids, where, sent; None for any other."""
    if _OF_STUDY.search(say) or len(say) > _LONGEST:
        return None
    for aspect, patterns in _ASPECTS.items():
        if any(re.fullmatch(f"{_FIRST}(?:{pattern})", say.strip(), re.IGNORECASE | re.DOTALL) for pattern in patterns):
            return aspect
    return None


def asks_whether_it_holds(say: str) -> bool:
    """Whether a message asks if what was tuned still holds, or has to be tuned again, or on which version it was."""
    return len(say) <= _LONGEST and any(
        re.fullmatch(f"{_FIRST}(?:{pattern})", say.strip(), re.IGNORECASE | re.DOTALL) for pattern in _HOLDS
    )


_LONGEST = 160  # characters of such a question
