"""How values are written on every screen: as in answers, plus sizes and params on one line."""

from collections.abc import Mapping
from typing import Any

from agent.answers.wording import duration, number, param

__all__ = ["duration", "number", "param", "params_line", "size"]


def size(n_bytes: float) -> str:
    """`512 B`, `3.2 MB`."""
    for unit in ("B", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}" if unit == "B" else f"{n_bytes:.1f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} GB"


def params_line(params: Mapping[str, Any]) -> str:
    """`learning_rate 0.001, dropout 0.2`."""
    return ", ".join(f"{name} {param(value)}" for name, value in params.items() if value != "none")
