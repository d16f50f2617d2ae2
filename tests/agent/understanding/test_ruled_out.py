"""A value that a message rules out is never the value that is taken."""

import pytest

from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.leftovers import unused
from agent.understanding.known import Known
from agent.understanding.plan import Request
from agent.words.chinese import gloss, is_chinese
from agent.words.names import Names, read

KNOWN = Known(datasets=("shop",))


def _stretch(say: str) -> Stretch:
    said = read(gloss(say) if is_chinese(say) else say, Names(datasets=("shop",)))
    return Stretch(said, [(0, len(said.text))])


@pytest.mark.parametrize(
    "words, left",
    [
        ("weighting anything but bm25", ["cosine", "tfidf"]),
        ("weighting not cosine", ["tfidf", "bm25"]),
        ("without weighting cosine", ["tfidf", "bm25"]),
        ("except for weighting bm25", ["cosine", "tfidf"]),
        ("no bm25", ["cosine", "tfidf"]),
        ("don't use tfidf", ["cosine", "bm25"]),
        ("bm25 excluded", ["cosine", "tfidf"]),
        ("without bm25 and without cosine", ["tfidf"]),
        ("weighting other than cosine or bm25", ["tfidf"]),
        ("weighting不要bm25", ["cosine", "tfidf"]),
        ("除了bm25", ["cosine", "tfidf"]),
    ],
)
def test_of_a_param_with_choices_the_others_are_left(words: str, left: list[str]) -> None:
    (args,) = read_arguments("start_study", _stretch(f"tune item_knn on shop, {words}"), KNOWN)
    assert args["space"] == {"weighting": {"choices": left}}


def test_what_is_wanted_stands_where_another_is_ruled_out() -> None:
    (args,) = read_arguments("start_study", _stretch("tune item_knn on shop, weighting bm25 not cosine"), KNOWN)
    assert args["space"] == {"weighting": "bm25"}


@pytest.mark.parametrize(
    "words", ["anything except dropout 0.5", "dropout not 0.5", "never dropout 0.5", "dropout不要0.5"]
)
def test_a_value_within_a_range_is_asked_about(words: str) -> None:
    stretch = _stretch(f"tune ease on shop, {words}")
    (args,) = read_arguments("start_study", stretch, KNOWN)
    assert "space" not in args
    assert unused(stretch.said, stretch.used, [Request(tool="start_study", args=args)], ()) == ("0.5",)


@pytest.mark.parametrize("words", ["no n_neighbors above 100", "not more than 100 n_neighbors"])
def test_a_bound_is_no_value_that_is_ruled_out(words: str) -> None:
    (args,) = read_arguments("start_study", _stretch(f"tune item_knn on shop, {words}"), KNOWN)
    assert args["space"] == {"n_neighbors": {"high": 100}}


def test_a_trial_is_asked_about_instead() -> None:
    stretch = _stretch("run a trial with weighting not bm25")
    (args,) = read_arguments("run_trial", stretch, KNOWN)
    assert args == {}
    assert unused(stretch.said, stretch.used, [Request(tool="run_trial", args=args)], ()) == ("bm25",)
