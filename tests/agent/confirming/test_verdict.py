"""What a confirmation says: better only beyond the noise, and how often test was read."""

from dataclasses import replace

import pytest

from agent.answers.confirmation import details, stopped, verdict
from agent.confirmation import Confirmation, Contender, Gain, Run, Score


def score(name: str, mean: float, n_runs: int = 5, train_s: float = 1) -> Score:
    given = {"n_runs": n_runs, "n_users": 40, "train_s": train_s}
    return Score(contender=name, mean=mean, error=0.002, low=mean - 0.01, high=mean + 0.01, **given)  # type: ignore[arg-type]


def confirmation(gain: Gain, objective: str = "ndcg@10", direction: str = "maximize") -> Confirmation:
    contenders = (
        Contender(name="defaults of ease", role="defaults", model="ease", params={}, trial=0),
        Contender(name="trial 5", role="contender", model="ease", params={"l2": 1.0}, trial=5),
    )
    return Confirmation(
        study="s", number=1, dataset="d", data="f", split="random", split_seed=0, moves_border=True,
        objective=objective, direction=direction, contenders=contenders, winner="trial 5", top="trial 5", reading=1,
        valid=(score("trial 5", 0.2), score("defaults of ease", 0.19)),
        test=(score("trial 5", 0.18), score("defaults of ease", 0.17)), gains=(gain,), optimism=0.0123,
        ended_at="2026",
    )  # fmt: skip


CLEAR = Gain(over="defaults of ease", mean=0.01, low=0.002, high=0.018, n_users=40)


def test_a_clear_gain_is_said_first_with_its_interval() -> None:
    words = verdict(confirmation(CLEAR))
    assert words == (
        "Trial 5 is clearly better than defaults of ease: +0.01 ndcg@10 on test, 95 % interval [+0.002, +0.018]."
    )


def test_a_gain_within_the_noise_is_no_gain() -> None:
    words = verdict(confirmation(replace(CLEAR, low=-0.002)))
    assert words.startswith("No difference between trial 5 and defaults of ease was seen")
    assert "better" not in words


def test_less_is_better_turns_the_word() -> None:
    words = verdict(confirmation(replace(CLEAR, mean=-0.1, low=-0.2, high=-0.05), "rmse", "minimize"))
    assert "clearly better" in words
    assert "clearly worse" in verdict(confirmation(CLEAR, "rmse", "minimize"))


def test_the_defaults_winning_is_nothing_won() -> None:
    words = verdict(replace(confirmation(CLEAR), winner="defaults of ease", top="defaults of ease", gains=()))
    assert words.startswith("Nothing was won over the defaults: trial 5 had a better mean on validation, but not once")


def test_the_optimism_the_choice_and_the_reading_are_told() -> None:
    words = " ".join(details(confirmation(CLEAR)))
    assert "0.2 ± 0.002 (standard error) over 5 seeds" in words
    assert "0.012 higher than its mean" in words
    assert "trial 5 0.18 (95 % interval [0.17, 0.19]), defaults of ease 0.17 (95 % interval [0.16, 0.18])" in words
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


def test_the_defaults_are_best_only_where_no_mean_is_better() -> None:
    scores = (score("defaults of ease", 0.2), score("trial 5", 0.19))
    found = replace(confirmation(CLEAR), winner="defaults of ease", top="defaults of ease", gains=(), valid=scores)
    assert "no tried configuration was better on validation" in verdict(found)


def test_defaults_that_win_by_their_time_are_said_to() -> None:
    scores = (score("trial 5", 0.2, train_s=40), score("defaults of ease", 0.199, train_s=12))
    found = replace(confirmation(CLEAR), winner="defaults of ease", top="trial 5", gains=(), valid=scores)
    words = verdict(found)
    assert "trial 5 was better on validation by less than its standard error" in words
    assert "12 s instead of 40 s" in words
    assert "no tried configuration" not in words
    assert "within one standard error of trial 5" in details(found)[0]
    assert "12 s instead of 40 s" in details(found)[0]


def test_the_clause_that_decided_is_said() -> None:
    first = details(confirmation(CLEAR))[0]
    assert "its mean minus one standard error is the best" in first
    assert "instead of" not in first
    assert "mean plus one standard error" in details(confirmation(CLEAR, "rmse", "minimize"))[0]
    of_version_one = details(replace(confirmation(CLEAR), top=None))[0]
    assert of_version_one.endswith("(standard error) over 5 seeds.")


@pytest.mark.parametrize("optimism", [0.0, 1e-9, -1e-9])
def test_an_optimism_that_cannot_be_seen_is_none(optimism: float) -> None:
    words = " ".join(details(replace(confirmation(CLEAR), optimism=optimism)))
    assert "the same value as its mean here" in words
    assert "lower" not in words


def test_a_baseline_that_is_not_on_test_is_told_with_the_reason() -> None:
    simple = tuple(
        Contender(name=f"{model} (baseline)", role="baseline", model=model, params={}) for model in ("item_knn", "pop")
    )
    found = confirmation(CLEAR)
    given = {"contenders": (*found.contenders, *simple), "valid": (*found.valid, score("item_knn (baseline)", 0.1))}
    words = " ".join(details(replace(found, baseline="defaults of ease", **given)))  # type: ignore[arg-type]
    assert "On validation item_knn (baseline) was worse than defaults of ease" in words
    assert "not measured on test" in words
    assert "No value is known of pop (baseline)" in words


def test_an_incumbent_that_wins_was_not_beaten() -> None:
    found = confirmation(CLEAR)
    contenders = (found.contenders[0], replace(found.contenders[1], role="incumbent"))
    assert verdict(replace(found, contenders=contenders)).startswith("What runs today was not beaten")


def test_a_stopped_one_says_how_far_it_came_and_that_it_can_go_on() -> None:
    words = stopped(replace(confirmation(CLEAR), winner=None, valid=(), reading=None, n_seeds=2, ended_at=""))
    assert "after 0 of 4 runs on validation" in words
    assert "Test was not opened" in words
    assert "go on" in words


def test_a_baseline_that_breaks_a_constraint_is_told_with_its_value() -> None:
    """In the verdict, and whether the constraint held on test for each."""
    runs = tuple(
        Run(contender=name, stage=stage, seed=0, value=0.2, metrics={f"{stage}_coverage@10": covered})
        for name, covered in (("trial 5", 0.995), ("defaults of ease", 0.91))
        for stage in ("valid", "test")
    )
    found = replace(confirmation(CLEAR), constraints=("coverage@10>=0.99",), runs=runs)
    broken = "Defaults of ease did not meet coverage@10 >= 0.99 (0.91) on validation, so it could not be chosen."
    assert verdict(found).endswith(broken)
    held = "On test coverage@10 >= 0.99 held for trial 5 (0.995) and did not hold for defaults of ease (0.91)."
    assert held in details(found)
