"""How much a file may hold, so that a small one cannot fill the memory of this machine or keep it busy for ever."""

import os
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from recmodels.errors import DataError, SetupError

SETTING = "RECPILOT_MAX_READ_GIB"  # GiB that a file may hold; who sets it is asked for no ratio
MOST_BYTES = 8 << 30
MEMORY_SHARE = 4  # of the memory, the part that a file may take: a table of text takes about three times its file
MAX_RATIO = 100  # of what a file takes in memory to its size; ratings as CSV.gz have 3 to 10
SMALL_BYTES = 64 << 20  # up to here any ratio will do
MAX_DEPTH = 50  # of JSON and of Parquet's types
MAX_COLUMNS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds for one file."""

    max_bytes: int
    max_ratio: int | None

    @classmethod
    def current(cls) -> "Limits":
        """What the environment allows, else what fits this machine.

        Raises:
            SetupError: The setting is no positive number.
        """
        given = os.environ.get(SETTING, "").strip()
        if not given:
            return cls(max_bytes=min(MOST_BYTES, psutil.virtual_memory().total // MEMORY_SHARE), max_ratio=MAX_RATIO)
        try:
            max_bytes = int(float(given) * 2**30)
        except (ValueError, OverflowError):
            max_bytes = 0
        if max_bytes <= 0:
            raise SetupError(f"{SETTING} must be a number of GiB above 0, got {given[:40]!r}")
        return cls(max_bytes=max_bytes, max_ratio=None)

    def check(self, path: Path, n_bytes: int, n_packed: int | None = None) -> None:
        """Refuse what is too much in all, or too much for the size of its file.

        Args:
            n_bytes: What the file takes in memory, as far as is known.
            n_packed: The size of the file, where it takes more than that.

        Raises:
            DataError: With the rule, the value and the setting.
        """
        if n_bytes > self.max_bytes:
            raise DataError(
                f"a file may take {_size(self.max_bytes)} on this machine, {path.name} takes {_size(n_bytes)} or more; "
                f"set {SETTING} to read it all the same"
            )
        is_large = n_packed is not None and n_bytes > SMALL_BYTES
        if is_large and self.max_ratio is not None and n_bytes > self.max_ratio * (n_packed or 1):
            raise DataError(
                f"a file may take {self.max_ratio} times its size in memory, {path.name} has {_size(n_packed or 0)} "
                f"and takes {_size(n_bytes)} or more; set {SETTING} to read it all the same"
            )


def check_columns(path: Path, n_columns: int) -> None:
    """Refuse a table that is far too wide.

    Raises:
        DataError: It has more than MAX_COLUMNS.
    """
    if n_columns > MAX_COLUMNS:
        raise DataError(f"a table may have {MAX_COLUMNS:,} columns, {path.name} has {n_columns:,}")


def check_depth(path: Path, depth: int, place: str = "") -> None:
    """Refuse values that are nested far too deep.

    Args:
        place: Such as "in line 3 of ", where it is known.

    Raises:
        DataError: They are nested more than MAX_DEPTH deep.
    """
    if depth > MAX_DEPTH:
        raise DataError(f"values may be nested {MAX_DEPTH} deep, one {place}{path.name} is nested {depth:,} deep")


def _size(n_bytes: int) -> str:
    if n_bytes < 1 << 20:
        return f"{max(n_bytes, 1):,} bytes"
    return f"{n_bytes / 2**20:,.1f} MiB" if n_bytes < 1 << 30 else f"{n_bytes / 2**30:,.1f} GiB"
