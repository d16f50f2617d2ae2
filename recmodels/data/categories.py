"""What kinds of items there are: the genres, classes or tags of the item table, several of them to an item."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recmodels.data.column_names import plain

if TYPE_CHECKING:
    import polars as pl

    from recmodels.data.interactions import Interactions

NAMES = ("genres", "genre", "categories", "category", "class", "classes", "tags", "tag", "topics", "topic")
SEPARATORS = ("|", ";", ",")
MAX_CATEGORIES = 500  # the most frequent ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """The categories of all items."""

    names: tuple[str, ...]  # (c,) sorted
    matrix: npt.NDArray[np.float32]  # (n_items, c), 1 where the item is of the category


def item_categories(interactions: "Interactions") -> Categories | None:
    """The first column of the item table that is called like categories; None where there is none."""
    import polars as pl  # when it is asked for: a list of studies needs none

    table = interactions.item_table
    by_name = {} if table is None else {plain(name): table[name] for name in reversed(table.columns)}
    column = next((by_name[name] for name in NAMES if name in by_name), None)
    return None if column is None else _matrix(_split(column.cast(pl.String)))


def _split(column: "pl.Series") -> "pl.Series":
    """Lists of categories. Words are told apart where nothing else does and fewer different ones are left by it."""
    separator = next((mark for mark in SEPARATORS if column.str.contains(mark, literal=True).any()), None)
    if separator is not None:
        return column.str.split(separator)
    words = column.str.split(" ")
    return words if words.explode().n_unique() < column.n_unique() else column.str.split("\0")


def _matrix(lists: "pl.Series") -> Categories | None:
    import polars as pl

    frame = pl.DataFrame({"item": np.arange(len(lists)), "name": lists}).explode("name")
    frame = frame.with_columns(pl.col("name").str.strip_chars()).filter(pl.col("name").str.len_chars() > 0)
    kept = frame["name"].value_counts(sort=True).head(MAX_CATEGORIES)["name"].sort()
    if not len(kept):
        return None
    codes = frame.join(pl.DataFrame({"name": kept, "code": np.arange(len(kept))}), on="name")
    matrix = np.zeros((len(lists), len(kept)), dtype=np.float32)
    matrix[codes["item"].to_numpy(), codes["code"].to_numpy()] = 1.0
    return Categories(names=tuple(kept), matrix=matrix)
