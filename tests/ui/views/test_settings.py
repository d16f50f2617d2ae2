"""The settings: models to use and test with what they leave this machine, no key, and the rules of the start."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.llm.choices import KnownModels
from agent.llm.probe import Probed
from agent.workspace import Workspace
from ui.door.people import Cost, People
from ui.views.asked import Asked
from ui.views.registry import shown
from ui.views.settings import DOCS

CHAT = "chat-12345678"
NEARBY = "http://127.0.0.1:11434/v1 qwen3"
KEY = "sk-SECRET-KEY-123"


@pytest.fixture
def asked(workspace: Workspace) -> Asked:
    models = KnownModels(look=lambda: [NEARBY])
    models.look()
    return Asked(workspace=workspace, chat=CHAT, study="first", models=models)


def html(asked: Asked) -> str:
    return str(shown("settings", asked))


def test_each_model_can_be_tested_and_used_in_this_chat(asked: Asked) -> None:
    page = html(asked)
    assert page.count('data-post="/api/settings/llm"') == 2  # the third is in use
    assert page.count('data-post="/api/settings/test"') == 2  # `none` cannot be
    body = f'data-body="{{&#34;chat&#34;: &#34;{CHAT}&#34;, &#34;text&#34;: &#34;{NEARBY}&#34;}}"'
    assert page.count(body) == 2


def test_what_a_test_found_stands_with_the_model(asked: Asked) -> None:
    asked.models._results[NEARBY] = Probed(answers=False, problem="no server answers at 127.0.0.1")
    assert "It does not answer: no server answers at 127.0.0.1." in html(asked)


def test_an_address_can_be_typed_only_where_the_start_allowed_it(asked: Asked) -> None:
    assert 'name="url"' not in html(asked)
    assert "--any-llm" in html(asked)
    anyone = replace(asked, models=KnownModels(takes_any=True))
    assert 'data-post="/api/settings/models"' in html(anyone)


def test_a_model_that_a_server_lists_keeps_its_test_too(asked: Asked) -> None:
    models = KnownModels(takes_any=True)
    models._lists["http://127.0.0.1:1/v1"] = ("http://127.0.0.1:1/v1 <big>",)
    models._results["http://127.0.0.1:1/v1 <big>"] = Probed(answers=True, seconds=0.04, calls_tools=True)
    page = html(replace(asked, models=models))
    assert "http://127.0.0.1:1/v1 &lt;big&gt;" in page
    assert "It answers, in 0.1 s, but wrote no JSON" in page


def test_what_leaves_this_machine_is_said_and_no_key_is_shown(asked: Asked) -> None:
    settings = asked.workspace.settings
    changed = {"llm": "https://models.example.org/v1", "llm_model": "big", "llm_api_key": SecretStr(KEY)}
    asked.workspace.settings = settings.model_copy(
        update={**changed, "llm_key_origin": "https://models.example.org:443"}
    )
    page = html(asked)
    assert "are sent to models.example.org." in page
    assert "It is sent to https://models.example.org:443 and nowhere else" in page
    assert KEY not in page


def test_the_switch_offers_the_other_state(asked: Asked) -> None:
    assert 'aria-checked="false"' in html(asked)
    assert "&#34;on&#34;: true" in html(asked)
    asked.workspace.set_approval(True, CHAT)
    assert 'aria-checked="true"' in html(asked)
    assert "&#34;on&#34;: false" in html(asked)


def test_who_decides_in_the_study_that_is_shown(asked: Asked) -> None:
    assert "the advisor chooses each trial" in html(asked)
    assert "Who decides" not in html(replace(asked, study=None))


def test_log_out_is_for_those_who_logged_in(asked: Asked) -> None:
    assert "Nobody logs in" in html(asked)
    assert 'action="logout"' in html(replace(asked, person="ana"))
    assert "Logged in as <b>ana</b>" in html(replace(asked, person="ana"))


def test_who_may_log_in_is_told_to_those_who_did(asked: Asked) -> None:
    people = People(asked.workspace.settings.users, cost=Cost(log_n=2))
    for name in ("ana", "ben"):
        people.add(name, "long enough")
    assert "Who may log in: ana, ben." in html(replace(asked, person="ana"))
    assert "ben" not in html(asked)


def test_versions_and_the_home_are_told(asked: Asked) -> None:
    page = html(asked)
    assert str(asked.workspace.settings.home) in page
    for name in ("recpilot", "torch", "optuna", "Python"):
        assert f"<dt>{name}</dt>" in page


def test_the_pages_of_the_documentation_that_are_named_exist(asked: Asked) -> None:
    page = html(asked)
    root = Path(__file__).parents[3]
    assert all(name in page and (root / name).is_file() for name, _ in DOCS)


def test_a_persons_deleted_chats_can_be_brought_back(asked: Asked) -> None:
    chats = asked.workspace.chats
    for chat, says in ((CHAT, "the <b>first</b> one"), ("ana-12345678", "hers")):
        chats.touch(chat, says)
        chats.rename(chat, says)
        chats.delete(chat)
    page = html(asked)
    assert f'data-post="/api/chats/{CHAT}/restore"' in page
    assert "the &lt;b&gt;first&lt;/b&gt; one" in page
    assert "ana-12345678" not in page
    assert "ana-12345678" in html(replace(asked, person="ana"))
    chats.restore(CHAT)
    assert "No deleted chat is kept." in html(asked)
