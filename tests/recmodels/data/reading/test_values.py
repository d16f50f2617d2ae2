from pathlib import Path

import numpy as np
import polars as pl
import pytest

from recmodels.data.reading.read import read_interactions
from recmodels.data.reading.table import Table
from recmodels.data.reading.values import ids, numbers
from recmodels.errors import DataError


def table(*written: str | float | None, dtype: type[pl.DataType] = pl.String) -> Table:
    return Table(
        path=Path("x.csv"), kind="csv", frame=pl.DataFrame({"c": pl.Series(written, dtype=dtype)}), first_line=2
    )


NUMBERS: dict[str, dict[str | None, float | None]] = {
    "plain": {"4": 4, "3.5": 3.5, "-1": -1, ".5": 0.5, "1.5E+03": 1500, "+2": 2, " 5 ": 5},
    "decimal comma": {"0,5": 0.5, "4": 4, "-3,25": -3.25, "1,5E+03": 1500},
    "decimal comma and point": {"0,5": 0.5, "3.5": 3.5},
    "english thousands": {"1,234.5": 1234.5, "2,000": 2000, "3": 3, "-1,234,567": -1234567},
    "german thousands": {"1.234,5": 1234.5, "2.000": 2000, "3": 3, "1.234.567": 1234567},
    "thousands with dots, beside small numbers": {"1.234": 1234, "5": 5, "12": 12},
    "three decimals, since there are less than one": {"1.234": 1.234, "0.500": 0.5, "12": 12},
    "thousands with commas, beside small numbers": {"1,234": 1234, "5": 5, "12": 12},
    "three decimals, beside a large number": {"1,234": 1.234, "5000": 5000},
    "narrow no-break space": {"1\u202f234,5": 1234.5, "1\u00a0000": 1000, "12": 12},
    "swiss": {"1'234.5": 1234.5, "1\u2019000": 1000},
    "per cent": {"20%": 20, "40 %": 40, "0": 0},
    "currency before": {"$5": 5, "-$1,200": -1200, "$ 3.50": 3.5},
    "currency after": {"5 €": 5, "3,50€": 3.5, "-2 €": -2},
    "negative": {"(5)": -5, "\u22123": -3, "2-": -2, "($1.50)": -1.5},
    "truth values": {"TRUE": 1, "FALSE": 0, "true": 1},
    "yes and no": {"yes": 1, "No": 0, "Y": 1, "n": 0, "1": 1},
    "ticks": {"x": 1, "X": 1, None: 0},
    "full width": {"５": 5, "３．５": 3.5},
    "verdicts": {"Love": 1, "Strongly dislike": -1, "Neutral": 0, "Not seen": None, "👍": 1, "Not Recommended": -1},
    "of five": {"4/5": 4, "3 / 5": 3},
    "of five and of ten": {"4/5": 8, "3 / 5": 6, "8/10": 8, "10/10": 10},
    "fractions": {"1/2": 0.5, "3/4": 0.75},
    "stars": {"★★★★☆": 4, "★½": 1.5},
    "missing": {"4": 4, "NULL": None, "\\N": None, "#N/A": None, "#VALUE!": None, "-": None, "n/a": None, "": None},
    "missing in pandas and R": {"(null)": None, "<NA>": None, "NaN": None, "inf": None, None: None, "5": 5},
}


@pytest.mark.parametrize("way", NUMBERS)
def test_numbers_are_read_as_their_column_writes_them(way: str) -> None:
    written = NUMBERS[way]

    assert numbers(table(*written), "c", "a number").values.to_list() == list(written.values())


@pytest.mark.parametrize(
    ("written", "note"),
    [
        (("0,5", "4"), "`c`: `,` stands before decimals, so `0,5` was read as 0.5"),
        (("1,234", "4"), "`c`: `,` parts thousands, so `1,234` was read as 1234"),
        (("1.234", "4"), "`c`: `.` parts thousands, so `1.234` was read as 1234"),
        (("20%", "4%"), "`c`: per cents were read as 20 for `20%`"),
        (
            ("7/10", "4/5"),
            "check this: `c` holds ratings of 5 and 10; each was brought to the scale to 10, so `4/5` was read as 8",
        ),
    ],
)
def test_how_numbers_were_read_is_said(written: tuple[str, ...], note: str) -> None:
    assert numbers(table(*written), "c", "a number").notes == (note,)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (("4", "good"), "column 'c' must hold a number, it is 'good' in line 3 of x.csv"),
        (("4/5", "3", "5/5"), "must say of how many in all rows, as '4/5' does, or in none; it is '3' in line 3"),
        (("20%", "0.3"), "must hold per cents in all rows or in none, it is '0.3' in line 3"),
        (("€5", "$3"), r"must hold amounts of one currency, it has . and .: it says '[€$]\d' in line"),
        (("1,234.5", "0,5"), "must write numbers in one way, it is '(1,234.5|0,5)' in line"),
        (
            (*(f"{n},{n}34" for n in range(1, 10)), *(f"1{n},234" for n in range(10, 30)), "5"),
            "between thousands; say `thousands=c` or `decimals=c` .*; it is '1,134' in line 2",
        ),
        (("4", "4 of five"), "must hold a number, it is '4 of five' in line 3"),
    ],
)
def test_numbers_that_may_be_two_things_are_refused_with_their_place(written: tuple[str, ...], message: str) -> None:
    with pytest.raises(DataError, match=message):
        numbers(table(*written), "c", "a number")


@pytest.mark.parametrize(("said", "first"), [("thousands", 5018), ("decimals", 5.018)])
def test_counts_with_three_digits_after_each_dot_are_asked_about_and_read_as_is_said(
    said: str, first: float, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    rows = [f"u{n % 7};i{n % 9};{5 + n % 3}.{n + 18:03d}" for n in range(60)]
    path.write_text("\n".join(["user;item;plays", *rows]) + "\n")

    with pytest.raises(DataError, match=r"say `thousands=plays` or `decimals=plays` .*; it is '5.018' in line 2 of x"):
        read_interactions(path)
    data = read_interactions(path, columns={said: "plays"})

    assert any("as you said" in note for note in data.notes)
    assert data.weights is not None and np.float32(first + (0.042 if first < 10 else 42)) in data.weights
    path.write_text(path.read_text().replace("plays", "hours"))
    assert read_interactions(path).columns["weight"] == "hours"


IDS: dict[str, tuple[dict[str | None, str | None], str | None]] = {
    "whole": ({"26": "26", "7": "7"}, None),
    "leading zeros, signs and case": ({"007": "007", "7": "7", "+7": "+7", "a": "a", "A": "A"}, None),
    "blanks around": ({" u1": "u1", "u1\u00a0": "u1"}, None),
    "versions": ({"1.0": "1.0", "v2": "v2", "1": "1"}, None),
    "codes with an E": ({"1E5": "1E5", "12": "12"}, None),
    "pandas' floats": ({"26.0": "26", "3.0": "3", None: None}, None),
    "floats and whole": ({"26": "26", "26.0": "26"}, "`26.0` in line 3 of x.csv is the same id as `26`"),
    "thousands": ({"1,234": "1234", "12": "12"}, "`1,234` in line 2 of x.csv has a separator between thousands"),
    "R's scientific": ({"1e+05": "100000", "99999": "99999"}, "`1e+05` in line 2 of x.csv was read as `100000`"),
    "formula": ({'="007"': "007", "8": "8"}, "is Excel's way to write `007` as text"),
    "apostrophe": ({"'007": "007", "'t Hooft": "'t Hooft"}, "is Excel's way to write `007` as text"),
    "made a date": ({"1-Feb": "1-Feb", "2-3": "2-3", "4-5": "4-5"}, "`1-Feb` in line 2 of x.csv may be an id that"),
    "missing among numbers": (
        {"26": "26", "NULL": None, "\\N": None, "nan": None, "None": None, "NA": None, "(null)": None, "": None},
        "`NULL` in line 3 of x.csv says that there is no value; so in 6 of 8 rows",
    ),
    "missing among codes": (
        {"u1": "u1", "NA": None, "u2": "u2"},
        "`NA` in line 3 of x.csv says that there is no value",
    ),
    "a name among words": (
        {"anna": "anna", "NA": "NA", "bob": "bob"},
        "`NA` in line 3 of x.csv was kept as an id of its own",
    ),
    "a name among few words": (
        {"1": "1", "2": "2", "anna": "anna", "NULL": None},
        "`NULL` in line 5 of x.csv says that there is no value",
    ),
    "never a name": ({"anna": "anna", "\\N": None, "bob": "bob"}, "`\\N` in line 3 of x.csv says that there is no"),
}


@pytest.mark.parametrize("way", IDS)
def test_ids_are_told_from_how_programs_write_them(way: str) -> None:
    written, note = IDS[way]

    read = ids(table(*written), "c")

    assert read.values.cast(pl.String).to_list() == list(written.values())
    assert any(note in told for told in read.notes) if note else not read.notes


def test_a_word_in_far_more_rows_than_any_id_is_missing_also_among_words() -> None:
    read = ids(table("anna", "bob", "carla", *["None"] * 5), "c")

    assert read.values.cast(pl.String).to_list() == ["anna", "bob", "carla", *[None] * 5]
    assert "so in 5 of 8 rows" in read.notes[0]


def test_ids_that_lost_their_digits_are_refused_with_share_and_place() -> None:
    with pytest.raises(DataError, match=r"67% of its rows have lost digits .* the first is `1.23E\+17` in line 3"):
        ids(table("5", "1.23E+17", "2.34E+17"), "c")
    with pytest.raises(DataError, match=r"67% of its rows have lost digits .* the first is `1,23E\+17` in line 3"):
        ids(table("5", "1,23E+17", "2,34E+17"), "c")


def test_few_ids_that_lost_their_digits_are_said() -> None:
    read = ids(table(*map(str, range(40)), "1.23E+17"), "c")

    assert read.values.cast(pl.String)[40] == "1.23E+17"
    assert "`1.23E+17` in line 42 of x.csv is an id that lost digits" in read.notes[0]


def test_ids_beyond_what_a_float_holds_are_said() -> None:
    read = ids(table(7.0, None, float(2**53 + 2), dtype=pl.Float64), "c")

    assert read.values.to_list() == [7, None, 2**53 + 2]
    assert "1 ids are longer, the first in line 4 of x.csv" in read.notes[0]
