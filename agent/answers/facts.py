"""Facts: the small JSON-ready dicts that tools return, that answers are worded from and numbers are checked against.

Text from outside (files, past trials, people) travels quoted and capped, so that it reads as what it is: data.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Facts = dict[str, Any]

MAX_TEXT = 240  # characters of a quoted text
SIGNIFICANT_DIGITS = 6


def quoted(text: object, limit: int = MAX_TEXT) -> str:
    """Text from outside on one line, without control characters, capped at `limit` and in quotation marks."""
    line = " ".join("".join(char if char.isprintable() else " " for char in str(text)[: 4 * limit]).split())
    line = line.replace("“", '"').replace("”", '"')  # so that it cannot close its own quotation
    return f"“{line[: limit - 1]}…”" if len(line) > limit else f"“{line}”"


def tidy(value: Any) -> Any:
    """JSON-ready: floats with six significant digits, None where a number is not finite, paths as text."""
    if isinstance(value, bool) or value is None or isinstance(value, int | str):
        return value
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}") if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): tidy(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [tidy(item) for item in value]
    return str(value) if isinstance(value, Path) else tidy(value.item()) if hasattr(value, "item") else str(value)


def to_json(facts: Mapping[str, Any]) -> str:
    return json.dumps(tidy(facts), ensure_ascii=False)


def from_json(content: Any) -> Facts:
    """The facts that a tool message holds; a plain text, as a chat framework writes, becomes an error."""
    try:
        facts = json.loads(content)
    except (TypeError, ValueError):
        return {"error": str(content)}
    return facts if isinstance(facts, dict) else {"error": str(content)}
