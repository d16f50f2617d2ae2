"""Notes by their words: numbers count what stands there now, and another person may have changed that since.

What waits for a yes names a note by its words, and so does the page. A note that another person told is changed or
forgotten only after a question that says whose it is.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent import outside
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known, NoteKnown
from agent.understanding.phrases import phrase
from agent.understanding.plan import Plan, Request, Waiting
from agent.words.chinese import is_chinese
from recmodels.outside import on_one_line

LONGEST = 1000  # characters by which a note is named
_OF_NOTES = ("forget_lesson", "remember_lesson")
_QUOTED = re.compile(
    r"^\W*(?:please\s+|请)?(?:forget\s+the\s+(?:note|lesson)\s+|(?:忘掉|忘记|删除)(?:这条)?笔记\s*)“(?P<words>.+)”\s*[.。!！]?\s*$",
    re.IGNORECASE | re.DOTALL,
)


def words_of_note(text: str) -> str:
    """A note as the page names it: on one line, and not longer than a message may be."""
    return " ".join(on_one_line(text[:LONGEST]).split())


def forgotten_by_words(say: str, known: Known) -> Plan | None:
    """What is done with “forget the note “…””, of exactly these words; None for any other message."""
    match = _QUOTED.match(say)
    if match is None:
        return None
    words = " ".join(match["words"].split())
    notes = known.notes()
    if found := [note for note in notes if words_of_note(note.text) == words]:
        return Plan(say=say, requests=(Request(tool="forget_lesson", args={"lesson": found[0].number}, words=say),))
    none = f"There is no note “{outside.text(words[:120])}” any more, so nothing was forgotten."
    if is_chinese(say):
        none = f"没有笔记“{outside.text(words[:120])}”，所以什么都没有忘掉。"
    near = [note for note in notes if words.lower() in note.text.lower()]
    if len(near) != 1 or len(words) < 3:
        return Plan(say=say, answer=none)
    request = by_words(Request(tool="forget_lesson", args={"lesson": near[0].number}, words=say), notes)
    which = outside.text(near[0].text[:120])
    text = f"要忘掉“{which}”吗？" if is_chinese(say) else f"No note says just that. Shall I forget “{which}”?"
    return Plan(say=say, waiting=Waiting(requests=(request,), choices=(DO, LEAVE), text=text, why="unclear"))


def asked_of_notes(plan: Plan, known: Known, dialogue: Dialogue) -> Plan:
    """The plan, whose acts on notes of others are asked about, and which waits with notes by their words.

    What the answer before asked about is agreed to.
    """
    waits = plan.waiting.requests if plan.waiting is not None else ()
    if not any(one.tool in _OF_NOTES for one in (*plan.requests, *waits)):
        return plan
    agreed = dialogue.waiting.requests if dialogue.waiting is not None else ()
    before = [(one.tool, one.args) for one in agreed]
    acts = [one for one in plan.requests if one.tool in _OF_NOTES and (one.tool, one.args) not in before]
    theirs = {id(one): asks for one in acts if (asks := known.would(one.tool, one.args).asks)}
    if not theirs:
        return _waiting_by_words(plan, known)
    moved = tuple(one for one in plan.requests if id(one) in theirs)
    rest = tuple(one for one in plan.requests if id(one) not in theirs)
    said = " ".join(dict.fromkeys(theirs.values()))
    notes = known.notes()
    named = tuple(by_words(one, notes) for one in moved)
    shall = " ".join(f"Shall I {phrase(one)} all the same?" for one in named)
    if is_chinese(plan.say):
        said, shall = _in_chinese(moved, notes), "还是要这样做吗？"
    more = plan.waiting
    waiting = Waiting(
        requests=(*named, *waits),
        choices=(DO, LEAVE),
        text="\n\n".join(filter(None, (f"{said} {shall}", more.text if more is not None else ""))),
        why="whose",
    )
    return _waiting_by_words(replace(plan, requests=rest, waiting=waiting), known)


def _waiting_by_words(plan: Plan, known: Known) -> Plan:
    if plan.waiting is None or not any(one.tool == "forget_lesson" for one in plan.waiting.requests):
        return plan
    notes = known.notes()
    requests = tuple(by_words(one, notes) for one in plan.waiting.requests)
    return replace(plan, waiting=replace(plan.waiting, requests=requests))


def by_words(request: Request, notes: Sequence[NoteKnown]) -> Request:
    """The request with the words of a note in the place of its number, unless two notes have them."""
    if request.tool != "forget_lesson" or "lesson" not in request.args:
        return request
    texts = [note.text for note in notes]
    words = {note.number: note.text for note in notes if texts.count(note.text) == 1}
    given = request.args["lesson"]
    if isinstance(given, list | tuple):
        return request.with_args(lesson=[words.get(one, one) for one in given])
    return request.with_args(lesson=words.get(given, given))


def _in_chinese(requests: Sequence[Request], notes: Sequence[NoteKnown]) -> str:
    given = [one.args.get("lesson", one.args.get("text")) for one in requests]
    named = [one for part in given for one in (part if isinstance(part, list | tuple) else [part])]
    theirs = [note for note in notes if note.told_by and (note.number in named or note.text in named)]
    return "".join(f"笔记“{outside.text(note.text[:120])}”是 {outside.text(note.told_by)} 说的。" for note in theirs)
