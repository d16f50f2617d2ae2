"""Objects within objects as columns of their own: `{"user": {"id": 1}}` becomes `user.id`."""

from pathlib import Path

import polars as pl

from recmodels.data.reading.limits import check_columns
from recmodels.data.reading.table import listed
from recmodels.errors import DataError

# MongoDB's extended JSON wraps a value in an object with one key that names its type
_WRAPPERS = frozenset(["$oid", "$date", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal", "$uuid"])
_INNER_LONG = r'^\{"\$numberLong":\s*"(-?\d+)"\}$'  # a date that polars has read as text next to other dates


def flattened(path: Path, frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The table without objects in its cells, and a note that names the columns they became.

    Raises:
        DataError: A name would stand for two columns, or there are far too many.
    """
    made: list[str] = []
    while any(isinstance(dtype, pl.Struct) for dtype in frame.dtypes):
        columns = [part for column in frame for part in _parts(column)]
        check_columns(path, len(columns))
        names = [column.name for column in columns]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise DataError(f"the columns of {path.name} must have different names, {twice[:60]!r} stands there twice")
        made += [name for name in names if name not in frame.columns]
        frame = pl.DataFrame(columns)
    made = [name for name in made if name in frame.columns]
    return frame, (f"objects within objects of {path.name} became the columns {listed(made)}",) if made else ()


def _parts(column: pl.Series) -> list[pl.Series]:
    if not isinstance(column.dtype, pl.Struct):
        return [column]
    if is_wrapper(column.dtype):
        return [_unwrapped(column).alias(column.name)]
    return [column.struct.field(field.name).alias(f"{column.name}.{field.name}") for field in column.dtype.fields]


def is_wrapper(dtype: pl.Struct) -> bool:
    """Whether it is a value of MongoDB's extended JSON, such as `{"$oid": "5f…"}`."""
    names = {field.name for field in dtype.fields}
    return bool(names) and names <= _WRAPPERS


def _unwrapped(column: pl.Series) -> pl.Series:
    """The values in their wrappers, as text."""
    fields = [column.struct.field(field.name) for field in column.dtype.fields]  # type: ignore[attr-defined]
    texts = [_unwrapped(field) if isinstance(field.dtype, pl.Struct) else field.cast(pl.String) for field in fields]
    whole = pl.select(pl.coalesce(texts)).to_series()
    return whole.str.replace(_INNER_LONG, "$1")
