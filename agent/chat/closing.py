"""How a turn is closed that the person stopped, or whose server ended: what was written stays."""

from collections.abc import Sequence
from pathlib import Path

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.chat.done import what_stays
from agent.chat.kept import Kept, with_id
from agent.chat.kept_turns import AT, Mark
from agent.chat.one_turn import OneTurn
from agent.chat.shown import CUT, STOPPED
from agent.chat.taken import Taken
from agent.words.acts import ACTS

NOTHING_YET = "Stopped before anything was answered."
STOPPED_HERE = "Stopped here."
STILL = "What was being done just then could not be cut off, and may still be done."
ENDED_BEFORE = "The server ended before this was answered, so nothing was done."
ENDED_WITHIN = "The server ended in the middle of this answer."
ATTACH_AGAIN = "What was attached went with it: attach it again."
MAY_BE_DONE = "What was being done just then may have been done."


def close(one: OneTurn, *, is_left: bool = False) -> None:
    """Keeps what the turn said and found so far, and an answer that says that it was stopped.

    Args:
        is_left: Something in it still runs, and nobody waits for it.
    """
    missing, kept = one.kept.missing(one.made, one.mark), one.kept.turn(one.mark).messages
    if not any(isinstance(message, HumanMessage) for message in (*kept, *missing)):
        missing = [_said(one.text, [str(file) for file in one.files]), *missing]
    written = one.written_and_checked()
    stays = what_stays([*kept, *missing], "before that")
    text = "\n\n".join(filter(None, (written, STOPPED_HERE if written or stays else NOTHING_YET)))
    text = " ".join(filter(None, (text, stays, STILL if is_left else "")))
    answer = with_id(AIMessage(text, response_metadata={STOPPED: True}))
    one.kept.append([*missing, answer], one.mark)


def close_lost(kept: Kept, message: Taken) -> None:
    """Keeps a message that no server answers any more, and an answer that says so; nothing is answered by itself."""
    mark = Mark(number=message.turn, at=message.at, begun=message.at, said=message.text if message.files else "")
    there = kept.turn(mark).messages
    last = there[-1] if there else None
    if isinstance(last, AIMessage) and not last.tool_calls:
        if AT not in last.response_metadata:  # it was not held against what is known yet
            kept.remove([last])
        elif not message.files:  # it was answered, and only the note of it is left
            return
    missing: list[AnyMessage] = [_said(message.text, message.files)]
    text = ENDED_BEFORE
    if there:
        missing = kept.missing((), mark)
        may_be = MAY_BE_DONE if any(map(_may_be_done, missing)) else ""
        text = " ".join(filter(None, (ENDED_WITHIN, what_stays([*there, *missing], "before that"), may_be)))
    is_there = all(Path(file).is_file() for file in message.files) or bool(there)
    answer = AIMessage(text if is_there else f"{text} {ATTACH_AGAIN}", response_metadata={CUT: is_there})
    kept.append([*missing, with_id(answer)], mark)


def _may_be_done(message: AnyMessage) -> bool:
    """Of the result of a call that was cut off: whether the call changes something."""
    return isinstance(message, ToolMessage) and (message.name not in ACTS or ACTS[message.name].kind != "reads")


def _said(text: str, files: Sequence[str]) -> HumanMessage:
    return with_id(HumanMessage(text, additional_kwargs={"files": [*files], "beside": text} if files else {}))
