"""Questions about what a dataset holds become looks at it, several of one message too; other messages are left alone."""

from typing import Any

import pytest

from agent.understanding.asking.data_plan import data_plan
from agent.understanding.asking.data_questions import data_questions
from agent.understanding.asking.data_questions_in_chinese import data_questions_in_chinese
from agent.understanding.asking.rows_supposed import rows_supposed
from agent.understanding.asking.versions_compared import versions_compared
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Request, Waiting
from agent.words.chinese import is_chinese

DATASETS = ("demo", "shop", "shop-v2", "gear_2024-05")


def looks(say: str) -> list[dict[str, Any]] | None:
    found = (data_questions_in_chinese if is_chinese(say) else data_questions)(say, DATASETS)
    return None if found is None else list(found.looks)


def whats(say: str) -> list[str]:
    return [look["what"] for look in looks(say) or ()]


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        ("why were rows left out of it", ["left_out"]),
        ("how many rows left out and why", ["left_out"]),
        ("which rows you have thrown away from shop and why?", ["left_out"]),
        ("did the august cancelled orders go in too?", ["left_out"]),
        ("How many members were dropped because they opted out?", ["left_out"]),
        ("how many users n items, and why rows left out?", ["size", "left_out"]),
        ("how many users has gear_2024-05 and which r left out rows", ["size", "left_out"]),
        ("which date range has shop and what was left out?", ["dates", "left_out"]),
        ("whats the date rnage of shop", ["dates"]),
        ("how many ppl r in it now n whats the date range", ["size", "dates"]),
        ("until which date does shop go?", ["dates"]),
        ("how many different buyers have I in shop and when was the last purchase?", ["size", "dates"]),
        ("hows it now? how many ppl, whats the date range", ["size", "dates"]),
        ("已取消的订单有多少？", ["share"]),
        ("was anything in there double?", ["repeats"]),
        ("how many customers buy the same tea again?", ["repeats"]),
        ("which customers buy every month?", ["regular"]),
        ("who gave the most ratings", ["top_users"]),
        ("what sells the most in shop-v2?", ["popular"]),
        ("which product has the best stars?", ["top_rated"]),
        ("how many stars are liked", ["values"]),
        ("which dataset is the newest and from what was it made", ["newest"]),
        ("what cols did u take", ["columns"]),
        ("哪些行被去掉了？", ["left_out"]),
        ("有多少行没有用，为什么？", ["left_out"]),
        ("有多少重复的行？", ["repeats"]),
        ("shop 里一共多少读者，日期范围是什么？", ["size", "dates"]),
        ("这个数据集有多少读者？多少本书？日期从哪天到哪天？", ["size", "dates"]),
        ("谁的记录最多？", ["top_users"]),
    ],
)
def test_each_question_of_a_message_is_a_look(say: str, expected: list[str]) -> None:
    assert whats(say) == expected


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("show me 5 sample rows", {"what": "head", "n_rows": 5}),
        ("show me three rows of shop", {"what": "head", "n_rows": 3}),
        ("给我看前5行", {"what": "head", "n_rows": 5}),
        ("how many customers are from Austria?", {"what": "share", "filter": "austria", "of": "users"}),
        ("how many customers are from AT?", {"what": "share", "filter": "AT", "of": "users"}),
        ("has shop more customers than shop-v2?", {"what": "size", "of": "users", "against": "shop-v2"}),
    ],
)
def test_what_is_said_of_the_look_goes_with_it(say: str, args: dict[str, Any]) -> None:
    assert looks(say) == [args]


@pytest.mark.parametrize(
    "say",
    [
        "leave out the bots",
        "how many trials were left out?",
        "how many rows would be left if I removed the returned ones?",
        "add may.csv and tell me how many rows were left out",
        "which columns did you not use?",
        "show me the orders of the customer bernd@x.de",
        "what was the best trial?",
        "how many users n items, then tune ease",
        "如果去掉已退款的，会剩多少行？",
        "去掉机器人",
        "有多少次试验？",
        "用户列是 a",
    ],
)
def test_other_messages_are_left_alone(say: str) -> None:
    assert looks(say) is None


def test_a_question_about_it_is_of_what_is_at_hand_and_never_of_the_built_in_data_unasked() -> None:
    say = "how many users are in it?"
    known = Known(datasets=DATASETS)

    def asked(known: Known, dialogue: Dialogue) -> object:
        plan = data_plan(say, known, dialogue)
        assert plan is not None
        return [one.args["dataset"] for one in plan.requests] or (plan.waiting and plan.waiting.lacking) or plan.answer

    assert asked(known, Dialogue(dataset="shop")) == ["shop"]
    assert asked(Known(datasets=("demo", "shop")), Dialogue()) == ["shop"]
    assert asked(known, Dialogue()) == "dataset"
    assert asked(Known(datasets=("demo",)), Dialogue()) == "dataset"
    open_ = Waiting(requests=(Request(tool="add_dataset", args={"path": "in/may.csv"}),), text="which?")
    assert "`may.csv` is not read yet" in str(asked(known, Dialogue(dataset="shop", waiting=open_)))


def test_a_name_that_is_none_is_not_taken_for_the_data_at_hand() -> None:
    plan = data_plan("whats the date range of plays_rw", Known(datasets=DATASETS), Dialogue(dataset="shop"))
    assert plan is not None
    assert plan.requests[0].args["dataset"] == "plays_rw"


@pytest.mark.parametrize(
    ("say", "said"), [("which files can you read?", "`may.csv`"), ("有哪些文件可以读？", "2 个文件")]
)
def test_files_are_those_of_the_data_folder(say: str, said: str) -> None:
    plan = data_plan(say, Known(files=lambda _: ("may.csv", "june.csv")), Dialogue())
    assert plan is not None and plan.answer is not None
    assert said in plan.answer


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        ("compare shop and shop-v2, worth retuning?", ["changes", "studies"]),
        ("What changed between shop and shop-v2? must I tune again?", ["changes", "studies"]),
        ("shop 和 shop-v2 有什么不同？要不要重新调参？", ["changes", "studies"]),
        ("compare ease on shop and shop-v2", []),
        ("compare shop and shop-v2 with item_knn", []),
        ("what is new in shop", []),
    ],
)
def test_two_datasets_are_compared_and_whether_to_tune_again_is_answered_too(say: str, expected: list[str]) -> None:
    found = versions_compared(say, DATASETS)
    assert [look["what"] for look in found] == expected
    assert all(look["dataset"] == "shop-v2" for look in found)


@pytest.mark.parametrize(
    ("say", "said"),
    [
        ("if i removed returned orders as well, how many rows would be left?", "returned"),
        ("how many rows would be left if I dropped the cancelled ones too?", "cancelled"),
        ("如果去掉已退款的，会剩多少行？", "已退款"),
        ("how many rows are left?", None),
        ("if i removed trial 3, what would be best?", None),
        ("去掉已退款的", None),
    ],
)
def test_rows_that_are_only_supposed_to_go_are_named_by_their_value(say: str, said: str | None) -> None:
    assert rows_supposed(say) == said


def test_a_dataset_that_is_called_like_what_is_counted_is_meant_only_by_its_place() -> None:
    found = data_questions("how many people and loans are in loans, and which date range does it cover?", ("loans",))
    assert found is not None
    assert ([look["what"] for look in found.looks], found.named) == (["size", "dates"], ("loans",))
    at_hand = data_questions("how many loans did r6@x.de make?", ("loans",))
    assert at_hand is not None
    assert (at_hand.looks, at_hand.named) == (({"what": "share", "filter": "r6@x.de", "of": "rows"},), ())
