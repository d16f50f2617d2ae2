"""A note with the data or the model that it is for: "remember for club only: …", "on club, never use dropout above .5".

What it is for becomes part of its text ("on club: …"), so that it is read the same way ever after. A standing rule that
is put without "remember" is a note too, and whether later studies are held to it is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent import outside
from agent.understanding.arguments.lesson_text import lesson_of
from agent.understanding.bounds.asked_for_bound import bound_question
from agent.understanding.bounds.noted import bound_in, dataset_named, says_here
from agent.understanding.bounds.rule_said import german_note, is_told_of_values
from agent.understanding.clauses.notes import opener
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import is_chinese
from agent.words.names import read
from agent.words.spelling import ORDINARY, words_of

_LEAD = r"^\W*(?:(?:please|pls|ok|okay|and|so|hey|now|can\s+you|could\s+you|i\s+want\s+you\s+to)\W+)*"
_REMEMBER = r"(?:re?mem?ber|memori[sz]e|note|(?:keep|bear)\s+in\s+mind|write\s+down|(?:make|take)\s+a\s+note)"
_EVERY = r"(?:(?:all|every|each|any)\s+(?:(?:my|our|the|of\s+my|other)\s+)?(?:data\s?sets?|data)(?:\s+and\s+models?)?|everywhere|anywhere|in\s+general|all\s+(?:later\s+|future\s+|my\s+)?studies|all\s+models)"
_HERE = r"(?:here|(?:this|these|the\s+present|the\s+current)\s+(?:data\s?set|data))"
_ONLY = r"(?:\s+(?:only|alone|in\s+particular))?"
_NAMED = r"(?:(?:the\s+)?(?:data\s?set|model|data)\s+)?(?P<names>[\w.@-]+(?:\s+(?:on|and|,)\s+[\w.@-]+)?)(?:\s+(?:data\s?set|data|model))?"
_PREP = r"(?:only\s+|just\s+)?(?:for|on|in|with|about|of|at)\s+(?:only\s+|just\s+)?"
_SCOPE = rf"(?:(?:{_PREP})?(?:(?P<every>{_EVERY})|(?P<here>{_HERE}))|{_PREP}{_NAMED}){_ONLY}"
_AFTER = re.compile(
    rf"{_LEAD}{_REMEMBER}(?:\s+(?:this|that|it))?\s+{_SCOPE}\s*(?:[:,]\s*(?:that\s+)?|\s+that\s+)(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE = re.compile(
    rf"{_LEAD}(?=(?:only\s+|just\s+)?(?:for|on|in|with|here|every|all)\b){_SCOPE}\s*[:,]?\s*(?:please\s+)?{_REMEMBER}\s*(?:[:,]\s*(?:that\s+)?|\s+that\s+|\s+)(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_RULE_OF = re.compile(
    rf"{_LEAD}(?=(?:only\s+|just\s+)?(?:for|on|in|with|here|every|all)\b){_SCOPE}\s*[:,]?\s+(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_HERE_INSIDE = re.compile(
    rf"{_LEAD}{_REMEMBER}\s*(?:[:,]\s*(?:that\s+)?|\s+that\s+)(?P<rest>\S.*)$", re.IGNORECASE | re.DOTALL
)
_CHINESE = re.compile(
    r"^\W*(?:请|帮我|请帮我|麻烦)?(?:记住|记下来?|记一下|记得)[：:，,。\s]*(?P<rest>\S.*)$", re.DOTALL
)
_EVERYWHERE = re.compile(
    rf"\b(?:{_EVERY}|in\s+(?:the\s+)?future|(?:for|in)\s+(?:all\s+|my\s+|our\s+|the\s+)*(?:later|future|coming|next)\s+(?:studies|searches))\b",
    re.IGNORECASE,
)
_STANDING = re.compile(r"\b(?:never|always)\b", re.IGNORECASE)
_ORDERS = re.compile(
    r"\b(?:tune|start|begin|launch|run|train|try|optimi[sz]e|extend|continue|resume|stop|pause|show|list|explain|compare|predict|recommend|export|search|change|trials?|minutes?|hours?|this\s+(?:study|time|run)|said|told|asked|meant|use\s+(?:that|it|this)|fix(?:ed)?)\b|^\W*(?:what|which|why|how|is|are|do\s+(?:i|we|you)|does|did|can|could|should|would|who|when|where)\b|[?？“\"]|\b(?:and|but)\s+(?:then|now|also)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"[.!?]\s+\S|,\s*(?:and|then|now|but)\s|\b(?:and|but)\s+(?:then|now)\b|\n", re.IGNORECASE)
_OPEN = ("running", "queued", "waiting", "paused")


def note_told(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """The note and the question about its bound; None for a message that is told otherwise, and for any other one."""
    text = say.replace("\u2019", "'").strip()
    if (german := german_note(text)) is not None and bound_in(german, known.datasets) is not None:
        return _kept(say, german, known)
    if is_chinese(say):
        return _in_chinese(say, known, dialogue)
    for pattern in (_AFTER, _BEFORE):
        match = pattern.match(text)
        if match is None or _GOES_ON.search(match["rest"].rstrip()):
            continue
        if _is_scope(match, known):
            return _scoped(say, match, known, dialogue)
        if _is_unknown(match, known):
            return Plan(say=say, answer=_no_such(match["names"], known))
    inside = _HERE_INSIDE.match(text)
    if inside is not None and says_here(inside["rest"]) and not _GOES_ON.search(inside["rest"].rstrip()):
        return _for_here(say, inside["rest"], known, dialogue)
    return _standing(say, text, known, dialogue)


def _standing(say: str, text: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """A rule for later studies that is put without "remember"."""
    asked = dialogue.waiting
    own = re.sub(_LEAD, "", text, flags=re.IGNORECASE).strip(" \"'.,;:")
    if opener(text) is not None or lesson_of(own) not in (None, own) or _GOES_ON.search(text.rstrip()):
        return None
    if _ORDERS.search(text) or (asked is not None and not any("as_bound" in one.args for one in asked.requests)):
        return None
    match = _RULE_OF.match(text)
    if match is not None and _is_scope(match, known) and bound_in(match["rest"], known.datasets) is not None:
        named = dataset_named(text, known.datasets) or (known.study_dataset if match["here"] else None)
        is_of_study = known.study_state in _OPEN and named == known.study_dataset
        if match["every"] or _STANDING.search(text) or (named is not None and not is_of_study):
            return _scoped(say, match, known, dialogue)
    if bound_in(text, known.datasets) is None:
        return None
    other = dataset_named(text, known.datasets)
    is_others = other is not None and (other != known.study_dataset or _STANDING.search(text) is not None)
    is_rule = (
        re.match(rf"{_LEAD}(?:from\s+now\s+on\W+)?(?:(?:we|i)\s+)?(?:never|always)\b", text, re.IGNORECASE)
        and known.study_state not in _OPEN
    )
    if is_others or is_rule or is_told_of_values(text) or _EVERYWHERE.search(text):
        return _for_here(say, text, known, dialogue) if says_here(text) else _kept(say, text, known)
    return None


def _is_scope(match: "re.Match[str]", known: Known) -> bool:
    """Whether what stands in the place of names is a dataset or a model."""
    if match["every"] or match["here"]:
        return True
    names = match["names"]
    spans = read(names, known.names).of("dataset", "model")
    left = names
    for span in reversed(spans):
        left = left[: span.start] + left[span.end :]
    return bool(spans) and re.fullmatch(r"(?:on|and|,|\s)*", left, re.IGNORECASE) is not None


def _is_unknown(match: "re.Match[str]", known: Known) -> bool:
    """Whether one word stands where a dataset or a model is named, and is none: "remember for nosuch: …"."""
    name, before = match["names"], match.string[: match.start("names")]
    is_named = re.search(r"\b(?:for|on)\s+(?:only\s+|(?:the\s+)?(?:data\s?set|model)\s+)?$", before, re.IGNORECASE)
    is_word = name.lower() in ORDINARY or name.lower() in _NO_NAMES or bool(read(name, known.names).spans)
    return is_named is not None and " " not in name and not is_word


_NO_NAMES = words_of("later future me us you reference next record memory once good now sure everyone everybody ever")


def _no_such(name: str, known: Known) -> str:
    names = ", ".join(map(outside.code, known.datasets[:8])) or "none"
    return f"There is no dataset or model {outside.code(name)}, so nothing was noted. The datasets are: {names}."


def _scoped(say: str, match: "re.Match[str]", known: Known, dialogue: Dialogue) -> Plan:
    rest = match["rest"]
    if match["here"]:
        return _for_here(say, rest, known, dialogue)
    if match["every"]:
        return _kept(say, rest, known)
    names = match["names"]
    spans = read(names, known.names)
    of = {kind: [str(span.value) for span in spans.of(kind)] for kind in ("model", "dataset")}
    texts = [
        f"{' '.join(filter(None, (f'for {model}' if model else '', f'on {dataset}' if dataset else '')))}: {rest}"
        for model in of["model"] or [""]
        for dataset in of["dataset"] or [""]
    ]
    return _kept_each(say, texts, known)


def _for_here(say: str, rest: str, known: Known, dialogue: Dialogue) -> Plan:
    """The dataset at hand is named, so that it stays the one that was meant."""
    if dataset_named(rest, known.datasets) is not None:
        return _kept(say, rest, known)
    dataset = known.study_dataset if known.study is not None else dialogue.dataset
    dataset = dialogue.dataset if dialogue.kind == "dataset" and dialogue.dataset else dataset
    if dataset is None:
        names = ", ".join(map(outside.code, known.datasets[:8])) or "none"
        answer = f"Nothing was noted: no dataset is at hand that “here” could be. Name one; the datasets are: {names}."
        return Plan(
            say=say, answer="现在没有正在用的数据集，所以没有记下。请说出数据集的名字。" if is_chinese(say) else answer
        )
    return _kept(say, f"{dataset}：{rest}" if is_chinese(say) else f"on {dataset}: {rest}", known)


def _in_chinese(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    match = _CHINESE.match(say)
    if match is None or re.search(r"[。！？!?]\s*\S|然后|并且", match["rest"].rstrip()):
        return None
    if says_here(match["rest"]):
        return _for_here(say, match["rest"], known, dialogue)
    return _kept(say, match["rest"], known) if bound_in(match["rest"], known.datasets) is not None else None


def _kept(say: str, text: str, known: Known) -> Plan:
    return _kept_each(say, [text], known)


def _kept_each(say: str, texts: Sequence[str], known: Known) -> Plan:
    """A note for each text; of those that are bounds it is asked whether they shall bind."""
    requests = tuple(
        Request(tool="remember_lesson", args={"text": " ".join(text.split()).strip(" \"'“”").rstrip(".;。")}, words=say)
        for text in texts
    )
    asked = [one for request in requests if (one := bound_question(request, known)) is not None]
    if len(asked) < 2:
        return Plan(say=say, requests=requests, waiting=asked[0] if asked else None)
    bounds = tuple(request for one in asked for request in one.requests)
    text = "\n\n".join(one.text for one in asked)
    return Plan(say=say, requests=requests, waiting=replace(asked[0], requests=bounds, text=text))
