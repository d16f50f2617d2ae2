"""A message on its way to a plan: what was said, how it reads, what is known."""

from dataclasses import dataclass

from agent.understanding.clauses.reader import Reading
from agent.understanding.dialogue import Dialogue
from agent.understanding.hearing import Heard
from agent.understanding.known import Known
from agent.words.said import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it is read."""

    say: str
    heard: Heard
    reading: Reading
    known: Known
    dialogue: Dialogue

    @property
    def said(self) -> Said:
        return self.heard.said
