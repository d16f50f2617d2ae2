"""Where the weights of a trial lie: the ledger keeps the path below the folder of checkpoints: a copied home uses
its own.

Earlier versions kept whole paths; of these the part below a folder of checkpoints counts.
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count, pairwise
from pathlib import Path, PurePath

from agent.errors import UserError
from memory.record import TrialRecord
from recmodels.errors import DataError
from recmodels.search_space import ParamValue


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


def unused(folder: Path) -> Path:
    """The folder, or where there is one already, one of another number next to it.

    A ledger that took the place of a newer one counts from its own last trial; the weights of the newer one's stay.
    """
    places = (folder.with_name(f"{folder.name}-{n}") if n else folder for n in count())
    return next(place for place in places if not place.exists())


@contextmanager
def weights_of(record: TrialRecord) -> Iterator[Path]:
    """The folder of a trial's weights, to be read inside.

    Raises:
        UserError: They are gone, damaged or another trial's; the text says what is left and which command trains them
            again.
    """
    if not record.checkpoint:
        raise UserError(f"no trained weights are kept for trial {record.number} of {record.study}")
    try:
        _check(record, Path(record.checkpoint))
        yield Path(record.checkpoint)
    except DataError as error:
        raise UserError(
            f"{error}. The ledger has the trial's params and results: `recpilot export {record.study} {record.number} "
            "--refit` trains it again, with the same dataset"
        ) from error


def _check(record: TrialRecord, folder: Path) -> None:
    """Raises DataError: the weights are gone, or those of another trial, by what was trained and what it measured."""
    from recmodels import checkpoint  # imports torch

    kept = checkpoint.about(folder)
    if kept.model != record.model:
        raise DataError(
            f"the weights in {folder} are another trial's: of {kept.model}, where the ledger has {record.model}"
        )
    for what, ours, theirs in (("params", record.params, kept.params), ("metrics", record.metrics, kept.metrics)):
        if (name := _differing(ours, theirs)) is not None:
            raise DataError(
                f"the weights in {folder} are another trial's: their {what} have `{name}` {theirs[name]}, where the "
                f"ledger has {ours[name]}"
            )


def _differing(ours: Mapping[str, ParamValue], theirs: Mapping[str, ParamValue]) -> str | None:
    """What both name and have another value of."""
    return next((name for name in ours if name in theirs and not _is_same(ours[name], theirs[name])), None)


def _is_same(one: ParamValue, other: ParamValue) -> bool:
    if isinstance(one, float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-9)
    return one == other
