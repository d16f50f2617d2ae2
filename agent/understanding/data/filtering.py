"""A message that wants a part of a dataset kept, as a request of `filter_dataset`; what it does not use is asked about."""

import re
from collections.abc import Mapping
from dataclasses import replace

from agent import outside
from agent.answers.refusals_in_chinese import refusal
from agent.answers.wording import sentence
from agent.understanding.asking.questions import question
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.clauses.mood_words import POLITENESS
from agent.understanding.data.filter_dates import speaks_of_dates, with_dates
from agent.understanding.data.filter_in_chinese import ASKS, in_english, orders_part
from agent.understanding.data.filter_values import with_values
from agent.understanding.data.filter_words import VERB, FilterRead, read_filter
from agent.understanding.data.leaving_out import keeping_plan, leaving_out_plan, unknown_rows_plan
from agent.understanding.known import Known
from agent.understanding.phrases import phrase
from agent.understanding.plan import Held, Plan, Request, Waiting
from agent.words.chinese import is_chinese

FILE = re.compile(
    r"[\w/.~-]+\.(?:csv|tsv|txt|zip|gz|tar|tgz|parquet|feather|jsonl?|ndjson|xlsx?|dat|inter)\b", re.IGNORECASE
)
_STARTS = (
    rf"\W*(?:{POLITENESS})(?:(?:can|could|would)\s+(?:you|i|we)\s+(?:please\s+)?|(?P<how>how\s+(?:do|can|could)\s+(?:i|we|you)\s+)|"
    rf"(?:i|we)\s+(?:want|need|would\s+like)\s+(?:you\s+)?to\s+)?{POLITENESS}(?:(?:from|in|of|on|for|with)\s+·\s*[,:]?\s*)?{POLITENESS}"
)
_BARE = re.compile(
    rf"\W*(?:no[\s,]+)?{POLITENESS}(?:sorry[\s,]+)?(?P<what>only|just|since|from|after|before|until|between|without|w/o|minus|"
    r"at\s+most|at\s+least|max\w*|no\s+more\s+than|users|customers|people|everybody|everyone|"
    r"·\s+(?:minus|without|w/o|but\s+only|only|since)|(?:orders|events|rows|data|ratings)\s+(?:since|from|after|before|until|between))\b",
    re.IGNORECASE,
)
"""What begins an order that has no verb: "at most 100 orders per person", "shop without bots"."""
_NEWEST = re.compile(
    r"\b(?:from|of|in)\s+(?:the|my|our)\s+(?:newest|latest|last|most\s+recent)(?:\s+(?:one|version|data\s?set))?\b",
    re.IGNORECASE,
)
_FOR_LATER = re.compile(r"\s+for\s+(?:the|my|our)\s+next\s+(?:study|tuning|search|one)\b(?=\W*$)", re.IGNORECASE)
"""What a part is for tells nothing of it."""
_FROM_IT = re.compile(r"\b(?P<of>from|out\s+of|of|in)\s+(?:it|that|this|there)\b(?=\W*$)", re.IGNORECASE)
_ORDER = re.compile(rf"{_STARTS}(?P<verb>{VERB})", re.IGNORECASE)
_OTHER_ORDERS = re.compile(
    r"\b(?:tune|train|study|trials?|start|recommend|export|likes?|counts?\s+as|append|add|rename|undo|delete\s+it|lessons?|notes?)\b",
    re.IGNORECASE,
)
_ROWS = re.compile(
    r"\b(?:rows?|users?|customers?|people|items?|ratings?|events?|interactions?|data|everything|what|history|stars|bots?|robots?|"
    r"crawlers?|where)\b",
    re.IGNORECASE,
)
_ONLY = re.compile(rf"\W*(?:{POLITENESS})(?:only|just)\s+", re.IGNORECASE)
_NAME = re.compile(
    r"[,;]?\s*(?:\band\s+)?\b(?:(?:call(?:ed)?|named?)(?:\s+(?:it|that|this|the\s+(?:result|new\s+(?:one|version|dataset))))?|as)\s*:?\s+"
    r"[\"“]?(?P<name>[A-Za-z][\w.-]*[\w])[\"”]?(?=(?:\s+(?:please|pls|plz|thanks))?\W*$)",
    re.IGNORECASE,
)


def filter_plan(say: str, known: Known, at_hand: str | None, *, is_asked: bool = False) -> Plan | None:
    """The plan of a message that keeps a part of a dataset; None for any other message.

    Args:
        at_hand: The dataset that was talked of last.
        is_asked: A question waits for an answer, which words without a verb may be.
    """
    named = re.search(any_of(known.datasets), say, re.IGNORECASE)
    newest = _NEWEST.search(say) if named is None and at_hand is not None else None
    place = named or newest
    text = say if place is None else f"{say[: place.start()]}{'' if named else 'from '}·{say[place.end() :]}"
    text = _FOR_LATER.sub("", text)
    if (called := _NAME.search(text)) is not None:
        text = f"{text[: called.start()]} · {text[called.end() :]}"
    dataset = named[0] if named else _newest(known, at_hand) if newest else at_hand
    if is_chinese(say):
        return _in_chinese(say, text, dataset, is_named=named is not None, known=known)
    order = _ORDER.match(text)
    bare = None if order or is_asked else _BARE.match(text)
    if (order is None and bare is None) or _OTHER_ORDERS.search(text) or FILE.search(text):
        return None
    start = order.start("verb") if order else bare.start("what") if bare else 0
    read = _dated(text[start:], known, dataset)
    if dataset is not None and (read.left or not read.args or "where" in read.args):
        valued = with_values(text[start:], known.values(dataset))
        if valued.several:
            return Plan(say=say, answer=_which_column(valued.several))
        read = _dated(valued.text, known, dataset) if valued.text != text[start:] else read
    is_meant = place is not None or (at_hand is not None and bool(bare or read.args.get("where") or _ROWS.search(text)))
    if order and not read.args and order["away"] and not order["how"]:
        rest = text[order.end() :]
        return leaving_out_plan(say, rest, order["verb"], dataset, is_named=named is not None, known=known)
    begins = (
        text[order.end() :]
        if order and not order["how"]
        else _ONLY.sub("", text)
        if bare and _ONLY.match(text)
        else None
    )
    if begins is not None and not read.args:
        by_column = unknown_rows_plan(say, begins, dataset) if order else None
        begins, points = (begins, 0) if named or not order else _FROM_IT.subn(r"\g<of> ·", begins)
        return by_column or keeping_plan(
            say, begins, dataset if named or points else None, called["name"] if called else None
        )
    if not is_meant or not set(read.args) - (set() if place else {"min_weight"}):
        return None
    if bare and (read.left or "?" in say or "where" in read.args):
        return None
    args = {"dataset": dataset, **read.args} | ({"name": called["name"]} if called else {})
    request = Request(tool="filter_dataset", args=args, words=say, assumed=() if named else ("dataset",))
    if order and order["how"]:
        return Plan(say=say, held=(Held(request=replace(request, mood="question"), why="question"),))
    return _checked(say, request, read, known)


_CALLED = re.compile(r"(?:[,，]\s*)?(?:叫做?|命名为|名为|存为|取名)\s*(?P<name>[A-Za-z][\w.-]*\w)\s*(?:[。.]|$)")


def _in_chinese(say: str, text: str, dataset: str | None, *, is_named: bool, known: Known) -> Plan | None:
    """The plan of an order in Chinese."""
    called = _CALLED.search(text)
    english = in_english(text if called is None else text[: called.start()]) if orders_part(text) else None
    read = None if english is None else read_filter(english)
    if dataset is None or read is None or not read.args or not (is_named or set(read.args) - {"min_weight"}):
        return None
    args = {"dataset": dataset, **read.args} | ({"name": called["name"]} if called else {})
    request = Request(tool="filter_dataset", args=args, words=say, assumed=() if is_named else ("dataset",))
    return _checked(say, request, read, known)


_ONLY_ROWS = re.compile(
    r"\W*(?:(?:no|nope|sorry|wait|ok|okay|please|and|but)\W+)*(?:only|just)\s+(?:the\s+)?(?:rows?|events?|orders?|entries|records?|interactions?|"
    r"users?|customers?|people|items?|data)\b",
    re.IGNORECASE,
)


def only_rows_plan(say: str, dataset: str | None, known: Known) -> Plan | None:
    """Asks whether a part shall be kept, where only the part is said: "only rows with Status=paid"; None for any other.

    Args:
        dataset: The one that the turn before read or described; None: it spoke of something else.
    """
    if dataset is None or re.search(r"[?？]", say):
        return None
    text = re.sub(any_of((dataset,)), "·", say, flags=re.IGNORECASE)
    english = in_english(text, is_bare=True) if is_chinese(say) and ASKS.search(say) is None else None
    if english is None and not _ONLY_ROWS.match(say):
        return None
    read = read_filter(english or re.sub(r"^\W*(?:\w+\W+)*?(?=only|just)", "keep ", text, count=1, flags=re.IGNORECASE))
    if not read.args or _OTHER_ORDERS.search(text):
        return None
    request = Request(tool="filter_dataset", args={"dataset": dataset, **read.args}, words=say)
    prospect = known.would(request.tool, request.args)
    if prospect.problem is not None:
        return Plan(say=say, answer=cannot_be(prospect.problem, say))
    counts = " ".join(map(outside.said, prospect.notes))
    unused = f"I did not use {', '.join(f'“{outside.text(one)}”' for one in read.left)}. " if read.left else ""
    text = f"{unused}Shall I {phrase(request)}, as a new version of it? {counts}".strip()
    return Plan(
        say=say, unused=read.left, waiting=Waiting(requests=(request,), choices=(DO, LEAVE), text=text, why="unclear")
    )


def _which_column(several: Mapping[str, tuple[str, ...]]) -> str:
    value, columns = next(iter(several.items()))
    held = " and ".join(f"`{outside.text(name)}`" for name in columns)
    return (
        f"Nothing was done, since {held} both hold “{outside.text(value)}”. Say which is meant, for example “keep only rows "
        f"where {outside.text(columns[0])}={outside.text(value)}”."
    )


def _dated(text: str, known: Known, dataset: str | None) -> FilterRead:
    """The filter of a text, dates without a year in one that the data have."""
    dated = with_dates(text, known.span(dataset) if dataset and speaks_of_dates(text) else None)
    read = read_filter(dated.text)
    return replace(read, notes=(*read.notes, *dated.notes), is_certain=read.is_certain and dated.is_certain)


def _newest(known: Known, at_hand: str | None) -> str | None:
    """The newest version of the line at hand: `shop-v5` beside `shop-v4`."""
    stem = re.sub(r"-v\d+$", "", at_hand or "")
    form = re.compile(rf"{re.escape(stem)}-v(\d+)")
    versions = [(int(found[1]), one) for one in known.datasets if (found := form.fullmatch(one))]
    return max(versions)[1] if versions else at_hand


def _checked(say: str, request: Request, read: FilterRead, known: Known) -> Plan:
    """The order is done where all of it was understood, it can be done, and nobody else is in the way."""
    prospect = known.would(request.tool, request.args)
    if prospect.problem is not None:
        return Plan(say=say, answer=cannot_be(prospect.problem, say))
    if read.left:
        asks = Waiting(requests=(request,), text=question("unused", [request], read.left), why="unused")
        return Plan(say=say, unused=read.left, waiting=asks)
    if not read.is_certain:
        why = " ".join(read.notes) or "This can be read in two ways, so nothing was done yet."
        text = f"{why} Shall I {phrase(request)}?"
        return Plan(say=say, waiting=Waiting(requests=(request,), choices=(DO, LEAVE), text=text, why="unclear"))
    if "name" not in request.args and (name := dict(prospect.runs or {}).get("name")):
        request = replace(request.with_args(name=name), assumed=(*request.assumed, "name"))
    return Plan(say=say, requests=(request,), answer=" ".join(read.notes) or None)


def cannot_be(why: str, say: str) -> str:
    """That a part cannot be kept, in the language of the message."""
    return f"没有执行：{refusal(why)}" if is_chinese(say) else f"{sentence(why)} Nothing was done."


def any_of(names: tuple[str, ...]) -> str:
    """A pattern for one of the names, the longest first."""
    listed = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
    is_plain = all(one.isascii() for one in names)  # next to which Chinese signs may stand without a blank
    word = r"A-Za-z0-9_" if is_plain else r"\w"
    return rf"(?<![{word}./-])(?:{listed})(?![{word}-]|\.\w)"
