"""Files that a person drops into the chat: kept below the home folder, where the tools may read them."""

import shutil
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage

from agent.errors import SetupError, UserError
from agent.settings import Settings


def keep_upload(settings: Settings, file: str | Path) -> tuple[HumanMessage, dict[str, Any]]:
    """Copy the file to the uploads; the message that says so, and the arguments of add_dataset.

    Raises:
        UserError: There is no such file.
        SetupError: The home folder cannot be written.
    """
    source = Path(file)
    if not source.is_file():
        raise UserError(f"there is no file {str(source)[:200]!r}")
    kept = settings.uploads / source.name
    try:
        settings.uploads.mkdir(parents=True, exist_ok=True)
        if not (kept.exists() and kept.samefile(source)):
            partial = kept.with_name(f".{kept.name}.part")
            shutil.copyfile(source, partial)
            partial.replace(kept)
    except OSError as error:
        raise SetupError(f"{source.name} cannot be kept in {settings.uploads}: {error.strerror}") from error
    said = HumanMessage(f"I dropped the file {kept.name} into the chat.", additional_kwargs={"files": [str(kept)]})
    return said, {"path": str(kept)}
