"""A message about notes by their numbers, or about the last one, that does not order them to be forgotten.

A wish changes what the note says, is for or binds, once it was agreed to; a question or a comment shows the note.
"""

import re
from collections.abc import Sequence

from agent import outside
from agent.understanding.bounds.noted import bound_in
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.clauses.notes import opener
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known, NoteKnown
from agent.understanding.meant_calls import FORGETS
from agent.understanding.note_orders import set_notes
from agent.understanding.notes_spoken import numbers_in, told_last
from agent.understanding.plan import Plan, Request, Waiting
from agent.words.chinese import is_chinese
from agent.words.names import read
from agent.words.spelling import loosely

_LIST = r"\d+(?:\s*(?:,|，|、|&|和|and|or|to|-|–|through|,\s*and)\s*(?:notes?\s+|lessons?\s+)?#?\s*\d+)*"
_NUMBER = r"(?:(?:numbers?|no\.?|nr\.?)\s*)?#?\s*"
_NOTE = loosely("note", "notes", "lesson", "lessons")
_COUNTED = r"(?!\d|\.\d|\s*(?:%|(?:trials?|epochs?|minutes?|hours?|neighbo\w+|factors?|users?|items?|rows?|things?|points?|times?|studies|seeds?|lines?|layers?)\b))"
_NAMED = re.compile(rf"(?:\b{_NOTE}\s*{_NUMBER}|笔记\s*)(?P<numbers>{_LIST}){_COUNTED}", re.IGNORECASE)
_WHAT_IF = re.compile(
    r"^\W*(?:and\s+|but\s+|so\s+)*what\s+(?:if|happens?\s+(?:if|when)|would\s+(?:happen|change)\s+if)\s+(?:i|we|you)\b",
    re.IGNORECASE,
)
_OF_STUDIES = re.compile(
    r"\b(?:re)?(?:tune|train|start|launch|extend|resume|pause)\b|\bsampler\b|\btrials?\s*#?\d|\brun\b|\bremember\b"
    r"|试验\s*\d|调参|开始|启动|忘|删",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"[?？]|[吗呢么]\W*$|^\W*(?:(?:and|but|so|ok|okay)\W+)*(?:what|which|why|how|is|are|do|does|did|can|could|should|would|was|were|has|have|who|when|where)\b",
    re.IGNORECASE,
)
_A_BOUND = re.compile(r"\b(?:bounds?|limits?|constraints?|binding|bind|restrictions?)\b|约束|限制", re.IGNORECASE)
_A_HINT = re.compile(
    r"\b(?:hints?|(?:only|just|merely|plain|mere)\s+(?:a\s+)?(?:notes?|tips?|remarks?|suggestions?|advice)|no\s+longer|not|never)\b|n't\b|提示|参考|不再|不是",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:should|must|shall|has\s+to|ought\s+to)\s+(?:say|read)\b\s*[:,]?\s*(?P<new>\S.*)$", re.I | re.S
)
_CHANGED = re.compile(
    r"^\W*(?:please\s+|pls\s+)?(?:change|edit|correct|reword|rephrase|update|replace)\s+(?:the\s+|my\s+)?notes?\b[^:]*?\d\s*(?:to|into|with|by|:)\s*:?\s*(?P<new>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_WRONG = re.compile(r"\b(?:typo|mistyped?|misspel\w+|reword|rephrase|edit|correct)\b", re.IGNORECASE)
_ONLY = re.compile(
    r"\b(?:only|just)\s+(?:for|on|with|in|about)\s+(?P<a>[\w.@-]+)|\b(?:for|on|with|in|about)\s+(?:only\s+|just\s+)?(?P<b>[\w.@-]+)\s+(?:only|alone)\b|只对\s*(?P<c>[\w.@-]+?)\s*(?:有效|适用|生效|成立)",
    re.IGNORECASE,
)
_ALL_ONLY = re.compile(
    rf"^\W*(?:(?:but|and|ok|okay|no|please|pls|it|that|this|is|should\s+be|holds?|make|改成|请)\b\W*|改成|请)*(?:{_ONLY.pattern})(?:\W+(?:please|pls|of\s+course|thanks))*\W*$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"^\W*(?:(?:no|sorry|actually|wait|oops|please|i\s+meant?)\W+)*(?:make\s+(?:that|it)\s+|change\s+(?:that|it)\s+to\s+)?(?P<new>[\w.-]+)\s*,?\s+(?:instead\s+of|not|rather\s+than)\s+(?P<old>[\w.-]+)(?:\W+(?:please|pls|sorry))*\W*$",
    re.IGNORECASE,
)
_IS_BOUND = re.compile(
    r"^\W*(?:(?:and|so|is\s+(?:it|that|this))\W+)*(?:an?\s+)?(?:hard\s+|real\s+)?(?:bound|limit|binding)\s*[?？]\W*$",
    re.IGNORECASE,
)
_CHANGED_ANYTHING = re.compile(
    r"^\W*(?:(?:and|but|so)\W+)*(?:did|does|has|have)\s+(?:it|that|this|that\s+note|this\s+note)\s+(?:ever\s+|really\s+|already\s+)*(?:change|matter|weigh|influence|affect|help|decide|do)\w*\b(?:\s+in)?(?:\s+(?:anything|something))?(?:\s+(?:that\s+)?you\s+did)?\W*$",
    re.IGNORECASE,
)
_MAKE_IT_ONE = re.compile(
    r"^\W*(?:(?:ok|okay|yes|please|then|so)\W+)*make\s+(?:it|that)\s+(?:one|so)(?:\W+please)?\W*$", re.IGNORECASE
)

_OF_LAST = (_IS_BOUND, _CHANGED_ANYTHING, _MAKE_IT_ONE, _ALL_ONLY, _INSTEAD)


def note_named(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """What is done with such a message; None for any other one, and for one that orders to forget."""
    text = say.replace("\u2019", "'").strip()
    asked = dialogue.waiting
    if opener(text) is not None or (asked is not None and asked.lacking == "lesson"):
        return None
    named = [match for match in _NAMED.finditer(text) if not _is_counted(text, match)]
    if not named:
        return _of_last(say, text, known, dialogue)
    numbers = list(dict.fromkeys(n for match in named for n in numbers_in(match["numbers"])))
    notes = {note.number: note for note in known.notes()}
    found = [notes[number] for number in numbers if number in notes]
    if len(found) == len(numbers) and _WHAT_IF.match(text) and FORGETS.search(text):
        return Plan(say=say, answer=" ".join(map(_said_without, found)))
    if FORGETS.search(text) or _OF_STUDIES.search(text):
        return None
    if len(found) < len(numbers):
        return _no_such(say, [n for n in numbers if n not in notes], len(notes))
    if not _ASKS.search(text) and (wish := _wished(say, text, found, known)) is not None:
        return wish
    return _shown(say, numbers)


def _is_counted(text: str, match: "re.Match[str]") -> bool:
    """Whether the number counts something that is noted: "note 100 neighbours", "take note 3 ..."."""
    return re.search(r"\b(?:take|please|also|to)\s+$", text[: match.start()], re.IGNORECASE) is not None and bool(
        re.match(r"\s+[a-z_]+_", text[match.end() :])
    )


def _wished(say: str, text: str, notes: Sequence[NoteKnown], known: Known) -> Plan | None:
    """What a note shall be instead, which is asked about; None where it is no such wish."""
    one = notes[0] if len(notes) == 1 else None
    says = _SAYS.search(text) or _CHANGED.match(text)
    if one is not None and says is not None:
        return _in_place(say, one, says["new"].strip(" \"'“”."), known)
    if one is not None and _WRONG.search(text):
        answer = (
            f"Say the words that note {one.number} shall have: “note {one.number} should say …”. Nothing was changed."
        )
        return Plan(
            say=say, answer=f"请说笔记 {one.number} 应该是什么。什么都没有改动。" if is_chinese(say) else answer
        )
    if _A_BOUND.search(text) or _A_HINT.search(text):
        binds = not _A_HINT.search(text)
        return _asked_first(set_notes(say, notes, binds=binds, known=known), notes, binds=binds)
    only = _ONLY.search(text)
    return None if one is None or only is None else _only_for(say, one, _name(only), known)


def _of_last(say: str, text: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """What is said right after a note was told or shown, and is of it."""
    if not any(pattern.match(text) for pattern in _OF_LAST):
        return None  # without a look at the memory, which takes its libraries to load
    last = told_last(dialogue, [note for note in known.notes() if note.is_own])
    if last is None:
        return None
    if _IS_BOUND.match(text) or _CHANGED_ANYTHING.match(text):
        return _shown(say, [last.number])
    if _MAKE_IT_ONE.match(text):
        return set_notes(say, [last], binds=True, known=known)
    if (only := _ALL_ONLY.match(text)) is not None:
        return _only_for(say, last, _name(only), known)
    if (instead := _INSTEAD.match(text)) is not None:
        old = re.compile(rf"(?<![\w.]){re.escape(instead['old'])}(?![\w]|\.\d)")
        new, count = old.subn(lambda _: instead["new"], last.text)
        return _in_place(say, last, new, known) if count == 1 else None
    return None


def _name(only: "re.Match[str]") -> str:
    return only["a"] or only["b"] or only["c"]


def _only_for(say: str, note: NoteKnown, name: str, known: Known) -> Plan | None:
    """The note with the dataset or the model that it is for; None where the name is neither."""
    spans = read(name, known.names).of("model", "dataset")
    if not spans:
        return None
    kind, value = spans[0].kind, str(spans[0].value)
    there = read(note.text, known.names).of(kind)
    if [str(span.value) for span in there] == [value]:
        return Plan(say=say, answer=f"Note {note.number} is for {outside.code(value)} alone already: “{outside.text(note.text)}”. Nothing was changed.")  # fmt: skip
    if there:
        new = note.text[: there[0].start] + value + note.text[there[0].end :]
    else:
        new = f"{'for' if kind == 'model' else 'on'} {value}: {note.text}"
    return _in_place(say, note, new, known)


def _in_place(say: str, note: NoteKnown, new: str, known: Known) -> Plan:
    """Asks whether a note with other words takes the place of this one; it stays a bound where it can."""
    if not note.is_own:
        return Plan(say=say, answer=f"Note {note.number} was not told here, so its words stay. Nothing was changed.")
    binds = note.is_bound and bound_in(new, known.datasets) is not None
    kept = {"text": new} | ({"as_bound": True} if binds else {})
    requests = (
        Request(tool="forget_lesson", args={"lesson": note.number}, words=say),
        Request(tool="remember_lesson", args=kept, words=say),
    )
    text = f"Shall I put “{outside.text(new)}” in the place of note {note.number} (“{outside.text(note.text[:120])}”)?"
    if note.is_bound and not binds:
        text += " It would be a plain note then, which binds nothing."
    return Plan(say=say, waiting=Waiting(requests=requests, choices=(DO, LEAVE), text=text, why="unclear"))


def _asked_first(plan: Plan, notes: Sequence[NoteKnown], *, binds: bool) -> Plan:
    """The change as a question, as the words are no plain order."""
    if not plan.requests:
        return plan
    which = " and ".join(f"note {note.number} (“{outside.text(note.text[:120])}”)" for note in notes)
    asked = (
        f"Shall I hold later studies to {which}?"
        if binds
        else f"Shall I make {which} a plain note, which binds nothing?"
    )
    waiting = Waiting(requests=plan.requests, choices=(DO, LEAVE), text=asked, why="unclear")
    return Plan(say=plan.say, answer=plan.answer, waiting=waiting)


def _said_without(note: NoteKnown) -> str:
    ends = " and later studies would not be held to it" if note.is_bound else "; it binds nothing"
    return f"Without note {note.number} (“{outside.text(note.text[:120])}”) nothing later would rest on it{ends}. Studies that ran stay as they are, and `undo` brings a note back. Nothing was forgotten."


def _no_such(say: str, numbers: Sequence[int], count: int) -> Plan:
    which = f"note{'s' if len(numbers) > 1 else ''} {' and '.join(map(str, numbers))}"
    there = f"they are numbered from 1 to {count}" if count else "nothing is remembered yet"
    answer = f"There is no {which}; {there}. Nothing was changed."
    return Plan(
        say=say,
        answer=f"没有编号为 {'、'.join(map(str, numbers))} 的笔记，什么都没有改动。" if is_chinese(say) else answer,
    )


def _shown(say: str, numbers: Sequence[int]) -> Plan:
    return Plan(say=say, requests=(Request(tool="list_lessons", args={"numbers": list(numbers)}, mood="question"),))
