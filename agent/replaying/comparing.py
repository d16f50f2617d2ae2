"""Where a passage goes otherwise today than it was recorded, for people to read."""

import difflib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.recording.reading import Line, Passage
from agent.recording.shortening import kept
from agent.replaying.settled import message_told, settled, settled_result

_SHORT = 300  # characters of what is shown of a value
_AROUND = 60  # characters that are shown before the first that differs
_DIFF_LINES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that differs."""

    where: str  # of the passage
    what: str  # "prompt 2, message 4 (tool)"
    recorded: str | None  # None: there was none
    now: str | None


Told = Callable[[Line], Any]


def differences(where: str, was: Passage, now: Passage, *, with_results: bool) -> list[Difference]:
    """All of them, in the order of what a reader looks for.

    Args:
        with_results: Whether the results of tools were found again, so that they may differ.
    """
    told: dict[str, Told] = {
        "tool": lambda line: _call(line) + ([_result(line)] if with_results else []),
        "refused": lambda line: [*_call(line), settled(line["result"])],
        "checked": lambda line: settled({"text": line["text"], "cuts": line["cuts"], "marked": line["marked"]}),
        "answer": _answer,
        "decided": lambda line: _proposal(line, was_asked=bool(was.exchanges)),
    }
    found = _prompts(where, was, now)
    for kind, tell in told.items():
        before, after = [tell(line) for line in was.all(kind)], [tell(line) for line in now.all(kind)]
        found += _pairs(where, _NAMES[kind], before, after)
    return found


_NAMES = {
    "tool": "call",
    "refused": "refused call",
    "checked": "checked answer",
    "answer": "answer",
    "decided": "proposal",
}


def _call(line: Line) -> list[Any]:
    return [line["tool"], settled({name: arg for name, arg in line["args"].items() if arg is not None})]


def _result(line: Line) -> Any:
    return line["error"] if "error" in line else settled_result(line["result"])


def _answer(line: Line) -> Any:
    return settled({name: value for name, value in line.items() if name not in ("kind", "at", "of", "kept")})


def _proposal(line: Line, *, was_asked: bool) -> Any:
    """Of a model that was not asked, why is not told: it may have been at rest."""
    proposal = dict(line["proposal"])
    return settled({name: value for name, value in proposal.items() if was_asked or name != "note"})


def _prompts(where: str, was: Passage, now: Passage) -> list[Difference]:
    before, after = was.exchanges, now.exchanges
    found: list[Difference] = []
    for place, (one, other) in enumerate(zip(before, after, strict=False), start=1):
        told = [message_told(message) for message in one.messages]
        tells = [message_told(kept(message)) for message in other.messages]
        found += _pairs(where, f"prompt {place}, message", told, tells)
        found += _pairs(where, f"prompt {place}, tool", _tools(one.prompt), _tools(other.prompt))
    if len(before) != len(after):
        found.append(Difference(where=where, what="prompts", recorded=str(len(before)), now=str(len(after))))
    return found


def _tools(prompt: Line) -> list[Any]:
    return list(prompt.get("tools") or ())


def _pairs(where: str, what: str, before: Sequence[Any], after: Sequence[Any]) -> list[Difference]:
    found = []
    for place in range(max(len(before), len(after))):
        was = before[place] if place < len(before) else None
        now = after[place] if place < len(after) else None
        if was != now:
            name = what if max(len(before), len(after)) == 1 else f"{what} {place + 1}"
            recorded, shown = _sides(was, now)
            found.append(Difference(where=where, what=name, recorded=recorded, now=shown))
    return found


def _sides(was: Any, now: Any) -> tuple[str | None, str | None]:
    """Both as texts, of long ones only around the first character that differs."""
    a, b = _text(was), _text(now)
    if a is None or b is None:
        return _from(a, 0), _from(b, 0)
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return _from(a, at), _from(b, at)


def _from(text: str | None, at: int) -> str | None:
    if text is None or len(text) <= _SHORT:
        return text
    start = max(0, at - _AROUND)
    end = start + _SHORT
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if (
        isinstance(value, dict)
        and set(value) <= {"role", "text", "calls", "tool"}
        and isinstance(value.get("text"), str)
    ):
        return value["text"] if "calls" not in value else json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def diff_lines(difference: Difference) -> list[str]:
    """`- recorded` and `+ now`, a few lines."""
    was = [] if difference.recorded is None else difference.recorded.splitlines()
    now = [] if difference.now is None else difference.now.splitlines()
    found = [line for line in difflib.ndiff(was, now) if line[:2] in ("- ", "+ ")]
    return found[:_DIFF_LINES] + (["…"] if len(found) > _DIFF_LINES else [])
