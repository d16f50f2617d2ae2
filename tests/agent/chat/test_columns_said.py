import pytest

from agent.chat.columns_said import columns_said
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
        ("it is not column 1", NUMBERED, {}),
        ("column 1 or column 2, whatever", NUMBERED, {}),
        ("user is column 1 and item is column 1", NUMBERED, {}),
        ("column 9", NUMBERED, {}),
        ("7", NUMBERED, {}),
        ("what do you mean?", NUMBERED, {}),
        ("stop the study", NAMED, {}),
    ],
)
def test_an_answer_names_columns_by_name_number_or_place(
    text: str, question: ColumnsAsked, said: dict[str, str]
) -> None:
    assert columns_said(text, question) == said


def test_columns_are_counted_in_chinese_too() -> None:
    assert columns_said("第二列", NAMED) == {"user": "customer_no"}
