"""A dataset whose counts are known: ratings, duplicates, ties, short histories, overlap of parts, popularity."""

from typing import Any

import polars as pl
import pytest

from agent.answers.data_counts import counts, parts, times, values
from agent.answers.data_rows import LOOKS, item, popular, repeats, user
from agent.answers.explain import word
from agent.answers.in_chinese import word as in_chinese
from agent.results.kept import as_json
from agent.results.result import Result
from recmodels.data.interactions import Interactions
from recmodels.request import SplitSpec

DAY = 86_400
EVENTS = [  # user, item, rating, day
    ("a", "x", 5.0, 1),
    ("a", "y", 4.0, 2),
    ("a", "z", 4.0, 2),  # tied, and at the end
    ("b", "x", 3.0, 1),
    ("b", "x", 3.0, 1),  # the same row again
    ("b", "x", 5.0, 4),  # the same pair, later
    ("b", "y", 1.0, 5),
    ("c", "x", 4.0, 9),
    ("d", "w", 4.0, 3),
    ("d", "v", 4.0, 3),  # all of one moment
]


def read(with_time: bool = True, with_rating: bool = True) -> Interactions:
    frame = pl.DataFrame(EVENTS, schema=["user", "item", "weight", "day"], orient="row")
    frame = frame.with_columns(time=pl.col("day").cast(pl.Int64) * DAY).drop("day")
    frame = frame if with_time else frame.drop("time")
    frame = frame if with_rating else frame.drop("weight")
    kind = "timestamp" if with_time else "none"
    return Interactions.from_events("d", frame, time_kind=kind, columns={"weight": "stars"} if with_rating else {})


def test_ratings_are_counted_by_value() -> None:
    found = values("d", read())
    assert [(row.low, row.n) for row in found.rows] == [(1.0, 1), (3.0, 2), (4.0, 5), (5.0, 2)]
    assert (found.n_values, found.rows[2].share, found.column) == (4, 0.5, "“stars”")
    assert "no ratings" in word("inspect_data", values("d", read(with_rating=False)))


def test_many_values_are_counted_in_ranges_that_hold_all_rows() -> None:
    frame = pl.DataFrame(
        {"user": ["u"] * 50, "item": [f"i{n}" for n in range(50)], "weight": [n / 7 for n in range(50)]}
    )
    found = values("d", Interactions.from_events("d", frame))
    assert (found.n_values, len(found.rows), sum(row.n for row in found.rows)) == (50, 12, 50)
    assert all(one.high < other.low for one, other in zip(found.rows, found.rows[1:], strict=False))


def test_duplicates_are_told_with_and_without_their_time() -> None:
    found = repeats("d", read(), None)
    assert (found.n_repeated_pairs, found.n_repeated_rows, found.n_same_moment_rows) == (1, 2, 1)
    assert repeats("d", read(with_time=False), None).n_same_moment_rows is None
    assert "2 of 10 rows repeat an earlier one, 1 of them with the same time" in word("inspect_data", found)


def test_ties_are_the_rows_that_share_their_users_moment() -> None:
    found = times("d", read())
    assert found.tied_share == pytest.approx(6 / 10)
    assert found.n_users_tied_at_the_end == 2  # a and d
    assert found.n_users_of_one_moment == 1  # d; c has but one row
    assert (found.first, found.last) == ("1970-01-02 00:00", "1970-01-10 00:00")
    assert times("d", read(with_time=False)).tied_share is None


def test_short_histories_and_rare_items_are_shares_of_all() -> None:
    found = counts("d", read())
    assert (found.users.n, found.users.least, found.users.most, found.users.median) == (4, 1, 4, 2.5)
    assert {bound: found.users.below[bound] for bound in (2, 3, 5)} == {2: 0.25, 3: 0.5, 5: 1.0}
    assert found.items.below[2] == pytest.approx(3 / 5)  # z, w and v


def test_the_parts_of_a_split_say_what_train_does_not_know_and_how_they_overlap_in_time() -> None:
    found = parts("d", read(), SplitSpec(kind="leave_last_out"))
    train, valid, test = found.parts.values()
    assert (train.n_rows, valid.n_rows, test.n_rows) == (6, 2, 2)
    assert (test.n_new_users, test.n_new_items, test.new_share) == (0, 2, 1.0)  # z and y are in no row of train
    assert valid.again_share == 0.5  # b took x before
    assert found.train_after_valid_share == pytest.approx(3 / 6)  # c and d after a's second day


def test_a_temporal_split_has_no_overlap_in_time_and_its_new_users_are_counted() -> None:
    rows = [(f"u{n}", f"i{n % 3}", n * DAY) for n in range(20)]
    data = Interactions.from_events(
        "d", pl.DataFrame(rows, schema=["user", "item", "time"], orient="row"), time_kind="timestamp"
    )
    found = parts("d", data, SplitSpec(kind="temporal"))
    assert found.train_after_valid_share == 0
    assert found.parts["valid"].n_new_users == found.parts["valid"].n_rows == 2
    assert found.parts["valid"].n_new_items == 0
    assert found.parts["valid"].new_share == 1.0


def test_popularity_tells_how_few_items_hold_how_many_rows() -> None:
    frame = pl.DataFrame({"user": [f"u{n}" for n in range(200)], "item": ["hit"] * 100 + [f"i{n}" for n in range(100)]})
    found = popular("d", Interactions.from_events("d", frame), None)
    assert (found.top_1_share, found.top_10_share) == pytest.approx((0.5, (100 + 9) / 200))


def test_the_latest_come_first_only_where_there_is_an_order() -> None:
    with_times, without = user("d", read(), "b"), user("d", read(with_time=False), "b")
    assert [row.item for row in with_times.rows][:2] == ["“y”", "“x”"]
    assert [row.item for row in without.rows] == ["“x”", "“x”", "“x”", "“y”"]
    assert "the latest first" in word("inspect_data", with_times)
    assert "latest" not in word("inspect_data", without)
    assert "as they stand in the file, which has no times" in word("inspect_data", without)
    assert item("d", read(), "x").rows[0].user == "“c”"  # on day 9


@pytest.mark.parametrize("what", ["values", "times", "counts", "parts", "repeats", "popular"])
@pytest.mark.parametrize("kind", [{}, {"with_time": False}, {"with_rating": False}])
def test_every_count_is_small_and_has_words_in_both_languages(what: str, kind: dict[str, Any]) -> None:
    data = read(**kind)
    found: Result = parts("d", data, SplitSpec(kind="random")) if what == "parts" else LOOKS[what]("d", data, None)
    assert len(str(as_json(found))) < 1500
    for told in (word("inspect_data", found), in_chinese("inspect_data", found)):
        assert "**d**" in told and "None" not in told
