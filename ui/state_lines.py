"""The lines of a conversation that say how a study stands: that it is held, by what, and that it goes on."""

from collections.abc import Iterator
from dataclasses import replace

from agent import outside
from agent.events import StudyStateChanged
from agent.studies.machine import ENDED
from agent.studies.steering import CHANGED_AFTER, STOPPED
from ui.study_lines import StudyLines
from ui.transcript import Entry, Transcript

_HELD = ("paused", "stopped", "failed")
_ENDED, _CHANGED, _ON = "ended", "changed", "on"
_PART = "state"


def state_lines(transcript: Transcript, event: StudyStateChanged, place: str, lines: StudyLines) -> Iterator[Entry]:
    """The line that a change of state adds, or changes: one hold has one line, and going on after it another.

    Args:
        place: Of the event, `process/number`, which no other event has.
    """
    study, name, last = event.study, outside.text(event.study), _last(transcript, event.study)
    kind = _kind(last)
    if event.reason == ENDED:
        yield ended_line(transcript, study, "", place, lines)
    elif event.reason == CHANGED_AFTER:
        yield _line(study, _CHANGED, place, lines.had_finished.format(study=name))
    elif event.state in _HELD:
        reason = lines.because.format(outside.said(event.reason)) if event.reason not in ("", STOPPED) else ""
        state = lines.states.get(event.state, event.state)
        line = _line(study, event.state, place, lines.became.format(study=name, state=state, reason=reason))
        yield replace(
            line, key=last.key if last and kind == event.state else line.key, is_error=event.state == "failed"
        )
    elif event.state == "running" and last and kind == _CHANGED:
        yield replace(last, text=lines.finished_goes_on.format(study=name))
    elif event.state == "running" and kind in (*_HELD, _ENDED):
        yield _line(study, _ON, place, lines.goes_on.format(study=name))


def ended_line(transcript: Transcript, study: str, done: str, place: str, lines: StudyLines) -> Entry:
    """That the program ended while a study ran.

    Args:
        done: How many trials are done; empty: not known.
    """
    name, last = outside.text(study), _last(transcript, study)
    text = lines.program_ended.format(study=name, done=lines.with_done.format(done) if done else "")
    line = _line(study, _ENDED, place, text)
    return replace(line, key=last.key if last and _kind(last) == _ENDED else line.key)


def n_told(transcript: Transcript, study: str, process: str) -> int:
    """How many events of a study were there when its last line was added, of those of a process; 0: it has none."""
    places = [entry.key.rsplit("/", 2)[1:] for entry in transcript.entries() if _is_line(entry, study)]
    return max((int(number) + 1 for of, number in places if of == process), default=0)


def _line(study: str, kind: str, place: str, text: str) -> Entry:
    return Entry(key=f"{study}/{_PART}/{kind}/{place}", kind="state", study=study, text=text)


def _last(transcript: Transcript, study: str) -> Entry | None:
    return next((entry for entry in reversed(transcript.entries()) if _is_line(entry, study)), None)


def _is_line(entry: Entry, study: str) -> bool:
    return entry.kind == "state" and entry.key.startswith(f"{study}/{_PART}/")


def _kind(line: Entry | None) -> str:
    return line.key.rsplit("/", 3)[1] if line else ""
