"""A chat as a list of messages: its turns, what a model may see of it, and calls that were cut off."""

from collections.abc import Sequence

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage

from agent.results.by_tool import read_result
from agent.results.kept import to_json
from agent.results.result import ColumnsAsked, Failure, Result

FAILED = "recpilot_failed"  # in a message's response_metadata: says that the model failed
CUT_OFF = "this was interrupted before it was done"  # the error of a call that has no result
STOPPED_BEFORE = "this was not done, since the person stopped the answer"  # the error of one that was not made
MAX_HISTORY = 24_000  # characters of a chat that the model sees, whole turns, the latest first


def turn_messages(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The messages since the person last spoke."""
    back = (i for i in range(len(messages) - 1, -1, -1) if isinstance(messages[i], HumanMessage))
    return list(messages[next(back, -1) + 1 :])


def without_failures(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The messages without the turns in which the model failed and nothing else came: it would repeat such words."""
    kept: list[AnyMessage] = []
    for message in messages:
        if message.response_metadata.get(FAILED) and kept and isinstance(kept[-1], HumanMessage):
            kept.pop()
        else:
            kept.append(message)
    return kept


def recent(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The latest whole turns within `MAX_HISTORY` characters; the present one always."""
    starts = [i for i, message in enumerate(messages) if isinstance(message, HumanMessage)] or [0]
    kept = starts[-1]
    size = sum(len(message.text) for message in messages[kept:])
    for start in reversed(starts[:-1]):
        size += sum(len(message.text) for message in messages[start:kept])
        if size > MAX_HISTORY:
            break
        kept = start
    return list(messages[kept:])


def found_in(messages: Sequence[AnyMessage]) -> list[tuple[str, Result]]:
    """The tools whose results are among the messages, and what they found."""
    return [(m.name or "", read_result(m.name or "", m.content)) for m in messages if isinstance(m, ToolMessage)]


def open_question(messages: Sequence[AnyMessage]) -> ColumnsAsked | None:
    """The last tool result, if it asked which of several candidates is meant."""
    last = [result for _, result in found_in(messages)][-1:]
    return next((one for one in last if isinstance(one, ColumnsAsked) and one.candidates), None)


def closed(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """Every tool call followed by its result, as every model demands; after a crash or a turn that was left, it is not.

    A call without a result gets one that says so; a result without its call is dropped.
    """
    whole: list[AnyMessage] = []
    waiting: dict[str | None, ToolCall] = {}
    for message in messages:
        if isinstance(message, ToolMessage):
            if waiting.pop(message.tool_call_id, None) is not None:
                whole.append(message)
            continue
        whole += map(_interrupted, waiting.values())
        waiting = {call["id"]: call for call in message.tool_calls} if isinstance(message, AIMessage) else {}
        whole.append(message)
    return whole + list(map(_interrupted, waiting.values()))


def _interrupted(call: ToolCall) -> ToolMessage:
    failure = Failure(error=CUT_OFF)
    return ToolMessage(to_json(failure), tool_call_id=call["id"] or "", name=call["name"], status="error")
