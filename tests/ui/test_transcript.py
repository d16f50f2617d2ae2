"""The entries of a chat keep their order whatever comes meanwhile, and a screen gets only what changed."""

import random
from dataclasses import replace
from typing import Any

import pytest

from agent import events
from agent.proposal import Proposal
from memory.record import TrialRecord
from ui.render import apply
from ui.transcript import Changes, Entry, Moment, Transcript, Waiting


def entry(key: str, **about: Any) -> Entry:
    return Entry(key=key, **({"text": key} | about))


def keys(transcript: Transcript) -> list[str]:
    return [one.key for one in transcript.entries()]


def two_turns(moments: dict[str, Moment] | None = None) -> Transcript:
    """The second message waits while the first is answered and a study goes on."""
    transcript = Transcript(moments)
    transcript.put(entry("said/0", kind="said", turn=0))
    transcript.begin(0)
    transcript.put(entry("step", kind="step"))
    transcript.put(entry("s/0", kind="trial"))
    transcript.put(entry("said/1", kind="said", turn=1))
    transcript.extend("answer/0", "The answer")
    transcript.put(entry("s/state", kind="state"))
    transcript.extend("answer/0", " goes on.")
    transcript.begin(1)
    transcript.put(entry("s/1", kind="trial"))
    transcript.put(entry("answer/1"))
    return transcript


def test_what_a_study_does_stands_after_the_turn_and_never_in_it() -> None:
    transcript = two_turns()
    assert keys(transcript) == ["said/0", "step", "answer/0", "s/0", "s/state", "said/1", "answer/1", "s/1"]
    assert [one.turn for one in transcript.entries()] == [0, 0, 0, 0, 0, 1, 1, 1]
    assert all(one.at for one in transcript.entries())
    transcript.put(entry("s/0", kind="trial", text="done", turn=1))
    assert keys(transcript).index("s/0") == 3, "what changes stays where it stands"


def test_what_is_known_of_an_earlier_showing_keeps_its_place() -> None:
    before = two_turns()
    moments = {one.key: Moment(one.turn or 0, one.at or "") for one in before.entries() if not one.is_of_turn}
    again = Transcript(moments)
    for one in sorted(before.entries(), key=lambda one: one.key):  # in another order
        again.put(entry(one.key, kind=one.kind, turn=one.turn if one.is_of_turn else 9))
    assert keys(again) == keys(before)


def test_a_screen_that_takes_in_the_changes_shows_what_there_is() -> None:
    chance = random.Random(5)  # noqa: S311 - no secret
    transcript, version = Transcript(), 0
    screen: list[str] = []
    texts: dict[str, str] = {}
    for n in range(400):
        transcript.begin(n // 40)
        key = f"{chance.choice(['said', 'answer', 's'])}/{chance.randrange(n // 10 + 1)}"
        kind = "trial" if key.startswith("s/") else key.partition("/")[0]
        if chance.random() < 0.1:
            transcript.remove([key])
        else:
            transcript.put(entry(key, kind=kind, text=str(n)))
        if chance.random() < 0.3:
            entries, removed, version = transcript.changed_since(version)
            screen = [one for one in screen if one not in removed]
            for place, one in entries:
                texts[one.key] = one.text
                if one.key in screen:
                    screen.remove(one.key)
                screen.insert(place, one.key)
            assert screen == keys(transcript)
            assert [texts[one] for one in screen] == [one.text for one in transcript.entries()]


def test_only_what_changed_is_told() -> None:
    transcript = two_turns()
    version = transcript.version
    assert transcript.changed_since(version) == Changes((), (), version)
    transcript.extend("answer/1", " more")
    transcript.remove(["s/state", "there is no such entry"])
    changed = transcript.changed_since(version)
    assert [(place, one.key) for place, one in changed.entries] == [(5, "answer/1")]
    assert changed.removed == ("s/state",)


def test_a_screen_is_told_of_each_change_until_it_leaves() -> None:
    transcript, told = Transcript(), []
    leave = transcript.subscribe(lambda: told.append(transcript.version))
    assert transcript.is_watched
    transcript.put(entry("a"))
    transcript.put(entry("a", turn=-1))
    transcript.remove(["a"])
    assert told == [1, 2]
    leave()
    leave()
    transcript.put(entry("b"))
    assert told == [1, 2] and not transcript.is_watched


PROPOSAL = Proposal(number=3, model="ease", params={}, proposer="gp", rationale="why")
ASKED = events.QuestionAsked(study="s", text="May I?", choices=("yes",), wait_s=60)
NOT_RUN = "Trial 3 was not run as it was proposed."
WAITS = events.ApprovalNeeded(study="s", proposal=PROPOSAL)
CARD = f"3/approval/{PROPOSAL.mark}"


@pytest.mark.parametrize(
    ("then", "approval"),
    [
        (events.TrialStarted(study="s", number=3, model="ease", params={}), "Trial 3 was approved."),
        (
            events.ProposalMade(study="s", proposal=PROPOSAL),
            "Trial 3 was not run as it was proposed: ease, no params. Another is proposed instead.",
        ),
        (events.StudyStateChanged(study="s", state="stopped"), NOT_RUN),
        (
            events.StudyFinished(study="s", best=None, n_finished=3, reason="r"),
            NOT_RUN,
        ),
    ],
)
def test_nothing_waits_for_the_person_once_the_study_has_gone_on(then: events.Event, approval: str) -> None:
    transcript = Transcript()
    for event in (WAITS, replace(WAITS, study="t"), ASKED, then):
        apply(transcript, event, answer="")
    found = {one.key: one for one in transcript.entries()}
    assert (found[f"s/{CARD}"].waiting, found[f"s/{CARD}"].text) == (None, approval)
    assert (found["s/question/May I?"].asked, found["s/question/May I?"].text) == (None, "May I?")
    assert found[f"t/{CARD}"].waiting is not None, "another study still waits"
    apply(transcript, WAITS, answer="")
    assert transcript.get(f"s/{CARD}") == replace(found[f"t/{CARD}"], **_of("s"), at=found[f"s/{CARD}"].at)


def _of(study: str) -> dict[str, Any]:
    text = f"Trial 3 of {study} waits for your approval."
    waiting = Waiting(study=study, trial=3, proposal=WAITS.proposal.mark)
    return {"key": f"{study}/{CARD}", "study": study, "text": text, "waiting": waiting}


BEST = TrialRecord(
    id="s/2", study="s", number=2, dataset="d", model="ease", params={}, state="complete",
    objective="ndcg@10", value=0.25,
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "said", "waits", "run", "ended"),
    [
        (
            "hello",
            "用 ease 调参",
            "s 的试验 3 在等你的决定。",
            "运行",
            "研究 **s** 结束：3/3 次试验完成。最好的是试验 2",
        ),
        (
            "你好",
            "tune ease",
            "Trial 3 of s waits for your approval.",
            "Run it",
            "Study **s**: 3 of 3 trials done. Best is",
        ),
    ],
)
def test_a_study_speaks_the_language_of_what_was_said_last(
    before: str, said: str, waits: str, run: str, ended: str
) -> None:
    transcript = Transcript()
    for n, text in enumerate((before, said, "")):  # a file without words says nothing
        transcript.put(Entry(key=f"said/{n}", kind="said", role="user", text=text))
    finished = events.StudyFinished(study="s", best=BEST, n_finished=3, reason="3 of 3 trials done")
    apply(transcript, WAITS, answer="")
    asks = transcript.get(f"s/{CARD}")
    assert asks is not None and asks.waiting is not None and (asks.text, asks.waiting.choices[0]) == (waits, run)
    apply(transcript, finished, answer="")
    told = transcript.get("s/finished/3")
    assert told is not None and told.text.startswith(ended)
