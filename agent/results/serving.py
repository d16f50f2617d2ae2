"""What is made with a trained model: items for a user, and files to take away."""

from dataclasses import dataclass

from agent.results.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemShown:
    """A recommended item."""

    rank: int  # from 1
    item: str
    score: float
    text: str | None = None  # quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsRecommended(Result):
    """Items for one user, the best first."""

    user: str
    trial: str  # study/3
    which: str  # asked for, the best so far
    model: str
    fallback: str | None = None  # popularity, average_user: nothing is known of this user
    items: tuple[ItemShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelExported(Result):
    """The model of a trial as files."""

    trial: str  # study/3
    which: str  # asked for, the best so far
    model: str
    format: str
    path: str
    size_bytes: int | None = None
