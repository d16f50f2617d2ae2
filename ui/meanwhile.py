"""What studies did meanwhile: which of it a chat has seen, and in which of its turns it happened."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.events import ApprovalNeeded, EpochFinished, Event, ProposalMade, TrialFinished, TrialStarted
from ui.transcript import Moment, now


@dataclass(slots=True, kw_only=True)
class Followed:
    """A study that a chat follows."""

    since: int  # the turn in which the chat came to it
    n_seen: int  # events that are shown already
    after: str = ""  # what happened before this time (ISO 8601) is not shown
    latest: str = ""  # of the last event that is shown: when it happened, else when it was seen

    def placed(self, at: str) -> str:
        """When an event is shown to have happened: never before what is shown already; empty: not told.

        Trials of earlier versions are dated in whole seconds, and what was seen live by the look at it, which may be
        later.
        """
        return max(at, self.latest) if at else ""

    def show(self, placed: str) -> None:
        """Takes note that an event is shown."""
        self.latest = placed or now()


def dated(happened: Sequence[Event]) -> Iterator[tuple[Event, str]]:
    """The events, each with when it happened as far as the finished trials among them tell; empty: not told.

    Only of a finished trial it is kept when that was (ISO 8601, UTC); what follows it comes right after, and what
    precedes the first one came no later.
    """
    finished = {event.record.number: event.record.finished_at for event in happened if isinstance(event, TrialFinished)}
    at = next((finished.get(_trial(event), "") for event in happened if _trial(event) in finished), "")
    for event in happened:
        at = finished.get(_trial(event), "") or at
        yield event, at


def _trial(event: Event) -> int:
    match event:
        case ProposalMade() | ApprovalNeeded():
            return event.proposal.number
        case TrialStarted() | EpochFinished():
            return event.number
        case TrialFinished():
            return event.record.number
    return -1


def moment_of(at: str, begun: Mapping[int, str], since: int) -> Moment:
    """The turn that ran at a time, or was the last one then.

    Args:
        begun: When each turn began, in order; empty: not known.
        since: What is followed did nothing before this turn.
    """
    turns = [turn for turn, began in begun.items() if began and turn >= since]
    place = bisect_right([begun[turn] for turn in turns], at)
    return Moment(turns[place - 1] if place else since, at)
