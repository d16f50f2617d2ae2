"""What cannot be seen is written out, and no cell of an exported table is a formula."""

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recmodels.export import _for_spreadsheets
from recmodels.outside import cell, on_one_line, visible, visible_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("abc\u202edcba", "abc\\u202edcba"),
        ("ab\u200bcd", "ab\\u200bcd"),
        ("soft\u00adhyphen", "soft\\xadhyphen"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("\u3164", "\\u3164"),
        ("half \ud800", "half \\ud800"),
        ("a\u200db", "a\\u200db"),  # joins nothing in Latin
        ("x\ufe0f", "x\\ufe0f"),
        ("two\r\nlines\tand", "two\\x0d\nlines\tand"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text",
    ["Toy Story (1995)", "Amélie", "千と千尋", "葛\U000e0100城", "می‌خواهم", "क्‍ष", "👨‍👩‍👧", "❤️‍🔥", "1️⃣", "a\u3000b"],
)
def test_what_people_write_stays(text: str) -> None:
    assert visible(text) == text


@given(st.text())
def test_only_visible_characters_are_left_on_one_line(text: str) -> None:
    line = on_one_line(text)
    assert not set(line) & set("\n\r\t\x00\x1b\u202a\u202e\u2066\u200b\ufeff")
    assert visible(line) == line


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_means_the_same(text: str) -> None:
    written = visible_json(json.dumps({"a": text}, ensure_ascii=False))
    assert json.loads(written) == {"a": text}
    assert visible(written) == written


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "  =1", "＝1", "-abc", "\r=1"]
)
def test_what_a_spreadsheet_would_calculate_is_marked_as_text(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Toy Story", "-5", "+4.2e3", "a=b", "1-2", "...And Justice"])
def test_what_it_would_not_stays(text: str) -> None:
    assert cell(text) == text


def test_an_id_that_is_a_name_stays_usable_and_one_that_is_a_formula_does_not_run() -> None:
    ids, texts = ["-Qx3_a", "@shop", "=cmd|' /C calc'!A0", None], ["=1", "-Qx3_a", "fine", None]
    written = _for_spreadsheets(pl.DataFrame({"item_id": ids, "rank": [-1, 2, 3, 4], "text": texts}))
    assert written["item_id"].to_list() == ["-Qx3_a", "@shop", "'=cmd|' /C calc'!A0", None]
    assert written["text"].to_list() == ["'=1", "'-Qx3_a", "fine", None]
    assert written["rank"].to_list() == [-1, 2, 3, 4]
