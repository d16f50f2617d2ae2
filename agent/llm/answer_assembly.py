"""The chunks of one streamed chat completion -> what is said as it comes, and at its end the calls, read strictly.

Nothing is repaired: arguments that are cut off, said twice or no object make the whole answer unusable, since what
parses of them may be something that nobody asked for.
"""

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessageChunk
from langchain_core.messages.tool import ToolCallChunk, tool_call_chunk

from agent.llm.errors import CutOffError, LostConnectionError, ModelAnswerError, ServerFailedError, UnreadableCallError
from agent.llm.strict_json import NotStrictError, clean, strict_object
from agent.llm.thinking import ThinkingFilter
from agent.plain_words import plain

MAX_ANSWER = 40_000  # characters that are said, and of arguments; a page has some 3,000
MAX_THINKING = 400_000  # characters
_ENDS = {"stop", "tool_calls", "function_call", "tool_use", "end_turn", "eos", "eos_token", "stop_sequence", "complete"}
_CUTS = {"length", "max_tokens", "max_output_tokens", "model_length", "timeout"}
_FILTERS = {"content_filter", "safety", "recitation", "blocklist", "prohibited_content", "refusal"}


@dataclass(slots=True, kw_only=True)
class _Call:
    """A call in the making."""

    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class AnswerAssembly:
    """Takes the chunks of one answer."""

    def __init__(self) -> None:
        self._thinking = ThinkingFilter()
        self._calls: list[_Call] = []
        self._at: dict[Any, _Call] = {}  # the call that a place of the server's stands for now
        self._is_chat = False
        self._n_said = self._n_thought = 0
        self.finish_reason = ""

    def feed(self, chunk: Mapping[str, Any]) -> str:
        """What the chunk adds to what is said.

        Raises:
            ServerFailedError: The chunk is an error.
            ModelAnswerError: It is no part of a chat completion.
            CutOffError: The answer grows beyond all limits.
        """
        if chunk.get("error") or chunk.get("object") == "error":
            raise ServerFailedError(f"the server failed in the middle of the answer: {plain(chunk)}")
        choice = _first(chunk.get("choices"))
        if choice is None:
            return ""
        self._is_chat = True
        delta = choice.get("delta") or choice.get("message") or {}
        if not isinstance(delta, Mapping):
            raise _no_completion()
        self._take_calls(delta)
        reason = choice.get("finish_reason")
        self.finish_reason = reason.lower() if isinstance(reason, str) else ""
        said = _text(delta.get("content")) + _text(delta.get("refusal"))
        thought = _text(delta.get("reasoning_content")) or _text(delta.get("reasoning"))
        return self._said(said, len(thought))

    def finish(self) -> AIMessageChunk:
        """The rest of what is said, the calls, and why the answer ended.

        Raises:
            CutOffError: It did not end properly.
            UnreadableCallError: A call that cannot be read.
        """
        self._check_end()
        rest = clean(self._thinking.finish())
        calls = list(self._called())
        return AIMessageChunk(
            content=rest,
            tool_call_chunks=calls,
            response_metadata={"finish_reason": "tool_calls" if calls else "stop"},
            chunk_position="last",
        )

    def _check_end(self) -> None:
        reason = self.finish_reason
        if not self._is_chat:
            raise _no_completion()
        if not reason:
            raise LostConnectionError("the connection ended in the middle of the answer")
        if reason in _CUTS:
            raise CutOffError("the answer was cut off, since it reached the longest that the server allows")
        if reason in _FILTERS:
            raise CutOffError("the server's filter withheld the answer")
        if reason not in _ENDS:
            raise CutOffError(f"the answer ended for a reason that is not known here, {plain(reason)!r}")

    def _said(self, text: str, n_thought: int) -> str:
        said = clean(self._thinking.feed(text))
        self._n_said += len(said)
        self._n_thought += len(text) + n_thought
        if self._n_said > MAX_ANSWER:
            raise CutOffError(f"the answer was cut off, since it was longer than {MAX_ANSWER:,} characters")
        if self._n_thought > MAX_THINKING:
            raise CutOffError(f"the model thought for {MAX_THINKING:,} characters without an answer, and was cut off")
        return said

    def _take_calls(self, delta: Mapping[str, Any]) -> None:
        parts = delta.get("tool_calls") or []
        if delta.get("function_call"):  # of older servers
            parts = [{"index": 0, "function": delta["function_call"]}]
        if not isinstance(parts, list):
            raise _no_completion()
        for part in parts:
            function = part.get("function") if isinstance(part, Mapping) else None
            if not isinstance(function, Mapping):
                raise UnreadableCallError("a call without a function")
            self._take_call(part, function)

    def _take_call(self, part: Mapping[str, Any], function: Mapping[str, Any]) -> None:
        """A piece of a call; some servers give every whole call the same place, or none."""
        place, id_, name = part.get("index"), _text(part.get("id")), _text(function.get("name"))
        call = self._at.get(place)
        if call is None or (name and call.name and (place is None or id_ != call.id)):
            call = self._at[place] = _Call()
            self._calls.append(call)
        call.id, call.name = call.id or id_, call.name + name
        arguments = function.get("arguments")
        text = json.dumps(arguments) if isinstance(arguments, Mapping) else _text(arguments)
        call.arguments.append(text)
        self._n_said += len(text)

    def _called(self) -> Iterator[ToolCallChunk]:
        seen: set[str] = set()
        for place, call in enumerate(self._calls):
            if not call.name.strip():
                raise UnreadableCallError("a call names no tool")
            text = "".join(call.arguments)
            try:
                strict_object(text)
            except NotStrictError as error:
                raise UnreadableCallError(f"the arguments of `{plain(call.name)}` cannot be read: {error}") from None
            id_ = call.id if call.id and call.id not in seen else f"call_{uuid.uuid4().hex[:12]}"
            seen.add(id_)
            yield tool_call_chunk(name=call.name.strip(), args=text.strip() or "{}", id=id_, index=place)


def _first(choices: Any) -> Mapping[str, Any] | None:
    """The first choice; None in a chunk without any, such as the last with the usage."""
    if not isinstance(choices, list) or not choices:
        return None
    if not isinstance(choices[0], Mapping):
        raise _no_completion()
    return choices[0]


def _text(value: Any) -> str:
    """Text as servers write it: a string, nothing, or a list of parts."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in value if isinstance(part, Mapping))
    raise _no_completion()


def _no_completion() -> ModelAnswerError:
    return ModelAnswerError("what came is no chat completion")
