"""The one form in which interactions travel: index arrays sorted by user and time, the data's own ids beside them."""

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from recmodels import rights
from recmodels.data.choices import NO_CHOICES, Choices
from recmodels.data.examples import Examples, Target
from recmodels.data.folders import whole_folder
from recmodels.data.numbering import in_order, numbered
from recmodels.errors import DataError
from recmodels.stored import check_format, need_path, read_object, typed

TimeKind = Literal["timestamp", "order", "none"]
FORMAT = 1  # of the saved folder
_ARRAYS = {"users": np.int64, "items": np.int64, "weights": np.float32, "times": np.int64, "given_split": np.int8}
_ARRAYS |= {"outcomes": np.int32}
_NEWER = ("outcomes",)  # where they are missing, the fingerprint is what it was before there were any
_FRAMES = ("user_ids", "item_ids", "user_table", "item_table")
_EXAMPLES = "examples.parquet"  # missing where the rows say it all


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
    time_kind: TimeKind = "none"
    given_split: npt.NDArray[np.int8] | None = None  # (n,) 0 train, 1 valid, 2 test, where the data has its own
    outcomes: npt.NDArray[np.int32] | None = None  # (n,) bit i: whether the i-th of `outcome_names` came of the row
    outcome_names: tuple[str, ...] = ()  # kinds of events (view, purchase), or columns of 0 and 1 (clicked, bought)
    item_table: pl.DataFrame | None = None  # row i describes item i
    user_table: pl.DataFrame | None = None  # row u describes user u
    text_columns: tuple[str, ...] = ()  # of item_table: title, author, genres, …
    group_columns: tuple[str, ...] = ()  # of user_table: gender, age, …
    columns: Mapping[str, str] = field(default_factory=dict)  # role → the file's column: {"user": "userId", …}
    examples: Examples | None = None  # where the file says more than the rows above: labels of 0, or a context
    choices: Choices = NO_CHOICES  # what a person chose when it was read
    notes: tuple[str, ...] = ()  # what was guessed, fixed or left out while reading, a sentence each

    @property
    def n_users(self) -> int:
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        return len(self.item_ids)

    def __len__(self) -> int:
        return len(self.users)

    @classmethod
    def from_events(
        cls, name: str, events: pl.DataFrame, examples: pl.DataFrame | None = None, **rest: Any
    ) -> "Interactions":
        """Number the ids in order of appearance and sort the rows.

        Args:
            name: Of the dataset.
            events: Columns `user` and `item`, where known `weight`, `time`, `split` (0, 1, 2) and `outcomes` (bits).
            examples: The same columns of rows to predict for, refusals included; other columns are their context. Users
                and items that only stand here are numbered after those of `events`.
            rest: The other fields of `Interactions`.
        """
        frames = [events] if examples is None else [events, examples]
        with ThreadPoolExecutor() as pool:  # polars and numpy work without Python's lock
            told = pool.map(lambda key: numbered(*(frame[key] for frame in frames)), ("user", "item"))
            (user_ids, (users, *their_users)), (item_ids, (items, *their_items)) = told
            times = _column(events, "time", np.int64)
            order, users, times = in_order(users, times, pool)  # rows of one moment stay in file order
            arrays = {
                "items": items,
                "weights": _column(events, "weight", np.float32),
                "given_split": _column(events, "split", np.int8),
                "outcomes": _column(events, "outcomes", np.int32),
            }
            placed = pool.map(lambda array: None if array is None else array[order], arrays.values())
            arrays = dict(zip(arrays, placed, strict=True))
        return cls(
            name=name,
            user_ids=user_ids,
            item_ids=item_ids,
            users=users,
            times=times,
            examples=None if examples is None else Examples.from_frame(examples, their_users[0], their_items[0]),
            **arrays,
            **rest,
        )

    def all_examples(self) -> Examples:
        """The rows to predict for: `examples`, else the interactions themselves with their weights as labels."""
        if self.examples is not None:
            return self.examples
        return Examples(
            users=self.users,
            items=self.items,
            labels=self.weights,
            times=self.times,
            given_split=self.given_split,
            outcomes=self.outcomes,
        )

    def target(self) -> Target | None:
        """What there is to predict: labels, ratings or nothing (see `Examples.target`)."""
        return self.all_examples().target(self.columns.get("weight", ""))

    def targets(self) -> frozenset[Target]:
        """All that can be predicted (see `Examples.targets`)."""
        return self.all_examples().targets(self.columns.get("weight", ""))

    def offsets(self) -> npt.NDArray[np.int64]:
        """Where each user's rows begin and end: those of user u are `offsets[u]:offsets[u + 1]`. (n_users + 1,)"""
        return np.searchsorted(self.users, np.arange(self.n_users + 1)).astype(np.int64)

    def history(self, user: int) -> npt.NDArray[np.int64]:
        """The items of one user, oldest first."""
        start, end = np.searchsorted(self.users, [user, user + 1])
        return self.items[start:end]

    def item_texts(self) -> list[str]:
        """One text an item: its text columns joined by `; `, its id where there are none. (n_items,)"""
        if self.item_table is None or not self.text_columns:
            return self.item_ids.to_list()
        parts = [pl.col(column).cast(pl.String).str.strip_chars().replace("", None) for column in self.text_columns]
        texts = self.item_table.select(pl.concat_str(parts, separator="; ", ignore_nulls=True)).to_series()
        return pl.select(pl.when(texts == "").then(self.item_ids).otherwise(texts)).to_series().to_list()

    def fingerprint(self) -> str:
        """A sha256 of the content and of what counts as a like in it by choice, whatever its name and notes."""
        digest = hashlib.sha256(json.dumps([self.time_kind, self.text_columns, self.group_columns]).encode())
        for key in _ARRAYS:
            array = getattr(self, key)
            if array is None and key in _NEWER:
                continue
            digest.update(key.encode() + (b"" if array is None else np.ascontiguousarray(array).tobytes()))
        if self.outcome_names:
            digest.update(json.dumps(self.outcome_names).encode())
        for key in _FRAMES:
            frame = self._frame(key)
            digest.update(key.encode())
            if frame is not None:
                digest.update(frame.write_ndjson().encode())
        if self.examples is not None:  # other datasets keep the fingerprint they had before there were examples
            digest.update(b"examples" + self.examples.to_frame().write_ndjson().encode())
        if self.choices.positive is not None:
            digest.update(f"positive {self.choices.positive}".encode())
        return digest.hexdigest()

    def save(self, folder: Path) -> None:
        """Write parquet files and `dataset.json`; `folder` is replaced as a whole or not at all.

        Raises:
            SetupError: The folder cannot be written.
        """
        with whole_folder(folder) as temporary:
            self.write(temporary)

    def write(self, folder: Path) -> None:
        """Write the files of `save` into an existing folder, without its promise to be whole."""
        arrays = {key: getattr(self, key) for key in _ARRAYS if getattr(self, key) is not None}
        pl.DataFrame(arrays).write_parquet(folder / "interactions.parquet")
        for key in _FRAMES:
            frame = self._frame(key)
            if frame is not None:
                frame.write_parquet(folder / f"{key}.parquet")
        if self.examples is not None:
            self.examples.to_frame().write_parquet(folder / _EXAMPLES)
        about = {
            "format": FORMAT,
            "name": self.name,
            "time_kind": self.time_kind,
            "text_columns": list(self.text_columns),
            "group_columns": list(self.group_columns),
            "columns": dict(self.columns),
            "choices": self.choices.to_json(),
            "outcomes": list(self.outcome_names),
            "notes": list(self.notes),
        }
        (folder / "dataset.json").write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Interactions":
        """Read what `save` wrote.

        Raises:
            DataError: The folder is not a saved dataset, is damaged, or of a newer format.
        """
        need_path("folder", folder)
        try:
            about = read_object(folder / "dataset.json")
            check_format(about, FORMAT, f"the saved dataset {folder}")
            rows = pl.read_parquet(folder / "interactions.parquet")
            frames = {
                key: pl.read_parquet(folder / f"{key}.parquet")
                for key in _FRAMES
                if (folder / f"{key}.parquet").is_file()
            }
            arrays: dict[str, Any] = {key: _column(rows, key, dtype) for key, dtype in _ARRAYS.items()}
            has_examples = (folder / _EXAMPLES).is_file()
            loaded = cls(
                name=about["name"],
                time_kind=about["time_kind"],
                text_columns=tuple(typed(about, "text_columns", list)),
                group_columns=tuple(typed(about, "group_columns", list)),
                columns=typed(about, "columns", dict),
                choices=Choices.from_json(about.get("choices", {})),
                notes=tuple(typed(about, "notes", list)),
                outcome_names=tuple(typed(about, "outcomes", list)) if "outcomes" in about else (),
                user_ids=frames["user_ids"].to_series(),
                item_ids=frames["item_ids"].to_series(),
                user_table=frames.get("user_table"),
                item_table=frames.get("item_table"),
                examples=Examples.of_frame(pl.read_parquet(folder / _EXAMPLES)) if has_examples else None,
                **arrays,
            )
        except FileNotFoundError as error:
            raise DataError(f"{folder} is not a saved dataset: {error.filename} is missing") from error
        except PermissionError as error:
            place = Path(error.filename or folder)
            raise DataError(f"the saved dataset cannot be used: {rights.refusal(place, 'read')}") from error
        except (OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
            raise DataError(
                f"the saved dataset {folder} is damaged ({error}); remove it and add the data again"
            ) from error
        loaded._check(folder)
        return loaded

    def _frame(self, key: str) -> pl.DataFrame | None:
        value: pl.Series | pl.DataFrame | None = getattr(self, key)
        return value.cast(pl.String).rename(key).to_frame() if isinstance(value, pl.Series) else value

    def _check(self, folder: Path) -> None:
        rows = (self, self.examples) if self.examples is not None else (self,)
        for what, count in (("users", self.n_users), ("items", self.n_items)):
            for array in (getattr(part, what) for part in rows):
                if array is None or (len(array) and not 0 <= array.min() <= array.max() < count):
                    raise DataError(f"the saved dataset {folder} is damaged: `{what}` do not fit its {count} ids")
        if any(np.any(np.diff(part.users) < 0) for part in rows):
            raise DataError(f"the saved dataset {folder} is damaged: its rows are not sorted by user")


def _column(frame: pl.DataFrame, name: str, dtype: Any) -> Any:
    return frame[name].to_numpy().astype(dtype, copy=False) if name in frame.columns else None
