"""Words that leave the past out of a study."""

import pytest

from agent.understanding.arguments.without_past import is_of_past, not_left_out, said_of_past, without_past
from agent.understanding.asking.asked_of_influence import influence_asked
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known


@pytest.mark.parametrize(
    "words",
    [
        "the memory please do not use",
        "without using past trials",
        "no memory",
        "memory off",
        "leave past trials out",
        "ignoring the notes",
        "ignore note 6",
        "forget what you learned",
        "不要用记忆",
        "不要参考以前的试验",
    ],
)
def test_the_wish_is_seen_however_it_is_put(words: str) -> None:
    assert without_past(f"tune ease on shop, 5 trials, {words}") == (words,)


@pytest.mark.parametrize(
    "say",
    [
        "tune ease on shop, 5 trials",
        "tune ease on shop, no rules",
        "tune ease like the earlier study",
        "在shop上调ease",
    ],
)
def test_other_orders_have_none(say: str) -> None:
    assert without_past(say) == ()


def test_a_sampler_that_looks_at_no_past_is_not_advised_again() -> None:
    assert not_left_out(("memory off",), "gp") == ()
    left = not_left_out(("ignore note 6",), "gp")
    assert left == ("ignore note 6",)
    assert "sampler gp" not in said_of_past(left, "gp", zh=False)
    assert "sampler gp" in said_of_past(left, None, zh=False)


def test_such_words_are_no_order_about_notes_and_no_question_about_the_past() -> None:
    assert is_of_past("sampler gp ignore note 6", ("ignore note 6",))
    assert not is_of_past("forget note 3", ("no memory",))
    known = Known(datasets=("shop",))
    assert influence_asked("在shop上调ease,5次试验,不要参考以前的试验", known, Dialogue()) is None
    assert influence_asked("在shop上调item_knn,weighting不要bm25", known, Dialogue()) is None
