"""What may differ each time is masked, so that the rest can be compared: times, durations, ids of calls, folders."""

import json
import re
from collections.abc import Mapping
from typing import Any

from agent.recording.reading import Line

_AT = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
_ID = re.compile(r"\b(?:call|written)_\w*[0-9a-f]{8,}\b|\blc_run--[\w-]+")
_VARIES = re.compile(r"(?:_s|_ms|_at|_bytes)\Z|^(?:at|id|checkpoint|path|report)\Z")


def settled(value: Any) -> Any:
    """The JSON value without times and ids in its texts."""
    if isinstance(value, str):
        return _ID.sub("*", _AT.sub("*", value)).strip()
    if isinstance(value, Mapping):
        return {name: settled(item) for name, item in value.items()}
    return [settled(item) for item in value] if isinstance(value, list | tuple) else value


def settled_result(text: str) -> Any:
    """A tool's result as it was found twice: durations, sizes and places may differ too."""
    try:
        facts = json.loads(text)
    except ValueError:
        return settled(text)
    return _steady(settled(facts))


def _steady(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: "*" if _VARIES.search(name) else _steady(item) for name, item in value.items()}
    return [_steady(item) for item in value] if isinstance(value, list) else value


def message_told(message: Line) -> dict[str, Any]:
    """What a message tells a language model: its role, text and calls, without ids."""
    data = message["data"]
    calls = [{"tool": call["name"], "args": call["args"]} for call in data.get("tool_calls") or ()]
    told = {"role": message["type"], "text": data["content"], "calls": calls, "tool": data.get("name")}
    return {name: settled(item) for name, item in told.items() if item}
