"""Which lessons a decider sees, and how it can tell whose trials they speak of."""

from collections.abc import Callable

import pytest

from agent.deciding.context import DecisionContext
from agent.deciding.lessons import fitting
from agent.deciding.prompt import fitted
from memory.record import Lesson

ON_IALS = "On films, ials with embedding_size 88 (else as trial 2) was worse than expected: ndcg@10 0.1 instead of 0.2."


def lesson(text: str, **changed: str) -> Lesson:
    given = {"id": "lesson/1", "source": "reflection", "study": "films-two", "dataset": "films"} | changed
    return Lesson(text=text, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ON_IALS, ON_IALS.replace("trial 2", "trial films-two/2")),
        (
            "On films, ials diverged with the params of trial 3.",
            "On films, ials diverged with the params of trial films-two/3.",
        ),
        ("ials (else as trial films-two/2) was worse.", "ials (else as trial films-two/2) was worse."),
        ("ials (else as trial 2024/3) was worse.", "ials (else as trial 2024/3) was worse."),
        ("Five trials of ials took a trial of 2.5 s.", "Five trials of ials took a trial of 2.5 s."),
    ],
)
def test_trials_are_named_by_their_study_also_in_lessons_of_earlier_versions(text: str, told: str) -> None:
    assert [one.text for one in fitting([lesson(text)], ["ials"])] == [told]


def test_a_lesson_that_another_model_taught_is_left_out() -> None:
    assert fitting([lesson(ON_IALS)], ["ease"]) == ()
    assert len(fitting([lesson(ON_IALS)], ["ease", "ials"])) == 1
    of_dataset = lesson("On ease, ials diverged with l2 3 (else as trial ease/2).", dataset="ease", study="ease")
    assert fitting([of_dataset], ["ease"]) == (), "the dataset's and the study's name are no model's"
    assert len(fitting([lesson("A longer history helps.")], ["ease"])) == 1, "it names no model"


def test_a_lesson_that_was_withdrawn_is_left_out() -> None:
    assert fitting([lesson(ON_IALS, withdrawn="2 other trials were better")], ["ials"]) == ()


def test_what_a_person_told_stays_and_is_marked_where_it_is_on_other_models(
    seen: Callable[..., DecisionContext],
) -> None:
    told = lesson("ials never worked here.", source="user")
    assert fitting([told], ["ease"]) == (told,)
    lines = fitted(seen(lessons=(told, lesson(ON_IALS.replace("ials", "m"), id="lesson/2")))).text.splitlines()
    assert 'lesson/1, told by the person (on ials, not in this study): "ials never worked here."' in lines
    assert any(line.startswith('lesson/2, of study films-two: "On films, m with') for line in lines)
