"""A study's name that no study has: it is said, and the nearest names are offered, whatever was asked of it.

>>> no_such_study("stop shop-9", Known(studies=("shop-1",), datasets=("shop",)), Dialogue(), lambda say: Plan(say=say)).waiting.text
'There is no study `shop-9`, so nothing was done. Which one is meant: `shop-1`?'
"""

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from rapidfuzz.distance import DamerauLevenshtein

from agent import outside
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.names.near_names import near_names
from agent.understanding.plan import Plan, Request, Waiting, requests_in
from agent.words.chinese import is_chinese
from agent.words.names import Names, read
from agent.words.respelling import IS_GIVEN, is_right
from agent.words.said import Said
from memory.histories.files import shipped_names

_NAME = r"(?P<name>[A-Za-z_]\w*(?:[-.]\w+)*)(?![\w/@%]|[-.]\w)"
_NUMBERED = r"(?P<name>[A-Za-z_]\w*(?:-[A-Za-z]\w*)*-\d{1,3})(?![\w/@%]|[-.]\w)"
_OF_TRIAL = r"\btrials?\s+(?:number\s+|#\s*)?\d+(?:\s+(?:and|or)\s+#?\d+)*\s+(?:of|in|from|von|aus)\s+"
_VERB = (
    r"(?:show|open|see|display|plot|stop|pause|resume|continue|halt|explain|confirm|summari[sz]e|report(?:\s+on)?|compare|"
    r"delete|remove|export|extend|rename|status\s+of|back\s+to|switch\s+to|go\s+to|显示|打开|停止|暂停|继续|比较|导出|删除|确认)"
)
_LEAD = r"^\W*(?:(?:please|pls|ok(?:ay)?|now|and|then|no|so|can|could|would|will|you|i|we|want\s+to|let'?s|let\s+me|请)\W*)*"
_THE = r"(?:me\s+)?(?:the\s+)?(?:study\s+)?[`'\"“]?"
_ANY = (
    rf"{_OF_TRIAL}{_THE}{_NAME}",
    rf"(?:\bstudy|研究)\s*(?:called\s+|named\s+)?[`'\"“]?{_NAME}(?=[`'\"”]?\s*(?:$|[,;?!.？，。]))",
)
"""Where any word that is none names a study."""
_ONES = (
    rf"{_LEAD}{_VERB}\s*{_THE}{_NUMBERED}",
    rf"(?:\bstudy|研究)\s*[`'\"“]?{_NUMBERED}",
    rf"\b(?:of|in|from|with|and|than|against|vs\.?|versus|to|for)\s+{_THE}{_NUMBERED}",
    rf"(?:和|与|跟)\s*{_NUMBERED}",
)
"""Where a word with a number names one."""
_AFTER_STUDY = rf"\bstudy\s+[`'\"“]?{_NAME}"
_ALIKE = (rf"{_LEAD}{_VERB}\s*{_THE}{_NAME}(?:\s+please)?\W*$", _AFTER_STUDY)
"""Where a word that is like a study's name is meant to be one."""
_NOT_OF_STUDIES = re.compile(
    r"\b(?:tune|retune|train|optimi[sz]e|(?:start|begin|launch|new|another)\s+(?:a\s+|new\s+)*(?:study|search)|import|load|"
    r"users?|items?|customers?|columns?|rows?|files?|folder|branch|gpu|cuda|recommend\w*|merge|append)\b|\w\.(?:csv|tsv|json\w*|parquet|inter|dat|db)\b"
    r"|调参|调优|训练|新研究|用户|物品|列|文件",
    re.IGNORECASE,
)
"""What begins a study, or speaks of data, where such a word may be anything."""
_CALLS = re.compile(r"\b(?:call|name|label)\s+(?:\S+\s+){1,5}[`'\"“]?$", re.IGNORECASE)  # "call the next one demo-9"
_MOST = 3  # names that are offered
_NEAR = 0.5  # as difflib measures likeness
_ALIKE_ENOUGH = 0.6


def no_such_study(say: str, known: Known, dialogue: Dialogue, planned: Callable[[str], Plan]) -> Plan | None:
    """The sentence, with what would be done with each of the nearest; None where every study named is one.

    Args:
        planned: What is done with a message.
    """
    name = unknown_study(say, known)
    if name is None:
        return None
    near = _near(name, known)
    offered = [(one, found) for one in near if (found := _with(one, name, say, planned)) is not None]
    acts = any(request.acts for _, request in offered)
    names = [one for one, _ in offered] or near
    text = (_in_chinese if is_chinese(say) else _in_english)(
        name, names or list(known.studies[:_MOST]), bool(near), acts
    )
    if not offered:
        return Plan(say=say, answer=text)
    requests = tuple(request for _, request in offered)
    return Plan(say=say, waiting=Waiting(requests=requests, lacking="tool", choices=tuple(names), text=text))


def unknown_study(say: str, known: Known) -> str | None:
    """The first name in a place of a study's that is of no study, and of nothing else."""
    if not known.studies or _NOT_OF_STUDIES.search(say):
        return None
    said = near_names(read(say, known.names), known)
    for name, start in _named(say, known, said):
        if IS_GIVEN.search(say[:start]) or _CALLS.search(say[:start]) or _is_known(name, start, known, said):
            continue
        return name
    return None


def _named(say: str, known: Known, said: Said) -> Iterator[tuple[str, int]]:
    """Each word that stands where a study's name does."""
    for span in said.of("study"):
        if span.value not in known.studies and re.search(r"-\d", said.words(span)):
            yield said.words(span), span.start
    for pattern in _ONES:
        for match in re.finditer(pattern, say, re.IGNORECASE):
            yield match["name"], match.start("name")
    for pattern in _ANY:
        for match in re.finditer(pattern, say, re.IGNORECASE):
            if not is_right(match["name"]):
                yield match["name"], match.start("name")
    for pattern in _ALIKE:
        for match in re.finditer(pattern, say, re.IGNORECASE):
            if not is_right(match["name"], or_nearly=pattern != _AFTER_STUDY) and _is_like_one(match["name"], known):
                yield match["name"], match.start("name")


def _is_like_one(name: str, known: Known) -> bool:
    low = name.lower()
    begins = any(low.startswith(stem.lower()) for stem in known.datasets if len(stem) > 2)
    names = [one.lower() for one in known.studies]
    return begins or bool(difflib.get_close_matches(low, names, n=1, cutoff=_ALIKE_ENOUGH))


def _is_known(name: str, start: int, known: Known, said: Said) -> bool:
    """Whether it is a study's, now or before it was renamed, or something else's name."""
    low, end = name.lower(), start + len(name)
    others = {one.lower() for one in (*known.datasets, *known.removed(), *shipped_names())}
    spans = [span for span in said.spans if span.start < end and start < span.end]
    says_study = re.search(r"(?:\bstudy\s+|研究\s*)[`'\"“]?$", said.text[:start], re.IGNORECASE) is not None
    is_name = any(
        span.kind not in ("study", "number")
        and span.start <= start
        and end <= span.end
        and not (span.is_near and says_study)  # "study demox" is no misspelt dataset
        for span in spans
    )
    is_meant = any(
        span.kind == "study" and span.value in known.studies and (not span.is_near or _is_a_slip(low, str(span.value)))
        for span in spans
    )
    is_declared = bool(read(name.rpartition("-")[0], Names()).of("metric", "model", "param"))  # "recall-20"
    return low in others or is_declared or is_name or is_meant or known.has_study(name)


def _is_a_slip(name: str, study: str) -> bool:
    """Whether one letter was mistyped, and not another name meant: "june" and "juli" are two."""
    return DamerauLevenshtein.distance(_plain(name), _plain(study.lower()), score_cutoff=1) <= 1


def _plain(name: str) -> str:
    return re.sub(r"[-_ ]", "", name)


def _near(name: str, known: Known) -> list[str]:
    """The nearest first, of those that are as near the latest."""
    low = name.lower()
    likeness = {one: difflib.SequenceMatcher(None, low, one.lower()).ratio() for one in known.studies}
    near = [one for one in known.studies if likeness[one] >= _NEAR]
    return sorted(near, key=lambda one: -likeness[one])[:_MOST]


def _with(study: str, name: str, say: str, planned: Callable[[str], Plan]) -> Request | None:
    """What would be done were that study named; None where that is nothing, or several things."""
    found = requests_in(planned(say.replace(name, study)))
    if len(found) != 1 or found[0].args.get("study") == found[0].args.get("against_study") is not None:
        return None
    request = found[0]
    names = {request.args.get(one) for one in ("study", "against_study", "base")}
    return replace(request, words=say) if study in names else request.with_args(study=study)


def _in_english(name: str, names: list[str], is_near: bool, acts: bool) -> str:
    listed = ", ".join(map(outside.code, names))
    nothing = ", so nothing was done" if acts else ""
    if is_near:
        return f"There is no study {outside.code(name)}{nothing}. Which one is meant: {listed}?"
    return f"There is no study {outside.code(name)}{nothing}. The latest are {listed}; `list the studies` shows all."


def _in_chinese(name: str, names: list[str], is_near: bool, acts: bool) -> str:
    listed = "、".join(map(outside.code, names))
    nothing = "，所以什么都没有做" if acts else ""
    if is_near:
        return f"没有叫 {outside.code(name)} 的研究{nothing}。是指哪一个：{listed}？"
    return f"没有叫 {outside.code(name)} 的研究{nothing}。最近的是 {listed}；说“列出研究”可以看到全部。"
