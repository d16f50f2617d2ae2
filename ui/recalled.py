"""What is told when a chat is opened again: how its studies and confirmations ended while nobody showed it."""

import json
from collections.abc import Mapping, Sequence

from agent import events
from agent.chat.chats import Shown
from agent.confirming.opening import outlook
from agent.studies.machine import ENDED
from agent.studies.study_spec import trials_done
from agent.workspace import Workspace
from ui.meanwhile import moment_of
from ui.render import apply, lines_of
from ui.state_lines import ended_line
from ui.transcript import Entry, Transcript

_KEPT = ("kind", "text", "title", "study", "trial", "is_error")


def as_shown(entry: Entry) -> Shown:
    """An entry as a chat keeps it."""
    told = {name: getattr(entry, name) for name in _KEPT} if entry.is_told_once else None
    kept = None if told is None else json.dumps(told, ensure_ascii=False)
    return Shown(key=entry.key, turn=entry.turn or 0, at=entry.at or "", entry=kept)


def recall_shown(transcript: Transcript, shown: Sequence[Shown]) -> None:
    """What no study tells again: baselines, lessons, notes, what became of proposals, and how a study stood."""
    for one in shown:
        if one.entry is not None:
            transcript.put(Entry(key=one.key, turn=one.turn, at=one.at, **json.loads(one.entry)))


def recall_end(transcript: Transcript, workspace: Workspace, study: str, begun: Mapping[int, str], since: int) -> None:
    """How a followed study ended, or for what it waits, where that is the last that is known of it.

    Args:
        begun: When each turn began, ISO 8601.
        since: The turn in which the chat came to follow it.
    """
    found = workspace.runner.peek(study)
    status = found.status()
    if status.state == "finished":
        ended = events.StudyFinished(study=study, best=found.best(), n_finished=status.n_finished, reason=status.reason)
        last = found.records()[-1:]
        moment = moment_of(last[0].finished_at, begun, since) if last else None
        apply(transcript, ended, answer="", moment=moment)
    elif status.state == "waiting" and (proposal := found.waiting()) is not None:
        apply(transcript, events.ApprovalNeeded(study=study, proposal=proposal), answer="")
    elif status.state == "stopped" and status.reason == ENDED:
        done = trials_done(status.n_finished, status.n_trials)
        transcript.put(ended_line(transcript, study, done, f"-/{status.n_finished}", lines_of(transcript)))


def recall_confirmation(transcript: Transcript, workspace: Workspace, study: str, number: int) -> None:
    """What became of a confirmation that was begun here, when this server did not run yet."""
    known = outlook(workspace, study)
    found = next((one for one in known.all if one.number == number), None)
    if found is None:
        return
    if found.is_done:
        apply(transcript, events.ConfirmationFinished(study=study, confirmation=found), answer="")
    elif known.holder is None:
        apply(transcript, events.ConfirmationStopped(study=study, confirmation=found, reason=""), answer="")
