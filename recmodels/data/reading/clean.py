"""From a table of text to events with numbers: what is fixed is counted in a note, what is not is one sentence."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from recmodels.data.checks import CHECK
from recmodels.data.column_names import WHOLE_COUNTS, plain
from recmodels.data.interactions import TimeKind
from recmodels.data.reading import unrated
from recmodels.data.reading.context import context_columns, is_fraction
from recmodels.data.reading.missing import MAX_UNREADABLE
from recmodels.data.reading.row_outcomes import row_outcomes
from recmodels.data.reading.schema import Schema, is_binary
from recmodels.data.reading.table import Table
from recmodels.data.reading.ties import in_order
from recmodels.data.reading.time_columns import names_of
from recmodels.data.reading.times import Times, positions, read_times
from recmodels.data.reading.values import Column, ids, numbers, parts
from recmodels.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Rows for `Interactions.from_events`: user, item and, where there are any, weight, time, split and outcomes."""

    frame: pl.DataFrame
    time_kind: TimeKind
    notes: tuple[str, ...] = ()
    outcome_names: tuple[str, ...] = ()  # of the bits of `outcomes`
    date_order: str | None = None  # as `Times.date_order`
    examples: pl.DataFrame | None = None  # the same columns, zeros and repeats kept, and the context of each row


def clean_events(
    table: Table,
    schema: Schema,
    context: Sequence[str] | None = None,
    *,
    keeps_weights: bool = False,
    known_outcomes: Sequence[str] = (),
) -> Events:
    """Numbers out of text, and rows that cannot be used left out.

    Args:
        context: The columns of the context, for a part of a dataset; None finds them (see `context_columns`).
        keeps_weights: A weight that is the same in all rows stays, since other rows of the dataset have others.
        known_outcomes: Of other rows of the dataset.

    - A row without user, item, weight or time is left out, also one with an infinite or NaN weight.
    - Where the weight says yes or no (label, click, purchase, …), rows of 0 are left out.
    - Rows with the same user, item, time (or position) and part are kept once, the last of them, with the outcomes of
      all.
    - Where 0 or -1 says that nobody rated (see `unrated.py`), the row stays with a weight of 0 and is no example.
    - Negative weights stay. A weight that is the same in all rows says nothing and is dropped.
    - Times become seconds; the order within a second stays.
    - Where a context is known, some rows have no rating, or the weight says no as well as yes, all usable rows are kept
      apart as `examples`.

    Raises:
        DataError: Text where a number belongs, with its place; or no row is left.
    """
    context, is_part = context_columns(table, schema) if context is None else context, context is not None
    frame, time, notes = _columns(table, schema)
    outcomes = row_outcomes(table, schema, known_outcomes)
    if outcomes is not None:
        frame = frame.with_columns(pl.Series("outcomes", outcomes.bits))
    frame = frame.with_row_index("row") if context else frame
    examples, has_noes = None, False
    sort = partial(_sorted, kind=time.kind if time else "none")
    for step in (_without_gaps, sort, _without_zeros, _without_repeats, _with_telling_weights):
        if step is _without_zeros:
            has_noes = _says_no(frame, schema)
            frame, rated, note = _rated(frame, schema)
            notes += [f"{table.path.name}: {note}"] if note else []
            if is_part or context or note or has_noes:
                examples = rated.drop("exact", "within", "row", strict=False).with_columns(
                    _context(table, context, rated)
                )
        if step is _with_telling_weights and keeps_weights:
            continue
        if step is _with_telling_weights and has_noes:  # which the examples keep
            frame = frame.drop("weight")
            continue
        frame, note = step(frame, schema)
        mark, note = (CHECK if note.startswith(CHECK) else ""), note.removeprefix(CHECK)
        notes += [f"{mark}{table.path.name}: {note}"] if note else []
        if frame.is_empty():
            raise DataError(f"no usable row is left of {table.path.name}: {note}")
    kind: TimeKind = time.kind if time and "time" in frame.columns else "none"
    return Events(
        frame=frame.drop("exact", "within", "row", strict=False),
        time_kind=kind,
        notes=tuple(notes),
        outcome_names=() if outcomes is None else outcomes.names,
        date_order=None if time is None else time.date_order,
        examples=examples,
    )


def _columns(table: Table, schema: Schema) -> tuple[pl.DataFrame, Times | None, list[str]]:
    acts: dict[str, Callable[[], Any]] = {"user": partial(ids, table, schema.user)}
    acts["item"] = partial(ids, table, schema.item)
    if schema.weight:
        acts["weight"] = partial(numbers, table, schema.weight, "a number")
    if schema.time:
        acts["time"] = partial(read_times, table, schema.time)
    if schema.order:
        acts["within" if schema.time else "time"] = partial(_positions, table, schema.order)
    if schema.split:
        acts["split"] = partial(parts, table, schema.split)
    with ThreadPoolExecutor() as pool:  # polars works without Python's lock
        columns = dict(zip(acts, pool.map(lambda act: act(), acts.values()), strict=True))
    time: Times | None = columns.get("time")
    notes = [note for column in columns.values() if isinstance(column, Column | Times) for note in column.notes]
    values = {role: getattr(column, "values", column) for role, column in columns.items()}
    if time and time.exact is not None:
        values["exact"] = time.exact
    return pl.DataFrame(values), time, notes


def _positions(table: Table, order: str) -> Times:
    """Positions out of one column, or of a visit's number and the position within it."""
    columns = [numbers(table, name, "a position") for name in names_of(table, order)]
    notes = tuple(note for column in columns for note in column.notes)
    if len(columns) == 1:
        return positions(columns[0].values, notes)
    frame = pl.DataFrame([column.values.alias(str(i)) for i, column in enumerate(columns)])
    places = frame.with_row_index("row").drop_nulls().sort(frame.columns)
    ranks = places.select("row", rank=pl.struct(frame.columns).rle_id().cast(pl.Int64))
    whole = frame.with_row_index("row").join(ranks, on="row", how="left", maintain_order="left")["rank"]
    return positions(whole, notes)


def _context(table: Table, names: Sequence[str], frame: pl.DataFrame) -> list[pl.Series]:
    """The context of these rows: numbers with a fraction as Float64, all else as text; null where missing."""
    known = [table.frame[name] for name in names if name in table.frame.columns]
    columns = (
        values.cast(pl.Float64) if is_fraction(values) else values.cast(pl.String).str.strip_chars().replace("", None)
        for values in known
    )
    return [values.gather(frame["row"]) for values in columns]


def _without_gaps(frame: pl.DataFrame, schema: Schema) -> tuple[pl.DataFrame, str]:
    if not frame.height:
        return frame, "it has no rows"
    optional = [name for name in ("weight", "time", "exact") if name in frame.columns]
    blank = [name for name in optional if frame[name].null_count() == frame.height]
    kept = frame.drop(blank).drop_nulls([name for name in frame.columns if name not in (*blank, "within")])
    notes = [f"`{getattr(schema, name) or schema.order}` is empty and was ignored" for name in blank if name != "exact"]
    for name in ("user", "item", "weight", "time"):
        if name in frame.columns and name not in blank and (n_null := frame[name].null_count()):
            what = "a finite number" if name == "weight" else "a value"
            column = getattr(schema, name) or schema.order
            notes.append(f"{n_null:,} of {frame.height:,} rows have no {name} ({what} in `{column}`) and were left out")
    is_dropped = 2 * kept.height < frame.height
    if "weight" in frame.columns and "weight" not in blank:
        unrated_rows = int(
            (frame["weight"].is_null() & frame["user"].is_not_null() & frame["item"].is_not_null()).sum()
        )
        if unrated_rows > MAX_UNREADABLE * frame.height:
            is_dropped = True
            notes.append(
                f"{unrated_rows / frame.height:.0%} of the events go so: `--column weight=` reads none and keeps them"
            )
    mark = CHECK if is_dropped else ""
    return kept, mark + "; ".join(notes)


def _rated(frame: pl.DataFrame, schema: Schema) -> tuple[pl.DataFrame, pl.DataFrame, str]:
    """All rows with 0 where nobody rated, those that have a rating, and what was seen."""
    if "weight" not in frame.columns or (none := unrated.unrated(frame["weight"], schema.weight or "")) is None:
        return frame, frame, ""
    told = unrated.note(frame["weight"], none, schema.weight or "")
    return frame.with_columns(weight=frame["weight"].set(none, 0.0)), frame.filter(~none), told


def _says_no(frame: pl.DataFrame, schema: Schema) -> bool:
    """Whether the weight says yes (1) in some rows and no (0) in others."""
    if "weight" not in frame.columns or not is_binary(schema.weight or ""):
        return False
    return bool((frame["weight"] == 0).any()) and bool(frame["weight"].is_in([0.0, 1.0]).all())


def _without_zeros(frame: pl.DataFrame, schema: Schema) -> tuple[pl.DataFrame, str]:
    if not _says_no(frame, schema):
        return frame, ""
    n_zero = int((frame["weight"] == 0).sum())
    note = (
        f"{n_zero:,} rows have `{schema.weight}` 0, which is no interaction: lists of items leave them out, "
        "models that predict learn them as answers of no"
    )
    return frame.filter(pl.col("weight") != 0), note


def _sorted(frame: pl.DataFrame, schema: Schema, kind: TimeKind) -> tuple[pl.DataFrame, str]:
    return in_order(frame, schema.time or "", kind)


def _without_repeats(frame: pl.DataFrame, schema: Schema) -> tuple[pl.DataFrame, str]:
    keys = [name for name in ("user", "item", "time", "exact", "within", "split") if name in frame.columns]
    suspects, repeats = _repeats(frame.select(keys))
    if not len(repeats):
        return frame, ""
    if "outcomes" in frame.columns:
        of_all = frame[suspects].select(pl.col("outcomes").bitwise_or().over(keys)).to_series()
        frame = frame.with_columns(frame["outcomes"].scatter(suspects, of_all))
    kept = frame.with_row_index("place").filter(~pl.col("place").is_in(repeats.implode())).drop("place")
    n_repeats = frame.height - kept.height
    same = "user, item and time" if "time" in keys else "user and item (there is no time to tell them apart)"
    return kept, f"{n_repeats:,} rows repeat another's {same}; each is kept once, the last of them" if n_repeats else ""


def _repeats(keys: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Rows among which are all that equal another, and those that a later row is equal to.

    Only rows of equal hashes are compared, since to compare all takes far longer.
    """
    hashes = keys.hash_rows()
    twice = pl.Series(_occurring_twice(hashes), dtype=pl.UInt64)
    suspects = hashes.is_in(twice.unique().implode()).arg_true() if len(twice) else pl.Series(dtype=pl.UInt32)
    is_last = keys[suspects].select(pl.struct(pl.all()).is_last_distinct()).to_series()
    return suspects, suspects.filter(~is_last)


def _occurring_twice(hashes: pl.Series) -> npt.NDArray[np.uint64]:
    """Those that occur again, the low and the high half at once."""

    def twice(mask: pl.Series) -> npt.NDArray[np.uint64]:
        ordered = hashes.filter(mask).to_numpy(writable=True)
        ordered.sort()
        again: npt.NDArray[np.uint64] = ordered[1:][ordered[1:] == ordered[:-1]]
        return again

    is_high = hashes >= 1 << 63
    with ThreadPoolExecutor() as pool:  # numpy sorts without Python's lock
        return np.concatenate([*pool.map(twice, (is_high, ~is_high))])


def _with_telling_weights(frame: pl.DataFrame, schema: Schema) -> tuple[pl.DataFrame, str]:
    if "weight" not in frame.columns:
        return frame, ""
    weights = frame["weight"]
    if weights.min() == weights.max():
        return frame.drop("weight"), f"`{schema.weight}` is {weights[0]:g} in every row, so it is not used"
    n_negative = int((weights < 0).sum())
    if not n_negative:
        return frame, ""
    lowest = float(weights.min())  # type: ignore[arg-type]  # weights are floats
    note = f"{n_negative:,} rows have a negative `{schema.weight}` (down to {lowest:g}); they were kept"
    if plain(schema.weight or "") in WHOLE_COUNTS:
        note += " as events, which returns are not: `recpilot data filter` with `--min-weight 1` leaves them out"
    return frame, note
