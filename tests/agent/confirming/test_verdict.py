"""What a confirmation says: better only beyond the noise, and how often test was read."""

from dataclasses import replace

import pytest

from agent.answers.confirmation import details, verdict
from agent.confirmation import Confirmation, Contender, Gain, Score


def score(name: str, mean: float, n_runs: int = 5) -> Score:
    return Score(
        contender=name, mean=mean, error=0.002, low=mean - 0.01, high=mean + 0.01, n_runs=n_runs, n_users=40, train_s=1
    )


def confirmation(gain: Gain, objective: str = "ndcg@10", direction: str = "maximize") -> Confirmation:
    contenders = (
        Contender(name="defaults of ease", role="defaults", model="ease", params={}, trial=0),
        Contender(name="trial 5", role="contender", model="ease", params={"l2": 1.0}, trial=5),
    )
    return Confirmation(
        study="s", number=1, dataset="d", data="f", split="random", split_seed=0, moves_border=True,
        objective=objective, direction=direction, contenders=contenders, winner="trial 5", reading=1,
        valid=(score("trial 5", 0.2), score("defaults of ease", 0.19)),
        test=(score("trial 5", 0.18), score("defaults of ease", 0.17)), gains=(gain,), optimism=0.0123,
        ended_at="2026",
    )  # fmt: skip


CLEAR = Gain(over="defaults of ease", mean=0.01, low=0.002, high=0.018, n_users=40)


def test_a_clear_gain_is_said_first_with_its_interval() -> None:
    words = verdict(confirmation(CLEAR))
    assert words == (
        "Trial 5 is clearly better than defaults of ease: +0.01 [+0.002, +0.018] ndcg@10 on test."
    )  # fmt: skip


def test_a_gain_within_the_noise_is_no_gain() -> None:
    words = verdict(confirmation(replace(CLEAR, low=-0.002)))
    assert words.startswith("No difference between trial 5 and defaults of ease was seen")
    assert "better" not in words


def test_less_is_better_turns_the_word() -> None:
    words = verdict(confirmation(replace(CLEAR, mean=-0.1, low=-0.2, high=-0.05), "rmse", "minimize"))
    assert "clearly better" in words
    assert "clearly worse" in verdict(confirmation(CLEAR, "rmse", "minimize"))


def test_the_defaults_winning_is_nothing_won() -> None:
    words = verdict(replace(confirmation(CLEAR), winner="defaults of ease", gains=()))
    assert words.startswith("Nothing was won over the defaults")


def test_the_optimism_the_choice_and_the_reading_are_told() -> None:
    words = " ".join(details(confirmation(CLEAR)))
    assert "0.2 ± 0.002 over 5 seeds" in words
    assert "0.012 higher than its mean" in words
    assert "trial 5 0.18 [0.17, 0.19], defaults of ease 0.17 [0.16, 0.18]" in words
    assert "1st reading" in words
    assert "flattering" not in words
    again = " ".join(details(replace(confirmation(CLEAR), reading=2, optimism=-0.01)))
    assert "2nd reading" in again
    assert "flattering" in again
    assert "lower than its mean" in again


def test_without_a_winner_test_stays_sealed_and_that_is_said() -> None:
    assert "test was not read" in verdict(replace(confirmation(CLEAR), winner=None, gains=()))


@pytest.mark.parametrize("n_runs", [1, 5])
def test_one_run_is_uncertain_over_users(n_runs: int) -> None:
    found = replace(confirmation(CLEAR), valid=(score("trial 5", 0.2, n_runs),))
    assert ("over 40 users" in " ".join(details(found))) == (n_runs == 1)
