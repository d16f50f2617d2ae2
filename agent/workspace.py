"""What the tools and the conversation depend on, as one object."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from agent.recording.recorder import UNRECORDED, Unrecorded
from agent.settings import Settings
from agent.stopping import current_stop
from agent.studies.at_hand import hand
from agent.studies.ledger import Ledger
from agent.studies.ledger_memory import LedgerMemory
from agent.studies.runner import StudyRunner
from agent.studies.study import Study
from recmodels.data.catalogue import Catalogue

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from agent.chat.chats import Chats


@runtime_checkable
class WarmsUp(Protocol):
    """A chat model that loads something at its first message, and can do so before."""

    def warm_up(self) -> None: ...


WriteReport = Callable[[Study], Path]
LoadModel = Callable[[Settings], "BaseChatModel | None"]


class Readings:
    """The files that are being read now, by the chat that they are read for; `None`: for no chat."""

    def __init__(self) -> None:
        self._now: list[tuple[str | None, threading.Event]] = []
        self._lock = threading.Lock()

    @contextmanager
    def reading(self, chat: str | None) -> Iterator[Callable[[], bool]]:
        """While a file is read; yields what tells whether it was stopped, it alone or the answer that it is for."""
        mine, answer = (chat, threading.Event()), current_stop()
        with self._lock:
            self._now.append(mine)
        try:
            yield lambda: mine[1].is_set() or (answer is not None and answer.is_set)
        finally:
            with self._lock:
                self._now.remove(mine)

    def stop(self, chat: str | None) -> bool:
        """Stop what is read for a chat; whether anything was."""
        return self._stop(lambda other: other == chat)

    def stop_all(self) -> None:
        """Stop all of it."""
        self._stop(lambda _: True)

    def _stop(self, is_meant: Callable[[str | None], bool]) -> bool:
        with self._lock:
            meant = [event for chat, event in self._now if is_meant(chat)]
        for event in meant:
            event.set()
        return bool(meant)


@dataclass(slots=True, kw_only=True)
class Workspace:
    """The open parts of one home folder; `agent.assembly.open_workspace` builds it, `close` lets go of it.

    The parts stay as they are; in each chat a person may choose another language model, and whether trials need
    approval. What only a chat needs is opened when it is first asked for, since it takes a second to import.
    """

    settings: Settings
    catalogue: Catalogue
    memory: LedgerMemory
    ledger: Ledger
    runner: StudyRunner
    open_chats: "Callable[[], Chats]" = field(repr=False)
    load_model: LoadModel = field(repr=False)
    recorder: Unrecorded = UNRECORDED
    write_report: WriteReport | None = None  # lent by the user interface, which knows how a report looks
    readings: Readings = field(default_factory=Readings, repr=False)
    warm_ups: tuple[Callable[[], None], ...] = field(default=(), repr=False)  # called in order by `warm_up`
    closers: tuple[Callable[[], None], ...] = field(default=(), repr=False)  # called in order by `close`
    _chats: "Chats | None" = field(default=None, init=False, repr=False)
    _chosen: dict[str, Settings] = field(default_factory=dict, init=False, repr=False)  # by chat, where it differs
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False, repr=False)

    @property
    def chats(self) -> "Chats":
        """The chats on disk."""
        with self._lock:
            if self._chats is None:
                self._chats = self.open_chats()
            return self._chats

    def settings_of(self, chat: str | None) -> Settings:
        """Those of a chat: what was chosen there, else those of the start."""
        return self._chosen.get(chat, self.settings) if chat else self.settings

    @property
    def settings_here(self) -> Settings:
        """Those of the chat whose turn runs, if one does."""
        turn = hand()
        return self.settings_of(turn.chat if turn else None)

    def chat_model_of(self, chat: str | None) -> "BaseChatModel | None":
        """The language model that a chat talks to; None: the advisor alone (`--llm none`).

        Raises:
            agent.errors.SetupError: It cannot be used.
        """
        return self.load_model(self.settings_of(chat))

    def warm_up(self) -> None:
        """Load now what the first message would wait for."""
        model = self.chat_model_of(None)
        if isinstance(model, WarmsUp):
            model.warm_up()
        for warm_up in self.warm_ups:
            warm_up()

    def use_llm(self, text: str, chat: str) -> str:
        """Let a chat talk to another language model from its next message on; returns how it is named.

        Args:
            text: What `--llm` takes; for a server, after a space, the model's name.
            chat: The chat's id; the others keep theirs.

        Raises:
            agent.errors.SetupError: It cannot be used, or may not be chosen here; everything stays as it was.
        """
        name, _, model = text.strip().partition(" ")
        chosen = self.settings_of(chat).switched(name, model.strip() or None, self.settings)
        self.load_model(chosen)
        with self._lock:
            self._chosen[chat] = chosen.model_copy(update={"needs_approval": self.settings_of(chat).needs_approval})
        return chosen.chosen_llm

    def set_approval(self, is_needed: bool, chat: str) -> None:
        """Whether studies begun in a chat from now on ask the person before each trial."""
        with self._lock:
            self._chosen[chat] = self.settings_of(chat).model_copy(update={"needs_approval": is_needed})

    def close(self) -> None:
        """Stop what is read, and the running trial so that it can be resumed; end the worker, close the stores."""
        self.readings.stop_all()
        for closer in self.closers:
            closer()
        with self._lock:
            if self._chats is not None:
                self._chats.close()
                self._chats = None

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
