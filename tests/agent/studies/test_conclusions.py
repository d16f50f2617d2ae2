"""What a study concludes at its end: lessons are drawn, kept and told, and those that it contradicts withdrawn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agent.events import Event, LessonLearned, StudyFinished
from agent.proposal import Proposal
from agent.studies.conclusions import conclude
from agent.studies.learning import Learner
from agent.studies.moment import Finished
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from memory.content import Condition, Content
from memory.embedding import HashingEmbedder
from memory.record import Lesson, TrialRecord
from memory.store import TrialMemory

PROFILE = {"n_users": 60.0, "n_items": 40.0, "n_interactions": 480.0, "density": 0.2}


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[TrialMemory]:
    opened = TrialMemory(tmp_path / "memory", HashingEmbedder())
    yield opened
    opened.close()


def spec(name: str) -> StudySpec:
    return StudySpec.create(dataset="tiny", models=("ease",), n_trials=24, name=name)


def trials(study: str, turn: int, seed: int = 0, n: int = 24) -> list[TrialRecord]:
    """From a dropout of 0.4 on the value falls, or rises with a turn of 1."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(n):
        dropout = float(rng.uniform(0, 0.9))
        value = 0.2 + turn * 0.1 * max(0.0, dropout - 0.4) + 0.001 * float(rng.standard_normal())
        record = TrialRecord(
            id=f"{study}/{number}",
            study=study,
            number=number,
            dataset="tiny",
            profile=PROFILE,
            model="ease",
            params={"l2": float(rng.uniform(10, 1000)), "dropout": dropout},
            state="complete",
            objective="ndcg@10",
            value=value,
        )
        made.append(record)
    return made


def told(memory: TrialMemory, study: str, records: Sequence[TrialRecord]) -> list[Lesson]:
    """What the study tells at its end, twice asked; the memory has its trials already."""
    memory.remember(*records)
    events: list[Event] = []
    learner = Learner(study, memory, events.append)
    for _ in range(2):
        learner.conclude(spec(study), records, PROFILE)
    return [event.lesson for event in events if isinstance(event, LessonLearned)]


def test_a_study_draws_its_lesson_once_and_a_later_one_withdraws_it(memory: TrialMemory) -> None:
    (lesson,) = told(memory, "first", trials("first", -1))
    assert lesson.content is not None and [one.param for one in lesson.content.where] == ["dropout"]
    assert memory.lessons("worse") == [lesson]
    assert told(memory, "first", trials("first", -1)) == [], "nothing has changed"

    second = trials("second", 1, seed=1)
    gone, *new = told(memory, "second", second)
    assert gone.id == lesson.id and not gone.holds and "a better ndcg@10 than those without" in gone.withdrawn
    assert gone.against and set(gone.against) <= {record.id for record in second}
    assert memory.get(lesson.id) == gone and memory.lessons("worse") == new
    for record in second:
        memory.forget(record.id)
    assert told(memory, "first", trials("first", -1, n=30)) == [], "withdrawn for good, though its study goes on"


def test_a_lesson_that_remembered_trials_contradict_is_not_drawn(memory: TrialMemory) -> None:
    memory.remember(*trials("first", 1))
    records = trials("second", -1, seed=1)
    assert conclude(spec("second"), records, PROFILE, memory).drawn == ()
    unlike = {"n_users": 2e6, "n_items": 8e5, "n_interactions": 3e7, "density": 2e-5}
    assert conclude(spec("second"), records, unlike, memory).drawn != (), "other data contradict nothing"


def test_the_end_of_a_study_is_told_after_what_it_concludes(
    make_runner: Callable[..., StudyRunner], memory: TrialMemory
) -> None:
    content = Content(says="fails", model="ease", where=(Condition(param="l2", low=0.1),), failure="diverged", n=1)
    memory.remember(Lesson(id="lesson/1", text="t", source="reflection", dataset="tiny", content=content))
    study = make_runner(memory=memory).create(StudySpec.create(dataset="tiny", models=("ease",), n_trials=2))
    kinds = [type(event) for event in study.run() if isinstance(event, LessonLearned | StudyFinished)]
    assert kinds == [LessonLearned, StudyFinished]
    kept = memory.get("lesson/1")
    assert isinstance(kept, Lesson) and kept.against == tuple(record.id for record in study.records())


def test_a_lesson_says_in_which_trials_it_weighed_in(memory: TrialMemory) -> None:
    content = Content(says="fails", model="ease", where=(Condition(param="l2", low=1.0),), n=1)
    memory.remember(Lesson(id="lesson/1", text="t", source="reflection", content=content))
    learner = Learner("s", memory, lambda event: None)
    for record in trials("s", 1, n=2):
        record = replace(record, evidence=("lesson/1", "lesson/none"))
        learner.learn(Finished(goal=spec("s").goal, record=record, proposal=proposal(record), earlier=()))
    kept = memory.get("lesson/1")
    assert isinstance(kept, Lesson) and kept.weighed_in == ("s/0",), "once in a study"


def proposal(record: TrialRecord) -> Proposal:
    return Proposal(number=record.number, model=record.model, params=record.params, proposer="gp", rationale="r")
