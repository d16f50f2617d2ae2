"""A whole chat as a file: Markdown to read, or JSON with its events.

exported(chats, "chat-1a2b3c4d", "md").text
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from agent import outside
from agent.chat.chats import Chats, ChatSummary
from agent.chat.kept_turns import kept_turns, now
from agent.chat.shown import turn_events
from agent.chat.turns import closed
from agent.confirmation import told_time
from agent.errors import UserError
from agent.events import AnswerFinished, ChatEvent, MessageSaid, ToolCalled, ToolReturned
from agent.secrets import cleaned, masked
from agent.words.acts import ACTS

Form = Literal["md", "json"]
FORMAT = 1  # of the JSON
_SHORT = 160  # characters of a step
_Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A chat as a file."""

    name: str  # of the file, with its ending
    text: str


def exported(chats: Chats, chat: str, form: str) -> Exported:
    """What was said and done in a chat, without secrets and without where files lie on this machine.

    Args:
        form: md or json.

    Raises:
        UserError: There is no such chat or form.
    """
    summary = chats.get(chat)
    if summary is None:
        raise UserError("there is no such chat; what is only begun is kept from its first message on")
    if form not in get_args(Form):
        raise UserError(f"a chat is exported as {' or '.join(get_args(Form))}, got {form[:40]!r}")
    events = [event for turn in kept_turns(closed(chats.messages(chat))) for event in turn_events(chat, turn)]
    text = _markdown(summary, events) if form == "md" else _json(summary, events)
    stem = re.sub(r"[^\w-]+", "-", summary.title).strip("-")[:60] or "chat"
    return Exported(name=f"{stem}.{form}", text=text)


def _markdown(chat: ChatSummary, events: list[ChatEvent]) -> str:
    began = told_time(chat.created_at)
    head = [f"# {outside.text(chat.title)}", *([f"Begun {began}."] if began else [])]
    return masked("\n\n".join([*head, *_blocks(events)])) + "\n"


def _blocks(events: list[ChatEvent]) -> Iterator[str]:
    """Each message under a heading; the steps between them as one list."""
    results = {event.call_id: event for event in events if isinstance(event, ToolReturned)}
    steps: list[str] = []
    for event in events:
        if isinstance(event, ToolCalled):
            steps.append(_step(event, results.get(event.call_id)))
            continue
        if isinstance(event, ToolReturned):
            continue
        if steps:
            yield "\n".join(steps)
            steps = []
        if isinstance(event, MessageSaid):
            files = [f"- file {outside.code(Path(file).name)}" for file in event.files]
            parts = ["\n".join(files), outside.lines(event.text), outside.said(event.stays)]
            yield "\n\n".join([_heading("You", event.at), *filter(None, parts)])
        elif isinstance(event, AnswerFinished):
            yield "\n\n".join([_heading("recpilot", event.at), outside.harmless(event.text)])
    if steps:
        yield "\n".join(steps)


def _heading(who: str, at: str) -> str:
    return f"## {' · '.join(filter(None, (who, told_time(at))))}"


def _step(called: ToolCalled, returned: ToolReturned | None) -> str:
    did = ACTS[called.tool].did if called.tool in ACTS else called.tool
    failed = f": not possible, {returned.facts['error']}" if returned is not None and returned.is_error else ""
    inner = ", ".join(f"{name}={value!r}" for name, value in _without_places(called.args).items())
    call = f"{called.tool}({inner})"
    return f"- {outside.text(did + _cut(failed))} {outside.code(_cut(call))}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def _json(chat: ChatSummary, events: list[ChatEvent]) -> str:
    whole = {
        "format": FORMAT,
        "title": chat.title,
        "created_at": chat.created_at,
        "touched_at": chat.touched_at,
        "exported_at": now(),
        "events": list(_told(events)),
    }
    return json.dumps(cleaned(whole), ensure_ascii=False, indent=1) + "\n"


def _told(events: list[ChatEvent]) -> Iterator[_Json]:
    turn = 0
    results = {event.call_id: event for event in events if isinstance(event, ToolReturned)}
    for event in events:
        match event:
            case MessageSaid():
                turn = event.turn
                files = [Path(file).name for file in event.files]
                yield {"kind": "said", "turn": turn, "at": event.at, "text": event.text, "files": files}
            case ToolCalled():
                found = results.get(event.call_id)
                step: _Json = {"kind": "step", "turn": turn, "tool": event.tool, "args": _without_places(event.args)}
                if found is not None:
                    step |= {"result": _without_places(found.facts), "is_error": found.is_error}
                yield step
            case AnswerFinished():
                yield {
                    "kind": "answer",
                    "turn": turn,
                    "at": event.at,
                    "text": event.text,
                    "choices": list(event.choices),
                    "removed": list(event.removed),
                    "not_checked": list(event.not_checked),
                    "is_stopped": event.is_stopped,
                    "has_failed": event.has_failed,
                }


def _without_places(args: Mapping[str, object]) -> _Json:
    """Of a file only its name."""
    path = args.get("path")
    return {**args, "path": Path(path).name} if isinstance(path, str) else dict(args)
