"""What a message says about items that people had before."""

from collections.abc import Callable

import pytest

from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.clauses import clauses
from agent.understanding.clauses.corrections import settled
from agent.understanding.data.repeat_words import is_repeat_events_alone, repeat_events_in
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Waiting
from agent.words.names import read

KNOWN = Known(datasets=("demo", "shop"), studies=("demo-1",), objective="ndcg@10")
KEEP = [
    "keep repeats",
    "people buy again, so do not hide what they had",
    "customers often buy the same products again",
    "they listen to the same songs again and again",
    "don't hide what they already bought",
    "repeat purchases should count",
    "repeat_events = keep",
]
MASK = [
    "hide what they already bought",
    "mask repeats",
    "do not recommend items people already had",
    "leave out everything users have seen before",
    "nobody buys anything twice",
    "don't keep repeats",
    "no repeat purchases",
]
NEITHER = ["6 trials", "repeat trial 3", "do it again", "keep it short", "hide the table", "keep dropout at 0.2"]


def said_of(text: str) -> Stretch:
    said = settled(read(text, KNOWN.names))
    return Stretch(said, clauses(said))


@pytest.mark.parametrize(
    ("words", "kind"),
    [*((one, "keep") for one in KEEP), *((one, "mask") for one in MASK), *((n, None) for n in NEITHER)],
)
def test_what_becomes_of_repeats_is_read(words: str, kind: str | None) -> None:
    assert repeat_events_in(said_of(words)).get("repeat_events") == kind


@pytest.mark.parametrize(("words", "kind"), [(KEEP[0], "keep"), (KEEP[1], "keep"), (MASK[0], "mask")])
def test_it_stands_beside_the_other_terms_of_a_start(words: str, kind: str) -> None:
    (args,) = read_arguments("start_study", said_of(f"tune ease on shop, {words}"), KNOWN)
    assert args == {"models": ["ease"], "dataset": "shop", "repeat_events": kind}


@pytest.mark.parametrize("words", [*KEEP[:3], *MASK[:3]])
def test_it_may_be_all_that_is_said(words: str) -> None:
    assert is_repeat_events_alone(settled(read(words, KNOWN.names)))
    assert not is_repeat_events_alone(settled(read(f"why {words}?", KNOWN.names)))
    assert not is_repeat_events_alone(settled(read(f"{words} with 7 trials of ease", KNOWN.names)))


@pytest.mark.parametrize(
    ("say", "kind"), [("people buy again, so do not hide what they had", "keep"), (MASK[0], "mask")]
)
def test_another_choice_for_the_study_at_hand_makes_a_copy_after_a_yes(
    say: str, kind: str, plan_of: Callable[..., Plan]
) -> None:
    plan = plan_of(say, people="lesson", hide="show_space")
    assert not plan.requests
    assert isinstance(plan.waiting, Waiting)
    (request,) = plan.waiting.requests
    expected = {"repeat_events": kind, "base": "demo-2", "dataset": "demo"}
    assert (request.tool, dict(request.args)) == ("start_study", expected)
