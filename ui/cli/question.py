"""A language model's question to the person, asked and answered in the terminal where a person sits at it."""

import sys
from typing import TYPE_CHECKING

from rich.markup import escape

from agent.errors import USER_ERRORS

if TYPE_CHECKING:
    from rich.console import Console

    from agent.events import QuestionAsked
    from agent.studies.study import Study

WAIT_S = 120.0  # for an answer, after which the study goes on without


def wait_s() -> float:
    """How long an answer is waited for: no time where no person sits at the terminal."""
    return WAIT_S if sys.stdin.isatty() and sys.stderr.isatty() else 0.0


def ask(event: "QuestionAsked", study: "Study", out: "Console") -> None:
    """Takes a line from the terminal as the answer, if one comes in time; an empty one is none."""
    if not wait_s():
        return
    choices = f" ({' / '.join(event.choices)})" if event.choices else ""
    out.print(f"  [bold]your answer[/]{escape(choices)}, or nothing for {event.wait_s:.0f} s:", highlight=False)
    text = _line(event.wait_s)
    if not text:
        return
    try:
        study.answer(text)
    except USER_ERRORS as error:
        out.print(str(error), markup=False)


def _line(seconds: float) -> str:
    """What is typed within so many seconds."""
    import select  # not for files on Windows, where no terminal is waited for

    ready = select.select([sys.stdin], [], [], seconds)[0] if sys.platform != "win32" else []
    return sys.stdin.readline().strip() if ready else ""
