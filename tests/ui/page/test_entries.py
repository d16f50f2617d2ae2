"""Entries as a tab is sent them: what was typed as it was typed, what was answered as HTML with nothing live in it."""

import re
from dataclasses import replace
from typing import Any

import pytest

from agent import events
from agent.events import QuestionAsked
from agent.proposal import Proposal
from memory.record import Lesson, TrialRecord
from ui.page.entries import drawn, is_seen
from ui.page.markdown import html_of
from ui.render import apply
from ui.transcript import Entry, Transcript

HOSTILE = "` ![p](http://a.b/leak) <iframe srcdoc='x'> [l](http://a.b) <http://a.b> \u202e \x1b[31m"
PROPOSAL = Proposal(
    number=0, model="ease", params={"l2": 1.0}, proposer="llm", rationale=HOSTILE, note=HOSTILE, evidence=(HOSTILE,)
)
EVENTS: list[events.Event] = [
    events.TextDelta(chat="c", text=HOSTILE),
    events.AnswerFinished(chat="c", text=HOSTILE),
    events.ToolCalled(chat="c", call_id="1", tool="inspect_data", args={"id": HOSTILE}),
    events.ToolReturned(chat="c", call_id="1", tool=HOSTILE, facts={"a": f"```\n{HOSTILE}"}, is_error=False),
    events.LessonLearned(study="s", lesson=Lesson(id="l", text=HOSTILE, source="user", dataset="d")),
    events.StudyNoted(study="s", text=HOSTILE),
    events.StudyStateChanged(study=HOSTILE, state="failed", reason=HOSTILE),
    events.QuestionAsked(study="s", text=HOSTILE, choices=(HOSTILE,), wait_s=1.0),
    events.ProposalMade(study="s", proposal=PROPOSAL),
]


def shown(transcript: Transcript) -> list[dict[str, Any]]:
    return [drawn(entry) for entry in transcript.entries() if is_seen(entry)]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_nothing_live_and_nothing_hidden_reaches_the_page(event: events.Event) -> None:
    transcript = Transcript()
    apply(transcript, event, answer="a")
    for entry in shown(transcript):
        assert not re.search(r"<(a|img|iframe|script|style)\b|\son\w+=", str(entry["html"]))
        assert not set(str({**entry, "asked": None})) & {"\u202e", "\x1b"}


def test_what_the_person_said_is_sent_as_it_was_typed_and_a_file_by_its_name_alone() -> None:
    text = "see ![p](http://a.b/x)\n# and *this*\n    <b>so</b>"
    entry = Entry(key="k", role="user", text=text, files=("/home/me/uploads/0a/or`ders.csv",))
    shown = drawn(entry)
    assert (shown["role"], shown["files"], shown["text"]) == ("user", ["or`ders.csv"], text)


def test_a_trial_tells_its_reason_its_changes_and_what_came_out() -> None:
    transcript = Transcript()
    proposal = replace(
        PROPOSAL, rationale="more of it helps", expected=0.25, evidence=("s/0", "t/1", "lesson/a"), note=None
    )
    trial = TrialRecord(
        id="s/0", study="s", number=0, dataset="d", model="ease", params={"l2": 1.0}, state="complete",
        objective="ndcg@10", value=0.2, cost={"train_s": 2.0, "epochs": 3.0},
    )  # fmt: skip
    seen = []
    for event in (
        events.ProposalMade(study="s", proposal=proposal),
        events.TrialStarted(study="s", number=0, model="ease", params={"l2": 1.0}),
        events.EpochFinished(study="s", number=0, epoch=1, epochs=3, loss=None, value=0.1, elapsed_s=1.0),
        events.TrialFinished(study="s", record=trial, is_best=True, n_finished=1, n_trials=1),
    ):
        apply(transcript, event, answer="")
        (entry,) = shown(transcript)
        card: Any = entry["card"]
        seen.append((card["state"], card["epoch"], card["value"], entry["pending"]))
    assert seen == [("proposed", 0, "", True), ("training", 0, "", True), ("training", 1, "0.1", True),
                    ("complete", 1, "0.2", False)]  # fmt: skip
    assert entry["html"] == "<p>More of it helps.</p>"
    assert card["params"] == [["l2", "1", "400"]] and (card["expected"], card["best"]) == ("0.25", True)
    assert [one["go"] for one in card["evidence"]] == ["trial/0", None, "memory"]
    assert card["cost"] == "3 epochs in 2 s"


def test_an_answer_is_pending_until_it_stands_as_a_whole() -> None:
    transcript = Transcript()
    told = []
    for event in (events.TextDelta(chat="c", text="It"), events.AnswerFinished(chat="c", text="It is.")):
        apply(transcript, event, answer="a")
        told.append(shown(transcript)[0]["pending"])
    assert told == [True, False]


def test_columns_of_numbers_are_told_apart_from_words() -> None:
    html = html_of("| model | ndcg |\n|---|---|\n| a1 | 0.2 ± 0.01 |\n| 2 | **3.4 s** |")
    assert html.count('class="num"') == 3 and '<th class="num">ndcg' in html


def test_a_question_and_a_trial_that_waits_name_their_study() -> None:
    transcript = Transcript()
    apply(transcript, QuestionAsked(study="s", text="May I?", choices=("yes", "no"), wait_s=60.0), "a")
    apply(transcript, events.ApprovalNeeded(study="t", proposal=PROPOSAL), answer="")
    asked, waiting = shown(transcript)
    assert asked["asked"] == {"study": "s", "choices": ["yes", "no"]}
    assert "May I?" in str(asked["html"]) and "after 60 s" in str(asked["html"])
    told = {"study": "t", "trial": 0, "proposal": PROPOSAL.mark, "choices": ["Run it", "Reject it"]}
    assert waiting["waiting"] == told
    apply(transcript, events.TrialStarted(study="t", number=0, model="ease", params={}), answer="")
    assert "waiting" not in shown(transcript)[1]


def test_an_answer_cannot_offer_what_approves_a_trial() -> None:
    transcript = Transcript()
    apply(transcript, events.AnswerFinished(chat="c", text="Sure?", choices=("Run it", "yes")), answer="a")
    (entry,) = shown(transcript)
    assert "waiting" not in entry and entry["choices"] == ["Run it", "yes"]


def test_tables_and_code_can_be_reached_by_the_keyboard_and_headings_stand_below_those_of_the_page() -> None:
    html = html_of("# A\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```python\nx = 1\n```")
    assert html.startswith("<h4>A</h4>")
    assert html.count('tabindex="0" role="group"') == 2
    assert '<span class="o">=</span>' in html
    assert html_of("| | b |\n|---|---|\n| 1 | 2 |").count("<th") == 2  # thead and one cell


def test_each_proposal_has_a_card_of_its_own_and_the_rejected_one_stays_where_it_was() -> None:
    transcript = Transcript()
    other = replace(PROPOSAL, params={"l2": 7.0}, rationale="<i>smaller</i>")
    for one in (PROPOSAL, other):
        apply(transcript, events.ProposalMade(study="t", proposal=one), answer="")
        apply(transcript, events.ApprovalNeeded(study="t", proposal=one), answer="")
    old, new = shown(transcript)
    assert "Trial 0 was not run as it was proposed: ease, l2 1. Another is proposed instead." in str(old["html"])
    assert "card" not in old and "waiting" not in old
    assert new["card"]["params"][0][:2] == ["l2", "7"] and new["card"]["params"][0][2], "not at its default"
    assert "&lt;i&gt;smaller" in str(new["html"]) and new["waiting"]["proposal"] == other.mark
    apply(transcript, events.TrialStarted(study="t", number=0, model="ease", params=other.params), answer="")
    _, approved, trial = shown(transcript)
    assert "Trial 0 was approved." in str(approved["html"]) and "smaller" not in str(approved["html"])
    assert (trial["kind"], trial["card"]["state"]) == ("trial", "training") and "smaller" in str(trial["html"])


def test_a_trial_that_runs_with_other_params_than_proposed_shows_its_own() -> None:
    transcript = Transcript()
    apply(transcript, events.ApprovalNeeded(study="t", proposal=PROPOSAL), answer="")
    apply(transcript, events.TrialStarted(study="t", number=0, model="ease", params={"l2": 7.0}), answer="")
    assert shown(transcript)[1]["card"]["params"][0][:2] == ["l2", "7"]


def test_the_page_names_its_settings_where_the_command_line_has_options() -> None:
    transcript = Transcript()
    for key, text in (("a", "Say it again, or use the built-in pilot with `--llm pilot`."), ("b", "Use `--llm`.")):
        apply(transcript, events.AnswerFinished(chat="c", text=text), answer=key)
    told, kept = (str(one["html"]) for one in shown(transcript))
    assert "choose the built-in pilot in Settings" in told and "--llm" not in told and "--llm" in kept
