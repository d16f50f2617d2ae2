"""What a record of another's file must keep to, so that it harms nothing that is remembered here."""

from collections.abc import Iterator, Mapping
from typing import Any

from memory.plausible import check_plausible
from memory.record import DatasetRecord, Lesson, Record, TrialRecord

LONGEST_LINE = 1_000_000  # bytes
_LONGEST_NAME = 255  # characters; the ledger's columns hold no more
_LONGEST_TEXT = 20_000
_MOST_TRIALS = 10**9  # of a study
_DEEPEST = 20  # mappings and lists in one another


def check(record: Record) -> None:
    """Raises ValueError: a name, an id, a text or a number that no record of recpilot has; the message says which."""
    for field, name in _names(record):
        if not name:
            raise ValueError(f"`{field}` must not be empty")
        _check_name(field, name)
    for field, name in _marks(record):
        _check_name(field, name)
    for field, text in _texts(record):
        if len(text) > _LONGEST_TEXT:
            raise ValueError(f"`{field}` must have at most {_LONGEST_TEXT:,} characters, got {len(text):,}")
    match record:
        case TrialRecord():
            if not 0 <= record.number < _MOST_TRIALS:
                raise ValueError(f"`number` must be from 0 to {_MOST_TRIALS - 1:,}, got {record.number}")
            if not record.id.startswith(f"{record.study}/") or record.id.startswith(("lesson/", "dataset/")):
                raise ValueError(f"`id` must begin with the trial's study and a slash, got {record.id!r:.80}")
        case Lesson() | DatasetRecord():
            kind = "lesson" if isinstance(record, Lesson) else "dataset"
            if not record.id.startswith(f"{kind}/"):
                raise ValueError(f"`id` must begin with '{kind}/', got {record.id!r:.80}")
            if isinstance(record, DatasetRecord) and record.id != f"dataset/{record.name}":
                raise ValueError(f"`id` must be 'dataset/' and the name {record.name!r:.80}, got {record.id!r:.80}")
    check_plausible(record)


def _names(record: Record) -> Iterator[tuple[str, str]]:
    """What must be printable, with the field that it stands in; what may be missing only where it is there."""
    yield "id", record.id
    match record:
        case TrialRecord():
            yield from (
                ("study", record.study),
                ("dataset", record.dataset),
                ("model", record.model),
                ("objective", record.objective),
            )
        case DatasetRecord():
            yield "name", record.name
        case Lesson():
            yield from (("study", name) for name in (record.study,) if name is not None)
            yield from (("dataset", name) for name in (record.dataset,) if name is not None)
    if not isinstance(record, DatasetRecord):
        yield from (("evidence", id) for id in record.evidence)


def _marks(record: Record) -> Iterator[tuple[str, str]]:
    """What must be printable and may be empty: words of a trial, and the names of its numbers."""
    match record:
        case TrialRecord():
            words = ("data", "proposer", "act", "split", "positive", "repeats", "outcomes", "started_at", "finished_at")
            yield from ((name, getattr(record, name)) for name in words)
            for field in ("params", "metrics", "cost", "profile", "measured"):
                yield from ((field, name) for name in getattr(record, field))
        case DatasetRecord():
            yield from (("profile", name) for name in record.profile)
        case Lesson():
            yield from (("created_at", record.created_at), ("told_by", record.told_by))
            if record.content is not None:
                content = record.content
                yield from (("content.model", content.model or ""), ("content.metric", content.metric))
                yield from (("content.where", one.param) for one in content.where)
                yield from (("content.profile", name) for name in content.profile)


def _texts(record: Record) -> Iterator[tuple[str, str]]:
    match record:
        case TrialRecord():
            yield "rationale", record.rationale
            yield "reason", record.reason or ""
        case DatasetRecord():
            yield "description", record.description
        case Lesson():
            yield "text", record.text
            yield "withdrawn", record.withdrawn


def _check_name(field: str, name: str) -> None:
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"`{field}` must have at most {_LONGEST_NAME} characters, got {len(name):,}")
    if not name.isprintable():
        raise ValueError(f"`{field}` must not hold control characters, got {name!a:.80}")


def check_depth(field: str, value: Any) -> None:
    """Raises ValueError: mappings and lists lie deeper in one another than in any record."""
    if _depth(value) > _DEEPEST:
        raise ValueError(f"`{field}` must not be nested deeper than {_DEEPEST}")


def _depth(value: Any) -> int:
    """How deep mappings and lists lie in one another; it stops at the bound."""
    deepest, level = 0, [value]
    while level and deepest <= _DEEPEST:
        level = [inner for one in level for inner in _inner(one)]
        deepest += bool(level)
    return deepest


def _inner(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else []
