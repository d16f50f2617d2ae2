"""The question whether later studies shall be held to a note that can be read as a bound."""

from collections.abc import Sequence

from agent.understanding.arguments.lesson_text import lesson_of
from agent.understanding.bounds.noted import bound_in, bound_words
from agent.understanding.card import DO, LEAVE
from agent.understanding.plan import Request, Waiting


def asks_for_bound(request: Request, say: str, datasets: Sequence[str]) -> list[Waiting]:
    """Asked with the note, which is kept whatever the answer; only where the message says nothing else."""
    note = str(request.args.get("text", ""))
    content = bound_in(note, datasets) if note == lesson_of(say) else None
    if content is None:
        return []
    text = f"Shall I hold later studies to that: {bound_words(content)}?"
    bound = request.with_args(as_bound=True)
    return [Waiting(requests=(bound,), choices=(DO, LEAVE), text=text, why="unclear")]
