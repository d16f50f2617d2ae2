"""Events of one moment: in the order of a position, else in that of the file, turned where the file runs backwards."""

import numpy as np
import polars as pl

from recmodels.data.interactions import TimeKind

_DAY_S = 86_400
_NEARLY_ALL = 0.95  # of the steps from one moment to another
_ENOUGH = 10  # such steps
_LOOKED_AT = 100_000  # rows


def in_order(frame: pl.DataFrame, column: str, kind: TimeKind) -> tuple[pl.DataFrame, str]:
    """Rows of one moment in their order, and a note where that is only the file's.

    `from_events` sorts by whole seconds and keeps this order within them.

    Args:
        frame: user, time, and where there are any, `exact` moments and the position `within` one.
        column: What the time is called in the file.
        kind: Of the time.
    """
    if "time" not in frame.columns:
        return frame, ""
    keys = ["exact" if "exact" in frame.columns else "time", *(["within"] if "within" in frame.columns else [])]
    note = ""
    if "within" not in keys and kind == "timestamp":
        is_backwards = _runs_backwards(frame)
        if (is_backwards or _lacks_clock(frame["time"])) and (n_tied := _n_tied(frame, keys[0])):
            frame = frame.reverse() if is_backwards else frame
            note = _note(column, n_tied, frame["user"].n_unique(), is_backwards)
    if keys != ["time"]:
        frame = frame.sort(keys, maintain_order=True, nulls_last=True)
    return frame, note


def _note(column: str, n_tied: int, n_users: int, is_backwards: bool) -> str:
    shares = f"{n_tied:,} of {n_users:,} users have several events of one `{column}`"
    if is_backwards:
        return f"the file runs from the last `{column}` back to the first, and {shares}: these were turned round too"
    return f"`{column}` has no time of day, and {shares}: these stay in the order of the file"


def _lacks_clock(times: pl.Series) -> bool:
    """Whether all moments are of one time of day, as midnight."""
    some = times.head(_LOOKED_AT) % _DAY_S
    if some.min() != some.max():
        return False
    clocks = times % _DAY_S
    return len(times) > 1 and clocks.min() == clocks.max() and times.min() != times.max()


def _n_tied(frame: pl.DataFrame, key: str) -> int:
    sizes = frame.group_by("user", key).len()
    return sizes.filter(pl.col("len") > 1)["user"].n_unique()


def _runs_backwards(frame: pl.DataFrame) -> bool:
    """Whether the times of each user fall from row to row of the file, in its first and last rows."""
    some = frame.select("user", "time")
    some = some if some.height <= 2 * _LOOKED_AT else pl.concat([some.head(_LOOKED_AT), some.tail(_LOOKED_AT)])
    users, times = some["user"].to_physical().to_numpy(), some["time"].to_numpy()
    rows = np.argsort(users, kind="stable")
    steps = np.diff(times[rows])[np.diff(users[rows].astype(np.int64)) == 0]
    n_down, n_up = int((steps < 0).sum()), int((steps > 0).sum())
    return n_down >= _ENOUGH and n_down >= _NEARLY_ALL * (n_down + n_up)
