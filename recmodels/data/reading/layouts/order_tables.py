"""Lines of orders, whose user stands in another table: joined where that lies in the folder, else asked for.

Instacart has orders.csv and order_products__*.csv, for instance.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from recmodels.data.column_names import Role, plain
from recmodels.data.reading.evidence import Evidence
from recmodels.data.reading.layouts.list_names import is_named
from recmodels.data.reading.named import choices_of
from recmodels.data.reading.table import Table, listed
from recmodels.errors import DataError

ORDER_KEYS = ("orderid", "basketid", "invoiceid", "transactionid", "ticketid", "receiptid", "cartid", "purchaseid")
_TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet", ".jsonl")
_MAX_FILES = 20
Reads = Callable[[Path], Table]


def with_users(table: Table, given: Mapping[str, str] | None, read: Reads) -> Table:
    """The table with the columns of its orders, where it has items and orders but no users; else unchanged.

    Args:
        given: Role → column that a person named; a user among them needs no join.
        read: Reads another file of the folder.

    Raises:
        DataError: There is no such table of orders; the sentence says which join is missing.
    """
    names = table.frame.columns
    if (given and given.get("user")) or not table.has_names or any(is_named(name, "user") for name in names):
        return table
    key = next((name for name in names if plain(name) in ORDER_KEYS), None)
    if key is None or not any(is_named(name, "item") for name in names):
        return table
    for other in _tables_beside(table.path, key, read):
        return _joined(table, key, other)
    roles: tuple[Role, ...] = ("item", "weight", "order", "time")
    free = [name for name in names if name != key and not any(is_named(name, role) for role in roles)]
    if choices_of(Evidence(table), free):  # one of them may be the user, which is asked
        return table
    raise DataError(
        f"{table.path.name} names orders (`{key}`) and items but no users: join it with the table that says whose "
        f"order each is, put that table (columns `{key}` and a user) into the same folder, or take each order as a "
        f"user with user={key}"
    )


def _tables_beside(path: Path, key: str, read: Reads) -> Iterator[Table]:
    files = [file for file in sorted(path.parent.iterdir()) if file.name.lower().endswith(_TABLES)]
    for file in files[:_MAX_FILES]:
        if file == path or file.is_symlink() or not file.is_file():
            continue
        try:
            other = read(file)
        except DataError:  # nobody asked for this file
            continue
        names = other.frame.columns
        if key in names and any(is_named(name, "user") for name in names) and other.frame[key].is_unique().all():
            yield other


def _joined(table: Table, key: str, orders: Table) -> Table:
    other = orders.frame.select(key, *(name for name in orders.frame.columns if name not in table.frame.columns))
    if table.frame[key].dtype != other[key].dtype:
        other = other.with_columns(pl.col(key).cast(table.frame[key].dtype, strict=False))
    user = next(name for name in other.columns if is_named(name, "user"))
    frame = table.frame.join(other, on=key, how="left", maintain_order="left")
    n_without = int(frame[user].is_null().sum())
    if n_without == frame.height:
        raise DataError(f"no `{key}` of {table.path.name} stands in {orders.path.name}, so nothing can be joined")
    notes = [f"{table.path.name} was joined with {orders.path.name} by `{key}`, which adds {listed(other.columns[1:])}"]
    notes += [f"{n_without:,} rows of {table.path.name} have an order without a user there"] if n_without else []
    return replace(table, frame=frame, notes=(*table.notes, *notes))
