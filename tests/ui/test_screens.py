"""What the screens make of events and records, without a browser."""

import dataclasses
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from rich.console import Console
from rich.table import Table
from safetensors.numpy import save_file

from agent import events
from agent.baseline import Baseline
from agent.objective import Goal
from agent.proposal import Proposal
from agent.studies.machine import ENDED
from memory.record import TrialRecord
from recmodels.models import MODELS
from recmodels.per_user import PER_USER_FILE
from ui.cli.common import duration
from ui.live import leaderboard, study_display
from ui.render import apply, progress_bar
from ui.transcript import Entry, Transcript

DEFAULT_L2 = float(MODELS["ease"].space["l2"].default)


def record(number: int, value: float | None, **more: Any) -> TrialRecord:
    base = TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="demo",
        model="ease",
        params={"l2": 10.0 * (number + 1)},
        state="complete" if value is not None else "failed",
        reason=None if value is not None else "(diverged: [the loss] became nan)",
        objective="ndcg@10",
        value=value,
        metrics={} if value is None else {"valid_ndcg@10": value, "valid_coverage@10": 1 - value},
        curve=() if value is None else (value / 2, value),
        cost={"train_s": 1.5, "epochs": 2.0},
    )
    return dataclasses.replace(base, **more)


GOAL = Goal.parse(("ndcg@10",), ())
PROPOSAL = Proposal(number=0, model="ease", params={"l2": 10.0}, proposer="defaults", rationale="to begin [here]")
STUDY: list[events.StudyEvent] = [
    events.StudyStarted(study="s", dataset="demo", models=("ease",), objective="maximize ndcg@10", n_trials=2),
    events.ProposalMade(study="s", proposal=PROPOSAL),
    events.ApprovalNeeded(study="s", proposal=PROPOSAL),
    events.TrialStarted(study="s", number=0, model="ease", params={"l2": 10.0}),
    events.EpochFinished(study="s", number=0, epoch=1, epochs=2, loss=0.5, value=0.1, elapsed_s=1.0),
    events.TrialFinished(study="s", record=record(0, 0.2), is_best=True, n_finished=1, n_trials=2),
    events.TrialFinished(study="s", record=record(1, None), is_best=False, n_finished=2, n_trials=2),
    events.StudyFinished(study="s", best=record(0, 0.2), n_finished=2, reason="2 of 2 trials done"),
]


def test_a_trial_is_one_step_that_its_events_update() -> None:
    transcript = Transcript()
    titles = []
    for event in STUDY:
        apply(transcript, event, answer="")
        entry = transcript.get("s/0")
        titles.append(entry.title if entry else None)
    assert titles[1] == "Trial 0 · ease · proposed by defaults"
    assert "epoch 1 of 2" in (titles[4] or "")
    assert titles[-1] == "Trial 0 · ease · ndcg@10 0.2 · best so far"
    keys = [entry.key for entry in transcript.entries()]
    assert len(keys) == len(set(keys))
    assert "Best is trial 0" in transcript.entries()[-1].text


def test_a_streamed_answer_is_replaced_by_the_one_that_stands() -> None:
    transcript = Transcript()
    for text in ("It reached ", "0.99"):
        apply(transcript, events.TextDelta(chat="c", text=text), answer="a")
    assert transcript.entries()[0].text == "It reached 0.99"
    apply(transcript, events.TextWithdrawn(chat="c"), answer="a")
    apply(transcript, events.TextDelta(chat="c", text="It reached"), answer="a")
    assert transcript.entries()[0].text == "It reached"
    apply(transcript, events.AnswerFinished(chat="c", text="It reached 0.2", choices=("yes",)), answer="a")
    assert [entry.text for entry in transcript.entries()] == ["It reached 0.2"]
    assert transcript.entries()[0].choices == ("yes",)


def test_facts_cannot_break_out_of_their_code_block() -> None:
    transcript = Transcript()
    apply(transcript, events.ToolCalled(chat="c", call_id="1", tool="list_datasets", args={}), answer="a")
    facts = {"name": "``` **bold** " + "x" * 10_000}
    apply(transcript, events.ToolReturned(chat="c", call_id="1", tool="list_datasets", facts=facts), answer="a")
    text = transcript.entries()[0].text
    assert text.count("```") == 2
    assert "characters more" in text


def test_a_transcript_grows_only_by_changes() -> None:
    transcript = Transcript()
    transcript.put(Entry(key="k", text="a"))
    version = transcript.version
    transcript.put(Entry(key="k", text="a"))
    assert transcript.version == version


def test_the_terminal_shows_every_step_and_takes_no_markup_from_data() -> None:
    out = io.StringIO()
    console = Console(file=out, width=120)
    with study_display(console) as display:
        display.follow(STUDY)
    floor = Baseline(model="popularity", params={}, value=0.05, low=0.04, high=0.06)
    with study_display(console) as display:
        display.show(events.BaselineStarted(study="s", model="ease", at_least_s=548.0))
        display.show(events.BaselinesMeasured(study="s", baselines=(floor,)))
    console.print(leaderboard(GOAL, [record(0, 0.2), record(1, None)], width=120, baselines=[floor]))
    text = out.getvalue()
    for words in (
        "to begin [here]",
        "ndcg@10 0.2",
        "best so far",
        "(diverged: [the loss] became nan)",
        "to beat  measuring ease first (9.1 min or more)",
        "to beat  popularity",
    ):
        assert words in text, words


def test_the_terminal_shows_all_objectives_and_which_baseline_breaks_a_constraint() -> None:
    out, goal = io.StringIO(), Goal.parse(["ndcg@10", "diversity@10"], ["coverage@10>=0.9"])
    metrics = {"valid_ndcg@10": 0.2, "valid_diversity@10": 0.7, "valid_coverage@10": 0.8}
    both = dataclasses.replace(record(0, 0.2), metrics=metrics)
    floor = Baseline(model="popularity", params={}, value=0.05, metrics={"valid_coverage@10": 0.1})
    with study_display(Console(file=out, width=120), goal) as display:
        display.show(events.BaselinesMeasured(study="s", baselines=(floor,)))
        display.show(events.TrialFinished(study="s", record=both, is_best=False, n_finished=1, n_trials=2))
    assert "popularity 0.05, which did not meet coverage@10 >= 0.9 (0.1)" in out.getvalue()
    assert "ndcg@10 0.2, diversity@10 0.7, coverage@10 0.8 ✗" in out.getvalue()


def test_an_interrupted_trial_has_not_failed_and_its_second_run_says_its_number() -> None:
    cut = record(1, None, reason="interrupted", cost={"epochs": 2.0, "train_s": 3.5})
    ended = events.TrialFinished(study="s", record=cut, is_best=False, n_finished=1, n_trials=2)
    out = io.StringIO()
    with study_display(Console(file=out, width=120)) as display:
        display.show(events.TrialStarted(study="s", number=4, model="ease", params={}))
        display.show(ended)
    shown = out.getvalue()
    assert "Trial 4  ease" in shown and "interrupted after 3.5 s" in shown and "failed" not in shown
    text = _printed(leaderboard(GOAL, [cut], width=120))
    assert "interrupted" in text and "failed" not in text and "3.5 s" in text
    transcript = Transcript()
    apply(transcript, events.ProposalMade(study="s", proposal=dataclasses.replace(PROPOSAL, number=1)), answer="a")
    apply(transcript, ended, answer="a")
    assert "interrupted" in str(transcript.entries()) and "failed" not in str(transcript.entries())


def test_a_trial_that_was_queued_before_its_study_began_is_told_when_its_turn_comes() -> None:
    out, second = io.StringIO(), dataclasses.replace(PROPOSAL, number=1, rationale="the second")
    begun = STUDY[0]
    with study_display(Console(file=out, width=120)) as display:
        for event in (
            events.ProposalMade(study="s", proposal=PROPOSAL),
            events.ProposalMade(study="s", proposal=second),
            begun,
            events.TrialStarted(study="s", number=0, model="ease", params={"l2": 10.0}),
            events.TrialFinished(study="s", record=record(0, 0.2), is_best=True, n_finished=1, n_trials=2),
            events.TrialStarted(study="s", number=1, model="ease", params={"l2": 10.0}),
            events.TrialFinished(study="s", record=record(1, 0.1), is_best=False, n_finished=2, n_trials=2),
        ):
            display.show(event)
    said = out.getvalue()
    parts = ("maximize ndcg@10", "Trial 0", "to begin", "ndcg@10 0.2", "Trial 1", "the second", "ndcg@10 0.1")
    places = [said.index(part) for part in parts]
    assert places == sorted(places) and said.count("Trial 1") == 1 and said.count("Trial 0") == 1


def test_after_ctrl_c_the_end_is_not_said_again() -> None:
    out = io.StringIO()
    cut = record(1, None, reason="interrupted")
    ended = events.TrialFinished(study="s", record=cut, is_best=False, n_finished=1, n_trials=2)
    with study_display(Console(file=out, width=120)) as display:
        display.end(
            [
                ended,
                events.StudyStateChanged(study="s", state="stopped", reason=ENDED),
                events.StudyFinished(study="s", reason=ENDED, best=None, n_finished=0),
                events.StudyNoted(study="s", text="the disk is nearly full"),
            ]
        )
    assert out.getvalue().split() == ["note", *["the", "disk", "is", "nearly", "full"]]


def _printed(table: Table) -> str:
    out = io.StringIO()
    Console(file=out, width=160).print(table)
    return out.getvalue()


@pytest.mark.parametrize(
    "words", ["[/x]", r"\[/x]", r"\[loss=1\]", "[bold]loud", "ends in \\", "[link=http://x]y[/link]"]
)
def test_the_terminal_shows_any_text_as_it_is(words: str) -> None:
    out = io.StringIO()
    proposal = dataclasses.replace(PROPOSAL, rationale=words, note=words, evidence=(words,))
    with study_display(Console(file=out, width=120)) as display:
        display.show(events.ProposalMade(study="s", proposal=proposal))
        display.show(events.StudyNoted(study="s", text=words))
        display.show(events.StudyStateChanged(study="s", state="failed", reason=words))
        display.show(
            events.TrialFinished(
                study="s", record=record(1, None, reason=words), is_best=False, n_finished=1, n_trials=2
            )
        )
    assert out.getvalue().count(words) == 6


def test_no_screen_of_a_study_shows_a_value_of_the_test_part() -> None:
    tested = record(0, 0.2, metrics={"valid_ndcg@10": 0.2, "test_ndcg@10": 0.7531})
    out = io.StringIO()
    console = Console(file=out, width=120)
    with study_display(console) as display:
        display.show(events.TrialFinished(study="s", record=tested, is_best=True, n_finished=1, n_trials=1))
    console.print(leaderboard(GOAL, [tested], width=120))
    shown = out.getvalue()
    assert ".7531" not in shown


def test_a_star_is_given_for_a_gain_beyond_the_noise_only(tmp_path: Path) -> None:
    def tried(number: int, gain: float) -> TrialRecord:
        folder = tmp_path / str(number)
        folder.mkdir()
        users = np.arange(100)
        values = (users % 7 / 7 + gain + np.random.default_rng(number).normal(0, 0.01, 100)).astype(np.float32)
        save_file({"valid_users": users, "valid_ndcg@10": values}, folder / PER_USER_FILE)
        value = float(values.mean())
        proposer = "gp" if number else "defaults"
        return record(
            number,
            value,
            checkpoint=str(folder),
            proposer=proposer,
            params={"l2": DEFAULT_L2 + number},
        )

    def shown(*records: TrialRecord) -> str:
        out = io.StringIO()
        Console(file=out, width=120).print(leaderboard(GOAL, list(records), width=120))
        return out.getvalue()

    defaults, same, better = tried(0, 0.0), tried(1, 0.001), tried(2, 0.2)
    assert "★" not in shown(defaults, same)
    assert "★ 2" in shown(defaults, same, better)
    assert "±" in shown(defaults)


def test_a_leaderboard_shows_every_objective_the_front_and_a_broken_constraint() -> None:
    goal = Goal.parse(["ndcg@10", "coverage@10"], ["gini@10<=0.9"])

    def tried(number: int, value: float, coverage: float, gini: float) -> TrialRecord:
        metrics = {"valid_ndcg@10": value, "valid_coverage@10": coverage, "valid_gini@10": gini}
        return record(number, value, metrics=metrics, params={"l2": float(number)})

    out = io.StringIO()
    records = [tried(0, 0.2, 0.35, 0.5), tried(1, 0.1, 0.15, 0.5), tried(2, 0.3, 0.45, 0.95)]
    Console(file=out, width=120).print(leaderboard(goal, records, width=120))
    lines = {line.split()[0]: line for line in out.getvalue().splitlines() if line.strip()}
    assert "coverage@10" in lines["trial"] and "gini@10" in lines["trial"] and "front" in lines["trial"]
    assert "0.35" in lines["0"] and "yes" in lines["0"]
    assert "yes" not in lines["1"], "trial 0 is better on both"
    assert "0.95 ✗" in lines["2"] and "yes" not in lines["2"]


def test_a_duration_that_is_none_is_wrong_usage() -> None:
    assert duration("1h30") == 5400
    assert duration(None) is None
    with pytest.raises(typer.BadParameter, match="a duration, such as a time limit, is written"):
        duration("soon")


@pytest.mark.parametrize(("done", "total", "bar"), [(0, 4, "░░░░"), (2, 4, "██░░"), (9, 4, "████"), (0, 0, "░░░░")])
def test_a_progress_bar_stays_within_its_width(done: int, total: int, bar: str) -> None:
    assert progress_bar(done, total, width=4) == bar
