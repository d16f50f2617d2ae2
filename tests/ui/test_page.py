"""A tab acts on the study that it shows and names, whatever other tabs look at."""

import asyncio
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
import sqlalchemy as sa

from agent import events
from agent.baseline import Baseline
from agent.proposal import Proposal
from agent.settings import Settings
from agent.studies.begun import Begun
from agent.studies.study_spec import StudySpec
from agent.workspace import Readings, Workspace
from memory.record import TrialRecord
from ui.chats import Chat, OpenChats
from ui.page import Drawn, Page
from ui.render import apply, messages
from ui.report import report

DRAWN, CARD, NAMES, SEEN = 1, 2, 6, 8  # places in what a tick returns


class Study:
    """A study with one trial that waits."""

    def __init__(self, name: str, records: tuple[TrialRecord, ...] = ()) -> None:
        self.spec = StudySpec.create(name=name, dataset="demo", models=["ease"], n_trials=8)
        self.title = name
        self.begun = Begun()
        self.pending: Proposal | None = proposal(3)
        self.decided = ""
        self.is_over = False
        self.log = SimpleNamespace(events=lambda after=0: [])
        self._records = records

    def status(self) -> Any:
        return SimpleNamespace(
            name=self.spec.name,
            dataset="demo",
            models=("ease",),
            objective="maximize ndcg@10",
            state="waiting",
            n_finished=len(self._records),
            n_trials=8,
            elapsed_s=1.0,
            best=self.best(),
            running=None,
            epoch=0,
            epochs=0,
            pending=self.pending,
            run_by=None,
        )

    def records(self) -> tuple[TrialRecord, ...]:
        return self._records

    def proposal(self, number: int) -> Proposal:
        return proposal(number)

    def baselines(self) -> tuple[Baseline, ...]:
        return ()

    def best(self) -> TrialRecord | None:
        return self._records[0] if self._records else None

    def approve(self) -> None:
        self.decided = "run"

    def reject(self) -> None:
        self.decided = "rejected"


class Runner:
    """Opens studies without making one of them the current one: a page has no other way."""

    def __init__(self, *names: str) -> None:
        self.studies = {name: Study(name) for name in names}
        self.controlled: list[tuple[str, str]] = []

    def names(self) -> list[str]:
        return list(self.studies)

    def peek(self, name: str) -> Study:
        return self.studies[name]

    def events(self, name: str, after: int = 0) -> list[events.Event]:
        return []

    def control(self, name: str, action: str) -> None:
        self.controlled.append((name, action))


class Conversation:
    def history(self) -> list[events.ChatEvent]:
        return []


def proposal(number: int) -> Proposal:
    return Proposal(number=number, model="ease", params={"l2": 1.0}, proposer="gp", rationale="<i>why</i> {{ 1 + 1 }}")


@pytest.fixture
def runner() -> Runner:
    return Runner("latest", "older")


@pytest.fixture
def chats(runner: Runner) -> OpenChats:
    def make(workspace: Any, chat_id: str, person: str | None = None) -> Chat:
        return Chat(workspace, chat_id, Conversation())  # type: ignore[arg-type]

    kept = SimpleNamespace(shown=lambda _: {}, study=lambda _: None, turn_to=lambda *_: None)
    return OpenChats(SimpleNamespace(runner=runner, chats=kept), make=make)  # type: ignore[arg-type]


@pytest.fixture
def workspace(runner: Runner) -> Any:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    ledger = SimpleNamespace(storage=SimpleNamespace(engine=engine), name_of=str, checkpoints=None)
    return SimpleNamespace(runner=runner, ledger=ledger, readings=Readings())


@pytest.fixture
def page(workspace: Any, chats: OpenChats) -> Page:
    return Page(workspace, chats)


MINE: Any = SimpleNamespace(username=None)
ONE, OTHER = "chat-00000001", "chat-00000002"


class Tab:
    """What a browser does with the values of a tick."""

    def __init__(self, page: Page, chat_id: str) -> None:
        self.page, self.chat_id = page, chat_id
        self.study: str | None = None
        self.card = ""
        self.drawn, self.seen = Drawn(), ""

    def take(self, values: Any) -> None:
        if not isinstance(values, tuple):  # nothing has changed
            return
        self.drawn, self.seen = (
            old if isinstance(new, dict) else new
            for old, new in ((self.drawn, values[DRAWN]), (self.seen, values[SEEN]))
        )
        if isinstance(values[CARD], str):
            self.card = values[CARD]
        self.study = values[NAMES].get("value", self.study)

    def tick(self) -> None:
        self.take(self.page.tick(self.chat_id, self.study, self.drawn, self.seen, MINE))

    def pick(self, study: str) -> None:
        self.study = study
        self.take(self.page.pick_study(self.chat_id, study, self.drawn, self.seen, MINE))


def test_a_fresh_tab_shows_the_latest_study_and_names_it(page: Page) -> None:
    tab = Tab(page, ONE)
    tab.tick()
    assert tab.study == "latest"
    assert "<b>latest</b>" in tab.card


def test_a_study_picked_in_one_tab_stays_there_and_changes_no_other(page: Page) -> None:
    one, other = Tab(page, ONE), Tab(page, ONE)
    one.tick()
    one.pick("older")
    other.tick()
    for _ in range(3):
        one.tick()
        other.tick()
    assert (one.study, other.study) == ("older", "latest")
    assert "<b>older</b>" in one.card
    assert "<b>latest</b>" in other.card


def test_the_panel_turns_to_the_study_that_its_chat_begins(page: Page, chats: OpenChats, runner: Runner) -> None:
    tab, elsewhere = Tab(page, ONE), Tab(page, OTHER)
    tab.tick()
    elsewhere.tick()
    tab.pick("older")
    runner.studies = {"new": Study("new")} | runner.studies
    chats.get(ONE).follow_study("new")
    tab.tick()
    elsewhere.tick()
    assert (tab.study, elsewhere.study) == ("new", "latest")
    tab.pick("older")
    tab.tick()
    assert tab.study == "older"


@pytest.mark.parametrize(("place", "decided"), [(0, "run"), (1, "rejected")])
def test_a_decision_is_about_the_study_that_asks_and_not_the_one_that_is_shown(
    page: Page, chats: OpenChats, runner: Runner, place: int, decided: str
) -> None:
    transcript = chats.get(ONE).transcript
    apply(transcript, events.ApprovalNeeded(study="older", proposal=proposal(3)), answer="")
    value = messages(transcript)[-1].options[place]["value"]
    page.pick_choice(ONE, SimpleNamespace(value=value), MINE)  # type: ignore[arg-type]
    assert (runner.studies["older"].decided, runner.studies["latest"].decided) == (decided, "")


def test_a_decision_about_a_trial_that_no_longer_waits_decides_nothing(
    page: Page, chats: OpenChats, runner: Runner
) -> None:
    transcript = chats.get(ONE).transcript
    apply(transcript, events.ApprovalNeeded(study="older", proposal=proposal(3)), answer="")
    value = messages(transcript)[-1].options[0]["value"]
    runner.studies["older"].pending = proposal(4)
    with pytest.warns(UserWarning, match="Trial 3 of older no longer waits"):
        page.pick_choice(ONE, SimpleNamespace(value=value), MINE)  # type: ignore[arg-type]
    apply(transcript, events.TrialStarted(study="older", number=3, model="ease", params={}), answer="")
    with pytest.warns(UserWarning, match="decided already"):
        page.pick_choice(ONE, SimpleNamespace(value=value), MINE)  # type: ignore[arg-type]
    assert runner.studies["older"].decided == ""
    assert "said/0" not in [entry.key for entry in transcript.entries()]


def test_the_stop_button_ends_the_reading_of_a_file_first(page: Page, runner: Runner, workspace: Any) -> None:
    with workspace.readings.reading(OTHER) as other, workspace.readings.reading(ONE) as is_stopped:
        page.steer("pause")("older", ONE, MINE)
        assert not is_stopped()
        page.steer("stop")("older", ONE, MINE)
        assert is_stopped() and not other()
        page.steer("stop")(None, OTHER, MINE)
        assert other()
    assert runner.controlled == [("older", "pause")]


def test_a_button_steers_the_study_that_is_named(page: Page, runner: Runner) -> None:
    page.steer("pause")("older", ONE, MINE)
    assert runner.controlled == [("older", "pause")]


def test_a_button_does_not_steer_a_study_that_another_person_began(
    page: Page, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(gr, "Warning", warned.append)
    runner.studies["older"].begun = Begun(person="anna", chat="anna-00000001")
    bob: Any = SimpleNamespace(username="bob")
    page.steer("pause")("older", "bob-00000001", bob)
    assert runner.controlled == []
    assert warned == ["anna began this study; say “pause the study older” in the chat to do it all the same."]
    page.steer("pause")("older", "anna-00000002", SimpleNamespace(username="anna"))  # type: ignore[arg-type]
    assert runner.controlled == [("older", "pause")]


def test_no_other_person_decides_on_a_trial_that_waits(
    page: Page, chats: OpenChats, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(gr, "Warning", warned.append)
    study = runner.studies["older"]
    study.begun = Begun(person="anna", chat="anna-00000001")
    for person, decided in (("bob", ""), ("anna", "run")):
        waits = events.ApprovalNeeded(study="older", proposal=proposal(3))
        transcript = chats.get(f"{person}-00000001", person).transcript
        apply(transcript, waits, answer="")
        picked: Any = SimpleNamespace(value=messages(transcript)[-1].options[0]["value"])
        page.pick_choice(f"{person}-00000001", picked, SimpleNamespace(username=person))  # type: ignore[arg-type]
        assert study.decided == decided
    assert warned == [
        "anna began this study; say “run the trial that waits in study older” in the chat to do it all the same."
    ]


@pytest.mark.parametrize("confirms", [True, False])
def test_the_stop_button_ends_a_confirmation_that_runs_and_else_the_study(
    page: Page, runner: Runner, monkeypatch: pytest.MonkeyPatch, confirms: bool
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("ui.page.stop_confirmation", lambda _, name: asked.append(name) or (confirms or None))
    page.steer("stop")("older", ONE, MINE)
    assert asked == ["older"]
    assert runner.controlled == ([] if confirms else [("older", "stop")])


def test_a_report_escapes_whatever_data_and_models_say() -> None:
    evil = "</script><script>alert(1)</script>"
    record = TrialRecord(
        id="s/0",
        study="s",
        number=0,
        dataset="demo",
        model="ease",
        params={"l2": 1.0, "loss": evil},
        state="complete",
        reason=evil,
        objective="ndcg@10",
        value=0.25,
        metrics={"valid_ndcg@10": 0.25, "valid_coverage@10": 0.5, "test_ndcg@10": 0.7531},
        curve=(0.1, 0.25),
        cost={"train_s": 1.0},
        evidence=(evil,),
    )
    html = report(Study("s", (record,)))  # type: ignore[arg-type]
    assert "alert(1)" in html
    assert "<script>alert(1)" not in html
    assert "&lt;i&gt;why&lt;/i&gt; {{ 1 + 1 }}" in html
    assert "Trial 0, <b>ease</b>: ndcg@10 <b>0.25</b> on validation." in html
    assert ".7531" not in html


def test_a_tab_that_is_loaded_again_shows_its_own_chat_and_no_other_persons(page: Page, workspace: Any) -> None:
    known = [SimpleNamespace(id="chat-00000002", title="later"), SimpleNamespace(id="chat-00000001", title="earlier")]
    workspace.chats = SimpleNamespace(all=lambda: known)
    request: Any = SimpleNamespace(username=None)
    assert page.arrive("chat-00000001", request)[0] == "chat-00000001"
    assert page.arrive("", request)[0] == "chat-00000002", "the latest"
    assert page.arrive("ann-00000001", request)[0] == "chat-00000002"
    assert page.arrive("chat-../x", request)[0] == "chat-00000002"
    fresh, names, _ = page.arrive("chat-0000000f", request)
    assert (fresh, names.value) == ("chat-0000000f", "chat-0000000f")


def test_nobody_reads_or_speaks_in_another_persons_chat(page: Page, workspace: Any) -> None:
    ann: Any = SimpleNamespace(username="ann")
    known = [SimpleNamespace(id=f"{owner}-0000000{i}", title=owner) for i, owner in enumerate(("ann", "ann-b", "chat"))]
    workspace.chats = SimpleNamespace(all=lambda: known)
    assert page.arrive("ann-b-00000001", ann)[0] == "ann-00000000"
    assert [choice[1] for choice in page.new_chat(ann)[1].choices[1:]] == ["ann-00000000"]
    picked: Any = SimpleNamespace(value="yes")
    for other in ("ann-b-00000001", "chat-00000002", "ann-00000000x", "ann-../000000"):
        for act in (
            lambda chat: page.pick_chat(chat, ann),
            lambda chat: page.say({"text": "hello"}, chat, ann),
            lambda chat: asyncio.run(anext(page.watch(chat, ann))),
            lambda chat: page.pick_example(chat, picked, ann),
            lambda chat: page.pick_choice(chat, picked, ann),
            lambda chat: page.draw(chat, None, ann),
            lambda chat: page.tick(chat, None, Drawn(), "", ann),
            lambda chat: page.pick_study(chat, None, Drawn(), "", ann),
        ):
            with pytest.raises(gr.Error, match="no chat of yours"):
                act(other)


def test_a_name_in_the_page_is_text(page: Page) -> None:
    request: Any = SimpleNamespace(username="<b onclick=x>")
    assert "<b onclick" not in page.login(request)
    assert page.login(MINE) == ""


@pytest.fixture
def choosing(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A workspace whose chats may choose; it keeps which language models were loaded."""
    monkeypatch.setattr("ui.page.all_shelved", lambda folder: ())
    started = Settings(llm="pilot")
    whole = Workspace(
        settings=started,
        catalogue=None,  # type: ignore[arg-type]
        memory=None,  # type: ignore[arg-type]
        ledger=workspace.ledger,
        runner=workspace.runner,
        open_chats=lambda: None,  # type: ignore[arg-type, return-value]
        load_model=lambda settings: loaded.append(settings.chosen_llm),
    )
    loaded: list[str] = []
    return whole, loaded


def test_a_model_and_the_asking_are_chosen_for_one_chat(choosing: Any, chats: OpenChats) -> None:
    whole, _ = choosing
    page = Page(whole, chats)
    page.set_approval(True, ONE, MINE)
    assert page.choose_llm("none", ONE, MINE) == "none"
    assert [page.settings(chat, MINE)[0].value for chat in (ONE, OTHER)] == ["none", "pilot"]
    assert [page.settings(chat, MINE)[1] for chat in (ONE, OTHER)] == [True, False]
    assert page.choose_llm("pilot", ONE, MINE) == "pilot"
    assert page.settings(ONE, MINE)[1] is True, "another model does not end the asking"
    assert whole.settings.chosen_llm == "pilot"


@pytest.mark.parametrize(
    "text", ["http://127.0.0.1:22/v1 x", "http://192.0.2.1/v1", "/etc", "owner/name", "pilot x", ""]
)
def test_the_page_calls_no_address_that_was_typed_unless_the_start_allowed_it(
    choosing: Any, chats: OpenChats, text: str
) -> None:
    whole, loaded = choosing
    with pytest.warns(UserWarning, match="--any-llm"):
        assert Page(whole, chats).choose_llm(text, ONE, MINE) == "pilot"
    assert loaded == []
    assert Page(whole, chats, takes_any_llm=True).choose_llm("http://127.0.0.1:1/v1 m", ONE, MINE).endswith("/v1 m")
    assert loaded == ["http://127.0.0.1:1/v1 m"]


def test_what_was_found_nearby_may_be_chosen(choosing: Any, chats: OpenChats, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, loaded = choosing
    found = "http://127.0.0.1:11434/v1 qwen3"
    monkeypatch.setattr("ui.page.nearby_models", lambda: [found])
    page = Page(whole, chats)
    assert (found, found) in page.look_nearby(ONE, MINE).choices
    assert page.choose_llm(found, ONE, MINE) == found
    assert (whole.settings_of(ONE).llm, whole.settings_of(ONE).llm_model) == tuple(found.split())
    assert loaded == [found]


def test_nobody_chooses_for_another_persons_chat(choosing: Any, chats: OpenChats) -> None:
    page = Page(choosing[0], chats)
    ann: Any = SimpleNamespace(username="ann")
    for act in (
        lambda: page.choose_llm("none", ONE, ann),
        lambda: page.set_approval(True, ONE, ann),
        lambda: page.settings(ONE, ann),
        lambda: page.look_nearby(ONE, ann),
    ):
        with pytest.raises(gr.Error, match="no chat of yours"):
            act()


def test_among_several_people_a_new_chat_shows_no_study_of_others(page: Page) -> None:
    ann: Any = SimpleNamespace(username="ann")
    drawn = page.draw("ann-00000001", None, ann)
    assert "No study yet" in drawn[CARD]
