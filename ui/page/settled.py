"""What became of the questions of a chat: the last one is open, each earlier one was answered by what was said next."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Literal

from agent.understanding.asking.answers_to import agrees, is_no, is_yes
from ui.transcript import Entry

State = Literal["open", "done", "differs", "other", "failed", "cancelled", "changed", "left"]


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
        if entry.kind == "answer" and (entry.choices or entry.plan or entry.columns)
    }


def _state(asking: Entry, after: Sequence[Entry]) -> State:
    wanted = asking.plan.tools if asking.plan else ("add_dataset",) if asking.columns else ()
    steps = [entry for entry in after if entry.kind == "step" and entry.tool in wanted]
    if any(entry.is_error for entry in steps):
        return "failed"
    if steps and asking.plan:
        return "done" if is_yes(after[0].text) else "differs" if agrees(after[0].text) else "other"
    if steps:
        return "done"
    if any(entry.kind == "answer" and entry.plan for entry in after):
        return "changed"
    return "cancelled" if is_no(after[0].text) else "left"
