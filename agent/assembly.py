"""The one place where the parts meet: settings in, an open workspace out.

with open_workspace(Settings()) as workspace:
    ...
"""

import logging
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from agent.advisor.rules import rules_with
from agent.advisor.situation import Situation
from agent.backups.listing import backups
from agent.backups.making import back_up
from agent.debug_log import debug_log, keep_secrets
from agent.deciding.acts import Deed, Draft
from agent.deciding.context import DecisionContext
from agent.errors import DamagedError, SetupError
from agent.executor.local import LocalExecutor
from agent.llm.loading import load_chat_model
from agent.offline import silence_telemetry
from agent.origins import check_proxies
from agent.privacy import keep_private
from agent.proposal import Proposal
from agent.recording.lines import FileLines
from agent.recording.recorder import UNRECORDED, Recorder, Unrecorded
from agent.settings import Settings
from agent.studies.at_hand import hand
from agent.studies.ledger import Ledger
from agent.studies.ledger_memory import LedgerMemory
from agent.studies.runner import StudyRunner
from agent.workspace import Workspace
from memory.embedding import Vectors
from memory.links import check_url
from recmodels.data.catalogue import Catalogue
from recmodels.data.reading.apart import WarmReader

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from agent.chat.chats import Chats
    from agent.understanding.known import Known
    from recmodels.pretrained.minilm import MiniLM

_log = logging.getLogger(__name__)
_LATER = ("pilot", "none")  # need no check at the start
MOST_LOADED = 3  # language models, apart from that of the start


def open_workspace(settings: Settings, *, is_command: bool = False) -> Workspace:
    """The parts of `settings.home`, opened and joined; the encoder and the training worker start when first needed.

    Args:
        is_command: What runs is a study that the person typed as a command, which only the disk limits.

    Raises:
        SetupError: The home folder cannot be written, or the language model cannot be used.
        memory.errors.UserError: The memory cannot be opened.
    """
    silence_telemetry()
    keep_secrets()
    _make_home(settings)
    recorder = _recorder(settings)

    def model_of(chosen: Settings) -> "BaseChatModel | None":
        chat_model = load_chat_model(chosen)
        return _informed(chat_model, lambda: workspace, recorder) if chosen.llm == "pilot" else chat_model

    decider = Deciders(recorder, settings, model_of)
    if settings.llm not in _LATER:
        decider.load(settings)  # first, since a server that is not there ends it here
    opened = ExitStack()
    opened.callback(recorder.close)
    opened.enter_context(debug_log(settings.home))
    try:
        _check_ledger_is_there(settings)
        ledger = Ledger(settings.ledger, settings.checkpoints)
        for file in (settings.ledger_file, settings.chats):
            if file is not None:
                back_up(file, settings.backups)
        opened.callback(ledger.close)
        reader = WarmReader()
        opened.callback(reader.close)
        catalogue = Catalogue(settings.datasets, read=reader)
        if settings.memory_url:
            check_url(settings.memory_url)
            check_proxies()
        memory = LedgerMemory(settings.memory_url or settings.memory, MiniLMEmbedder(), ledger)
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
            limits=settings.limits.of_a_command() if is_command else settings.limits,
            rules=lambda: rules_with(settings.own_rules),
        )
        opened.callback(runner.shutdown)
    except BaseException:
        opened.close()
        raise

    def open_chats() -> "Chats":
        from agent.chat.chats import Chats

        if _is_gone(settings.chats, settings):
            _log.warning("the chats in %s are gone; `recpilot restore` lists backups of them", settings.chats)
        return Chats(settings.chats)

    workspace = Workspace(
        settings=settings,
        catalogue=catalogue,
        memory=memory,
        ledger=ledger,
        runner=runner,
        open_chats=open_chats,
        load_model=decider.load,
        recorder=recorder,
        warm_ups=(reader.warm_up, _load_libraries),
        closers=(opened.close,),
    )
    return workspace


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


class Deciders:
    """The language models that chats have chosen, loaded once each; a study is decided by the one that its spec names.

    A study of a model that this program did not load, since it was begun before, is decided by that of the start.
    """

    def __init__(
        self,
        recorder: Unrecorded,
        started: Settings | None = None,
        load: "Callable[[Settings], BaseChatModel | None] | None" = None,
    ) -> None:
        self._recorder = recorder
        self._started = started
        self._load = load or (lambda settings: load_chat_model(settings))
        self._loaded: OrderedDict[str, tuple[Settings, BaseChatModel | None]] = OrderedDict()  # the latest used last
        self._lock = threading.RLock()

    def load(self, settings: Settings) -> "BaseChatModel | None":
        """The chat model of these settings; the longest unused is let go, unless it is that of the start."""
        with self._lock:
            name = settings.chosen_llm
            if name not in self._loaded:
                self._loaded[name] = (settings, self._load(settings))
            self._loaded.move_to_end(name)
            spare = [one for one in self._loaded if self._started is None or one != self._started.chosen_llm]
            for unused in spare[:-MOST_LOADED]:
                del self._loaded[unused]
            return self._loaded[name][1]

    def named(self, llm: str) -> "StudyDecider":
        """The decider of a study whose spec has this for its language model."""
        return StudyDecider(self._recorder, partial(self._find, llm))

    def _find(self, llm: str) -> "tuple[Settings, BaseChatModel | None] | None":
        with self._lock:
            name = llm if llm in self._loaded or self._started is None else self._started.chosen_llm
            return self._loaded.get(name)


class StudyDecider:
    """Asks the language model of one study; the pilot does not decide, and leaves it to the advisor."""

    def __init__(
        self, recorder: Unrecorded, find: "Callable[[], tuple[Settings, BaseChatModel | None] | None]"
    ) -> None:
        self._recorder = recorder
        self._find = find

    def __call__(self, context: DecisionContext) -> Draft | None:
        settings, chat_model = self._find() or (None, None)
        if chat_model is None or settings is None or settings.llm == "pilot":
            return None
        from agent.deciding.model_decider import ModelDecider

        heard = self._recorder.decision(context.study, context.number)
        try:
            return ModelDecider(chat_model, settings.llm_timeout_s, heard)(context)
        except Exception as error:
            heard.failed(error)
            raise

    def decided(self, context: DecisionContext, situation: Situation, proposal: Proposal | Deed) -> None:
        """Keeps what was chosen, by whomever."""
        self._recorder.decided(context.study, context.number, context=context, situation=situation, proposal=proposal)


def _informed(
    chat_model: "BaseChatModel | None", workspace: Callable[[], Workspace], recorder: Unrecorded
) -> "BaseChatModel | None":
    """The pilot with its view of the workspace, which is there by the first message."""
    from agent.chat.known_now import known_in

    def look() -> "Known":
        return known_in(workspace())

    def known() -> "Known":
        turn = hand()
        return recorder.chat(turn.chat).known(look()) if turn and turn.chat else look()

    return chat_model and chat_model.model_copy(update={"known": known})


def _load_libraries() -> None:
    """What the first list of items and the first question about params would wait for, several seconds long."""
    import optuna.importance._fanova  # noqa: F401 - scikit-learn

    import recmodels.serving  # noqa: F401 - torch


def _recorder(settings: Settings) -> Unrecorded:
    """What keeps all that passes, where a folder is named for it."""
    if settings.record is None:
        return UNRECORDED
    return Recorder(FileLines(settings.record, llm=settings.llm, llm_model=settings.llm_model))


def _check_ledger_is_there(settings: Settings) -> None:
    """Raises DamagedError: the ledger is gone, of which there are backups; a new one would hide that."""
    file = settings.ledger_file
    if file is not None and _is_gone(file, settings):
        raise DamagedError(
            f"the ledger {file} is gone or empty; datasets, weights and chats are not touched, and `recpilot restore` "
            f"puts a backup in its place. To begin without it, move {settings.backups} away"
        )


def _is_gone(file: Path, settings: Settings) -> bool:
    """Whether a database is missing, or holds nothing at all, of which there are backups."""
    is_there = file.exists() and file.stat().st_size > 0
    return not is_there and bool(backups(settings.backups, file.name))


def _make_home(settings: Settings) -> None:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        raise SetupError(
            f"the home folder {settings.home} cannot be written ({error.strerror}); choose another with RECPILOT_HOME"
        ) from error
    keep_private(settings.home)
