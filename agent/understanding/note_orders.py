"""Orders on notes that were told before: to forget some, to make one a bound, to make a bound a plain note again."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent import outside
from agent.answers.wording import listed, sentence
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known, NoteKnown
from agent.understanding.notes_forgotten import forgotten
from agent.understanding.notes_spoken import (
    END,
    GO,
    LEAD,
    NOTE,
    NTH,
    THE,
    lines_of,
    numbers_in,
    said_in,
    speaks_of,
    told_last,
    told_notes,
)
from agent.understanding.plan import Plan, Request, Waiting
from agent.words.chinese import gloss, is_chinese

_IT = r"(?:it|that|this|that\s+one|this\s+one|that\s+note|this\s+note|the\s+note|the\s+last\s+(?:note|one)|my\s+last\s+note)"
_ABOUT = (
    rf"(?:the|my|that|your|this)\s+{NOTE}\s+(?:about|on|of|for|that\s+speaks\s+of)\s+(?P<about>[\w.-]+(?:\s+[\w.-]+)?)"
)
_WHICH = rf"(?:{NTH}|{_ABOUT}|(?P<it>{_IT}))"
_A_BOUND = r"(?:(?:an?|the)\s+)?(?:(?:hard|strict|firm|real|binding|fixed)\s+)*(?:bounds?|limits?|constraints?|rules?|restrictions?|binding)"
_A_HINT = r"(?:(?:an?|the)\s+)?(?:(?:plain|mere|simple|soft|normal|ordinary|usual|free)\s+)*(?:hints?|notes?|remarks?|tips?|suggestions?|reminders?|wish(?:es)?|advice)"
_LATER = r"(?:\s+(?:on\s+|for\s+)?(?:later|all|future|new|other|coming|the\s+next|my|our)*\s*(?:stud(?:y|ies)|searches|anything|me|us))?"
_BIND = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{LEAD}(?:make|turn|treat|use|take|set|keep|consider|have|count)\s+{_WHICH}\s*(?:into|as|to\s+be|to)?\s*{_A_BOUND}{_LATER}{END}",
        rf"{LEAD}{_WHICH}\s+(?:should|must|shall|is|are|has\s+to|have\s+to|needs?\s+to|ought\s+to|will|can)\s+(?:(?:be|become|count\s+as)\s+)?(?:now\s+)?(?:{_A_BOUND}|bind|hold){_LATER}{END}",
        rf"{LEAD}let\s+{_WHICH}\s+(?:bind|hold|be\s+{_A_BOUND}){_LATER}{END}",
        rf"{LEAD}{NTH}\s*[:,-]?\s*(?:as\s+)?{_A_BOUND}{_LATER}(?:\s+please)?[\s.!]*$",
        rf"{LEAD}(?:bind|hold)\s+(?:(?:later|all|future|new|other|my|our|the\s+next)\s+)*stud(?:y|ies)\s+(?:to|by)\s+{_WHICH}{END}",
        rf"{LEAD}(?:enforce|activate|apply)\s+{_WHICH}{END}",
        rf"{LEAD}(?:i|we)(?:\s+want|\s+need|'d\s+like|\s+would\s+like)\s+{_WHICH}\s+to\s+(?:(?:be|become)\s+{_A_BOUND}|bind|hold){_LATER}{END}",
    )
)
_FREE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{LEAD}{NTH}\s*[:,-]?\s*(?:(?:only|just|as)\s+)*{_A_HINT}(?:\s+only)?(?:\s+please)?[\s.!]*$",
        rf"{LEAD}{_WHICH}\s*(?:is|are|was|were|'s|should\s+be|should\s+stay|shall\s+be|stays?)\s+(?:only|just|merely|meant\s+as|only\s+meant\s+as)\s+{_A_HINT}{END}",
        rf"{LEAD}{_WHICH}\s*(?:is|are|'s|should|must|shall|does|do|was)\s*(?:not|n'?t|no\s+longer|no)\s+(?:be\s+|meant\s+as\s+|longer\s+)*(?:{_A_BOUND}|bind|hold){_LATER}{END}",
        rf"{LEAD}(?:make|turn|treat|use|take|set|keep|consider|have|count)\s+{_WHICH}\s*(?:into|as|to\s+be|to|back\s+into)?\s*(?:only\s+|just\s+)?{_A_HINT}{END}",
        rf"{LEAD}(?:unbind|free|loosen|relax|suspend|deactivate|disable|switch\s+off|turn\s+off|do\s+not\s+(?:apply|enforce|follow)|don't\s+(?:apply|enforce|follow)|stop\s+(?:applying|enforcing|following))\s+{_WHICH}{END}",
        rf"{LEAD}(?:{GO}|lift|take\s+(?:back|away|off)|undo|loosen|relax)\s+{THE}(?:bound|limit|restriction|constraint|cap)\s+(?:of|from|in|by)\s+{_WHICH}{END}",
        rf"{LEAD}{_WHICH}\s+(?:no\s+longer|does\s+not|doesn't)\s+(?:applies|apply|binds?|holds?|counts?){_LATER}{END}",
        rf"{LEAD}{_WHICH}\s+(?:should|must|shall)\s+(?:no\s+longer|stop)\s+(?:bind|binding|hold|holding){_LATER}{END}",
    )
)
_LIMIT = r"(?:limits?|bounds?|caps?|restrictions?|ceilings?|floors?)"
_I_GAVE = r"(?:\s+(?:(?:that|which)\s+)?(?:i|we)(?:\s+have|\s+had|'ve)?\s+(?:ever\s+)?(?:gave|given|set|told|made|put|noted)(?:\s+(?:to\s+)?you)?)?"
_LIFT = re.compile(
    rf"{LEAD}(?:(?:(?:{GO}|lift|undo|loosen|relax|take\s+(?:away|off|back)|abolish|end)\s+(?:all\s+|any\s+|every\s+)?(?:of\s+)?{THE}|(?P<none>no|without(?:\s+any)?)\s+)(?:upper\s+|lower\s+)?{_LIMIT}(?(none)(?:\s+at\s+all)?){_I_GAVE}(?:\s+(?:on|of|for|to|about)\s+(?P<what>.+?))?"
    rf"|there(?:\s+is|'s|\s+are|\s+should\s+be|\s+shall\s+be)\s+no\s+{_LIMIT}\s+(?:on|of|for|to)\s+(?P<free>.+?)(?:\s+(?:any\s*more|any\s+longer|now))){END}",
    re.IGNORECASE,
)
_OF_ALL = rf"(?:(?:all|every|each)(?:\s+(?:one\s+)?of)?\s+{THE}|(?:my|the|those|these)\s+){NOTE}"
_MAKES = r"(?:make|turn|treat|use|take|set|keep|consider|have|count|let)"
_BIND_ALL = re.compile(
    rf"{LEAD}(?:{_MAKES}\s+{_OF_ALL}\s*(?:into|as|to\s+be|to|be)?\s*(?:{_A_BOUND}|bind|hold)|(?:enforce|apply|activate)\s+{_OF_ALL}|{_OF_ALL}\s+(?:should|must|shall|are|have\s+to)\s+(?:be\s+|now\s+)*(?:{_A_BOUND}|bind|hold)){_LATER}{END}",
    re.IGNORECASE,
)
_FREE_ALL = re.compile(
    rf"{LEAD}(?:{_MAKES}\s+{_OF_ALL}\s*(?:into|as|to\s+be|to|be)?\s*(?:only\s+|just\s+)?{_A_HINT}|(?:unbind|free|suspend|deactivate)\s+{_OF_ALL}){END}",
    re.IGNORECASE,
)
_IN_CHINESE = (
    r"(?:第\s*)?(?:笔记\s*)?(?:第\s*)?(?P<numbers>\d+(?:\s*(?:,|，|、|和|到|至|-)\s*\d+)*)\s*(?:条|号)?(?:笔记)?"
)
_WHICH_IN_CHINESE = rf"(?:{_IN_CHINESE}|(?P<it>它|这条|那条|这条笔记|那条笔记|最后一条(?:笔记)?))"
_CHINESE_BIND = re.compile(
    rf"^\W*(?:请|把|将|让|请把|请让)*\s*{_WHICH_IN_CHINESE}\s*(?:变成|设为|设成|改成|改为|作为|当作|当成|应该是|应该|是|要)*(?:一个|一条|硬性?|严格的?)*\s*(?:约束|限制|界限|上限|绑定)(?:以后的研究)?[。！!吧]*$"
)
_CHINESE_FREE = re.compile(
    rf"^\W*(?:请|把|将|让|请把|请让)*\s*{_WHICH_IN_CHINESE}\s*(?:(?:只|仅仅?|就)是?(?:一个|一条)?(?:提示|建议|笔记|参考)|(?:不再|不)(?:是|作为)?(?:约束|限制|绑定)(?:以后的研究)?|(?:变回|改回|变成|改成|改为)(?:普通的?|一般的?)?(?:笔记|提示|建议))(?:了)?[。！!吧]*$"
)
_CHINESE_LIFT = re.compile(
    r"^\W*(?:请|帮我)*(?:取消|解除|去掉|放开|撤掉)\s*(?:对)?\s*(?P<what>.+?)\s*(?:的)?(?:限制|约束|上限|下限)[了吧。！!]*$"
)


def note_order(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """What is done with such a message; None for any other one."""
    text = (gloss(say) if is_chinese(say) else say).replace("\u2019", "'")
    return (
        forgotten(say, text, known, dialogue)
        or _all_bound(say, text, known)
        or _bound(say, text, known, dialogue)
        or _lifted(say, text, known)
    )


def _bound(say: str, text: str, known: Known, dialogue: Dialogue) -> Plan | None:
    for patterns, binds in ((_FREE, False), (_BIND, True)):
        said = (
            [(_CHINESE_FREE if not binds else _CHINESE_BIND, say)]
            if is_chinese(say)
            else [(one, text) for one in patterns]
        )
        match = next((found for pattern, words in said if (found := pattern.match(words)) is not None), None)
        if match is None:
            continue
        notes = known.notes()
        groups = match.groupdict()
        if groups.get("about"):
            told_of = [note for note in notes if note.is_own and speaks_of(note, match["about"], known)]
            if len(told_of) == 1:
                return set_notes(say, told_of, binds=binds, known=known)
            which = (
                f"Which note? Several are about that:\n\n{lines_of(told_of)}"
                if told_of
                else "No note of yours is about that."
            )
            return said_in(say, f"{which}\n\nNothing was changed.", "请说笔记的编号。什么都没有改动。")
        if groups.get("it"):
            own = [note for note in notes if note.is_own]
            is_last = "last" in groups["it"] or "最后" in groups["it"]
            newest = max(own, key=lambda one: one.told_at) if own and is_last else None
            told = newest or told_last(dialogue, own)
            if told is None:
                return _which_by_number(say, own) if re.search(r"\b(?:note|bounds?|hint)\b", text) else None
            return set_notes(say, [told], binds=binds, known=known)
        numbers = numbers_in(match["numbers"])
        by_number = {note.number: note for note in notes}
        if unknown := [number for number in numbers if number not in by_number]:
            return said_in(say, f"There is no note {' or '.join(map(str, unknown))}; say “list my notes” for their numbers. Nothing was changed.", f"没有编号为 {'、'.join(map(str, unknown))} 的笔记，什么都没有改动。")  # fmt: skip
        return set_notes(say, [by_number[number] for number in numbers], binds=binds, known=known)
    return None


def _all_bound(say: str, text: str, known: Known) -> Plan | None:
    """All notes of the person as bounds, or as plain notes, which is asked about first."""
    binds = _BIND_ALL.match(text) is not None
    if not binds and not _FREE_ALL.match(text):
        return None
    own = [note for note in told_notes(known) if not note.told_by]
    if not own:
        return said_in(say, "There is no note of yours, so nothing was changed.", "没有您的笔记，所以什么都没有改动。")
    plan = set_notes(say, [note for note in own if note.is_bound != binds], binds=binds, known=known)
    if not plan.requests:
        what = "binds later studies already, or cannot" if binds else "is a plain note already"
        return replace(plan, answer=plan.answer or f"Every note of yours {what}. Nothing was changed.")
    texts = {one.args["text"] for one in plan.requests}
    asked = f"Shall I make {'bounds of later studies' if binds else 'plain notes'} of these?"
    asked += f"\n\n{lines_of([note for note in own if note.text in texts])}"
    waiting = Waiting(requests=plan.requests, choices=(DO, LEAVE), text=asked, why="unclear")
    return replace(plan, requests=(), waiting=waiting)


def set_notes(say: str, notes: Sequence[NoteKnown], *, binds: bool, known: Known) -> Plan:
    """Make these notes bounds, or plain notes; what cannot be is said and the others are done."""
    requests, told = [], []
    for note in notes:
        name = f"Note {note.number} (“{outside.text(note.text[:80])}”)"
        if not note.is_own:
            told.append(
                f"{name} was not told here: it can neither bind nor be freed. Say it yourself with “remember: …”."
            )
            continue
        request = Request(tool="remember_lesson", args={"text": note.text, "as_bound": binds}, words=say)
        problem = known.would(request.tool, request.args).problem
        if binds and note.is_bound:
            told.append(f"{name} is a bound already.")
        elif not binds and not note.is_bound:
            told.append(f"{name} is a plain note already: it binds nothing.")
        elif problem is not None:
            told.append(f"{name} stays a plain note: {sentence(problem)}")
        else:
            requests.append(request)
    if is_chinese(say) and told:
        told = [f"笔记 {listed(str(one.number) for one in notes)} 不能这样改，或者已经是这样了。"]
    end = "" if requests or not told or is_chinese(say) else " Nothing was changed."
    return Plan(say=say, requests=tuple(requests), answer=f"{' '.join(told)}{end}" if told else None)


def _lifted(say: str, text: str, known: Known) -> Plan | None:
    """A limit that is lifted is one of the notes' where a note says it; else it is the study's own range."""
    if is_chinese(say) and (chinese := _CHINESE_LIFT.match(say)) is not None:
        what, takes_all = chinese["what"], False
    elif (match := _LIFT.match(text)) is not None:
        what, takes_all = (
            match["what"] or match["free"],
            match["none"] is not None or re.search(r"\b(?:all|every|any)\b", text, re.IGNORECASE) is not None,
        )
    else:
        return None
    bounds = [note for note in known.notes() if note.is_own and note.is_bound]
    spoken = [note for note in bounds if what is None or speaks_of(note, what, known)]
    if not spoken:
        return None
    if what is None and len(spoken) > 1 and not takes_all:
        answer = f"Several notes bind later studies; say which shall not, such as “note {spoken[0].number} is only a hint”. Nothing was changed.\n\n{lines_of(spoken)}"
        return said_in(say, answer, "有几条笔记限制以后的研究，请说是哪一条。什么都没有改动。")
    requests = tuple(
        Request(tool="remember_lesson", args={"text": one.text, "as_bound": False}, words=say) for one in spoken
    )
    is_open = known.study_state in ("running", "queued", "waiting", "paused")
    if len(spoken) == 1 and not is_open:
        return Plan(say=say, requests=requests)
    it = "it a plain note" if len(spoken) == 1 else "them plain notes"
    these = "This note binds" if len(spoken) == 1 else "These notes bind"
    range_ = (
        f" For {outside.code(known.study)} alone, say “search {outside.text(what)} in its whole range”."
        if is_open and what
        else ""
    )
    asked = f"{these} later studies:\n\n{lines_of(spoken)}\n\nShall I make {it} again, which {'binds' if len(spoken) == 1 else 'bind'} nothing?{range_}"
    return Plan(say=say, waiting=Waiting(requests=requests, choices=(DO, LEAVE), text=asked, why="unclear"))


def _which_by_number(say: str, own: Sequence[NoteKnown]) -> Plan | None:
    """Asks for the number where "it" points at no note that was just spoken of."""
    if not own:
        return None
    such = f"such as “note {own[0].number} should be a bound” or “note {own[0].number} is only a hint”"
    answer = f"Which note do you mean? Say its number, {such}. Nothing was changed.\n\n{lines_of(own)}"
    return said_in(say, answer, "您说的是哪一条笔记？请说它的编号。什么都没有改动。")
