"""Turns that were given again or said otherwise: kept as they were, until something else is said."""

from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.messages import AnyMessage

from agent.chat.chats import Chats
from agent.chat.done import what_stays
from agent.chat.kept import Kept
from agent.chat.kept_turns import KeptTurn, now
from agent.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What a chat brought back."""

    taken: tuple[int, ...]  # turns that are gone
    back: tuple[int, ...]  # turns that are there again
    stays: str  # what those that are gone did that stays, in a sentence


class Replaced:
    """Of one chat."""

    def __init__(self, chat: str, chats: Chats, kept: Kept) -> None:
        self._chat, self._chats, self._kept = chat, chats, kept

    def replace(self, since: int, by_turn: int) -> tuple[list[KeptTurn], str]:
        """Takes the turns from one on out of what a model reads; returns them, and what they did that stays.

        Args:
            since: The number of the first one.
            by_turn: That of the one which takes their place.
        """
        turns = [turn for turn in self._kept.turns() if turn.mark.number >= since]
        messages = _messages(turns)
        kind, blob = self._chats.saver.serde.dumps_typed(messages)
        with self._chats.saver.cursor() as cursor:
            cursor.execute(
                "INSERT INTO replaced (chat, by_turn, at, kind, messages) VALUES (?, ?, ?, ?, ?)",
                (self._chat, by_turn, now(), kind, blob),
            )
        self._kept.remove(messages)
        return turns, what_stays(messages, "there")

    def settle(self) -> None:
        """Something else is said: what was replaced before stays so."""
        with self._chats.saver.cursor() as cursor:
            cursor.execute("UPDATE replaced SET by_turn = -1 WHERE chat = ? AND by_turn >= 0", (self._chat,))

    @property
    def can_undo(self) -> bool:
        """Whether the last replacing can be undone."""
        return self._last() is not None

    def undo(self) -> Undone:
        """Brings back what was there before the last retry or edit.

        Raises:
            UserError: There was none, or something else was said since.
        """
        last = self._last()
        if last is None:
            raise UserError("there is nothing to bring back: no answer was replaced, or something was said since")
        number, by_turn, kind, blob = last
        gone = [turn for turn in self._kept.turns() if turn.mark.number >= by_turn]
        messages: list[AnyMessage] = self._chats.saver.serde.loads_typed((kind, blob))
        self._kept.remove(_messages(gone))
        known = {turn.mark.number for turn in self._kept.turns()}
        self._kept.append(messages)
        with self._chats.saver.cursor() as cursor:
            cursor.execute("DELETE FROM replaced WHERE id = ?", (number,))
        return Undone(
            taken=tuple(turn.mark.number for turn in gone),
            back=tuple(turn.mark.number for turn in self._kept.turns() if turn.mark.number not in known),
            stays=what_stays(_messages(gone), "there"),
        )

    def _last(self) -> tuple[int, int, str, bytes] | None:
        with self._chats.saver.cursor(transaction=False) as cursor:
            row = cursor.execute(
                "SELECT id, by_turn, kind, messages FROM replaced WHERE chat = ? AND by_turn >= 0 ORDER BY id DESC",
                (self._chat,),
            ).fetchone()
        return None if row is None else (row[0], row[1], row[2], row[3])


def _messages(turns: Sequence[KeptTurn]) -> list[AnyMessage]:
    return [message for turn in turns for message in turn.messages]
