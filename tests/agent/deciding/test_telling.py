"""What a line of the question says of a trial, a baseline and the noise, and that nothing in it has two meanings."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.baseline import Baseline
from agent.deciding.context import DecisionContext, Noise
from agent.deciding.prompt import Detail, fitted, question
from agent.deciding.telling import curve_shape
from agent.objective import Goal
from agent.uncertainty import Interval
from memory.record import TrialRecord

Seen = Callable[..., DecisionContext]
Make = Callable[..., TrialRecord]
COVERED = Goal.parse(["ndcg@10"], ["coverage@10>=0.2"])
TWO = Goal.parse(["ndcg@10", "coverage@10"])


def line(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))


@pytest.mark.parametrize(
    ("curve", "shape"),
    [
        ((0.2004, 0.2142, 0.2195, 0.24, 0.2291, 0.2386), "best at epoch 4 of 6, level after it"),
        ((0.2004, 0.2142, 0.2195, 0.26, 0.2291, 0.2386), "best at epoch 4 of 6, worse after it, then improving again"),
        ((0.1, 0.4, 0.3, 0.2), "best at epoch 2 of 4, worse after it"),
        ((0.1, None, 0.4, 0.1, None), "best at epoch 3 of 5, worse after it"),
    ],
)
def test_the_words_of_a_curve_agree_with_its_values(curve: tuple[float | None, ...], shape: str) -> None:
    assert curve_shape(curve, True) == shape
    assert curve_shape([None if value is None else -value for value in curve], False) == shape


@pytest.mark.parametrize("best", range(1, 41))
def test_the_best_epoch_is_among_the_values_of_a_curve(seen: Seen, make_record: Make, best: int) -> None:
    values = tuple(0.3 if epoch == best else 0.1 + epoch / 1000 for epoch in range(1, 41))
    told = line(question(seen(records=(make_record(0, 0.3, curve=values),)), Detail(trials=9)).text, "s/0 ")
    assert f"0.3 at {best}" in told and told.count(" at ") - told.count("best at ") - told.count(" at the") <= 6


def test_a_trial_that_misses_a_constraint_says_so_in_any_detail_and_baselines_too(
    seen: Seen, make_record: Make
) -> None:
    records = (
        make_record(0, 0.04, metrics={"valid_coverage@10": 0.1}),
        make_record(1, 0.02, metrics={"valid_coverage@10": 0.3}, params={"rate": 0.2}),
        make_record(2, None, reason="diverged", params={"rate": 0.3}),
    )
    floor = Baseline(model="popularity", params={}, value=0.11, metrics={"valid_coverage@10": 0.05})
    now = seen(goal=COVERED, records=records, baselines=(floor,))
    for detail in (Detail(trials=9), Detail(trials=9, metrics=False, curves=False, meanings=False, ranges=False)):
        text = question(now, detail).text
        missing, meeting, failed = (line(text, f"s/{number} ") for number in range(3))
        assert "coverage@10 0.1; misses coverage@10 >= 0.2" in missing
        assert "coverage@10 0.3" in meeting and "misses" not in meeting and "misses" not in failed
        assert text.index("s/1 m") < text.index("s/0 m")
        assert "those that meet every constraint before those that miss one" in text
        assert line(text, "popularity") == "popularity ndcg@10 0.11, coverage@10 0.05; misses coverage@10 >= 0.2"
    assert "constraint" not in line(fitted(seen()).text, "Trials so far")


def test_a_repeated_trial_shows_the_mean_that_it_is_ordered_by(seen: Seen, make_record: Make) -> None:
    values = {0: 0.05, 1: 0.08, 2: 0.07}
    records = tuple(make_record(i, x, params={"rate": 0.2 if i == 1 else 0.4}) for i, x in values.items())
    text = fitted(seen(records=records)).text
    assert "repeats of the same params by the mean of their runs" in line(text, "Trials so far")
    assert "ndcg@10 0.05, mean ndcg@10 of trials 0, 2: 0.06" in line(text, "s/0 ")
    assert "mean" not in line(text, "s/1 ")
    assert "repeats" not in line(fitted(seen()).text, "Trials so far")


def test_one_sign_means_one_interval_and_a_prediction_says_its_own(seen: Seen) -> None:
    text = fitted(seen()).text
    assert "± is a 95 % interval over users" in text
    assert "±" not in line(text, "0: m rate=0.3") and "90 % interval" in line(text, "0: m rate=0.3")
    bare = fitted(seen(noise=Noise(), baselines=())).text
    assert "±" not in bare
    assert "± is a 95 %" in fitted(seen(noise=Noise())).text, "a baseline has one"


def test_of_two_objectives_both_are_told_with_their_noise_and_the_front(seen: Seen, make_record: Make) -> None:
    reached = {0: (0.30, 0.2), 1: (0.20, 0.4), 2: (0.10, 0.1)}
    records = tuple(
        make_record(i, x, metrics={"valid_ndcg@10": x, "valid_coverage@10": y}, params={"rate": i / 10})
        for i, (x, y) in reached.items()
    )
    floor = Baseline(model="popularity", params={}, value=0.1, metrics={"valid_coverage@10": 0.01})
    noise = Noise(repeats_sd=0.005, n_repeats=3, further_sd={"coverage@10": 0.01})
    text = fitted(seen(goal=TWO, records=records, noise=noise, baselines=(floor,))).text
    assert "The front, trials that no other beats on every objective: 0, 1." in text
    assert "differ in ndcg@10 by 0.005 and in coverage@10 by 0.01 (standard deviation, 3 runs)" in text
    assert "the best by ndcg@10 first" in text
    assert "ndcg@10 0.2, coverage@10 0.4" in line(text, "s/1 ")
    assert line(text, "popularity") == "popularity ndcg@10 0.1, coverage@10 0.01"
    over = {"coverage@10": {1: Interval(mean=0.4, low=0.3, high=0.5, n_users=60)}}
    known = fitted(seen(goal=TWO, records=records, noise=replace(noise, further_sd={}, further=over))).text
    assert "coverage@10 0.4 ± 0.1" in line(known, "s/1 ") and "is not known" not in known
    dark = fitted(seen(goal=TWO, records=records, noise=Noise())).text
    assert "How far coverage@10 differs by chance is not known." in dark
