"""What a reading process is told and what it answers: one JSON object each, never a pickle.

to the process    {"path", "name", "columns", "items_path", "users_path", "choices", "key_folder", "more_of", "rules",
                  "folder"}
its answer        {"summary": …} | {"refused": class, "message"}
                  | {"ambiguous": {"role", "candidates", "place", "why", "rows"}} | {"out_of_memory": true}
                  | {"crashed": traceback}
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from recmodels.data.choices import NO_CHOICES, Choices
from recmodels.stored import fields_of

CANNOT_ANSWER = 74  # the exit status of a process whose answer could not be written


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadJob:
    """A file to read; the fields are those of `recmodels.data.reading.read.read_interactions`."""

    path: Path
    name: str
    columns: Mapping[str, str] | None = None
    items_path: Path | None = None
    users_path: Path | None = None
    choices: Choices = NO_CHOICES
    key_folder: Path | None = None  # where the key is that ids are hashed with
    more_of: Path | None = None  # the folder of the dataset that its events are joined to
    rules: Sequence[Mapping[str, Any]] = ()  # the filters of that one, see `recmodels.data.standing.Standing`

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        told = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(self).items()}
        return told | {"choices": self.choices.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ReadJob":
        """The job that `to_json` wrote."""
        paths = {
            key: Path(data[key])
            for key in ("path", "items_path", "users_path", "key_folder", "more_of")
            if data.get(key)
        }
        rest = {"choices": Choices.from_json(data.get("choices", {})), "rules": tuple(data.get("rules", ()))}
        return cls(**(fields_of(cls, data) | paths | rest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is known of the rows that were written; all of it is small."""

    profile: Mapping[str, float]
    description: str  # the profile in words
    fingerprint: str
    columns: Mapping[str, str] = field(default_factory=dict)  # role → the file's column
    notes: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)  # of rows, where they were joined to those of a dataset

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Summary":
        """The summary that `to_json` wrote."""
        return cls(**(fields_of(cls, data) | {"notes": tuple(data["notes"])}))
