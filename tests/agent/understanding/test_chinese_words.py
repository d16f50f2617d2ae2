"""What is said in Chinese keeps its numbers, its order and its own words."""

from collections.abc import Callable

import pytest

from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.verbatim import verbatim
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import gloss, is_chinese
from agent.words.names import read


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


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("不要加 trial，暂停就好", "don't add trial; pause, please"),
        ("别停，继续", "don't stop; resume"),
        ("先不暂停，再加三次试验", "don't yet pause; add another 3 trials"),
        ("不用导出，解释一下最好的试验", "no need to export; explain the best trial"),
        ("不要停止但是暂停", "don't stop; but pause"),
        ("别忘了，继续", "don't forget, resume"),
    ],
)
def test_a_negation_ends_with_its_clause(said: str, meant: str) -> None:
    assert gloss(said) == meant


@pytest.mark.parametrize(
    ("said", "holds"),
    [("进行到哪了?", "what is the status"), ("看看这个数据集的概况", "dataset profile"), ("哪个更好？", "better")],
)
def test_unusual_ways_to_ask_are_read(said: str, holds: str) -> None:
    assert holds in gloss(said)


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("给用户“用户5”推荐3部电影", 'user "用户5" recommend 3 '),
        ("给用户 用户5 推荐3个电影", "user 用户5 recommend 3 "),
        ("recommend 3 items for 用户5", "for 用户5"),
        ("给用户5推荐3部电影", "user 5 recommend"),
    ],
)
def test_an_id_in_words_is_not_translated(said: str, holds: str) -> None:
    assert holds in gloss(said)


def test_a_word_and_a_number_are_an_id_where_the_data_have_it() -> None:
    assert "to 用户5 recommend" in gloss("给用户5推荐3部电影", ["用户5"])


@pytest.mark.parametrize(
    ("said", "args"),
    [
        ("每次试验前先问我，用ease在shop上调4次", {"needs_approval": True}),
        ("用ease在shop上调4次，运行前要我确认", {"needs_approval": True}),
        ("用ease在shop上调4次，每个试验开始之前征求我的意见", {"needs_approval": True}),
        ("用ease在shop上调4次，不用问我", {"needs_approval": False}),
        ("用ease在shop上调4次，不要先跑默认值", {"run_defaults": False}),
        ("用ease在shop上调4次，不要使用内置规则", {"use_rules": False}),
        ("用ease在shop上调4次，用TPE采样器", {"sampler": "tpe"}),
        ("用随机搜索在shop上调ease，4次", {"sampler": "random"}),
        ("用ease在shop上调4次，随机划分", {"split": "random"}),
        ("用ease在shop上调4次，留一法划分", {"split": "leave_last_out"}),
        ("跑到晚上十点半，用ease在shop上调4次", {"until": 22.5 * 3600}),
        ("用ease在shop上调4次，连续3轮没有提升就停", {"patience": 3}),
    ],
)
def test_what_a_study_is_told_in_chinese_reaches_its_arguments(said: str, args: dict[str, object]) -> None:
    known = Known(datasets=("shop",))
    heard = read(gloss(said), known.names)
    (found,) = read_arguments("start_study", Stretch(heard, [(0, len(heard.text))]), known)
    assert found == {"models": ["ease"], "dataset": "shop", "n_trials": 4} | args


def test_models_that_are_ruled_out_in_chinese_are_left_out() -> None:
    known = Known(datasets=("shop",))
    for said in ("在shop上调参，不用sasrec", "用除了sasrec以外的模型在shop上调"):
        heard = read(gloss(said), known.names)
        (found,) = read_arguments("start_study", Stretch(heard, [(0, len(heard.text))]), known)
        assert found == {"without": ["sasrec"], "dataset": "shop"}


def test_a_study_that_goes_on_can_be_told_to_ask() -> None:
    heard = read(gloss("再加5次试验，每次先问我"))
    (found,) = read_arguments("extend_study", Stretch(heard, [(0, len(heard.text))]), Known())
    assert found == {"n_trials": 5, "needs_approval": True}


@pytest.mark.parametrize(
    "said", ["用这个文件调ease", "用刚上传的文件调ease", "在这份数据上调ease", "tune ease on this file"]
)
def test_the_file_that_was_dropped_is_the_dataset_at_hand(plan_of: Callable[..., Plan], said: str) -> None:
    plan = plan_of(said, use="start_study", on="start_study", tune="start_study")
    assert [dict(one.args) for one in plan.requests] == [{"models": ["ease"], "dataset": "demo"}]
    assert plan.unused == () and plan.waiting is None


def test_a_study_on_a_chinese_file_is_on_the_dataset_that_it_becomes(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of("用 订单数据.csv 调 ease", use="start_study")
    assert [dict(one.args) for one in plan.requests] == [
        {"path": "订单数据.csv"},
        {"models": ["ease"], "dataset": "orders"},
    ]
