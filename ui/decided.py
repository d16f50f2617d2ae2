"""Who decided about a trial that waited, where it was another person than the one whose chat tells of it."""

from agent.events import ProposalMade, StudyEvent, TrialStarted
from agent.studies.acts_log import ActsLog
from ui.owners import owner_of
from ui.transcript import Transcript

_SECONDS = len("2026-01-01T00:00:00")


def decided_by(acts: ActsLog, transcript: Transcript, event: StudyEvent, person: str) -> str:
    """The one who let it run or rejected it by a message; empty: the person, or it is not known.

    Args:
        event: That tells that it waits no longer, before it is shown.
        person: Whose chat it is.
    """
    tool = {TrialStarted: "run_trial", ProposalMade: "reject_trial"}.get(type(event))
    asks = [one for one in transcript.entries() if one.waiting is not None and one.waiting.study == event.study]
    if tool is None or not asks:
        return ""
    since, begins = (asks[-1].at or "")[:_SECONDS], f"trial {asks[-1].trial} of "
    found = (one for one in acts.done_to(event.study, [tool]) if one.says.startswith(begins) and one.at >= since)
    act = next(found, None)
    who = owner_of(act.chat) if act is not None and act.chat is not None else None
    return who if who and who != person else ""
