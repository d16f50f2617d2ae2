"""A change of mind right after a study began: "no wait, only ease, 3 trials" stops it and begins again, once that is agreed."""

import re
from collections.abc import Sequence

from agent import outside
from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.asking.answers_to import edited
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.card import DO, LEAVE, card
from agent.understanding.clauses.clauses import clauses
from agent.understanding.message import Message
from agent.understanding.plan import Request, Waiting
from agent.words.said import Said, Span

_REGRETS = re.compile(
    r"^\W*(?:(?:oh|ah|hm+|um|argh|oops|ok|okay|sorry|please)\W+)*(?:no|nope|nah|wait|hold\s+on|actually|sorry|oops|i\s+meant?|rather|on\s+second\s+thoughts?)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|^\W*(?:no\W+|wait\W+|actually\W+)*(?:what|why|how|which|when|is|are|does|do|can|could|stop|pause|undo|delete|cancel)\b",
    re.IGNORECASE,
)
_BEGUN = ("queued", "running", "waiting", "paused")
_OTHER_TERMS = {"models", "objective", "repeat_events", "positive", "split", "outcomes"}
"""What of a study only a new one can have in another way, with its models."""
_IN_PLACE = r"\bnot\s+(?:the\s+|with\s+|on\s+)?(?P<gone>{model})\s*,\s*(?:but\s+|rather\s+)?(?={model})"
_FILLING = re.compile(
    r"\b(?:no|nope|nah|wait|actually|sorry|oops|hold|on|i|mean|meant|rather|oh|ah|hm+|ok|okay|please|and|but|instead|make|it|that|only|just|now)\b|\W|_",
    re.IGNORECASE,
)


def begun_again(message: Message, used: set[Span]) -> Waiting | None:
    """Asks whether the study that the turn before began is to be stopped and begun again, with what the message changes.

    None where the message changes nothing of it that a new study needs.
    """
    dialogue, known, said = message.dialogue, message.known, message.said
    begun = [one for one in dialogue.last if one.tool == "start_study"]
    is_of_it = dialogue.waiting is None and bool(begun) and known.study_state in _BEGUN
    if not is_of_it or not _REGRETS.search(said.text) or _ASKS.search(said.text):
        return None
    stretch = Stretch(said, [(0, len(said.text))], set())
    gone = [said.span(match, "gone") for match in stretch.find(_IN_PLACE)]
    stretch.use(*gone)
    args = read_arguments("start_study", stretch, known)[0]
    if not _OTHER_TERMS & set(args) or said.of("dataset", "path", "study"):
        return None
    args = {name: value for name, value in args.items() if name not in ("base", "dataset")}  # words in their places
    used.update(said.spans)
    wish = edited(Request(tool="start_study", args=args, words=said.text), dialogue, stretch)
    requests = (Request(tool="control_study", args={"action": "stop", "study": known.study}, words=said.text), wish)
    text = card((wish,), (), said, known)
    notes = [f"The study `{known.study}` has begun. Shall I stop it, and begin again so?"]
    if lost := _unread(said, stretch.used):
        notes.append(f"I did not use {', '.join(f'“{outside.text(part)}”' for part in lost)}.")
    return Waiting(
        requests=requests, choices=(DO, LEAVE), text="\n\n".join((*notes, text)), notes=tuple(notes), why="unclear"
    )


def _unread(said: Said, used: Sequence[Span] | set[Span]) -> list[str]:
    """The clauses of which nothing was used."""
    return [
        said.text[start:end].strip()
        for start, end in clauses(said)
        if not any(span in used for span in said.within(start, end))
        and _FILLING.sub("", said.text[start:end])
        and not _REPEATS.search(said.text[start:end])
    ]


_REPEATS = re.compile(r"\brepeats?\b", re.IGNORECASE)
