"""What was done is told in Chinese, also what cannot be taken back and what can be done."""

import pytest

from agent.answers.deeds_in_chinese import deed
from agent.answers.study_in_chinese import not_undone, undone
from agent.results.study import NotUndone, Undone


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("club-1 was told to stop", "停止了 club-1"),
        ("“no l2” was noted as a bound", "把“no l2”记为限制"),
        ("dropout of ease is searched in [0, 0.7] again", "ease 的 dropout 又在 [0, 0.7] 中搜索"),
        ("the undo of “dataset shop was added”", "上一次撤销（添加了数据集 shop）"),
        ("something else happened", "something else happened"),
    ],
)
def test_a_deed_is_told_in_chinese(text: str, says: str) -> None:
    assert deed(text) == says


def test_what_cannot_be_taken_back_says_what_can_be_done() -> None:
    found = NotUndone(
        tool="start_study",
        at="",
        cannot="study club-1 was started",
        instead="`stop` ends it",
        before_that="dataset club was added",
        can_go_back=True,
    )
    assert not_undone(found) == (
        "无法撤销：开始了研究 club-1。说“停止”会结束它；说“删除它”会把它和它的试验移出列表。"
        "再之前：添加了数据集 club；再说一次“撤销”会撤销它。"
    )
    back = Undone(tool="control_study", at="", undone="s was told to stop", now="s was told to resume", is_certain=True)
    assert undone(back) == "已撤销：停止了 s。现在：继续了 s。"
