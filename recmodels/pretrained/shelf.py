"""The language models that are kept by name: each a folder in `RECPILOT_HOME`/models for transformers, with a record.

`recpilot models add` writes them; `--llm NAME` and `RECPILOT_CAUSAL_MODEL=NAME` take them.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from recmodels.errors import DataError
from recmodels.stored import check_format, fields_of, read_object

RECORD = "recpilot-model.json"
FORMAT = 1
HOW_TO_ADD = "`recpilot models add` with smollm2, a GGUF file, a folder or a hub id adds one"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelvedModel:
    """A model that is kept, as its record says."""

    name: str
    folder: Path
    source: str  # where it came from, in words
    licence: str = ""  # as the source names it; empty where it does not
    architecture: str = ""  # `model_type` of transformers
    n_parameters: int = 0
    context: int = 0  # tokens
    has_chat: bool = True  # whether it has a chat template; without one it can only rank
    sha256: Mapping[str, str] = field(default_factory=dict)  # of the file that it was made from, and of its weights
    notes: tuple[str, ...] = ()

    @property
    def n_bytes(self) -> int:
        """On disk."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def summary(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "name": self.name,
            "bytes": self.n_bytes,
            "parameters": self.n_parameters,
            "context": self.context,
            "licence": self.licence,
            "source": self.source,
            "architecture": self.architecture,
            "has_chat": self.has_chat,
            "folder": str(self.folder),
            "sha256": dict(self.sha256),
            "notes": list(self.notes),
        }


def default_shelf() -> Path:
    """Where the models lie; `agent.settings.Settings().models` is the same."""
    home = os.environ.get("RECPILOT_HOME")
    return (Path(home) if home else user_data_path("recpilot")) / "models"


def is_name(text: str) -> bool:
    """Whether a model can be called that."""
    return _NAME.fullmatch(text) is not None


def shelved(name: str, shelf: Path | None = None) -> ShelvedModel | None:
    """The model of that name; None where there is none.

    Raises:
        DataError: Its record is of a newer version, or broken.
    """
    folder = (default_shelf() if shelf is None else shelf) / name
    if not is_name(name) or not (folder / RECORD).is_file():
        return None
    try:
        about = read_object(folder / RECORD)
        check_format(about, FORMAT, f"the record of the model `{name}`")
        found = fields_of(ShelvedModel, about | {"name": name, "folder": folder})
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"{folder / RECORD} cannot be read ({error}): remove {folder} and add the model again"
        ) from error
    return ShelvedModel(**found | {"notes": tuple(found.get("notes", ()))})


def all_shelved(shelf: Path | None = None) -> list[ShelvedModel]:
    """Every model that is kept, by name."""
    shelf = default_shelf() if shelf is None else shelf
    names = sorted(path.name for path in shelf.iterdir()) if shelf.is_dir() else []
    return [model for name in names if (model := shelved(name, shelf)) is not None]


def none_of_that_name(name: str, shelf: Path | None = None) -> str:
    """The end of a sentence on a name that no model has: those that there are, and how to add one."""
    names = [model.name for model in all_shelved(shelf)]
    there = f"the models here are {', '.join(names)}" if names else "no model is here yet"
    return f"there is no model `{name}`: {there}; {HOW_TO_ADD}"
