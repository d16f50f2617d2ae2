"""The one place where the parts meet: settings in, an open workspace out.

with open_workspace(Settings()) as workspace:
    ...
"""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property, partial
from typing import TYPE_CHECKING

from agent.advisor.situation import Situation
from agent.debug_log import debug_log
from agent.deciding.acts import Deed, Draft
from agent.deciding.context import DecisionContext
from agent.errors import SetupError
from agent.executor.local import LocalExecutor
from agent.llm.loading import load_chat_model
from agent.offline import silence_telemetry
from agent.proposal import Proposal
from agent.recording.lines import FileLines
from agent.recording.recorder import UNRECORDED, Recorder, Unrecorded
from agent.recording.secrets import secrets_here
from agent.settings import Settings
from agent.studies.at_hand import hand
from agent.studies.ledger import Ledger
from agent.studies.runner import StudyRunner
from agent.workspace import Workspace
from memory.embedding import Vectors
from memory.store import TrialMemory
from recmodels.data.catalogue import Catalogue

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from agent.chat.chats import Chats
    from agent.understanding.known import Known
    from recmodels.pretrained.minilm import MiniLM

_LATER = ("pilot", "none")  # need no check at the start


def open_workspace(settings: Settings) -> Workspace:
    """The parts of `settings.home`, opened and joined; the encoder and the training worker start when first needed.

    Raises:
        SetupError: The home folder cannot be written, or the language model cannot be used.
        memory.errors.UserError: The memory cannot be opened.
    """
    silence_telemetry()
    _make_home(settings)
    recorder = _recorder(settings)
    decider = CurrentDecider(recorder)
    if settings.llm not in _LATER:
        decider.load(settings)  # first, since a server that is not there ends it here
    opened = ExitStack()
    opened.callback(recorder.close)
    opened.enter_context(debug_log(settings.home))
    try:
        ledger = Ledger(settings.ledger)
        opened.callback(ledger.close)
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
            measures_baselines=True,
            answer_wait_s=settings.answer_wait_s,
        )
        opened.callback(runner.shutdown)
    except BaseException:
        opened.close()
        raise

    def open_chats() -> "Chats":
        from agent.chat.chats import Chats

        return Chats(settings.chats)

    def load(chosen: Settings) -> "BaseChatModel | None":
        chat_model = decider.load(chosen)
        return _informed(chat_model, catalogue, runner, settings, recorder) if chosen.llm == "pilot" else chat_model

    return Workspace(
        settings=settings,
        catalogue=catalogue,
        memory=memory,
        ledger=ledger,
        runner=runner,
        open_chats=open_chats,
        load_model=load,
        recorder=recorder,
        closers=(opened.close,),
    )


class MiniLMEmbedder:
    """The memory's embedder on the packaged encoder, which is loaded when the first text comes."""

    name = "minilm"
    dimension = 384

    @cached_property
    def _encoder(self) -> "MiniLM":
        from recmodels.pretrained.minilm import MiniLM

        return MiniLM.load()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, 384) float32, L2-normalised."""
        return self._encoder.embed(texts)


class CurrentDecider:
    """Asks the language model that is chosen now; the pilot does not decide, and leaves it to the advisor."""

    def __init__(self, recorder: Unrecorded) -> None:
        self._recorder = recorder
        self._settings: Settings | None = None
        self._chat_model: BaseChatModel | None = None

    def load(self, settings: Settings) -> "BaseChatModel | None":
        """The chat model of these settings, which decides from now on; loaded once."""
        if settings != self._settings:
            self._chat_model = load_chat_model(settings)
            self._settings = settings
        return self._chat_model

    def __call__(self, context: DecisionContext) -> Draft | None:
        if self._chat_model is None or self._settings is None or self._settings.llm == "pilot":
            return None
        from agent.deciding.model_decider import ModelDecider

        heard = self._recorder.decision(context.study, context.number)
        try:
            return ModelDecider(self._chat_model, self._settings.llm_timeout_s, heard)(context)
        except Exception as error:
            heard.failed(error)
            raise

    def decided(self, context: DecisionContext, situation: Situation, proposal: Proposal | Deed) -> None:
        """Keeps what was chosen, by whomever."""
        self._recorder.decided(context.study, context.number, context=context, situation=situation, proposal=proposal)


def _informed(
    chat_model: "BaseChatModel | None",
    catalogue: Catalogue,
    runner: StudyRunner,
    settings: Settings,
    recorder: Unrecorded,
) -> "BaseChatModel | None":
    """The pilot with its view of the catalogue and the study at hand."""
    from agent.chat.known_now import known_now

    look = partial(known_now, catalogue, runner, card_minutes=settings.card_minutes, data_folder=settings.data_root)

    def known() -> "Known":
        turn = hand()
        return recorder.chat(turn.chat).known(look()) if turn and turn.chat else look()

    return chat_model and chat_model.model_copy(update={"known": known})


def _recorder(settings: Settings) -> Unrecorded:
    """What keeps all that passes, where a folder is named for it."""
    if settings.record is None:
        return UNRECORDED
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    lines = FileLines(settings.record, secrets_here(key), llm=settings.llm, llm_model=settings.llm_model)
    return Recorder(lines)


def _make_home(settings: Settings) -> None:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        raise SetupError(
            f"the home folder {settings.home} cannot be written ({error.strerror}); choose another with RECPILOT_HOME"
        ) from error
