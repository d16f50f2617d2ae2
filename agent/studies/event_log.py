"""A study's events in order: kept, replayable, and followed by any number of readers."""

import threading
from collections.abc import Callable, Iterator, Sequence

from agent.events import Event, ProposalMade, StudyStarted, TrialFinished, TrialStarted
from agent.proposal import Proposal
from agent.standing import best_of
from agent.studies.study_spec import StudySpec
from memory.record import TrialRecord

_HEARTBEAT_S = 0.5  # how often a reader looks whether there is still somebody to wait for


class EventLog:
    """Append from one thread, read from others."""

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


def replay(spec: StudySpec, records: Sequence[TrialRecord], proposal: Callable[[int], Proposal]) -> list[Event]:
    """What happened in a study that ran before this process did, as far as its ledger tells."""
    events: list[Event] = [
        StudyStarted(
            study=spec.name,
            dataset=spec.dataset,
            models=spec.models,
            objective=str(spec.goal),
            n_trials=spec.n_trials,
        )
    ]
    for i, record in enumerate(records):
        best = best_of(spec.goal, records[: i + 1])
        events += [
            ProposalMade(study=spec.name, proposal=proposal(record.number)),
            TrialStarted(study=spec.name, number=record.number, model=record.model, params=record.params),
            TrialFinished(
                study=spec.name,
                record=record,
                is_best=best is record,
                n_finished=sum(r.reason != "interrupted" for r in records[: i + 1]),
                n_trials=spec.n_trials,
            ),
        ]
    return events if records else []
