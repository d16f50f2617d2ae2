"""Who stands behind a mean over users: how many were measured, and why the others were not."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

FEW_EVENTS = 5  # before the cut; a user with fewer is cold


@dataclass(frozen=True, slots=True, kw_only=True)
class Cold:
    """How well a part went for what training knows little of: new items, and users with few events."""

    metric: str  # ndcg@10
    cutoff: int
    n_new_items: int  # held-out items of which there was no row before
    n_new_found: int | None  # of these, within the cutoff; None: not known
    n_few: int  # measured users with fewer than `FEW_EVENTS` events that count as likes before the cut
    few: float | None  # the mean of their metric; None without such users
    n_others: int
    others: float | None

    def words(self) -> str:
        """In a sentence without a full stop; empty where nothing was cold."""
        parts = []
        if self.n_new_items and self.n_new_found is not None:
            found = f"{self.n_new_found:,} of {self.n_new_items:,} targets found in the first {self.cutoff}"
            parts.append(f"items without an event in training: {found}")
        if self.few is not None:
            others = "" if self.others is None else f", others {self.others:.3g} on {self.n_others:,}"
            few = f"users with fewer than {FEW_EVENTS} likes to learn from"
            parts.append(f"{few}: {self.metric} {self.few:.3g} on {self.n_few:,}{others or ' (all)'}")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredUsers:
    """How many users one part was measured on, and what of it a model that learns from ids cannot find."""

    n_users: int  # of the data
    n_measured: int  # who have a held-out item that they had not seen before
    n_only_seen: int  # whose held-out items were all seen before, and so are masked
    n_nothing_held_out: int
    n_without_history: int  # of the measured
    n_held_out: int  # items that were asked for, of all measured users
    n_new_items: int  # of these, items of which there was no row before
    cold: Cold | None = None  # None: not measured so, by an older version

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "MeasuredUsers":
        """What `to_json` gave."""
        cold = data.get("cold")
        return cls(**{**data, "cold": None if cold is None else Cold(**cold)})

    def cold_words(self) -> str:
        """As `Cold.words`; empty too where that is not known."""
        return "" if self.cold is None else self.cold.words()

    def __str__(self) -> str:
        """`7 of 80 users (the held-out items of 63 were all seen before; 10 have nothing held out)`."""
        reasons = []
        if self.n_only_seen:
            reasons.append(f"the held-out items of {self.n_only_seen:,} were all seen before and are masked")
        if self.n_nothing_held_out:
            reasons.append(f"{_have(self.n_nothing_held_out)} nothing held out")
        if self.n_without_history:
            reasons.append(f"{_have(self.n_without_history, ' of the measured')} no history")
        if self.n_new_items:
            reasons.append(f"{self.n_new_items:,} of {self.n_held_out:,} held-out items were new to the data")
        who = f"all {self.n_users:,}" if self.n_measured == self.n_users else f"{self.n_measured:,} of {self.n_users:,}"
        return f"{who} users" + (f" ({'; '.join(reasons)})" if reasons else "")


def _have(n: int, of: str = "") -> str:
    """`1 has`, `12 of the measured have`."""
    return f"{n:,}{of} {'has' if n == 1 else 'have'}"
