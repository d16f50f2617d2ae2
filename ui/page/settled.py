"""What became of the questions of a chat: the last one is open, each earlier one was answered by what was said next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from agent.understanding.asking.answers_to import agrees, is_no, is_yes
from ui.page.settled_files import FileStanding, files_settled
from ui.transcript import Entry

State = Literal["open", "done", "differs", "other", "failed", "cancelled", "changed", "left"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What became of what an entry asks."""

    state: State = "open"
    files: tuple[FileStanding, ...] = ()  # of the files about which it asks


def with_standings(entries: Sequence[Entry]) -> list[tuple[Entry, Standing]]:
    """Each entry of a whole chat, and what became of what it asks."""
    states, files = settled(entries), files_settled(entries)
    return [
        (
            entry,
            Standing(
                state=states.get(entry.key, "open"),
                files=tuple(files.get(one.key, FileStanding()) for one in entry.files_asked),
            ),
        )
        for entry in entries
    ]


def settled(entries: Sequence[Entry]) -> Mapping[str, State]:
    """The state of each answer that asks something, by its key; open: nothing was said since.

    Args:
        entries: Of the whole chat, in order.
    """
    turns: list[list[Entry]] = []
    for entry in entries:
        if entry.kind == "said":
            turns.append([])
        if turns:
            turns[-1].append(entry)
    return {
        entry.key: _state(entry, after) if after else "open"
        for turn, after in zip_longest(turns, turns[1:])
        for entry in turn
        if entry.kind == "answer" and (entry.choices or entry.plan)
    }


def is_open(entries: Sequence[Entry], key: str) -> bool:
    """Whether the question with that key, of an answer or of a file, waits for an answer."""
    file = files_settled(entries).get(key)
    return file.is_open if file is not None else settled(entries).get(key) == "open"


def _state(asking: Entry, after: Sequence[Entry]) -> State:
    wanted = asking.plan.tools if asking.plan else ()
    steps = [entry for entry in after if entry.kind == "step" and entry.tool in wanted]
    if any(entry.is_error for entry in steps):
        return "failed"
    if steps:
        return "done" if is_yes(after[0].text) else "differs" if agrees(after[0].text) else "other"
    if any(entry.kind == "answer" and entry.plan for entry in after):
        return "changed"
    return "cancelled" if is_no(after[0].text) else "left"
