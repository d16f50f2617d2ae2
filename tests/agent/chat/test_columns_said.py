from dataclasses import replace

import pytest

from agent.chat.columns_said import columns_said, rows_kept, speaks_of_file
from agent.results.result import ColumnsAsked


def asked(*candidates: str, role: str = "user", columns: tuple[str, ...] = ()) -> ColumnsAsked:
    samples = (dict.fromkeys(columns, "“1”"),) if columns else ()
    return ColumnsAsked(
        error="which?",
        question="Which?",
        role=role,
        candidates=candidates,
        path="x",
        name=None,
        columns=None,
        samples=samples,
    )


NUMBERED = asked("column_1", "column_2", columns=("column_1", "column_2", "column_3"))
NAMED = asked("customer_no", "visitor_id", columns=("ts", "customer_no", "visitor_id", "sku_1"))

WORDS = asked(
    "Kunde",
    "Borrower Number",
    columns=("Kunde", "Borrower Number", "Artikel", "Bewertung", "How do you rate it?", "Issue Date"),
)
HAN = asked("会员号", "顾客号", columns=("会员号", "顾客号", "商品编号", "日期", "数量"))


@pytest.mark.parametrize(
    ("text", "question", "said"),
    [
        ("take `customer_no` please", NAMED, {"user": "customer_no"}),
        ("the user is column 2", NUMBERED, {"user": "column_2"}),
        ("column 2 is the user", NUMBERED, {"user": "column_2"}),
        ("column_2", NUMBERED, {"user": "column_2"}),
        ("2", NUMBERED, {"user": "column_2"}),
        ("col 1!", NUMBERED, {"user": "column_1"}),
        ("the second one", NAMED, {"user": "visitor_id"}),
        ("the first", NUMBERED, {"user": "column_1"}),
        ("the user is column 3", NAMED, {"user": "visitor_id"}),
        ("users are in column 2, items in column 3", NUMBERED, {"user": "column_2", "item": "column_3"}),
        ("user = visitor_id and item = sku_1", NAMED, {"user": "visitor_id", "item": "sku_1"}),
        ("column 1 is the item", NUMBERED, {"item": "column_1"}),
        ("the rating is Bewertung", WORDS, {"weight": "Bewertung"}),
        ("user is kunde, item is Artikel", WORDS, {"user": "Kunde", "item": "Artikel"}),
        (
            "the user is Borrower Number, the time is Issue Date",
            WORDS,
            {"user": "Borrower Number", "time": "Issue Date"},
        ),
        ("rating is How do you rate it?", WORDS, {"weight": "How do you rate it?"}),
        ("Kunde, and ignore the Issue Date column", WORDS, {"user": "Kunde", "ignore": "Issue Date"}),
        ("do not read the column Bewertung", WORDS, {"ignore": "Bewertung"}),
        ("the user is Kundin", WORDS, {"user": "Kundin"}),
        ("第2列", NUMBERED, {"user": "column_2"}),
        ("第 2 列是用户", NAMED, {"user": "customer_no"}),
        ("用户是第 2 列，物品是最后一列", NAMED, {"user": "customer_no", "item": "sku_1"}),
        ("第1列用户，第3列物品", HAN, {"user": "会员号", "item": "商品编号"}),
        ("会员号是用户，商品编号是物品，日期是时间", HAN, {"user": "会员号", "item": "商品编号", "time": "日期"}),
        ("应该是会员号吧", HAN, {"user": "会员号"}),
        ("不是第二列", HAN, {}),
        ("it is not column 1", NUMBERED, {}),
        ("column 1 or column 2, whatever", NUMBERED, {}),
        ("user is column 1 and item is column 1", NUMBERED, {}),
        ("column 9", NUMBERED, {}),
        ("7", NUMBERED, {}),
        ("what do you mean?", NUMBERED, {}),
        ("stop the study", NAMED, {}),
        ("i think it's visitor_id, thanks", NAMED, {"user": "visitor_id"}),
        ("use visitor_id as the user", NAMED, {"user": "visitor_id"}),
        ("visitor_id, only state=ok", NAMED, {"user": "visitor_id"}),
        ("w/o visitor_id=7", NAMED, {}),
        ("visitor_id=7", NAMED, {}),
        ("except visitor_id 7", NAMED, {}),
        ("drop visitor_id crawler-7 from visits, name it clean", NAMED, {}),
        ("tune ease on customer_no", NAMED, {}),
        ("rename visitor_id to v", NAMED, {}),
        ("how many visitor_id are there", NAMED, {}),
    ],
)
def test_an_answer_names_columns_by_name_number_or_place(
    text: str, question: ColumnsAsked, said: dict[str, str]
) -> None:
    assert columns_said(text, question) == said


def test_columns_are_counted_in_chinese_too() -> None:
    assert columns_said("第二列", NAMED) == {"user": "customer_no"}


def test_a_condition_alone_is_kept_for_the_file() -> None:
    waiting = replace(NAMED, more={"where": ["state=ok"]}, name="visits")
    kept = rows_kept("w/o visitor_id=7", waiting)
    assert kept == {"path": "x", "name": "visits", "columns": {}, "where": ["state=ok", "visitor_id!=7"]}
    assert not rows_kept("visitor_id", waiting) and not rows_kept("tune ease, only state=ok", waiting)


def test_what_speaks_of_the_file_names_it_or_a_column() -> None:
    waiting = replace(NAMED, name="visits")
    assert speaks_of_file("drop crawler-7 from visits", waiting) and speaks_of_file("drop visitor_id 7", waiting)
    assert not speaks_of_file("drop visits-2", waiting)
