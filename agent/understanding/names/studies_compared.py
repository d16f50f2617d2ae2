"""Studies that are set against each other by their names, none of them lost: "club-2 vs club-9 vs club-3".

>>> studies_compared("compare a-1 with a-2", Known(studies=("a-1", "a-2")), Dialogue()).requests[0].args
{'study': 'a-1', 'against_study': 'a-2'}
"""

import re
from dataclasses import replace
from itertools import combinations

from rapidfuzz.distance import DamerauLevenshtein

from agent.understanding.clauses.mood_words import QUESTION
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.names.near_names import near_names
from agent.understanding.plan import Plan, Request
from agent.words.chinese import is_chinese
from agent.words.names import read
from agent.words.said import Said

_COMPARES = re.compile(
    r"\b(?:better|worse|best|compar\w*|vs\.?|versus|beats?|against|ahead|behind|differences?|differ|outperform\w*|wins?|winner|"
    r"more\s+(?:good|bad|successful)|gooder|good)\b|比较|对比|相比|哪个(?:更|比较)?好|更好|谁好",
    re.IGNORECASE,
)
_VERSUS = re.compile(r"\b(?:vs\.?|versus|against)(?![\w-])|(?:和|与|跟).*(?:比|哪个)", re.IGNORECASE)
_OPENS = re.compile(
    r"^\W*(?:(?:please|pls|ok(?:ay)?|now|and|then|so|but|can|could|would|you|i|we|want|to|let'?s|let|me|请|帮我)\W+)*(?P<word>[a-z]+)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\btrials?\s*#?\s*\d|\b(?:tune|retune|train|start|begin|open|export|delete|remove|stop|pause|resume|extend|rename|confirm|"
    r"recommend|remember|note|forget|import|merge|continue|notes?|lessons?|histor(?:y|ies)|memory|rules?|prun\w+|param\w*|data)\b"
    r"|调参|训练|记住|删除|规则|剪枝",
    re.IGNORECASE,
)
"""What orders something else, or sets something else than the studies' bests against each other."""
_NOT = re.compile(
    r"\b(?:no\s+need|need\s*n[o']?t|no\s+point|not|don'?t|do\s+not|never|stop|without|rather\s+not|unnecessary)\b[^.;?!]*\bcompar"
    r"|(?:不用|不要|不必|别|无需).{0,6}(?:比较|对比)",
    re.IGNORECASE,
)
_NOT_DONE = ("All right, nothing was compared.", "好的，没有比较。")
_ABOUT = re.compile(
    r"^\W*(?:(?:and|ok(?:ay)?|so|but|then|now)\W+)*(?:(?:what|how)\s+about|with|against|and|versus|vs\.?)\s+(?:the\s+)?(?:study\s+)?[`'\"]?(?P<name>[\w.-]+?)[`'\"]?(?:\s+then)?\W*$"
    r"|^\W*(?:那)?(?:和|与|跟)?\s*(?P<zh>[\w.-]+?)\s*呢\W*$",
    re.IGNORECASE | re.ASCII,
)
_MEANT = re.compile(
    r"^\W*(?:(?:sorry|oops|ah|oh|no|i|i'm|mean|meant|mean't|it'?s|should|be|was|rather|of\s+course|study|the|我是说|我指的是|我说的是|是|抱歉|不好意思)[\s,.:，。]*)*[`'\"]?(?P<name>[A-Za-z_][\w.-]*?)[`'\"]?(?:\s+(?:please|sorry|of\s+course|then))?\W*$",
    re.IGNORECASE,
)
_MOST = 3  # studies of which each pair is compared


def studies_compared(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """The plan that compares each pair of the studies that are named; None for any other message."""
    if (meant := _meant_instead(say, known, dialogue)) is not None:
        return meant
    if (further := _further(say, known, dialogue)) is not None:
        return further
    text = say.replace("\u2019", "'")
    if _OTHERS.search(text) or not _asks(text):
        return None
    said = near_names(read(text, known.names), known)
    placed = {span.start: str(span.value) for span in said.of("study")} | _by_common_words(text, known)
    named = list(dict.fromkeys(placed[start] for start in sorted(placed)))
    if len(named) < 2 or not all(known.has_study(one) for one in named):
        return None
    if _NOT.search(text):
        return Plan(say=say, answer=_NOT_DONE[is_chinese(say)])
    if len(named) > _MOST:
        return Plan(say=say, requests=(Request(tool="list_studies", mood="question", words=say),))
    return Plan(say=say, requests=tuple(_compared(*pair, say) for pair in combinations(named, 2)), near=_near(said))


def _by_common_words(text: str, known: Known) -> dict[int, str]:
    """Studies called by a word that is usual otherwise, by where they stand: "compare club-3 with objectives"."""
    one = "|".join(map(re.escape, sorted(known.studies, key=len, reverse=True)))
    places = re.finditer(rf"{_BESIDE}[`'\"]?(?P<name>{one})[`'\"]?(?=\s*(?:$|[,;?!.]|{_JOINS}))", text, re.IGNORECASE)
    return {match.start("name"): str(_of_name(match["name"], known)) for match in places} if one else {}


def _asks(text: str) -> bool:
    first = _OPENS.match(text)
    if first is not None and _is_compare(first["word"]):
        return True
    if _NOT.search(text) or _VERSUS.search(text):
        return True
    asks = "?" in text or "？" in text or is_chinese(text) or QUESTION.match(text.lower().strip()) is not None
    return asks and _COMPARES.search(text) is not None


def _is_compare(word: str) -> bool:
    return DamerauLevenshtein.distance(word.lower(), "compare", score_cutoff=_SLIPS) <= _SLIPS


_SLIPS = 2
_JOINS = r"(?:and|with|to|or|than|vs\.?|versus|against|和|与|跟)(?![\w-])"
_BESIDE = rf"(?:\bcompare|\b{_JOINS}|[和与跟])\s*(?:study\s+)?"


def _near(said: Said) -> tuple[tuple[str, str], ...]:
    return tuple((said.words(one), str(one.value)) for one in said.of("study") if one.is_near)


def _further(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """After a comparison, the first of it with one more study: "what about club-5?"."""
    last = [one for one in dialogue.last if one.tool == "compare_trials" and one.args.get("against_study")]
    match = _ABOUT.match(say)
    if not last or match is None or dialogue.waiting is not None:
        return None
    study, first = _of_name(match["name"] or match["zh"], known), str(last[0].args["study"])
    return None if study in (None, first) else Plan(say=say, requests=(_compared(first, str(study), say),))


def _meant_instead(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """Where it was asked which study is meant, one that was not offered: the same is done with that one."""
    waiting, match = dialogue.waiting, _MEANT.match(say)
    if waiting is None or waiting.lacking != "tool" or match is None or len(waiting.choices) != len(waiting.requests):
        return None
    study = _of_name(match["name"], known)
    if study is None or not waiting.requests or not set(waiting.choices) <= set(known.studies):
        return None
    request, offered = waiting.requests[0], waiting.choices[0]
    args = {name: study if value == offered and name in _STUDIES else value for name, value in request.args.items()}
    if args == request.args and study != offered:
        return None
    if request.acts:  # an act on what was not offered is asked about as every act is
        return None
    return Plan(say=say, requests=(replace(request, args=args, words=say),))


_STUDIES = ("study", "against_study", "base")


def _of_name(name: str, known: Known) -> str | None:
    """The study that is called so, though the name may be an ordinary word."""
    exact = next((one for one in known.studies if one.lower() == name.lower()), None)
    if exact is not None:
        return exact
    spans = near_names(read(name, known.names), known).of("study")
    return str(spans[0].value) if spans and spans[0].value in known.studies else None


def _compared(one: str, other: str, say: str) -> Request:
    return Request(tool="compare_trials", args={"study": one, "against_study": other}, mood="question", words=say)
