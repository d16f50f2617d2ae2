"""What the network is shown of a message, in training as in reading, without a library of tensors."""

from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
MAX_TOKENS = 160


def framed(text: str, before: str | None, state: str | None, asked: str | None) -> tuple[str, int]:
    """The message as the encoder reads it, with what went before in a few words, and where the message begins in it."""
    parts = []
    if before or state:
        parts.append(f"after {(before or 'nothing').replace('_', ' ')}, study {state or 'none'}")
    if asked:
        parts.append(f"asked {' '.join(asked.split())[:80]}")
    lead = f"{', '.join(parts)}: " if parts else ""
    return lead + text, len(lead)


def inside(starts: Any, ends: Any, start: int, end: int) -> Any:
    """Which tokens, given where each begins and ends in the text, belong to the clause from `start` to `end`.

    Arrays of numpy or torch, (L,) → (L,) bool; special tokens and padding are empty and belong to none.
    """
    return (starts < end) & (ends > start) & (ends > starts)
