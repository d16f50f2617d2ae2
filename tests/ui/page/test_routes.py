"""The addresses of the page on a real home: what is asked, done and taken away, each by its own person."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from agent import events
from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace
from tests.homes import open_home
from ui.door.login import PERSON
from ui.page.routes import routes
from ui.page.site import Site

MINE, HERS = "chat-00000001", "ann-00000001"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("page")
    with open_home(folder / "home") as opened:
        table = folder / "shop.csv"
        table.write_text("user,item,timestamp\n" + "\n".join(f"u{n % 40},i{n * 7 % 30},{n}" for n in range(600)))
        opened.catalogue.add(table)
        spec = StudySpec.create(name="shop-1", dataset="shop", models=["item_knn"], n_trials=2)
        for _ in opened.runner.create(spec).run():
            pass
        yield opened


@pytest.fixture(scope="module")
def ask(home: Workspace) -> Any:
    """Asks as a person, whom the door knows; None: nobody logs in."""
    app = Starlette(routes=routes(Site.of(home)))

    def of(person: str | None) -> TestClient:
        async def entered(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, PERSON: person}, receive, send)

        return TestClient(entered)

    return of


def test_a_chat_is_renamed_pinned_found_deleted_and_brought_back_by_its_person_alone(home: Workspace, ask: Any) -> None:
    home.chats.touch(HERS, "how is the weather of recommenders?")
    ann, ben = ask("ann"), ask("ben")

    def found(who: TestClient) -> list[Any]:
        return who.get("/api/chats", params={"find": "Autumn"}).json()["chats"]

    for act, body in (("rename", {"title": "autumn"}), ("pin", {}), ("delete", {}), ("restore", {})):
        assert ben.post(f"/api/chats/{HERS}/{act}", json=body).status_code == 403
    assert ann.post(f"/api/chats/{HERS}/rename", json={"title": "autumn"}).json() == {}
    assert [one["title"] for one in found(ann)] == ["autumn"]
    assert found(ben) == []
    ann.post(f"/api/chats/{HERS}/pin", json={"pinned": True})
    assert found(ann)[0]["pinned"] is True
    ann.post(f"/api/chats/{HERS}/delete", json={})
    assert found(ann) == []
    ann.post(f"/api/chats/{HERS}/restore", json={})
    assert len(found(ann)) == 1
    assert "a title" in ann.post(f"/api/chats/{HERS}/rename", json={"title": " "}).json()["error"]


@pytest.mark.parametrize(
    ("what", "name", "has"),
    [
        ("report", "shop-1.html", b"shop-1"),
        ("trials.csv", "shop-1-trials.csv", b"trial,model,ndcg@10"),
        ("lists.csv", "item_knn", b"user_id,rank,item_id"),
        ("plot.svg", "shop-1-history.svg", b"<svg"),
        ("plot.csv", "shop-1-history.csv", b"trial"),
    ],
)
def test_results_are_taken_away_as_files(ask: Any, what: str, name: str, has: bytes) -> None:
    answer = ask(None).get("/api/file", params={"what": what, "study": "shop-1"})
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"] and name in answer.headers["content-disposition"]
    assert has in answer.content


def test_the_weights_of_a_named_trial_come_in_one_file(ask: Any) -> None:
    answer = ask(None).get("/api/file", params={"what": "weights", "study": "shop-1", "trial": "1"})
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert any(name.endswith("model.safetensors") for name in names)


@pytest.mark.parametrize(
    "query", ["what=passwords&study=shop-1", "what=report&study=other", "what=record&study=shop-1"]
)
def test_what_cannot_be_taken_away_is_one_sentence(ask: Any, query: str) -> None:
    answer = ask(None).get(f"/api/file?{query}")
    assert answer.status_code == 404
    assert answer.json()["error"].endswith((".", "for one."))


def test_a_trial_without_an_adapter_says_so(ask: Any) -> None:
    answer = ask(None).get("/api/file", params={"what": "adapter", "study": "shop-1"})
    assert "trained no adapter" in answer.json()["error"]


def test_a_note_is_kept_with_its_trial(home: Workspace, ask: Any) -> None:
    body = {"note": "try again in winter", "tags": "slow, odd"}
    assert ask("ann").post("/api/studies/shop-1/trials/0/note", json=body).status_code == 200
    assert home.ledger.trial_notes.of(home.runner.peek("shop-1").name)[0].note == "try again in winter"
    late = ask("bo").post("/api/studies/shop-1/trials/0/note", json={"note": "mine"})
    assert (late.status_code, "ann changed it meanwhile" in late.json()["error"]) == (412, True)
    seen = home.ledger.trial_notes.of(home.runner.peek("shop-1").name)[0].at
    over = ask("bo").post("/api/studies/shop-1/trials/0/note", json={"note": "mine", "seen": seen}).json()
    back = ask("bo").post("/api/studies/shop-1/trials/0/note", json=over["back"]["body"])
    assert back.json()["said"] == "What stood at trial 0 before is back."
    assert home.ledger.trial_notes.of(home.runner.peek("shop-1").name)[0].person == "ann"
    for trial in ("9", "x"):
        assert ask("ann").post(f"/api/studies/shop-1/trials/{trial}/note", json=body).status_code >= 400


def test_a_study_is_renamed_deleted_and_brought_back(home: Workspace, ask: Any) -> None:
    spec = StudySpec.create(name="gone-1", dataset="shop", models=["item_knn"], n_trials=1)
    home.runner.create(spec)
    mine = ask(None)
    assert mine.post("/api/studies/gone-1/rename", json={"title": "autumn"}).status_code == 200
    assert "autumn" in home.runner.names()
    own = home.runner.peek("autumn").name
    assert mine.post("/api/studies/autumn/delete", json={}).status_code == 200
    assert "autumn" not in home.runner.names()
    assert mine.post(f"/api/studies/{own}/restore", json={}).json()["said"] == "The study autumn is back."


@pytest.mark.parametrize(("form", "begins"), [("md", "# "), ("json", "{")])
def test_a_chat_is_taken_away_by_its_person_alone(home: Workspace, ask: Any, form: str, begins: str) -> None:
    home.chats.touch(HERS, "which datasets are there?")
    answer = ask("ann").get(f"/api/chats/{HERS}/export.{form}")
    assert answer.text.startswith(begins) and "attachment" in answer.headers["content-disposition"]
    assert ask("ben").get(f"/api/chats/{HERS}/export.{form}").status_code == 403


@pytest.mark.parametrize(
    ("act", "body", "says"),
    [
        ("retry", {}, "nothing was said here yet"),
        ("edit", {"turn": 0, "text": "x"}, "no such message"),
        ("edit", {"turn": "0", "text": "x"}, "named by its turn"),
        ("edit", {"turn": 0, "text": "x" * 10_001}, "10,000 characters"),
        ("undo", {}, ""),
    ],
)
def test_what_cannot_be_said_again_is_one_sentence(ask: Any, act: str, body: Any, says: str) -> None:
    answer = ask(None).post(f"/api/chats/chat-0000000e/{act}", json=body)
    assert answer.status_code >= 400 and says in answer.json()["error"]


def test_a_language_model_is_chosen_for_ones_own_chat_and_from_the_list(home: Workspace, ask: Any) -> None:
    mine = ask(None)
    assert "pilot" in mine.post("/api/settings/llm", json={"chat": MINE, "text": "pilot"}).json()["said"]
    assert home.settings_of(MINE).chosen_llm == "pilot"
    assert home.settings_of("chat-00000002").chosen_llm == "none"
    for text in ("http://127.0.0.1:22/v1 x", "/etc", "owner/name"):
        assert "--any-llm" in mine.post("/api/settings/llm", json={"chat": MINE, "text": text}).json()["error"]
    assert mine.post("/api/settings/llm", json={"chat": HERS, "text": "none"}).status_code == 403
    mine.post("/api/settings/approval", json={"chat": MINE, "on": True})
    assert (home.settings_of(MINE).needs_approval, home.settings_of(None).needs_approval) == (True, False)


@pytest.mark.parametrize("at", ["overview", "trials", "studies", "datasets", "memory", "settings", "help"])
def test_every_view_is_a_fragment_without_anything_live(ask: Any, at: str) -> None:
    answer = ask(None).get("/api/view", params={"at": at, "study": "shop-1", "chat": MINE, "width": "99999"})
    assert answer.status_code == 200, answer.text
    assert not any(live in answer.text.lower() for live in ("<script", "<iframe", " onclick", "javascript:"))


def test_a_chat_is_listened_to_by_its_person_alone(ask: Any) -> None:
    assert ask("ben").get("/api/feed", params={"chat": HERS}).status_code == 403


def test_what_is_no_json_object_is_refused(ask: Any) -> None:
    for content in (b"[", b"[1]", json.dumps({"chat": 3}).encode()):
        answer = ask(None).post("/api/say", content=content)
        assert 400 <= answer.status_code < 500 and answer.json()["error"]


def test_the_report_is_written_into_the_home(home: Workspace, ask: Any) -> None:
    ask(None).get("/api/file", params={"what": "report", "study": "shop-1"})
    assert (Path(home.settings.reports) / "shop-1.html").is_file()


def test_an_approved_trial_is_run_and_nothing_says_that_the_study_is_paused(home: Workspace, ask: Any) -> None:
    study = home.runner.start(
        StudySpec.create(name="asks-1", dataset="shop", models=["item_knn"], n_trials=2, needs_approval=True)
    )
    for number in (0, 1):
        until = time.monotonic() + 60
        while study.waiting() is None and time.monotonic() < until:
            time.sleep(0.01)
        body = {"trial": number, "proposal": study.status().pending.mark}
        assert ask(None).post("/api/studies/asks-1/approve", json=body).json() == {}
        while study.state == "waiting" and study.waiting() is None and time.monotonic() < until:
            time.sleep(0.001)  # a tab looks all the time
    while not study.is_over and time.monotonic() < until:
        time.sleep(0.01)
    states = [event.state for event in study.log.events() if isinstance(event, events.StudyStateChanged)]
    assert study.state == "finished" and "paused" not in states, states
