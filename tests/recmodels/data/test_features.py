"""Features as codes: 0 is unknown, several values stand side by side, numbers fall into buckets."""

import numpy as np
import polars as pl

from recmodels.data.features import N_BUCKETS, NO_VALUE, features_of
from recmodels.data.interactions import Interactions


def data_of(**rest: object) -> Interactions:
    events = pl.DataFrame({"user": ["a", "b", "c", "d"], "item": ["w", "x", "y", "z"]})
    return Interactions.from_events("d", events, **rest)


def test_categories_are_numbered_from_one_and_missing_ones_are_zero() -> None:
    table = pl.DataFrame({"city": ["rome", None, "bern", "rome"], "age": [30, 40, 30, None], "zip": list("pqrs")})
    found = features_of(data_of(user_table=table.with_columns(one=pl.lit("same"))))

    assert [(field.name, field.size) for field in found.user_fields][:2] == [("city", 3), ("age", 3)]
    assert found.user_codes[:, 0].tolist() == [2, 0, 1, 2]
    assert found.user_codes[:, 1].tolist() == [1, 2, 1, 0]
    assert "one" not in [field.name for field in found.user_fields]


def test_values_between_bars_are_several() -> None:
    table = pl.DataFrame({"genres": ["War|Drama", "Drama", None, " War | |Comedy"]})
    found = features_of(data_of(item_table=table))

    assert [(field.size, field.length) for field in found.item_fields] == [(4, 2)]
    assert found.item_codes.tolist() == [[3, 2], [2, NO_VALUE], [0, NO_VALUE], [3, 1]]


def test_numbers_with_many_values_fall_into_buckets_of_equal_size() -> None:
    events = pl.DataFrame({"user": [f"u{i}" for i in range(500)], "item": "x"})
    table = pl.DataFrame({"income": np.arange(500) ** 3 + 0.5}).with_columns(
        pl.when(pl.int_range(pl.len()) == 7).then(None).otherwise(pl.col("income")).alias("income")
    )
    found = features_of(Interactions.from_events("d", events, user_table=table))

    codes = found.user_codes[:, 0]
    assert codes[7] == 0
    assert (np.diff(np.delete(codes, 7)) >= 0).all()
    assert sorted(np.bincount(codes)) == [1, 49] + [50] * (N_BUCKETS - 1)


def test_columns_that_name_an_item_are_no_features() -> None:
    events = pl.DataFrame({"user": "u", "item": [f"i{i}" for i in range(100)]})
    table = pl.DataFrame({"title": [f"Title {i}" for i in range(100)], "maker": [f"m{i % 20}" for i in range(100)]})
    found = features_of(Interactions.from_events("d", events, item_table=table))

    assert [field.name for field in found.item_fields] == ["maker"]


def test_the_context_is_coded_row_by_row() -> None:
    events = pl.DataFrame({"user": ["a", "b"], "item": ["x", "y"]})
    examples = events.with_columns(
        weight=pl.Series([1.0, 0.0]), hour=pl.Series(["h2", None]), price=pl.Series([0.5, None])
    )
    found = features_of(Interactions.from_events("d", events, examples))

    assert found.context_codes.tolist() == [[1], [0]]
    assert found.number_names == ("price",)
    assert found.context_numbers[0] == 0.5
    assert np.isnan(found.context_numbers[1])
