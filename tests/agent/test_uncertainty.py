"""Intervals over users and seeds: against the theory, against a plain loop, and where nothing can be said."""

import os
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from agent import uncertainty
from agent.uncertainty import UserValues, difference, interval, user_values
from recmodels.per_user import PER_USER_FILE


def run(values: np.ndarray, users: np.ndarray | None = None) -> UserValues:
    return UserValues(users=np.arange(len(values)) if users is None else users, values=np.asarray(values, float))


def test_an_interval_is_as_wide_as_the_theory_says() -> None:
    values = np.random.default_rng(0).normal(0.3, 0.2, 900)
    found = interval([run(values)])
    assert found is not None
    assert found.mean == pytest.approx(values.mean())
    assert found.low < values.mean() < found.high
    assert found.half_width == pytest.approx(1.96 * values.std() / 30, rel=0.08)


def test_more_users_than_units_are_drawn_in_groups_without_changing_the_width() -> None:
    values = np.random.default_rng(1).normal(0, 1, 7 * uncertainty.MOST_UNITS + 13)
    found = interval([run(values)])
    assert found is not None
    assert found.mean == pytest.approx(values.mean())
    assert found.half_width == pytest.approx(1.96 * values.std() / len(values) ** 0.5, rel=0.1)


def test_pairing_cancels_what_is_hard_for_both() -> None:
    rng = np.random.default_rng(2)
    hard = rng.normal(0, 1, 400)
    better = run(hard + 0.05 + rng.normal(0, 0.05, 400))
    found = difference([better], [run(hard)])
    assert found is not None
    assert found.is_clear
    assert found.mean == pytest.approx(0.05, abs=0.01)
    apart = difference([better], [run(rng.permutation(hard))])
    assert apart is not None
    assert not apart.is_clear


def test_a_difference_has_the_interval_of_a_plain_loop_over_resampled_users() -> None:
    rng = np.random.default_rng(3)
    one, other = rng.random(60), rng.random(60)
    found = difference([run(one)], [run(other)])
    loop = (one - other)[rng.integers(0, 60, (50_000, 60))].mean(axis=1)
    assert found is not None
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(loop, [0.025, 0.975])), abs=0.008)


def test_only_shared_users_are_compared() -> None:
    one, other = run(np.array([1.0, 2, 3]), np.array([1, 2, 5])), run(np.array([1.0, 2, 9]), np.array([1, 2, 7]))
    found = difference([one], [other])
    assert found is not None
    assert (found.n_users, found.mean) == (2, 0.0)
    assert difference([one], [run(np.array([1.0]), np.array([9]))]) is None


def test_seeds_that_disagree_widen_an_interval() -> None:
    rng = np.random.default_rng(4)
    base = rng.random(500)
    agreed, spread = [run(base)] * 3, [run(base + shift) for shift in (-0.1, 0.0, 0.1)]
    narrow, wide = difference(agreed, [run(base)] * 3), difference(spread, [run(base)] * 3)
    assert narrow is not None
    assert wide is not None
    assert narrow.half_width == pytest.approx(0, abs=1e-9)
    assert wide.n_seeds == 3
    assert wide.half_width > 0.05
    assert not wide.is_clear


def test_the_seeds_of_either_side_widen_a_difference_and_the_fewer_are_counted() -> None:
    base = np.random.default_rng(5).random(500)
    spread = [run(base + shift) for shift in (-0.1, 0.0, 0.1)]
    for one, other in (([run(base)] * 2, spread), (spread, [run(base)] * 2)):
        found = difference(one, other)
        assert found is not None
        assert found.n_seeds == 2
        assert found.half_width > 0.05


def test_values_that_were_written_again_are_read_again(tmp_path: Path) -> None:
    for second, value in enumerate((0.25, 0.75)):
        save_file(
            {"valid_users": np.arange(2), "valid_mrr@10": np.full(2, value, np.float32)}, tmp_path / PER_USER_FILE
        )
        os.utime(tmp_path / PER_USER_FILE, (second, second))
        found = user_values(tmp_path, "valid_mrr@10")
        assert found is not None
        assert found.values.tolist() == [value, value]


def test_values_that_are_not_kept_are_none(tmp_path: Path) -> None:
    assert user_values(None, "valid_ndcg@10") is None
    assert user_values(tmp_path, "valid_ndcg@10") is None
    save_file({"valid_users": np.arange(2), "valid_ndcg@10": np.ones(2, np.float32)}, tmp_path / PER_USER_FILE)
    found = user_values(tmp_path, "valid_ndcg@10")
    assert found is not None
    assert found.values.tolist() == [1, 1]
    assert user_values(tmp_path, "valid_mrr@10") is None
    (tmp_path / PER_USER_FILE).unlink()
    assert user_values(tmp_path, "valid_ndcg@10") is None


def test_kept_values_give_what_the_same_values_in_memory_give(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    users, kept, eager = np.arange(1500), [], []
    for n in range(3):
        values = rng.random(1500).astype(np.float32)
        folder = tmp_path / str(n)
        folder.mkdir()
        save_file({"valid_users": users, "valid_ndcg@10": values}, folder / PER_USER_FILE)
        found = user_values(folder, "valid_ndcg@10")
        assert found is not None
        kept.append(found)
        eager.append(UserValues(users=users, values=values.astype(np.float64)))
    for sign in (1, -1):
        turned = [[run.turned(sign) for run in runs] for runs in (kept, eager)]
        for mine, its in ((slice(0, 1), slice(1, 2)), (slice(0, 2), slice(2, 3))):
            one, other = (difference(runs[mine], runs[its]) for runs in turned)
            assert one is not None
            assert other is not None
            assert (one.mean, one.low, one.high) == pytest.approx((other.mean, other.low, other.high), abs=1e-12)
            assert (one.n_users, one.n_seeds) == (other.n_users, other.n_seeds)


def test_kept_values_that_are_written_again_count_from_then_on(tmp_path: Path) -> None:
    means = []
    for at, level in enumerate((0.25, 0.75)):
        save_file({"valid_users": np.arange(4), "valid_ndcg@10": np.full(4, level)}, tmp_path / PER_USER_FILE)
        os.utime(tmp_path / PER_USER_FILE, ns=(at, at))
        found = user_values(tmp_path, "valid_ndcg@10")
        assert found is not None
        over = interval([found])
        assert over is not None
        means.append(over.mean)
    assert means == [0.25, 0.75]
