"""Lists written in the cells of a text file: `1 27 10`, `1|27|10` or `[1, 27, 10]` under a name that fits."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from recmodels.data.reading.layouts.list_names import is_item_list, is_named
from recmodels.data.reading.table import Table

_SAMPLE = 1000
_MIN_SHARE = 0.9  # of the cells, that must be lists for a column to hold lists
_MIN_LONG = 0.5  # of them, that must have two values or more: an id alone is no list
_BRACKETS = r"^\s*[\[(].*[\])]\s*$"
_NUMBERS = r"^\s*\d+(?:{0}\d+)*\s*$"
_IDS = r"^\s*[\w.:\-]*\d[\w.:\-]*(?:{0}[\w.:\-]*\d[\w.:\-]*)*\s*$"  # words without a digit are a text
_SEPARATORS = (r"\s*\|\s*", r"\s*;\s*", r"\s*,\s*", r"\s+")


def with_lists(table: Table, given: Mapping[str, str]) -> Table:
    """The table with those cells as lists that hold a user's items, and the cells that go with them; else unchanged."""
    frame = table.frame
    if not table.has_names:
        return _without_names(table)
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    named = given.get("item")
    if named in texts:
        form = _form(frame[named], _IDS)
        return replace(table, frame=_split_together(frame, named, form)) if form else table
    if any(is_named(name, "item") and not _form(frame[name], _NUMBERS) for name in frame.columns if name in texts):
        return table
    for name in texts:
        any_ids = is_item_list(name)
        if not any_ids and not is_named(name, "item"):
            continue
        if form := _form(frame[name], _IDS if any_ids else _NUMBERS):
            return replace(table, frame=_split_together(frame, name, form))
    return table


def _without_names(table: Table) -> Table:
    """A file without a header whose lines are `user,"1 27 10"`."""
    frame = table.frame
    if frame.width != 2 or frame.dtypes[1] != pl.String:
        return table
    user, items = frame.columns
    form = _form(frame[items], _NUMBERS)
    if form is None:
        return table
    named = frame.rename({user: "user_id", items: "item_id"})
    return replace(table, frame=_split_together(named, "item_id", form), has_names=True)


def _form(values: pl.Series, pattern: str) -> str | None:
    """What separates the values of a cell, `[` for lists in brackets; None where cells are no lists."""
    some = values.drop_nulls().head(_SAMPLE)
    if not len(some):
        return None
    if float(some.str.contains(_BRACKETS).mean() or 0) >= _MIN_SHARE:  # type: ignore[arg-type]
        return "["
    for separator in _SEPARATORS:
        fits = some.str.contains(pattern.format(separator))
        is_long = some.str.strip_chars().str.contains(separator)
        if float(fits.mean() or 0) >= _MIN_SHARE and float((fits & is_long).mean() or 0) >= _MIN_LONG:  # type: ignore[arg-type]
            return separator
    return None


def _split_together(frame: pl.DataFrame, key: str, form: str) -> pl.DataFrame:
    """The column as lists, and every other whose cells have as many values in each row, or are lists in brackets."""
    lists = _split(frame[key], form)
    lengths = lists.list.len()
    columns = [lists]
    for name, dtype in frame.schema.items():
        if name == key or dtype != pl.String:
            continue
        if form == "[" and _form(frame[name], _IDS) != "[":
            continue
        other = _split(frame[name], form)
        if form == "[" or (other.list.len() == lengths).fill_null(value=True).all():
            columns.append(other)
    return frame.with_columns(columns)


def _split(values: pl.Series, form: str) -> pl.Series:
    bare = values.str.strip_chars()
    if form == "[":
        bare = bare.str.strip_chars("[]() \t\r\n")
        has_commas = bool(bare.str.contains(",", literal=True).any())
        form = r"\s*,\s*" if has_commas else r"\s+"
    parts = bare.str.replace_all(form, "\0").str.split("\0")
    return parts.list.eval(pl.element().str.strip_chars(" '\"")).list.eval(pl.element().filter(pl.element() != ""))
