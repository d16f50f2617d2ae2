r"""Exports of databases and spreadsheets: merged cells, quotes as `\"`, columns told beside the rows, NULL ratings."""

import json
from pathlib import Path

import pytest

from recmodels.data.reading.read import read_interactions

READERS, BOOKS = 6, 5


def of_lines(folder: Path, lines: list[str]) -> Path:
    path = folder / "log.csv"
    path.write_text("\n".join([*lines, ""]))
    return path


@pytest.mark.parametrize(("header", "cell"), [("Reader,Book", "Reader {}"), ("Book,Reader", "Book {}")])
def test_merged_cells_are_taken_for_the_rows_below(tmp_path: Path, header: str, cell: str) -> None:
    lines = [
        f"{cell.format(one) if other == 0 else ''},x{other},2024-01-{9 - other + one}"
        for one in range(READERS)
        for other in range(BOOKS)
    ]

    data = read_interactions(of_lines(tmp_path, [f"{header},Read on", *lines]))

    assert len(data) == READERS * BOOKS
    assert any(note.startswith("check this:") and "as merged cells are" in note for note in data.notes)


def test_rows_of_unknown_people_in_the_order_of_time_are_no_merged_cells(tmp_path: Path) -> None:
    lines = [f"{f'u{n}' if n % 5 == 0 else ''},i{n % 7},2024-01-01 {n // 60:02d}:{n % 60:02d}" for n in range(90)]

    assert len(read_interactions(of_lines(tmp_path, ["user,item,time", *lines]))) == 18


def test_quotes_behind_a_backslash_belong_to_the_text(tmp_path: Path) -> None:
    lines = [f'"u{n % 5}","The \\"Best\\" of {n % 8}, vol","{n % 5 + 1}"' for n in range(40)]

    data = read_interactions(of_lines(tmp_path, ['"user","title","rating"', *lines]))

    assert sorted(data.item_ids) == [f'The "Best" of {n}, vol' for n in range(8)]


def test_columns_that_are_told_beside_the_rows_are_no_second_table(tmp_path: Path) -> None:
    rows = [{"user_id": f"u{n % 5}", "item_id": f"i{n}"} for n in range(20)]
    meta = [{"name": name, "type": "String"} for name in ("user_id", "item_id")]
    path = tmp_path / "rows.json"
    path.write_text(json.dumps({"meta": meta, "data": rows, "rows": 20}))

    assert len(read_interactions(path)) == 20


def test_events_that_go_since_they_have_no_rating_are_pointed_at(tmp_path: Path) -> None:
    path = of_lines(
        tmp_path, ["user,item,stars", *(f"u{n % 5},i{n},{'NULL' if n % 4 else n % 5 + 1}" for n in range(40))]
    )

    assert any("75% of the events go so" in note for note in read_interactions(path).notes if note[:6] == "check ")
    assert len(read_interactions(path, columns={"weight": ""})) == 40
