"""Who began a study: kept with it in the ledger from its beginning; others are asked before they steer it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from agent.studies.at_hand import hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Where a study was begun, and on what data; studies of earlier versions do not say it."""

    person: str | None = None  # who had logged in
    chat: str | None = None
    data: str | None = None  # the fingerprint of the dataset's content then

    @classmethod
    def here(cls, data: str | None = None) -> "Begun":
        """By whoever speaks in the turn that runs now, if one does."""
        mine = hand()
        return cls(data=data) if mine is None else cls(person=mine.person, chat=mine.chat, data=data)

    @classmethod
    def from_dict(cls, data: Any) -> "Begun":
        """What `to_dict` wrote; what cannot be read says nothing."""
        kept = data if isinstance(data, Mapping) else {}
        texts = {name: kept[name] for name in ("person", "chat", "data") if isinstance(kept.get(name), str)}
        return cls(**texts)

    def to_dict(self) -> dict[str, str | None]:
        """JSON-ready."""
        return asdict(self)

    def is_of_another(self, person: str | None) -> bool:
        """Whether someone else began it than the person who has logged in; nobody else where nobody logs in."""
        return person is not None and self.person not in (None, person)
