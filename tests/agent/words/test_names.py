"""Whatever is declared can be said by its name and by each of its words, and comes back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.sampler_words import SAMPLER_WORDS
from agent.words.names import Names, read
from agent.words.spelling import ORDINARY, loosely, misspellings
from recmodels.metrics import METRICS
from recmodels.models import MODELS
from recmodels.param_words import PARAM_WORDS
from recmodels.request import SPLIT_WORDS

HOME = Names(datasets=("demo", "shop", "my films"), studies=("demo-1", "nightly"))


def said(kind: str, text: str) -> list[object]:
    return [span.value for span in read(text, HOME).spans if span.kind == kind]


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name, metric in METRICS.items() for word in (name, *metric.words)]
)
def test_a_metric_is_read_by_each_of_its_words(name: str, word: str) -> None:
    cutoff = "@10" if METRICS[name].has_cutoff else ""
    assert said("metric", f"the objective is {word}") == [name + cutoff]


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name, entry in MODELS.items() for word in (name, *entry.words)]
)
def test_a_model_is_read_by_each_of_its_words(name: str, word: str) -> None:
    assert said("model", f"train with {word}, please") == [name]


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name, entry in PARAM_WORDS.items() for word in (name, *entry.words)]
)
def test_a_param_is_among_what_each_of_its_words_means(name: str, word: str) -> None:
    found = said("param", f"set {word} = 2")
    assert len(found) == 1 and name in found[0]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("kind", "name", "word"),
    [
        ("sampler", name, word)
        for name, words in SAMPLER_WORDS.items()
        for word in (name, *words)
        if name != "random" or word != "random"
    ]
    + [("split", name, word) for name, words in SPLIT_WORDS.items() for word in words],
)
def test_a_sampler_and_a_split_are_read_by_each_of_their_words(kind: str, name: str, word: str) -> None:
    assert said(kind, f"tune it, {word}, now") == [name]


@pytest.mark.parametrize(
    "word", ["Learning-Rate", "learning_rate", "learningrate", "LEARNING RATE", "learnign rate", "learning rates"]
)
def test_case_and_marks_and_a_swapped_letter_make_no_difference(word: str) -> None:
    assert said("param", f"set {word} to 0.1") == [("learning_rate",)]


def test_a_misspelt_name_is_marked_and_a_common_word_is_none() -> None:
    spans = read("tune sasrce on shpo", HOME).spans
    assert [(span.kind, span.value, span.is_near) for span in spans] == [
        ("model", "sasrec", True),
        ("dataset", "shop", True),
    ]
    assert read("we like the shape of it", HOME).spans == ()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("recall at 20", "metric", "recall@20"), ("ndcg@5", "metric", "ndcg@5"), ("recal at 20", "metric", "recall@20"), ("在demo上用bpr", "dataset", "demo"), ("用bpr和ease", "model", "bpr_mf"),
        ("recommend to customer 4711", "user", "4711"), ("给用户u12推荐", "user", "u12"), ("show client_3", "user", "client_3"), ("recall in the top 20", "metric", "recall@20"), ("precision at five", "metric", "precision@5"), ("ndcg20", "metric", "ndcg@20"), ("top-5 recall", "metric", "recall@5"),
        ("hit rate within the first three", "metric", "hit@3"), ("mrr@k=7", "metric", "mrr@7"), ("ndcg@10/coverage@20", "metric", "coverage@20"), ("ease/bpr", "model", "bpr_mf"), ("export t3", "trial", 3),
        ("trial 2s params", "trial", 2), ("a tempral split", "split", "temporal"), ("leav last out", "split", "leave_last_out"), ("with 1 head", "param", ("n_heads",)), ("trial 3", "trial", 3), ("#5 please", "trial", 5),
        ("load data/x.csv now", "path", "data/x.csv"), (r"take D:\data\kasse.csv while we wait", "path", r"D:\data\kasse.csv"), ("tune my-films", "dataset", "my films"), ("open demo-1", "study", "demo-1"),
    ],
)  # fmt: skip
def test_a_name_is_read_where_it_stands(text: str, kind: str, value: object) -> None:
    assert value in said(kind, text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("demo 4 trials", "study"),
        ("trials: 20", "trial"),
        ("a knn trial 150 neighbours", "trial"),
        ("when it hits 20", "metric"),
        ("another hr", "metric"),
        ("run 20 trials", "trial"),
        ("on a T4 gpu", "trial"),
        ("data/ndcg/coverage", "metric"),
        ("called 'viewer' and so on 'film'", "user"),
    ],
)
def test_a_word_that_only_looks_like_a_name_is_none(text: str, kind: str) -> None:
    assert said(kind, text) == []


@pytest.mark.parametrize(
    "id", ["kunde005@gmx.de", "anna.maria+x@b.co.uk", "a/b:c+d-9", "12.5-x", "müller-5", "ns:42", "u7/b", "用户5"]
)
@pytest.mark.parametrize("form", ["recommend to user {}.", 'recommend to user "{}", please', "show user {} again"])
def test_an_id_is_read_whole_whatever_it_is_made_of(form: str, id: str) -> None:
    assert said("user", form.format(id)) == [id]


def test_an_address_is_an_id_and_a_metric_with_its_cutoff_is_none() -> None:
    assert said("user", "what did p5@example.org buy?") == ["p5@example.org"]
    assert said("user", "tune for users ndcg@10.Then stop") == []


@given(text=st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Co", "Cs"]), max_size=60))
@settings(max_examples=100)
def test_spans_lie_in_the_message_and_apart(text: str) -> None:
    found = read(text, HOME)
    assert len(found.marked) == len(found.text) == len(text)
    assert all(one.end <= other.start for one, other in zip(found.spans, found.spans[1:], strict=False))


def test_usual_misspellings_of_a_word_are_read_and_common_words_are_not() -> None:
    assert {"betwen", "bewteen", "betweeen"} <= set(misspellings("between"))
    assert not ORDINARY & set(misspellings("best"))
    assert loosely("lr") == "(?:lr)"


def test_a_number_after_a_metric_that_counts_something_is_no_cutoff() -> None:
    assert said("metric", "ndcg at 10 minutes") == ["ndcg@10"] and said("duration", "ndcg at 10 minutes") == [600.0]
    assert said("metric", "coverage 20 trials") == ["coverage@10"] and said("number", "coverage 20 trials") == [20]
    assert said("metric", "ndcg@20 seed 7") == ["ndcg@20"] and said("number", "ndcg@20 seed 7") == [7]
