"""What a person chose for a dataset as it was read; it stays with the dataset and with all that is made of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, get_args

from recmodels.stored import fields_of, typed

Hashed = Literal["user", "item"]
DATES = "dates"  # the word of `reading` for how dates are written, where they may be read in two ways
_TEXTS = ("where", "hashed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Every field may be left out: then nothing was chosen."""

    positive: str | None = None  # what counts as a like unless a study says otherwise: ">=4"
    reading: Mapping[str, str] = field(
        default_factory=dict
    )  # words of `columns` that are no roles: dates, thousands, …
    where: tuple[str, ...] = ()  # conditions on the rows of its files
    date_order: str | None = None  # how its dates were seen to be written, where nobody said: day-first, month-first
    hashed: tuple[Hashed, ...] = ()  # whose ids are keyed hashes, see `recmodels.data.pseudonyms`

    def to_json(self) -> dict[str, Any]:
        """JSON-ready; without what was not chosen."""
        return {name: list(value) if name in _TEXTS else value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Choices":
        """What `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError: It is damaged.
        """
        texts: dict[str, Any] = {name: tuple(map(str, typed(data, name, list))) for name in _TEXTS if name in data}
        if not set(texts.get("hashed", ())) <= set(get_args(Hashed)):
            raise ValueError(f"only ids of {get_args(Hashed)} are hashed, got {texts['hashed']}")
        return cls(**(fields_of(cls, data) | texts))

    def in_words(self) -> str:
        """How files are read: `dates=day-first, rows with status=paid`; empty where nothing was chosen."""
        said = [f"{word}={text}" for word, text in self.reading.items()]
        said += [f"{DATES}={self.date_order}"] if self.date_order and DATES not in self.reading else []
        said += [f"rows with {condition}" for condition in self.where]
        return ", ".join((*said, *(f"ids of {role}s hashed" for role in self.hashed)))

    def still_in_words(self, now: "Choices") -> str:
        """As `in_words`, without what is read otherwise now."""
        reading = {word: text for word, text in self.reading.items() if now.reading.get(word) == text}
        return replace(self, reading=reading, date_order=None if DATES in now.reading else self.date_order).in_words()

    def with_more(self, more: "Choices") -> "Choices":
        """These, and what is chosen for a file that is joined."""
        return Choices(
            positive=more.positive or self.positive,
            reading={**self.reading, **more.reading},
            date_order=self.date_order or more.date_order,
            where=tuple(dict.fromkeys((*self.where, *more.where))),
            hashed=self.hashed or more.hashed,
        )


NO_CHOICES = Choices()
