"""Tables that describe the items or the users: found beside the interactions, joined by id, with text and groups."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import polars as pl

from recmodels.data.reading.formats import read_table
from recmodels.data.reading.side_columns import text_columns, typed, with_groups
from recmodels.data.reading.table import Table, listed
from recmodels.data.reading.values import ids as read_ids
from recmodels.errors import DataError

Side = Literal["item", "user"]
MIN_FOUND = 0.9  # of the ids, for a table that nobody named
MAX_BYTES = 1 << 28  # of such a file
_EXTENSIONS = r"(\.(csv|tsv|txt|dat|json|jsonl|ndjson|parquet|item|user))?(\.gz)?$"
_NOUNS: dict[Side, str] = {
    "item": "item|movie|film|book|product|artist|track|song|game|anime|article|new|video|business|course|recipe|app",
    "user": "user|customer|reader|reviewer|member|visitor|player|profile|person|people",
}
_AFTER_NOUN = r"(s|es)?(_?-?(info|meta|metadata|data|features|list|attributes|2attributes))?"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideTable:
    """A table whose row i describes id i, and the columns that a model or a fairness metric can use."""

    frame: pl.DataFrame
    columns: tuple[str, ...]  # text columns of items, group columns of users
    notes: tuple[str, ...] = ()


def find_side_table(side: Side, interactions: Path, ids: pl.Series) -> SideTable | None:
    """The table beside `interactions` that describes most ids, if one describes nearly all."""
    best: tuple[float, Table, str] | None = None
    for path in _candidates(side, interactions):
        try:
            table = read_table(path, strict=False)
        except DataError:  # nobody asked for this file
            continue
        share, column = _best_key(table, ids)
        if share >= MIN_FOUND and (best is None or share > best[0]):
            best = share, table, column
    return _joined(side, best[1], best[2], ids) if best else None


def given_side_table(side: Side, path: Path, ids: pl.Series) -> SideTable:
    """The table in a named file.

    Raises:
        DataError: It cannot be read, or no column of it has the ids.
    """
    table = read_table(path, strict=False)
    share, column = _best_key(table, ids)
    if share == 0:
        raise DataError(
            f"{path.name} must have a column with the {side} ids, such as {', '.join(ids.head(3).to_list())!r}; "
            f"its columns are: {', '.join(table.frame.columns[:20])}"
        )
    return _joined(side, table, column, ids)


def side_table_within(
    side: Side, interactions: Table, key: str, used: Collection[str], ids: pl.Series
) -> SideTable | None:
    """What the interactions' own file says about each id: its columns that have one value an id, if any is of use."""
    rows = interactions.frame
    free = [name for name in rows.columns if name not in used and rows[name].n_unique() > 1]
    if not free or rows[key].n_unique() == rows.height:  # with one row an id every column would qualify
        return None
    n_values = rows.group_by(key).agg(pl.col(free).n_unique()).select(pl.col(free).max()).row(0)
    fixed = [name for name, n in zip(free, n_values, strict=True) if n == 1]
    if not fixed:
        return None
    described = _joined(side, replace(interactions, frame=rows.select(key, *fixed), notes=()), key, ids)
    note = f"columns that describe the {side}s, with one value for each {side}: {listed(described.frame.columns)}"
    return replace(described, notes=(note,)) if described.columns else None


def _candidates(side: Side, interactions: Path) -> Iterator[Path]:
    folder = interactions.parent
    stem = re.escape(re.sub(_EXTENSIONS, "", interactions.name.lower().removesuffix(".inter")).removesuffix(".train"))
    named = re.compile(rf"({stem}[._-]?|u\.)?({_NOUNS[side]}){_AFTER_NOUN}{_EXTENSIONS}")
    meta = re.compile(rf"({stem}[._-]?)?meta(_?data)?(_.*)?{_EXTENSIONS}")
    for path in sorted(folder.iterdir()):
        name = path.name.lower()
        is_named = named.fullmatch(name) or (side == "item" and meta.fullmatch(name))
        if is_named and path != interactions and _is_readable(path):
            yield path


def _is_readable(path: Path) -> bool:
    # a link could lead out of the folder that the person opened
    return not path.is_symlink() and path.is_file() and path.stat().st_size <= MAX_BYTES


def _best_key(table: Table, ids: pl.Series) -> tuple[float, str]:
    """The column that names the most ids, once each, and the share of the ids that it names."""
    shares = {name: _share(table.frame[name], ids) for name in table.frame.columns}
    best = max(shares, key=lambda name: shares[name])  # the first on a tie
    return shares[best], best


def _share(column: pl.Series, ids: pl.Series) -> float:
    values = _as_ids(column).drop_nulls()
    if values.n_unique() < 0.9 * len(values):
        return 0.0
    return float(ids.is_in(values.unique().implode()).mean() or 0.0)  # type: ignore[arg-type]


def _joined(side: Side, table: Table, key: str, ids: pl.Series) -> SideTable:
    rows = (
        table.frame.with_columns(_as_ids(table.frame[key]).alias(key))
        .drop_nulls(key)
        .unique(key, keep="first", maintain_order=True)
    )
    frame = pl.DataFrame({key: ids}).join(rows, on=key, how="left", maintain_order="left").drop(key)
    frame = typed(frame.select(name for name in frame.columns if frame[name].null_count() < frame.height))
    n_found = int(ids.is_in(rows[key].implode()).sum())
    notes = [f"{n_found:,} of {len(ids):,} {side}s are described in {table.path.name} (by `{key}`)"]
    if side == "item":
        columns = text_columns(frame)
    else:
        frame, columns = with_groups(frame)
    n_unused = rows.height - n_found
    notes += [f"{n_unused:,} {side}s of {table.path.name} have no interaction and were left out"] if n_unused else []
    return SideTable(frame=frame, columns=columns, notes=table.notes + tuple(notes))


def _as_ids(column: pl.Series) -> pl.Series:
    """As the ids of interactions are read: `26.0` and `="26"` are 26 here too."""
    table = Table(path=Path("side"), kind="attributes", frame=column.to_frame())
    try:
        return read_ids(table, column.name).values.cast(pl.String)
    except DataError:  # no column of ids
        return column.cast(pl.String).str.strip_chars()
