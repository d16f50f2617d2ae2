"""The text of an answer as it streams -> LangChain chunks: what is said, and the tool calls once they are complete.

Tokenizers that ship a response template are read by it, the others by one that follows from their tool format; both go
through the streaming parser of transformers.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from langchain_core.messages import AIMessageChunk
from langchain_core.messages.tool import tool_call_chunk

from agent.llm.errors import UnreadableCallError
from agent.llm.formats import ToolFormat
from agent.llm.thinking import OPEN, ends_thinking


class AnswerReader:
    """Reads one answer.

    Args:
        tokenizer: Of the model.
        form: How it writes calls.
        prompt: What the answer follows, as text.
        tools: The tools that it knows, in OpenAI's form.
    """

    def __init__(self, tokenizer: Any, form: ToolFormat, prompt: str, tools: Iterable[Mapping[str, Any]]) -> None:
        own = getattr(tokenizer, "response_template", None) if form.is_native else None
        prefix = prompt if own else OPEN * ends_thinking(prompt)
        self._parser = tokenizer.get_response_parser(
            own or form.response_template(), prefix=prefix, tools=[dict(tool) for tool in tools]
        )
        self.has_spoken = False
        self.n_calls = 0

    def feed(self, text: str) -> Iterator[AIMessageChunk]:
        """What the next piece of text adds.

        Raises:
            UnreadableCallError: A call that cannot be read.
        """
        yield from self._chunks(lambda: self._parser.feed(text))

    def finish(self) -> Iterator[AIMessageChunk]:
        """What is left at the end of the answer."""
        yield from self._chunks(lambda: self._parser.finalize()[1])

    def _chunks(self, parse: Any) -> Iterator[AIMessageChunk]:
        try:
            events = parse()
        except ValueError as error:
            raise UnreadableCallError("the call that it wrote cannot be read") from error
        for event in events:
            if event["field"] == "content" and event["type"] == "region_chunk":
                yield from self._said(event["text"])
            elif event["field"] == "tool_calls" and event["type"] == "region_close":
                yield self._called(event["value"])

    def _said(self, text: str) -> Iterator[AIMessageChunk]:
        text = text if self.has_spoken else text.lstrip()
        if text:
            self.has_spoken = True
            yield AIMessageChunk(content=text)

    def _called(self, value: Any) -> AIMessageChunk:
        function = value.get("function", value) if isinstance(value, dict) else {}
        name, arguments = function.get("name"), function.get("arguments", {})
        if not isinstance(name, str):
            raise UnreadableCallError("the call that it wrote names no tool")
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        self.n_calls += 1
        call_id = f"call_{uuid.uuid4().hex[:12]}"
        chunk = tool_call_chunk(name=name, args=text, id=call_id, index=self.n_calls - 1)
        return AIMessageChunk(content="", tool_call_chunks=[chunk])


class JsonReader:
    """Reads an answer that is one JSON object: all of it is said."""

    n_calls = 0
    has_spoken = True

    def feed(self, text: str) -> Iterator[AIMessageChunk]:
        if text:
            yield AIMessageChunk(content=text)

    def finish(self) -> Iterator[AIMessageChunk]:
        yield from ()
