"""The models that a page offers: nothing is called that is not on its list, and a test says what a model can do."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.errors import SetupError
from agent.llm.choices import KnownModels
from agent.llm.loading import load_chat_model
from agent.llm.probe import probe
from agent.settings import Settings
from agent.workspace import Workspace
from tests.agent.llm.fault_server import FAULTS, FaultServer, of_call, of_status, of_text
from tests.homes import open_home

CHAT = "chat-12345678"
FAULTS.setdefault("calls ready", of_call("ready", json.dumps({"number": 7})))
FAULTS.setdefault("seven", of_text(json.dumps({"number": 7})))
FAULTS.setdefault("prose", of_text("I am only here to talk."))
FAULTS.setdefault("takes no tools", of_status(400, {"error": {"message": "tools are not supported"}}))


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_home(tmp_path / "home") as opened:
        opened.load_model = load_chat_model
        yield opened


def known(server: FaultServer | None = None, *, takes_any: bool = False) -> KnownModels:
    found = [] if server is None else [f"{server.url} faulty"]
    models = KnownModels(takes_any=takes_any, look=lambda: found, time_s=5.0)
    models.look()
    return models


def texts(models: KnownModels, workspace: Workspace) -> list[str]:
    return [choice.text for choice in models.choices(workspace, CHAT)]


def test_what_is_found_nearby_is_offered_after_the_built_in_ones(server: FaultServer, workspace: Workspace) -> None:
    assert texts(known(), workspace) == ["none", "pilot"]
    assert texts(known(server), workspace) == ["none", "pilot", f"{server.url} faulty"]


def test_what_was_chosen_in_a_chat_is_marked_there_alone(server: FaultServer, workspace: Workspace) -> None:
    models = known(server)
    models.choose(workspace, CHAT, f"{server.url} faulty")
    assert [one.is_chosen for one in models.choices(workspace, CHAT)] == [False, False, True]
    assert [one.is_chosen for one in models.choices(workspace, "chat-other")] == [True, False, False]


def test_no_address_is_called_that_is_not_on_the_list(server: FaultServer, workspace: Workspace) -> None:
    models, text = known(), f"{server.url} faulty"
    server.plan(then="good")
    for call in (models.choose, models.test):
        with pytest.raises(SetupError, match="--any-llm"):
            call(workspace, CHAT, text)
    with pytest.raises(SetupError, match="--any-llm"):
        models.models_of(workspace, CHAT, server.url)
    assert server.n_asked == 0
    assert known(takes_any=True).models_of(workspace, CHAT, server.url) == (text,)


def test_the_models_of_a_server_are_found_without_its_v1(server: FaultServer, workspace: Workspace) -> None:
    models = known(takes_any=True)
    assert models.models_of(workspace, CHAT, server.url) == (f"{server.url} faulty",)
    assert models.lists() == {server.url: (f"{server.url} faulty",)}


def test_while_a_key_is_set_no_other_server_is_asked(server: FaultServer, tmp_path: Path) -> None:
    with open_home(tmp_path / "home") as workspace:
        workspace.settings = Settings(home=tmp_path / "home", llm="none", llm_api_key=SecretStr("sk-SECRET-KEY-123"))
        with pytest.raises(SetupError, match="RECPILOT_LLM_API_KEY"):
            known(takes_any=True).models_of(workspace, None, "http://example.invalid/v1")


def test_a_server_that_is_down_is_said_in_one_sentence_with_what_to_do(free_port: int, workspace: Workspace) -> None:
    url = f"http://127.0.0.1:{free_port}/v1"
    models = known(takes_any=True)
    result = models.test(workspace, CHAT, f"{url} qwen3")
    assert not result.answers
    what_to_do = "start it (Ollama: `ollama serve`) or choose another model here"
    assert result.says == f"It does not answer: no server answers at {url}: {what_to_do}."
    assert next(one for one in models.choices(workspace, CHAT) if one.text == "pilot").result is None


@pytest.mark.parametrize(
    ("plan", "calls_tools", "writes_json", "said"),
    [
        (("calls ready", "seven"), True, True, "calls tools and writes JSON"),
        (("prose", "seven"), False, True, "called no tool"),
        (("calls ready", "prose", "prose"), True, False, "wrote no JSON"),
        (("prose", "prose", "prose"), False, False, "neither"),
        (("takes no tools", "prose", "seven"), False, True, "called no tool"),
    ],
)
def test_a_test_says_what_the_model_can_do(
    server: FaultServer, plan: tuple[str, ...], calls_tools: bool, writes_json: bool, said: str
) -> None:
    server.plan(*plan, then="prose")
    settings = Settings(llm=server.url, llm_model="faulty")
    result = probe(lambda: load_chat_model(settings), time_s=5.0)
    assert (result.answers, result.calls_tools, result.writes_json) == (True, calls_tools, writes_json)
    assert result.says.startswith("It answers, in ")
    assert said in result.says
    assert server.n_asked == len(plan)


def test_the_last_test_stays_with_its_model(server: FaultServer, workspace: Workspace) -> None:
    models, text = known(server), f"{server.url} faulty"
    server.plan("calls ready", "seven")
    result = models.test(workspace, CHAT, text)
    assert {one.text: one.result for one in models.choices(workspace, CHAT)} == {
        "none": None,
        "pilot": None,
        text: result,
    }


def test_the_pilot_needs_no_request(workspace: Workspace) -> None:
    result = known().test(workspace, CHAT, "pilot")
    assert result.is_good
    assert result.says.startswith("It is built in")
