"""Lessons that act: recalled for data that they are about, as soft leanings, and told where they weighed in."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.studies.lessons_recalled import BROKE_ONCE, FAILS, WORSE, leanings_of_lessons
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from memory.content import Condition, Content
from memory.embedding import HashingEmbedder
from memory.record import Lesson, TrialRecord
from memory.store import TrialMemory

LARGE = {"n_users": 900.0, "n_items": 1_700.0, "n_interactions": 1e5, "density": 0.06}
HUGE = {"n_users": 2e6, "n_items": 8e5, "n_interactions": 3e7, "density": 2e-5}
HIGH = (Condition(param="l2", low=200.0),)
WORSE_THERE = Content(says="worse", model="ease", where=HIGH, metric="ndcg@10", effect=-0.02, n=6, n_others=9)
BROKE = Content(says="fails", model="ease", where=HIGH, failure="out_of_memory", n=3, n_others=9, profile=LARGE)
SPEC = StudySpec.create(name="now", dataset="books", models=["ease"])


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[TrialMemory]:
    opened = TrialMemory(tmp_path / "memory", HashingEmbedder())
    yield opened
    opened.close()


def lesson(content: Content, **changed: Any) -> Lesson:
    made = Lesson(id="lesson/1", text="t", source="reflection", study="old", dataset="books", content=content)
    return replace(made, **{"evidence": tuple(f"old/{n}" for n in range(8))} | changed)


def past(n: int, **changed: Any) -> list[tuple[TrialRecord, float]]:
    made = [
        TrialRecord(
            id=f"old/{number}",
            study="old",
            number=number,
            dataset="books",
            model="ease",
            params={"l2": 10.0 + number},
            state="complete",
            objective="ndcg@10",
            value=0.1,
        )
        for number in range(n)
    ]
    return [(replace(record, **changed), 1.0) for record in made]


def strengths(memory: TrialMemory, spec: StudySpec = SPEC, recalled: Any = (), profile: Any = LARGE) -> list[float]:
    return [leaning.strength for leaning in leanings_of_lessons(memory, spec, profile, recalled)]


def test_a_lesson_leans_away_by_what_it_rests_on(memory: TrialMemory) -> None:
    memory.remember(lesson(WORSE_THERE))
    (leaning,) = leanings_of_lessons(memory, SPEC, LARGE, ())
    assert leaning.strength == -WORSE and leaning.evidence == ("lesson/1",)
    assert leaning.holds({"l2": 200.0}) and not leaning.holds({"l2": 199.0})
    assert leaning.source == "a lesson of study old"
    assert leaning.reason == "l2 of 200 or more was worse in 6 trials against 9, ndcg@10 by -0.02 in the median"
    for content, strength in ((BROKE, -FAILS), (replace(BROKE, n=1), -BROKE_ONCE)):
        memory.remember(lesson(content))
        assert strengths(memory) == [strength]


def test_what_was_too_slow_says_nothing_where_no_trial_is_timed(memory: TrialMemory) -> None:
    memory.remember(lesson(replace(BROKE, failure="time_limit")))
    assert strengths(memory) == []
    limited = StudySpec.create(name="now", dataset="books", models=["ease"], trial_time_limit_s=5.0)
    assert strengths(memory, limited) == [-FAILS]


def test_an_imported_lesson_leans_by_evidence_that_is_here_alone(memory: TrialMemory) -> None:
    claims = replace(BROKE, n=10**9)
    memory.remember(replace(lesson(WORSE_THERE), imported=True), replace(lesson(claims), id="lesson/2", imported=True))
    assert strengths(memory) == []
    memory.remember(*(record for record, _ in past(1, params={"l2": 300.0}, state="failed", reason="out_of_memory")))
    assert sorted(strengths(memory)) == [-WORSE, -BROKE_ONCE]


@pytest.mark.parametrize(
    "changed",
    [
        {"withdrawn": "2 other trials were better"},
        {"study": "now"},
        {"content": replace(WORSE_THERE, says="surprise")},
        {"content": replace(WORSE_THERE, model="sasrec")},
        {"content": replace(WORSE_THERE, where=())},
        {"content": replace(WORSE_THERE, where=(Condition(param="gone", low=1.0),))},
        {"content": replace(WORSE_THERE, metric="coverage@10")},
        {"content": None},
    ],
)
def test_what_does_not_hold_here_does_not_act(memory: TrialMemory, changed: dict[str, Any]) -> None:
    memory.remember(replace(lesson(WORSE_THERE), **changed))
    assert strengths(memory) == []


def test_worse_is_worse_by_the_only_aim_alone(memory: TrialMemory) -> None:
    memory.remember(lesson(WORSE_THERE))
    for changed in ({"objectives": ["ndcg@10", "coverage@10"]}, {"constraints": ["coverage@10>=0.2"]}):
        spec = StudySpec.create(name="now", dataset="books", models=["ease"], **changed)  # type: ignore[arg-type]
        assert strengths(memory, spec) == []
        memory.remember(lesson(BROKE))
        assert strengths(memory, spec) == [-FAILS], "what breaks does so whatever the aim"
        memory.remember(lesson(WORSE_THERE))


def test_trials_that_are_recalled_speak_for_themselves(memory: TrialMemory) -> None:
    memory.remember(lesson(WORSE_THERE))
    assert strengths(memory, recalled=past(8)) == [], "all of its evidence"
    assert strengths(memory, recalled=past(6)) == [-WORSE / 4], "two of eight trials are its own"
    assert strengths(memory, recalled=past(5)) == [-WORSE], "too few for the advisor to follow"
    assert strengths(memory, recalled=past(8, state="failed", value=None)) == [-WORSE]
    memory.remember(lesson(BROKE))
    assert strengths(memory, recalled=past(8)) == [-FAILS], "values tell nothing of failures"


def test_what_broke_breaks_on_larger_data_and_is_else_taken_by_likeness(memory: TrialMemory) -> None:
    memory.remember(lesson(replace(WORSE_THERE, profile=LARGE), dataset="films"))
    assert strengths(memory) == [-WORSE] and strengths(memory, profile=HUGE) == []
    memory.remember(lesson(BROKE, dataset="films"))
    assert strengths(memory, profile=HUGE) == [-FAILS]


def test_a_study_in_a_home_with_a_lesson_proposes_otherwise_and_says_so(
    make_runner: Callable[..., StudyRunner], memory: TrialMemory, tmp_path: Path
) -> None:
    def second(name: str, of: TrialMemory) -> TrialRecord:
        spec = StudySpec.create(name=name, dataset="tiny", models=["ease"], n_trials=2)
        study = make_runner(memory=of).create(spec)
        list(study.run())
        return study.record(1)

    elsewhere = TrialMemory(tmp_path / "elsewhere", HashingEmbedder())  # else its best would run here first
    without = second("without", elsewhere)
    elsewhere.close()
    l2 = float(without.params["l2"])
    there = (Condition(param="l2", low=l2 / 2, high=l2 * 2),)
    memory.remember(lesson(replace(WORSE_THERE, where=there), dataset="tiny"))
    leant = second("with", memory)
    assert not there[0].holds(leant.params)
    assert "kept away from what a lesson of study old (l2 from" in leant.rationale
    assert "lesson/1" in leant.evidence
    kept = memory.get("lesson/1")
    assert isinstance(kept, Lesson) and kept.weighed_in == ("with/1",)
