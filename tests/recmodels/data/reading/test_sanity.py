import time
from collections.abc import Callable

import polars as pl
import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.profile import profile
from recmodels.data.reading.read import read_interactions
from recmodels.data.reading.sanity import sanity
from recmodels.data.reading.writing import summary_of

DAY = 86_400
BEGIN = 1_600_000_000 // DAY * DAY
SOUND = [(f"u{n // 8}", f"i{n * 7 % 24}", BEGIN + n * 3_600) for n in range(96)]


def told(write, rows: list[tuple[object, ...]], header: str = "user,item,timestamp") -> tuple[str, ...]:
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    return _told(read_interactions(write("events.csv", "\n".join(lines) + "\n")))


def _told(data: Interactions) -> tuple[str, ...]:
    return sanity(data, profile(data))


def test_sound_data_are_counted_in_a_line_and_nothing_more(write) -> None:
    rows = [*SOUND, ("u0", "i1", BEGIN + 5 * DAY), ("u0", "i1", BEGIN + 6 * DAY)]

    assert told(write, rows) == (
        "98 events of 12 users with 24 items, 8.17 a user (8 to 10), 2.0% of them repeat a pair, "
        "from 2020-09-13 to 2020-09-19",
    )


@pytest.mark.parametrize("other", ["U3", "u 3", "Ｕ3", "JÃ¶rg", "Jo\u0308rg"])
def test_ids_that_differ_only_in_how_they_are_written_are_pointed_at_and_not_merged(write, other: str) -> None:
    twin = "Jörg" if other[0] == "J" else "u3"
    rows = [*SOUND, (other, "i1", BEGIN), (twin, "i2", BEGIN)]
    data = read_interactions(
        write("events.csv", "user,item,timestamp\n" + "".join(f"{u},{i},{t}\n" for u, i, t in rows))
    )
    assert {other, twin} <= {*data.user_ids}
    found = [note for note in _told(data) if "only in case, blanks or encoding" in note]
    assert len(found) == (other != "u 3") and all(f"1 of {data.n_users} users (`user`)" in note for note in found)


NOW = int(time.time())
ODD: dict[str, tuple[str, list[tuple[object, ...]]]] = {
    # what is said → header and rows
    "there is only one user (`user`)": ("user ts item", [(1, BEGIN + n, n) for n in range(5)]),
    "there is only one item (`item`)": ("user ts item", [(n, BEGIN + n, 1) for n in range(5)]),
    "nearly every row has an item of its own (96 in 96 rows) (`item`)": (
        "user ts item",
        [(u, t, f"x{n}") for n, (u, _, t) in enumerate(SOUND)],
    ),
    "every user has one event (`user`), so there is no next one": (
        "user ts item",
        [(f"x{n}", t, i) for n, (_, i, t) in enumerate(SOUND)],
    ),
    "nearly every row has a user of its own (91 in 96 rows)": (
        "user ts item",
        [(f"x{max(n, 5)}", t, i) for n, (_, i, t) in enumerate(SOUND)],
    ),
    "`session_id` seems to number visits": (
        "session_id ts item",
        [(f"x{n * 6 // 10}", t, i) for n, (_, i, t) in enumerate(SOUND)],
    ),
    "there are only 4 items (`item`)": ("user ts item", [(u, t, f"i{n % 4}") for n, (u, _, t) in enumerate(SOUND)]),
    "all events have the same moment, 2020-09-13 (`ts`)": ("user ts item", [(u, BEGIN, i) for u, i, _ in SOUND]),
    "96 of 96 events are of 1971 or before, the first of 1970-01-01 (`date`)": (
        "user date item",
        [(u, f"1970-01-{n % 28 + 1:02d}", i) for n, (u, i, _) in enumerate(SOUND)],
    ),
    "1 of 96 events lie in the future, the last on 20": (
        "user ts item",
        [(u, t if n else NOW + 10 * DAY, i) for n, (u, i, t) in enumerate(SOUND)],
    ),
    "the items look like moments, such as '2020-01-01' (`item`)": (
        "user ts item",
        [(u, t, f"2020-01-{int(i[1:]) + 1:02d}") for u, i, t in SOUND],
    ),
}


@pytest.mark.parametrize(
    ("second", "is_odd"),
    [
        (lambda n: 20 * (1 + n % 5), True),
        (lambda n: 10 + n % 91, True),
        (lambda n: n * 37 % 101, False),  # a scale to 100 has low ratings too
        (lambda n: 6 + n % 5, False),  # as has one to 10
        (lambda n: 80 if n == 60 else 4, False),  # a slip
    ],
)
def test_two_scales_in_one_column_of_ratings_are_pointed_at(write, second: Callable[[int], int], is_odd: bool) -> None:
    rows = [(u, t, i, 1 + n % 5 if n < 48 else second(n)) for n, (u, i, t) in enumerate(SOUND)]
    found = [one for one in told(write, rows, "user,ts,item,rating") if "two scales in one column" in one]

    assert len(found) == is_odd
    assert all(one.startswith("check this: `rating` holds 1 to 5 in 48 rows and ") for one in found)


@pytest.mark.parametrize("alarm", ODD)
def test_what_can_hardly_be_right_is_to_be_checked(write, alarm: str) -> None:
    header, rows = ODD[alarm]
    alarms = told(write, rows, header.replace(" ", ","))[1:]

    assert all(one.startswith("check this: ") for one in alarms)
    assert any(alarm in one for one in alarms)


def test_ids_that_happen_to_be_numbers_of_ten_digits_are_no_moments(write) -> None:
    assert len(told(write, [(BEGIN + int(u[1:]) * 977, i, t) for u, i, t in SOUND])) == 1


def test_a_header_among_the_rows_is_to_be_checked() -> None:
    events = pl.DataFrame({"user": [*"aabb", "userId"], "item": [*"xyxz", "movieId"]})
    data = Interactions.from_events("x", events, columns={"user": "column_1", "item": "column_2"})

    assert [one for one in _told(data) if "header" in one] == [
        "check this: the user 'userId' is the name of a column: a header seems to stand among the rows",
        "check this: the item 'movieId' is the name of a column: a header seems to stand among the rows",
    ]


def test_the_line_and_what_is_to_be_checked_come_first_and_rows_left_out_are_counted(write) -> None:
    rows = "user,item\n" + "".join(f"u{n % 5},i{n % 4}\n" for n in range(40)) + ",i1\n"
    summary = summary_of(read_interactions(write("x.csv", rows)))

    assert summary.notes[0].startswith("20 events of 5 users with 4 items")
    assert summary.notes[1] == "check this: there are only 4 items (`item`)"
    assert "21 of 41 rows were left out, for the reasons said here" in summary.notes
    assert not any(note.startswith("check this") for note in summary.notes[2:])
