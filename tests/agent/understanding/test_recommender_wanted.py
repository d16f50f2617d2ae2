"""A wish for a recommender is planned as a study on its data, and never read as a wish for one person's list."""

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan
from agent.understanding.recommender_wanted import recommender_wanted, wanted_plan

DATASETS = ("demo", "films", "market")


@pytest.mark.parametrize(
    ("say", "dataset"),
    [
        ("I want a recommender for films", "films"),
        ("build me a recommender from films.csv", "films"),
        ("make a recommender with the market data", "market"),
        ("hi, I'd like recommendations for films please", "films"),
        ("what should I do first with films?", "films"),
        ("how do I build a recommendation engine for our films data?", "films"),
        ("can you make a recommender system?", None),
        ("我想为 films 做一个推荐系统", "films"),
    ],
)
def test_a_wish_for_a_recommender_names_its_data_or_none(say: str, dataset: str | None) -> None:
    wanted = recommender_wanted(say, DATASETS)
    assert wanted is not None and wanted.dataset == dataset and not wanted.has_file


@pytest.mark.parametrize(
    "say",
    [
        "I want recommendations for user u7",
        "recommend films for u7",
        "what is a recommender?",
        "build me a recommender from other.csv",
        "build a recommender on films with ease, 5 trials",
        "do not build a recommender for films",
        "推荐什么？",
    ],
)
def test_what_says_more_or_other_things_is_read_as_before(say: str) -> None:
    assert recommender_wanted(say, DATASETS) is None


def plan(say: str, *datasets: str, **dialogue: str) -> Plan | None:
    return wanted_plan(say, Known(datasets=("demo", *datasets)), Dialogue(**dialogue), lambda order: Plan(say=order))  # type: ignore[arg-type]


def test_the_only_dataset_or_the_one_read_last_is_tuned_and_among_several_it_is_asked() -> None:
    one, made = (
        plan("build me a recommender", "films"),
        plan("make a recommender of it", "a", "b", dataset="b", made="b"),
    )
    assert one is not None and one.say == "tune films" and made is not None and made.say == "tune b"
    several = plan("build me a recommender", "films", "market")
    assert several is not None and several.waiting is not None and several.waiting.lacking == "dataset"


@pytest.mark.parametrize("say", ["I have a file and want recommendations", "I want a recommender"])
def test_without_data_it_is_told_how_to_hand_some_over(say: str) -> None:
    found = plan(say)
    assert found is not None and "drop a file" in str(found.answer) and found.waiting is None
