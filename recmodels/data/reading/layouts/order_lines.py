"""Exports of orders in which only the first line of each order says when and by whom it was placed, as Shopify's do."""

from dataclasses import replace

import polars as pl

from recmodels.data.checks import CHECK
from recmodels.data.column_names import plain
from recmodels.data.reading.kinds import ENOUGH
from recmodels.data.reading.layouts.list_names import is_named
from recmodels.data.reading.layouts.order_tables import ORDER_KEYS
from recmodels.data.reading.missing import is_missing
from recmodels.data.reading.table import Table, listed

_KEYS = (*ORDER_KEYS, "order", "ordername", "orderno", "ordernumber", "invoiceno", "invoicenumber", "name", "id")
_FEWEST = 3  # values of merged cells
_MIN_SHARE = 0.95  # of an order's first lines that have a value, of its other lines that have none


def with_whole_orders(table: Table) -> Table:
    """The table with the values of each order's first line in its other lines too; unchanged where none are so."""
    frame = table.frame
    names = [name for name in frame.columns if plain(name) in _KEYS and frame[name].dtype == pl.String]
    for key in sorted(names, key=lambda name: _KEYS.index(plain(name))):
        is_first = frame[key] != frame[key].shift(1)
        is_first = is_first.fill_null(value=True)
        is_together = int(is_first.sum()) == frame[key].n_unique()
        if frame[key].null_count() or is_first.all() or not is_together:
            continue
        told = [name for name in frame.columns if name != key and _is_in_first_lines(frame[name], is_first)]
        if told:
            return _filled(table, key, told, is_first)
    return table


def with_merged_cells(table: Table) -> Table:
    """The table with the users, or items, of merged cells of a spreadsheet in the rows below too; else unchanged.

    Each of them is written once, above its rows, in which all else is filled in.
    """
    frame = table.frame
    for name in frame.columns:
        if not table.has_names or not (is_named(name, "user") or is_named(name, "item")):
            continue
        if frame[name].dtype == pl.String and _is_merged(frame, name):
            blank = _blank(frame[name])
            filled = frame[name].set(blank, None).fill_null(strategy="forward")
            note = (
                f"{CHECK}`{name}` of {table.path.name} is written once and empty in the rows below, as merged cells "
                f"are, so it was taken for these too, {int(blank.sum()):,} of {frame.height:,} rows"
            )
            return replace(table, frame=frame.with_columns(filled), notes=(*table.notes, note))
    return table


def _is_merged(frame: pl.DataFrame, name: str) -> bool:
    blank = _blank(frame[name])
    known = frame[name].filter(~blank)
    if (
        frame.height < ENOUGH
        or blank[0]
        or len(known) < _FEWEST
        or blank.sum() < len(known)
        or not known.is_unique().all()
    ):
        return False
    others = [_blank(frame[other]) for other in frame.columns if other != name and frame[other].dtype == pl.String]
    full = [other for other in others if not other.any()]
    # a log in the order of time, in which few are known, has gaps as well
    times = [column for column in frame if column.dtype == pl.String and column.name != name and column.n_unique() > 2]
    return 2 * len(full) > len(others) > 0 and not any(column.is_sorted() for column in times)


def _is_in_first_lines(values: pl.Series, is_first: pl.Series) -> bool:
    if values.dtype != pl.String:
        return False
    known = ~_blank(values)
    first, later = known.filter(is_first), known.filter(~is_first)
    return bool(first.sum() >= _MIN_SHARE * len(first)) and bool(later.sum() <= (1 - _MIN_SHARE) * len(later))


def _blank(values: pl.Series) -> pl.Series:
    return is_missing(values.str.strip_chars()).fill_null(value=True)


def _filled(table: Table, key: str, told: list[str], is_first: pl.Series) -> Table:
    n_blank = max(int(_blank(table.frame[name]).sum()) for name in told)
    order = pl.Series("order", is_first.cum_sum())
    frame = table.frame.with_columns(
        pl.DataFrame({name: table.frame[name].set(_blank(table.frame[name]), None), "order": order})
        .select(pl.col(name).forward_fill().over("order"))
        .to_series()
        for name in told
    )
    note = (
        f"an order of {table.path.name} (`{key}`) has several lines and only its first one holds {listed(told)}: these "
        f"values were taken for the other lines of the order too, {n_blank:,} of {frame.height:,}"
    )
    return replace(table, frame=frame, notes=(*table.notes, note))
