"""Drift: data drawn alike have none, data that moved have it, and the numbers are those of the definitions."""

import numpy as np
import polars as pl
import pytest

from recmodels.data import drift
from recmodels.data.drift import Drift, compare
from recmodels.data.drift_words import sentences, unchosen
from recmodels.data.filtering import Filter, filtered
from recmodels.data.interactions import Interactions

RNG = np.random.default_rng(0)


def shop(items: np.ndarray, times: np.ndarray | None = None, weights: np.ndarray | None = None) -> Interactions:
    n = len(items)
    columns = {"user": [f"u{i % 200}" for i in range(n)], "item": [f"i{i}" for i in items]}
    columns |= {} if times is None else {"time": times}
    columns |= {} if weights is None else {"weight": weights}
    kind = "none" if times is None else "timestamp"
    return Interactions.from_events("shop", pl.DataFrame(columns), time_kind=kind, columns={"weight": "rating"})


def by_name(found: drift.Comparison) -> dict[str, Drift]:
    return {one.of: one for one in found.drifts}


@pytest.mark.parametrize("seed", range(5))
def test_events_drawn_alike_have_no_drift_however_long_the_tail(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shares = 1 / np.arange(1, 3001)
    items = pl.Series(rng.choice(3000, 12_000, p=shares / shares.sum()))
    found = drift.popularity(items[:10_000], items[10_000:])
    assert found is not None and found.word == "no drift" and found.psi < 0.05


def test_items_that_change_places_are_a_strong_drift() -> None:
    items = RNG.integers(0, 50, 4000)
    turned = 49 - items
    skewed = pl.Series(items // (1 + RNG.integers(0, 5, 4000)))
    found = drift.popularity(skewed, 49 - skewed)
    assert found is not None and found.word == "strong drift" and found.p_value < 1e-6
    even = drift.popularity(pl.Series(items), pl.Series(turned))
    assert even is not None and even.word == "no drift"


def test_the_index_is_that_of_its_definition() -> None:
    old, new = np.repeat([1.0, 5.0], [6000, 4000]), np.repeat([1.0, 5.0], [4000, 6000])
    found = drift.values("weights", old, new)
    assert found is not None
    by_definition = (0.4 - 0.6) * np.log(0.4 / 0.6) + (0.6 - 0.4) * np.log(0.6 / 0.4)
    assert found.psi == pytest.approx(by_definition - 2 / 10_000, abs=1e-4)
    assert (found.word, found.test) == ("some drift", "chi-square")
    assert (found.old_mean, found.new_mean) == pytest.approx((2.6, 3.4))


def test_a_difference_that_chance_can_explain_is_none() -> None:
    few = drift.values("weights", np.array([1.0] * 9 + [5.0] * 11), np.array([1.0] * 14 + [5.0] * 6))
    assert few is not None and few.psi > drift.SOME and few.p_value > 0.05 and few.word == "no drift"


def test_many_values_are_compared_by_their_distribution() -> None:
    found = drift.values("weights", RNG.normal(0, 1, 2000), RNG.normal(1, 1, 2000))
    assert found is not None and found.test == "Kolmogorov-Smirnov" and found.word == "strong drift"
    same = drift.values("weights", RNG.normal(0, 1, 2000), RNG.normal(0, 1, 2000))
    assert same is not None and same.word == "no drift" and same.psi < 0.02


def test_what_was_added_is_compared_with_what_was_there() -> None:
    old_items, new_items = RNG.integers(0, 20, 1000), RNG.integers(20, 25, 100)
    old = shop(old_items, np.arange(1000), RNG.integers(1, 6, 1000))
    all_items = np.concatenate([old_items, new_items])
    weights = np.concatenate([old_weights(old, 1000), np.full(100, 5)])
    grown = shop(all_items, np.concatenate([np.arange(1000), np.arange(5000, 5100)]), weights)
    found = compare(old, grown, "shop", "shop-v2")
    assert found.is_grown and found.new_item_share == 1.0 and found.later_share == 1.0
    assert (found.counts["n_items_added"], found.counts["n_users_added"], found.counts["n_events_gone"]) == (5, 0, 0)
    assert found.spans["added"] == (5000, 5099)
    drifts = by_name(found)
    assert drifts["popularity"].word == drifts["weights"].word == "strong drift"
    assert drifts["popularity"].n_new == drifts["weights"].n_new == 100
    words = " ".join(sentences(found))
    assert "as events were added" in words and "events a user, shop → shop-v2: strong" not in words
    assert "100 are new, 0 are gone" in words and "100.0 % of the new events are of new items" in words
    assert "popularity of items, shop → new events: strong drift" in words


def old_weights(old: Interactions, n: int) -> np.ndarray:
    by_time = np.argsort(old.times)  # type: ignore[arg-type]
    assert old.weights is not None
    return old.weights[by_time][:n]


def test_a_part_is_compared_as_a_whole() -> None:
    old = shop(RNG.integers(0, 20, 1000))
    part = shop(RNG.integers(0, 10, 300))
    found = compare(old, part)
    assert not found.is_grown and found.later_share is None and not found.spans
    assert by_name(found)["popularity"].word == "strong drift"
    assert found.to_json()["drifts"][0]["word"] == "strong drift"


def test_the_same_data_have_nothing_new() -> None:
    old = shop(RNG.integers(0, 20, 1000), np.arange(1000))
    found = compare(old, old)
    assert found.counts["n_events_added"] == found.counts["n_events_gone"] == 0
    assert {one.word for one in found.drifts} == {"no drift"} and all(one.psi == 0 for one in found.drifts)


def test_labels_of_the_added_rows_are_compared_with_the_old_ones() -> None:
    def offers(n_yes: int, n_no: int, first: int = 0) -> pl.DataFrame:
        n = n_yes + n_no
        users, labels = [f"u{i}" for i in range(first, first + n)], [1.0] * n_yes + [0.0] * n_no
        return pl.DataFrame({"user": users, "item": [f"i{i % 9}" for i in range(n)], "weight": labels})

    def shop_of(*parts: pl.DataFrame) -> Interactions:
        rows = pl.concat(parts)
        wanted = rows.filter(pl.col("weight") == 1).drop("weight")
        return Interactions.from_events("offers", wanted, rows, columns={"weight": "label"})

    old = offers(200, 800)
    found = by_name(compare(shop_of(old), shop_of(old, offers(300, 300, first=1000))))["labels"]
    assert (found.n_old, found.n_new, found.word) == (1000, 600, "strong drift")
    assert (found.old_mean, found.new_mean) == pytest.approx((0.2, 0.5))


def test_what_a_person_s_own_filter_changed_is_no_drift() -> None:
    rng = np.random.default_rng(3)
    old = shop(rng.integers(0, 20, 1000), np.arange(1000), rng.integers(1, 6, 1000))
    found = compare(old, filtered(old, Filter(min_weight=4)))

    plain, told = " ".join(sentences(found)), " ".join(sentences(found, {"min_weight": 4, "since": None}))

    assert "weights, shop → " in plain and "strong drift" in plain
    assert "weights: changed by what you chose to keep (mean 2" in told and "strong drift" not in told
    assert "strong drift" not in {drift.word for drift in unchosen(found, {"min_weight": 4})}


def test_where_events_were_added_no_change_is_put_down_to_a_filter() -> None:
    rng = np.random.default_rng(3)
    old = shop(rng.integers(0, 20, 1000), np.arange(1000), rng.integers(1, 3, 1000))
    new = shop(rng.integers(0, 20, 2000), np.arange(2000), np.concatenate([old.weights, rng.integers(4, 6, 1000)]))
    found = compare(old, new)
    assert found.counts["n_events_added"]
    assert "what you chose" not in " ".join(sentences(found, {"where": ["user!=a"]}))
    assert "strong drift" in {drift.word for drift in unchosen(found, {"where": ["user!=a"]})}
