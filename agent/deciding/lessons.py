"""Lessons as a decider sees them: on its study's models, and with every trial named by its study."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from memory.record import Lesson
from recmodels.models import MODELS

_TRIAL = re.compile(r"\btrial (\d+)(?=[).,;:]?(?:\s|$))")  # as lessons of earlier versions name one
_ID = re.compile(r"\S+/\d+")


def fitting(lessons: Iterable[Lesson], models: Sequence[str]) -> tuple[Lesson, ...]:
    """Without those withdrawn or taught by other models' trials; what a person told stays, whatever it is about."""
    own = [one for one in lessons if one.holds and (_is_told(one) or not strange_models(one, models))]
    return tuple(_with_ids(one) for one in own)


def _is_told(lesson: Lesson) -> bool:
    return lesson.source == "user" and not lesson.imported


def strange_models(lesson: Lesson, models: Iterable[str]) -> list[str]:
    """The models that a lesson names, where none of them is among `models`."""
    text = lesson.text.removeprefix(f"On {lesson.dataset}, ")
    words = re.findall(r"\w+", _ID.sub(" ", text))
    named = [name for name in dict.fromkeys(words) if name in MODELS]
    return [] if set(named) & set(models) else named


def _with_ids(lesson: Lesson) -> Lesson:
    if lesson.study is None:
        return lesson
    return replace(lesson, text=_TRIAL.sub(lambda found: f"trial {lesson.study}/{found[1]}", lesson.text))
