"""The question lists the acts that its schema takes, and no others, whatever is legal at the moment."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.deciding.acts import Ask, BringIn, Deed
from agent.deciding.context import DecisionContext, Terms
from agent.deciding.prompt import Question, details, fitted, question
from agent.deciding.schema import Schema
from memory.record import TrialRecord
from recmodels.search_space import Float, SearchSpace

Seen = Callable[..., DecisionContext]
ALL = {"candidate", "params", "repeat", "longer", "param", "leave_out", "bring_in", "ask"}
FIXED = SearchSpace({"x": Float(1.0, 1.0, default=1.0)})
OPEN_QUESTION = (Deed(act=Ask(question="How slow?"), rationale="", after=4),)


def form(names: list[str]) -> str:
    """What tells a branch from the others: a range has a param, own params have params."""
    return names[1] if names[0] == "model" else names[0]


def listed(asked: Question) -> set[str]:
    lines = re.findall(r"^- (\{.*?\})", asked.text, flags=re.MULTILINE)
    return {form(re.findall(r'"(\w+)"', line)) for line in lines}


def taken(schema: Schema) -> set[str]:
    return {form(list(one["properties"])) for one in schema["properties"]["choice"]["anyOf"]}


def changed_scope(context: DecisionContext, **changed: Any) -> DecisionContext:
    return replace(context, scope=replace(context.scope, **changed))


CASES: list[tuple[Callable[[DecisionContext], DecisionContext], set[str]]] = [
    (lambda now: now, ALL),
    (lambda now: replace(now, terms=Terms(epochs=5)), ALL - {"longer"}),
    (lambda now: changed_scope(now, repeats={}), ALL - {"repeat"}),
    (lambda now: changed_scope(now, reserve={}), ALL - {"bring_in"}),
    (lambda now: changed_scope(now, may_act=False), {"candidate", "params", "repeat", "longer"}),
    (lambda now: replace(now, records=()), {"candidate", "params", "bring_in", "ask"}),
    (lambda now: replace(now, n_trials=16), ALL | {"stop"}),
    (lambda now: replace(now, spaces={"m": now.spaces["m"]}), ALL - {"leave_out"}),
    (lambda now: replace(now, spaces={"m": FIXED}), {"candidate", "repeat", "param", "bring_in", "ask"}),
    (lambda now: replace(now, deeds=OPEN_QUESTION), ALL - {"ask"}),
]


@pytest.mark.parametrize(("change", "expected"), CASES)
def test_the_acts_in_the_question_are_those_of_the_schema(
    seen: Seen, change: Callable[[DecisionContext], DecisionContext], expected: set[str]
) -> None:
    for detail in (*list(details())[:1], *list(details())[-1:]):
        asked = question(change(seen()), detail)
        assert listed(asked) == taken(asked.schema) == expected


def test_explorations_are_offered_while_some_are_left(seen: Seen) -> None:
    assert "which 1 more trial may" in fitted(changed_scope(seen(), n_explored=3)).text
    spent = fitted(changed_scope(seen(), n_explored=4))
    assert "explores" not in spent.text and "explores" not in str(spent.schema)


def test_what_needs_a_yes_is_not_offered_where_no_answer_came_a_moment_ago(
    seen: Seen, make_record: Callable[..., TrialRecord]
) -> None:
    silent = fitted(seen(deeds=(Deed(act=BringIn(model="ials"), rationale="", after=4, needs_yes=True),)))
    assert '- {"bring_in": model}: ease.' in silent.text and "'ials'" not in str(silent.schema)
    assert "No answer came to what you asked the person; decide without it." in silent.text
    later = fitted(seen(deeds=OPEN_QUESTION, records=(*seen().records, make_record(4, 0.3))))
    assert '- {"bring_in": model}: ials (the person is asked), ease.' in later.text
    assert "decide without it" not in later.text and '- {"ask"' in later.text
