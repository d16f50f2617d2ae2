"""Questions on who sees the data, where they lie and whether what was tuned still holds, and nothing else."""

import pytest

from agent.understanding.asking.asked_of_data import asked_of_data
from agent.understanding.asking.asked_of_keeping import asked_of_privacy, asks_whether_it_holds


@pytest.mark.parametrize(
    ("say", "aspect"),
    [
        ("who can read these files?", "who"),
        ("Who else has access to my data?", "who"),
        ("can anyone else on this machine see my uploads?", "who"),
        ("is our data private?", "who"),
        ("谁能看到这些文件？", "who"),
        ("are they hashed?", "hashed"),
        ("ok, and were the user ids really hashed?", "hashed"),
        ("did you hash the e-mails?", "hashed"),
        ("ID 哈希了吗？", "hashed"),
        ("can you still see the e-mail addresses?", "ids"),
        ("can someone find out who the users are?", "ids"),
        ("where is my data stored?", "where"),
        ("where do you keep the files", "where"),
        ("which copies are there of it?", "where"),
        ("数据存在哪里？", "where"),
        ("is anything sent away?", "sent"),
        ("does anything leave this machine?", "sent"),
        ("will my data be uploaded to the cloud?", "sent"),
        ("会发送出去吗？", "sent"),
    ],
)
def test_a_question_on_privacy_is_known_by_what_it_asks(say: str, aspect: str) -> None:
    assert asked_of_privacy(say) == aspect
    found = asked_of_data(say, ("demo", "shop"), "shop")
    assert found is not None and found.tool == "inspect_data" and found.args["filter"] == aspect
    assert found.args.get("dataset") == ("shop" if aspect in ("hashed", "ids") else None)


@pytest.mark.parametrize(
    "say",
    [
        "do I need to tune again?",
        "so should we retune now?",
        "is it worth tuning again?",
        "is my study still valid?",
        "are the old best params still good?",
        "is the study outdated?",
        "which studies used this version?",
        "which version of the data did shop-1 use?",
        "我需要重新调参吗？",
        "我的研究还有效吗？",
    ],
)
def test_whether_what_was_tuned_holds_is_asked_of_the_versions(say: str) -> None:
    assert asks_whether_it_holds(say)
    found = asked_of_data(say, ("demo", "shop", "shop-v2"), "shop-v2")
    assert found is not None and found.args == {"what": "studies", "dataset": "shop-v2"}
    of = asked_of_data("is my study still valid?", ("demo", "shop"), "demo", study="shop-1")
    assert of is not None and of.args == {"what": "studies", "study": "shop-1"}


@pytest.mark.parametrize(
    "say",
    [
        "tune ease on shop again",
        "retune shop-1 on shop-v2",
        "is the study still running?",
        "are the trials private?",
        "can you see the bots?",
        "who are the users?",
        "where is trial 3 stored?",
        "are there bots in the data?",
        "can you read log.csv?",
        "hash the user ids",
        "is it safe to pause?",
        "send me the report",
        "does it leave out the bots?",
        "which model should I use?",
        "is the model still good?!! then export it to the shop and tell me how many users there are in it, please",
    ],
)
def test_other_messages_are_left_alone(say: str) -> None:
    assert asked_of_privacy(say) is None
    assert not asks_whether_it_holds(say) or say.startswith("is the model")


def test_what_changed_asks_of_the_dataset_that_was_just_made() -> None:
    names = ("demo", "shop", "shop-v2")
    for say in ("what changed?", "so what's new?", "what has changed in the data?", "有什么变化？"):
        found = asked_of_data(say, names, "shop-v2", made="shop-v2")
        assert found is not None and found.args == {"what": "changes", "dataset": "shop-v2"}
        assert asked_of_data(say, names, "shop-v2") is None
