from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pytest

from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError

Write = Callable[[str, str | bytes], Path]
NAMES = "user_id,item_id,rating,timestamp"
ROWS = [f"{i % 7},A{i},{i % 5 + 1},{1_587_561_705 + 1000 * i}" for i in range(12)]
PLAIN = "\n".join([NAMES, *ROWS, ""])


def drawn(corner: str, bar: str, rule: str, *, fenced: bool) -> str:
    """The table as a database's shell prints it."""
    cells = [line.split(",") for line in (NAMES, *ROWS)]
    widths = [max(len(row[i]) for row in cells) for i in range(4)]
    left, right = (bar, bar) if fenced else ("", "")
    lines = [left + bar.join(f" {c.ljust(w)} " for c, w in zip(row, widths, strict=True)) + right for row in cells]
    ruling = corner.join(rule * (width + 2) for width in widths)
    ruling = corner + ruling + corner if fenced else ruling
    around = [ruling] if fenced else []
    return "\n".join([*around, lines[0], ruling, *lines[1:], *around])


def listed(values: npt.NDArray[Any] | None) -> list[Any] | None:
    return None if values is None else values.tolist()


AROUND = {
    "sep": ("sep=;\n" + PLAIN.replace(",", ";"), "line 1 of x.csv above the table (Excel's word for the separator"),
    "sep tab": ("sep=\\t\n" + PLAIN.replace(",", "\t"), "above the table (Excel's word for the separator"),
    "title": ("Ratings export\n" + PLAIN, "line 1 of x.csv above the table (a title, 'Ratings export') was left out"),
    "title and a blank line": ("Ratings\nby me, 2024\n\n" + PLAIN, "lines 1 to 3 of x.csv above the table (a title"),
    "padded title": ("Ratings export,,,\n" + PLAIN, "line 1 of x.csv above the table (a title"),
    "names and values": ("Report,Ratings\nDate,2024-01-31\n\n" + PLAIN, "lines 1 to 3 of x.csv above the table"),
    "blank lines": ("\n\n" + PLAIN, None),
    "comments": (
        "# made by x\n# in 2024\n" + PLAIN,
        "lines 1 to 2 of x.csv above the table (a comment, '# made by x')",
    ),
    "names in a comment": ("# " + PLAIN, f"the names of the columns were read from the comment '{NAMES}'"),
    "konect": (
        "% bip weighted\n% 12 7 12\n" + "\n".join(ROWS).replace(",", " "),
        "lines 1 to 2 of x.csv above the table (a comment, '% bip weighted')",
    ),
    "units": (PLAIN.replace(NAMES, NAMES + "\n-,-,stars,s"), "line 2 of x.csv, '-,-,stars,s', is a line of units"),
    "types": (PLAIN.replace(NAMES, NAMES + "\nvarchar,varchar,integer,bigint"), "is a line of units"),
    "sqlcmd": (PLAIN.replace(NAMES, NAMES + "\n---,---,---,---") + "\n(12 rows affected)\n", "is a ruling under the"),
    "count": (PLAIN + "\n12 rows selected.\n", "the last line of x.csv, '12 rows selected.', is no row"),
    "copy": (PLAIN + "\\.\n", "the last line of x.csv, '\\\\.', is no row and was left out"),
    "second table": (
        f"{PLAIN}\nChannel,Sessions,Users,Share\nDirect,5,4,1\nSearch,7,6,2\n",
        "line 15 of x.csv, 'Channel,Sessions,Users,Share', stands below a blank line and begins another table",
    ),
    "narrower table": (f"{PLAIN}\nChannel,Sessions\nDirect,5\n", "line 15 of x.csv, 'Channel,Sessions', stands"),
    "padded table": (f"{PLAIN},,,\nChannel,Sessions,,\nDirect,5,,\n", "line 15 of x.csv, 'Channel,Sessions,,', stands"),
    "wider table": (f"{PLAIN}\na,b,c,d,e\n1,2,3,4,5\n1,2,3,4,5\n", "line 15 of x.csv, 'a,b,c,d,e', stands"),
    "blank lines between rows": (PLAIN.replace("\n3,", "\n\n3,"), None),
    "total": (PLAIN + "Total,,36,\n", "the last line of x.csv, 'Total,,36,', is no row and was left out"),
    "mysql": (drawn("+", "|", "-", fenced=True) + "\n12 rows in set (0.00 sec)\n", "the lines drawn around the table"),
    "psql": (drawn("+", "|", "-", fenced=False) + "\n(12 rows)\n\n", "the lines drawn around the table"),
    "box": (drawn("┼", "│", "─", fenced=True), "the lines drawn around the table"),
    "prompt": (
        "mysql> use shop; table r;\n" + drawn("+", "|", "-", fenced=True),
        "(a title, 'mysql> use shop; table r;')",
    ),
    "written twice": (PLAIN + NAMES + "\n", "1 rows repeat the names of the columns, the first in line 14 of x.csv"),
}


@pytest.mark.parametrize("around", AROUND)
def test_lines_around_the_table_are_left_out_with_a_note(around: str, write: Write) -> None:
    text, note = AROUND[around]
    expected = read_interactions(write("plain.csv", PLAIN))

    data = read_interactions(write("x.csv", text))

    assert data.user_ids.to_list() == expected.user_ids.to_list()
    assert data.item_ids.to_list() == expected.item_ids.to_list()
    assert listed(data.weights) == listed(expected.weights)
    assert listed(data.times) == listed(expected.times)
    assert not any("were left out" in told and "rows have no" in told for told in data.notes)
    assert any(note in told for told in data.notes) if note else len(data.notes) == len(expected.notes)


@pytest.mark.parametrize(
    ("text", "users"),
    [
        ("#cat,1,5\n#dog,2,3\n#cat,4,3\n#cow,4,3\n", ["#cat", "#dog", "#cow"]),
        ("#cat,1,5\n#dog,2,3\ncow,4,3\n", ["#cat", "#dog", "cow"]),
        ("#tag;u\nx;v\n#tag;w\ny;v\n", ["#tag", "x", "y"]),
        ("%E3%81,1,5\n%E3%82,2,3\nb,4,3\n", ["%E3%81", "%E3%82", "b"]),
        ("user,item\nu1,2\nu2,3\nsum,4\nu3,4\n", ["u1", "u2", "sum", "u3"]),
        ("user,item,event\nanna,a,x\nbob,b,y\ntotal,c,z\n", ["anna", "bob", "total"]),
    ],
)
def test_rows_that_look_like_comments_or_totals_stay(text: str, users: list[str], write: Write) -> None:
    assert read_interactions(write("x.csv", text)).user_ids.to_list() == users


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Ratings\n\n" + PLAIN + "1,A,good,1587561705\n", "it is 'good' in line 16 of x.csv"),
        (PLAIN + NAMES + "\n1,A,good,1587561705\n", "it is 'good' in line 15 of x.csv"),
        ("Ratings\n" + PLAIN + "1,A,3,4,5,6\n", "must have 4 fields like line 2, line 15 has 6"),
        ("1:\n" + "\n".join(ROWS), "has one column, line 1 is '1:'"),
    ],
)
def test_a_place_counts_the_lines_of_the_file(text: str, message: str, write: Write) -> None:
    with pytest.raises(DataError, match=message):
        read_interactions(write("x.csv", text))


def test_numbers_with_a_decimal_comma_and_no_names_are_parted_by_semicolons(write: Write) -> None:
    data = read_interactions(write("x.csv", "".join(f"u{i};A{i % 2};{i},5\n" for i in range(4))))

    assert (data.n_users, data.n_items) == (4, 2)
    assert listed(data.weights) == [0.5, 1.5, 2.5, 3.5]


def test_names_over_numbers_below_a_blank_line_are_no_events(write: Write) -> None:
    rows = "user,item\nu1,a\nu1,b\nu2,a\nu2,c\nu3,b\n"

    data = read_interactions(write("x.csv", f"{rows}\nChannel,Sessions\nDirect,5\n"))

    assert data.user_ids.to_list() == ["u1", "u2", "u3"] and len(data) == 5


def test_of_two_tables_the_longer_one_below_is_not_left_out(write: Write) -> None:
    with pytest.raises(DataError, match=r"two tables, and the second one, from line 5 on"):
        read_interactions(write("x.csv", "day,shop,n\n1,a,1\n2,b,2\n\nuser,item\n" + "u,i\n" * 9))


def test_blank_lines_in_a_text_in_quotes_end_no_table(write: Write) -> None:
    rows = "".join(f'u{n % 3},i{n % 4},"Good.\n\nVery good"\n' for n in range(9))

    assert len(read_interactions(write("x.csv", f"user,item,review\n{rows}"))) == 9
