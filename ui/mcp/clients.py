"""What the server keeps of each client: the study that it has at hand, and under which name its acts are logged."""

import threading
import uuid
from collections import OrderedDict

MAX_KEPT = 256  # sessions; the longest unused is forgotten, and has no study at hand when it comes back


class Client:
    """One session of a client, or all clients that have none."""

    def __init__(self, chat: str | None = None, *, keeps_study: bool = True) -> None:
        """
        Args:
            chat: Under which its acts are logged, so that `undo` takes back those of this session alone.
            keeps_study: Whether a study stays at hand from one call to the next.
        """
        self.chat = chat or f"mcp-{uuid.uuid4().hex[:12]}"
        self.acts = threading.RLock()  # one act after the other, so that what was looked at is what is done
        self._keeps_study = keeps_study
        self._study: str | None = None

    @property
    def keeps_study(self) -> bool:
        """Whether a study stays at hand from one call to the next."""
        return self._keeps_study

    @property
    def study(self) -> str | None:
        """The name of the study at hand."""
        return self._study

    def has_at_hand(self, study: str | None) -> None:
        """What a call left at hand."""
        if self._keeps_study:
            self._study = study


class Sessions:
    """The sessions of an HTTP server by their id."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, Client] = OrderedDict()  # the latest used last
        self._without = Client("mcp", keeps_study=False)
        self._lock = threading.Lock()

    def get(self, session: str | None) -> Client:
        """The client of a session; without one every call stands alone."""
        if session is None:
            return self._without
        with self._lock:
            client = self._clients.setdefault(session, Client())
            self._clients.move_to_end(session)
            while len(self._clients) > MAX_KEPT:
                self._clients.popitem(last=False)
            return client
