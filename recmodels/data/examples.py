"""Rows to predict for: what was wanted and what was not, in which context; `Interactions` hold what was wanted only."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from recmodels.data.column_names import is_count

Target = Literal["label", "rating"]
MAX_RATING_RANGE = 100.0  # a weight that spans more is a count or an amount
_ARRAYS = {"users": np.int64, "items": np.int64, "labels": np.float32, "times": np.int64, "given_split": np.int8}
_ARRAYS |= {"outcomes": np.int32}
_CONTEXT = "context: "  # before the names of the context's columns in the saved file


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Observed rows, refusals included and repeats kept, sorted by user, then time (or order in the file)."""

    users: npt.NDArray[np.int64]  # (m,) numbers of the users of `Interactions`
    items: npt.NDArray[np.int64]  # (m,)
    labels: npt.NDArray[np.float32] | None = None  # (m,) 0 or 1, or a rating; None: every row was wanted
    times: npt.NDArray[np.int64] | None = None  # (m,)
    given_split: npt.NDArray[np.int8] | None = None  # (m,) 0 train, 1 valid, 2 test
    outcomes: npt.NDArray[np.int32] | None = None  # (m,) bits, as those of `Interactions`
    is_liked: npt.NDArray[np.bool_] | None = None  # (m,) by a rule over ratings; None: there is none (see likes.py)
    context: pl.DataFrame | None = None  # (m, n_columns) what else the file says of a row: String or Float64

    def __len__(self) -> int:
        return len(self.users)

    @classmethod
    def from_frame(cls, frame: pl.DataFrame, users: npt.NDArray[np.int64], items: npt.NDArray[np.int64]) -> "Examples":
        """Sort the rows.

        Args:
            frame: Where known `weight`, `time`, `split` and `outcomes`; columns of other names are the context.
            users: The number of each row's user.
            items: The same for the items.
        """
        keys = (users,) if "time" not in frame.columns else (frame["time"].to_numpy(), users)
        order = np.lexsort(keys)
        context = frame.select(pl.exclude("user", "item", "weight", "time", "split", "outcomes"))
        return cls(
            users=users[order],
            items=items[order],
            labels=_array(frame, "weight", np.float32, order),
            times=_array(frame, "time", np.int64, order),
            given_split=_array(frame, "split", np.int8, order),
            outcomes=_array(frame, "outcomes", np.int32, order),
            context=context[order] if context.width else None,
        )

    def target(self, column: str = "") -> Target | None:
        """What the labels are: yes or no, ratings, or None where there is nothing to predict.

        Labels of 0 and 1, both of them, say no and yes. Other numbers are ratings unless they span more than 100, or
        their column is called as counts are (plays, hours, quantity, …): those say how often, not how good.
        """
        if self.labels is None or not len(self):
            return None
        low, high = float(self.labels.min()), float(self.labels.max())
        if low == high:
            return None
        if (low, high) == (0.0, 1.0) and ((self.labels == 0) | (self.labels == 1)).all():
            return "label"
        is_how_often = is_count(column) or high - low > MAX_RATING_RANGE
        return None if is_how_often else "rating"

    def targets(self, column: str = "") -> frozenset[Target]:
        """All that can be predicted: beside `target` whether a row is a like, where a rule says so."""
        found = {self.target(column)} - {None}
        return frozenset(found | ({"label"} if self.is_liked is not None else set()))  # type: ignore[arg-type]

    def likes(self) -> npt.NDArray[np.bool_]:
        """Whether each row was wanted: by the rule, else where the label is above 0. (m,)"""
        if self.is_liked is not None:
            return self.is_liked
        return np.ones(len(self), dtype=np.bool_) if self.labels is None else self.labels > 0

    def to_frame(self) -> pl.DataFrame:
        """One table for a file."""
        arrays = {key: getattr(self, key) for key in _ARRAYS if getattr(self, key) is not None}
        frame = pl.DataFrame(arrays)
        if self.context is None:
            return frame
        return frame.hstack(self.context.rename(lambda name: _CONTEXT + name))

    @classmethod
    def of_frame(cls, frame: pl.DataFrame) -> "Examples":
        """What `to_frame` gave."""
        context = frame.select(name for name in frame.columns if name.startswith(_CONTEXT))
        arrays: dict[str, Any] = {
            key: frame[key].to_numpy().astype(dtype) if key in frame.columns else None for key, dtype in _ARRAYS.items()
        }
        renamed = context.rename(lambda name: name.removeprefix(_CONTEXT))
        return cls(context=renamed if context.width else None, **arrays)


def _array(frame: pl.DataFrame, name: str, dtype: Any, order: npt.NDArray[np.int64]) -> Any:
    return frame[name].to_numpy().astype(dtype)[order] if name in frame.columns else None
