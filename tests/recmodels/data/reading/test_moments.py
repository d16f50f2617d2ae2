"""Which of several columns of moments is the time: what comes first by name and by values, else a question."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions
from recmodels.errors import AmbiguousColumns

DAY, N = date(2023, 4, 1), 90


def read(folder: Path, names: str, shifts: tuple[int, ...], **columns: str) -> Interactions:
    """A file with columns of dates, each so many days after the row's own."""
    lines = [f"user,item,{names},is_canceled"]
    for n in range(N):
        day = DAY + timedelta(days=n * 7 % 83)
        moments = (day + timedelta(days=shift + (n % 5 if shift else 0)) for shift in shifts)
        lines.append(f"u{n % 9},i{n * 5 % 11},{','.join(map(str, moments))},{n % 3 % 2}")
    path = folder / "log.csv"
    path.write_text("\n".join([*lines, ""]))
    return read_interactions(path, columns=columns)


@pytest.mark.parametrize(
    ("names", "shifts", "time"),
    [
        ("due_date,return_date,loan_date", (21, 14, 0), "loan_date"),
        ("check_in,check_out,booked_on", (30, 35, 0), "booked_on"),
        ("valid_until,on", (40, 0), "on"),  # by the values
        ("last_modified,posted", (0, 0), "posted"),  # by the name
    ],
)
def test_the_first_moment_of_a_row_is_its_time(tmp_path: Path, names: str, shifts: tuple[int, ...], time: str) -> None:
    data = read(tmp_path, names, shifts)

    assert (data.columns["time"], data.time_kind) == (time, "timestamp")
    assert any(f"`{time}` was taken for the time of a row, since" in note for note in data.notes)
    assert data.examples is None  # neither what follows nor `is_canceled` is an input
    assert any("is_canceled" in note for note in data.notes if note.startswith("not used to predict"))


def test_moments_of_which_none_is_first_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(AmbiguousColumns, match=r"Several columns hold moments\. Say time=COLUMN") as asked:
        read(tmp_path, "one_day,other_day", (0, 0))

    assert (asked.value.role, asked.value.candidates) == ("time", ("one_day", "other_day"))
    assert read(tmp_path, "one_day,other_day", (0, 0), time="one_day").columns["time"] == "one_day"
    assert read(tmp_path, "one_day,other_day", (0, 0), time="").time_kind == "none"


@pytest.mark.parametrize("n_rows", [3, 6])
def test_in_a_short_file_the_names_tell_the_first_moment(tmp_path: Path, n_rows: int) -> None:
    rows = [f"u{n % 3},s{n % 2},2024-01-0{n + 1},2024-01-1{n},2020-01-0{n + 1}" for n in range(n_rows)]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["buyer,sku,ordered_at,shipped_at,user_created_at", *rows, ""]))

    data = read_interactions(path)

    assert (data.columns["time"], data.time_kind) == ("ordered_at", "timestamp")
    assert any("`ordered_at` was taken for the time of a row, since its name says so" in note for note in data.notes)


def test_in_a_short_file_moments_that_no_name_tells_are_said(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "buyer,sku,one,other\na,s,2024-01-01,2024-01-03\nb,s,2024-01-02,2024-01-04\na,t,2024-01-03,2024-01-05\n"
    )

    data = read_interactions(path)

    assert "time" not in data.columns
    assert any(note.startswith("`one`, `other`: moments, and too few rows show") for note in data.notes)


def test_two_columns_of_people_are_asked_about_where_the_moments_have_names_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "gifts.csv"
    rows = "1,a@x.org,b@x.org,s1,2024-01-01\n2,b@x.org,c@x.org,s2,2024-01-02\n3,c@x.org,a@x.org,s1,2024-01-03\n"
    path.write_text(f"order_id,buyer_email,recipient_email,sku,ordered_at\n{rows}")

    with pytest.raises(AmbiguousColumns, match="`buyer_email` or `recipient_email`"):
        read_interactions(path)


def log_of_numbers(folder: Path, header: str, *, related: bool = False, first: int = 1_100_000_000) -> Path:
    """Rows with a number of ten digits that looks like seconds, and with a date where the header names one."""
    number_name, _, date_name = header.partition(",")
    lines = [f"{number_name},user,item" + (f",{date_name}" if date_name else "")]
    for n in range(N):
        day = DAY + timedelta(days=n * 7 % 83)
        of_day = (day - date(1970, 1, 1)).days * 86_400 + n * 977 % 86_400
        number = of_day if related else first + n * 7_919_999 % 580_000_000
        lines.append(f"{number},u{n % 9},i{n * 5 % 11}" + (f",{day}" if date_name else ""))
    path = folder / "numbers.csv"
    path.write_text("\n".join([*lines, ""]))
    return path


@pytest.mark.parametrize(
    "header",
    [
        "Transaction ID,Sale Date",
        "Belegnr,Bestellt am",
        "order_no,dt",
        "reference,when",
        "注文番号,買った日",
        "foo,bar",
    ],
)
def test_a_written_date_goes_before_numbers_that_look_like_moments(tmp_path: Path, header: str) -> None:
    data = read_interactions(log_of_numbers(tmp_path, header))

    assert data.columns["time"] == header.partition(",")[2]
    assert header != "x,y" or any("not `x`, whose numbers look like moments" in note for note in data.notes)


def test_seconds_beside_their_own_date_are_still_the_time(tmp_path: Path) -> None:
    assert read_interactions(log_of_numbers(tmp_path, "sec,day_of_it", related=True)).columns["time"] == "sec"


@pytest.mark.parametrize("header", ["ticket", "Invoice No", "kassenbon_id"])
def test_an_id_that_looks_like_a_moment_is_no_time_without_a_word(tmp_path: Path, header: str) -> None:
    path = log_of_numbers(tmp_path, header)

    data = read_interactions(path)

    assert data.time_kind == "none"
    assert any(note.startswith(f"check this: `{header}` may hold moments") for note in data.notes)
    assert read_interactions(path, columns={"time": header}).time_kind == "timestamp"


def test_numbers_are_the_time_where_no_date_stands_beside_them_unless_of_the_future(tmp_path: Path) -> None:
    assert read_interactions(log_of_numbers(tmp_path, "foo")).columns["time"] == "foo"
    assert read_interactions(log_of_numbers(tmp_path, "foo", first=1_790_000_000)).time_kind == "none"


def test_without_names_too_a_date_goes_before_a_number(tmp_path: Path) -> None:
    path = log_of_numbers(tmp_path, "foo,bar")
    path.write_text(path.read_text().partition("\n")[2])

    assert read_interactions(path).columns["time"] == "column_4"
