"""How a model writes a tool call: read off its own chat template by rendering a probe, so new families need no entry.

A call is `begin + name + middle + arguments + end`, for example

    <tool_call>\\n{"name": "` + `study_status` + `", "arguments": ` + `{}` + `}\\n</tool_call>

with the arguments as JSON (Qwen 2.5 and 3, Hermes, Llama, Mistral, Phi, Granite) or as `<parameter=…>` tags (Qwen 3
Coder, Qwen 3.5). A template without tools, or with calls of another shape, gets the Hermes format, explained to the
model in the system message.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agent.llm.thinking import CLOSE, OPEN, without_thinking
from agent.llm.tool_briefs import signature

NAME, KEY, VALUE, CALL_ID = "probe_name", "probe_key", "probe_value", "probeid01"
_QUESTION = {"role": "user", "content": "probe question"}
_TOOL = {
    "type": "function",
    "function": {
        "name": NAME,
        "description": "A probe.",
        "parameters": {"type": "object", "properties": {KEY: {"type": "string", "description": "A probe."}}},
    },
}
_CALL = {"id": CALL_ID, "type": "function", "function": {"name": NAME, "arguments": {KEY: VALUE}}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolFormat:
    """How calls are written by one model."""

    begin: str  # up to the tool's name
    middle: str  # from the name to the arguments
    end: str  # after the arguments, up to the end-of-turn token
    arguments: Literal["json", "tags"] = "json"
    trigger: str  # the text that opens a call within an answer
    at_start_only: bool = False  # without a marker, only an answer that starts with the trigger is a call
    is_native: bool = True  # the chat template renders tools and calls; otherwise they are put into words

    def response_template(self) -> dict[str, Any]:
        """What `tokenizer.parse_response` needs to take an answer in this format apart."""
        calls: dict[str, Any] = {
            "open_pattern": rf"\s*{re.escape(self.begin)}(?P<name>[\w.-]+){re.escape(self.middle)}",
            "repeats": True,
            "content": "json",
            "transform": {"type": "function", "function": {"name": "{name}", "arguments": "{content}"}},
        }
        if self.arguments == "tags":
            tag = r"<parameter=(?P<key>[^>\n]+)>\s*(?P<value>.*?)\s*</parameter>"
            calls |= {"content": "xml-inline", "content_args": {"tag_pattern": tag}}
        end = self.end.strip()
        if self.at_start_only or not end:
            calls["close_pattern"] = rf"{re.escape(self.end)}\s*\Z"
        else:
            calls["close"] = end
        thinking = {"open": OPEN, "close": CLOSE, "content": "text"}
        return {
            "defaults": {"role": "assistant"},
            "start_anchor_pattern": "(?!)",  # never found: of the prompt, the parser is given only an open <think>
            "fields": {"reasoning_content": thinking, "tool_calls": calls, "content": {"content": "text"}},
        }


HERMES = ToolFormat(
    begin='<tool_call>\n{"name": "',
    middle='", "arguments": ',
    end="}\n</tool_call>",
    trigger="<tool_call>",
    is_native=False,
)


def hermes_rule(tools: Iterable[dict[str, Any]], is_brief: bool = False) -> str:
    """What a model whose template knows no tools is told about them."""
    say = signature if is_brief else json.dumps
    listed = "\n".join(say(tool["function"]) for tool in tools)
    return (
        f"You may call these functions:\n{listed}\nTo call one, answer with\n"
        '<tool_call>\n{"name": "the function", "arguments": {…}}\n</tool_call>'
    )


def tool_format(tokenizer: Any, end_tokens: Sequence[str]) -> ToolFormat:
    """The format that the tokenizer's chat template writes; `HERMES` where it writes none that is understood.

    Args:
        tokenizer: With a `chat_template`.
        end_tokens: The tokens that end a turn, as text.
    """
    from jinja2 import TemplateError

    try:
        asked = _render(tokenizer, [_QUESTION])
        header = _render(tokenizer, [_QUESTION], add_generation_prompt=True).removeprefix(asked)
        called = _render(tokenizer, [_QUESTION, {"role": "assistant", "content": "", "tool_calls": [_CALL]}])
    except (TemplateError, TypeError, ValueError, KeyError):  # a template may reject tools or calls in its own way
        return HERMES
    if NAME not in asked or not called.startswith(asked):
        return HERMES
    answer = called.removeprefix(asked).removeprefix(header.split(OPEN)[0])
    return _read_call(without_thinking(answer).lstrip(), end_tokens) or HERMES


def _render(tokenizer: Any, messages: list[dict[str, Any]], add_generation_prompt: bool = False) -> str:
    text = tokenizer.apply_chat_template(
        messages, tools=[_TOOL], tokenize=False, add_generation_prompt=add_generation_prompt, enable_thinking=False
    )
    return str(text)


def _read_call(answer: str, end_tokens: Sequence[str]) -> ToolFormat | None:
    """The format of a rendered probe call, up to the token that ends the turn."""
    stops = [at for token in end_tokens if (at := answer.find(token)) > 0]
    answer = answer[: min(stops)] if stops else answer.rstrip()
    begin, found, rest = answer.partition(NAME)
    as_json = re.search(rf'\{{\s*"{KEY}"\s*:\s*"{VALUE}"\s*\}}', rest)
    as_tags = re.search(rf"<parameter={KEY}>\n{VALUE}\n</parameter>\n", rest)
    arguments = as_json or as_tags
    if not found or not begin or arguments is None:
        return None
    marker = re.match(r"<[^<>\s]+>|\[[A-Z_]+\]|[^\s{\[]+", begin)
    return ToolFormat(
        begin=begin,
        middle=rest[: arguments.start()],
        end=rest[arguments.end() :],
        arguments="json" if as_json else "tags",
        trigger=marker.group() if marker else begin[0],
        at_start_only=marker is None,
    )
