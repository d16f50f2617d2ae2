"""The chats that are open in this server."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from agent.workspace import Workspace
from ui.chats import Chat

FOLLOW_S = 0.25  # how often it is looked at what studies did, for all chats together
IDLE_S = 60.0  # after that long without a screen nothing is looked at
MAX_OPEN = 64  # chats kept in memory; more only while all of them work

_log = logging.getLogger(__name__)


class OpenChats:
    """The chats of one server by id, opened when first looked at; the longest unused are let go.

    One thread takes in what studies did for all of them, so that no screen has to ask.
    """

    def __init__(self, workspace: Workspace, max_open: int = MAX_OPEN, make: Callable[..., Chat] = Chat) -> None:
        self._workspace = workspace
        self._max_open = max_open
        self._make = make
        self._open: OrderedDict[str, Chat] = OrderedDict()  # the latest used last
        self._opening: dict[str, threading.Lock] = {}  # by chat: held while it is opened
        self._lock = threading.Lock()
        self._following: threading.Thread | None = None

    def get(self, chat_id: str, person: str | None = None) -> Chat:
        """The chat, restored from `chats.db` where it is not open; one that works or is looked at stays open.

        Args:
            person: Who has logged in: a chat is one person's.
        """
        with self._lock:
            opening = self._opening.setdefault(chat_id, threading.Lock())
        with opening:  # so that no other chat waits while this one is restored
            chat = self._open.get(chat_id)
            if chat is None:
                chat = self._make(self._workspace, chat_id, **({"person": person} if person else {}))
            with self._lock:
                self._open[chat_id] = chat
                self._open.move_to_end(chat_id)
                self._let_go()
                if self._following is None:
                    self._following = threading.Thread(target=self._follow, name="chats follow", daemon=True)
                    self._following.start()
        return chat

    def _let_go(self) -> None:
        for chat_id in list(self._open)[:-1]:
            if len(self._open) <= self._max_open:
                return
            chat = self._open[chat_id]
            if not chat.is_working and not chat.is_watched:
                del self._open[chat_id]

    def _follow(self) -> None:
        """Until no chat has been looked at for a while; the next that is opened begins it again."""
        idle_s = 0.0
        while True:
            time.sleep(FOLLOW_S)
            with self._lock:
                chats = [chat for chat in self._open.values() if chat.is_watched]
                idle_s = 0.0 if chats else idle_s + FOLLOW_S
                if idle_s > IDLE_S:
                    self._following = None
                    return
            for chat in chats:
                try:
                    chat.follow()
                except Exception:  # noqa: BLE001 - a bug in one chat leaves the others as they are
                    _log.exception("what happened cannot be shown in chat %s", chat.id)
