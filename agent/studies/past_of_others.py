"""What other studies measured of a model: the memory's trials and those that came with recpilot."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.advisor.trial_times import SIZES
from agent.studies.blame import failure_of
from memory.histories.files import shipped_like
from memory.likeness import likeness
from memory.record import TrialRecord
from memory.search import Recalled

if TYPE_CHECKING:
    from memory.store import TrialMemory

_log = logging.getLogger(__name__)
DATASETS = 8  # that are most alike, of a home and of those that came with recpilot
EACH = 80  # trials of one dataset
_LISTED = 5000  # trials of one model on one dataset among which broken ones are looked for

_GROWN = 0.9  # likeness from which data of one name are the same, or a little later

Past = tuple[tuple[TrialRecord, float], ...]


def past_of_others(
    memory: "TrialMemory | None", models: tuple[str, ...], profile: Mapping[str, float], study: str
) -> Past:
    """Past trials with the likeness of their datasets, the most alike first; none without a memory.

    Args:
        study: The one that asks; its own trials are in its records.
    """
    if memory is None:
        return ()
    found = [hit for model in models for hit in (*_own(memory, model, profile), *_shipped(model, profile))]
    trials = [(hit.record, hit.similarity) for hit in found if isinstance(hit.record, TrialRecord)]
    others = [(_bare(record), likeness) for record, likeness in trials if record.study != study]
    return tuple(sorted(others, key=lambda pair: (-pair[1], pair[0].id)))


def broken_here(
    memory: "TrialMemory | None", models: tuple[str, ...], dataset: str, profile: Mapping[str, float], study: str
) -> tuple[TrialRecord, ...]:
    """Trials of other studies on the same dataset that broke by their params; a time limit is a study's own.

    Another home that shares the memory may have other data under that name, which says nothing here.
    """
    if memory is None:
        return ()
    try:
        found = [r for model in models for r in memory.recall(kind="trial", dataset=dataset, model=model, k=_LISTED)]
    except Exception as error:  # noqa: BLE001 - as above
        _log.warning("the memory cannot be read: %s", error)
        return ()
    records = (hit.record for hit in found if isinstance(hit.record, TrialRecord))
    others = (record for record in records if record.study != study and record.dataset == dataset)
    others = (record for record in others if not record.profile or likeness(record.profile, profile) >= _GROWN)
    return tuple(_bare(record) for record in others if failure_of(record) not in (None, "time_limit"))


def _own(memory: "TrialMemory", model: str, profile: Mapping[str, float]) -> list[Recalled]:
    try:
        return memory.recall(kind="trial", model=model, profile=profile, k=DATASETS * EACH, each=EACH)
    except Exception as error:  # noqa: BLE001 - a broken memory costs its hints, never the study
        _log.warning("the memory cannot be read: %s", error)
        return []


def _shipped(model: str, profile: Mapping[str, float]) -> list[Recalled]:
    try:
        return shipped_like(model, profile, DATASETS)
    except (OSError, ValueError) as error:
        _log.warning("the histories that came with recpilot cannot be read: %s", error)
        return []


def _bare(record: TrialRecord) -> TrialRecord:
    """Without what no advisor and no prompt looks at, since hundreds are carried along."""
    sizes = {name: record.profile[name] for name in SIZES if name in record.profile}
    return replace(record, profile=sizes, measured={})
