"""What is said where ids shall be hashed: why a dropped file is not added so, and what a chat keeps."""

import shlex
from collections.abc import Sequence

from agent import outside

KEPT_AS_TYPED = "This chat keeps what was typed in it, ids too; the file itself stays as it is."


def not_hashed(file: str, hashed: Sequence[str] = ("user",)) -> str:
    """Why a file that was dropped is not added with hashed ids, with the command that does it."""
    options = " ".join({"user": "--hash-ids", "item": "--hash-item-ids"}[role] for role in hashed)
    command = outside.code(f"recpilot data add {shlex.quote(file)} {options}")
    return (
        "nothing was added: a file that is dropped into the chat is kept there as it is, with its ids. To keep keyed"
        f" hashes in their place, say {command} on the terminal, or put the file into the data folder and name it here"
        " by its path"
    )


def copy_removed(name: str) -> str:
    """That the copy of a dropped file is gone, since the ids are hashed in the dataset that it is joined to."""
    return f"The copy of {name} that the chat took held ids in clear text, so it was removed; your own file stays as it is."
