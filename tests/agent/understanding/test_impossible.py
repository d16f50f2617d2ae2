"""What there is no tool for is named with the nearest thing, and the rest of the message stands."""

import json
from pathlib import Path

import pytest

from agent.understanding.impossible import apart
from agent.understanding.network.framing import FOLDER


@pytest.mark.parametrize(
    ("say", "named", "nearest"),
    [
        ("connect to the Kafka topic clicks", "Kafka", "add events.csv"),
        ("mail me the report", "mail me", "recpilot tune"),
        ("send the results to slack", "slack", "recpilot tune"),
        ("serve it over HTTP", "HTTP", "export the best"),
        ("can you put the model behind a REST endpoint?", "REST", "export the best"),
        ("make an ensemble of the best two", "ensemble", "hybrid"),
        ("retrain it every night", "every night", "cron"),
        ("deploy it to kubernetes", "kubernetes", "recpilot tune"),
        ("do you have a dashboard?", "dashboard", "optuna-dashboard"),
        ("log everything to mlflow", "mlflow", "studies.db"),
        ("tune xgboost on demo", "xgboost", "tune deepfm"),
        ("train a bert4rec on shop", "bert4rec", "tune sasrec"),
        ("set up an A/B test on the live site", "A/B test", "confirm"),
        ("read the orders from our postgres", "postgres", "CSV"),
        ("make slides of it", "slides", "show the report"),
    ],
)
def test_what_cannot_be_done_is_named_with_the_nearest_thing(say: str, named: str, nearest: str) -> None:
    found = apart(say)
    assert found.rest == ""
    assert len(found.told) == 1
    assert named.lower() in found.told[0].lower()
    assert nearest in found.told[0]


def test_the_order_before_it_stands() -> None:
    found = apart("tune ease on demo, 6 trials and e-mail me when it's done")
    assert found.rest == "tune ease on demo, 6 trials"
    assert len(found.told) == 1


@pytest.mark.parametrize(
    ("say", "rest"),
    [
        (
            "Optimise hit@10 on travel, peak memory under 2 GB, lightgcn + ials, 30 trials",
            "Optimise hit@10 on travel, lightgcn + ials, 30 trials",
        ),
        (
            "Start with ease and ials on shop, keep memory below 2 GB, and finish within fifty minutes.",
            "Start with ease and ials on shop, finish within fifty minutes.",
        ),
        ("tune ease on demo, mail me the results, 6 trials", "tune ease on demo, 6 trials"),
        ("mail me the report and pause it", "pause it"),
    ],
)
def test_only_the_words_of_the_wish_go(say: str, rest: str) -> None:
    found = apart(say)
    assert found.rest == rest
    assert len(found.told) == 1


def test_what_hangs_on_it_goes_with_it() -> None:
    assert apart("book me the GPU cluster for lightgcn, 40 trials, three nights").rest == ""


def test_a_new_sentence_after_it_stands() -> None:
    assert apart("Serve it over HTTP. How is it going?").rest == "How is it going?"


@pytest.mark.parametrize(
    "say",
    [
        "what is bert4rec?",
        "add kafka.csv as clicks",
        "tune ease on kafka, 6 trials",
        "Deploy budget is 5 ms and 20 MB. Tune item_knn on shop within that.",
        "so which one would you put in production?",
        "a buyer writes me angry mails every week. what has c12 bought?",
        "export the worst trial for my slides",
        "run that trial once the nightly job is through",
    ],
)
def test_a_word_in_passing_is_no_wish(say: str) -> None:
    found = apart(say, ("kafka",))
    assert found.told == ()
    assert found.rest == say


@pytest.mark.parametrize(
    "say",
    [
        "Please search with ials and lightgcn for the best recall@20 under a memory limit of 500 MB",
        "tune ease and xgboost on shop, 6 trials",
        "tune ease on shop and e-mail me the top 5 of u7",
    ],
)
def test_an_order_that_is_mixed_with_it_is_not_half_done(say: str) -> None:
    found = apart(say, ("shop",))
    assert found.rest == ""
    assert len(found.told) == 1


def test_what_stands_keeps_its_words() -> None:
    found = apart("Hi; tune ease on shop, 6 trials, and mail me the report. Thanks!", ("shop",))
    assert found.rest == "Hi; tune ease on shop, 6 trials. Thanks!"


def test_when_it_will_be_done_is_a_question_and_no_wish() -> None:
    assert apart("can you tell me when it will be ready").told == ()
    assert apart("tell me when it is done").rest == ""


def test_hardly_any_order_of_other_things_is_taken_for_an_impossible_wish() -> None:
    """Of what the reader was trained on; a limit on memory, which training messages hold, is none that can be kept."""
    lines = (Path(FOLDER) / "messages.jsonl").read_text("utf-8").splitlines()
    ordered = [line["say"] for one in lines if (line := json.loads(one))["requests"]]
    told = [say for say in ordered if apart(say).told and "memory" not in say]
    assert len(told) <= 6, told
