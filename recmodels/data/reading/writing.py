"""From a file to the files of a dataset: what a reading process does, and a test in its own process."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from recmodels.data.deriving import joined
from recmodels.data.folders import cannot_write, is_disk_full
from recmodels.data.interactions import Interactions
from recmodels.data.likes import default_rule, said_of
from recmodels.data.profile import describe, profile
from recmodels.data.reading.archives import opened
from recmodels.data.reading.job import ReadJob, Summary
from recmodels.data.reading.read import read_interactions
from recmodels.data.reading.sanity import checks_first, sanity
from recmodels.data.reading.table import POLARS_ERRORS
from recmodels.data.standing import Standing, held
from recmodels.errors import ContentError, DataError, LimitError


def read_into(job: ReadJob, folder: Path) -> Summary:
    """Read a file and write its rows into an existing folder; as `read_apart`, in this process.

    Raises:
        ContentError, AmbiguousColumns, LimitError, SetupError: As `read_apart`.
    """
    base = None if job.more_of is None else Interactions.load(job.more_of)
    counts: Mapping[str, int] = {}
    try:
        with opened(job.path, folder) as (path, notes):
            found = read_interactions(
                path, job.name, job.columns, job.items_path, job.users_path, base, job.choices, job.key_folder
            )
        found = replace(found, notes=(*notes, *found.notes)) if notes else found
        if base is not None:
            kept = held(base, found, [*map(Standing.from_json, job.rules)], job.path.name)
            together = joined(base, kept.more, job.path.name, kept.users_out)
            found, counts = replace(together.interactions, name=job.name), together.counts()
    except DataError as error:
        if type(error) is DataError:  # all that is said of a file while it is read
            raise ContentError(str(error)) from error
        raise
    except OSError as error:  # of a folder, or of a file that was taken away meanwhile
        raise LimitError(f"cannot read {job.path}: {error.strerror}") from error
    return replace(write_into(found, folder), counts=counts)


def read_here(job: ReadJob, folder: Path, is_stopped: Callable[[], bool] | None = None) -> Summary:
    """`read_into` in this process, which nothing bounds or stops: for `Catalogue(folder, read=read_here)` in tests."""
    return read_into(job, folder)


def write_into(interactions: Interactions, folder: Path) -> Summary:
    """Write rows into an existing folder.

    Raises:
        SetupError: It cannot be written.
    """
    try:
        interactions.write(folder)
    except POLARS_ERRORS as error:
        if isinstance(error, OSError) or is_disk_full(error):
            raise cannot_write(folder.parent, error) from error
        raise
    return summary_of(interactions)


def summary_of(interactions: Interactions) -> Summary:
    """What is kept about rows next to them."""
    numbers = profile(interactions)
    line, *alarms = sanity(interactions, numbers)
    return Summary(
        profile=numbers,
        description=describe(numbers, interactions.name),
        columns=dict(interactions.columns),
        notes=(line, *checks_first((*alarms, *_rule(interactions), *interactions.notes))),
        fingerprint=interactions.fingerprint(),
    )


def _rule(interactions: Interactions) -> tuple[str, ...]:
    """What counts as a like unless somebody says otherwise, where the rows have weights."""
    said = said_of(interactions, default_rule(interactions))
    chosen = ", as was chosen for these data" if interactions.choices.positive is not None else ""
    return (f"{said}{chosen} (`--positive` changes it)",) if said else ()
