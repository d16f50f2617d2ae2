"""A tuning order that says a part of the data: "tune shop without the bots, ease, 3 trials".

A study takes a whole dataset, so the part is asked about first, as a version of the dataset; it is never lost.
"""

import re

from agent import outside
from agent.answers.wording import sentence
from agent.understanding.clauses.mood_words import POLITENESS
from agent.understanding.data.filter_parts import Part, parts_of
from agent.understanding.data.filter_polarity import senses
from agent.understanding.data.filter_words import VERB, FilterRead, read_filter
from agent.understanding.known import Known
from agent.understanding.phrases import phrase
from agent.understanding.plan import Plan, Request, Waiting

_TUNES = re.compile(
    rf"\W*(?:{POLITENESS})(?:(?:can|could|would)\s+you\s+(?:please\s+)?|(?:i|we)\s+(?:want|need)\s+(?:you\s+)?to\s+|let'?s\s+)?(?:re-?)?"
    rf"(?:tune|train|study|start|run|add|load|read|{VERB})\b",
    re.IGNORECASE,
)
_STUDY = re.compile(r"\b(?:re-?)?(?:tune|train|study)\b", re.IGNORECASE)
FILE = re.compile(r"[\w/.~-]+\.(?:csv|tsv|txt|zip|gz|parquet|feather|jsonl?|ndjson|xlsx?|dat|inter)\b", re.IGNORECASE)
_AFTER_FILE = (
    "Nothing was done yet: a part is kept of a dataset, not of a file. Add {file} first, then say what shall be left out, "
    "for example “leave the bots out of it” or “drop users with more than 500 events”, and then tune."
)


def filter_with_study(say: str, text: str, dataset: str | None, known: Known) -> Plan | None:
    """Asks whether the part shall be kept first; None for a message that is no tuning order with a part of the data.

    Args:
        text: The message with the dataset as `·`.
    """
    if (dataset is None and not FILE.search(text)) or "?" in say or not _TUNES.match(text) or not _STUDY.search(text):
        return None
    found = [part for part in parts_of(text) if _is_of_data(part, text)]
    meant = senses(text, found, "tune", is_away=False)
    leaves = any((part.gone if sense.is_away else part.kept) for part, sense in zip(found, meant, strict=True))
    read = _read(text, found)
    if not leaves and not (re.search(VERB, text, re.IGNORECASE) and read.args):
        return None
    if (file := FILE.search(text)) is not None:
        return Plan(say=say, answer=_AFTER_FILE.format(file=outside.text(file[0])))
    args = {"dataset": dataset, **read.args}
    prospect = known.would("filter_dataset", args)
    if prospect.problem is not None:
        return Plan(say=say, answer=f"{sentence(prospect.problem)} Nothing was done, and no study was started.")
    name = dict(prospect.runs or {}).get("name")
    request = Request(tool="filter_dataset", args=args | ({"name": name} if name else {}), words=say)
    made = f"for {name}" if name else "for the new version"
    asked = (
        "A study takes a whole dataset, so the part is kept first, as a version of it, and nothing was started yet. "
        f"Shall I {phrase(request)}? Then give the order to tune once more, {made}."
    )
    return Plan(say=say, waiting=Waiting(requests=(request,), text=asked, why="unclear"))


def _read(text: str, parts: list[Part]) -> FilterRead:
    """The filter that these parts are, each with the words before it."""
    verb = re.search(VERB, text, re.IGNORECASE)
    begin = 0 if verb is None else min(verb.start(), parts[0].start if parts else verb.start())
    end = max((part.end for part in parts), default=len(text))
    return read_filter(text[begin:end])


def _is_of_data(part: Part, text: str) -> bool:
    """Whether a part is hardly a param, a budget or a goal of the study."""
    return part.kind in ("bots", "count") or (part.kind == "date" and _SINCE.match(text[part.start :]) is not None)


_SINCE = re.compile(r"since\s+(?:19|20)\d\d|\w+\s+\d{4}-\d\d-\d\d", re.IGNORECASE)
