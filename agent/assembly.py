"""The one place where the parts meet: settings in, an open workspace out.

with open_workspace(Settings()) as workspace:
    ...
"""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from typing import Any

from langchain_core.language_models import BaseChatModel

from agent.chat.chats import Chats
from agent.chat.pilot_context import pilot_context
from agent.deciding.decision import DecisionContext, Draft
from agent.errors import SetupError
from agent.executor.local import LocalExecutor
from agent.llm.loading import load_chat_model
from agent.llm.pilot.chat import PilotChat
from agent.offline import silence_telemetry
from agent.settings import Settings
from agent.studies.ledger import Ledger
from agent.studies.runner import StudyRunner
from agent.workspace import Workspace
from memory.embedding import Vectors
from memory.store import TrialMemory
from recmodels.data.catalogue import Catalogue


def open_workspace(settings: Settings) -> Workspace:
    """The parts of `settings.home`, opened and joined; the encoder and the training worker start when first needed.

    Raises:
        SetupError: The home folder cannot be written, or the language model cannot be used.
        memory.errors.UserError: The memory cannot be opened.
    """
    silence_telemetry()
    _make_home(settings)
    decider = _CurrentDecider()
    chat_model = _load(settings, decider)  # first, since a server that is not there ends it here
    opened = ExitStack()
    try:
        chats = Chats(settings.chats)
        opened.callback(chats.close)
        ledger = Ledger(settings.ledger)
        catalogue = Catalogue(settings.datasets)
        memory = TrialMemory(settings.memory_url or settings.memory, MiniLMEmbedder())
        opened.callback(memory.close)
        runner = StudyRunner(
            ledger=ledger,
            catalogue=catalogue,
            executor=LocalExecutor(settings.n_threads),
            checkpoints=settings.checkpoints,
            memory=memory,
            decider=decider,
            device=settings.device,
            n_threads=settings.n_threads,
        )
        opened.callback(runner.shutdown)
    except BaseException:
        opened.close()
        raise

    def load(chosen: Settings) -> BaseChatModel | None:
        return _informed(_load(chosen, decider), catalogue, runner)

    return Workspace(
        settings=settings,
        catalogue=catalogue,
        memory=memory,
        ledger=ledger,
        runner=runner,
        chats=chats,
        chat_model=_informed(chat_model, catalogue, runner),
        load_model=load,
        closers=(opened.close,),
    )


class MiniLMEmbedder:
    """The memory's embedder on the packaged encoder, which is loaded when the first text comes."""

    name = "minilm"
    dimension = 384

    @cached_property
    def _encoder(self) -> Any:
        from recmodels.encoder import load_encoder  # imports torch

        return load_encoder()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, 384) float32, L2-normalised."""
        vectors: Vectors = self._encoder.encode(list(texts)).cpu().numpy()
        return vectors


class _CurrentDecider:
    """Asks the language model that is chosen now; the pilot does not decide, and leaves it to the advisor."""

    def __init__(self) -> None:
        self.chat_model: BaseChatModel | None = None
        self.timeout_s = 0.0

    def __call__(self, context: DecisionContext) -> Draft | None:
        if self.chat_model is None:
            return None
        from agent.deciding.model_decider import ModelDecider

        return ModelDecider(self.chat_model, self.timeout_s)(context)


def _load(settings: Settings, decider: _CurrentDecider) -> BaseChatModel | None:
    chat_model = load_chat_model(settings)
    decider.chat_model = chat_model if settings.llm != "pilot" else None
    decider.timeout_s = settings.llm_timeout_s
    return chat_model


def _informed(chat_model: BaseChatModel | None, catalogue: Catalogue, runner: StudyRunner) -> BaseChatModel | None:
    """The pilot with its view of the catalogue and the study at hand; any other model as it is."""
    if isinstance(chat_model, PilotChat):
        return chat_model.model_copy(update={"context": lambda: pilot_context(catalogue, runner)})
    return chat_model


def _make_home(settings: Settings) -> None:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        raise SetupError(
            f"the home folder {settings.home} cannot be written ({error.strerror}); choose another with RECPILOT_HOME"
        ) from error
