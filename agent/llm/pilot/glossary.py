"""The words of the field: what each means, with its source, found also where it is misspelt or two are compared.

>>> meant("whats this ndgc thing")[0].name
'ndcg'
"""

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein

from agent.words.spelling import ORDINARY, loosely
from recmodels.metrics import METRICS
from recmodels.models import MODELS
from recmodels.param_words import PARAM_WORDS

_MOST = 3  # terms that one answer explains
_TERM = "[\x01\x03]"  # stands for a term in a message that is looked at for its form
_PURE = "\x01"  # one that means a word of the field wherever it stands
_OWN = "\x02"  # one that is a thing of the person's: "what did trial 6 do?" asks for no meaning
_STATE = "\x03"  # one that may ask how things stand: "noise?"
_THINGS = frozenset(
    ("trial", "study", "test", "validation", "proposal", "objective", "constraint", "checkpoint", "confirmation")
)
_STATES = frozenset(
    ("noise", "significance", "leakage", "baseline", "sparsity", "seed", "pareto", "importance", "overfitting")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word of the field."""

    name: str
    words: tuple[str, ...]  # what people call it
    says: str  # Markdown, two or three plain sentences
    source: str  # who says so: a paper with its year, or documentation
    chinese: str = ""  # the same, shorter

    @property
    def text(self) -> str:
        """The meaning with its source."""
        return f"{self.says} *Source: {self.source}.*"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a message names a term."""

    start: int
    end: int
    term: Term


@functools.cache
def terms() -> dict[str, Term]:
    """By name: those of the glossary, then every metric, model and param that it leaves out, as it is declared."""
    found = {
        name: Term(
            name=name,
            words=tuple(entry["words"]),
            says=entry["says"],
            source=entry["source"],
            chinese=entry.get("zh", ""),
        )
        for name, entry in _file()["terms"].items()
    }
    taken = {word for term in found.values() for word in term.words}
    declared = [
        *((name, metric.words, metric.says) for name, metric in METRICS.items()),
        *((name, entry.words, entry.says) for name, entry in MODELS.items()),
        *((name, entry.words, entry.says) for name, entry in PARAM_WORDS.items()),
    ]
    for name, words, says in declared:
        if name not in found and name not in taken:
            said = dict.fromkeys((name, name.replace("_", " "), *words))
            own = tuple(word for word in said if word not in taken and len(word) > 2)
            taken |= set(own)
            text = f"**`{name}`**: {says}."
            found[name] = Term(name=name, words=own, says=text, source="recpilot's documentation")
    return found


def meant(text: str) -> tuple[Term, ...]:
    """The terms that a text names, in its order; a longer name counts before a shorter one within it."""
    return tuple(dict.fromkeys(place.term for place in _places(text)))


def asks_meaning(text: str) -> bool:
    """Whether the message asks in so many words what a term of the field means, or how two of them differ."""
    return any(pattern.search(_formed(text)) for pattern in _ASKS)


def may_ask_meaning(text: str) -> bool:
    """Whether it sets two terms side by side, which may also ask for their values: "recall or precision?"."""
    return asks_meaning(text) or _SIDE_BY_SIDE.search(_formed(text)) is not None


def asks_practice(text: str) -> bool:
    """Whether it asks if something that is done in the field is right: "is it cheating to report validation?"."""
    return _PRACTICE.search(_formed(text)) is not None


def explained(text: str, *, in_chinese: bool = False) -> str:
    """What the terms of a text mean; two that are compared begin with how they differ. Empty where there is none."""
    found = meant(text)[:_MOST]
    if in_chinese:
        return "\n\n".join(term.chinese or term.text for term in found)
    parts = [term.text for term in found]
    if len(found) >= 2 and (says := _contrast(found[0], found[1])):
        parts.insert(0, says)
    return "\n\n".join(parts)


_MODELS_IN_CHINESE = {
    "personal_frequency": "先给每个人最常有的物品，然后是热门物品；用户会重复选择时，它是要超过的底线。",
    "bpr_mf": "**BPR-MF** 是矩阵分解，用成对损失或采样 softmax 损失学习排序。",
    "biased_mf": "带偏置的矩阵分解，预测评分或标签。",
    "deepfm": "**DeepFM** 把因子分解机和深度网络结合，用用户、物品和上下文特征预测点击。",
    "dcnv2": "**DCN v2** 用特征交叉层和深度网络，由用户、物品和上下文特征预测点击。",
    "llm_ranker": "因果语言模型加适配器，对历史和候选物品回答是或否。",
}
"""Of the models that the glossary has no Chinese words for."""


def every_model() -> str:
    """Each model and what it is, in Chinese."""
    found = [
        (name, (terms()[name].chinese if name in terms() else "") or _MODELS_IN_CHINESE.get(name)) for name in MODELS
    ]
    return "\n".join(f"- `{name}`：{says or MODELS[name].says}" for name, says in found)


def _contrast(one: Term, other: Term) -> str:
    """How two terms differ; empty where that is not written down."""
    pair = {one.name, other.name}
    return next((str(entry["says"]) for entry in _file()["contrasts"] if set(entry["terms"]) == pair), "")


@functools.cache
def _file() -> dict[str, dict]:  # type: ignore[type-arg]
    path = Path(__file__).with_name("glossary.json")
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@functools.cache
def _by_word() -> dict[str, Term]:
    return {word.lower(): term for term in reversed(terms().values()) for word in reversed(term.words)}


@functools.cache
def _pattern() -> "re.Pattern[str]":
    """Every word of every term, the longest first; a space may be a hyphen or an underscore."""
    words = sorted(_by_word(), key=len, reverse=True)
    ascii_words = [re.sub(r"(?:\\ |\\-|_)", "[-_ ]?", re.escape(word)) for word in words if word.isascii()]
    ascii_words = [word.replace("@k", r"@\w+") for word in ascii_words]
    others = [re.escape(word) for word in words if not word.isascii()]
    bounded = rf"(?<![a-z0-9_/.-])(?:{'|'.join(ascii_words)})(?:@\w+)?s?(?![a-z0-9_/]|[.-]\w)"
    return re.compile(f"{bounded}|{'|'.join(others)}", re.IGNORECASE)


def _places(text: str) -> list[_Place]:
    found: list[_Place] = []
    for match in _pattern().finditer(text):
        term = _term_of(match[0])
        found += [_Place(start=match.start(), end=match.end(), term=term)] if term else []
    for match in re.finditer(r"(?<![\w/.-])[A-Za-z][A-Za-z0-9]{3,}(?![\w/]|[.-]\w)", text):
        is_free = all(match.end() <= place.start or match.start() >= place.end for place in found)
        if is_free and (term := _near(match[0].lower())) is not None:
            found.append(_Place(start=match.start(), end=match.end(), term=term))
    return sorted(found, key=lambda place: place.start)


@functools.cache
def _plain_words() -> dict[str, Term]:
    return {re.sub(r"[-_ ]", "", word): term for word, term in _by_word().items()}


def _term_of(said: str) -> Term | None:
    plain = re.sub(r"[-_ ]", "", said.lower())
    base, cutoff, _ = plain.partition("@")
    for form in (plain, base, f"{base}@k" if cutoff else "", plain[:-1]):
        if form in _plain_words():
            return _plain_words()[form]
    return None


@functools.cache
def _near(word: str) -> Term | None:
    """The term that a word is a misspelling of: a letter or two away, and no ordinary word itself."""
    if word in ORDINARY or _is_ordinary_plural(word):
        return None
    allowed = 1 if len(word) < 7 else 2
    near: list[tuple[int, str]] = []
    for known in _by_word():
        if len(known) >= 4 and known.isascii() and known[0] == word[0] and abs(len(known) - len(word)) <= allowed:
            distance = DamerauLevenshtein.distance(word, known, score_cutoff=allowed)
            near += [(distance, known)] if distance <= allowed else []
    return _by_word()[min(near)[1]] if near else None


def _is_ordinary_plural(word: str) -> bool:
    return word.endswith("s") and word[:-1] in ORDINARY


def _formed(text: str) -> str:
    """The message in lower case with a mark in the place of each term."""
    formed, at = "", 0
    for place in _places(text):
        if place.start >= at:
            formed += text[at : place.start] + _sign(place.term)
            at = place.end
    return (formed + text[at:]).lower().replace("\u2019", "'")


def _sign(term: Term) -> str:
    return _OWN if term.name in _THINGS else _STATE if term.name in _STATES else _PURE


_WHAT = rf"(?:{loosely('what', 'whats')}|wat|wot|wht)(?:'?s|\s+is|\s+are|\s+was|\s+r|\s+means?|\s+iz)?"
_ARTICLE = r"(?:(?:exactly|actually|even|again|then|now|a|an|this|that|these|those|the\s+(?:word|term|metric|model|param|parameter|thing)(?:\s+called)?|teh|about|with|word)\s+)*[\"'`“*]*"
_AFTER = (
    r"[\"'`”*]*(?:\s+(?:(?:the|a|that)\s+)?(?:thing|thingy|stuff|metric|model|models|loss|sampler|parameter|param|value|again|agian|exactly|anyway|actually|really|even|please|pls|here|"
    r"all\s+about|good\s+for|about|mean\w*|supposed\s+to\s+be|in\s+(?:plain|simple|easy|a\s+few|two|one)\s+\w+|by\s+the\s+way|btw|then|before\s+i\s+\w+|for\s+you|to\s+me))*"
)
_ASKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_WHAT}\s+{_ARTICLE}{_TERM}{_AFTER}\s*(?:[?.!,;:)]|=|$)",
        rf"\b{_WHAT}\s+(?:\w+\s+)?(?:does|do|dose|doe|would|did|deos)\s+(?:{_ARTICLE}|the\s+|a\s+)?{_TERM}(?:\s+\w+)?\s+(?:do|does|mean|stand|tell|change|control|affect|measure|say|show|count|matter|influence|regulate)\b",
        rf"\b(?:{loosely('difference')}|diff|distinction)\b[^{_OWN}\d]*{_TERM}[^{_OWN}\d]*{_TERM}",
        rf"\bhow\s+(?:is|are|do|does)\s+{_ARTICLE}{_TERM}\s+differ\w*[^{_OWN}\d]*{_TERM}",
        rf"\b{_WHAT}\s+(?:exactly\s+)?(?:a|an)\s+{_OWN}{_AFTER}\s*(?:[?.!,;:)]|$)",
        rf"\b(?:define|definition\s+of|meaning\s+of|idea\s+(?:behind|of)|eli5|{loosely('explain')}|heard\s+(?:about|of))\s+(?:(?:me|to\s+me|us|the|what)\s+)*{_ARTICLE}{_TERM}(?:\s+(?:is|means?|does))?{_AFTER}\s*[?.!]*$",
        rf"^\W*(?:{_PURE}|{_TERM}\s*=)\W*\?+\W*$",
        rf"^\W*{_TERM}\W*(?:{_WHAT}|meaning)\W*(?:that|it|this)?\W*$",
        rf"{_TERM}[^?]*[.,;:…]\s*(?:and\s+)?{_WHAT}\s+(?:it|that|this)\b(?:\s+\w+)?\W*$",
        rf"\bhow\s+(?:does|do|is)\s+(?:(?:the|a|an)\s+)?{_TERM}\s+(?:work|calculated|computed|measured|defined)\w*\W*$",
        rf"{_TERM}.*\bidea\s+(?:behind|of)\s+(?:it|that|this)\b",
        rf"(?:什么是|啥是|解释一下)\s*{_TERM}",
        rf"{_TERM}\s*(?:和|与|跟|、|vs)\s*{_TERM}\s*.{{0,4}}(?:区别|不同|差别)",
        rf"{_TERM}\s*(?:是什么|是啥|什么意思|指的?是?什么)",
    )
)
_PRACTICE = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay|well|hm+|honestly)\W+)*(?:is|isn't|was|would|wouldn't)\s+(?:it|that|this)\s+(?:not\s+|be\s+|really\s+|even\s+|actually\s+|a\s+)*"
    r"(?:cheating|cheat|fair|legit\w*|honest|allowed|ok|okay|fine|wrong|bad|good|problem|valid|sound|proper|normal|common|usual|right)(?:\s+(?:practice|idea|science))?\s+"
    rf"(?:to|if|when)\b(?!\s+(?:{_OWN}|\w+\s+)?(?:it|this|that|the\s+study)\b).*(?:{_TERM}|\b(?:sampled|benchmark|paper|report\w*|publish\w*)\b)"
)
"""Not of what is at hand: "is it safe to stop this study?" is no question of the field."""
_SIDE_BY_SIDE = re.compile(
    rf"{_TERM}\W+(?:(?:and|or|an|ro)\s+)?(?:vs\.?|versus|compared\s+(?:to|with)|or|against)\s+{_ARTICLE}{_TERM}\s*[?.!]*$"
)
