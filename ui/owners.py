"""Whose a chat is: its id says so, since a browser may send anything."""

import re
from uuid import uuid4


def is_own(chat: object, person: str | None) -> bool:
    """Whether it can be a chat of this person; None: nobody logs in."""
    return isinstance(chat, str) and re.fullmatch(rf"{re.escape(_owner(person))}[0-9a-f]{{8}}", chat) is not None


def owner_of(chat: str) -> str | None:
    """The person whose chat it is; None: nobody logs in."""
    found = re.fullmatch(r"(?P<person>.+)-[0-9a-f]{8}", chat)
    return found["person"] if found and found["person"] != "chat" else None


def fresh_chat(person: str | None) -> str:
    """The id of a new chat."""
    return f"{_owner(person)}{uuid4().hex[:8]}"


def _owner(person: str | None) -> str:
    return f"{person}-" if person else "chat-"
