"""Messages -> the prompt of a chat template, short enough for the model's context."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from agent.errors import UserError
from agent.llm.formats import ToolFormat, hermes_rule

Turn = dict[str, Any]


def defused(message: BaseMessage, markers: Iterable[str]) -> BaseMessage:
    """The message with the markers of the chat format made harmless: text from a file cannot end its own turn."""
    text: str = message.text
    for marker in markers:
        text = text.replace(marker, f"{marker[0]}\u200b{marker[1:]}")  # a zero-width space inside
    return message if text == message.text else message.model_copy(update={"content": text})


def as_turns(
    messages: Sequence[BaseMessage], form: ToolFormat, tools: Sequence[Turn], is_brief: bool = False
) -> list[Turn]:
    """The messages as a chat template takes them: one system turn first, then the conversation.

    Without a native tool format, tools are told in the system turn, calls and results are put into words.
    """
    system: list[str] = [message.text for message in messages if isinstance(message, SystemMessage)]
    if tools and not form.is_native:
        system.append(hermes_rule(tools, is_brief))
    turns = [_turn(message, form) for message in messages if not isinstance(message, SystemMessage)]
    return ([{"role": "system", "content": "\n\n".join(system)}] if system else []) + turns


def _turn(message: BaseMessage, form: ToolFormat) -> Turn:
    if isinstance(message, ToolMessage):
        return _tool_turn(message, form)
    if isinstance(message, AIMessage):
        return _assistant_turn(message, form)
    return {"role": "user", "content": message.text}


def _tool_turn(message: ToolMessage, form: ToolFormat) -> Turn:
    if form.is_native:
        turn = {"role": "tool", "tool_call_id": message.tool_call_id, "content": message.text}
        return turn | ({"name": message.name} if message.name else {})
    return {"role": "user", "content": f"<tool_response>\n{message.text}\n</tool_response>"}


def _assistant_turn(message: AIMessage, form: ToolFormat) -> Turn:
    turn: Turn = {"role": "assistant", "content": message.text}
    if form.is_native and message.tool_calls:
        functions = [{"name": call["name"], "arguments": call["args"]} for call in message.tool_calls]
        ids = [call["id"] for call in message.tool_calls]
        turn["tool_calls"] = [
            {"id": call_id, "type": "function", "function": function}
            for call_id, function in zip(ids, functions, strict=True)
        ]
        return turn
    calls = [f"{form.begin}{c['name']}{form.middle}{json.dumps(c['args'])}{form.end}" for c in message.tool_calls]
    turn["content"] = "\n".join(filter(None, [turn["content"], *calls]))
    return turn


def render(tokenizer: Any, turns: list[Turn], tools: Sequence[Turn], thinking: bool) -> str:
    """The prompt; a template that refuses a system turn gets it in front of the first user turn."""
    from jinja2 import TemplateError

    def apply(these: list[Turn]) -> str:
        options = {"tokenize": False, "add_generation_prompt": True, "enable_thinking": thinking}
        return str(tokenizer.apply_chat_template(these, tools=list(tools) or None, **options))

    try:
        return apply(turns)
    except TemplateError:
        if not turns or turns[0]["role"] != "system" or len(turns) == 1:
            raise
        first = turns[1] | {"content": f"{turns[0]['content']}\n\n{turns[1]['content']}"}
        return apply([first, *turns[2:]])


def fit(messages: Sequence[BaseMessage], n_tokens: Callable[[list[BaseMessage]], int], room: int) -> list[BaseMessage]:
    """The messages without their oldest turns, so that the prompt has at most `room` tokens.

    System messages, the last message of the person and whatever came last always stay; a tool's result goes together
    with the call that asked for it.

    Raises:
        UserError: What always stays is too long already.
    """
    units = _units(messages)
    while (n := n_tokens([message for unit in units for message in unit])) > room:
        oldest = next((i for i in range(len(units) - 1) if not _stays(units, i)), None)
        if oldest is None:
            raise UserError(
                f"the message, its instructions and tools take {n:,} tokens and the model reads at most {room:,}: "
                "shorten the message or choose a model with a longer context"
            )
        del units[oldest : _end_of_turn(units, oldest)]
    return [message for unit in units for message in unit]


def _end_of_turn(units: list[list[BaseMessage]], start: int) -> int:
    """Where the turn ends that a message of the person opens; an answer ends where it stands."""
    end = start + 1
    if isinstance(units[start][0], HumanMessage):
        while end < len(units) and not isinstance(units[end][0], HumanMessage | SystemMessage):
            end += 1
    return end


def _units(messages: Sequence[BaseMessage]) -> list[list[BaseMessage]]:
    """What is dropped together: an answer with the results of its calls; every other message alone."""
    units: list[list[BaseMessage]] = []
    for message in messages:
        if isinstance(message, ToolMessage) and units and not isinstance(units[-1][0], HumanMessage | SystemMessage):
            units[-1].append(message)
        else:
            units.append([message])
    return units


def _stays(units: list[list[BaseMessage]], index: int) -> bool:
    last_asked = max((i for i, unit in enumerate(units) if isinstance(unit[0], HumanMessage)), default=-1)
    return index == last_asked or isinstance(units[index][0], SystemMessage)
