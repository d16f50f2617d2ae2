"""The messages of one chat on disk, read and written through the graph that answers it."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from langchain_core.messages import AnyMessage, BaseMessage, RemoveMessage, ToolMessage
from langchain_core.runnables import RunnableConfig

from agent.chat.chats import Chats
from agent.chat.kept_turns import KeptTurn, Mark, kept_turns, marked
from agent.chat.turns import closed

_M = TypeVar("_M", bound=BaseMessage)
Graph = Any  # a CompiledStateGraph, of one of many types


class Kept:
    """What a chat keeps; every call is followed by its result."""

    def __init__(self, chat: str, chats: Chats, config: RunnableConfig, graph: Callable[[], Graph]) -> None:
        """
        Args:
            config: With the chat as its thread.
            graph: The one on the model that is chosen now.
        """
        self._chat, self._chats = chat, chats
        self._config = config
        self._graph = graph
        self._read: tuple[object, list[AnyMessage]] | None = None  # what was written then, and the messages

    def messages(self) -> list[AnyMessage]:
        """All of them, in order."""
        return closed(self._raw())

    def turns(self) -> list[KeptTurn]:
        """Turn by turn."""
        return kept_turns(self.messages())

    def turn(self, mark: Mark) -> KeptTurn:
        """One turn, with no messages where nothing of it is kept."""
        found = [turn for turn in self.turns() if turn.mark.number == mark.number]
        return found[-1] if found else KeptTurn(mark=mark, messages=())

    def missing(self, made: Sequence[AnyMessage], mark: Mark) -> list[AnyMessage]:
        """What was made in a turn and is not kept, with results for the calls that have none."""
        kept = [m for turn in kept_turns(self._raw()) if turn.mark.number == mark.number for m in turn.messages]
        return _not_among(closed([*kept, *_not_among(made, kept)]), kept)

    def append(self, messages: Sequence[AnyMessage], mark: Mark | None = None) -> None:
        """Adds messages; those of the person get the mark of their turn."""
        if messages:
            kept = marked(messages, mark) if mark is not None else list(messages)
            self._graph().update_state(self._config, {"messages": kept}, as_node="model")

    def remove(self, messages: Sequence[AnyMessage]) -> None:
        """Takes messages out."""
        found = [RemoveMessage(id=message.id) for message in messages if message.id]
        if found:
            self._graph().update_state(self._config, {"messages": found}, as_node="model")

    def _raw(self) -> list[AnyMessage]:
        """Read it again only where something was written."""
        now = self._chats.written(self._chat)
        if self._read is None or self._read[0] != now:
            self._read = now, list(self._graph().get_state(self._config).values.get("messages", ()))
        return list(self._read[1])


def with_id(message: _M) -> _M:
    """The message with an id, by which it is known when it is kept."""
    return message if message.id else message.model_copy(update={"id": str(uuid.uuid4())})


def _not_among(messages: Sequence[AnyMessage], kept: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The messages that are not kept; a result is known by its call."""
    there = {_key(message) for message in kept}
    return [message for message in messages if _key(message) not in there]


def _key(message: AnyMessage) -> tuple[str, str | None]:
    return ("result", message.tool_call_id) if isinstance(message, ToolMessage) else ("message", message.id)
