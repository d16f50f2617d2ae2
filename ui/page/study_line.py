"""A study as the tab needs it: its name, how it stands, and what a person may do with it now."""

from recmodels.outside import visible
from ui.looks import Look
from ui.views.status import Status
from ui.words import changes_line

STEPS = {
    "queued": ("pause", "stop"),
    "running": ("pause", "stop"),
    "waiting": ("stop",),
    "paused": ("resume", "stop"),
    "stopped": ("resume",),
    "failed": ("resume",),
    "finished": (),
}  # the acts that fit a state


def study_line(look: Look, person: str | None) -> dict[str, object]:
    """What the tab is sent when it changes; `results` and `curves` change when a view has to be drawn again."""
    status, is_anothers = look.status, look.begun.is_of_another(person)
    waits = status.pending if status.state == "waiting" and not is_anothers else None
    return {
        "name": status.name,
        "title": visible(look.line.title),
        "state": status.state,
        "reason": visible(status.reason),
        "words": visible(look.line.words),
        "share": round(look.line.share, 3),
        "by": look.begun.person if is_anothers else None,
        "steps": [] if status.run_by or is_anothers else [*STEPS.get(status.state, ())],
        "waits": {"trial": waits.number, "proposal": waits.mark} if waits else None,
        "proposed": visible(f"{waits.model}, {changes_line(waits)}") if waits else None,
        "asks": look.asks,
        "results": look.results,
        "curves": look.curves,
    }


def other_line(line: Status) -> dict[str, object]:
    """Of a study that is not shown, as it is told at the foot of its chat."""
    return {"name": line.name, "title": visible(line.title), "state": line.state, "words": visible(line.words)}
