"""A note's rule in the words that bounds are read from: "dropout over 0.5 never works for us" is "never use dropout over 0.5"."""

import re

from agent.words.chinese import gloss, is_chinese

_LESS = r"(?:below|under|beneath|(?:less|lower|smaller|fewer)\s+than)"
_MORE = r"(?:above|over|beyond|past|(?:more|higher|larger|greater|bigger)\s+than)"
_TAIL = r"(?P<tail>(?:\s+(?:here|(?:on|for|with|in|to)\s+[\w.-]+(?:\s+(?:data|dataset))?))*)"
_NEVER_PAID = re.compile(
    r"^(?P<head>(?:[^,:;]{1,40}[,:]\s*)?)(?P<what>[^,:;]+?)\s+(?:"
    r"(?:has\s+|have\s+)?(?:simply\s+|just\s+)?never\s+(?:really\s+|once\s+)?(?:work(?:s|ed)?|help(?:s|ed)?|pa(?:ys|id)(?:\s+off)?)(?:\s+well)?"
    r"|(?:does|do)(?:\s+not|n['’]?t)\s+(?:ever\s+)?work"
    r"|(?:is|are)\s+(?:always\s+|simply\s+|just\s+|completely\s+)?(?:useless|pointless|hopeless|nonsense|forbidden|not\s+allowed|off\s+limits|out\s+of\s+the\s+question|a\s+waste(?:\s+of\s+(?:time|\w+\s+time))?|no\s+good)"
    rf"|makes?\s+no\s+sense){_TAIL}\W*$",
    re.IGNORECASE,
)
"""What is told of values as a rule; not of one trial that was worse."""
_OTHERWISE: tuple[tuple[str, str], ...] = (
    (r"\b(?:must|may|should|can|shall|do|does|to)\s*(?:not|n['’]?t)\s+(?:ever\s+)?exceed\b|\bnever\s+(?:to\s+)?exceeds?\b|\bcannot\s+exceed\b", "must be at most"),
    (r"\b(?:has|have|needs?|ought)\s+to\s+(?=be\b|stay\b|lie\b)", "must "),
    (r"\b(?:is|are)\s+(?:limited|capped|restricted)\s+(?:to|at)\b", "must be at most"),
    (r"\bno(?:thing)?\s+(?=(?:[\w-]+\s+){0,3}(?:above|over|below|under)\b)", "never use "),
    (rf"(?<!\bno )(?<!\bnot )(?<!\btimes )\b{_LESS}(?=\s)", "at least"),
    (rf"(?<!\bno )(?<!\bnot )(?<!\btimes )\b{_MORE}(?=\s)", "at most"),
)  # fmt: skip
"""Each with the words that stand for it; the last two only where a rule forbids values."""
_FORBIDS = re.compile(
    r"\b(?:never|avoid|(?:do|must|should|may|can)(?:\s+not|n['’]?t)|can(?:not|['’]?t))\b[^,:;.]*?\b(?:"
    + _LESS
    + "|"
    + _MORE
    + r")\s",
    re.IGNORECASE,
)
_RANGE_ALONE = re.compile(r"^(?P<what>[\w\s-]{2,30}?)\s+in\s+(?=\d[\d.e-]*\s*(?:\.\.|-|to|–)\s*\d)", re.IGNORECASE)
_FROM_NOW = re.compile(r"\bfrom\s+now\s+on\b[,:]?|\b(?:i|we)\s+(?=never\s+want\b)", re.IGNORECASE)
_GERMAN: tuple[tuple[str, str], ...] = (
    (r"\b(?:nie(?:mals)?|nicht)\s+(?:mehr\s+als|über|ueber)\b|\b(?:höchstens|hoechstens|maximal)\b", "at most"),
    (r"\b(?:nie(?:mals)?|nicht)\s+(?:weniger\s+als|unter)\b|\b(?:mindestens|wenigstens)\b", "at least"),
    (r"\bzwischen\b(?=.*\bund\b)", "must stay between"),
    (r"(?<=\d)\s+und\s+(?=\d)", " and "),
    (r"\b(?:niemals|nie)\b", "never use"),
    (r"\bnur\b", "use only"),
    (r"\bfaktoren\b", "factors"),
    (r"\bnachbarn\b", "neighbours"),
    (r"\blernrate\b", "learning rate"),
    (r"\b(?:verwenden?|benutzen?|nehmen|nimm|setzen)\b", ""),
    (r"\bauf\b", "on"),
    (r"\bfür\b", "for"),
)
_GERMAN_NOTE = re.compile(
    r"^\W*(?:bitte\s+)?(?:merk(?:e|en)?\s+(?:dir|sie\s+sich)|notier(?:e|en)?(?:\s+dir)?|denk(?:e)?\s+(?:dran|daran))\s*(?:bitte\s*)?(?:(?:nur\s+)?(?:für|auf|bei)\s+(?P<name>[\w.-]+))?\s*[:,]\s*(?:dass\s+)?(?P<note>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_CHINESE_USELESS = re.compile(
    r"(?P<compares>(?:大于|超过|高于|多于|大过|小于|低于|少于|不到)(?:等于)?\s*[\d.]+)\s*(?:的(?:值|时候)?|时|以后|后|就|都|也|是|根本|完全|从来|总是|一直)*\s*"
    r"(?:没有?(?:什么)?(?:用处?|意义|效果|帮助|好处)|无用|无效|无意义|不行|不好|不管用|不起作用|不可用|(?:效果|结果|表现)?(?:很|非常|太|更|最)?(?:差|糟糕?)|(?:效果|结果|表现)(?:很|都)?不(?:好|行|佳)|浪费(?:时间)?)(?:了|的)?"
)
_CHINESE_UNREAD = re.compile(r"没|无|差|糟|浪费|不(?:好|行|佳|管用|起作用|如|值)|会|变")
"""What tells against values in a way that is not read as a rule."""
_CHINESE: tuple[tuple[str, str], ...] = ((r"不得|不可以|不能|不应|永远不要|绝不", "不要"), (r"在?这里的?|此处的?", ""))


def as_rule(text: str) -> str:
    """The text as a rule in usual words; as it stands where it says none of this."""
    text = _FROM_NOW.sub(" ", text).strip(" ,:")
    if is_chinese(text):
        for pattern, word in _CHINESE:
            text = re.sub(pattern, word, text)
        text = _CHINESE_USELESS.sub(r"不要\g<compares>", text)
        return "" if _CHINESE_UNREAD.search(text) else gloss(text)
    if is_german_rule(text):
        text = _in_english(text)
    if (told := _NEVER_PAID.match(text)) is not None:
        text = f"{told['head']}never use {told['what']}{told['tail']}"
    for pattern, words in _OTHERWISE[:-2]:
        text = re.sub(pattern, words, text, flags=re.IGNORECASE)
    if _FORBIDS.search(text):
        for pattern, words in _OTHERWISE[-2:]:
            text = re.sub(pattern, words, text, flags=re.IGNORECASE)
    return _RANGE_ALONE.sub(r"\g<what> must be in ", text)


def is_told_of_values(text: str) -> bool:
    """Whether values are said to be of no use, as a rule: "dropout over 0.5 never works for us"."""
    return ":" not in text and _NEVER_PAID.match(text) is not None


def german_note(say: str) -> str | None:
    """The rule in a note that is told in German; None for any other message."""
    found = _GERMAN_NOTE.match(say)
    if found is None or not is_german_rule(found["note"]):
        return None
    return f"on {found['name']}: {found['note'].strip()}" if found["name"] else found["note"].strip()


def is_german_rule(text: str) -> bool:
    """Whether a text bounds something in German words."""
    return any(re.search(pattern, text, re.IGNORECASE) for pattern, _ in _GERMAN[:3]) or bool(
        re.search(r"\b(?:nie|niemals|nur)\b", text, re.IGNORECASE)
    )


def _in_english(text: str) -> str:
    for pattern, words in _GERMAN:
        text = re.sub(pattern, words, text, flags=re.IGNORECASE)
    return " ".join(text.split())
