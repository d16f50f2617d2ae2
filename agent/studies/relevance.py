"""How far a lesson is about a dataset: as far as it is like the one that taught it, or at least as large."""

from collections.abc import Mapping

from agent.studies.blame import SIZED
from memory.likeness import likeness
from memory.record import Lesson

LIKE = 0.6  # datasets that are less alike tell nothing of a lesson, nor it of them
_SIZE = ("n_users", "n_items", "n_interactions")
_SMALLER = 0.9  # a dataset is as large with this share of the users, items and interactions


def relevance(lesson: Lesson, dataset: str, profile: Mapping[str, float]) -> float:
    """How far a lesson is about such a dataset, in [0, 1]; what was too large is so on a larger one too."""
    content = lesson.content
    if content is None:
        return 0.0
    if lesson.dataset == dataset or (content.failure in SIZED and is_as_large(profile, content.profile)):
        return 1.0
    found = likeness(profile, content.profile)
    return found if found >= LIKE else 0.0


def is_as_large(profile: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether a dataset has as many users, items and interactions as another one, or nearly so."""
    return all(name in profile and name in other and profile[name] >= _SMALLER * other[name] for name in _SIZE)
