"""Impressions, as MIND's behaviors.tsv has them: what a user was shown at a moment, and what of it was clicked.

impression id ⇥ user ⇥ 11/15/2019 8:55:22 AM ⇥ N3 N7 (clicked before) ⇥ N1-0 N5-1 N9-0
"""

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from recmodels.data.reading.limits import Limits
from recmodels.data.reading.table import Table, shown
from recmodels.errors import DataError

_MOMENT = re.compile(r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d [AP]M")
_SHOWN = re.compile(r"\S+( \S+)*\s*")
_FORM = "%m/%d/%Y %I:%M:%S %p"
_NAMES = ("impression_id", "user_id", "moment", "history", "shown")


def fits(lines: Sequence[str]) -> bool:
    """Whether the first lines are such impressions."""
    rows = [line.rstrip("\r\n").split("\t") for line in lines]
    return bool(rows) and all(
        len(row) == len(_NAMES) and _MOMENT.fullmatch(row[2].strip()) and _SHOWN.fullmatch(row[4]) for row in rows
    )


def read(path: Path, data: bytes) -> Table:
    """user_id, item_id, click (1 or 0) and timestamp; a row for each item that was shown.

    Raises:
        DataError: It says of no item whether it was clicked, or a moment cannot be read, with its place.
    """
    frame = pl.read_csv(
        data, separator="\t", has_header=False, quote_char=None, infer_schema=False, new_columns=list(_NAMES)
    )
    if not frame["shown"].head(1000).str.contains(r"-[01]\b").all():
        raise DataError(
            f"{path.name} has impressions as MIND's behaviors.tsv, but not what was clicked (such as `N5-1`), as in "
            "MIND's test part; take the train or dev part"
        )
    lists = frame["shown"].str.strip_chars().str.split(" ")
    Limits.current().check_cells(path, int(lists.list.len().sum()), len(_NAMES))
    moments = frame["moment"].str.strip_chars().str.to_datetime(_FORM, strict=False)
    if moments.has_nulls():
        row = moments.is_null().arg_max() or 0
        raise DataError(
            f"a moment must be like 11/15/2019 8:55:22 AM, it is {shown(frame['moment'][row])!r} in line "
            f"{row + 1:,} of {path.name}"
        )
    events = pl.DataFrame({"user_id": frame["user_id"], "shown": lists, "timestamp": moments.dt.epoch("s")})
    events = events.explode("shown").select(
        "user_id",
        item_id=pl.col("shown").str.extract(r"^(.+)-[01]$", 1),
        click=pl.col("shown").str.extract(r"-([01])$", 1).cast(pl.Int8),
        timestamp="timestamp",
    )
    before = int(frame["history"].fill_null("").str.count_matches(r"\S+").sum())
    notes = [f"{path.name} has {frame.height:,} impressions, of {events.height:,} items; a row was read for each"]
    if before:
        notes.append(f"{before:,} earlier clicks in column 4 of {path.name} have no time and were left out")
    return Table(path=path, kind="impressions", frame=events, notes=tuple(notes))
