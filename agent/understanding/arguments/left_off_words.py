"""What a study does without, in one form that every reader takes: "ohne Pruning und Regeln", "不剪枝，不用规则", "no approval".

>>> in_plain_terms("tune ease on demo, pruning and rules off, 6 trials")
'tune ease on demo, without pruning and without rules, 6 trials'
>>> in_plain_terms("tune ease on demo without asking me")
'tune ease on demo, approval off'
"""

import re

from agent.understanding.arguments.approval_words import NO_APPROVAL
from agent.words.chinese import is_chinese

_BOTH = "without pruning and without rules"
_ANY = r"(?:(?:any|the|your|all|its|use|using)\s+)*"
_PRUNING = r"(?:prun(?:ing|ers?)(?:\s+of\s+trials)?)"
_RULES = r"(?:rules\b(?!\s+(?:of|for|on)\s+likes?))"
_NOT = r"(?:without|w/o|no|not|neither|never|skip(?:ping)?|disabl(?:e|ing)|ignor(?:e|ing)|leav(?:e|ing)\s+out|(?:turn|switch)(?:ing)?\s+off|(?:do\s+not|don['’]?t)\s+use|use\s+(?:no|neither))"
_AND = r"\s*(?:,|&|\+|\band\b|\bor\b|\bnor\b|\balso\b|\beither\b|\bboth\b|\s)+\s*"
_OFF = r"\s+(?:(?:are|both|is|switched|turned|all)\s+)*(?:off|disabled|aside)\b"
_ONES = (
    (
        "en",
        rf"\b{_NOT}\s+{_ANY}{_PRUNING}{_AND}(?:{_NOT}\s+)?{_ANY}{_RULES}|\b{_NOT}\s+{_ANY}{_RULES}{_AND}(?:{_NOT}\s+)?{_ANY}{_PRUNING}\b|"
        rf"\b(?:with\s+)?(?:{_PRUNING}{_AND}{_RULES}|{_RULES}{_AND}{_PRUNING}){_OFF}",
    ),
    (
        "zh",
        r"[，,、\s]*既?(?:{p}(?:[，,、；\s]|也|且|并且|并|和|又|以及|或)*{r}|{r}(?:[，,、；\s]|也|且|并且|并|和|又|以及|或)*{p})".format(
            p=r"(?:(?:不要?|别|不用|不使用|不做|不进行|无需?|没有|关闭|关掉)剪枝)",
            r=r"(?:(?:不用|不要用?|不使用|别用|不采用|不看|无需?|没有|关闭|关掉|忽略)(?:任何|你的|所有)?规则)",
        ),
    ),
    (
        "de",
        r"\b(?:ohne|kein(?:e|en)?)\s+(?:Pruning|Pruner|Regeln)(?:\s*(?:,|und|oder|sowie|&)\s*|\s+)(?:und\s+)?(?:(?:ohne|kein(?:e|en)?)\s+)?(?:Pruning|Pruner|Regeln)\b",
    ),
)
_UNASKED = re.compile(
    rf"(^\W*|\s*[,.;:!?，。；、]\s*(?:and\s+|but\s+)?|\s+(?:and|but)\s+)?\s*(?:{NO_APPROVAL})", re.IGNORECASE
)
_ASKS = re.compile(r"[?？]\W*$|^\W*(?:why|did|does|was|has|have|how|when|who)\b|为什么|吗", re.IGNORECASE)
_GERMAN = (
    (r"\b(?:ohne|kein(?:en)?)\s+(?:Pruning|Pruner)\b", "without pruning"),
    (r"\b(?:ohne|keine)\s+Regeln\b", "without rules"),
)
_TUNES_GERMAN = re.compile(r"^(\W*(?:tune|train|optimi[sz]e)\s+[^.;?!]*?)\bauf\b", re.IGNORECASE)
"""English but for the word before the data: "tune ease auf demo"."""


def in_plain_terms(say: str) -> str:
    """The message with such a refusal in its plain form; any other message as it is."""
    zh = is_chinese(say)
    if not zh and not _ASKS.search(say) and (found := _UNASKED.sub(_approval_off, say)) != say:
        return found
    for language, pattern in _ONES:
        if zh and language == "zh":
            return re.sub(pattern, f" {_BOTH}", say, count=1)
        if not zh and language != "zh" and re.search(pattern, say, re.IGNORECASE):
            return _on(re.sub(pattern, _BOTH, say, count=1, flags=re.IGNORECASE))
    text = say
    for pattern, plain in _GERMAN:
        text = re.sub(pattern, plain, text, flags=re.IGNORECASE)
    return say if text == say else _on(text)


def _on(text: str) -> str:
    return _TUNES_GERMAN.sub(r"\1on", text)


def _approval_off(match: "re.Match[str]") -> str:
    return f"{', ' if match[1] is None else match[1]}approval off"
