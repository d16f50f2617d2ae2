"""How numbers, durations and params are written on every screen."""

from collections.abc import Mapping
from typing import Any


def number(value: float | None, digits: int = 4) -> str:
    """`0.1234`, `1,682`, `3e-05`; a dash for None."""
    if value is None:
        return "–"
    if isinstance(value, int) or (abs(value) >= 1000 and value == int(value)):
        return f"{int(value):,}"
    return f"{value:.{digits}g}" if abs(value) < 1e-3 else f"{value:.{digits}f}".rstrip("0").rstrip(".") or "0"


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 20 s`, `1 h 05 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def size(n_bytes: float) -> str:
    """`512 B`, `3.2 MB`."""
    for unit in ("B", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}" if unit == "B" else f"{n_bytes:.1f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} GB"


def param(value: Any) -> str:
    """A param's value as a person would write it."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def params_line(params: Mapping[str, Any]) -> str:
    """`learning_rate 0.001, dropout 0.2`."""
    return ", ".join(f"{name} {param(value)}" for name, value in params.items())
