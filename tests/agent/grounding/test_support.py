"""What stands behind a number that the words next to it do not settle: checked, refuted, or left open."""

import pytest

from agent.grounding.checking import MARK, checked
from agent.grounding.judging import judged
from agent.grounding.known import Known


def test_a_number_may_compare_those_of_the_sentence_before(known: Known) -> None:
    text = "Trial 6 reached 0.206 and trial 1 got 0.192. The gap of 0.014 is small."
    assert "0.014" in checked(text, known).text
    assert not checked(text, known).cuts


@pytest.mark.parametrize(("gap", "outcome"), [("1.25", "checked"), ("1.35", "unsupported")])
def test_a_difference_of_numbers_that_the_sentence_gives_needs_no_result(gap: str, outcome: str, known: Known) -> None:
    verdicts = judged(f"It rose from 3.11 to 4.36, by {gap}.", known).verdicts
    assert [v.outcome for v in verdicts if v.claim == gap] == [outcome]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Trial 1 reached 0.206.", "trial 6"),  # another's value
        ("demo has 1,488 users.", "n_items"),  # of another name
        ("Trial 6 reached 4 times the ndcg@10 of trial 1.", "against"),
        ("The default dropout of sasrec is 0.3.", "default dropout"),
    ],
)
def test_what_is_anothers_is_refuted_with_the_right_value(said: str, why: str, known: Known) -> None:
    found = judged(said, known)
    assert found.fate == "cut"
    assert why in found.why


def test_a_number_of_few_digits_in_a_long_sentence_is_marked_and_not_cut(known: Known) -> None:
    said = "As far as one can tell from these results, which are few, the whole of it came to 37 in the end."
    assert judged(said, known).fate == "not checked"
    assert judged("Trial 6 reached 0.37.", known).fate == "cut"


@pytest.mark.parametrize(
    "said",
    [
        "Both used 0.156 as dropout, trial 6 and trial 1.",
        "With 0.206 trial 6 is the nearest to the front page.",
    ],
)
def test_right_numbers_do_not_vouch_for_the_words_next_to_them(said: str, known: Known) -> None:
    assert judged(said, known).fate != "kept"


def test_a_statement_of_which_nothing_is_read_is_marked_and_talk_is_not(known: Known) -> None:
    assert checked("The curtains of the office are blue today.", known).text.endswith(MARK)
    for said in ("Here is what I found.", "Good question!", "Let me know what you prefer.", "In short:"):
        assert checked(said, known).text == said


def test_a_small_number_is_held_to_how_many_have_a_value_that_is_named(known: Known) -> None:
    n = sum(known.value(trial, "model") == "bpr_mf" for trial in known.trials())
    words = {1: "one", 2: "two", 3: "three", 4: "four"}
    assert judged(f"The bpr_mf runs, of which there are {words[n]}, came first in time.", known).fate != "cut"
    assert all(v.outcome == "checked" for v in judged(f"bpr_mf ran in {words[n]} trials", known).verdicts)
