"""An order to leave out of a dataset what no filter knows: "leave city out of safe", "leave out the cancelled orders".

The dataset itself is never what shall go; the columns are shown, with what can be said.
"""

import re

from agent import outside
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request, Waiting
from recmodels.models import MODELS

_WHOLE = re.compile(
    r"^\W*(?:(?:the|all|whole|entire|data\s*sets?|data|everything|everyone|rest|my|our|old|new|this|that|of|it|them|version|copy|file|v?\d+)\b\W*)*$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:stud(?:y|ies)|trials?|models?|params?|parameters?|constraints?|objectives?|notes?|lessons?|memory|versions?|names?|likes?|metrics?|"
    r"columns?|repeats?|test\s+part|limits?|layers?|dropout)\b",
    re.IGNORECASE,
)
_ROWS = re.compile(
    r"\b(?:orders?|returns?|refunds?|ones|accounts?|purchases?|rows?|cancell?ed|cancellations?|customers?|users?)\b",
    re.IGNORECASE,
)
_LEAVES = re.compile(r"\W*(?:leave|throw|take|filter|exclude|kick)\b", re.IGNORECASE)
_OUT = re.compile(
    r"\b(?:out|away|too|also|as\s+well|please|thanks|now|all|any|the|these|those|of|and)\b|[^\w\s@.+-]", re.IGNORECASE
)
_NO_PEOPLE = re.compile(r"\b(?:test|fake|dummy|demo)\s*(?:user|account|customer)s?\b", re.IGNORECASE)
RUNS_BY_ITSELF = re.compile(rf"{_NO_PEOPLE.pattern}|\b(?:bots?|robots?|crawlers?)\b", re.IGNORECASE)
"""Users that are no people: they go out of a dataset, and the dataset stays."""
_OBJECT = re.compile(
    r"(?P<what>[^·]*?)\s(?:from|out\s+of|of|in)\s+(?:(?:the|my|our)\s+)?(?:data\s*set\s+)?·", re.IGNORECASE
)


_ONLY = re.compile(
    r"^\W*(?:(?:no|nope|sorry|wait|ok|okay|please)\W+)*(?:only|just)\s+(?:the\s+)?(?P<what>[\w-]+(?:\s+[\w-]+)?)\s+(?:ones|rows|orders|events|purchases|sales|entries|records)"
    r"(?:\W+(?:please|pls|thanks))*\W*$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\d|\b(?:first|last|top|few|new|best|worst|other|failed|complete\w*|finished|pruned|cheap\w*|fast\w*)\b",
    re.IGNORECASE,
)


def only_plan(say: str, dataset: str | None, known: Known) -> Plan | None:
    """What is answered to "only the delivered ones please" after data were read; None for any other message.

    Args:
        dataset: The one that the turn before read or described; None: it spoke of something else.
    """
    found = _ONLY.match(say)
    if found is None or dataset is None or _OTHERS.search(say) or _COUNTED.search(found["what"]):
        return None
    what = outside.text(found["what"])
    answer = (
        f"Nothing was changed, and {outside.code(dataset)} stays as it is: I do not know which rows of it “{what}” are. "
        "Say the column and the value, as in “only rows with COLUMN=VALUE”."
    )
    shows = Request(tool="inspect_data", args={"dataset": dataset, "what": "columns"}, words=say)
    return Plan(say=say, requests=(shows,), answer=answer)


_BY_COLUMN = re.compile(
    r"\W*(?:the\s+)?(?:rows?|orders?|events?|users?|customers?|people|entries|records?)\s+(?:with|where|whose|from)\s+(?:the\s+)?"
    r"(?P<what>(?P<column>[^\W\d]\w*)\s+(?:is\s+)?(?P<value>[\w.-]*\w))(?:\s+(?:in|of|from)\s+·)?\W*$",
    re.IGNORECASE,
)


def unknown_rows_plan(say: str, rest: str, dataset: str | None) -> Plan | None:
    """What is answered to an order that keeps rows by a column which the dataset does not keep; None: it is of something else.

    Args:
        rest: What stands behind the verb, the dataset as `·`.
    """
    found = _BY_COLUMN.match(rest)
    if dataset is None or found is None:
        return None
    column, value = outside.text(found["column"]), outside.text(found["value"])
    answer = (
        f"Nothing was done: I know no “{outside.text(found['what'])}” in {dataset}, whose columns stand here. Rows go by a column "
        f"that it keeps: “keep only rows of {dataset} where COLUMN=VALUE”. Where only the file has `{column}`, read it once "
        f"more: “add FILE as NAME, only rows with {column}={value}”."
    )
    shown = Request(tool="inspect_data", args={"dataset": dataset, "what": "columns"}, words=say)
    return Plan(say=say, requests=(shown,), answer=answer)


_ONES = re.compile(
    r"\W*(?:(?:all|the|those|these|any|of)\s+)*(?P<which>[\w-]+)\s+(?:ones|rows|orders|events|entries|records)\b",
    re.IGNORECASE,
)
"""Rows that are told by a word, behind any verb: "drop the draft ones"."""
_OTHER_ONES = re.compile(
    r"old\w*|new\w*|other|first|last|failed|pruned|unused|test|same|big\w*|small\w*|two|three|the|all|\d+",
    re.IGNORECASE,
)


def leaving_out_plan(
    say: str, rest: str, verb: str, dataset: str | None, *, is_named: bool, known: Known
) -> Plan | None:
    """What is answered to an order that leaves out what is not understood; None: the message is of something else.

    Args:
        rest: What stands behind the verb, the dataset as `·`.
    """
    found = _OBJECT.match(rest) if is_named else None
    what = found["what"] if found else rest
    names = (*MODELS, *known.studies)
    if (
        dataset is None
        or _OTHERS.search(rest)
        or any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", rest, re.IGNORECASE) for one in names)
    ):
        return None
    ones = _ONES.match(rest)
    is_told = ones is not None and not _OTHER_ONES.fullmatch(ones["which"])
    is_of_rows = found is not None if is_named else is_told or bool(_LEAVES.match(verb) and _ROWS.search(rest))
    if not is_of_rows or _WHOLE.match(what):
        return None
    if _NO_PEOPLE.search(what):
        return Plan(
            say=say, requests=(Request(tool="inspect_data", args={"dataset": dataset, "what": "bots"}, words=say),)
        )
    shown = outside.text(" ".join(_OUT.sub(" ", what).split())[:60])
    answer = (
        f"Nothing was left out, and {dataset} stays as it is: I do not know which rows or columns of it “{shown}” are. Rows go "
        f"by a column that it keeps: “drop rows of {dataset} where COLUMN=VALUE”. By any other column of the file they go "
        f'while it is read: `recpilot data add FILE --name NAME --where "COLUMN!=VALUE"`. A whole column goes so: “add '
        f"FILE, ignore the … column”."
    )
    return Plan(
        say=say,
        requests=(Request(tool="inspect_data", args={"dataset": dataset, "what": "columns"}, words=say),),
        answer=answer,
    )


_KEPT = re.compile(
    r"(?P<what>.*?\S)\s+(?:from|out\s+of|of|in|on)\s+(?:(?:the|my|our)\s+)?(?:data\s*set\s+)?·|·\s*(?:to|with)\s+(?P<rest>\S.*)",
    re.IGNORECASE,
)


def keeping_plan(say: str, rest: str, dataset: str | None, name: str | None) -> Plan | None:
    """What is answered to an order that keeps rows which are not understood; None: it names no rows of a dataset.

    Args:
        rest: What stands behind the verb, the dataset as `·`.
        name: Of the version that was wanted.
    """
    found = _KEPT.search(rest)
    if found is None or dataset is None or _OTHERS.search(rest) or re.search(rf"\b(?:{'|'.join(MODELS)})\b", rest):
        return None
    what = " ".join(_OUT.sub(" ", found["what"] or found["rest"]).split())[:60]
    if not what or re.search(r"\d\s*$", what) or RUNS_BY_ITSELF.fullmatch(what):
        return None
    called = f", call it {name}" if name else ""
    answer = (
        f"Nothing was changed, and {dataset} stays as it is: I do not know which rows of it “{outside.text(what)}” are. Say the column "
        f"and the value: “keep only rows of {dataset} where COLUMN=VALUE{outside.text(called)}”."
    )
    shows = Request(tool="inspect_data", args={"dataset": dataset, "what": "columns"}, words=say)
    return Plan(say=say, requests=(shows,), answer=answer)


_REMOVES = re.compile(
    r"\b(?:remov\w*|remvoe|delet\w*|del|drop\w*|eras\w*|discard\w*|purg\w*|bin|trash|rid|throw\w*|forget|rm|lose|clear\w*|kill|wipe|scrap|destroy|undo|"
    r"need|want|away|cancel)\b|[\u3400-\u9fff]",
    re.IGNORECASE,
)
_OF_PART = re.compile(
    r"\b(?:only|except|keep|without|too|as\s+well|ones|(?:throw|leave|take|filter)\s+(?:it|them|that|those)\s+out)\b|\bfrom\s+(?:it|that|this)\b",
    re.IGNORECASE,
)


def wants_no_removal(text: str) -> bool:
    """Whether words that name no dataset and no study wish for other rows at most, and never for the whole to go."""
    return _REMOVES.search(text) is None or _OF_PART.search(text) is not None


def not_understood(text: str, dataset: str | None) -> Waiting:
    """What is said in place of an offer to remove the whole.

    Args:
        dataset: The one that was talked of last.
    """
    shown, of = outside.text(" ".join(text.split())[:80].strip(" ,.;!")), outside.text(dataset or "DATASET")
    return Waiting(
        requests=(Request(tool="inspect_data", args={"dataset": dataset or "it", "what": "columns"}, words=text),),
        choices=(DO, LEAVE),
        text=f"Nothing was removed or left out: I did not understand “{shown}”. Rows go by a column: “drop rows of {of} where COLUMN=VALUE”, "
        f"or “keep only rows of {of} where COLUMN=VALUE”. Shall I show the columns of it?",
        why="unclear",
    )
