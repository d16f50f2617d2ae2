"""A study as the tab needs it: its name, how it stands, and what a person may do with it now."""

from recmodels.outside import visible
from ui.looks import Look

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
    status = look.status
    return {
        "name": status.name,
        "title": visible(look.line.title),
        "state": status.state,
        "reason": visible(status.reason),
        "words": visible(look.line.words),
        "share": round(look.line.share, 3),
        "steps": [] if status.run_by else [*STEPS.get(status.state, ())],
        "waits": status.pending.number if status.pending and status.state == "waiting" else None,
        "asks": look.asks,
        "results": look.results,
        "curves": look.curves,
    }
