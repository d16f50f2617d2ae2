"""What is to be taken back where it is named: "bring back films", "undo the removal of films"."""

import re

from agent import outside
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.known import Known
from agent.understanding.message import Message
from agent.understanding.names.new_names import NO_NAME
from agent.understanding.plan import Request, Waiting
from agent.words.chinese import is_chinese
from agent.words.spelling import ORDINARY, words_of

_NAME = r"[\"'“`]?(?P<n>[^\W\d_][\w.-]*\w)[\"'”`]?"
_THE = r"(?:the\s+|my\s+|our\s+)?(?:data\s?set\s+|data\s+|file\s+)?"
_OF = rf"\b(?:removal|deletion|removing|deleting|dropping|adding|addition|import|importing|joining|appending|filtering|renaming)\s+(?:of\s+)?{_THE}{_NAME}"
_PLACES = (
    rf"\b(?:bring|get|give|put|fetch|i\s+want|i\s+need|want)\s+(?:me\s+)?back\s+{_THE}{_NAME}(?=\W*(?:$|please|again|now))",
    rf"\b(?:bring|get|give|put|fetch|take|i\s+want|i\s+need|want)\s+(?:me\s+)?{_THE}{_NAME}\s+back\b",
    rf"\b(?:restore|recover|undelete|undo|revert)\s+{_THE}{_NAME}(?=\W*(?:$|please|again|now))",
)
_NONE = NO_NAME | words_of(
    "everything all deletion removal change changes step act action renaming name budget limit space range trial trials "
    "lesson note notes constraint study back last both undo delete it that one mistake model models pause stop"
)


def taken_back(stretch: Stretch) -> str | None:
    """The dataset that is named, or the word in its place; None where what came last is meant."""
    if spans := stretch.spans("dataset"):
        stretch.use(*spans)
        return str(spans[-1].value)
    for pattern in (_OF, *_PLACES):
        for match in re.finditer(pattern, stretch.text, re.IGNORECASE):
            word = match["n"]
            is_name = pattern == _OF or word.lower() not in ORDINARY
            if word.lower() not in _NONE and is_name and not _is_of_study(stretch, word):
                return word
    return None


def not_taken_away(request: Request, message: Message) -> Waiting | None:
    """Asks before an undo that follows an order which was not done: it would take back something else."""
    if message.dialogue.is_idle and not request.args and not _was_refused_removal(message):
        return _nothing_done(request, message)
    return _not_removed(request, message)


def _was_refused_removal(message: Message) -> bool:
    return any(one.tool in ("remove_dataset", "delete_study") for one in message.dialogue.last[-1:])


def _nothing_done(request: Request, message: Message) -> Waiting:
    """Asks before an undo that follows an order which was not done."""
    notes = ("您上次要求的事没有做，所以没有可以撤销的。",) if is_chinese(message.say) else ()
    text = (
        "What you asked for last was not done, so there is nothing of it to take back, and nothing was done now. "
        "Shall I take back what was changed before?"
    )
    return Waiting(requests=(request,), choices=(DO, LEAVE), text=text, notes=notes, why="unclear")


def without_unknown(request: Request, known: Known) -> Request:
    """An undo without Chinese words that name nothing: "撤销刚才那一步" is of what came last."""
    dataset = request.args.get("dataset")
    if request.tool != "undo" or not isinstance(dataset, str) or not is_chinese(dataset):
        return request
    return request if dataset in (*known.datasets, *known.removed()) else request.with_args(dataset=None)


def _not_removed(request: Request, message: Message) -> Waiting | None:
    known, last = message.known, message.dialogue.last[-1:]
    there = {"remove_dataset": ("dataset", known.datasets), "delete_study": ("study", known.studies)}
    if request.args or not last or last[0].tool not in there:
        return None
    kind, names = there[last[0].tool]
    if (name := last[0].args.get(kind)) not in names:
        return None
    text = (
        f"{outside.code(name)} was not removed, so there is nothing of it to take back, and nothing was done. "
        "Shall I take back what was changed before?"
    )
    return Waiting(requests=(request,), choices=(DO, LEAVE), text=text, why="unclear")


def _is_of_study(stretch: Stretch, word: str) -> bool:
    """Whether it is a param, a model or the like, which are of a study."""
    return any(stretch.said.words(span).lower() == word.lower() for span in stretch.said.spans)
