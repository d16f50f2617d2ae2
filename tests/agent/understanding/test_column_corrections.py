"""What a message says of columns after a file was read, in three languages, and what is no correction."""

import pytest

from agent.understanding.data.column_corrections import Correction, correction, swapped
from agent.understanding.data.column_words import columns_apart


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("the user is member", {"user": "member"}),
        ("no, the item is sku", {"item": "sku"}),
        ("time is in the column bought_at", {"time": "bought_at"}),
        ("use qty as weight", {"weight": "qty"}),
        ("ignore the column age", {"ignore": "age"}),
        ("sorry, wrong user column. it should be member, and the items are sku", {"user": "member", "item": "sku"}),
        ("user column is member not user", {"user": "member"}),
        ("there is no rating, it's all views", {"weight": ""}),
        ("der Nutzer ist member und die Artikel stehen in der Spalte sku", {"user": "member", "item": "sku"}),
        ("物品是 sku，时间是 bought_at", {"item": "sku", "time": "bought_at"}),
        ("把 qty 作为权重", {"weight": "qty"}),
        ("the time is column 3", {"time": "3"}),
        ("thousands=price", {"thousands": "price"}),
    ],
)
def test_a_message_of_nothing_but_columns_corrects_the_dataset_at_hand(text: str, columns: dict[str, str]) -> None:
    found = correction(text, ("demo", "shop"), "shop")
    assert found is not None
    assert (found.dataset, found.columns) == ("shop", columns)


def test_a_dataset_that_is_named_is_the_one_that_is_meant() -> None:
    found = correction("re-read wide with member as user", ("shop", "wide"), "shop")
    assert found is not None
    assert (found.dataset, found.columns) == ("wide", {"user": "member"})


def test_a_dataset_is_named_by_its_file_too_and_a_file_that_is_added_is_none() -> None:
    found = correction("in shop.csv the user is member", ("shop", "wide"), "wide")
    assert found is not None and (found.dataset, found.columns) == ("shop", {"user": "member"})
    assert correction("add the data from shop.csv, the user is member", ("shop",), None) is None


@pytest.mark.parametrize(
    "text",
    [
        "is the user member?",
        "the weight is 5",
        "tune ease on shop, the user is member",
        "that took stars as rating, i want qty",
        "ignore ease",
        "count 4 and more as likes",
        "how many users are in germany",
        "recommend 5 items to user u7",
    ],
)
def test_what_says_more_or_asks_corrects_nothing(text: str) -> None:
    assert correction(text, ("demo", "shop"), "shop") is None


def test_without_a_dataset_at_hand_nothing_is_corrected() -> None:
    assert correction("the user is member", ("demo",), None) is None


@pytest.mark.parametrize(
    ("say", "encoding"),
    [
        ("please read shop.csv again as cp1252", "cp1252"),
        ("read shop again as windows-1252", "cp1252"),
        ("it is Windows encoding", "cp1252"),
        ("no, it is German, Windows encoding", "cp1252"),
        ("the encoding is latin1", "iso8859-1"),
        ("re-read it as shift-jis", "cp932"),
        ("encoding=klingon", "klingon"),
    ],
)
def test_an_encoding_is_a_way_to_read_the_file_once_more(say: str, encoding: str) -> None:
    assert correction(say, ("shop", "cp1252x"), "shop") == Correction(dataset="shop", columns={"encoding": encoding})


def test_a_file_that_is_added_can_be_said_with_its_encoding() -> None:
    apart = columns_apart("add orders.csv as laden in cp1250")

    assert (apart.rest, apart.columns) == ("add orders.csv as laden", {"encoding": "cp1250"})


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("no, only rows with Status=geliefert", {"where": ["Status=geliefert"]}),
        ("no, without Status=deleted", {"where": ["Status!=deleted"]}),
        ("add it again with hashed ids", {"hash_ids": ["user"]}),
        ("hash the user ids please", {"hash_ids": ["user"]}),
    ],
)
def test_rows_and_ids_are_corrected_of_what_was_just_added(text: str, more: dict[str, list[str]]) -> None:
    found = correction(text, ("demo", "shop"), "shop", is_added=True)
    assert found is not None and (found.dataset, found.columns, found.more) == ("shop", {}, more)
    again = correction(text, ("demo", "shop"), "shop")
    assert (again is not None) == ("again" in text)


@pytest.mark.parametrize(
    ("text", "dataset", "columns"),
    [
        ("wait, the user in shop should be msisdn and not src_addr", "shop", {"user": "msisdn"}),
        ("the user in shop is clerk", "shop", {"user": "clerk"}),
        ("read it again, part_no stays the item but the user is clerk", "demo", {"item": "part_no", "user": "clerk"}),
        ("go back to company as user", "demo", {"user": "company"}),
        ("时间改用归还日期", "demo", {"time": "归还日期"}),
        ("用户是读者证号", "demo", {"user": "读者证号"}),
    ],
)
def test_a_correction_goes_to_the_dataset_that_is_named_else_to_the_one_at_hand(
    text: str, dataset: str, columns: dict[str, str]
) -> None:
    found = correction(text, ("demo", "shop"), "demo")
    assert found is not None
    assert (found.dataset, found.columns) == (dataset, columns)


def test_a_name_that_is_no_datasets_makes_no_column_of_a_sentence() -> None:
    assert correction("the user in shp should be msisdn", ("demo", "shop"), "demo") is None


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("swap user and member", {"user": "member"}),
        ("no, swap the item and the user please", {"user": "sku", "item": "person"}),
        ("person and sku are mixed up", {"user": "sku", "item": "person"}),
        ("交换 person 和 sku", {"user": "sku", "item": "person"}),
        ("swap alpha and beta", {}),
        ("swap user and person", {}),
        ("switch to bpr and sasrec", {}),
    ],
)
def test_two_columns_are_exchanged(text: str, columns: dict[str, str]) -> None:
    assert swapped(text, {"user": "person", "item": "sku", "weight": "stars"}) == columns
