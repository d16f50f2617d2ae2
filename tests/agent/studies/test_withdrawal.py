"""Lessons that later trials contradict: withdrawn beyond chance, with the trials that did it."""

from dataclasses import replace
from typing import Any

import pytest

from agent.studies.relevance import relevance
from agent.studies.withdrawal import withdrawn
from memory.content import Condition, Content
from memory.record import Lesson, TrialRecord

LARGE = {"n_users": 900.0, "n_items": 1_700.0, "n_interactions": 1e5, "density": 0.06}
SMALLER = LARGE | {"n_items": 300.0}
HUGE = {"n_users": 2e6, "n_items": 8e5, "n_interactions": 3e7, "density": 2e-5}
HIGH = (Condition(param="learning_rate", low=0.02),)
WORSE = Content(says="worse", model="bpr_mf", where=HIGH, metric="ndcg@10", effect=-0.1, n=6, n_others=9, profile=LARGE)
BIG = (Condition(param="embedding_size", low=100),)
FAILS = Content(says="fails", model="bpr_mf", where=BIG, failure="out_of_memory", n=3, n_others=9, profile=LARGE)


def lesson(content: Content) -> Lesson:
    return Lesson(id="lesson/1", text="t.", source="reflection", dataset="books", evidence=("s/0",), content=content)


def trial(number: int, value: float | None, rate: float = 0.01, size: int = 32, **changed: Any) -> TrialRecord:
    made = TrialRecord(
        id=f"later/{number}",
        study="later",
        number=number,
        dataset="books",
        model="bpr_mf",
        params={"learning_rate": rate, "embedding_size": size},
        state="complete",
        objective="ndcg@10",
        value=value,
    )
    return replace(made, **changed)


LOW = [trial(number, 0.1 + number / 1000, rate=0.001 * (number + 1)) for number in range(8)]


def test_trials_that_are_better_there_withdraw_it_and_are_named() -> None:
    better = [trial(number, 0.2 + number / 1000, rate=0.02 + number / 1000) for number in (20, 21)]
    found = withdrawn(lesson(WORSE), [*LOW, *better])
    assert found is not None and not found.holds and found.against == ("later/20", "later/21")
    assert found.withdrawn == (
        "2 other trials with learning_rate of 0.02 or more had a better ndcg@10 than those without"
    )
    assert found.said == f"t. Withdrawn: {found.withdrawn}."


@pytest.mark.parametrize("values", [(0.2,), (0.2, 0.05), (0.1035, 0.1045)])
def test_one_trial_or_values_among_the_others_do_not(values: tuple[float, ...]) -> None:
    there = [trial(20 + n, value, rate=0.03 + n / 1000) for n, value in enumerate(values)]
    assert withdrawn(lesson(WORSE), [*LOW, *there]) is None


def test_what_taught_it_and_other_models_do_not_count() -> None:
    better = [trial(number, 0.2, rate=0.02 + number / 1000) for number in (20, 21)]
    known = replace(lesson(WORSE), evidence=tuple(r.id for r in better))
    assert withdrawn(known, [*LOW, *better]) is None
    others = [trial(r.number, r.value, rate=float(r.params["learning_rate"]), model="sasrec") for r in better]
    assert withdrawn(lesson(WORSE), [*LOW, *others]) is None


def test_the_more_lessons_are_looked_at_the_clearer_it_must_be() -> None:
    better = [trial(number, 0.2, rate=0.02 + number / 1000) for number in (20, 21)]
    assert withdrawn(lesson(WORSE), [*LOW, *better], n_looks=1) is not None
    assert withdrawn(lesson(WORSE), [*LOW, *better], n_looks=10) is None


def test_a_failure_that_no_longer_happens_is_withdrawn() -> None:
    through = [trial(number, 0.1, size=100 + number) for number in range(3)]
    found = withdrawn(lesson(FAILS), through)
    assert found is not None and found.withdrawn == (
        "3 other trials with embedding_size of 100 or more came through, none ran out of memory"
    )
    assert withdrawn(lesson(FAILS), through[:2]) is None, "three failures against two"
    again = trial(9, None, size=120, state="failed", reason="out_of_memory: no room")
    assert withdrawn(lesson(FAILS), [*through, again]) is None
    assert withdrawn(lesson(FAILS), [trial(number, 0.1, size=90) for number in range(9)]) is None


def test_what_was_too_large_is_so_on_larger_data_and_not_on_smaller() -> None:
    assert relevance(lesson(FAILS), "other", HUGE) == 1.0
    assert relevance(lesson(FAILS), "books", SMALLER) == 1.0, "the same dataset"
    assert 0 < relevance(lesson(FAILS), "other", SMALLER) < 1.0, "as far as it is alike"
    assert relevance(lesson(WORSE), "other", HUGE) == 0.0, "unlike data"
    assert relevance(Lesson(id="l", text="a sentence alone", source="user"), "books", LARGE) == 0.0
