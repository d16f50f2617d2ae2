"""How a turn that the person stopped is closed: what was written stays, and what was done is named."""

from langchain_core.messages import AIMessage, HumanMessage

from agent.chat.done import what_stays
from agent.chat.guards import known_of
from agent.chat.kept import with_id
from agent.chat.one_turn import OneTurn
from agent.chat.shown import STOPPED
from agent.grounding.checking import checked
from agent.grounding.cut_words import cut_note
from agent.llm.pilot.chat import PilotChat

NOTHING_YET = "Stopped before anything was answered."
STOPPED_HERE = "Stopped here."
STILL = "What was being done just then could not be cut off, and may still be done."


def close(one: OneTurn, *, is_left: bool = False) -> None:
    """Keeps what the turn said and found so far, and an answer that says that it was stopped.

    Args:
        is_left: Something in it still runs, and nobody waits for it.
    """
    missing, kept = one.kept.missing(one.made, one.mark), one.kept.turn(one.mark).messages
    if not any(isinstance(message, HumanMessage) for message in (*kept, *missing)):
        about = {"files": [str(file) for file in one.files], "beside": one.text} if one.files else {}
        missing = [with_id(HumanMessage(one.text, additional_kwargs=about)), *missing]
    written = _checked(one)
    stays = what_stays([*kept, *missing], "before that")
    text = "\n\n".join(filter(None, (written, STOPPED_HERE if written or stays else NOTHING_YET)))
    text = " ".join(filter(None, (text, stays, STILL if is_left else "")))
    answer = with_id(AIMessage(text, response_metadata={STOPPED: True}))
    one.kept.append([*missing, answer], one.mark)


def _checked(one: OneTurn) -> str:
    """What was written so far, without what does not hold; the pilot's words are of this project."""
    written = one.written.strip()
    if not written or isinstance(one.model, PilotChat):
        return written
    found = checked(written, known_of(one.kept.messages()))
    return "\n\n".join(filter(None, (found.text, cut_note(found))))
