from datetime import UTC, date, datetime
from datetime import time as dt_time
from pathlib import Path

import polars as pl
import pytest

from recmodels.data.reading.read import read_interactions
from recmodels.data.reading.table import Table
from recmodels.data.reading.times import read_times
from recmodels.errors import DataError

NOON = int(datetime(2024, 1, 31, 12, 0, tzinfo=UTC).timestamp())
MIDNIGHT = NOON - 43_200


def at(month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    """Seconds of a moment in 2024."""
    return int(datetime(2024, month, day, hour, minute, second, tzinfo=UTC).timestamp())


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


def test_month_and_day_of_tmall_are_of_2014(write) -> None:
    rows = "".join(f"{n % 2},{n},7,{day},{n % 3}\n" for n, day in enumerate(("1111", "0511", "829", "1112")))

    data = read_interactions(write("x.csv", f"user_id,item_id,brand_id,time_stamp,action_type\n{rows}"))

    assert data.time_kind == "timestamp"
    assert {datetime.fromtimestamp(t, UTC).strftime("%Y%m%d") for t in data.times.tolist()} == {
        *("20141111", "20140511", "20140829", "20141112")
    }
    assert "`time_stamp` tells month and day alone (MMDD); it was read as of 2014, the year of Tmall's" in data.notes


def test_dates_of_parquet_are_read(tmp_path: Path) -> None:
    frame = pl.DataFrame({"user": [1, 1], "item": [1, 2], "date": [date(2024, 1, 31), date(2024, 1, 30)]})
    frame.write_parquet(tmp_path / "x.parquet")

    data = read_interactions(tmp_path / "x.parquet")

    assert data.times.tolist() == [MIDNIGHT - 86_400, MIDNIGHT]
    assert [data.item_ids[int(i)] for i in data.history(0)] == ["2", "1"]


FORMS: dict[str, dict[str, int | None]] = {
    "twelve hours": {"4/22/2024 1:21 PM": at(4, 22, 13, 21), "5/25/2024 12:03 AM": at(5, 25, 0, 3)},
    "with seconds": {
        "4/22/2024 1:21:05 p.m.": at(4, 22, 13, 21, 5),
        "5/5/2024 2:03:07 am": at(5, 5, 2, 3, 7),
    },
    "german": {"22.04.2024 13:21": at(4, 22, 13, 21), "5.5.2024": at(5, 5), "25.05.24": at(5, 25)},
    "french": {"22/04/2024 13h21": at(4, 22, 13, 21), "01/05/2024 04h03": at(5, 1, 4, 3)},
    "two digits": {
        "1/31/24 17:07": at(1, 31, 17, 7),
        "2/1/24 8:00": at(2, 1, 8),
        "2/1/69": -28_857_600 + 86_400 * 36525,
    },
    "day first": {"22-04-2024": at(4, 22), "1-5-2024": at(5, 1)},
    "offsets": {"2024-04-22T12:00:00Z": at(4, 22, 12), "2024-04-22T12:00:00+02:00": at(4, 22, 10)}
    | {"2024-04-22 12:00:00.5": at(4, 22, 12), "2024-04-22 12:00:00-0500": at(4, 22, 17)},
    "oracle": {"31-JAN-24 05.07.00.000000 PM": at(1, 31, 17, 7), "01-FEB-24 05.07.00.000000 AM": at(2, 1, 5, 7)},
    "sas": {"31JAN2024:12:00:00": at(1, 31, 12), "01FEB2024:13:00:00": at(2, 1, 13)},
    "apache": {"31/Jan/2024:12:00:00 +0000": at(1, 31, 12)},
    "month first": {"Jan 31, 2024 5:07 PM": at(1, 31, 17, 7), "March 5, 2024": at(3, 5), "Feb 1st, 2024": at(2, 1)},
    "day and month": {"31 January 2024": at(1, 31), "1. März 2024 17:05": at(3, 1, 17, 5), "1 août 2024": at(8, 1)},
    "mail": {"Wed, 31 Jan 2024 12:00:00 +0000": at(1, 31, 12)},
    "javascript": {"Wed Jan 31 2024 12:00:00 GMT+0100 (CET)": at(1, 31, 11)},
    "unix": {"Wed Jan 31 12:00:00 UTC 2024": at(1, 31, 12), "Thu Feb 1 12:00:00 2024": at(2, 1, 12)},
    "long": {"Wednesday, January 31, 2024 12:00 PM": at(1, 31, 12)},
    "chinese": {"2024年1月31日 12:00": at(1, 31, 12)},
    "hours": {"2024-01-31 12": at(1, 31, 12), "2024-01-31T13": at(1, 31, 13)},
    "comma": {"2024-01-31 12:00:00,123": at(1, 31, 12)},
    "database": {"2024-01-31 12:00:00 UTC": at(1, 31, 12), "NULL": None, "\\N": None, "": None},
    "YYYYMMDDHHMMSS": {"20240131123000": at(1, 31, 12, 30), "20240201000000": at(2, 1)},
    "YYYYMMDDHHMM": {"202401311230": at(1, 31, 12, 30), "202402010000": at(2, 1)},
    "YYYYMMDDHH": {"2024013112": at(1, 31, 12), "2024020123": at(2, 1, 23)},
    "YYMMDDHH": {"24102100": at(10, 21), "24102101": at(10, 21, 1), "24102923": at(10, 29, 23)},
    "excel": {"45322.5": NOON, "45323.25": at(2, 1, 6)},
    "excel, its last digits lost": {
        "45322.4999999": NOON,
        "45322.3333333333": at(1, 31, 8),
        "45322.7": at(1, 31, 16, 48),
    },
    "excel with milliseconds": {"45322.5000057870": NOON, "45322.5000115741": NOON + 1, "45322.5": NOON},
    "german excel": {"45322,5": NOON, "45323,25": at(2, 1, 6)},
    "julian days": {"2460341.0": NOON, "2460342.5": at(2, 2)},
    "ticks": {"638422992000000000": NOON, "638422992010000000": NOON + 1},
    "filetime": {"133511760000000000": NOON, "133511760010000000": NOON + 1},
    "chrome": {"13351176000000000": NOON, "13351176001000000": NOON + 1},
    "json of .NET": {f"/Date({NOON}000)/": NOON, f"/Date({NOON + 1}000+0100)/": NOON + 1},
    "mixed units": {
        f"{NOON}": NOON,
        f"{NOON + 1}007": NOON + 1,
        f"{NOON + 2}": NOON + 2,
        f"{NOON + 3}000000": NOON + 3,
    },
    "thailand": {"29/02/2567 12:00": at(2, 29, 12), "01/02/2567 09:30": at(2, 1, 9, 30), "31/1/2567 12:00": NOON},
    "thailand, year first": {"2567-02-29": at(2, 29), "2567-01-31": at(1, 31)},
    "thailand, months by name": {"29 ก.พ. 2567": at(2, 29), "31 มกราคม 2567": at(1, 31)},
    "thailand, one number": {"25670229": at(2, 29), "25670131": at(1, 31), "25670201": at(2, 1)},
    "YYMMDDHH of 2025, no year of Thailand": {f"2501{n:02d}11": at(1, n, 11) + 366 * 86_400 for n in range(1, 29)},
    "thousands": {f"{NOON:,}": NOON, f"{NOON + 1:,}": NOON + 1},
}


def column(*written: str, **others: list[str]) -> Table:
    frame = pl.DataFrame({"t": written, **others})
    return Table(path=Path("x.csv"), kind="csv", frame=frame, first_line=2)


@pytest.mark.parametrize("form", FORMS)
def test_times_are_read_as_programs_write_them(form: str) -> None:
    times = read_times(column(*FORMS[form]), "t")

    assert times.values.to_list() == list(FORMS[form].values())
    assert times.kind == "timestamp"


@pytest.mark.parametrize(
    ("written", "note"),
    [
        (("1.70671E+09", "1.70672E+09"), "2 of 2 rows have a time that scientific notation has rounded, the first is"),
        (("4/22/2024", "5/1/2024"), "`t` was read as month/day/year"),
        (
            ("22/4/2566", "1/5/2567"),
            "check `t`: its years are 2566 to 2567, as the Buddhist era counts in Thailand; 543 was taken off each",
        ),
        (tuple(f"{n // 3 + 5}{n:02d}" for n in range(1, 13)), "check `t`: it may tell month and day without the year"),
        (("22/4/2024", "1/5/2024"), "`t` was read as day/month/year"),
        (("70-01-31", "99-01-31"), "`t` was read as year-month-day"),
        (("14102100", "14102101", "14102102"), "`t` was read as YYMMDDHH"),
        (
            (f"{NOON}", f"{NOON}000", f"{NOON}"),
            "is in seconds in most rows, 1 in milliseconds, the first in line 3",
        ),
        ((f"{NOON}", "0", f"{NOON}"), "check `t`: 1 of 3 rows (33.3%) have a time of 1970 or before, the first, 1970-"),
        (
            (f"{NOON}", "253402300799", f"{NOON}"),
            "have a time in the future, the first, 9999-12-31, in line 3 of x.csv",
        ),
        (("2024-01-31 12:00:00+00", "2024-01-31 12:00:00"), "1 of 2 values of `t` have no offset as the others have"),
        ((*[f"{NOON}"] * 20, "soon"), "1 of 21 rows (4.8%) were left out, since column 't' must hold a time, it is 's"),
        ((*["2024-01-31"] * 20, "soon"), "1 of 21 rows (4.8%) were left out, since column 't' must hold a time (sec"),
        ((*["20240131"] * 20, "20240230"), "1 of 21 rows (4.8%) were left out, since column 't' must hold a time (sec"),
    ],
)
def test_what_was_decided_about_times_is_said(written: tuple[str, ...], note: str) -> None:
    assert any(note in told for told in read_times(column(*written), "t").notes)


def test_month_and_day_either_way_round_are_refused_where_the_order_depends_on_it() -> None:
    with pytest.raises(DataError, match=r"says month/day/year or day/month/year: .* in line 2 of x.csv"):
        read_times(column("04/05/2024", "05/04/2024", "06/03/2024"), "t")

    same = read_times(column("04/05/2024 10:00", "04/05/2024 11:00"), "t")

    assert same.values.to_list() == [at(4, 5, 10), at(4, 5, 11)]


def test_more_broken_times_than_few_are_refused_with_their_share() -> None:
    with pytest.raises(DataError, match=r"it is 'soon' in line 22 of x.csv; 9% of the rows are so, at most 5%"):
        read_times(column(*["2024-01-31"] * 20, "soon", "late"), "t")


@pytest.mark.parametrize(
    ("columns", "time"),
    [
        ({"date": "2024-01-31", "time": "12:00:00"}, "date+time"),
        ({"Date": "31.01.2024", "clock": "12:00"}, "Date+clock"),
        ({"date": "1/31/2024", "time": "12:00 PM"}, "date+time"),
        ({"date": "20240131", "time": "1200"}, "date+time"),
        ({"date": "20240131", "hour": "12"}, "date+hour"),
        ({"date": "2024-01-31 00:00:00", "start": "12:00:00"}, "date+start"),
        ({"day": "31", "month": "1", "year": "2024", "hour": "12"}, "year+month+day+hour"),
        ({"date_day": "31", "date_month": "1", "date_year": "2024", "date_hour": "12", "date_minute": "0"}, None),
        ({"year": "2024", "month": "Jan", "day": "31", "hh": "12", "mi": "00", "ss": "0"}, None),
    ],
)
def test_a_time_in_several_columns_is_joined(columns: dict[str, str], time: str | None, write) -> None:
    names, values = ",".join(columns), ",".join(columns.values())

    data = read_interactions(write("x.csv", f"user,item,{names}\n1,a,{values}\n1,b,{values}\n2,b,{values}\n"))

    assert set(data.times.tolist()) == {NOON}
    assert data.columns["time"] == time or time is None
    assert data.time_kind == "timestamp"


def test_days_beside_several_clocks_are_said_to_have_no_time_of_day(write) -> None:
    rows = "1,a,2024-01-31,12:00,13:00\n1,b,2024-01-31,11:00,12:30\n"

    data = read_interactions(write("x.csv", f"user,item,date,start,end\n{rows}"))

    assert set(data.times.tolist()) == {MIDNIGHT}
    assert any("`start`, `end` may tell the time of day: `time=date+start` joins them" in note for note in data.notes)


def test_the_columns_of_a_time_can_be_given(write) -> None:
    path = write("x.csv", "1,a,2024-01-31,x,12:00\n1,b,2024-01-31,y,11:00\n")

    for given in ("3+5", "column_3+column_5"):
        data = read_interactions(path, columns={"user": "1", "item": "2", "time": given})

        assert data.times.tolist() == [NOON - 3600, NOON]
    with pytest.raises(DataError, match="has no column 'clock'"):
        read_interactions(path, columns={"user": "1", "item": "2", "time": "3+clock"})


def test_dates_and_clocks_of_parquet_are_joined(tmp_path: Path) -> None:
    rows = {"user": [1, 1], "item": [1, 2], "date": [date(2024, 1, 31)] * 2, "time": [dt_time(12), dt_time(11)]}
    pl.DataFrame(rows).write_parquet(tmp_path / "x.parquet")

    assert read_interactions(tmp_path / "x.parquet").times.tolist() == [NOON - 3600, NOON]


@pytest.mark.parametrize("bad", ["yesterday", "2024-13-45"])
def test_text_that_is_no_time_is_named_with_its_place(bad: str, write) -> None:
    path = write("x.csv", f"user,item,date\n1,a,2024-01-31\n1,b,{bad}\n")

    with pytest.raises(DataError, match=rf"column 'date' must hold a time .*, it is '{bad}' in line 3 of x.csv"):
        read_interactions(path)


def test_text_among_numeric_times_is_named_with_its_place(write) -> None:
    path = write("x.csv", f"user,item,ts\n1,a,{NOON}\n1,b,soon\n")

    with pytest.raises(DataError, match=r"column 'ts' must hold a time, it is 'soon' in line 3 of x.csv"):
        read_interactions(path)
