"""The question whether later studies shall be held to a note that can be read as a bound."""

from agent.answers.wording import sentence
from agent.understanding.arguments.lesson_text import lesson_of
from agent.understanding.bounds.noted import bound_in, bound_words
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.known import Known
from agent.understanding.plan import Request, Waiting


def asks_for_bound(request: Request, say: str, known: Known) -> list[Waiting]:
    """Asked with the note, which is kept whatever the answer; only where the message says nothing else."""
    asked = bound_question(request, known) if str(request.args.get("text", "")) == lesson_of(say) else None
    return [] if asked is None else [asked]


def bound_question(request: Request, known: Known) -> Waiting | None:
    """The question; with it, which other bounds leave no value together with this one. None where it is no bound."""
    content = bound_in(str(request.args.get("text", "")), known.datasets)
    if content is None:
        return None
    bound = request.with_args(as_bound=True)
    against = "\n\n".join(map(sentence, known.would(bound.tool, bound.args).notes))
    text = f"Shall I hold later studies to that: {bound_words(content)}?"
    return Waiting(requests=(bound,), choices=(DO, LEAVE), text=f"{against}\n\n{text}".strip(), why="unclear")
