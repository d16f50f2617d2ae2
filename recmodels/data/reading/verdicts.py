"""Columns that say what somebody thought of an item: up and down, 1 and -1, or a number on a scale."""

import polars as pl

from recmodels.data.column_names import VERDICTS, is_count, plain
from recmodels.data.reading.evidence import Evidence
from recmodels.data.reading.kinds import share
from recmodels.data.reading.verdict_words import MAX_WORDS, are_verdicts

_SIGNS = ({-1.0, 1.0}, {-1.0, 0.0, 1.0})
_A_SCALE_ENDS_AT = (5.0, 7.0, 10.0, 100.0)
_MIN_LEVELS = 4  # of a scale
_RARE = 3  # times as many rows have the lowest number as have the highest


def says_both(evidence: Evidence, name: str) -> bool:
    """Whether the values are words for likes and dislikes, or 1 and -1, maybe with 0."""
    distinct = evidence.values(name).drop_nulls().unique()
    if len(distinct) > MAX_WORDS:
        return False
    return are_verdicts(distinct) or {*distinct.cast(pl.Float64, strict=False)} in _SIGNS


def by_name(evidence: Evidence, free: list[str]) -> list[str]:
    """The columns that are called like a verdict and hold one; a number of votes is none."""
    named = [name for name in free if plain(name) in VERDICTS]
    return [name for name in named if says_both(evidence, name) or evidence.kind(name) == "label"]


def by_value(evidence: Evidence, free: list[str], user: str, item: str) -> list[str]:
    """The columns that say so whatever they are called, and tell of the row, not of its user or item alone."""
    said = [name for name in free if says_both(evidence, name)]
    return [name for name in said if evidence.varies(user, name) and evidence.varies(item, name)]


def counts(evidence: Evidence, free: list[str], user: str, item: str) -> list[str]:
    """The columns that are called like a number of plays or pieces, and tell of the row."""
    named = [name for name in free if is_count(name) and evidence.kind(name) in ("rating", "number", "fraction", "id")]
    return [name for name in named if evidence.varies(user, name) and evidence.varies(item, name)]


def scales(evidence: Evidence, free: list[str], user: str, item: str) -> list[str]:
    """The columns whose numbers are of a scale to 5, 7, 10 or 100, and tell of the row."""
    fit = [name for name in free if evidence.kind(name) == "rating" and _is_scale(evidence, name)]
    fit = [name for name in fit if not _falls(evidence, name)]
    return [name for name in fit if evidence.varies(user, name) and evidence.varies(item, name)]


def _falls(evidence: Evidence, name: str) -> bool:
    """Whether the lowest number is the most frequent and the highest rare, as amounts are and ratings hardly ever."""
    numbers = evidence.values(name).drop_nulls().cast(pl.Float64, strict=False).drop_nulls()
    n_rows = numbers.value_counts().sort(numbers.name)["count"]
    return len(n_rows) > 1 and n_rows[0] == n_rows.max() and n_rows[-1] * _RARE <= n_rows[0]


def holds_ratings(evidence: Evidence, name: str) -> bool:
    """Whether nearly all values are numbers or stars, as text called `Note` or `avis` is not."""
    known = evidence.values(name).drop_nulls()
    return evidence.kind(name) != "moment" and share(known, r"^[-+]?[\d.,]+( ?/ ?\d+)?$|^[★⭐✭☆✩½]+$") > 0.9


def _is_scale(evidence: Evidence, name: str) -> bool:
    levels = evidence.values(name).drop_nulls().cast(pl.Float64, strict=False).drop_nulls().unique().to_list()
    return len(levels) >= _MIN_LEVELS and 0 <= min(levels) <= 1 and max(levels) in _A_SCALE_ENDS_AT
