"""The last line of a text: one that a broken download has cut off must not become a wrong id in silence."""

from pathlib import Path

from recmodels.data.reading.table import shown

_MOST = 1 << 16  # bytes of a line that is looked at


def without_cut_line(path: Path, data: bytes, separator: str, n_fields: int) -> tuple[bytes, tuple[str, ...]]:
    """The text without a last line that has too few fields and no line end, and a note on any without a line end."""
    if data.endswith(b"\n"):
        return data, ()
    start = data.rfind(b"\n") + 1
    last = data[start : start + _MOST]
    if not start or not last.strip() or b'"' in last:
        return data, ()
    line = shown(last.decode(errors="replace"))
    n_found = last.count(separator.encode()) + 1
    if separator and n_found < n_fields:
        note = (
            f"the last line of {path.name}, {line!r}, has {n_found:,} of {n_fields:,} fields and no line end: it was "
            "cut off, and left out"
        )
        return data[:start], (note,)
    return data, (f"{path.name} has no line end; if it was cut off, its last line {line!r} is not whole",)
