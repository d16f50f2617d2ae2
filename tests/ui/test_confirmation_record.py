"""The record of a confirmation: a JSON file that comes back whole, and a page that says all that it rests on."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from agent import events
from agent.confirmation import Confirmation, Contender, Gain, Run, Score
from ui.confirmation import write_record
from ui.render import apply
from ui.transcript import Transcript


def score(name: str, mean: float) -> Score:
    return Score(
        contender=name, mean=mean, error=0.002, low=mean - 0.01, high=mean + 0.01, n_runs=3, n_users=40, train_s=2.0
    )


FOUND = Confirmation(
    study="s", number=2, dataset="<shop>", data="a1b2c3", split="random", split_seed=7, moves_border=True,
    objective="ndcg@10", direction="maximize",
    contenders=(
        Contender(name="defaults of ease", role="defaults", model="ease", params={"l2": 100.0}, trial=0),
        Contender(name="trial 5", role="contender", model="bpr_mf", params={"loss": "bpr"}, trial=5, n_seeds=3),
    ),
    runs=(Run(contender="trial 5", stage="valid", seed=1, value=None, reason="diverged: <nan>"),),
    valid=(score("trial 5", 0.2), score("defaults of ease", 0.19)),
    winner="trial 5", reading=3,
    test=(score("trial 5", 0.18), score("defaults of ease", 0.17)),
    gains=(Gain(over="defaults of ease", mean=0.01, low=0.002, high=0.018, n_users=40),),
    command="recpilot confirm s --seeds 3 --top 1", versions={"recpilot": "0.1"}, began_at="2026", ended_at="2027",
)  # fmt: skip


def test_the_json_of_a_record_is_the_confirmation(tmp_path: Path) -> None:
    _, record = write_record(FOUND, tmp_path)
    assert Confirmation.from_dict(json.loads(record.read_text(encoding="utf-8"))) == FOUND


def test_the_page_of_a_record_says_who_won_on_what_by_how_much_and_how_to_repeat_it(tmp_path: Path) -> None:
    html, _ = write_record(FOUND, tmp_path)
    page = html.read_text(encoding="utf-8")
    for told in (
        "Trial 5 is clearly better than defaults of ease: +0.01 ndcg@10 on test, 95 % interval [+0.002, +0.018].",
        "This was the 3rd reading of this test part.",
        "trial 5, winner", "0.18", "[0.17, 0.19]", "fingerprint a1b2c3", "random, seed 7", "drawn again for each seed",
        "recpilot confirm s --seeds 3 --top 1", "recpilot 0.1", "loss=&#34;bpr&#34;", "l2=100.0",
    ):  # fmt: skip
        assert told in page, told
    assert "defaults of ease, winner" not in page and "★" not in page, "the star says clearly better"


def test_what_comes_from_outside_is_text_on_the_page(tmp_path: Path) -> None:
    page = write_record(FOUND, tmp_path)[0].read_text(encoding="utf-8")
    assert "&lt;shop&gt;" in page and "<shop>" not in page
    assert "diverged: &lt;nan&gt;" in page and "<nan>" not in page


def repeatable() -> Confirmation:
    contenders = (
        Contender(name="trial 1", role="contender", model="bpr_mf", params={"learning_rate": 0.0123456789}, n_seeds=5),
        Contender(name="defaults of ease", role="defaults", model="ease", params={"l2": 100.0}),
    )
    score = Score(contender="trial 1", mean=0.2, error=0.01, low=0.1, high=0.3, n_runs=5, n_users=9, train_s=1)
    runs = tuple(
        Run(
            contender="trial 1", stage="valid", seed=n, value=0.2, train_seed=70 + n, border=800 + n,
            reused_from=n or None,
        )
        for n in range(2)
    )  # fmt: skip
    return Confirmation(
        study="s", number=2, dataset="d", data="f00", split="random", split_seed=0, moves_border=True,
        objective="ndcg@10", direction="maximize", contenders=contenders, n_seeds=5, n_top=3, study_seed=17, runs=runs,
        valid=(score, replace(score, contender="defaults of ease")), winner="trial 1", top="trial 1", test=(score,),
        command="recpilot confirm s --against 'a b'", study_command="recpilot tune d", notes=("a note",),
        train_commands=("recpilot train d --model bpr_mf",), began_at="2026-01-01T10:00:00+00:00",
        ended_at="2026-01-01T10:05:00+00:00",
    )  # fmt: skip


def test_the_page_of_a_record_holds_what_is_needed_to_repeat_it(tmp_path: Path) -> None:
    html, _ = write_record(repeatable(), tmp_path)
    text = html.read_text("utf-8")
    for said in (
        "trial 1, winner", "the best 3, 5 seeds each", "<td>71</td>", "<td>801</td>", "of confirmation 1",
        "learning_rate=0.0123456789", "recpilot tune d", "recpilot confirm s --against &#39;a b&#39;", "a note",
        "recpilot train d --model bpr_mf", "17", "fingerprint f00",
    ):  # fmt: skip
        assert said in text, said
    assert "★" not in text


@pytest.mark.parametrize("reason", ["", "the disk is full"])
def test_a_stopped_confirmation_ends_its_row_in_the_chat(reason: str) -> None:
    transcript, found = Transcript(), replace(repeatable(), valid=(), winner=None, ended_at="")
    step = {"contender": "trial 1", "stage": "valid", "seed": 0, "done": 0, "total": 9}
    apply(transcript, events.ConfirmationStep(study="s", confirmation=2, **step), answer="")  # type: ignore[arg-type]
    apply(transcript, events.ConfirmationStopped(study="s", confirmation=found, reason=reason), answer="")
    (entry,) = transcript.entries()
    assert not entry.is_pending
    assert "It can go on" in entry.text
    assert reason.lower() in entry.text.lower()
