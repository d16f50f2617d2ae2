"""What a message says about data: files to add, datasets to describe, rows to look at."""

import re
from typing import Any

from agent.understanding.arguments.person_words import person_in
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.data.column_words import columns_apart
from agent.understanding.data.dataset_words import dataset_in, earlier_dataset, placed_name
from agent.understanding.data.likes_words import positive_in
from agent.understanding.known import Known
from agent.understanding.names.new_names import called
from agent.words.numbered import whole_id
from agent.words.spelling import loosely

Args = dict[str, Any]


def add_dataset(stretch: Stretch, known: Known) -> Args:
    """The arguments of `add_dataset`; the file that was dropped is "it"."""
    args: Args = {}
    if paths := stretch.spans("path"):
        args["path"] = paths[0].value
        stretch.use(*paths)
    if columns := _columns(stretch):
        args["columns"] = columns
    args |= positive_in(stretch)
    if base := _joined_to(stretch):
        args["append"] = base
    name = called(stretch, without=(*columns.values(), *([base] if base else ())))
    if name and name != base and name not in ("new", "csv", "parquet"):
        args["name"] = name
    if "path" not in args:
        earlier = stretch.earlier().spans("path")
        if earlier:
            args["path"] = earlier[-1].value
        elif stretch.has(_FILE):
            args["path"] = "it"
    return args


def _joined_to(stretch: Stretch) -> str | None:
    """The dataset that the file's events are to be joined to: "append may.csv to shop"."""
    is_one = len(stretch.said.of("path")) == 1
    for span in stretch.said.of("dataset") if is_one else stretch.spans("dataset"):
        if re.search(_JOIN, stretch.said.text[: span.start], re.IGNORECASE):
            stretch.use(span)
            return str(span.value)
    if is_one and _JOIN_IT.search(stretch.said.text):
        return "it"
    unknown = _JOIN_UNKNOWN.search(stretch.text) if stretch.said.of("path") else None
    return unknown["name"].rstrip(".") if unknown else None


_JOIN = r"\bon\s+top\s+of\s+(?:the\s+)?(?:data(?:set)?\s+)?[\"'`“‘]?$|\b(?:extend|enlarge|grow|continue|update)\s+(?:the\s+)?(?:data(?:set)?\s+)?[\"'`“‘]?$|\b(?:append|add|join|attach|merge|put)(?:ed|ing|s)?\b[^;!?]*\b(?:to|onto|into|with)\s+(?:the\s+|my\s+|our\s+)?(?:data(?:set)?\s+)?[\"'`“‘]?$"
_JOIN_IT = re.compile(
    r"\b(?:append|attach|join|merge)\b[^;!?]*\b(?:to|onto|into|with)\s+(?:it|that|this|them|those)\b|"
    r"\b(?:add|put)\b[^;!?]*\.\w{2,7}\b[^;!?,]*\b(?:to|onto|into)\s+(?:it|that|this|them|those)\b",
    re.IGNORECASE,
)
"""The dataset that was read or looked at last."""
_JOIN_UNKNOWN = re.compile(
    r"\b(?:append|attach|join|merge)\b[^;!?]*\b(?:to|onto|into)\s+(?:the\s+)?(?:data(?:set)?\s+)?[\"'`“‘]?(?P<name>(?!(?:it|that|this|the|my|our)\b)[\w-][\w.-]*)",
    re.IGNORECASE,
)
"""A dataset that is not known: the tool says so."""
_FILE = r"\b(?:it|this|that|the)\b[^.;]{0,12}\b(?:file|upload)\b|\b(?:add|load|import|read|take|use|include|register|keep)\s+(?:in\s+)?(?:it|this|that)\b"


def _columns(stretch: Stretch) -> dict[str, str]:
    return columns_apart(stretch.said.text if len(stretch.said.of("path")) == 1 else stretch.text).columns


def describe_dataset(stretch: Stretch, known: Known) -> Args:
    """The arguments of the tools that take one dataset."""
    dataset = dataset_in(stretch, known)
    if dataset in (None, "it") and stretch.has(r"\b(?:it|its|this|that|there|here)\b"):
        dataset = earlier_dataset(stretch) or dataset
    return {"dataset": dataset} if dataset else {}


_THINGS = rf"(?:{loosely('items', 'movies', 'products', 'articles', 'titles')}|films?|things?|ones|songs?|games?|books?|stuff)"
_WHAT = (
    ("times", r"\b(?:ties|tied|same\s+(?:moment|time|timestamp|second|minute)s?|at\s+the\s+same\s+time|time\s*stamps?|time\s+span)\b|时间戳"),
    ("parts", r"\b(?:splits?|overlap\w*|held[\s-]out|unseen|leak\w*|train\w*\s+(?:and|vs\.?|versus)\s+(?:valid|test)\w*|(?:valid|test)\w*\s+part)\b|划分"),
    ("values", r"\b(?:(?:counts?|distribution|histogram|spread)\s+of\s+(?:the\s+)?(?:ratings?|values?|scores?|stars?|weights?)|(?:ratings?|values?|scores?|stars?)\s+(?:counts?|distribution|histogram|are\s+there)|(?:which|what)\s+(?:ratings?|scores?|stars?)|how\s+(?:are\s+the\s+)?(?:ratings?|scores?)\s+(?:are\s+)?distributed)\b|评分"),
    ("counts", r"\b(?:(?:short|long)\w*\s+histor\w+|histor\w+\s+lengths?|lengths?\s+of\s+(?:the\s+)?histor\w+|how\s+long\s+are\s+(?:the\s+)?histor\w+|(?:fewer|less)\s+than\b|(?:rows|interactions|events|ratings)\s+(?:per|for\s+each|an?)\s+(?:user|item|person))\b"),
    ("repeats", r"\b(?:repeat\w*|duplicat\w*|double\s+entries|doubles|again\s+and\s+again|twice|re-?buy\w*|re-?order\w*|re-?watch\w*|more\s+than\s+once|same\s+(?:item|thing|thign|film|product)s?)\b|重复"),
    ("popular", rf"\b(?:{loosely('popular', 'bestsellers', 'popularity')}|best-?\s?sell\w*|(?:big|top)\s+sellers|hot|hottest|trending|blockbusters?|hits|(?:most|more)\s+(?:watched|bought|played|sold|seen|read|frequent|common|clicked|liked|viewed|rated|interactions)|(?:watched|bought|sold|played|buy|watch|seen|read)\s+(?:the\s+)?most|most[- ]\w+\s+{_THINGS}|top\s+(?:{{number}}\s+)?(?:{_THINGS}|{{number}}|list)|dominat\w*)\b|{{model}}|热门|最受欢迎"),
    ("columns", rf"\b(?:{loosely('columns', 'fields', 'schema', 'header')}|colums|cols?|column|types)\b|列"),
    ("head", r"\b(?:head|heads|first\s+(?:few\s+|couple\s+of\s+)?(?:{number}\s+)?(?:rows|lines|records|entries|ones)|rows?|sample|top\s+(?:of|rows|lines)|raw|lines|preview|peek|records|excerpt|snippet|example\s+\w+|look(?:s)?\s+like|beginning|start\s+of)\b|前几行|几行"),
    ("item", r"\b(?:item|film|movie|product|article|sku|title)\b"),
    ("user", r"{user}|\b(?:users?|customers?|buyers?|history|histories|bought|buy|buys|watched|listened|has\s+\w+\s+done|person)\b|用户|历史"),
)  # fmt: skip
_ITEM = r"\b(?:item|film|movie|product|sku|article|title)s?\s+(?:number\s+|no\.?\s+|id\s+|called\s+|#)?(?P<id>(?:sku-?)?[A-Za-z]{0,8}[-_]?\d[\w-]*|\"[^\"]+\"|[A-Za-z]{0,8}[-_/:.]?{number}|\d+|{user})|(?<![\w-])(?P<id2>(?:sku|i|p|item)-?\d[\w-]*)(?![\w-])"


def inspect_data(stretch: Stretch, known: Known) -> Args:
    """The arguments of `inspect_data`."""
    args = _subject(stretch)
    dataset = dataset_in(stretch, known, guess=False) or _other_name(stretch, str(args.get("filter")))
    if dataset is None and (stretch.has(r"\b(?:it|its|there|in\s+here)\b") or args.get("what") in ("columns", "head")):
        dataset = earlier_dataset(stretch)
    return args | ({"dataset": dataset} if dataset else {})


def _subject(stretch: Stretch) -> Args:
    """What is looked at, and whose or which."""
    item = next(stretch.find(_ITEM), None)
    if (users := stretch.spans("user")) and not (item and item["id"]):
        stretch.use(*users)
        return {"what": "user", "filter": users[-1].value}
    if item is not None:
        start, end = whole_id(stretch.said.text, *item.span("id" if item["id"] else "id2"))
        stretch.use(*[s for s in stretch.said.spans if start <= s.start < end])
        return {"what": "item", "filter": stretch.said.text[start:end].strip('"')}
    what = next((what for what, words in _WHAT if stretch.has(words)), None)
    if what == "item":
        quoted = re.search(r"[\"“`'](?P<q>[^\"”`']{2,60})[\"”`']", stretch.text)
        return {"what": what} | ({"filter": quoted["q"]} if quoted else {})
    if what == "popular":
        stretch.use(*[span for span in stretch.spans("model") if span.value == "popularity"])
    if what not in (None, "user"):
        return {"what": what}
    person = person_in(stretch)
    if person is not None and (what == "user" or person == "it"):
        return {"what": "user", "filter": person}
    return {"what": what} if what else {}


def _other_name(stretch: Stretch, taken: str) -> str | None:
    name = placed_name(stretch)
    return None if name is None or name.lower() in taken.lower() or name.lower() in ("id", "detail") else name
