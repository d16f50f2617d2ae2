"""Orders to forget notes: by their numbers, the last one, that one, all, or those that are about something."""

import re
from collections.abc import Sequence

from agent import outside
from agent.answers.wording import listed
from agent.understanding.bounds.noted import dataset_named, says_here
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known, NoteKnown
from agent.understanding.notes_spoken import (
    END,
    GO,
    LEAD,
    NOTE,
    NTH,
    NUMBERS,
    THE,
    lines_of,
    numbers_in,
    said_in,
    speaks_of,
    told_last,
    told_notes,
    which_note,
)
from agent.understanding.plan import Plan, Request, Waiting
from agent.words.chinese import gloss, is_chinese

_FORGET_NUMBERED = re.compile(rf"{LEAD}{GO}\s+{NTH}{END}", re.IGNORECASE)
_CAN_GO = re.compile(
    rf"{LEAD}{NTH}\s+(?:can|should|must)\s+(?:go|be\s+(?:forgotten|deleted|removed)){END}", re.IGNORECASE
)
_BUT_KEEP = re.compile(r"[\s,;.]+(?:and|but)\s+(?:keep|not|leave)\b.*$", re.IGNORECASE | re.DOTALL)
_WAS_WRONG = re.compile(
    rf"{LEAD}{NTH}\s+(?:is|was|are|were)\s+[^.;,]{{1,40}}[,;.:]\s*(?:so\s+|please\s+)*{GO}\s+(?:it|that|them|those){END}",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"{LEAD}{GO}\s+(?:the\s+|my\s+)(?P<nth>first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th)\s+{NOTE}{END}", re.IGNORECASE)  # fmt: skip
_NTHS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_FORGET_BARE = re.compile(rf"{LEAD}{GO}\s+{NUMBERS}{END}", re.IGNORECASE)
_FORGET_LAST = re.compile(rf"{LEAD}{GO}\s+{THE}(?:last|latest|newest|most\s+recent)(?:\s+(?P<n>\d+|two|three|four|five|1\s+items))?\s+(?:{NOTE}|thing\s+i\s+(?:told|said)(?:\s+(?:to\s+)?you)?|of\s+(?:my\s+)?notes){END}", re.IGNORECASE)  # fmt: skip
_FORGET_IT = re.compile(rf"{LEAD}{GO}\s+(?:(?:that|this)\s+(?:one|note|lesson)|what\s+i\s+(?:just\s+)?(?:said|told\s+you|noted)(?:\s+(?:last|just\s+now))?){END}", re.IGNORECASE)  # fmt: skip
_ON = r"(?:on|for|of|about|with|from|that\s+(?:speaks?|are|is|say|says)\s+(?:of|about|on|for))"
_FORGET_ALL = re.compile(
    rf"{LEAD}{GO}\s+(?:(?:(?:all|every|each|any)(?:\s+(?:one\s+)?of)?\s+(?:single\s+)?){THE}{NOTE}"
    rf"|(?:(?:the|my|those|these)\s+)?(?:(?:two|three|four|both)\s+(?:of\s+(?:the|my)\s+)?)?(?:notes|lessons)(?=\s+{_ON}\b)|(?:the|my|that|any)\s+(?:note|lesson)(?=\s+{_ON}\b)"
    rf"|(?:everything|all|what)\s+(?:that\s+)?(?:i|you)\s+(?:ever\s+|have\s+|'ve\s+)?(?:told|said|noted|know|remember|kept)(?:\s+to)?(?:\s+you)?)"
    rf"(?:\s+{_ON}\s+(?P<rest>(?:(?!\.\s)[^;,!?—])+?))?(?:\s+(?P<here>here))?{END}",
    re.IGNORECASE,
)
_ONE_NOTE = re.compile(rf"{LEAD}{GO}\s+(?:(?:the|my|that|any)\s+(?:note|lesson)\s|what\s)", re.IGNORECASE)
_CHINESE_ALL = re.compile(
    r"^\W*(?:请|帮我|把|将)*\s*(?:忘掉|忘记|忘了|删除|删掉|清除|清空)\s*(?:所有|全部)?(?:关于|有关)?\s*(?P<rest>(?!最|第|笔记|这|那|\d)[\w.-]+?)?(?P<here>这里)?\s*(?:上|里)?(?:的)?\s*(?:所有|全部)?(?:的)?笔记[了吧。！!]*$"
)
_A_ONE = r"(?:one|ones|thing|things|remark|rule|tip|hint|wish|advice|bit|part|sentence|saying)"
_FORGET_ONE = re.compile(
    rf"{LEAD}(?:forget|unlearn)\s+(?:about\s+)?(?:the|that|this|my|our)\s+{_A_ONE}\s+(?:(?:that|which)\s+)?(?:(?:i|we)\s+(?:ever\s+|once\s+)?(?:said|told(?:\s+you)?|noted|mentioned)\s+)?(?:about|regarding|on|of|with|concerning|says|saying|is\s+about|was\s+about|speaks\s+of|mentions)\s+(?P<rest>(?:(?!\.\s)[^;!?—])+?){END}",
    re.IGNORECASE,
)
_THAT_ONE = (
    r"(?:的)?\s*(?:那|这|哪)?(?:一)?(?:条|个|句|点|则|件事)?\s*(?:笔记|记录|提示|话|规则|备注|东西|事|要求|限制)?"
)
_CHINESE_ONE = re.compile(
    rf"^\W*(?:请|帮我|麻烦|你|您|把|将)*\s*(?:忘掉|忘记|忘了|忘|删除|删掉|去掉)\s*(?:我)?(?:之前|以前)?(?:说|讲|告诉你|提)?(?:过)?(?:的)?\s*(?:关于|有关|说到|提到)\s*(?P<rest>.+?)\s*{_THAT_ONE}[了吧。！!]*$"
    rf"|^\W*(?:请|帮我|麻烦|你|您)*\s*(?:把|将)\s*(?:关于|有关|说|提到)\s*(?P<of>.+?)\s*{_THAT_ONE}\s*(?:都|给我)?(?:忘掉|忘记|忘了|删除|删掉|去掉)[了吧。！!]*$"
)
_CHINESE_IT = re.compile(
    r"^\W*(?:请|帮我|麻烦|你|您|把|将)*\s*(?:忘掉|忘记|忘了)\s*(?:刚才|刚刚)?(?:我)?(?:说)?(?:的)?(?:那|这)(?:一)?(?:条|句)(?:笔记|话)?[了吧。！!]*$"
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}


def forgotten(say: str, text: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """What is done with such an order; None for any other message.

    Args:
        text: In English words.
    """
    is_listed = dialogue.last_tool == "list_lessons"
    text = _BUT_KEEP.sub("", text) if _FORGET_NUMBERED.match(_BUT_KEEP.sub("", text)) else text
    patterns = (_FORGET_NUMBERED, _CAN_GO, _WAS_WRONG, *((_FORGET_BARE,) if is_listed else ()))
    numbered = next((found for pattern in patterns if (found := pattern.match(text)) is not None), None)
    if numbered is not None:
        return _forget_numbers(say, numbers_in(numbered["numbers"]), known)
    if re.match(rf"{LEAD}forget\b", text, re.IGNORECASE) and (bare := _FORGET_BARE.match(text)) is not None:
        return _forget_numbers(say, numbers_in(bare["numbers"]), known, asks=True)
    if (match := _FIRST.match(text)) is not None:
        nth = match["nth"].lower()
        return _forget_numbers(say, [_NTHS.get(nth) or int(nth[0])], known)
    if is_chinese(say) and (match := _CHINESE_ALL.match(say)) is not None:
        return _forget_all(say, match, told_notes(known), known)
    if is_chinese(say) and _CHINESE_IT.match(say):
        return _forget_it(say, dialogue, told_notes(known))
    if (about := _one_about(say, text)) is not None:
        return _forget_about(say, about, known)
    told = told_notes(known) if _may_forget(text) else []
    own = [note for note in told if not note.told_by]
    newest = sorted(own, key=lambda note: note.told_at)
    if (match := _FORGET_LAST.match(text)) is not None:
        n = _count(match["n"])
        if not newest:
            return said_in(
                say, "There is no note of yours, so nothing was forgotten.", "没有您的笔记，所以什么都没有忘掉。"
            )
        return _forget(say, newest[-n:], asks=n > 1)
    if _FORGET_IT.match(text):
        is_forget = re.match(rf"{LEAD}forget\b", text, re.IGNORECASE)
        return _forget_it(say, dialogue, told) if is_forget or told_last(dialogue, told) else None
    if (match := _FORGET_ALL.match(text)) is not None:
        return _forget_all(say, match, told, known)
    return None


def _forget_it(say: str, dialogue: Dialogue, told: Sequence[NoteKnown]) -> Plan:
    last = told_last(dialogue, told)
    if last is not None:
        return _forget(say, [last], asks=False)
    lacks = Request(tool="forget_lesson", words=say)
    text = f"您说的是哪一条笔记？请说编号。\n\n{lines_of(told)}" if is_chinese(say) else which_note(told)
    return Plan(say=say, waiting=Waiting(requests=(lacks,), lacking="lesson", text=text.strip()))


def _one_about(say: str, text: str) -> str | None:
    """What the note says that shall be forgotten: "forget the one about dropout"."""
    match = _CHINESE_ONE.match(say) if is_chinese(say) else _FORGET_ONE.match(text)
    return None if match is None else (match["rest"] or match.groupdict().get("of"))


def _forget_about(say: str, what: str, known: Known) -> Plan:
    """Of the notes that speak of it; with none nothing is done, least of all undone."""
    words = what.strip(" \"'“”.,")
    spoken = [gloss(words), words] if is_chinese(words) else [words]
    told = told_notes(known)
    found = [note for note in told if any(speaks_of(note, one, known) for one in spoken)]
    if not found:
        lines = f"\n\n{lines_of(told)}" if told else ""
        none = f"No note is about {outside.code(words)}, so nothing was forgotten.{lines}"
        return said_in(say, none, f"没有关于 {outside.code(words)} 的笔记，所以什么都没有忘掉。{lines}")
    return _forget(say, found, asks=True)


def _may_forget(text: str) -> bool:
    return any(pattern.match(text) for pattern in (_FORGET_LAST, _FORGET_IT, _FORGET_ALL))


def _count(said: str | None) -> int:
    if said is None or "item" in said:
        return 1
    return _COUNTS.get(said.lower(), int(said) if said.isdecimal() else 1)


def _forget_numbers(say: str, numbers: Sequence[int], known: Known, *, asks: bool = False) -> Plan:
    notes = {note.number: note for note in known.notes()}
    there = [notes[number] for number in numbers if number in notes]
    if unknown := [number for number in numbers if number not in notes]:
        which = f"{'notes' if len(unknown) > 1 else 'note'} {listed(map(str, unknown))}"
        range_ = f"they are numbered from 1 to {len(notes)}" if notes else "nothing is remembered yet"
        none = f"There {'are' if len(unknown) > 1 else 'is'} no {which}; {range_}. Nothing was forgotten."
        if not there or is_chinese(say):
            return said_in(say, none, f"没有编号为 {'、'.join(map(str, unknown))} 的笔记，所以什么都没有忘掉。")
        return _forget(say, there, asks=True, lead=none)
    return _forget(say, there, asks=asks)


def _forget_all(say: str, match: "re.Match[str]", told: Sequence[NoteKnown], known: Known) -> Plan | None:
    """Of one note by its words that none has, whatever else reads them may know more.

    All notes are those of the person who speaks; notes of others are named by what they say or are for.
    """
    rest, of = match["rest"], ""
    own = found = [note for note in told if not note.told_by]
    if rest or match["here"]:
        dataset = dataset_named(rest or "", known.datasets)
        if dataset is None and (match["here"] or says_here(rest or "")):
            dataset = known.study_dataset
        if dataset is not None:
            of = f" for {outside.code(dataset)} alone"
            found = [note for note in told if note.dataset == dataset]
        else:
            of = f" about {outside.code(rest)}"
            found = [note for note in told if speaks_of(note, rest or "", known)]
    if not found and _ONE_NOTE.match(match[0]):
        return None
    if not found:
        numbers = listed(str(note.number) for note in own)
        there = f" Your notes are numbered {numbers}." if own else ""
        return said_in(say, f"There is no note of yours{of}, so nothing was forgotten.{there}", "没有这样的笔记，所以什么都没有忘掉。")  # fmt: skip
    return _forget(say, found, asks=True)


def _forget(say: str, notes: Sequence[NoteKnown], *, asks: bool, lead: str = "") -> Plan:
    numbers = [note.number for note in notes]
    request = Request(tool="forget_lesson", args={"lesson": numbers[0] if len(numbers) == 1 else numbers}, words=say)
    if not asks:
        return Plan(say=say, requests=(request,))
    what = "this note" if len(notes) == 1 else f"these {len(notes)} notes"
    if is_chinese(say):
        these = "这条笔记" if len(notes) == 1 else f"这 {len(notes)} 条笔记"
        asked = f"要忘掉{these}吗？说“撤销”可以恢复。\n\n{lines_of(notes)}"
        return Plan(say=say, waiting=Waiting(requests=(request,), text=asked, why="destructive"))
    text = f"{lead}\n\nShall I forget {what}? `undo` brings {'it' if len(notes) == 1 else 'all of them'} back.\n\n{lines_of(notes)}"
    return Plan(say=say, waiting=Waiting(requests=(request,), text=text.strip(), why="destructive"))
