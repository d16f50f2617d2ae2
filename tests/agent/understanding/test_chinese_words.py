"""What is said in Chinese keeps its numbers, its order and its own words."""

import pytest

from agent.understanding.plan import Request
from agent.understanding.verbatim import verbatim
from agent.words.chinese import gloss, is_chinese


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("10 次试验，最多跑一个小时", "1 hours"),
        ("为什么第3个 trial 这么差", "trial 3 "),
        ("再跑一遍第2个 trial", "trial 2"),
        ("给用户 17 推荐三个", "3 items"),
        ("推荐三本书", "3 items"),
        ("忘掉第一条", "#1"),
        ("再跑5次", "5 trials"),
    ],
)
def test_numbers_keep_what_they_count(said: str, holds: str) -> None:
    assert holds in f"{gloss(said)} "
    assert "trial 2 trial" not in gloss(said)


@pytest.mark.parametrize(
    ("tool", "name", "said", "meant"),
    [
        ("rename_study", "name", "把 demo-2 改名为“序列实验”", "序列实验"),
        ("rename_dataset", "name", "把它改名叫 书籍推荐", "书籍推荐"),
        ("remember_lesson", "text", "记住：学习率太大会不收敛", "学习率太大会不收敛"),
    ],
)
def test_names_and_notes_stay_as_they_were_said(tool: str, name: str, said: str, meant: str) -> None:
    assert verbatim(Request(tool=tool, args={name: "a gloss"}), said).args == {name: meant}


def test_japanese_without_kana_is_not_taken_for_chinese() -> None:
    assert not is_chinese("一時停止") and is_chinese("暂停")
