"""The turns of a chat as they are kept: each message of the person carries its turn's number and times.

A message with a file beside it is kept as several, all of one turn. Those of earlier versions have no mark, and each
is a turn of its own.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

MARK = "turn"  # in additional_kwargs of what the person said
AT = "at"  # in response_metadata of an answer: when it was given, ISO 8601


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Which turn it is, and when it was; times are ISO 8601 in UTC, empty where an earlier version kept none."""

    number: int
    at: str = ""  # when it was said
    begun: str = ""  # when the answer to it was begun
    stays: str = ""  # what turns did that this one took the place of, in a sentence
    said: str = ""  # what was said beside files, whole; empty: the messages hold all of it


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTurn:
    """What was said and all that followed it."""

    mark: Mark
    messages: tuple[AnyMessage, ...]


def kept_turns(messages: Sequence[AnyMessage]) -> list[KeptTurn]:
    """The turns in their order; what precedes the first message of the person belongs to none."""
    turns: list[tuple[Mark, list[AnyMessage]]] = []
    for message in messages:
        if isinstance(message, HumanMessage):
            mark = _mark_of(message) or Mark(number=turns[-1][0].number + 1 if turns else 0)
            if not turns or turns[-1][0].number != mark.number:
                turns.append((mark, []))
        if turns:
            turns[-1][1].append(message)
    return [KeptTurn(mark=mark, messages=tuple(found)) for mark, found in turns]


def marked(messages: Sequence[AnyMessage], mark: Mark) -> list[AnyMessage]:
    """The messages of a turn as they are kept; those that have a mark keep theirs."""
    return [_marked(message, mark) for message in messages]


def now() -> str:
    """ISO 8601, UTC; sorts as text."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _marked(message: AnyMessage, mark: Mark) -> AnyMessage:
    if isinstance(message, HumanMessage):
        kept = {MARK: asdict(mark)} | message.additional_kwargs
        return message.model_copy(update={"additional_kwargs": kept})
    if isinstance(message, AIMessage) and not message.tool_calls:
        return message.model_copy(update={"response_metadata": {AT: now()} | message.response_metadata})
    return message


def _mark_of(message: HumanMessage) -> Mark | None:
    found: Any = message.additional_kwargs.get(MARK)
    return Mark(**found) if isinstance(found, dict) else None
