"""A change of mind right after a study began: "no wait, only ease, 3 trials" stops it and begins again, once that is agreed."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent import outside
from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.asking.answers_to import edited
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.card import plan_card
from agent.understanding.clauses.clauses import clauses
from agent.understanding.message import Message
from agent.understanding.plan import Request, Waiting
from agent.words.chinese import is_chinese
from agent.words.said import Said, Span

_REGRETS = re.compile(
    r"^\W*(?:(?:oh|ah|hm+|um|argh|oops|ok|okay|sorry|sr+y|sory|please)\W+)*(?:no|nope|nah|wait|hold\s+on|actually|sorry|sr+y|sory|oops|i\s+meant?|rather|on\s+second\s+thoughts?)\b",
    re.IGNORECASE,
)
_CHANGES = (
    r"^\W*(?:(?:please|and|but|then|ok|okay|can\s+you|could\s+you)\W+)*(?:make\s+(?:it|that|this)|(?:switch|change|set)\s+(?:(?:it|that|this|the\s+(?:metric|objective|goal|data\s*set))\s+)?(?:to|into)|"
    r"(?:use|take|measure|optimi[sz]e|maximi[sz]e)\s+(?:it\s+)?(?:for\s+|by\s+|with\s+)?(?={metric}))"
    r"|^\W*(?:(?:on|with|use|take)\s+)?(?:the\s+)?(?:data\s*set\s+)?{dataset}(?:\s+data\w*)?\W+(?:instead|rather)\b"
    r"|^\W*{metric}\W+(?:instead|rather)\b"
)
"""What changes the study that has just begun, without a word of regret; over the marked text."""
_ASKS = re.compile(
    r"\?|^\W*(?:no\W+|wait\W+|actually\W+)*(?:what|why|how|which|when|is|are|does|do|can|could|stop|pause|undo|delete|cancel)\b",
    re.IGNORECASE,
)
_ENDED = ("finished", "stopped")
_BEGUN = ("queued", "running", "waiting", "paused")
_OTHER_TERMS = {"models", "objective", "repeat_events", "positive", "split", "outcomes"}
"""What of a study only a new one can have in another way, with its models."""
_IN_PLACE = r"\bnot\s+(?:the\s+|with\s+|on\s+)?(?P<gone>{model})\s*,\s*(?:but\s+|rather\s+)?(?={model})"
_FILLING = re.compile(
    r"\b(?:no|nope|nah|wait|actually|sorry|sr+y|sory|oops|hold|on|i|mean|meant|rather|oh|ah|hm+|ok|okay|please|and|but|instead|make|it|that|only|just|now)\b|\W|_",
    re.IGNORECASE,
)

_NOTES = {
    False: (
        "The study `{}` has ended and stays as it is. Shall I begin another one so?",
        "The study `{}` has begun. Shall I stop it, and begin again so?",
    ),
    True: ("研究 `{}` 已经结束，它保持不变。", "研究 `{}` 已经开始。"),
}
"""By whether the message is in Chinese: of a study that has ended, of one that has begun."""


def begun_again(message: Message, used: set[Span]) -> Waiting | None:
    """Asks whether the study that the turn before began is to be stopped and begun again, with what the message changes.

    None where the message changes nothing of it that a new study needs.
    """
    dialogue, known, said = message.dialogue, message.known, message.said
    begun = [one for one in dialogue.last if one.tool == "start_study"]
    if dialogue.waiting is not None or not begun or _ASKS.search(said.text):
        return None
    regrets, changes = _REGRETS.search(said.text) is not None, said.has(_CHANGES)
    if known.study_state not in (*_BEGUN, *_ENDED) or not (regrets or changes):
        return None
    stretch = Stretch(said, [(0, len(said.text))], set())
    gone = [said.span(match, "gone") for match in stretch.find(_IN_PLACE)]
    stretch.use(*gone)
    args = read_arguments("start_study", stretch, known)[0]
    data = _other_data(said, begun[-1])
    terms = _OTHER_TERMS if regrets else _OTHER_TERMS - {"models"}
    has_terms = bool(terms & set(args)) and not said.of("dataset")
    is_of_ended = known.study_state in _ENDED and not (data or "objective" in args)
    if said.of("path", "study") or is_of_ended or not (data or has_terms):
        return None
    args = {name: value for name, value in args.items() if name not in ("base", "dataset")}  # words in their places
    args |= {"dataset": data} if data else {}
    used.update(said.spans)
    wish = edited(Request(tool="start_study", args=args, words=said.text), dialogue, stretch)
    stop = Request(tool="control_study", args={"action": "stop", "study": known.study}, words=said.text)
    card = plan_card((wish,), (), said, known, message.say)
    if known.study_state in _ENDED:
        requests: tuple[Request, ...] = (wish,)
        notes = [_NOTES[is_chinese(message.say)][0].format(known.study)]
    else:
        requests = (stop, wish)
        notes = [_NOTES[is_chinese(message.say)][1].format(known.study)]
    if lost := _unread(said, stretch.used):
        notes.append(f"I did not use {', '.join(f'“{outside.text(part)}”' for part in lost)}.")
    return Waiting(
        requests=requests,
        choices=(DO, LEAVE),
        text="\n\n".join((*notes, card.text)),
        card=replace(card, tools=tuple(one.tool for one in requests)),
        notes=tuple(notes),
        why="unclear",
    )


def _other_data(said: Said, begun: Request) -> str | None:
    """The dataset that the study shall be on instead, where the message speaks of nothing else."""
    named = said.of("dataset")
    if len(named) != 1 or named[0].value == begun.args.get("dataset"):
        return None
    words = "".join(sign if sign < "\ue000" or sign > "\uf8ff" else " " for sign in said.marked)
    return None if _TO_DATA.sub("", words) else str(named[0].value)


def _unread(said: Said, used: Sequence[Span] | set[Span]) -> list[str]:
    """The clauses of which nothing was used."""
    return [
        said.text[start:end].strip()
        for start, end in clauses(said)
        if not any(span in used for span in said.within(start, end))
        and _FILLING.sub("", said.text[start:end])
        and not _REPEATS.search(said.text[start:end])
    ]


_TO_DATA = re.compile(
    rf"{_FILLING.pattern}|\b(?:on|in|for|with|to|from|use|take|try|tune|run|do|start|begin|the|data\s*sets?|data|of|study|should|be|wrong|was|"
    r"switch|change|set|rather|better|i|we|wanted?|meant|this|again|over|trials?)\b",
    re.IGNORECASE,
)
_REPEATS = re.compile(r"\brepeats?\b", re.IGNORECASE)
