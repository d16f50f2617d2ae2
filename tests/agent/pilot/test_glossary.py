"""The words of the field: each has a meaning and a source, is found when misspelt, and two are compared."""

import pytest

from agent.llm.pilot.glossary import asks_meaning, explained, may_ask_meaning, meant, terms
from agent.sampler_words import SAMPLER_WORDS
from recmodels.metrics import METRICS
from recmodels.models import MODELS
from recmodels.param_words import PARAM_WORDS

DECLARED = sorted(
    {
        *(f"{name}@10" if metric.has_cutoff else name for name, metric in METRICS.items()),
        *MODELS,
        *PARAM_WORDS,
        *(words[0] for words in SAMPLER_WORDS.values()),
    }
)


def test_every_term_says_what_it_means_in_a_few_sentences_and_names_its_source() -> None:
    assert len(terms()) >= 80
    for term in terms().values():
        assert 20 < len(term.says) < 500, term.name
        assert term.says[-1] in ".*", term.name
        assert term.source, term.name


def test_no_two_terms_share_a_word() -> None:
    words = [word for term in terms().values() for word in term.words]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("name", DECLARED)
def test_everything_that_can_be_said_is_explained(name: str) -> None:
    """A new metric, model, param or sampler is found by its name without an entry of its own."""
    assert meant(name.replace("_", " ")) or meant(name), name


@pytest.mark.parametrize(
    ("say", "names"),
    [
        ("whats this ndgc thing", ["ndcg"]),
        ("waht does dropuot do agian", ["dropout"]),
        ("explain overfiting to me", ["overfitting"]),
        ("what does l2 do", ["l2"]),
        ("hstu = ?", ["hstu"]),
        ("Somebody mentioned 'temporal split' in the meeting and everyone nodded. What is it?", ["temporal_split"]),
        ("I hear of serendipity all the time. What's the idea behind it?", ["serendipity"]),
        ("What means the word embedding size, it is the number of what?", ["embedding"]),
        ("what does the rank change?", ["rank"]),
        ("difference between recall and precision", ["recall", "precision"]),
        ("waht is teh diffrence betwen ials adn ease", ["ials", "ease"]),
        ("什么是ndcg？", ["ndcg"]),
        ("recall 和 precision 有什么区别？", ["recall", "precision"]),
    ],
)
def test_a_term_is_found_however_it_is_asked_for(say: str, names: list[str]) -> None:
    assert asks_meaning(say)
    assert [term.name for term in meant(say)] == names


@pytest.mark.parametrize(
    "say",
    [
        "What did trial 6 do so well?",
        "what is the ndcg of trial 3?",
        "what if I doubled the embedding size?",
        "what was the best coverage?",
        "explain trial 3",
        "difference of ndcg trial 3 minus trial 0",
        "what's a typical weight decay?",
        "noise?",
        "I want different items. Tune ease with diversity as the objective, ndcg at least 0.1",
    ],
)
def test_a_question_about_values_asks_for_no_meaning(say: str) -> None:
    assert not asks_meaning(say)


def test_two_terms_side_by_side_may_ask_for_their_meaning() -> None:
    assert may_ask_meaning("recall or precision?")
    assert not asks_meaning("ndcg against latency")


def test_a_comparison_begins_with_the_difference() -> None:
    text = explained("what is the difference between recall and precision?")
    assert text.startswith("Recall asks how much of what a user wants was found; precision asks")
    assert "**Recall@k**" in text
    assert "**Precision@k**" in text


def test_an_ordinary_word_is_no_misspelt_term() -> None:
    assert meant("please show the state of the last four") == ()
