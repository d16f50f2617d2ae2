import math

import numpy as np
import polars as pl
import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.profile import describe, gini, profile

DAY = 86_400


def four_rows() -> Interactions:
    frame = pl.DataFrame(
        {
            "user": ["a", "a", "a", "b"],
            "item": ["x", "y", "x", "x"],
            "weight": [1.0, 2.0, 3.0, 6.0],
            "time": [0, DAY, 2 * DAY, 10 * DAY],
        }
    )
    return Interactions.from_events(
        "four",
        frame,
        time_kind="timestamp",
        item_table=pl.DataFrame({"title": ["one two", "three"]}),
        text_columns=("title",),
        user_table=pl.DataFrame({"sex": ["f", "m"], "job": ["x", "x"]}),
        group_columns=("sex", "job"),
    )


def test_the_profile_of_four_rows_is_as_counted_by_hand() -> None:
    numbers = profile(four_rows())

    expected = {
        "n_users": 2,
        "n_items": 2,
        "n_interactions": 4,
        "density": 3 / 4,  # a-x, a-y, b-x of four pairs
        "repeat_rate": 1 / 4,
        "popularity_gini": 1 / 4,  # counts 1 and 3
        "popularity_top20_share": 3 / 4,
        "cold_item_share": 1.0,
        "history_mean": 2,
        "history_median": 2,
        "history_p90": 2.8,
        "history_max": 3,
        "time_span_days": 10,
        "has_time": 1,
        "has_order": 1,
        "has_weights": 1,
        "weight_mean": 3,
        "weight_std": math.sqrt(3.5),
        "weight_min": 1,
        "weight_max": 6,
        "has_text": 1,
        "mean_text_words": 1.5,
        "has_groups": 1,
        "n_groups": 3,
        "has_given_split": 0,
    }
    assert numbers == pytest.approx(expected)


def test_a_bare_dataset_has_the_same_keys_and_finite_numbers() -> None:
    bare = Interactions.from_events("bare", pl.DataFrame({"user": ["a"], "item": ["x"]}))

    numbers = profile(bare)

    assert set(numbers) == set(profile(four_rows()))
    assert all(isinstance(value, float) and math.isfinite(value) for value in numbers.values())
    assert (numbers["has_time"], numbers["has_text"], numbers["n_groups"]) == (0, 0, 0)


@pytest.mark.parametrize(("counts", "expected"), [([5, 5, 5, 5], 0.0), ([0, 0, 0, 8], 0.75), ([], 0.0), ([0, 0], 0.0)])
def test_gini_is_zero_for_equal_counts_and_near_one_when_one_has_all(counts: list[int], expected: float) -> None:
    assert gini(np.array(counts, dtype=np.int64)) == pytest.approx(expected)


def test_the_description_is_a_sentence_with_the_numbers() -> None:
    text = describe(profile(four_rows()), "four")

    assert text.startswith("four: 4 interactions of 2 users with 2 items (75.00% of all pairs).")
    assert "timestamps over 10 days, weights from 1 to 6, item text of 2 words and 3 user groups" in text
    assert "25% of rows repeat an earlier pair" in text
