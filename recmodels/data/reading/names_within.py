"""A line of names that stands among the rows, as where files were put together without their first line."""

from dataclasses import replace

import polars as pl

from recmodels.data.column_names import ROLE_NAMES, TIME_NAMES, plain
from recmodels.data.reading.sniffing import is_number
from recmodels.data.reading.table import Table, shown

_KNOWN = {role: frozenset(word for tier in tiers for word in tier) for role, tiers in ROLE_NAMES.items()}
_NAME = r"^\s*\pL[\pL _.-]{0,30}$"  # of a first column
_ALL = frozenset(TIME_NAMES).union(*_KNOWN.values())


def named_within(table: Table) -> Table:
    """The table under the names of such a line, which is left out; unchanged where it has names or no such line."""
    frame = table.frame
    if table.has_names or table.kind == "sequences" or frame.width < 2:
        return table
    if any(dtype != pl.String for dtype in frame.dtypes):
        return table
    alike = frame[frame.columns[0]].str.contains(_NAME).fill_null(value=False).arg_true()
    some = frame[alike]
    hits = _known(some, _KNOWN["user"]) & _known(some, _KNOWN["item"])
    places = [row for row in alike.filter(hits) if _are_names(frame.row(row))]
    if not places:
        return table
    names = [str(name).strip() for name in frame.row(places[0])]
    place = table.place(places[0])
    note = f"the names of the columns were read from {place}, {shown(','.join(names))!r}, which stands among the rows"
    kept = ~pl.select(pl.int_range(frame.height).is_in(places)).to_series()
    lines = table.lines
    if lines is None and table.first_line is not None:
        lines = pl.int_range(table.first_line, table.first_line + frame.height, eager=True)
    return replace(
        table,
        frame=frame.filter(kept).rename(dict(zip(frame.columns, names, strict=True))),
        has_names=True,
        first_line=None,
        lines=None if lines is None else lines.filter(kept),
        notes=(*table.notes, note),
    )


def _known(frame: pl.DataFrame, words: frozenset[str]) -> pl.Series:
    """Whether a row has one of the words in some column."""
    return frame.select(
        pl.any_horizontal(pl.all().str.to_lowercase().str.replace_all(r"[^a-z0-9]", "").is_in(sorted(words)))
    ).to_series()


def _are_names(row: tuple[object, ...]) -> bool:
    cells = ["" if cell is None else str(cell).strip() for cell in row]
    n_known = sum(plain(cell) in _ALL for cell in cells)
    is_filled = all(cells) and len({*cells}) == len(cells) and not any(map(is_number, cells))
    return is_filled and 2 * n_known >= len(cells)
