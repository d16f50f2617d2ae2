"""Small pieces of work on a home folder, each of which can begin again after it was cut off anywhere."""

import math
import random
from pathlib import Path

from agent.executor import Executor
from agent.studies.ledger import Ledger
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from memory.embedding import HashingEmbedder
from memory.record import Lesson
from memory.store import TrialMemory
from recmodels.data.catalogue import Catalogue
from recmodels.request import EpochReport, OnEpoch, TrainRequest, TrainResult

N_TRIALS = 3


def write_tiny(path: Path, seed: int = 0) -> Path:
    """Two groups of users, each with items of its own group, in time order."""
    rng = random.Random(seed)  # noqa: S311 - it only makes data up
    lines = ["user_id,item_id,timestamp"]
    for user in range(60):
        own = rng.sample([20 * (user % 2) + item for item in range(20)], 8)
        lines += [f"u{user},i{item},{1_600_000_000 + step}" for step, item in enumerate(own)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Formula(Executor):
    """An executor whose trials are a formula of two epochs, so that only the bookkeeping takes time."""

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        value = 1 / (1 + abs(math.log(float(request.params["l2"]) / 50)))
        curve = tuple(
            EpochReport(epoch=e, epochs=2, loss=None, value=value / (3 - e), metrics={}, elapsed_s=0.0) for e in (1, 2)
        )
        for report in curve:
            if on_epoch is not None:
                on_epoch(report)
        return TrainResult(
            metrics={"valid_ndcg@10": value, "valid_coverage@10": 0.3},
            curve=curve,
            cost={"train_s": 0.0},
            best_epoch=2,
            params=request.params,
            split="leave_last_out",
            checkpoint=None,
        )

    def close(self) -> None:
        """Nothing to end."""


def runner_at(home: Path, *, remembers: bool = False) -> StudyRunner:
    """The parts of a home, with the dataset `tiny` in it."""
    catalogue = Catalogue(home / "datasets")
    if "tiny" not in catalogue.names():
        catalogue.add(write_tiny(home / "tiny.csv"), name="tiny")
    return StudyRunner(
        ledger=Ledger(f"sqlite:///{home / 'studies.db'}"),
        catalogue=catalogue,
        executor=Formula(),
        checkpoints=home / "checkpoints",
        memory=TrialMemory(home / "memory", HashingEmbedder()) if remembers else None,
    )


def study(home: Path) -> None:
    """A person queues a trial, then the study runs to its end; a study that was cut off goes on."""
    runner = runner_at(home)
    spec = StudySpec.create(
        dataset="tiny", models=["ease"], n_trials=N_TRIALS, name="s", sampler="random", constraints=["coverage@10>=0.1"]
    )
    is_there = "s" in runner.names()
    opened = runner.open("s") if is_there else runner.create(spec)
    if not is_there:  # ordered once: what a kill cut off runs again by itself
        opened.run_trial({"l2": 33.0})
    for _ in opened.run():
        pass


def remembered(home: Path) -> None:
    """A study whose trials are remembered."""
    runner = runner_at(home, remembers=True)
    spec = StudySpec.create(dataset="tiny", models=["ease"], n_trials=N_TRIALS, name="s", sampler="random")
    opened = runner.open("s") if "s" in runner.names() else runner.create(spec)
    for _ in opened.run():
        pass


def shelf(home: Path) -> None:
    """A study is renamed, deleted and brought back."""
    runner = runner_at(home)
    if "s" not in runner.names() and "other" not in runner.names():
        if (home / "deleted").exists():
            runner.restore("s")
        else:
            runner.create(StudySpec.create(dataset="tiny", models=["ease"], n_trials=1, name="s"))
    list(runner.open("s").run())
    runner.rename("s", "other")
    (home / "deleted").touch()
    runner.delete("s")
    runner.restore("s")
    runner.rename("s", "s")


def dataset(home: Path) -> None:
    """A file is added, renamed and renamed back."""
    catalogue = Catalogue(home / "datasets")
    if not {"d", "e"} & set(catalogue.names()):
        catalogue.add(write_tiny(home.parent / "tiny.csv"), name="d")
    if "e" not in catalogue.names():
        catalogue.rename("d", "e")
    catalogue.rename("e", "d")


def lessons(home: Path) -> None:
    """Lessons are kept, one is forgotten, and the memory is rebuilt."""
    memory = TrialMemory(home / "memory", HashingEmbedder())
    for n in range(4):
        memory.remember(Lesson(id=f"lesson/{n}", text=f"number {n} is {n * n}", source="user"))
    memory.forget("lesson/3")
    memory.rebuild([Lesson(id="lesson/4", text="number 4 is 16", source="user")])
    memory.close()


def chat(home: Path) -> None:
    """Three messages of a chat and their answers."""
    from agent.chat.chats import Chats
    from agent.chat.conversation import Conversation
    from agent.llm.scripted import ScriptedChat, call
    from agent.settings import Settings
    from agent.workspace import Workspace

    settings = Settings(home=home, data_folder=home, llm="none")
    runner = runner_at(home)
    workspace = Workspace(
        settings=settings,
        catalogue=Catalogue(settings.datasets),
        memory=TrialMemory(settings.memory, HashingEmbedder()),
        ledger=runner._ledger,
        runner=runner,
        open_chats=lambda: Chats(settings.chats),
        load_model=lambda _: None,
    )
    lines = [call("list_datasets"), "There is one."]
    for _ in range(3):
        model = ScriptedChat(lines=list(lines))
        list(Conversation(workspace, "terminal", model).send("which datasets are there?"))
    history = Conversation(workspace, "terminal", ScriptedChat(lines=[])).history()
    if len(history) < 3:
        raise AssertionError(f"the chat has {len(history)} messages")


WORK = {work.__name__: work for work in (study, remembered, shelf, dataset, lessons, chat)}
