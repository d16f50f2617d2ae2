"""A chat model that answers from a script; for tests and for trying the chat out without a model."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field

Line = str | AIMessage | Exception | Callable[[Sequence[BaseMessage]], str | AIMessage]


class ScriptedChat(BaseChatModel):
    """Says its lines in order, a word at a time; an exception is raised, a function is asked with the messages.

    ScriptedChat(lines=[call("list_datasets"), "There is one."])
    """

    lines: list[Any]  # of Line
    seen: list[list[BaseMessage]] = Field(default_factory=list)  # the messages of every call

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._next(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        message = self._next(messages)
        if message.tool_calls:
            called = AIMessageChunk(
                content=message.text, tool_calls=message.tool_calls, response_metadata=message.response_metadata
            )
            yield ChatGenerationChunk(message=called)
            return
        for word in message.text.split(" "):
            yield ChatGenerationChunk(message=AIMessageChunk(content=word if word == message.text else f"{word} "))
        yield ChatGenerationChunk(message=AIMessageChunk(content="", response_metadata=message.response_metadata))

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        self.seen.append(list(messages))
        line: Line = self.lines.pop(0)
        if isinstance(line, Exception):
            raise line
        answer = line(messages) if callable(line) else line
        return AIMessage(answer) if isinstance(answer, str) else answer


def call(tool: str, **args: Any) -> AIMessage:
    """A message that calls one tool."""
    return AIMessage(
        "", tool_calls=[{"name": tool, "args": args, "id": f"call_{uuid.uuid4().hex[:12]}", "type": "tool_call"}]
    )
