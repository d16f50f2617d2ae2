"""Month and day without a year, as Tmall writes them: 1111 is the 11th of November."""

import polars as pl

from recmodels.data.column_names import plain
from recmodels.data.reading.missing import MAX_UNREADABLE
from recmodels.data.reading.table import Table

_ENOUGH = 8  # different ones: of eight numbers from 101 to 1231 at random, one of ten thousand is so
_TMALL = frozenset({"userid", "itemid", "brandid", "actiontype"})  # IJCAI-15, of the "Double 11" of 2014
_TMALL_YEAR = 2014
_LEAP_YEAR = 2016  # which has all days


def month_days(table: Table, column: str, values: pl.Series) -> tuple[pl.Series | None, str] | None:
    """Seconds since 1970 where the year is known, and a note; None for numbers that are no such days."""
    is_tmall = {plain(name) for name in table.frame.columns} >= _TMALL
    known = values.drop_nulls()
    if not len(known) or (known % 1 != 0).any() or not (known.n_unique() >= _ENOUGH or is_tmall):
        return None
    days = _days(values, _TMALL_YEAR if is_tmall else _LEAP_YEAR)
    if days.null_count() - values.null_count() > MAX_UNREADABLE * len(values):
        return None
    if is_tmall:
        return (
            days,
            f"`{column}` tells month and day alone (MMDD); it was read as of {_TMALL_YEAR}, the year of Tmall's",
        )
    return None, (
        f"check `{column}`: it may tell month and day without the year (MMDD); it was taken as the order of a user's "
        "events, which is wrong where the data go on into a new year: then write the year too"
    )


def _days(values: pl.Series, year: int) -> pl.Series:
    day = values.cast(pl.Int64, strict=False).cast(pl.String).str.zfill(4)
    day = day.set((day.str.len_chars() != 4).fill_null(value=False), None)
    return (str(year) + day).str.to_datetime("%Y%m%d", strict=False, time_unit="us").dt.epoch("s")
