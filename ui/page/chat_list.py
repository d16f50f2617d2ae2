"""The chats of a person as the list at the side shows them."""

import time

from agent.chat.chats import ChatSummary
from agent.workspace import Workspace
from recmodels.outside import visible
from ui.chats import Chat
from ui.owners import is_own

KEPT_S = 1.0
Json = dict[str, object]


class ChatList:
    """Read once for all tabs of a person."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._kept: tuple[float, list[Json]] = (float("-inf"), [])

    def of(self, person: str | None, chat: Chat) -> list[Json]:
        """The person's, the latest first; the tab's own first where it has no message yet."""
        found = [one for one in self._all() if is_own(one["id"], person)]
        if any(one["id"] == chat.id for one in found):
            return found
        about = self._workspace.chats.get(chat.id)
        deleted = about is not None and about.deleted_at is not None
        title = f"{visible(about.title)} (deleted)" if about is not None and deleted else "New chat"
        mine: Json = {"id": chat.id, "title": title, "at": "", "pinned": False, "is_new": True, "is_deleted": deleted}
        return [mine, *found]

    def latest(self, person: str | None) -> str | None:
        """The id of the chat that was used last."""
        own = [one for one in self._workspace.chats.all() if is_own(one.id, person)]
        return max(own, key=lambda one: one.touched_at).id if own else None

    def forget(self) -> None:
        """Read it again when it is asked for next."""
        self._kept = float("-inf"), []

    def shown(self, chat: ChatSummary) -> Json:
        """One chat as the list has it."""
        return {"id": chat.id, "title": visible(chat.title), "at": chat.touched_at, "pinned": chat.is_pinned}

    def _all(self) -> list[Json]:
        at, found = self._kept
        if time.monotonic() - at >= KEPT_S:
            found = [self.shown(one) for one in self._workspace.chats.all()]
            self._kept = time.monotonic(), found
        return found
