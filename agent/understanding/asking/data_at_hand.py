"""Which dataset a question about "it" means: the one talked of last, the study's, or the only one of the person's own."""

from pathlib import PurePath

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known

BUILT_IN = "demo"


def data_at_hand(known: Known, dialogue: Dialogue) -> str | None:
    """The dataset that is meant where none is named; None: it could be any, and is asked for."""
    for name in (dialogue.dataset, known.study_dataset):
        if name in known.datasets:
            return name
    own = [name for name in known.datasets if name != BUILT_IN]
    return own[0] if len(own) == 1 else None


def unread_file(dialogue: Dialogue) -> str | None:
    """The file that was handed over last and is not read yet, since a question about it is open; None: there is none."""
    if dialogue.unread is not None:
        return PurePath(dialogue.unread).name
    asked = dialogue.waiting.requests if dialogue.waiting is not None else ()
    adds = next((one for one in asked if one.tool == "add_dataset" and "append" not in one.args), None)
    path = None if adds is None else adds.args.get("path")
    return PurePath(path).name if isinstance(path, str) and path not in ("", "it") else None
