"""From runs to scores: standard errors over seeds or users, and gains without values of users."""

from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from agent.confirmation import Confirmation, Contender, Run
from agent.confirming.scores import gain_of, scores_of
from recmodels.per_user import PER_USER_FILE


def run(seed: int, value: float | None, contender: str = "a", stage: str = "valid", **given: Any) -> Run:
    return Run(contender=contender, stage=stage, seed=seed, value=value, **given)  # type: ignore[arg-type]


def confirmation(*runs: Run) -> Confirmation:
    contenders = tuple(Contender(name=name, role="contender", model="bpr_mf", params={}) for name in ("a", "b"))
    return Confirmation(
        study="s", number=1, dataset="d", data="f", split="random", split_seed=0, moves_border=True,
        objective="auc", direction="maximize", contenders=contenders, runs=runs,
    )  # fmt: skip


def test_the_error_of_a_mean_over_seeds_is_its_standard_error() -> None:
    seconds = (1.0, 2.0, 6.0, 3.0)
    runs = [run(seed, 0.1 * seed, train_s=seconds[seed]) for seed in range(4)]
    others = [run(4, None), run(0, 0.9, stage="test"), run(0, 0.9, "b"), run(1, 0.9, "b")]
    found, _ = scores_of(confirmation(*runs, *others), ["a", "b"], "valid")
    assert found.is_over_seeds
    assert found.mean == pytest.approx(0.15)
    assert found.error == pytest.approx(np.sqrt(0.05 / 3) / 2)  # squares about the mean sum to 0.05, of 4 seeds
    assert (found.n_runs, found.train_s) == (4, 2.5)
    assert (found.low, found.high, found.n_users) == (None, None, 0), "auc is no mean over users"


def test_the_error_of_one_run_is_that_over_its_users(tmp_path: Any) -> None:
    values = np.random.default_rng(0).random(400).astype(np.float32)
    save_file({"valid_users": np.arange(400), "valid_auc": values}, tmp_path / PER_USER_FILE)
    (found,) = scores_of(confirmation(run(0, float(values.mean()), checkpoint=str(tmp_path))), ["a"], "valid")
    assert found.error == pytest.approx(values.std() / 20, rel=0.1)
    assert found.n_users == 400


def test_errors_that_are_compared_are_of_one_kind(tmp_path: Any) -> None:
    values = np.random.default_rng(0).random(400).astype(np.float32)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        save_file({"valid_users": np.arange(400), "valid_auc": values}, tmp_path / name / PER_USER_FILE)
    seeded = [run(seed, 0.5 + seed / 1000, checkpoint=str(tmp_path / "a")) for seed in range(3)]
    once = run(0, 0.5, "b", checkpoint=str(tmp_path / "b"))
    first, second = scores_of(confirmation(*seeded, once), ["a", "b"], "valid")
    assert not first.is_over_seeds
    assert first.error == pytest.approx(second.error, rel=0.1), "over users, although the seeds hardly differ"
    (alone,) = scores_of(confirmation(*seeded), ["a"], "valid")
    assert alone.error == pytest.approx(0.001 / np.sqrt(3))


def test_a_contender_whose_runs_all_failed_has_no_score_and_no_gain() -> None:
    found = confirmation(run(0, None), run(0, None, stage="test"), run(0, 0.3, "b", "test"))
    assert scores_of(found, ["a"], "valid") == []
    assert gain_of(found, "a", "b") is None
    assert gain_of(found, "b", "a") is None


def test_without_values_of_users_a_gain_is_the_difference_of_the_means_on_test_alone() -> None:
    mine = [run(seed, value, stage="test") for seed, value in enumerate((0.5, 0.7))]
    found = gain_of(confirmation(*mine, run(0, 0.2, "b", "test"), run(0, 0.9), run(0, 0.9, "b")), "a", "b")
    assert found is not None
    assert found.mean == pytest.approx(0.4)
    assert (found.low, found.high, found.is_clear) == (None, None, False)
