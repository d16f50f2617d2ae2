"""What the tools and the conversation depend on, as one object."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from langchain_core.language_models import BaseChatModel

from agent.chat.chats import Chats
from agent.settings import Settings
from agent.studies.ledger import Ledger
from agent.studies.runner import StudyRunner
from memory.store import TrialMemory
from recmodels.data.catalogue import Catalogue

LoadModel = Callable[[Settings], BaseChatModel | None]


@dataclass(slots=True, kw_only=True)
class Workspace:
    """The open parts of one home folder; `agent.assembly.open_workspace` builds it, `close` lets go of it.

    The parts stay as they are; a person may choose another language model, and whether trials need approval.
    """

    settings: Settings
    catalogue: Catalogue
    memory: TrialMemory
    ledger: Ledger
    runner: StudyRunner
    chats: Chats
    chat_model: BaseChatModel | None  # None: the advisor alone (`--llm none`)
    load_model: LoadModel = field(repr=False)
    closers: tuple[Callable[[], None], ...] = field(default=(), repr=False)  # called in order by `close`

    def use_llm(self, text: str) -> str:
        """Talk to another language model from the next message on; returns its name.

        Args:
            text: What `--llm` takes; for a server, after a space, the model's name.

        Raises:
            agent.errors.SetupError: It cannot be used; everything stays as it was.
        """
        name, _, model = text.strip().partition(" ")
        chosen = self.settings.model_copy(update={"llm": name, "llm_model": model.strip() or None})
        self.chat_model = self.load_model(chosen)
        self.settings = chosen
        return name

    def set_approval(self, is_needed: bool) -> None:
        """Whether studies begun from now on ask the person before each trial."""
        self.settings = self.settings.model_copy(update={"needs_approval": is_needed})

    def close(self) -> None:
        """Stop the running trial so that it can be resumed, end the worker process, close the stores."""
        for closer in self.closers:
            closer()

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
