"""Whether a trial of some params fails: by this study's failures, and by past ones of the model on data like these.

A past failure counts as one with the chance that its dataset is like this one; a trial that came through, here or
there, speaks against it. Of past ones only those count that the params or the machine brought about: what diverged, and
what ran out of a memory as large as that here, or of one that is not known. Time limits are others' and hold not here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.advisor.belief import Belief
from agent.advisor.encoding import Encoding
from agent.advisor.situation import Situation, Values, nearest
from memory.histories.measured import DEVICE_BYTES
from memory.record import TrialRecord
from recmodels.search_space import Params, SearchSpace

DIVERGED, OUT_OF_MEMORY = "diverged", "out_of_memory"  # what a reason begins with
LEAST_LIKENESS = 0.2  # a failure on data less like these says nothing
_MOST = 24  # past failures, and as many past trials that came through
_NOISE = 0.02  # variance of an outcome here, which is one in any case


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFailure:
    """A trial of another study that failed."""

    record: TrialRecord
    likeness: float  # of the datasets

    def says(self) -> str:
        """Which one, why, and how far it counts."""
        memory = ", of a machine whose memory is not known" if _is_of_unknown_memory(self.record) else ""
        why = (self.record.reason or "").partition(":")[0].replace("_", " ")
        return (
            f"trial {self.record.number} of study {self.record.study} failed near there on {self.record.dataset} "
            f"({why}{memory}; likeness of the datasets {self.likeness:.2f})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What is known of a model's trials that failed and of those that did not."""

    records: tuple[TrialRecord, ...]
    chances: tuple[float, ...]  # near 1 for a failure, 0 for a trial that came through
    weights: tuple[float, ...]  # below 1 where the outcome here is in doubt
    past: tuple[PastFailure, ...]

    def belief(self, encoding: Encoding) -> Belief:
        """About the chance, over the whole space."""
        return Belief.of(encoding, self.records, self.chances, self.weights)

    def nearest(self, space: SearchSpace, params: Params) -> PastFailure:
        """The past failure with the fewest and smallest changes of params."""
        first = nearest(space, params, [failure.record for failure in self.past])[0]
        return next(failure for failure in self.past if failure.record is first)


def outcomes(situation: Situation, model: str, values: Values) -> Outcomes | None:
    """None while nothing failed, here or on data like these."""
    own = [record for record in situation.of(model) if record.state == "failed"]
    past = past_failures(situation, model)
    if not own and not past:
        return None
    came_through = _came_through(situation, model) if past else []
    chances = np.array([failure.likeness for failure in past])
    labels = [np.zeros(len(values.records)), np.ones(len(own)), chances, np.zeros(len(came_through))]
    likenesses = np.array([likeness for _, likeness in came_through])
    doubts = [np.zeros(len(values.records) + len(own)), chances * (1 - chances), 0.25 * (1 - likenesses)]
    there = (*(failure.record for failure in past), *(record for record, _ in came_through))
    return Outcomes(
        records=(*values.records, *own, *there),
        chances=tuple(np.concatenate(labels).tolist()),
        weights=tuple((_NOISE / (_NOISE + np.concatenate(doubts))).tolist()),
        past=tuple(past),
    )


def past_failures(situation: Situation, model: str) -> list[PastFailure]:
    """Those of other studies that may happen here too, the most alike first."""
    here = _device_bytes(situation.records)
    found = [
        PastFailure(record=record, likeness=min(likeness, 1.0))
        for record, likeness in situation.recalled
        if record.model == model
        and record.state == "failed"
        and likeness >= LEAST_LIKENESS
        and _may_happen(record, here)
    ]
    return sorted(found, key=lambda failure: (-failure.likeness, failure.record.id))[:_MOST]


def _came_through(situation: Situation, model: str) -> list[tuple[TrialRecord, float]]:
    found = [
        pair
        for pair in situation.recalled
        if pair[0].model == model and pair[0].state == "complete" and pair[1] >= LEAST_LIKENESS
    ]
    places = np.linspace(0, len(found) - 1, min(len(found), _MOST)).astype(int)
    return [found[place] for place in places]


def _may_happen(record: TrialRecord, here: float) -> bool:
    """Whether its reason can hold on this machine."""
    reason, there = record.reason or "", record.cost.get(DEVICE_BYTES, 0.0)
    if reason.startswith(OUT_OF_MEMORY):
        return not there or not here or there >= here
    return reason.startswith(DIVERGED)


def _is_of_unknown_memory(record: TrialRecord) -> bool:
    return (record.reason or "").startswith(OUT_OF_MEMORY) and not record.cost.get(DEVICE_BYTES)


def _device_bytes(records: Sequence[TrialRecord]) -> float:
    """The memory of the device that the study runs on; 0 where no trial told it yet."""
    return next((size for record in reversed(records) if (size := record.cost.get(DEVICE_BYTES))), 0.0)
