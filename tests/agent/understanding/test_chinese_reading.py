"""What Chinese says of the rows and ids of a file that is added, and of its columns, is used, or shown as not used."""

import pytest

from agent.understanding.data.added_file import left_of_file, told_of_file
from agent.understanding.data.at_reading import at_reading
from agent.understanding.plan import Request


@pytest.mark.parametrize(
    ("say", "where"),
    [
        ("添加 loans.csv，状态为注销的不要", ["状态!=注销"]),
        ("读取 loans.csv，去掉状态为注销的", ["状态!=注销"]),
        ("读取 loans.csv，去掉状态是注销或者丢失的行", ["状态!=注销|丢失"]),
        ("loans.csv，只要状态为正常的", ["状态=正常"]),
        ("loans.csv，状态不是注销的", ["状态!=注销"]),
        ("loans.csv，只保留馆区是东馆的记录，除了状态=注销的", ["状态!=注销", "馆区=东馆"]),
        ("a.csv，金额超过20的不要", ["金额<=20"]),
        ("a.csv，星级大于等于4的才要", ["星级>=4"]),
        ("a.csv，去掉状态列", None),
        ("a.csv，用户是读者证号", None),
        ("a.csv，只要已完成的订单", None),
        ("a.csv，评分大于3的算喜欢", None),
    ],
)
def test_conditions_on_rows(say: str, where: list[str] | None) -> None:
    assert at_reading(say).args.get("where") == where


@pytest.mark.parametrize(
    ("say", "whose"),
    [
        ("添加 a.csv，用户做哈希", ["user"]),
        ("手机号当用户并做哈希", ["user"]),
        ("把用户ID哈希处理", ["user"]),
        ("对用户和商品都做哈希", ["user", "item"]),
        ("哈希用户", ["user"]),
        ("不要做哈希", None),
    ],
)
def test_whose_ids_are_hashed(say: str, whose: list[str] | None) -> None:
    assert at_reading(say).args.get("hash_ids") == whose


@pytest.mark.parametrize(
    ("say", "columns"),
    [
        ("读取 a.csv，读者证号是用户，图书编号是物品", {"user": "读者证号", "item": "图书编号"}),
        ("添加 a.csv，用户列是读者证号，物品列是图书编号", {"user": "读者证号", "item": "图书编号"}),
        ("时间改用归还日期", {"time": "归还日期"}),
        ("用户改成馆区", {"user": "馆区"}),
        ("物品列应该是馆区", {"item": "馆区"}),
        ("手机号当用户", {"user": "手机号"}),
        ("用户是谁", {}),
        ("用户是不是太少", {}),
        ("用户u7喜欢什么", {}),
    ],
)
def test_columns_that_are_called_in_chinese(say: str, columns: dict[str, str]) -> None:
    assert told_of_file(say).columns == columns


def test_what_was_not_used_is_shown_in_the_persons_words() -> None:
    say = "添加 loans.csv，去掉状态=注销，馆区是东馆"
    request = Request(tool="add_dataset", args={"path": "loans.csv"})
    glossed = "add loans.csv, 馆区 is 东馆"
    assert left_of_file(glossed, told_of_file(say), [request], say) == ("馆区是东馆",)
