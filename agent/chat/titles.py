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
from agent.words.chinese import is_chinese
from recmodels.outside import on_one_line

LONGEST = 48  # characters of a title that is made here
NEW = "New chat"
NEW_IN_CHINESE = "新对话"
_NAMED = 3  # models that are called by their names
_FILE = re.compile(r"[^\s/\\]+\.(?:csv|tsv|txt|dat|inter|parquet|jsonl?|gz|zip|tar|tgz)", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:(?:hi|hello|hey|hallo|good (?:morning|evening|day|afternoon)|greetings|thanks|thank you|ok(?:ay)?|yes|no|well"
    r"|so|please|bitte|(?:can|could|would|will) you|i(?:'d| would) like (?:you )?to|i want (?:you )?to|let(?:'s| us)"
    r"|there|recpilot|everyone|all)(?![\w'])[\s,.!:;-]*)+",
    re.IGNORECASE,
)
_OPENING_IN_CHINESE = re.compile(
    r"(?:(?:你好|您好|嗨|早上好|请问|请|麻烦你?|谢谢你?|多谢|好的|帮我)[啊呀吗，,。！!\s]*)+"
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
    if words:
        return Title(text=words, rank=Rank.ASKED)
    return Title(text=greets, rank=Rank.FIRST_WORDS) if (greets := _greeting(message)) else _new(message)


def title_of(messages: Sequence[AnyMessage]) -> Title:
    """Of a chat with these messages."""
    first, begins = "", ""
    for said, rest in _turns(messages):
        begins = begins or said.text
        for _, result in found_in(rest):
            if isinstance(result, StudyBegun):
                return Title(text=_cut(_of_study(result, zh=is_chinese(said.text))), rank=Rank.STUDY)
            if isinstance(result, DatasetAdded):
                noun = "数据集" if is_chinese(said.text) else "Dataset"
                first = first or _cut(f"{noun} {result.dataset}")
        first = first or ("" if said.additional_kwargs.get("files") else asked(said.text))
    return Title(text=first, rank=Rank.ASKED) if first else _new(begins)


def _new(message: str) -> Title:
    return Title(text=NEW_IN_CHINESE if is_chinese(message) else NEW, rank=Rank.FIRST_WORDS)


def _of_study(begun: StudyBegun, *, zh: bool) -> str:
    n = len(begun.models)
    if zh:
        return f"在 {begun.dataset} 上调 {'、'.join(begun.models) if n <= _NAMED else f'{n} 个模型'}"
    return f"Tune {listed(begun.models) if n <= _NAMED else f'{n} models'} on {begun.dataset}"


def asked(message: str) -> str:
    """What a message asks for, as a title; empty where it only greets, thanks or names a file."""
    line = on_one_line(message[:400])
    for opens in (_OPENING, _OPENING_IN_CHINESE):
        line = line[opening.end() :] if (opening := opens.match(line)) else line
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
