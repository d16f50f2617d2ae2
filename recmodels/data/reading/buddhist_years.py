"""Years of the Buddhist era, as calendars in Thailand count: 2566 is 2023.

They are turned before a date is read, since the 29th of February 2567 is a day and no other calendar has it.
"""

from dataclasses import replace

import polars as pl

from recmodels.data.reading.kinds import MOST, share
from recmodels.data.reading.missing import is_missing
from recmodels.data.reading.table import Table

_AHEAD = 543
_YEAR = r"(25[3-9]\d)"  # 1987 to 2056
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_FORMS = (  # what stands before the year, the year, and what stands after it
    rf"^(|.*?\D){_YEAR}(|\D.*)$",
    rf"^(){_YEAR}({_MONTH}{_DAY}(?:\d\d){{0,3}})$",
    rf"^({_DAY}{_MONTH}){_YEAR}()$",
)
_SAMPLE = 1000


def with_common_years(table: Table, column: str) -> tuple[Table, tuple[str, ...]]:
    """The table with years of the common era in a column of dates, and a note, where nearly all years are others."""
    values = table.frame[column]
    if values.dtype != pl.String and not values.dtype.is_integer():
        return table, ()
    sample = values.drop_nulls().head(_SAMPLE).cast(pl.String).str.strip_chars()
    sample = sample.filter(~is_missing(sample))
    form = next((form for form in _FORMS if share(sample, form) >= MOST), None)
    if form is None:
        return table, ()
    text = values.cast(pl.String).str.strip_chars()
    year = text.str.extract(form, 2).cast(pl.Int64)
    parts = (text.str.extract(form, 1), (year - _AHEAD).cast(pl.String), text.str.extract(form, 3))
    turned = pl.select(pl.concat_str(*map(pl.lit, parts))).to_series().fill_null(text)
    first, last = (int(bound or 0) for bound in (year.min(), year.max()))  # type: ignore[arg-type]  # whole numbers
    span = f"{first}" if first == last else f"{first} to {last}"
    note = (
        f"check `{column}`: its years are {span}, as the Buddhist era counts in Thailand; {_AHEAD} was taken off each, "
        f"so that {first} is {first - _AHEAD}"
    )
    return replace(table, frame=table.frame.with_columns(turned.cast(values.dtype).alias(column))), (note,)
