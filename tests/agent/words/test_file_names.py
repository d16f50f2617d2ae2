"""Names of files in a sentence: with blanks and umlauts, in Chinese, in quotes, glued to the words around them."""

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.hearing import heard
from agent.understanding.known import Known
from agent.words.file_names import name_after, paths

FILES = ("Bestellungen März-Juli.csv", "借阅流水.csv", "六月日志.jsonl")


def test_files_that_are_there_are_found_in_any_sentence() -> None:
    said = {
        "read Bestellungen März-Juli.csv as ml": ["Bestellungen März-Juli.csv"],
        "read bestellungen märz-juli.csv": ["Bestellungen März-Juli.csv"],  # as the file is spelt
        "把六月日志.jsonl加进来": ["六月日志.jsonl"],
        "看看借阅流水.csv和六月日志.jsonl": ["借阅流水.csv", "六月日志.jsonl"],
    }
    assert {say: [span.value for span in paths(say, FILES)] for say in said} == said


@pytest.mark.parametrize(
    ("say", "found"),
    [
        ("please read 'Käufe März.csv', as k", ["Käufe März.csv"]),
        ("文件是「借阅 流水.csv」，读者证号是用户", ["借阅 流水.csv"]),
        ("read “my orders.csv”", ["my orders.csv"]),
        ("add Käufe.csv.", ["Käufe.csv"]),
        ("请读取借阅流水.csv和外卖订单.csv", ["借阅流水.csv", "外卖订单.csv"]),
        ("读取 /data/zh/借阅流水.csv", ["/data/zh/借阅流水.csv"]),
        ("把数据.csv加进来", ["数据.csv"]),
        ("添加用户.csv", ["用户.csv"]),
        ("add /data/a.csv, then ./b/c.tsv.gz", ["/data/a.csv", "./b/c.tsv.gz"]),
        ("export demo-1 to /data/out.", ["/data/out"]),
        ("he said 'read a.csv' to me", ["a.csv"]),
        ("see https://a.example/b.csv", []),
    ],
)
def test_the_borders_of_a_name_are_seen_where_the_file_is_not_known(say: str, found: list[str]) -> None:
    assert [span.value for span in paths(say)] == found


def test_a_chinese_name_stays_as_it_stands_when_the_sentence_is_read() -> None:
    known = Known(files=lambda folder: () if folder else FILES)
    said = heard("导入 借阅流水.csv ，用户是 a", known, Dialogue(), lambda word: True).said
    assert [span.value for span in said.of("path")] == ["借阅流水.csv"]


def test_the_last_word_of_a_name_is_no_misspelt_file() -> None:
    known = Known(files=lambda folder: () if folder else (*FILES, "März-Juni.csv"))
    said = heard("read 'Bestellungen März-Juli.csv'", known, Dialogue(), lambda word: True).said
    assert [span.value for span in said.of("path")] == ["Bestellungen März-Juli.csv"]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("订单数据.csv", "orders"),
        ("2024年借阅流水.csv.gz", "2024-loans"),
        ("用户点击日志_v2.tsv", "users-clicks-log-v2"),
        ("订单2024.csv", "orders-2024"),
        ("甲乙.csv", "data"),
        ("données.csv", None),
        ("ratings.csv", None),
    ],
)
def test_a_chinese_file_gives_a_name_that_can_be_read(file: str, name: str | None) -> None:
    assert name_after(file) == name
