"""Workspaces on a home folder of their own, for the tests of every package."""

from pathlib import Path

from langchain_core.language_models import BaseChatModel

from agent.chat.chats import Chats
from agent.executor import InProcessExecutor
from agent.settings import Settings
from agent.studies.ledger import Ledger
from agent.studies.ledger_memory import LedgerMemory
from agent.studies.runner import StudyRunner
from agent.workspace import Workspace
from memory.embedding import HashingEmbedder
from recmodels.data.catalogue import Catalogue
from recmodels.data.reading.writing import read_here


def open_home(
    home: Path,
    chat_model: BaseChatModel | None = None,
    data_folder: Path | None = None,
    *,
    measures_baselines: bool = False,
) -> Workspace:
    """The real parts on `home`, with the hashing embedder and trials in this process."""
    settings = Settings(home=home, data_folder=data_folder or home, llm="none")
    home.mkdir(exist_ok=True)
    catalogue, ledger = Catalogue(settings.datasets, read=read_here), Ledger(settings.ledger, settings.checkpoints)
    memory = LedgerMemory(settings.memory, HashingEmbedder(), ledger)
    runner = StudyRunner(
        ledger=ledger,
        catalogue=catalogue,
        executor=InProcessExecutor(),
        checkpoints=settings.checkpoints,
        memory=memory,
        limits=settings.limits,
        measures_baselines=measures_baselines,
    )
    return Workspace(
        settings=settings,
        catalogue=catalogue,
        memory=memory,
        ledger=ledger,
        runner=runner,
        open_chats=lambda: Chats(settings.chats),
        load_model=lambda _: chat_model,
        closers=(runner.shutdown, memory.close),
    )
