"""What a chat is called: by the study that it began, else by what it asked for first; by a greeting only until then."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from langchain_core.messages import AnyMessage, HumanMessage

from agent.answers.wording import listed
from agent.chat.turns import found_in
from agent.results.data import DatasetAdded
from agent.results.study import StudyBegun
from recmodels.outside import on_one_line

LONGEST = 48  # characters of a title that is made here
NEW = "New chat"
_NAMED = 3  # models that are called by their names
_FILE = re.compile(r"[^\s/\\]+\.(?:csv|tsv|txt|dat|inter|parquet|jsonl?|gz|zip|tar|tgz)", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:(?:hi|hello|hey|hallo|good (?:morning|evening|day|afternoon)|greetings|thanks|thank you|ok(?:ay)?|yes|no|well"
    r"|so|please|bitte|(?:can|could|would|will) you|i(?:'d| would) like (?:you )?to|i want (?:you )?to|let(?:'s| us)"
    r"|there|recpilot|everyone|all|你好|请)(?![\w'])[\s,.!:;-]*)+",
    re.IGNORECASE,
)


class Rank(IntEnum):
    """How well a title tells what a chat is about; a better one takes the place of a worse one."""

    FIRST_WORDS = 0  # or a title of an earlier version
    ASKED = 1  # what was asked for first
    STUDY = 2  # the study that was begun first
    PERSON = 3  # the person's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title and how good it is."""

    text: str
    rank: Rank


def first_title(message: str) -> Title:
    """Of a chat whose first message comes just now."""
    words = asked(message)
    return Title(text=words, rank=Rank.ASKED) if words else Title(text=_greeting(message) or NEW, rank=Rank.FIRST_WORDS)


def title_of(messages: Sequence[AnyMessage]) -> Title:
    """Of a chat with these messages."""
    first = ""
    for said, rest in _turns(messages):
        for _, result in found_in(rest):
            if isinstance(result, StudyBegun):
                models = listed(result.models) if len(result.models) <= _NAMED else f"{len(result.models)} models"
                return Title(text=_cut(f"Tune {models} on {result.dataset}"), rank=Rank.STUDY)
            if isinstance(result, DatasetAdded):
                first = first or _cut(f"Dataset {result.dataset}")
        first = first or ("" if said.additional_kwargs.get("files") else asked(said.text))
    return Title(text=first, rank=Rank.ASKED) if first else Title(text=NEW, rank=Rank.FIRST_WORDS)


def asked(message: str) -> str:
    """What a message asks for, as a title; empty where it only greets, thanks or names a file."""
    line = on_one_line(message[:400])
    line = line[opening.end() :] if (opening := _OPENING.match(line)) else line
    if not re.search(r"\w", line) or _FILE.fullmatch(line.strip()):
        return ""
    sentence = re.split(r"(?<=[.!?。！？])\s", line)[0].rstrip(" .!,;:。！")
    return _cut(sentence[:1].upper() + sentence[1:])


def _greeting(message: str) -> str:
    """What only greets or thanks, until something is asked for; empty where nothing is said."""
    line = on_one_line(message[:400]).strip().rstrip(" .!,;:。！")
    return _cut(line[:1].upper() + line[1:]) if re.search(r"\w", line) and not _FILE.fullmatch(line) else ""


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    head, end = text[: LONGEST - 1], text.rfind(" ", LONGEST // 2, LONGEST)
    return f"{(head[:end] if end > 0 else head).rstrip(' ,;:')}…"


def _turns(messages: Sequence[AnyMessage]) -> Iterator[tuple[HumanMessage, list[AnyMessage]]]:
    said: HumanMessage | None = None
    rest: list[AnyMessage] = []
    for message in messages:
        if isinstance(message, HumanMessage):
            if said is not None:
                yield said, rest
            said, rest = message, []
        else:
            rest.append(message)
    if said is not None:
        yield said, rest
