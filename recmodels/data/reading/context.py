"""Which columns tell of a row itself and are known before it: time of day, place, device. Outcomes never are."""

from collections.abc import Sequence

import polars as pl

from recmodels.data.column_names import OUTCOME, OUTCOME_NAMES, ROLE_NAMES, TIME_NAMES, is_count, plain
from recmodels.data.reading.acts import names_kinds, tells_status
from recmodels.data.reading.kinds import are_coarse, are_moments
from recmodels.data.reading.missing import is_missing
from recmodels.data.reading.schema import Schema
from recmodels.data.reading.table import Table

# what the reading itself calls its columns
_RESERVED = ("user", "item", "weight", "time", "split", "exact", "within", "row", "outcomes")
_PARTS = frozenset({"evalset"})  # says which rows were held out
_SAMPLED = 1000  # values


def context_columns(table: Table, schema: Schema) -> tuple[str, ...]:
    """The columns that tell of the row itself, not of its user or item alone.

    Outcomes and further times are left out, also columns with one value, and texts or numbers of rows (more than half
    of their values distinct).
    """
    return _of_rows(table, schema, [name for name in _free(table, schema) if _may_be_context(table, name)])


def other_moments(table: Table, schema: Schema) -> tuple[str, ...]:
    """The columns with moments of the row besides its time: due, returned, changed."""
    free = [(name, table.frame[name]) for name in _free(table, schema)]
    return _of_rows(table, schema, [name for name, v in free if _holds_moments(v) and not _is_outcome(name, v)])


def _of_rows(table: Table, schema: Schema, free: list[str]) -> tuple[str, ...]:
    """Those with several values for one user and for one item."""
    if not free:
        return ()
    rows = table.frame.select(schema.user, schema.item, *free)
    counts = rows.select(
        *(
            pl.struct(key, name).n_unique().alias(f"{i} {name}")
            for i, key in enumerate((schema.user, schema.item))
            for name in free
        ),
    ).row(0, named=True)
    n_ids = [rows[key].n_unique() for key in (schema.user, schema.item)]
    return tuple(name for name in free if all(counts[f"{i} {name}"] > n for i, n in enumerate(n_ids)))


def outcome_columns(table: Table, schema: Schema) -> tuple[str, ...]:
    """The free columns that say what came of a row (bought, seconds watched, kind of event), by name or by value.

    What is known only after a recommendation may not be an input of one.
    """
    return tuple(name for name in _free(table, schema) if _is_outcome(name, table.frame[name]))


def said_of_context(columns: Sequence[str]) -> str:
    """What the columns of the context are for, in a sentence."""
    return (
        f"more is known of each row: {', '.join(columns)}; models that predict an answer, such as deepfm, use it, "
        "models that only rank do not"
    )


def is_fraction(values: pl.Series) -> bool:
    """Whether a column holds numbers, some of them not whole."""
    numbers = values.cast(pl.Float64, strict=False).drop_nulls()
    return len(numbers) == len(values.drop_nulls()) and bool((numbers % 1 != 0).any())


def _free(table: Table, schema: Schema) -> list[str]:
    if table.kind in ("sequences", "attributes") or not table.has_names:
        return []
    used = schema.columns(table)
    return [name for name in table.frame.columns if name not in used]


def _may_be_context(table: Table, name: str) -> bool:
    values, word = table.frame[name], plain(name)
    is_other = (
        name in _RESERVED or word in _PARTS or word in TIME_NAMES or any(word in tier for tier in ROLE_NAMES["order"])
    )
    if is_other or values.dtype.is_nested() or values.dtype == pl.Object or _is_outcome(name, values):
        return False
    if _holds_moments(values):
        return False
    n_values = values.drop_nulls().n_unique()
    return n_values > 1 and (n_values <= max(len(values) // 2, 2) or is_fraction(values))


def _holds_moments(values: pl.Series) -> bool:
    if values.dtype in (pl.Date, pl.Datetime):
        return True
    if values.dtype != pl.String:
        return False
    known = values.drop_nulls().head(_SAMPLED).str.strip_chars()
    known = known.filter(~is_missing(known))
    return len(known) > 0 and (are_moments(known, is_number_enough=False) or are_coarse(known))


def _is_outcome(name: str, values: pl.Series) -> bool:
    word = plain(name)
    is_named = word in OUTCOME_NAMES or is_count(name) or any(word in tier for tier in ROLE_NAMES["weight"])
    return is_named or OUTCOME.fullmatch(word) is not None or names_kinds(name, values) or tells_status(name, values)
