"""A study's events in order: kept, replayable, and followed by any number of readers."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

from agent.events import Event, ProposalMade, StudyStarted, TrialFinished, TrialStarted
from agent.proposal import Proposal
from agent.standing import best_of, counted
from agent.studies.study_spec import StudySpec
from memory.record import TrialRecord

_HEARTBEAT_S = 0.5  # how often a reader looks whether there is still something to wait for


class EventLog:
    """Appended to and read from any thread."""

    def __init__(self, events: Sequence[Event] = ()) -> None:
        self._events = list(events)
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._events)

    def append(self, event: Event) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def events(self, after: int = 0) -> list[Event]:
        """All but the first `after`."""
        return self._events[after:]

    def follow(self, after: int, is_over: Callable[[], bool]) -> Iterator[Event]:
        """Events from `after` on, waiting for more until `is_over()` and all are read."""
        while True:
            over = is_over()  # before the events are read, so that none is missed
            fresh = self._events[after:]
            after += len(fresh)
            yield from fresh
            if over and not fresh:
                return
            with self._changed:
                if not over and len(self._events) == after:
                    self._changed.wait(_HEARTBEAT_S)


def replay(
    spec: StudySpec, records: Sequence[TrialRecord], proposals: Mapping[int, Proposal], after: int = 0
) -> list[Event]:
    """What happened in a study that another process ran, as far as its ledger tells.

    Args:
        proposals: By the number of their trial.
        after: The first records that are told already.
    """
    events: list[Event] = []
    if records and not after:
        events.append(
            StudyStarted(
                study=spec.name,
                dataset=spec.dataset,
                models=spec.models,
                objective=spec.aim,
                n_trials=spec.n_trials,
            )
        )
    for i, record in enumerate(records[after:], start=after + 1):
        known = records[:i]
        if record.number in proposals:
            events.append(ProposalMade(study=spec.name, proposal=proposals[record.number]))
        events += [
            TrialStarted(study=spec.name, number=record.number, model=record.model, params=record.params),
            TrialFinished(
                study=spec.name,
                record=record,
                is_best=best_of(spec.goal, known) is record,
                n_finished=len(counted(known)),
                n_trials=spec.n_trials,
            ),
        ]
    return events
