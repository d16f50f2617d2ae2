"""Where the weights of a trial lie: the ledger keeps the path below the folder of checkpoints: a copied home uses
its own.

Earlier versions kept whole paths; of these the part below a folder of checkpoints counts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path, PurePath

from agent.errors import UserError
from memory.record import TrialRecord
from recmodels.errors import DataError


def kept_path(checkpoint: str | None, folder: Path | None) -> str | None:
    """The path as the ledger keeps it.

    Args:
        folder: Of all checkpoints; None: the path stays as it is.
    """
    if checkpoint is None or folder is None or not Path(checkpoint).is_relative_to(folder):
        return checkpoint
    return Path(checkpoint).relative_to(folder).as_posix()


def whole_path(kept: str | None, folder: Path | None, study: str) -> str | None:
    """The path where the weights lie for this home, from what the ledger keeps."""
    if kept is None or folder is None:
        return kept
    if not PurePath(kept).is_absolute():
        return str(folder / kept)
    parts = PurePath(kept).parts
    here = [place for place, pair in enumerate(pairwise(parts), start=1) if pair == (folder.name, study)]
    return str(folder.joinpath(*parts[here[-1] :])) if here else kept


@contextmanager
def weights_of(record: TrialRecord) -> Iterator[Path]:
    """The folder of a trial's weights, to be read inside.

    Raises:
        UserError: They are gone or damaged; the text says what is left and which command trains them again.
    """
    if not record.checkpoint:
        raise UserError(f"no trained weights are kept for trial {record.number} of {record.study}")
    try:
        yield Path(record.checkpoint)
    except DataError as error:
        raise UserError(
            f"{error}. The ledger has the trial's params and results: `recpilot export {record.study} {record.number} "
            "--refit` trains it again, with the same dataset"
        ) from error
