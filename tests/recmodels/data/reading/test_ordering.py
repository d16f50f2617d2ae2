"""What orders the events of a user: baskets before places in them, positions within a day, files that run backwards."""

from pathlib import Path

import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions

N_USERS = 6


def read(folder: Path, header: str, lines: list[str], **columns: str) -> Interactions:
    path = folder / "log.csv"
    path.write_text("\n".join([header, *lines, ""]))
    return read_interactions(path, columns=columns)


def history(data: Interactions, user: str) -> list[str]:
    number = data.user_ids.to_list().index(user)
    return [data.item_ids[int(item)] for item in data.items[data.users == number]]


def in_baskets(row: str) -> list[str]:
    """Two baskets of three items for each user, the later one first in the file; i0 to i5 are the order."""
    return [
        row.format(u=u, order=u * 10 + basket, basket=basket, item=3 * (basket - 1) + place, place=place + 1)
        for basket in (2, 1)
        for u in range(N_USERS)
        for place in range(3)
    ]


def test_a_position_within_a_basket_comes_after_the_number_of_the_basket(tmp_path: Path) -> None:
    data = read(
        tmp_path, "user_id,order_number,product_id,add_to_cart_order", in_baskets("u{u},{basket},i{item},{place}")
    )

    assert history(data, "u3") == [f"i{n}" for n in range(6)]
    assert data.columns["order"] == "order_number+add_to_cart_order"
    assert "`add_to_cart_order` counts within a visit, so the order is by `order_number` first" in data.notes


def test_baskets_without_a_number_are_said(tmp_path: Path) -> None:
    by_id = read(tmp_path, "user_id,order_id,product_id,position", in_baskets("u{u},{order},i{item},{place}"))
    alone = read(tmp_path, "user_id,product_id,position", in_baskets("u{u},i{item},{place}"))

    assert history(by_id, "u3") == [f"i{n}" for n in range(6)]
    assert any(note.startswith("check ") and "sorted by `order_id`" in note for note in by_id.notes)
    assert any("`position` repeats within users" in note and "order=NUMBER+position" in note for note in alone.notes)


def test_an_order_in_two_columns_can_be_named(tmp_path: Path) -> None:
    lines = in_baskets("u{u},{basket},i{item},{place}")

    data = read(tmp_path, "user_id,a,product_id,b", lines, order="a+b")

    assert history(data, "u0") == [f"i{n}" for n in range(6)]


@pytest.mark.parametrize("column", ["timeframe", "step", "hitNumber", "position"])
def test_positions_break_the_ties_of_a_day(tmp_path: Path, column: str) -> None:
    lines = [f"s{u},i{n},{n * 700},2023-04-{1 + n // 2:02d}" for n in (5, 1, 4, 0, 3, 2) for u in range(N_USERS)]

    data = read(tmp_path, f"session_id,item_id,{column},eventdate", lines)

    assert history(data, "s4") == [f"i{n}" for n in range(6)]
    assert data.time_kind == "timestamp"
    assert data.examples is None  # the position is no input
    assert f"rows of one `eventdate` of a user are in the order of `{column}`" in data.notes


def test_ties_of_days_are_said_and_turned_where_the_file_runs_backwards(tmp_path: Path) -> None:
    lines = [f"u{u},i{n},2023-04-{1 + n // 2:02d}" for n in range(6) for u in range(N_USERS)]

    forwards = read(tmp_path, "user,item,date", lines)
    backwards = read(tmp_path, "user,item,date", lines[::-1])

    assert history(forwards, "u2") == history(backwards, "u2") == [f"i{n}" for n in range(6)]
    assert any("6 of 6 users have several events of one `date`: these stay" in note for note in forwards.notes)
    assert any("these were turned round too" in note for note in backwards.notes)


def test_a_file_in_any_order_is_not_turned(tmp_path: Path) -> None:
    lines = [f"u{u},i{n},2023-04-{1 + n // 2:02d}" for n in (2, 3, 0, 1, 4, 5) for u in range(N_USERS)]

    assert history(read(tmp_path, "user,item,date", lines), "u2") == [f"i{n}" for n in range(6)]


def test_a_time_of_day_orders_the_rows_of_a_day_that_is_a_number(tmp_path: Path) -> None:
    clocks = [1605, 941, 2333, 5, 1130, 1259]
    lines = [f"u{u},{1 + place // 3},i{place},{clocks[place]}" for u in range(N_USERS) for place in range(6)]

    data = read(tmp_path, "household_key,DAY,product_id,TRANS_TIME", lines)

    assert history(data, "u2") == ["i1", "i0", "i2", "i3", "i4", "i5"]
    assert "rows of one `DAY` of a user are in the order of `TRANS_TIME`" in data.notes
