"""What a result is about: its study, dataset and trial, so that the next message can lean on it."""

from dataclasses import dataclass

from agent.results.result import Result, Unknown
from agent.results.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is spoken of; None: nothing of that kind."""

    study: str | None
    dataset: str | None
    trial: int | None


def about(result: Result) -> About:
    """A result's subject: what is told of a study is told of its best trial."""
    trial = _number(getattr(result, "trial", None))
    if isinstance(result, Status):
        trial = None if result.best is None else result.best.number
    return About(study=_text(result, "study"), dataset=_text(result, "dataset"), trial=trial)


def _text(result: Result, name: str) -> str | None:
    found = result.values.get(name) if isinstance(result, Unknown) else getattr(result, name, None)
    return found if isinstance(found, str) else None


def _number(trial: object) -> int | None:
    """Of `first/3`."""
    number = trial.rpartition("/")[2] if isinstance(trial, str) else ""
    return int(number) if number.isdigit() else None
