"""The chats that are open in this server: each a conversation, its transcript, and the studies that it follows."""

import threading
from collections.abc import Iterator
from itertools import count
from typing import Any

from agent import events
from agent.chat.conversation import Conversation
from agent.errors import USER_ERRORS
from agent.workspace import Workspace
from ui.render import apply
from ui.transcript import Entry, Transcript

LOOK_S = 0.25  # how often a screen looks whether the answer has ended
BROKEN = "Something went wrong here; the terminal that runs the server says what. What was said before is kept."


class Chat:
    """One chat; several tabs may look at it."""

    def __init__(self, workspace: Workspace, chat_id: str) -> None:
        self.id = chat_id
        self.transcript = Transcript()
        self._workspace = workspace
        self._conversation = Conversation(workspace, chat_id)
        self._seen: dict[str, int] = {}  # study → events already shown
        self._turns = count()
        self._speaking = threading.Lock()
        self._restore()

    def send(self, text: str, files: tuple[str, ...] = ()) -> Iterator[None]:
        """Says `text`, and yields each time there is more to see; the answer goes on when nobody looks any more."""
        turn = next(self._turns)
        self.transcript.put(Entry(key=f"said/{turn}", role="user", text=text, files=files))
        speaker = threading.Thread(target=self._answer, args=(turn, text, files), name=f"chat {self.id}", daemon=True)
        speaker.start()
        while speaker.is_alive():
            version = self.transcript.version
            yield
            self.transcript.wait(version, LOOK_S)
        yield

    def _answer(self, turn: int, text: str, files: tuple[str, ...]) -> None:
        """Answers one message, after those that were said before it."""
        with self._speaking:
            try:
                for event in self._conversation.send(text, files):
                    self._show(event, turn)
            except USER_ERRORS as error:
                self.transcript.put(Entry(key=f"answer/{turn}", text=str(error)))
            except Exception:
                self.transcript.put(Entry(key=f"answer/{turn}", text=BROKEN))
                raise  # a bug: its traceback belongs on the terminal

    def follow(self) -> None:
        """Takes in what the followed studies did since the last call."""
        for study, seen in list(self._seen.items()):
            fresh = self._workspace.runner.events(study, after=seen)
            self._seen[study] = seen + len(fresh)
            for event in fresh:
                apply(self.transcript, event, answer="")

    def follow_study(self, study: str) -> None:
        """Shows the studies' events here from now on, from their beginning in this server."""
        self._seen.setdefault(study, 0)

    def _show(self, event: events.ChatEvent, turn: int) -> None:
        apply(self.transcript, event, answer=f"answer/{turn}")
        if isinstance(event, events.ToolReturned) and event.tool in ("start_study", "run_trial", "control_study"):
            self._follow_from(event.facts)

    def _follow_from(self, facts: Any) -> None:
        study = facts.get("study")
        if isinstance(study, str) and study in self._workspace.runner.names():
            self.follow_study(study)

    def _restore(self) -> None:
        for event in self._conversation.history():
            if isinstance(event, events.MessageSaid):
                self.transcript.put(
                    Entry(key=f"said/{next(self._turns)}", role="user", text=event.text, files=event.files)
                )
            else:
                self._show(event, self._last_turn())
        self.follow()

    def _last_turn(self) -> int:
        said = [entry.key for entry in self.transcript.entries() if entry.key.startswith("said/")]
        return int(said[-1].partition("/")[2]) if said else -1


class OpenChats:
    """The chats of one server by id, opened when first looked at."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open: dict[str, Chat] = {}
        self._lock = threading.Lock()

    def get(self, chat_id: str) -> Chat:
        """The chat, restored from `chats.db` the first time."""
        with self._lock:
            if chat_id not in self._open:
                self._open[chat_id] = Chat(self._workspace, chat_id)
            return self._open[chat_id]
