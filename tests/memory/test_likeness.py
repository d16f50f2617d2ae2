import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.likeness import FEATURES, likeness

ML_100K = {
    "n_users": 943, "n_items": 1_682, "n_interactions": 100_000, "density": 0.063, "history_mean": 106,
    "history_median": 65, "popularity_gini": 0.63, "cold_item_share": 0.32, "repeat_rate": 0, "has_time": 1,
    "has_weights": 1, "has_text": 1, "time_span_days": 214,
}  # fmt: skip
ML_1M = ML_100K | {
    "n_users": 6_040, "n_items": 3_706, "n_interactions": 1_000_209, "density": 0.045, "history_mean": 166,
    "history_median": 96, "popularity_gini": 0.63, "cold_item_share": 0.12, "time_span_days": 1_039,
}  # fmt: skip
BEAUTY = ML_100K | {
    "n_users": 22_363, "n_items": 12_101, "n_interactions": 198_502, "density": 0.0007, "history_mean": 8.9,
    "history_median": 6, "popularity_gini": 0.45, "cold_item_share": 0.1, "time_span_days": 4_400,
}  # fmt: skip
CLICKS = {
    "n_users": 1_400_000, "n_items": 235_000, "n_interactions": 2_700_000, "density": 8e-6, "history_mean": 2,
    "history_median": 1, "popularity_gini": 0.8, "cold_item_share": 0.6, "repeat_rate": 0.2, "has_time": 1,
    "has_weights": 0, "has_text": 0, "time_span_days": 137,
}  # fmt: skip

numbers = st.floats(allow_nan=True, allow_infinity=True)
profiles = st.dictionaries(st.sampled_from([*FEATURES, "n_groups", "weight_min"]), numbers)


@given(profiles, profiles)
def test_likeness_is_symmetric_and_between_0_and_1(a: dict[str, float], b: dict[str, float]) -> None:
    assert 0 <= likeness(a, b) <= 1
    assert likeness(a, b) == likeness(b, a)


@given(profiles)
def test_a_profile_is_wholly_like_itself(profile: dict[str, float]) -> None:
    has_number = any(math.isfinite(value) for value in profile.values())
    assert likeness(profile, profile) == (1 if has_number else 0)


def test_two_sizes_of_one_source_are_more_alike_than_different_trades() -> None:
    assert likeness(ML_100K, ML_1M) > likeness(ML_100K, BEAUTY) > likeness(ML_100K, CLICKS)
    assert likeness(ML_100K, ML_1M) > 0.5 > likeness(ML_100K, BEAUTY)
    assert likeness(ML_100K, CLICKS) < 0.3


@pytest.mark.parametrize("name", ["n_users", "density", "popularity_gini", "history_median"])
def test_likeness_falls_as_one_number_moves_away(name: str) -> None:
    values = [likeness(ML_100K, ML_100K | {name: ML_100K[name] * factor}) for factor in (1, 0.8, 0.5, 0.1)]
    assert values == sorted(values, reverse=True) and len(set(values)) == 4


def test_counts_are_compared_by_their_order_of_magnitude() -> None:
    assert likeness({"n_users": 1e6}, {"n_users": 1.1e6}) > likeness({"n_users": 100}, {"n_users": 1_000})


def test_a_number_that_one_profile_lacks_makes_them_less_alike() -> None:
    assert likeness(ML_100K, {name: value for name, value in ML_100K.items() if name != "density"}) < 1
    assert likeness(ML_100K, {}) == 0
    assert likeness({"n_users": 5}, {"n_items": 5}) == 0


# a feature, two values, how many times "clearly different" they are, and the weight
TABLE = [
    ("n_users", 9, 99, 1.0, 1.0),
    ("n_users", 9, 0, 1.0, 1.0),
    ("n_items", 99, 9_999, 2.0, 1.0),
    ("n_interactions", 999, 9, 2.0, 14.0),
    ("density", 1e-2, 1e-4, 2.0, 20.0),
    ("density", 1e-7, 1e-12, 0.0, 20.0),
    ("density", 1e-6, 0.0, 1.0, 20.0),
    ("history_mean", 9, 99, 2.0, 1.0),
    ("history_mean", 0, 1e30, 4.0, 1.0),
    ("history_median", 99, 9, 2.0, 1.0),
    ("history_p90", 9, 99, 2.0, 5.0),
    ("history_max", 9, 999, 2.0, 0.25),
    ("popularity_gini", 0.5, 0.75, 1.0, 1.0),
    ("popularity_top20_share", 0.25, 0.75, 2.0, 1.0),
    ("cold_item_share", 0.75, 0.5, 1.0, 1.0),
    ("repeat_rate", 0.0, 0.5, 2.0, 1.0),
    ("time_span_days", 10, 1_000, 2.0, 0.5),
    ("time_span_days", 0.0, 1.0, 0.0, 0.5),
    ("time_span_days", 1.0, 2.0, math.log10(2), 0.5),
    ("has_time", 0, 1, 1.0, 0.5),
    ("has_order", 0, 1, 1.0, 0.5),
    ("has_weights", 1, 0, 1.0, 0.5),
    ("has_text", 0, 1, 1.0, 0.5),
    ("never_seen_before", 9, 99, 1.0, 0.25),
    ("never_seen_before", -9, 9, 2.0, 0.25),
    ("n_users", 0, 1e30, 4.0, 1.0),  # one number alone says no more than this
]


@pytest.mark.parametrize(("name", "x", "y", "difference", "weight"), TABLE)
def test_likeness_is_that_of_the_table(name: str, x: float, y: float, difference: float, weight: float) -> None:
    assert likeness({name: x}, {name: y}) == pytest.approx(math.exp(-difference))
    beside_an_equal_count = likeness({name: x, "n_equal": 7}, {name: y, "n_equal": 7})  # whose weight is 1/4
    assert beside_an_equal_count == pytest.approx(math.exp(-difference * math.sqrt(weight / (weight + 0.25))))


def test_the_table_has_every_feature() -> None:
    assert {name for name, *_ in TABLE} >= set(FEATURES)


def test_a_number_that_one_profile_lacks_counts_as_clearly_different_with_its_weight() -> None:
    for lacking, whole in (
        ({"n_users": 5}, {"n_users": 5, "density": 0.1}),
        ({"n_users": 5, "density": 0.1}, {"n_users": 5}),
    ):
        assert likeness(lacking, whole) == pytest.approx(math.exp(-math.sqrt(20 / 21)))


def test_what_is_no_number_counts_as_lacking() -> None:
    for unknown in (math.nan, math.inf, -math.inf):
        assert likeness({"n_users": 5, "n_items": unknown}, {"n_users": 5}) == 1.0
        assert likeness({"n_items": unknown}, {"n_items": unknown}) == 0.0


def test_likeness_does_not_depend_on_the_order_of_the_numbers() -> None:
    backwards = dict(reversed(BEAUTY.items()))
    assert likeness(ML_100K, BEAUTY) == likeness(ML_100K, backwards) == likeness(backwards, ML_100K)
