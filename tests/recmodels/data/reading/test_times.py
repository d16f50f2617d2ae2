from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError

NOON = int(datetime(2024, 1, 31, 12, 0, tzinfo=UTC).timestamp())
MIDNIGHT = NOON - 43_200


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (str(NOON), NOON),
        (f"{NOON}.0", NOON),
        (f"{NOON}.75", NOON),
        (f"{NOON:e}".replace("e+09", "e9"), pytest.approx(NOON, abs=1000)),
        (str(NOON * 1000 + 5), NOON),
        (str(NOON * 10**6), NOON),
        (str(NOON * 10**9), NOON),
        ("2024-01-31 12:00:00", NOON),
        ("2024-01-31T12:00:00Z", NOON),
        ("2024-01-31T12:00:00.250", NOON),
        ("2024-01-31T14:00:00+02:00", NOON),
        ("2024-01-31 12:00", NOON),
        ("2024-01-31", MIDNIGHT),
        ("20240131", MIDNIGHT),
        ("2024/01/31", MIDNIGHT),
        ("01/31/2024", MIDNIGHT),
        ("31/01/2024 12:00", NOON),
        ("31.01.2024", MIDNIGHT),
        ('"01 31, 2024"', MIDNIGHT),
        ("Wed Jan 31 12:00:00 +0000 2024", NOON),
    ],
)
def test_moments_become_unix_seconds(text: str, seconds: int, write) -> None:
    data = read_interactions(write("x.csv", f"user,item,timestamp\n1,a,{text}\n1,b,{text}\n"))

    assert data.time_kind == "timestamp"
    assert data.times.tolist() == [seconds, seconds]


def test_milliseconds_are_converted_with_a_note_and_keep_the_order_within_a_second(write) -> None:
    rows = "".join(f"1,{item},{NOON * 1000 + ms}\n" for item, ms in (("late", 900), ("early", 100), ("middle", 500)))

    data = read_interactions(write("x.csv", f"user,item,ts\n{rows}"))

    assert data.times.tolist() == [NOON] * 3
    assert [data.item_ids[int(i)] for i in data.history(0)] == ["early", "middle", "late"]
    assert "`ts` is in milliseconds; it was converted to seconds" in data.notes


def test_small_numbers_are_an_order_and_no_time(write) -> None:
    data = read_interactions(write("x.csv", "user,item,timestamp\n1,a,3\n1,b,1\n2,a,2\n"))

    assert data.time_kind == "order"
    assert [data.item_ids[int(i)] for i in data.history(0)] == ["b", "a"]
    assert any("too small for a time since 1970" in note for note in data.notes)


def test_dates_of_parquet_are_read(tmp_path: Path) -> None:
    frame = pl.DataFrame({"user": [1, 1], "item": [1, 2], "date": [date(2024, 1, 31), date(2024, 1, 30)]})
    frame.write_parquet(tmp_path / "x.parquet")

    data = read_interactions(tmp_path / "x.parquet")

    assert data.times.tolist() == [MIDNIGHT - 86_400, MIDNIGHT]
    assert [data.item_ids[int(i)] for i in data.history(0)] == ["2", "1"]


@pytest.mark.parametrize("bad", ["yesterday", "2024-13-45"])
def test_text_that_is_no_time_is_named_with_its_place(bad: str, write) -> None:
    path = write("x.csv", f"user,item,date\n1,a,2024-01-31\n1,b,{bad}\n")

    with pytest.raises(DataError, match=rf"column 'date' must hold a time .*, it is '{bad}' in line 3 of x.csv"):
        read_interactions(path)


def test_text_among_numeric_times_is_named_with_its_place(write) -> None:
    path = write("x.csv", f"user,item,ts\n1,a,{NOON}\n1,b,soon\n")

    with pytest.raises(DataError, match=r"column 'ts' must hold a time, it is 'soon' in line 3 of x.csv"):
        read_interactions(path)
