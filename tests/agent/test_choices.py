"""What is chosen in one chat holds there and nowhere else: the language model and whether trials need approval."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.assembly import MOST_LOADED, Deciders
from agent.recording.recorder import UNRECORDED
from agent.settings import Settings
from agent.studies.at_hand import at_hand
from agent.tools import make_tools
from agent.workspace import Workspace


def start_study(workspace: Workspace, chat: str | None) -> Any:
    tool = next(tool for tool in make_tools(workspace) if tool.name == "start_study")
    with at_hand(None, chat=chat):
        tool.invoke({"dataset": "tiny", "models": ["popularity"], "n_trials": 1})
    return workspace.runner.peek(workspace.runner.names()[0])


def test_a_study_takes_what_was_chosen_in_its_chat(tuned: Workspace) -> None:
    tuned.set_approval(True, "one")
    tuned.use_llm("http://127.0.0.1:1/v1 m", "one")
    one, other, neither = (start_study(tuned, chat).spec for chat in ("one", "two", None))
    assert (one.needs_approval, one.llm) == (True, "http://127.0.0.1:1/v1 m")
    assert (other.needs_approval, other.llm) == (neither.needs_approval, neither.llm) == (False, "none")


@pytest.fixture
def deciders(tmp_path: Path) -> tuple[Deciders, list[str]]:
    loaded: list[str] = []

    def load(settings: Settings) -> Any:
        loaded.append(settings.chosen_llm)
        return None if settings.llm == "none" else SimpleNamespace(name=settings.chosen_llm)

    return Deciders(UNRECORDED, Settings(home=tmp_path, llm="http://start/v1"), load), loaded


def model_of(deciders: Deciders, llm: str) -> str | None:
    found = deciders.named(llm)._find()
    return found and found[1] and found[1].name  # type: ignore[return-value, attr-defined, union-attr]


def test_a_study_is_decided_by_the_model_that_its_spec_names_whatever_other_chats_choose(
    deciders: tuple[Deciders, list[str]],
) -> None:
    shelf, _ = deciders
    assert model_of(shelf, "http://start/v1") is None, "nothing was loaded yet"
    start = Settings(llm="http://start/v1")
    for one in (start, Settings(llm="http://x/v1", llm_model="a"), Settings(llm="http://x/v1", llm_model="b")):
        shelf.load(one)
    assert model_of(shelf, "http://x/v1 a") == "http://x/v1 a"
    assert model_of(shelf, "http://x/v1 b") == "http://x/v1 b"
    assert model_of(shelf, "begun by an earlier program") == "http://start/v1"


def test_few_models_are_kept_and_that_of_the_start_always(deciders: tuple[Deciders, list[str]]) -> None:
    shelf, loaded = deciders
    names = ["http://start/v1", *(f"http://{i}/v1" for i in range(MOST_LOADED + 1))]
    for name in names:
        shelf.load(Settings(llm=name))
    assert shelf.load(Settings(llm=names[-1])).name == names[-1]  # type: ignore[union-attr]
    assert shelf.load(Settings(llm=names[0])).name == names[0]  # type: ignore[union-attr]
    assert loaded == names
    shelf.load(Settings(llm=names[1]))
    assert loaded == [*names, names[1]]
