"""The record of a confirmation: a JSON file that comes back whole, and a page that says all that it rests on."""

import json
from pathlib import Path

from agent.confirmation import Confirmation, Contender, Gain, Run, Score
from ui.confirmation import write_record


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
        "Trial 5 is clearly better than defaults of ease: +0.01 [+0.002, +0.018] ndcg@10 on test.",
        "This was the 3rd reading of this test part.",
        "★ trial 5", "0.18", "[0.17, 0.19]", "fingerprint a1b2c3", "random, seed 7", "drawn again for each seed",
        "recpilot confirm s --seeds 3 --top 1", "recpilot 0.1", "loss bpr", "l2 100",
    ):  # fmt: skip
        assert told in page, told
    assert "★ defaults" not in page


def test_what_comes_from_outside_is_text_on_the_page(tmp_path: Path) -> None:
    page = write_record(FOUND, tmp_path)[0].read_text(encoding="utf-8")
    assert "&lt;shop&gt;" in page and "<shop>" not in page
    assert "diverged: &lt;nan&gt;" in page and "<nan>" not in page
