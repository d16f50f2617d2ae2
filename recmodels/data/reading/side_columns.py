"""Which columns of a side table a model or a fairness metric can use: texts of items, groups of users."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import polars as pl

from recmodels.data.column_names import NO_GROUP, NO_TEXT, TEXT_NAMES, plain

MAX_GROUPS = 50  # values of a group column
_AGE_BANDS = (18, 25, 35, 45, 50, 56)  # as MovieLens has them


def typed(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns of numbers as numbers; zip codes and the like, which begin with 0, stay text."""
    return frame.with_columns(_number_or_text(frame[name]) for name in frame.columns)


def _number_or_text(column: pl.Series) -> pl.Series:
    if column.dtype != pl.String:
        return column
    text = column.str.strip_chars().replace("", None)
    if text.drop_nulls().str.contains(r"^0\d").any():
        return text
    for dtype in (pl.Int64, pl.Float64):
        values = text.cast(dtype, strict=False)
        if values.null_count() == text.null_count():
            return values
    return text


def text_columns(frame: pl.DataFrame) -> tuple[str, ...]:
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String and _is_text(name, frame[name])]
    return tuple(sorted(texts, key=_rank))


def _is_text(name: str, values: pl.Series) -> bool:
    if NO_TEXT.fullmatch(plain(name)):
        return False
    sample = values.drop_nulls().head(1000)
    if not sample.str.contains(r"\p{L}").any() or sample.str.starts_with("http").any():
        return False
    return _rank(name) < len(TEXT_NAMES) or float(sample.str.count_matches(" ").mean() or 0) >= 1  # type: ignore[arg-type]


def _rank(name: str) -> int:
    ranks = (rank for rank, word in enumerate(TEXT_NAMES) if plain(name).endswith(word))
    return next(ranks, len(TEXT_NAMES))


def with_groups(frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The table with bands of age and countries of places added, and the columns with few values."""
    for name in list(frame.columns):
        if plain(name).endswith("age") and frame[name].dtype.is_numeric():
            frame = frame.with_columns(_bands(frame[name]).alias("age_group"))
        elif plain(name) in ("location", "address") and frame[name].dtype == pl.String:
            frame = frame.with_columns(_countries(frame[name]).alias("country"))
    ages = {name for name in frame.columns if "age_group" in frame.columns and plain(name) == "age"}
    groups = [name for name in frame.columns if name not in ages and _is_group(name, frame[name])]
    filled = frame.with_columns(pl.col(name).cast(pl.String).fill_null("unknown") for name in groups)
    return filled, tuple(groups)


def _is_group(name: str, column: pl.Series) -> bool:
    if NO_GROUP.fullmatch(plain(name)):
        return False
    n_values = column.drop_nulls().n_unique()
    return not column.dtype.is_float() and 2 <= n_values <= min(MAX_GROUPS, max(len(column) // 3, 2))


def _bands(ages: pl.Series) -> pl.Series:
    labels = [f"under {_AGE_BANDS[0]}", *(f"{low}-{high - 1}" for low, high in pairwise(_AGE_BANDS))]
    labels.append(f"{_AGE_BANDS[-1]} and over")
    band = np.digitize(ages.fill_null(0).to_numpy(), _AGE_BANDS)
    is_plausible = ages.is_between(1, 110).fill_null(False)
    return pl.Series([labels[b] if ok else None for b, ok in zip(band, is_plausible, strict=True)], dtype=pl.String)


def _countries(places: pl.Series, at_most: int = 20) -> pl.Series:
    country = places.str.split(",").list.last().str.strip_chars().str.to_lowercase().replace("", None)
    common: Iterable[str] = country.drop_nulls().value_counts(sort=True).head(at_most)[country.name].to_list()
    return pl.select(
        pl.when(country.is_in(list(common)) | country.is_null()).then(country).otherwise(pl.lit("other"))
    ).to_series()
