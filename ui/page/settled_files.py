"""What became of the questions about columns: each is open until its own file is read, or the person says no to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agent.chat.same_file import is_same_file, takes_place
from agent.understanding.asking.answers_to import is_no
from ui.transcript import Entry, FileStep

FileState = Literal["open", "sent", "done", "cancelled", "again", "replaced"]
"""sent: its answer is being read; again: asked once more below; replaced: by another file of the same name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStanding:
    """How a question about the columns of a file stands."""

    state: FileState = "open"
    problem: str = ""  # why the last answer could not be read

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == "open"


def files_settled(entries: Sequence[Entry]) -> Mapping[str, FileStanding]:
    """How each question about columns stands, by the key of the step that asked it.

    Args:
        entries: Of the whole chat, in order.
    """
    found: dict[str, FileStanding] = {}
    asked: dict[str, FileStep] = {}  # those that are not settled, by key
    fresh: set[str] = set()  # of these, the ones that were asked just before
    before: list[Entry] = []  # the steps of the turn
    for entry in entries:
        if entry.kind == "said":
            if any(step.file is None or step.file.is_read for step in before):
                fresh.clear()
            before = []
            if is_no(entry.text):
                found |= {key: FileStanding(state="cancelled") for key in fresh & asked.keys()}
            if entry.answers in asked:
                found[entry.answers] = FileStanding(state="sent")
        elif entry.kind == "step":
            before.append(entry)
            _take(entry, asked, fresh, found)
        elif entry.kind == "answer" and not entry.is_pending:
            found |= {key: replace(one, state="open") for key, one in found.items() if one.state == "sent"}
    return found


def _take(step: Entry, asked: dict[str, FileStep], fresh: set[str], found: dict[str, FileStanding]) -> None:
    """What a step does to the questions."""
    file = step.file
    if file is None:
        return
    for key, other in list(asked.items()):
        question = other.asks
        if question is None or step.key == key:
            continue
        is_same = is_same_file(file.args, question)
        if file.asks is not None and takes_place(file.asks, question):
            found[key] = FileStanding(state="again" if is_same else "replaced")
            del asked[key]
        elif is_same and file.is_read:
            found[key] = FileStanding(state="done")
            del asked[key]
        elif is_same and file.problem:
            found[key] = FileStanding(problem=file.problem)
    if file.asks is not None:
        asked[step.key] = file
        fresh.add(step.key)
        found[step.key] = FileStanding()
