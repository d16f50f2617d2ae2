"""What a ranking does with items that a user had before, as people say it; `data/repeats.py` chooses by the data.

>>> parse_repeats("Keep")
'keep'
"""

from dataclasses import dataclass
from typing import Literal, get_args

from recmodels.errors import ParamError

RepeatEvents = Literal["mask", "keep"]
MASK: RepeatEvents = "mask"
KEEP: RepeatEvents = "keep"

_WORDS: dict[RepeatEvents, str] = {
    "mask": "items that people had before are left out of the lists",
    "keep": "items that people had before stay in the lists and count when they come again",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatChoice:
    """`mask`: no item twice, neither in a list nor as what is relevant. `keep`: a seen item counts like any other."""

    kind: RepeatEvents = MASK
    says: str = ""  # the choice with its reason, without a full stop; empty where nothing repeats and nobody asked


def parse_repeats(text: str) -> RepeatEvents:
    """The choice that somebody wrote.

    Raises:
        ParamError: It is none.
    """
    said = text.strip().lower()
    found: RepeatEvents | None = next((kind for kind in get_args(RepeatEvents) if kind == said), None)
    if found is None:
        raise ParamError(
            f"repeat events are `mask` (no item twice) or `keep` (people have it again), not {text[:60]!r}"
        )
    return found


def words_of(kind: str) -> str:
    """The choice as a clause."""
    return _WORDS[parse_repeats(kind)]
