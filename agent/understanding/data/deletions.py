"""What a deletion takes: the thing that was named and no other, and what of the wish is not done is said."""

import re
from dataclasses import replace

from agent import outside
from agent.understanding.asking.questions import question, which_argument
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known
from agent.understanding.plan import Request, Waiting

_KINDS = {"remove_dataset": "dataset", "delete_study": "study"}
_SIGNS = re.compile(r"[\w.@/-]*\w")
_ALL_BUT = re.compile(
    r"\b(?:all|every\w*|each)\b[^.;!?]*?\b(?:but|except|other\s+than|besides|apart\s+from|save)\b", re.IGNORECASE
)
_WITH_STUDIES = re.compile(
    r"\b(?:and|with|plus|including|along\s+with|together\s+with)\s+(?:(?:all|every|each|any|the|of|its|their)\s+)*(?:stud(?:y|ies)|everything|results?|reports?|trials?)\b",
    re.IGNORECASE,
)
_FOR_EVER = re.compile(
    r"\bfor\s*ever\b|\bfor\s+good\b|\bpermanent\w*|\birrevocabl\w*|\birreversibl\w*|\bno\s+undo\b|\bwithout\s+(?:an?\s+)?undo\b|永久|彻底",
    re.IGNORECASE,
)
NO_UNDO = re.compile(r"\b(?:no|without(?:\s+an?)?|not?\s+to\s+be)\s+undo\w*", re.IGNORECASE)
"""What forbids to take a deletion back, and asks for nothing else."""


def deletion(request: Request, stretch: Stretch, known: Known) -> Waiting | None:
    """What is asked or said before a deletion that takes something else, more or less than was said; None: it does not."""
    if (kind := _KINDS.get(request.tool)) is None:
        return None
    return (
        _of_nothing(request, kind, stretch, known)
        or _of_the_others(request, kind, stretch, known)
        or _in_part(request, stretch, known)
    )


def _of_nothing(request: Request, kind: str, stretch: Stretch, known: Known) -> Waiting | None:
    """A name that nothing has is not taken for one that is next to it."""
    near = [span for start, end in stretch.parts for span in stretch.said.of("dataset", "study", start=start, end=end)]
    span = next((span for span in near if span.is_near and span.value in request.args.values()), None)
    if span is None:
        return None
    match = next((one for one in _SIGNS.finditer(stretch.said.text) if one.start() <= span.start < one.end()), None)
    name = outside.text(match[0] if match else stretch.said.words(span))
    waiting = which_argument((request.with_args(**{kind: None}),), kind, known)
    return replace(waiting, text=f"There is no {kind} `{name}`, so nothing was removed. {waiting.text}")


def _of_the_others(request: Request, kind: str, stretch: Stretch, known: Known) -> Waiting | None:
    """ "all datasets but demo" are the others, one at a time."""
    match = _ALL_BUT.search(stretch.text)
    if match is None:
        return None
    said, kept = stretch.text[match.end() :].lower(), {str(value) for value in request.args.values()}
    names = known.datasets if kind == "dataset" else known.studies
    others = tuple(name for name in names if name not in kept and name.lower() not in said)
    if len(others) < 2 and not kept & set(names) - set(others):
        return None
    listed = ", ".join(f"`{name}`" for name in others) or "none"
    does = "remove" if kind == "dataset" else "delete"
    text = f"I {does} one {kind} at a time, so nothing was done. The others are: {listed}. Which shall I {does}?"
    return Waiting(requests=(request.with_args(**{kind: None}),), lacking=kind, choices=others[:8], text=text)


def _in_part(request: Request, stretch: Stretch, known: Known) -> Waiting | None:
    """What of the wish a deletion does not do."""
    text, notes = stretch.said.text, []
    if request.tool == "remove_dataset" and _WITH_STUDIES.search(text):
        notes.append("The studies on it stay: I delete one study at a time, with `delete the study …`.")
    if _FOR_EVER.search(text) and request.tool == "remove_dataset":
        request = request.with_args(for_good=True)
        notes += known.would(request.tool, request.args).notes
    elif _FOR_EVER.search(text):
        notes.append("I erase no study for ever: what is deleted is taken out of the list, and its files stay.")
    if not (notes or request.args.get("for_good")) or not request.args:
        return None
    said = "\n\n".join(notes)
    return Waiting(
        requests=(request,),
        notes=tuple(notes),
        text=f"{said}\n\n{question('destructive', [request], ())}".strip(),
        why="destructive",
    )
