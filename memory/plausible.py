"""Numbers and times that no honest record holds, each refused in a sentence with the field, the rule and the value."""

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from memory.content import Content
from memory.record import DatasetRecord, Lesson, Record, TrialRecord

_SIGNED = frozenset(("weight_mean", "weight_min", "weight_max"))  # of a profile; its other numbers are 0 or more
_SHARES = frozenset(("density", "repeat_rate", "popularity_gini", "popularity_top20_share", "cold_item_share"))
_WHOLE = frozenset(("epochs", "history_max", "resumed_epochs", "batch_splits", "n_parameters", "n_trainable"))
_CLOCKS_DIFFER = timedelta(days=1)  # between two machines
_LONGEST_SEED = 2**63
_SHOWN = 80  # characters of a value that is refused

Numbers = Iterable[tuple[str, float]]


def check_plausible(record: Record) -> None:
    """Raises ValueError: a number or a time that cannot be, or figures of the test part; the message says which."""
    match record:
        case TrialRecord():
            _check_trial(record)
        case DatasetRecord():
            _check_profile("profile", record.profile)
        case Lesson():
            _check_time("created_at", record.created_at)
            _check_lesson(record)


def must(is_so: bool, field: str, rule: str, got: object) -> None:
    """Raises ValueError where it is not so: `field` must `rule`, got `got`."""
    if not is_so:
        raise ValueError(f"`{field}` must {rule}, got {got!a:.{_SHOWN}}")


def check_no_test(field: str, name: str) -> None:
    """Raises ValueError: the name is one of a metric on the test part, which no memory holds."""
    must(not name.strip().lower().startswith("test"), field, "be of validation, never of the test part", name)


def _check_trial(trial: TrialRecord) -> None:
    for part in (*trial.metrics, *trial.cost, *trial.profile):
        check_no_test("metrics." + part if part in trial.metrics else part, part)
    check_no_test("objective", trial.objective)
    for part in trial.measured:
        check_no_test(f"measured.{part}", part)
    _check_finite(_numbers(trial))
    for field, number in _inside("measured", trial.measured):
        must(math.isfinite(number), field, "be a finite number", number)
        if field.rpartition(".")[2].startswith("n_"):
            _check_count(field, number)
    if trial.state == "complete":
        must(trial.value is not None, "value", "be a number, since the trial is complete", trial.value)
    for name, number in trial.cost.items():
        _check_amount(f"cost.{name}", name, number)
    _check_profile("profile", trial.profile)
    must(0 <= trial.seed < _LONGEST_SEED, "seed", f"be from 0 to {_LONGEST_SEED - 1}", trial.seed)
    epochs = trial.cost.get("epochs")
    if epochs is not None:
        rule = f"have at most one value for each of the {epochs:.0f} epochs"
        must(len(trial.curve) <= epochs, "curve", rule, len(trial.curve))
    _check_time("started_at", trial.started_at)
    _check_time("finished_at", trial.finished_at)


def _check_lesson(lesson: Lesson) -> None:
    must(bool(lesson.text.strip()), "text", "not be empty", lesson.text)
    if lesson.source == "reflection":
        must(bool(lesson.evidence), "evidence", "name the trials that the lesson was learned from", lesson.evidence)
    content = lesson.content
    if content is None:
        return
    check_no_test("content.metric", content.metric)
    _check_finite(_numbers_of(content))
    _check_count("content.n", content.n)
    _check_count("content.n_others", content.n_others)
    if lesson.source == "reflection":
        n, most = content.n + content.n_others, len(lesson.evidence)
        must(n <= most, "content.n", f"be at most {most} together with `n_others`, the trials in `evidence`", n)
    must((content.spread or 0) >= 0, "content.spread", "be 0 or more", content.spread)
    _check_profile("content.profile", content.profile)
    for one in content.where:
        place, is_bounded = f"content.where.{one.param}", not (one.low is None and one.high is None)
        must(bool(one.choices) or is_bounded, place, "have a `low`, a `high` or `choices`", None)
        if one.low is not None and one.high is not None:
            must(one.low <= one.high, place, "have a `low` that is not above its `high`", (one.low, one.high))


def _numbers(trial: TrialRecord) -> Numbers:
    yield from ((name, value) for name in ("value", "expected") if (value := getattr(trial, name)) is not None)
    yield from ((f"metrics.{name}", value) for name, value in trial.metrics.items())
    yield from ((f"params.{name}", value) for name, value in trial.params.items() if isinstance(value, float))
    yield from ((f"curve (epoch {epoch})", value) for epoch, value in trial.by_epoch().items())


def _numbers_of(content: Content) -> Numbers:
    yield from ((f"content.{name}", n) for name in ("effect", "spread") if (n := getattr(content, name)) is not None)
    for one in content.where:
        place = f"content.where.{one.param}"
        yield from ((f"{place}.{name}", n) for name in ("low", "high") if (n := getattr(one, name)) is not None)


def _check_finite(numbers: Numbers) -> None:
    for field, number in numbers:
        must(math.isfinite(number), field, "be a finite number", number)


def _inside(field: str, value: Any) -> Iterator[tuple[str, float]]:
    """The numbers in mappings and lists, each with its place."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _inside(f"{field}.{name}", inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _inside(field, inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield field, value


def bounds_of(name: str) -> tuple[float, float]:
    """What a number of a dataset's profile lies in."""
    if name in _SIGNED:
        return -math.inf, math.inf
    return 0.0, 1.0 if name in _SHARES or name.startswith("has_") else math.inf


def _check_profile(field: str, profile: Mapping[str, float]) -> None:
    for name, number in profile.items():
        place, (low, high) = f"{field}.{name}", bounds_of(name)
        if low == 0:
            _check_amount(place, name, number)
        must(math.isfinite(number), place, "be a finite number", number)
        if name.startswith("has_"):
            must(number in (0, 1), place, "be 0 or 1", number)
        must(number <= high, place, "be a share in [0, 1]", number)


def _check_amount(field: str, name: str, number: float) -> None:
    """Seconds, bytes, counts, shares: finite and not below 0, counts whole."""
    if name.startswith("n_") or name in _WHOLE:
        _check_count(field, number)
    must(math.isfinite(number) and number >= 0, field, "be a finite number of 0 or more", number)


def _check_count(field: str, number: float) -> None:
    must(number >= 0 and number == number // 1, field, "be a whole number of 0 or more", number)


def _check_time(field: str, text: str) -> None:
    if not text:
        return
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"`{field}` must be a time such as 2026-01-31T12:00:00+00:00, got {text!a:.80}") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    must(moment <= datetime.now(UTC) + _CLOCKS_DIFFER, field, "not lie in the future", text)
