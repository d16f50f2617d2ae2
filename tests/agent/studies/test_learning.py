"""What a study learns: hopeless trials pruned, lessons from surprises and failures, params carried over."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.advisor.situation import seed_from
from agent.errors import UserError
from agent.events import LessonLearned, StudyNoted
from agent.executor import InProcessExecutor
from agent.objective import Goal
from agent.proposal import Candidate, Proposal
from agent.standing import best_of, scoreboard
from agent.studies.reflection import reflect
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from memory.embedding import HashingEmbedder
from memory.record import Lesson, TrialRecord
from memory.store import TrialMemory
from recmodels.errors import TrialFailed
from recmodels.request import EpochReport, OnEpoch, TrainRequest, TrainResult

GOAL = Goal.parse(["ndcg@10"])


def record(number: int, curve: tuple[float, ...] = (), value: float | None = None, **changed: Any) -> TrialRecord:
    given = TrialRecord(
        id=f"s/{number}",
        study="s",
        number=number,
        dataset="books",
        model="ease",
        params={"l2": 10.0 * (number + 1)},
        state="complete",
        objective="ndcg@10",
        value=curve[-1] if curve else value,
        curve=curve,
    )
    return replace(given, **changed)


EARLIER = tuple(record(i, (0.1 * i, 0.2 * i, 0.3 * i, 0.4 * i)) for i in range(1, 6))


def proposal(value: float | None, spread: float | None = None) -> Proposal:
    candidate = Candidate(model="ease", params={"l2": 100.0}, source="gp", reason="r", mean=value, spread=spread)
    return Proposal(
        number=9,
        model="ease",
        params={"l2": 100.0},
        proposer="gp",
        rationale="r",
        expected=value,
        candidates=(candidate,),
    )


def test_a_trial_that_was_too_slow_teaches_with_its_limit() -> None:
    slow = record(9, state="failed", reason="time_limit: no epoch finished in 1 s", params={"l2": 100.0})
    lesson = reflect(GOAL, slow, proposal(0.3), ())
    assert lesson is not None
    assert lesson.text == "On books, ease ran into its time limit (no epoch finished in 1 s) with l2 100."


def test_a_surprise_beyond_the_spread_is_a_lesson_with_the_numbers_of_the_record() -> None:
    measured = record(9, value=0.5, expected=0.3, params={"l2": 100.0}, evidence=("s/1",))
    lesson = reflect(GOAL, measured, proposal(0.3, 0.05), EARLIER)
    assert lesson is not None
    assert lesson.text == (
        "On books, ease with l2 100 (else as trial s/5) was worse than expected: ndcg@10 0.5 instead of 0.3 (90 % "
        "interval 0.22 to 0.38)."
    ).replace("worse", "better")
    assert (lesson.source, lesson.study, lesson.dataset, lesson.evidence) == (
        "reflection",
        "s",
        "books",
        ("s/9", "s/1"),
    )
    assert reflect(GOAL, measured, proposal(0.3, 0.05), EARLIER) == replace(lesson, created_at=lesson.created_at)
    worse = reflect(GOAL, replace(measured, value=0.1), proposal(0.3, 0.05), EARLIER)
    assert worse is not None and "was worse than expected" in worse.text


def test_of_two_objectives_a_lesson_judges_the_one_that_surprised_and_tells_the_other() -> None:
    goal = Goal.parse(["ndcg@10", "coverage@10"])
    measured = record(9, value=0.1, expected=0.3, params={"l2": 100.0}, metrics={"valid_coverage@10": 0.9})
    lesson = reflect(goal, measured, proposal(0.3, 0.05), EARLIER)
    assert lesson is not None
    assert "(else as trial s/5) had a lower ndcg@10 than expected: ndcg@10 0.1 instead of 0.3" in lesson.text
    assert lesson.text.endswith(", with coverage@10 0.9.") and "worse" not in lesson.text


def test_what_goes_as_expected_or_was_not_predicted_teaches_nothing() -> None:
    measured = record(9, value=0.33, expected=0.3, params={"l2": 100.0})
    assert reflect(GOAL, measured, proposal(0.3, 0.05), EARLIER) is None
    assert reflect(GOAL, replace(measured, expected=None), proposal(None), EARLIER) is None
    assert reflect(GOAL, replace(measured, value=0.9), proposal(0.3), EARLIER[:2]) is None, "no spread is known"


def test_a_failure_that_the_params_caused_is_a_lesson() -> None:
    failed = record(9, state="failed", reason="diverged: the loss is nan", value=None)
    lesson = reflect(GOAL, failed, proposal(0.3, 0.05), ())
    assert lesson is not None and lesson.text == "On books, ease diverged with l2 100."
    for reason in ("interrupted", "error: a bug"):
        assert reflect(GOAL, replace(failed, reason=reason), proposal(0.3, 0.05), ()) is None


def test_the_scoreboard_counts_who_proposed_and_who_improved() -> None:
    goal = StudySpec.create(dataset="d", models=["ease"], constraints=["coverage@10>=0.5"]).goal
    wide = {"valid_coverage@10": 0.9}
    records = (
        record(0, value=0.1, proposer="defaults", metrics=wide),
        record(1, value=0.3, proposer="llm", metrics=wide),
        record(2, value=0.2, proposer="gp", metrics=wide),
        record(3, value=0.9, proposer="user", metrics={"valid_coverage@10": 0.1}),
        record(4, value=None, proposer="llm", state="failed", reason="interrupted"),
    )
    assert scoreboard(goal, records) == {
        "advisor": {"trials": 2, "improved": 1, "best": 0.2},
        "llm": {"trials": 1, "improved": 1, "best": 0.3},
        "user": {"trials": 1, "improved": 0},
    }
    best = best_of(goal, records)
    assert best is not None and best.number == 1


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[TrialMemory]:
    opened = TrialMemory(tmp_path / "memory", HashingEmbedder())
    yield opened
    opened.close()


def spec(**changed: Any) -> StudySpec:
    return StudySpec.create(**({"dataset": "tiny", "models": ("ease",), "n_trials": 5, "epochs": 3} | changed))


def test_the_next_study_begins_with_what_the_last_one_learned(
    make_runner: Callable[..., StudyRunner], memory: TrialMemory
) -> None:
    runner = make_runner(memory=memory)
    first = runner.create(spec(name="first", sampler="grid"))
    list(first.run())
    assert memory.stats()["trial"] == 5
    assert memory.get("first/0") == first.record(0)
    second = runner.create(spec(name="second", n_trials=3))
    list(second.run())
    carried = [r for r in second.records() if r.proposer == "memory"]
    assert carried and carried[0].number == 1
    (source,) = carried[0].evidence
    past = memory.get(source)
    assert isinstance(past, TrialRecord) and past.model == carried[0].model
    assert "measured on the same data and split: ndcg@10" in carried[0].rationale


class BrokenMemory(TrialMemory):
    """Cannot be written, nor read."""

    def remember(self, *records: object) -> None:
        raise UserError("the disk is full")

    def recall(self, *args: object, **kwargs: object) -> Any:
        raise UserError("the disk is full")


def test_a_memory_that_fails_is_told_and_loses_no_trial(
    make_runner: Callable[..., StudyRunner], tmp_path: Path
) -> None:
    broken = BrokenMemory(tmp_path / "memory", HashingEmbedder())
    study = make_runner(memory=broken).create(spec(n_trials=2))
    events = list(study.run())
    assert study.state == "finished" and len(study.records()) == 2
    notes = [event.text for event in events if isinstance(event, StudyNoted)]
    assert len(notes) == 2 and "the disk is full" in notes[0]
    broken.close()
    fixed = TrialMemory(tmp_path / "memory", HashingEmbedder())
    again = make_runner(memory=fixed).open(study.spec.name)
    list(again.run())
    assert sorted(r.id for r in fixed.records("trial")) == [r.id for r in study.records()]
    fixed.close()


class Diverging(InProcessExecutor):
    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        raise TrialFailed("diverged", "the loss is nan")


def test_a_diverged_trial_is_remembered_with_its_reason(
    make_runner: Callable[..., StudyRunner], memory: TrialMemory
) -> None:
    study = make_runner(Diverging(), memory=memory).create(spec(n_trials=1))
    events = list(study.run())
    (lesson,) = (event.lesson for event in events if isinstance(event, LessonLearned))
    assert lesson.text == "On tiny, ease diverged with l2 400, dropout 0, user_exponent 0, popularity_exponent 0."
    kept = memory.get(study.record(0).id)
    assert isinstance(kept, TrialRecord) and (kept.state, kept.reason) == ("failed", "diverged: the loss is nan")
    assert isinstance(memory.get(lesson.id), Lesson)


class Planted(InProcessExecutor):
    """Ten epochs of a curve that depends on the params: the larger `l2`, the worse."""

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        worth = 1 / float(request.params["l2"])
        curve = []
        for epoch in range(1, 11):
            value = worth * epoch
            curve.append(
                EpochReport(
                    epoch=epoch, epochs=10, loss=1.0, value=value, metrics={"valid_ndcg@10": value}, elapsed_s=0.0
                )
            )
            if on_epoch is not None:
                on_epoch(curve[-1])
        metrics = {"valid_ndcg@10": curve[-1].value}
        return TrainResult(
            metrics=metrics,
            curve=tuple(curve),
            cost={},
            best_epoch=10,
            params=request.params,
            split="x",
            checkpoint=None,
        )


@pytest.mark.parametrize(("pruner", "words"), [("quartile", "lower quartile"), ("halving", "successive halving")])
def test_hopeless_trials_are_cut_short_and_never_the_best(
    make_runner: Callable[..., StudyRunner], pruner: str, words: str
) -> None:
    study = make_runner(Planted()).create(spec(n_trials=12, sampler="random", pruner=pruner))
    list(study.run())
    pruned = [r for r in study.records() if r.state == "pruned"]
    assert pruned and all(len(r.curve) < 10 and words in (r.reason or "") for r in pruned)
    complete = [r for r in study.records() if r.state == "complete"]
    worst_complete = max(float(r.params["l2"]) for r in complete[5:]) if len(complete) > 5 else 0.0
    assert all(float(r.params["l2"]) > worst_complete for r in pruned[-1:])
    best = study.best()
    assert best is not None and float(best.params["l2"]) == min(float(r.params["l2"]) for r in study.records())


def test_trials_of_a_study_have_seeds_of_their_own_and_the_same_params_the_same_seed() -> None:
    assert seed_from(0, "ease", {"l2": 1.0}) == seed_from(0, "ease", {"l2": 1.0})
    assert len({seed_from(s, "ease", {"l2": x}) for s in (0, 1) for x in (1.0, 2.0)}) == 4
