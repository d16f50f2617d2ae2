"""What came of each row, by name: the kind of its event (view, purchase), and columns of 0 and 1 (clicked, bought)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from recmodels.data.reading.acts import kind_columns
from recmodels.data.reading.context import outcome_columns
from recmodels.data.reading.schema import Schema
from recmodels.data.reading.table import Table
from recmodels.data.reading.yes_words import NO, YES
from recmodels.data.row_outcomes import MOST

_YES_OR_NO = dict.fromkeys((*NO, "0.0"), False) | dict.fromkeys((*YES, "1.0"), True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOutcomes:
    """The outcomes of all rows of a table."""

    names: tuple[str, ...]  # bit i of a row is set where the i-th came of it
    bits: npt.NDArray[np.int32]  # (n,)


def row_outcomes(table: Table, schema: Schema, known: Sequence[str] = ()) -> RowOutcomes | None:
    """What a table says of its rows; None where it names no two outcomes, or more than fit.

    Args:
        known: Outcomes of other rows of the dataset: a column that names them is one of kinds, however few it names.
    """
    found: dict[str, npt.NDArray[np.bool_]] = {}
    for name in (kind_columns(table, schema) or _columns_that_name(table, schema, known))[:1]:
        values = table.frame[name].str.strip_chars()
        kinds = values.drop_nulls().unique().sort()
        if len(kinds) > MOST:
            return None
        found = {str(kind): (values == kind).fill_null(value=False).to_numpy() for kind in kinds if kind}
    said = outcome_columns(table, schema)
    for name in (*([schema.weight] if said and schema.weight else []), *said):
        if (flags := _flags(table.frame[name])) is not None:
            found.setdefault(name, flags)
    if not (1 if known else 2) <= len(found) <= MOST:
        return None
    bits = np.zeros(table.frame.height, dtype=np.int32)
    for place, flags in enumerate(found.values()):
        bits |= flags.astype(np.int32) << place
    return RowOutcomes(names=tuple(found), bits=bits)


def _columns_that_name(table: Table, schema: Schema, known: Sequence[str]) -> list[str]:
    used = schema.columns(table)
    free = [name for name, dtype in table.frame.schema.items() if name not in used and dtype == pl.String]
    return [name for name in free if known and _mostly(table.frame[name].drop_nulls().unique(), known)]


def _mostly(values: pl.Series, known: Sequence[str]) -> bool:
    return 2 * int(values.is_in(known).sum()) >= len(values) > 0


def _flags(values: pl.Series) -> npt.NDArray[np.bool_] | None:
    """Whether each row says yes; None where the column holds anything but yes, no and blanks."""
    if values.dtype.is_nested() or values.dtype == pl.Object:
        return None
    known = values.unique().cast(pl.String).str.strip_chars().str.to_lowercase().drop_nulls()
    if not set(known) - {""} <= _YES_OR_NO.keys():
        return None
    text = values.cast(pl.String).str.strip_chars().str.to_lowercase()
    return text.replace_strict(_YES_OR_NO, default=False, return_dtype=pl.Boolean).fill_null(value=False).to_numpy()
