"""Dates written as numbers, weeks and months, zones by name, and a line of names among the rows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recmodels.data.catalogue import Catalogue
from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions
from recmodels.data.reading.writing import read_here
from recmodels.data.versions import append
from recmodels.errors import DataError

FIRST, N = datetime(2023, 3, 28, 5, 20, 7, tzinfo=UTC), 60


def read(folder: Path, write: Callable[[datetime], str], step: timedelta, **columns: str) -> Interactions:
    lines = [f"u{n % 4},i{n},{write(FIRST + n * step)}" for n in range(N)]
    path = folder / "log.csv"
    path.write_text("\n".join(["user,item,date", *lines[::2], *lines[1::2], ""]))
    return read_interactions(path, columns=columns)


def moments(data: Interactions) -> list[int]:
    assert data.times is not None
    return sorted(data.times.tolist())


@pytest.mark.parametrize(
    ("form", "name", "unit_s"),
    [
        ("%Y%m%d", "YYYYMMDD", 86_400),
        ("%d%m%Y", "DDMMYYYY", 86_400),
        ("%m%d%Y", "MMDDYYYY", 86_400),
        ("%y%m%d%H", "YYMMDDHH", 3600),
        ("%y%m%d", "YYMMDD", 86_400),
        ("%y%m%d%H%M", "YYMMDDHHMM", 60),
        ("%d%m%Y%H%M", "DDMMYYYYHHMM", 60),
        ("%d%m%Y%H%M%S", "DDMMYYYYHHMMSS", 1),
    ],
)
def test_a_column_shows_how_its_numbers_write_dates(tmp_path: Path, form: str, name: str, unit_s: int) -> None:
    step = timedelta(hours=29)

    data = read(tmp_path, lambda moment: moment.strftime(form), step)

    assert f"`date` was read as {name}" in data.notes
    whole = [int((FIRST + n * step).timestamp()) for n in range(N)]
    assert moments(data) == [second - second % unit_s for second in whole]


def test_two_likely_forms_of_a_number_are_asked_about(tmp_path: Path) -> None:
    def write(moment: datetime) -> str:
        return f"{moment.day % 12 + 1:02d}{moment.month:02d}2023"

    with pytest.raises(DataError, match=r"DDMMYYYY or MMDDYYYY: .* say it with dates=day-first, dates=month-first"):
        read(tmp_path, write, timedelta(days=2))
    assert "`date` was read as MMDDYYYY" in read(tmp_path, write, timedelta(days=2), dates="month-first").notes


def test_a_person_says_how_dates_are_written(tmp_path: Path) -> None:
    def write(moment: datetime) -> str:
        return f"{moment.day % 12 + 1:02d}/{moment.month:02d}/23"

    with pytest.raises(DataError, match="say it with dates=day-first"):
        read(tmp_path, write, timedelta(days=2))
    assert "`date` was read as day/month/year" in read(tmp_path, write, timedelta(days=2), dates="Day first").notes
    with pytest.raises(DataError, match="dates must be one of day-first, month-first, year-first, it is 'european'"):
        read(tmp_path, write, timedelta(days=2), dates="european")


@pytest.mark.parametrize(
    ("write", "what"),
    [
        (lambda moment: moment.strftime("%G-W%V"), "weeks"),
        (lambda moment: moment.strftime("KW%V/%G"), "weeks"),
        (lambda moment: moment.strftime("%b-%y"), "months"),
        (lambda moment: moment.strftime("%B %Y"), "months"),
        (lambda moment: moment.strftime("%m/%Y"), "months"),
        (lambda moment: moment.strftime("%Y-%m"), "months"),
        (lambda moment: f"{moment.year}-Q{(moment.month + 2) // 3}", "quarters"),
    ],
)
def test_weeks_months_and_quarters_are_coarse_times(
    tmp_path: Path, write: Callable[[datetime], str], what: str
) -> None:
    data = read(tmp_path, write, timedelta(days=1))

    first = {"weeks": "2023-03-27", "months": "2023-03-01", "quarters": "2023-01-01"}[what]
    assert datetime.fromtimestamp(moments(data)[0], UTC).date().isoformat() == first
    assert f"`date` tells {what} alone, and each was read as its first day" in data.notes
    assert any("4 of 4 users have several events of one `date`" in note for note in data.notes)


def test_zones_by_name_are_offsets(tmp_path: Path) -> None:
    def write(moment: datetime) -> str:
        summer = moment.hour % 2
        local = moment - timedelta(hours=7 if summer else 8)
        return local.strftime(f"%a %b %d %H:%M:%S {'PDT' if summer else 'PST'} %Y")

    data = read(tmp_path, write, timedelta(hours=29))

    assert moments(data) == [int((FIRST + n * timedelta(hours=29)).timestamp()) for n in range(N)]


def test_names_are_taken_from_a_line_among_the_rows(tmp_path: Path) -> None:
    lines = [f"u{n % 4},i{n},{n % 5 + 1},2023-04-{n % 28 + 1:02d} 10:00:00" for n in range(40)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join([*lines[:25], "customer,product,stars,when_datetime", *lines[25:], ""]))

    data = read_interactions(path)

    assert (data.columns["user"], data.columns["item"], len(data)) == ("customer", "product", 40)
    assert any("the names of the columns were read from line 26 of log.csv" in note for note in data.notes)


def days(first: int, last: int, form: str = "{day:02d}/05/2024") -> str:
    rows = (f"u{day % 3},i{day % 5},{form.format(day=day)}" for day in range(first, last + 1) for _ in range(2))
    return "\n".join(["user,item,date", *rows]) + "\n"


def test_days_that_may_be_months_are_pointed_at(tmp_path: Path) -> None:
    path = tmp_path / "may.csv"
    path.write_text(days(1, 10))
    (said,) = [note for note in read_interactions(path).notes if note.startswith("check `date`")]
    assert "read as month/day/year its days are 2024-01-05 to 2024-10-05, and as day/month/year" in said
    assert "2024-05-01 to 2024-05-10; dates=day-first or" in said
    settled = read_interactions(path, columns={"dates": "day-first"})
    assert not any(note.startswith("check `date`") for note in settled.notes)


@pytest.mark.parametrize("form", ["{day:02d}/05/2024", "{day:02d}052024"])
def test_more_of_a_dataset_is_read_in_the_order_of_its_dates(tmp_path: Path, form: str) -> None:
    catalogue = Catalogue(tmp_path / "datasets", read=read_here)
    for name, text in (("may1", days(8, 24, form)), ("may2", days(1, 10, form)), ("us", days(13, 30, "05/{day}/2024"))):
        (tmp_path / f"{name}.csv").write_text(text)
    assert catalogue.add(tmp_path / "may1.csv").load().choices.date_order == "day-first"
    more = append(catalogue, tmp_path / "may2.csv", "may1")
    assert {datetime.fromtimestamp(moment, UTC).month for moment in moments(more.load())} == {5}
    assert any("read as may1 was: dates=day-first" in note for note in more.notes)
    refused = (
        "to be read day-first, as was said or as the dataset was read, and '05/13/2024' in line 2 of us.csv is month"
    )
    with pytest.raises(DataError, match=refused):
        append(catalogue, tmp_path / "us.csv", "may1")
    said = append(catalogue, tmp_path / "us.csv", "may1", columns={"dates": "month-first"})
    assert said.load().choices.in_words() == "dates=month-first" and not any("dates=day" in note for note in said.notes)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2024年1月3日 9:23", "2024年1月14日 午後9時5分"),
        ("3 de enero de 2024, 9:23", "14 de enero de 2024, 21:05"),
        ("3 janvier 2024 à 9h23", "14 janvier 2024 à 21h05"),
        ("2024-01-03 kl. 09.23", "2024-01-14 kl. 21.05"),
        ("03.01.2024, 09:23 Uhr", "14.01.2024, 21:05 Uhr"),
        ("2024/1/3 上午9:23:00", "2024/1/14 下午9:05:00"),
        ("3 января 2024 г., 09:23", "14 января 2024 г., 21:05"),
        ("2024년 1월 3일 오전 9:23", "2024년 1월 14일 오후 9:05"),
        ("Wednesday, January 3, 2024 9:23 AM", "Sunday, January 14, 2024 9:05 PM"),
        ("3 ocak 2024 09:23", "14 ocak 2024 21:05"),
    ],
)
def test_dates_in_words_are_found_and_read_under_any_name(tmp_path: Path, first: str, second: str) -> None:
    path = tmp_path / "log.csv"
    lines = [f'u{n % 6},i{n * 5 % 11},"{(first, second)[n // 7 % 2]}"' for n in range(60)]
    path.write_text("\n".join(["user,item,foo", *lines, ""]), encoding="utf-8")

    data = read_interactions(path)

    assert data.columns["time"] == "foo" and data.times is not None
    assert {*data.times.tolist()} == {1_704_273_780, 1_705_266_300}


def test_names_with_a_year_in_them_are_no_dates(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    lines = [f"u{n % 6},Film {n * 5 % 11} ({1990 + n % 7}),Teil {n % 5} von 2024" for n in range(60)]
    path.write_text("\n".join(["user,foo,bar", *lines, ""]), encoding="utf-8")

    assert read_interactions(path, columns={"item": "foo"}).time_kind == "none"
