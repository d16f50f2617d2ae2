"""A whole chat as a file, as the page shows it: Markdown to read, or JSON with what was called and found.

exported(summary, chat.transcript.entries(), chat.history(), "md").text
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from agent import outside
from agent.chat.chats import ChatSummary
from agent.chat.kept_turns import now
from agent.confirmation import told_time
from agent.errors import UserError
from agent.events import AnswerFinished, ChatEvent, MessageSaid, ToolCalled, ToolReturned
from agent.secrets import cleaned, masked
from ui.transcript import Entry
from ui.words import changes_line

Form = Literal["md", "json"]
FORMAT = 2  # of the JSON; the first had only what was said and called
_SHORT = 160  # characters of why a step failed
_Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A chat as a file."""

    name: str  # of the file, with its ending
    text: str


def exported(chat: ChatSummary | None, entries: Sequence[Entry], history: Sequence[ChatEvent], form: str) -> Exported:
    """What was said and done in a chat, without secrets and without where files lie on this machine.

    Args:
        chat: None: there is none, or it has no message yet.
        entries: That the page shows, in order.
        history: The events of its messages, which hold what was called and found.
        form: md or json.

    Raises:
        UserError: There is no such chat or form.
    """
    if chat is None:
        raise UserError("there is no such chat; what is only begun is kept from its first message on")
    if form not in get_args(Form):
        raise UserError(f"a chat is exported as {' or '.join(get_args(Form))}, got {form[:40]!r}")
    known = _Known(history)
    text = _markdown(chat, entries, known) if form == "md" else _json(chat, entries, known)
    stem = re.sub(r"[^\w-]+", "-", chat.title).strip("-")[:60] or "chat"
    return Exported(name=f"{stem}.{form}", text=text)


class _Known:
    """What the events of a chat hold beyond what its entries show, in their order."""

    def __init__(self, history: Sequence[ChatEvent]) -> None:
        self.answers: dict[int, AnswerFinished] = {}  # by turn
        self._calls: dict[int, list[tuple[ToolCalled, ToolReturned | None]]] = {}
        turn = 0
        for event in history:
            if isinstance(event, MessageSaid):
                turn = event.turn
            elif isinstance(event, AnswerFinished):
                self.answers[turn] = event
            elif isinstance(event, ToolCalled):
                self._calls.setdefault(turn, []).append((event, None))
            elif isinstance(event, ToolReturned):
                self._return(event, self._calls.get(turn, []))

    @staticmethod
    def _return(event: ToolReturned, calls: list[tuple[ToolCalled, ToolReturned | None]]) -> None:
        for place, (called, returned) in enumerate(calls):
            if called.call_id == event.call_id and returned is None:
                calls[place] = called, event
                return

    def calls(self, entries: Sequence[Entry]) -> Mapping[str, tuple[ToolCalled, ToolReturned | None]]:
        """By the key of their steps."""
        steps: dict[int, list[str]] = {}
        for entry in entries:
            if entry.kind == "step" and entry.turn is not None:
                steps.setdefault(entry.turn, []).append(entry.key)
        return {
            key: call
            for turn, keys in steps.items()
            for key, call in zip(keys, self._calls.get(turn, []), strict=False)  # the last may not be kept yet
        }


def _markdown(chat: ChatSummary, entries: Sequence[Entry], known: _Known) -> str:
    began = told_time(chat.created_at)
    head = [f"# {outside.text(chat.title)}", *([f"Begun {began}."] if began else [])]
    return masked("\n\n".join([*head, *_blocks(entries, known)])) + "\n"


def _blocks(entries: Sequence[Entry], known: _Known) -> Iterator[str]:
    """Each message under a heading; steps, and trials, as lists between them."""
    calls, listed = known.calls(entries), list[str]()
    for entry in entries:
        if entry.kind in ("step", "trial"):
            listed.append(_trial(entry) if entry.card else _step(entry, calls.get(entry.key)))
            continue
        if listed:
            yield "\n".join(listed)
            listed = []
        if entry.kind == "said":
            files = "\n".join(f"- file {outside.code(name)}" for name in _names(entry))
            yield "\n\n".join(filter(None, (_heading("You", entry.at), files, outside.lines(entry.text))))
        elif entry.kind == "answer":
            yield f"{_heading('recpilot', _at(entry, known))}\n\n{outside.harmless(entry.text)}"
        else:
            title = f"**{outside.text(entry.title)}**" if entry.title else ""
            yield "\n\n".join(filter(None, (title, outside.harmless(entry.text))))
    if listed:
        yield "\n".join(listed)


def _heading(who: str, at: str | None) -> str:
    return f"## {' · '.join(filter(None, (who, told_time(at or ''))))}"


def _at(entry: Entry, known: _Known) -> str | None:
    kept = known.answers.get(-1 if entry.turn is None else entry.turn)
    return kept.at if kept is not None and kept.at else entry.at


def _step(entry: Entry, call: tuple[ToolCalled, ToolReturned | None] | None) -> str:
    returned = call[1] if call else None
    why = f", {returned.facts['error']}" if returned is not None and returned.is_error else ""
    return f"- {outside.text((entry.title or '') + _cut(why))}"


def _trial(entry: Entry) -> str:
    params = f": {outside.text(changes_line(entry.card))}" if entry.card and entry.card.params else ""
    return f"- {outside.text(entry.title or '')}{params}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def _names(entry: Entry) -> list[str]:
    return [Path(file).name for file in entry.files]


def _json(chat: ChatSummary, entries: Sequence[Entry], known: _Known) -> str:
    calls = known.calls(entries)
    whole = {
        "format": FORMAT,
        "title": chat.title,
        "created_at": chat.created_at,
        "touched_at": chat.touched_at,
        "exported_at": now(),
        "events": [_told(entry, known, calls.get(entry.key)) for entry in entries],
    }
    return json.dumps(cleaned(whole), ensure_ascii=False, indent=1, default=str) + "\n"


def _told(entry: Entry, known: _Known, call: tuple[ToolCalled, ToolReturned | None] | None) -> _Json:
    told: _Json = {"kind": entry.kind, "turn": entry.turn, "at": entry.at}
    if entry.kind == "said":
        return {**told, "text": entry.text, "files": _names(entry)}
    if entry.kind == "answer":
        return {**told, "at": _at(entry, known), "text": entry.text, **_of_answer(entry, known)}
    if entry.kind == "step":
        return {**told, "title": entry.title, "tool": entry.tool, **_of_call(call), "is_error": entry.is_error}
    told |= {"study": entry.study, "trial": entry.trial, "title": entry.title}
    return {**told, **(asdict(entry.card) if entry.kind == "trial" and entry.card else {"text": entry.text})}


def _of_answer(entry: Entry, known: _Known) -> _Json:
    kept = known.answers.get(-1 if entry.turn is None else entry.turn)
    return {
        "choices": list(entry.choices),
        "removed": list(kept.removed) if kept else [],
        "not_checked": list(kept.not_checked) if kept else [],
        "is_stopped": entry.is_stopped,
        "is_cut": entry.is_cut,
        "has_failed": entry.is_error,
    }


def _of_call(call: tuple[ToolCalled, ToolReturned | None] | None) -> _Json:
    called, returned = call or (None, None)
    result = None if returned is None else _without_places(returned.facts)
    return {"args": _without_places(called.args) if called else {}, "result": result}


def _without_places(args: Mapping[str, object]) -> _Json:
    """Of a file only its name."""
    path = args.get("path")
    return {**args, "path": Path(path).name} if isinstance(path, str) else dict(args)
