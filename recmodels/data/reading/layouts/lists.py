"""Lists in cells: those that hold a user's items become one event a row, with the lists that go with them.

A list holds items where no other column of the table does and its name says so (`items`, `item_ids`, `history`, or
`item_id` itself), or where it holds objects with such a field. Other lists, of tags say, are joined to a text.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

import polars as pl

from recmodels.data.column_names import ROLE_NAMES, TIME_NAMES, Role, plain
from recmodels.data.reading.kinds import ENOUGH
from recmodels.data.reading.layouts.cells import with_lists
from recmodels.data.reading.layouts.json_cells import with_objects
from recmodels.data.reading.layouts.list_names import is_item_list, is_named, names_one, singular
from recmodels.data.reading.layouts.nested_columns import flattened, is_wrapper
from recmodels.data.reading.limits import Limits
from recmodels.data.reading.table import POLARS_ERRORS, Table, listed
from recmodels.errors import DataError

_WITHOUT_TEXT = (pl.Binary, pl.Object, pl.Duration)
_GENERIC = frozenset(["id", "oid", "key", "name", "value"])  # fields that only their list's name tells about
_ORDER = "order"
_PLACE = "\0"  # the column that counts within a list until it gets a name or goes


def as_events(table: Table, given: Mapping[str, str]) -> Table:
    """The table with one event a row; objects as columns, lists of items exploded, other lists as text.

    Args:
        given: Role → column that a person named.

    Raises:
        DataError: Lists that belong together differ in length, or several could hold the items.
    """
    if table.kind == "attributes":
        table = _users_with_items(table)
    frame, notes = flattened(table.path, table.frame)
    table = replace(table, frame=frame, notes=table.notes + notes)
    table = with_lists(with_objects(table, given), given)
    if any(isinstance(dtype, pl.List | pl.Array) for dtype in table.frame.dtypes):
        table = replace(table, frame=_arrays_as_lists(table.frame))
        key = _named_key(table, given) or _key(table, given)
        table = _exploded(table, key, {*given.values()}) if key else table
    left = [name for name, dtype in table.frame.schema.items() if _is_left_out(dtype)]
    note = (f"{listed(left)} of {table.path.name} hold no text or number and were left out",) if left else ()
    return replace(table, frame=as_text(table.frame), notes=table.notes + note)


def _users_with_items(table: Table) -> Table:
    """`{user: [item, …], …}`, where the file is of events; of one that is called so, the lists are attributes."""
    if "attribute" in table.path.name.lower():
        return table
    users, items = table.frame
    n_empty = int((items.list.len() == 0).sum())
    rows = pl.DataFrame({"user": users, "item": items, "order": pl.int_ranges(items.list.len(), eager=True)})
    rows = rows.explode("item", "order").drop_nulls()
    notes = [f"{table.path.name} is one object of lists, it was read as {{user: [item, …]}}"]
    notes += [f"{n_empty:,} users of {table.path.name} have an empty list; they were left out"] if n_empty else []
    return replace(table, kind="sequences", frame=rows, notes=(*table.notes, *notes))


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists of text joined by spaces; nested objects, bytes and whatever has no text left out."""
    frame = frame.with_columns(pl.selectors.by_dtype(pl.Null).cast(pl.String))  # nothing is known of them
    columns = (_joined(column) if isinstance(column.dtype, pl.List) else column for column in frame)
    return pl.DataFrame([c for c in columns if not (c.dtype.is_nested() or c.dtype in _WITHOUT_TEXT)])


def _is_left_out(dtype: pl.DataType) -> bool:
    return dtype in _WITHOUT_TEXT or (isinstance(dtype, pl.List | pl.Array) and dtype.inner.is_nested())


def _joined(lists: pl.Series) -> pl.Series:
    if lists.dtype.inner.is_nested():  # type: ignore[attr-defined]  # a list has an inner type
        return lists
    try:
        return lists.cast(pl.List(pl.String)).list.join(" ")
    except POLARS_ERRORS:
        return lists


def _arrays_as_lists(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(column.arr.to_list() for column in frame if isinstance(column.dtype, pl.Array))


def _named_key(table: Table, given: Mapping[str, str]) -> str | None:
    """The list that a person named as the item or the user, or whose objects have a field of that name."""
    for role in ("item", "user"):
        for name, dtype in table.frame.schema.items():
            if isinstance(dtype, pl.List):
                inner = dtype.inner
                fields = [field.name for field in inner.fields] if isinstance(inner, pl.Struct) else []
                below = [f"{above}.{field}" for above in (name, singular(name)) for field in fields]
                if given.get(role) in (name, *fields, *below):
                    return name
    return None


def _key(table: Table, given: Mapping[str, str]) -> str | None:
    """The list whose values are a user's items (or an item's users); None where each row has both already."""
    schema = table.frame.schema
    single = [name for name, dtype in schema.items() if not isinstance(dtype, pl.List)]
    for role in ("item", "user"):
        if any(names_one(table.frame, name, role) or name == given.get(role) for name in single):
            continue
        hits = [name for name, dtype in schema.items() if isinstance(dtype, pl.List) and _holds(role, name, dtype)]
        exact = [name for name in hits if is_named(singular(name), role)] or hits
        if len(exact) > 1:
            raise DataError(
                f"the lists {listed(exact)} of {table.path.name} could all hold the {role}s, and one must: leave the "
                "others out of the file"
            )
        if exact:
            return exact[0]
    _refuse_lists_of_lists(table, [*single, *given.values()])
    return None if given.get("item") else _only_objects(schema)


def _only_objects(schema: Mapping[str, pl.DataType]) -> str | None:
    """The only list of objects of a table that names no item, as the actions of a visit; else None."""
    item_names = {word for tier in ROLE_NAMES["item"] for word in tier}
    if any(is_named(name, "item") or plain(name) in item_names for name in schema):
        return None
    objects = [
        name
        for name, dtype in schema.items()
        if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct) and not is_wrapper(dtype.inner)
    ]
    return objects[0] if len(objects) == 1 else None


def _refuse_lists_of_lists(table: Table, single: Collection[str]) -> None:
    if any(is_named(name, "item") for name in single):
        return
    for name, dtype in table.frame.schema.items():
        is_list = isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.List | pl.Array)
        if is_list and (is_item_list(name) or is_named(name, "item")):
            raise DataError(
                f"`{name}` of {table.path.name} holds lists within lists, whose values have no names; write each as an "
                'object, such as {"item_id": 5, "timestamp": 1600000000}'
            )


def _holds(role: Role, name: str, dtype: pl.List) -> bool:
    """Whether the values of a list are items (or users), by its name or those of its objects' fields."""
    inner = dtype.inner
    is_called = is_named(singular(name), role) or (role == "item" and is_item_list(name))
    if isinstance(inner, pl.Struct) and not is_wrapper(inner):
        names = [field.name for field in inner.fields]
        return is_called or any(is_named(field, role) for field in names)
    return is_called and not (isinstance(inner, pl.DataType) and isinstance(inner, pl.List | pl.Array))


def _exploded(table: Table, key: str, kept_names: Collection[str]) -> Table:
    frame = table.frame
    lengths = frame[key].list.len().fill_null(0)
    together = [key, *_partners(table, key, lengths)]
    n_rows, n_events, n_empty = frame.height, int(lengths.sum()), int((lengths == 0).sum())
    Limits.current().check_cells(table.path, n_events, frame.width + 4)
    if not n_events:
        raise DataError(f"all lists in `{key}` of {table.path.name} are empty")
    counts = [name for name in frame.columns if name not in together and _counts(frame[name], lengths)]
    counts = [name for name in counts if name not in kept_names]
    kept = frame.drop(counts).filter(lengths > 0)
    kept = kept.with_columns(pl.int_ranges(pl.col(key).list.len()).alias(_PLACE))
    events = _in_singular(_unnested(kept.explode(*together, _PLACE), key, kept_names), together, kept_names)
    events, more = flattened(table.path, events)
    is_ordered = any(plain(name) in TIME_NAMES or is_named(name, "order") for name in events.columns)
    order = [] if is_ordered or _ORDER in events.columns else [pl.col(_PLACE).alias(_ORDER)]
    events = events.with_columns(order).drop(_PLACE)
    where = f"`{key}`" if len(together) == 1 else listed(together)
    notes = [f"the lists in {where} of {table.path.name} were read as {n_events:,} events, from {n_rows:,} rows"]
    notes += (
        [f"{n_empty:,} rows of {table.path.name} have an empty list in `{key}` and were left out"] if n_empty else []
    )
    notes += [f"{listed(counts)} counts the values of {where} in each row and was left out"] if counts else []
    return replace(
        table,
        frame=events,
        first_line=None,
        has_names=True,
        ordered_list=key if order else None,
        notes=(*table.notes, *notes, *more),
    )


def _counts(values: pl.Series, lengths: pl.Series) -> bool:
    """Whether it tells how long each list is, which is no amount of any item."""
    if values.dtype.is_nested() or len(lengths) < ENOUGH or lengths.n_unique() < 2:
        return False
    return bool(values.cast(pl.Float64, strict=False).eq_missing(lengths.cast(pl.Float64)).all())


def _in_singular(events: pl.DataFrame, lists: list[str], kept_names: Collection[str]) -> pl.DataFrame:
    """With the names of what were lists such as roles have them: `item_ids` → `item_id`, `history` → `item_id`."""
    names = {name: singular(name) for name in lists[1:] if _belongs(name)}
    if lists[0] in events.columns:  # it held no objects
        key = singular(lists[0])
        names[lists[0]] = key if is_named(key, "item") or is_named(key, "user") else "item_id"
    return events.rename(
        {old: new for old, new in names.items() if new not in events.columns and old not in kept_names}
    )


def _partners(table: Table, key: str, lengths: pl.Series) -> list[str]:
    """The other lists that have a value for each value of the key."""
    found = []
    for name, dtype in table.frame.schema.items():
        if name == key or not isinstance(dtype, pl.List):
            continue
        own = table.frame[name].list.len().fill_null(0)
        if (own == lengths).all():
            found.append(name)
        elif _belongs(name):
            row = (own != lengths).arg_max() or 0
            raise DataError(
                f"lists of one row must have the same length, `{key}` has {lengths[row]:,} values and `{name}` has "
                f"{own[row]:,} in {table.place(row)}"
            )
    return found


def _belongs(name: str) -> bool:
    """Whether a list tells the time or the weight of events, so that it cannot be left aside."""
    words = (plain(name), plain(singular(name)))
    known = {*TIME_NAMES, *(word for tier in ROLE_NAMES["weight"][:4] for word in tier)}
    return any(word in known for word in words)


def _unnested(events: pl.DataFrame, key: str, kept_names: Collection[str]) -> pl.DataFrame:
    """An object's fields as columns under their own names, as far as these say enough and are free."""
    dtype = events.schema[key]
    if not isinstance(dtype, pl.Struct) or is_wrapper(dtype):
        return events
    names = [field.name for field in dtype.fields]
    taken = {*events.columns} - {key}
    is_vague = {name: name in taken or plain(name) in _GENERIC for name in names}
    new = [f"{singular(key)}.{name}" if is_vague[name] else name for name in names]
    new = [
        next((told for told in (f"{key}.{name}",) if told in kept_names), to)
        for name, to in zip(names, new, strict=True)
    ]
    fields = [events[key].struct.field(name).alias(to) for name, to in zip(names, new, strict=True)]
    return pl.DataFrame([*(events[name] for name in events.columns if name != key), *fields])
