"""Who began a study: kept with it in the ledger from its beginning; others are asked before they steer it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from agent.studies.at_hand import hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Where a study was begun; studies of earlier versions, and those of the terminal, say nothing of it."""

    person: str | None = None  # who had logged in
    chat: str | None = None

    @classmethod
    def here(cls) -> "Begun":
        """By whoever speaks in the turn that runs now, if one does."""
        mine = hand()
        return cls() if mine is None else cls(person=mine.person, chat=mine.chat)

    @classmethod
    def from_dict(cls, data: Any) -> "Begun":
        """What `to_dict` wrote; what cannot be read says nothing."""
        kept = data if isinstance(data, Mapping) else {}
        texts = {name: kept[name] for name in ("person", "chat") if isinstance(kept.get(name), str)}
        return cls(**texts)

    def to_dict(self) -> dict[str, str | None]:
        """JSON-ready."""
        return asdict(self)

    def is_of_another(self, person: str | None) -> bool:
        """Whether someone else began it than the person who has logged in; nobody else where nobody logs in."""
        return person is not None and self.person not in (None, person)
