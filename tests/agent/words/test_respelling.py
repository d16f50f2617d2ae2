"""Ordinary words that are misspelt are set right; names, quotes and words that are right stay."""

import pytest

from agent.words.respelling import respelt

WORDS = {"benelux", "viewer", "mario", "stop", "of"}


def right(text: str, *kept: str) -> str:
    return respelt(text, WORDS.__contains__, kept)[0]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("cmpare teh trails 0 adn 3", "compare the trials 0 and 3"),
        ("reapeat trila 3 wtih seed 99", "repeat trial 3 with seed 99"),
        ("TRIAN FOR 2 HUORS", "TRAIN FOR 2 HOURS"),
        ("Exprot the besst", "Export the best"),
        ("2huors", "2hours"),
        ("dont stpo it", "don't stop it"),
        ("udno taht", "undo that"),
        ("limt it to 4 sedes", "limit it to 4 seeds"),
    ],
)
def test_a_misspelt_word_becomes_the_nearest_one_that_people_say(said: str, meant: str) -> None:
    assert right(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "name it benelux",
        "hstu with cosine schedule, 2 epochs, all biases and negatives",
        "open stpo.csv and /data/teh/adn.txt",
        'call it "teh besst"',
        "the column viewer holds mario",
        "ask Besst about it",  # a name within a sentence
        "study teh-1 and user_teh",
        "recommenders, configs and calc",
        "a millionth to a ten-thousandth, eine halbe Stunde",
    ],
)
def test_names_quotes_paths_and_words_of_the_field_stay(said: str) -> None:
    assert right(said) == said


def test_the_persons_own_names_stay() -> None:
    assert right("tune on flims", "flims") == "tune on flims"
    assert right("tune on flims") == "tune on films"


def test_what_was_set_right_is_told() -> None:
    assert respelt("puase it pls", WORDS.__contains__)[1] == (("puase", "pause"),)


def test_an_order_with_a_letter_lost_and_two_swapped_is_read() -> None:
    assert respelt("psue it", {"it"}.__contains__)[0] == "pause it"


def test_y_is_why_before_what_it_asks_about() -> None:
    assert respelt("hmm y that", {"hmm", "that"}.__contains__)[0] == "hmm why that"
