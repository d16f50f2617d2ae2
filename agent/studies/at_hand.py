"""Which study is meant where none is named: a chat's own one, whatever other chats and tabs do meanwhile."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Hand:
    """What one chat has at hand; tools that open a study in its turn put it here."""

    study: str | None
    chat: str | None = None  # whose turn it is; what is changed in it can be undone there
    person: str | None = None  # who has logged in and speaks there
    is_fresh: bool = False  # neither the message nor the chat has spoken of a study yet


_HAND: ContextVar[Hand | None] = ContextVar("study_at_hand", default=None)


@contextlib.contextmanager
def at_hand(study: str | None, chat: str | None = None, person: str | None = None) -> Iterator[Hand]:
    """Within this block, and in threads that copy its context, this study is the current one until another is opened.

    None leaves it to the study that was touched last in this process.
    """
    before = _HAND.get()
    hand = Hand(study=study, chat=chat, person=person, is_fresh=study is None)
    _HAND.set(hand)
    try:
        yield hand
    finally:
        _HAND.set(before)


def hand() -> Hand | None:
    """That of the turn which runs now, if one does."""
    return _HAND.get()
