"""Lists written in the cells of a text file: `1 27 10`, `1|27|10` or `[1, 27, 10]` under a name that fits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from recmodels.data.reading.layouts.list_names import is_item_list, is_named, names_one
from recmodels.data.reading.table import Table, shown
from recmodels.errors import DataError

_SAMPLE = 1000
_MIN_SHARE = 0.9  # of the cells, that must be lists for a column to hold lists
_MIN_LONG = 0.5  # of them, that must have two values or more: an id alone is no list
_SOME_LONG = 0.02  # of them, where what they hold comes again in other cells: most baskets have one item
_MOST_NEW = 0.5  # of the names in cells, that are there for the first time
# several fields of an item, `sku:T1|quantity:2;sku:C1|quantity:1`; amounts of items, `Tea 3 x 2, Cup 4 x 1`
_FIELD, _AMOUNT = r"\w+\s?[:=]\s?[^|;,\n]+", r"(\d+ ?[x×] [^,;|\n]*|[^,;|\n]* [x×] ?\d+)"
_UNREAD = (
    (rf"^\s*{_FIELD}([|;,\n]\s*{_FIELD})+[|;,\s]*$", r"[:=]"),
    (rf"^\s*{_AMOUNT}(\s*[,;|\n]\s*{_AMOUNT})*\s*$", r"\d ?[x×]|[x×] ?\d"),
)
_SEVERAL = r"[,;|\n]"
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
    _refuse_unread(table, texts, given)
    named = given.get("item")
    if named in texts:
        form = _form(frame[named], _IDS)
        return replace(table, frame=_split_together(frame, named, form)) if form else table
    if any(names_one(frame, name, "item") and not _form(frame[name], _NUMBERS) for name in texts):
        return table
    for name in texts:
        any_ids = is_item_list(name)
        if not any_ids and not is_named(name, "item"):
            continue
        form = _form(frame[name], _IDS if any_ids else _NUMBERS) or (_form_of_words(frame[name]) if any_ids else None)
        if form:
            return replace(table, frame=_split_together(frame, name, form))
    return table


def _refuse_unread(table: Table, texts: Sequence[str], given: Mapping[str, str]) -> None:
    """Refuse cells with several items and what belongs to each, in a form of their own.

    Raises:
        DataError: With the first such cell.
    """
    wanted = given.get("item")
    names = [wanted] if wanted else [name for name in texts if is_item_list(name) or is_named(name, "item")]
    for name in names:
        values = table.frame[name] if name in texts else pl.Series([], dtype=pl.String)
        if any(_are_forms(values, form, piece) for form, piece in _UNREAD):
            row = int(values.str.contains(_SEVERAL).arg_max() or 0)
            raise DataError(
                f"the cells of `{name}` hold several items each, with fields of their own, as "
                f"{shown(values[row])!r} in {table.place(row)}; write a row an item, or each cell as JSON: "
                '[{"item_id": "A", "quantity": 2}]'
            )


def _are_forms(values: pl.Series, form: str, piece: str) -> bool:
    """Whether nearly all cells have the form, and some of them more than one piece."""
    some = values.drop_nulls().head(_SAMPLE)
    fits = some.str.contains(form)
    n_pieces = some.str.count_matches(piece)
    return len(some) > 0 and float(fits.mean() or 0) >= _MIN_SHARE and bool((fits & (n_pieces > 1)).any())  # type: ignore[arg-type]


def _form_of_words(values: pl.Series) -> str | None:
    """What separates names within cells; None unless the same ones come again in other cells, as those of items do."""
    some = values.drop_nulls().head(_SAMPLE)
    for separator in _SEPARATORS[:3]:
        is_long = some.str.contains(separator)
        least = _SOME_LONG if separator in _SEPARATORS[:2] else _MIN_LONG
        if len(some) and float(is_long.mean() or 0) >= least and _come_again(some, separator):  # type: ignore[arg-type]
            return separator
    return None


def _come_again(some: pl.Series, separator: str) -> bool:
    """Whether most of what stands between the separators is there several times, as items are."""
    pieces = _split(some, separator)
    long = pieces.filter(pieces.list.len() > 1).explode().drop_nulls()
    every = pieces.explode().drop_nulls()
    again = every.filter(every.is_duplicated()).unique()
    return float(long.is_in(again.implode()).mean() or 0) > 1 - _MOST_NEW  # type: ignore[arg-type]  # a share


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
        if float(fits.mean() or 0) < _MIN_SHARE:  # type: ignore[arg-type]
            continue
        n_long = float((fits & is_long).mean() or 0)  # type: ignore[arg-type]
        is_mark = separator in _SEPARATORS[:2] and n_long >= _SOME_LONG and _come_again(some, separator)
        if n_long >= _MIN_LONG or is_mark:
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
