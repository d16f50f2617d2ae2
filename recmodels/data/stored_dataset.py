"""A dataset of the catalogue as it is known without its rows, and what one that was made of another comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from recmodels.data.choices import Choices
from recmodels.errors import DataError
from recmodels.stored import fields_of, read_object

if TYPE_CHECKING:
    from recmodels.data.interactions import Interactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How a dataset was made of another."""

    base: str  # that one's key
    base_fingerprint: str  # of its content
    root: str  # the key of the first of the line, which was made of no other
    version: int  # in that line; the first is 1
    how: Literal["append", "filter"]
    says: str  # in words: "new.csv appended", "ratings of 3 and more, since 2024-01-01"
    made_at: str  # ISO 8601, UTC
    file: str = ""  # that was appended
    kept: Mapping[str, Any] = field(default_factory=dict)  # the filter
    earlier: Sequence[Mapping[str, Any]] = ()  # the filters that the base was made by, the first at first
    counts: Mapping[str, int] = field(default_factory=dict)  # of rows: n_added, n_repeated, n_changed

    def in_words(self, base: str = "") -> str:
        """`version 2, from shop: new.csv appended`.

        Args:
            base: What the dataset that it comes from is called now; empty: its key.
        """
        return f"version {self.version}, from {base or self.base}: {self.says}"

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> "Derivation | None":
        """What `to_json` wrote; None for a dataset that was made of no other.

        Raises:
            ValueError, KeyError, TypeError: It is damaged.
        """
        return None if data is None else cls(**fields_of(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDataset:
    """A dataset in the catalogue; `load()` reads its rows."""

    name: str  # what people call it
    folder: Path  # for `Interactions.load` and `TrainRequest.dataset`
    profile: Mapping[str, float] = field(default_factory=dict)
    description: str = ""  # the profile in words
    columns: Mapping[str, str] = field(default_factory=dict)  # role → the file's column, as guessed or given
    notes: tuple[str, ...] = ()  # what was guessed, fixed or left out while reading
    source: str = ""  # the file it was read from
    fingerprint: str = ""  # of its content
    derived: Derivation | None = None  # what it comes from, where that is another dataset

    @property
    def key(self) -> str:
        """What studies know it by: its first name, which stays when it is renamed."""
        return self.folder.name

    @property
    def choices(self) -> Choices:
        """What a person chose when it was read, without its rows. Raises DataError: it is damaged."""
        try:
            return Choices.from_json(read_object(self.folder / "dataset.json").get("choices", {}))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"the dataset {self.name!r} is damaged: {error}") from error

    def load(self) -> "Interactions":
        """The rows."""
        from recmodels.data.interactions import Interactions

        return Interactions.load(self.folder)

    def summary(self) -> dict[str, Any]:
        """JSON-ready: all but the rows."""
        return {
            "name": self.name,
            "description": self.description,
            "columns": dict(self.columns),
            "notes": list(self.notes),
            "profile": dict(self.profile),
            "source": self.source,
            "folder": str(self.folder),
            "derived_from": None if self.derived is None else self.derived.to_json(),
        }
