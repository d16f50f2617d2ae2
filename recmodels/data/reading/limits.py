"""How much a file may hold and take, so that a small one cannot fill the memory or keep the machine busy for ever.

Two settings of the environment raise the bounds: SETTING and TIME_SETTING.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from recmodels.errors import LimitError, SetupError

SETTING = "RECPILOT_MAX_READ_GIB"  # GiB that a file may hold; who sets it is asked for no ratio
TIME_SETTING = "RECPILOT_MAX_READ_S"  # seconds of a processor that reading a file may take
MOST_BYTES = 8 << 30
MEMORY_SHARE = 4  # of the memory, the part that a file may hold
MEMORY_TIMES = 3  # what reading may take in memory to what a file may hold: a table of text takes about so much
MIN_MEMORY_BYTES = 1 << 30  # that reading may take in any case: the libraries and their threads need some
CELL_BYTES = 16  # that a table of text takes for a field, empty or not
TABLE_SHARE = 2  # of the memory, the part that the fields of a table may take, since what is made of it takes more
START_S = 60.0  # of a processor, that reading a small file may take; it takes about one
MIB_S = 2.0  # for each MiB of the files more; it takes about 0.1
WALL_TIMES = 10  # of that, the seconds that may pass on a machine with much else to do
MAX_RATIO = 100  # of what a file takes in memory to its size; ratings as CSV.gz have 3 to 10
SMALL_BYTES = 64 << 20  # up to here any ratio will do
MAX_DEPTH = 50  # of JSON and of Parquet's types
MAX_COLUMNS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds for one file."""

    max_bytes: int
    max_ratio: int | None
    max_s: float | None = None  # None: as the size of the files asks for

    @property
    def memory_bytes(self) -> int:
        """What the process that reads may take."""
        return max(MEMORY_TIMES * self.max_bytes, MIN_MEMORY_BYTES)

    @classmethod
    def current(cls) -> "Limits":
        """What the environment allows, else what fits this machine.

        Raises:
            SetupError: The setting is no positive number.
        """
        max_s, gib = _setting(TIME_SETTING, "seconds"), _setting(SETTING, "GiB")
        if gib is None:
            whole = psutil.virtual_memory().total
            return cls(max_bytes=min(MOST_BYTES, whole // MEMORY_SHARE), max_ratio=MAX_RATIO, max_s=max_s)
        return cls(max_bytes=max(int(gib * 2**30), 1), max_ratio=None, max_s=max_s)

    def time_s(self, paths: Iterable[Path]) -> float:
        """The seconds of a processor that reading these files may take."""
        if self.max_s is not None:
            return self.max_s
        inner = [file for path in paths for file in (path.iterdir() if path.is_dir() else (path,))]
        return START_S + MIB_S * sum(file.stat().st_size for file in inner if file.is_file()) / 2**20

    def check(self, path: Path, n_bytes: int, n_packed: int | None = None) -> None:
        """Refuse what is too much in all, or too much for the size of its file.

        Args:
            n_bytes: What the file takes in memory, as far as is known.
            n_packed: The size of the file, where it takes more than that.

        Raises:
            LimitError: With the rule, the value and the setting.
        """
        if n_bytes > self.max_bytes:
            raise LimitError(
                f"a file may take {size(self.max_bytes)} on this machine, {path.name} takes {size(n_bytes)} or more; "
                f"set {SETTING} to read it all the same"
            )
        is_large = n_packed is not None and n_bytes > SMALL_BYTES
        if is_large and self.max_ratio is not None and n_bytes > self.max_ratio * (n_packed or 1):
            raise LimitError(
                f"a file may take {self.max_ratio} times its size in memory, {path.name} has {size(n_packed or 0)} "
                f"and takes {size(n_bytes)} or more; set {SETTING} to read it all the same"
            )

    def check_cells(self, path: Path, n_rows: int, n_columns: int) -> None:
        """Refuse a table of text that takes far more memory than its file, as fields without content do.

        Raises:
            LimitError: With the rule, the value and the setting.
        """
        may_take = self.memory_bytes // TABLE_SHARE
        if (n_bytes := CELL_BYTES * n_rows * n_columns) > may_take:
            raise LimitError(
                f"a table may take {size(may_take)} on this machine, the {n_rows:,} rows of {n_columns:,} columns of "
                f"{path.name} take {size(n_bytes)} or more; set {SETTING} to read it all the same"
            )


def _setting(name: str, unit: str) -> float | None:
    """The positive number that the environment gives, None where it gives none."""
    given = os.environ.get(name, "").strip()
    if not given:
        return None
    try:
        value = float(given)
    except ValueError:
        value = 0.0
    if not 0 < value < 2**40:
        raise SetupError(f"{name} must be a number of {unit} above 0, got {given[:40]!r}")
    return value


def check_columns(path: Path, n_columns: int) -> None:
    """Refuse a table that is far too wide.

    Raises:
        LimitError: It has more than MAX_COLUMNS.
    """
    if n_columns > MAX_COLUMNS:
        raise LimitError(f"a table may have {MAX_COLUMNS:,} columns, {path.name} has {n_columns:,}")


def check_depth(path: Path, depth: int, place: str = "") -> None:
    """Refuse values that are nested far too deep.

    Args:
        place: Such as "in line 3 of ", where it is known.

    Raises:
        LimitError: They are nested more than MAX_DEPTH deep.
    """
    if depth > MAX_DEPTH:
        raise LimitError(f"values may be nested {MAX_DEPTH} deep, one {place}{path.name} is nested {depth:,} deep")


def size(n_bytes: int) -> str:
    """For people."""
    if n_bytes < 1 << 20:
        return f"{max(n_bytes, 1):,} bytes"
    return f"{n_bytes / 2**20:,.1f} MiB" if n_bytes < 1 << 30 else f"{n_bytes / 2**30:,.1f} GiB"
