"""The one form in which interactions travel: index arrays sorted by user and time, the data's own ids beside them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Interactions:
    """Observed events. Rows are sorted by user, then time (or order in the file).

    `user_ids` and `item_ids` are the data's own ids; `users` and `items` are row numbers into them.
    """

    name: str
    users: npt.NDArray[np.int64]  # (n,)
    items: npt.NDArray[np.int64]  # (n,)
    user_ids: pl.Series  # (n_users,) String
    item_ids: pl.Series  # (n_items,) String
    weights: npt.NDArray[np.float32] | None = None  # (n,) rating, play count, hours
    times: npt.NDArray[np.int64] | None = None  # (n,) unix seconds, or the position when only the order is known
    time_kind: Literal["timestamp", "order", "none"] = "none"
    given_split: npt.NDArray[np.int8] | None = None  # (n,) 0 train, 1 valid, 2 test, where the data has its own
    item_table: pl.DataFrame | None = None  # row i describes item i
    user_table: pl.DataFrame | None = None  # row u describes user u
    text_columns: tuple[str, ...] = ()  # of item_table: title, author, genres, …
    group_columns: tuple[str, ...] = ()  # of user_table: gender, age, …

    @property
    def n_users(self) -> int:
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        return len(self.item_ids)

    def __len__(self) -> int:
        return len(self.users)
