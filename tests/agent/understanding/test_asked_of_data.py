"""Questions about how a dataset came to be are answered by what is stored; other messages go on to the planner."""

import pytest

from agent.understanding.asking.asked_of_data import asked_of_data

DATASETS = ("demo", "shop", "shop-may", "wide")


@pytest.mark.parametrize(
    ("say", "args"),
    [
        ("what did you take for what in shop?", {"what": "reading", "dataset": "shop"}),
        ("what did you take as rating in wide?", {"what": "reading", "dataset": "wide"}),
        ("why was column x not used?", {"what": "reading", "filter": "x", "dataset": "demo"}),
        ("why was the age column of wide ignored", {"what": "reading", "filter": "age", "dataset": "wide"}),
        ("where does shop-may come from?", {"what": "reading", "dataset": "shop-may"}),
        ("which versions are there?", {"what": "versions"}),
        ("shop 有哪些版本", {"what": "versions", "dataset": "shop"}),
        ("what changed between shop and shop-may?", {"what": "changes", "dataset": "shop-may", "against": "shop"}),
        ("diff shop shop-may", {"what": "changes", "dataset": "shop-may", "against": "shop"}),
        ("what's new in shop-may", {"what": "changes", "dataset": "shop-may"}),
        ("are there bots in it?", {"what": "bots", "dataset": "demo"}),
        ("are our test accounts in it?", {"what": "bots", "dataset": "demo"}),
        ("how many of my users are measured and why not the others?", {"what": "measured", "dataset": "demo"}),
    ],
)
def test_the_question_becomes_a_look_at_the_data(say: str, args: dict[str, str]) -> None:
    request = asked_of_data(say, DATASETS, "demo")
    assert request is not None
    assert (request.tool, request.args) == ("inspect_data", args)


def test_a_dataset_that_is_called_like_a_word_can_be_described() -> None:
    request = asked_of_data("describe wide", DATASETS, "demo")
    assert request is not None
    assert (request.tool, request.args) == ("describe_dataset", {"dataset": "wide"})


@pytest.mark.parametrize(
    "say",
    [
        "how did trial 3 come about?",
        "why was trial 3 not used?",
        "compare ease on shop and wide",
        "remove the bots",
        "what did you take for the baseline?",
        "when was the study made?",
        "on how many users was trial 3 measured?",
        "what changed since yesterday?",
    ],
)
def test_other_messages_are_left_alone(say: str) -> None:
    assert asked_of_data(say, DATASETS, "demo") is None
