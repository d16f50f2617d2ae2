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
