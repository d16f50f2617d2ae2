"""What is told when a chat is opened again: how its studies and confirmations ended while nobody showed it."""

from collections.abc import Mapping

from agent import events, outside
from agent.confirming.opening import outlook
from agent.studies.machine import ENDED
from agent.studies.study_spec import trials_done
from agent.workspace import Workspace
from ui.meanwhile import moment_of
from ui.render import apply
from ui.transcript import Entry, Transcript


def recall_end(transcript: Transcript, workspace: Workspace, study: str, begun: Mapping[int, str], since: int) -> None:
    """How a followed study ended, where that is the last that is known of it.

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
    elif status.state == "stopped" and status.reason == ENDED:
        name, done = outside.text(study), trials_done(status.n_finished, status.n_trials)
        text = f"The program ended while **{name}** ran: it is stopped with {done}. `resume {name}` goes on with it."
        transcript.put(Entry(key=f"{study}/ended", kind="state", study=study, text=text))


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
