"""A folder of recorded lines as turns and decisions, in the order in which they began.

for passage in read_recording(folder).passages:
    ...
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.errors import SetupError, UserError
from agent.recording.lines import FORMAT, PART, SUFFIX

Line = Mapping[str, Any]
_ENDS = ("answer", "decided")
_NEEDS: dict[str, tuple[str, ...]] = {
    "recording": ("format",),
    PART: ("digest", "value"),
    "turn": ("of", "at", "chat", "said", "files", "history"),
    "prompt": ("of", "at", "call", "model", "messages"),
    "reply": ("of", "at", "call"),
    "tool": ("of", "at", "tool", "args"),
    "known": ("of", "at", "place", "known"),
    "asked": ("of", "at", "place", "name", "args"),
    "checked": ("of", "at", "text", "cuts", "marked"),
    "refused": ("of", "at", "tool", "args", "result"),
    "failed": ("of", "at", "error"),
    "answer": ("of", "at", "text"),
    "decided": ("of", "at", "proposal", "context"),
}
"""What a line of each kind holds at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What a language model was shown once, and what came back."""

    prompt: Line
    reply: Line | None  # None: it never answered

    @property
    def messages(self) -> Sequence[Line]:
        return list(self.prompt["messages"])

    @property
    def answer(self) -> Line | None:
        """The message that it answered with; None where it failed."""
        return None if self.reply is None else self.reply.get("message")

    @property
    def error(self) -> Line | None:
        """`type` and `text`."""
        return None if self.reply is None else self.reply.get("error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A turn of a chat, or the choice of a trial: its lines in order, the last of which may be missing after a kill."""

    of: str
    lines: tuple[Line, ...]

    def all(self, kind: str) -> list[Line]:
        """The lines of a kind."""
        return [line for line in self.lines if line["kind"] == kind]

    def first(self, kind: str) -> Line | None:
        return next(iter(self.all(kind)), None)

    @property
    def turn(self) -> Line | None:
        """How the turn began; None for a decision."""
        return self.first("turn")

    @property
    def name(self) -> str:
        """What a person calls it."""
        if self.turn is not None:
            said = " ".join(str(self.turn["said"]).split())
            return f"chat {self.turn['chat']}, “{said[:60]}{'…' if len(said) > 60 else ''}”"
        study, _, number = self.of.rpartition("/")
        return f"study {study}, trial {number}"

    @property
    def is_whole(self) -> bool:
        """Whether its end was recorded."""
        return bool(self.lines) and self.lines[-1]["kind"] in _ENDS

    @property
    def exchanges(self) -> list[Exchange]:
        """With the language model, in the order of the prompts."""
        replies = {line["call"]: line for line in self.all("reply")}
        return [Exchange(prompt=line, reply=replies.get(line["call"])) for line in self.all("prompt")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a folder holds."""

    passages: tuple[Passage, ...]
    heads: tuple[Line, ...]  # the first line of each file
    n_torn: int = 0  # lines that were cut off, as a kill leaves them


def read_recording(folder: Path) -> Recording:
    """All files of the folder, or one of them; a last line that was cut off is passed over.

    Raises:
        SetupError: There is none, or it holds no recording.
        UserError: A line that is not the last one of its file cannot be read, or a newer version wrote it.
    """
    if not folder.exists():
        raise SetupError(f"there is no folder {folder}")
    if folder.is_file() and not folder.name.endswith(SUFFIX):
        raise SetupError(f"{folder} is no file of a recording, whose names end in {SUFFIX}; give the folder of one")
    files = [folder] if folder.is_file() else sorted(folder.glob(f"*{SUFFIX}"))
    read = [found for path in files if (found := _read(path))[0]]
    if not read:
        raise SetupError(f"{folder} holds no recording; `--record {folder}` keeps one there")
    passages = [passage for lines, _ in read for passage in _passages(lines[1:])]
    for passage in passages:
        if passage.turn is None and passage.first("answer") is not None:
            raise UserError(f"{folder} cannot be read: the beginning of a turn is missing ({passage.of})")
    return Recording(
        passages=tuple(sorted(passages, key=lambda passage: passage.lines[0]["at"])),
        heads=tuple(lines[0] for lines, _ in read),
        n_torn=sum(n_torn for _, n_torn in read),
    )


def _read(path: Path) -> tuple[list[Line], int]:
    """The lines of a file with their parts, and 1 where the last one was cut off.

    Raises:
        UserError: Another line cannot be read, or a newer version wrote it.
    """
    found: list[Line] = []
    parts: dict[str, Any] = {}
    texts = path.read_text("utf-8", "replace").rstrip("\n").split("\n")
    for number, text in enumerate(texts, start=1):
        line = _line(text)
        if line is None and number == len(texts):
            return found, int(bool(text.strip()))
        if line is None or (not found) != (line["kind"] == "recording"):
            raise _unreadable(path, number, "it is no line of a recording here; only the last one may be cut off")
        if line["kind"] == "recording" and line["format"] > FORMAT:
            raise UserError(
                f"{path} is of format {line['format']}, and this version of recpilot reads formats up to "
                f"{FORMAT}; a newer version wrote it, so update recpilot"
            )
        try:
            if line["kind"] == PART:
                parts[line["digest"]] = whole(line["value"], parts)
            else:
                found.append(whole(line, parts))
        except KeyError as error:
            raise _unreadable(path, number, f"it names the part {error}, which is missing above it") from None
    return found, 0


def _line(text: str) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    needed = _NEEDS.get(str(line.get("kind"))) if isinstance(line, dict) else None
    return line if needed is not None and all(name in line for name in needed) else None


def _unreadable(path: Path, number: int, why: str) -> UserError:
    return UserError(f"{path}, line {number} cannot be read: {why}")


def whole(value: Any, parts: Mapping[str, Any]) -> Any:
    """The value with its parts in place.

    Raises:
        KeyError: A part is missing.
    """
    if isinstance(value, dict):
        if value.keys() == {PART}:
            return parts[value[PART]]
        return {name: whole(item, parts) for name, item in value.items()}
    if isinstance(value, list):
        return [whole(item, parts) for item in value]
    return value


def _passages(lines: Sequence[Line]) -> Iterator[Passage]:
    """Lines of one name belong together until one of them ends it."""
    open_: dict[str, list[Line]] = {}
    for line in lines:
        of = line.get("of")
        if of is None:
            continue
        open_.setdefault(of, []).append(line)
        if line["kind"] in _ENDS:
            yield Passage(of=of, lines=tuple(open_.pop(of)))
    for of, rest in open_.items():
        yield Passage(of=of, lines=tuple(rest))
