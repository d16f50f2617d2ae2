"""A record as the sentence that a person can read and that is embedded: alike trials read alike."""

import math
from collections.abc import Mapping

from memory.record import DatasetRecord, Lesson, Record, TrialRecord

LONGEST = 2_000  # characters; an embedder reads the beginning anyway


def summarize(record: Record) -> str:
    """One to three plain sentences, at most `LONGEST` characters."""
    match record:
        case TrialRecord():
            text = _trial(record)
        case DatasetRecord():
            text = _dataset(record)
        case Lesson():
            text = record.text + (f" (learned on {record.dataset})" if record.dataset else "")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def dataset_words(profile: Mapping[str, float]) -> str:
    """What kind of dataset it is, in words that datasets like it share: "small, dense, long histories, …"."""
    return ", ".join(words for name, say in _WORDS if name in profile and (words := say(profile[name])))


def _trial(record: TrialRecord) -> str:
    words = dataset_words(record.profile)
    params = ", ".join(f"{name} {_shown(value)}" for name, value in record.params.items())
    return (
        f"{record.model} on {record.dataset}{f' ({words})' if words else ''} "
        f"with {params or 'no params'}: {_outcome(record)}{_likes(record)}."
    )


def _likes(record: TrialRecord) -> str:
    likes = "" if record.positive == "all" else f", where ratings {record.positive} count as likes"
    likes += f", where outcomes count {record.outcomes}" if record.outcomes else ""
    return likes + ("" if record.repeats == "mask" else ", where items that people had before stay in the lists")


def _outcome(record: TrialRecord) -> str:
    reached = f"{record.objective} {_shown(record.value)}" if _is_number(record.value) else f"no {record.objective}"
    n = len(record.curve)
    epochs = f" after {n} epoch{'s' if n > 1 else ''}" if n else ""
    if record.state == "complete":
        return f"reached {reached}{epochs}"
    reason = f" because of {record.reason.replace('_', ' ')}" if record.reason else ""
    if record.state == "pruned":
        return f"pruned as unpromising{reason}, {reached}{epochs}"
    return f"failed{reason}, {reached}{epochs}"


def _dataset(record: DatasetRecord) -> str:
    words = dataset_words(record.profile)
    return f"The dataset {record.name}{f' is {words}' if words else ''}. {record.description}".strip()


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _size(n: float) -> str:
    steps = ((1e4, "tiny"), (2e5, "small"), (2e6, "medium-sized"), (5e7, "large"))
    return next((word for limit, word in steps if n < limit), "huge")


def _density(share: float) -> str:
    return "dense" if share >= 0.05 else "sparse" if share >= 0.001 else "very sparse"


def _histories(median: float) -> str:
    return ("short" if median < 8 else "medium" if median < 40 else "long") + " histories"


def _skew(gini: float) -> str:
    return "popular items dominate" if gini >= 0.75 else "evenly popular items" if gini < 0.4 else "some popular items"


_WORDS = (
    ("n_interactions", _size),
    ("density", _density),
    ("history_median", _histories),
    ("popularity_gini", _skew),
    ("cold_item_share", lambda share: "many rarely seen items" if share >= 0.5 else ""),
    ("repeat_rate", lambda share: "repeated interactions" if share >= 0.1 else ""),
    ("has_time", lambda flag: "with timestamps" if flag else "without timestamps"),
    ("has_weights", lambda flag: "with ratings or weights" if flag else ""),
    ("has_text", lambda flag: "with item text" if flag else "without item text"),
    ("has_groups", lambda flag: "with user groups" if flag else ""),
)
