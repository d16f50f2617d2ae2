"""The plan of a message that asks what a dataset holds: a look for each question, or what there is to be asked about."""

import itertools
import re

from agent import outside
from agent.understanding.asking.data_at_hand import data_at_hand, unread_file
from agent.understanding.asking.data_questions import DataQuestions, Look, data_questions
from agent.understanding.asking.data_questions_in_chinese import data_questions_in_chinese
from agent.understanding.asking.plain_question import any_of
from agent.understanding.asking.questions import which_argument
from agent.understanding.asking.rows_supposed import rows_supposed
from agent.understanding.asking.versions_compared import compares_those_at_hand, versions_compared
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import is_chinese

_OF_ALL = ("newest",)
"""What is asked of no dataset in particular."""
_MAX_FILES = 20
_FILES = re.compile(
    r"^\W*(?:hi|hello|hey|please|so|and|ok)?\W*(?:(?:which|what)\s+files?\s+(?:can|could|are|do|did|is|may)\b[^?.;]*\b(?:read|there|have|see|use|add|load|find|here)|"
    r"(?:list|show)\s+(?:me\s+)?(?:all\s+|the\s+)*files)\W*$|^\W*(?:有|能读|可以读)?(?:哪些|什么)文件(?:可以|能)?(?:读|用|添加|导入)?(?:取)?\W*$",
    re.IGNORECASE,
)


def data_plan(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """The plan; None for any other message."""
    in_chinese = is_chinese(say)
    if _FILES.match(say):
        return Plan(say=say, answer=_files(known, in_chinese=in_chinese))
    if looks := versions_compared(say, known.datasets):
        return Plan(say=say, requests=tuple(_request(say, look) for look in looks))
    if (these := _these_compared(say, known, dialogue)) is not None:
        return these
    asked = _supposed(say, known) or (data_questions_in_chinese if in_chinese else data_questions)(say, known.datasets)
    if asked is None:
        return None
    names = list(asked.named) or ([asked.unknown] if asked.unknown else [])
    if not names and any(look["what"] not in _OF_ALL for look in asked.looks):
        if (file := unread_file(dialogue)) is not None:
            answer = _not_read(file, in_chinese=in_chinese)
            return Plan(say=say, waiting=dialogue.waiting, answer=answer, leaves_open=True)
        at_hand = data_at_hand(known, dialogue)
        if at_hand is None:
            return Plan(say=say, waiting=which_argument(_requests(say, asked, []), "dataset", known))
        names = [at_hand]
    return Plan(say=say, requests=_requests(say, asked, names))


def _these_compared(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """The datasets that were talked of last, each next to the one before; None where data are not what is pointed at."""
    at_hand = compares_those_at_hand(say)
    if at_hand is None or not (at_hand[1] or dialogue.kind == "dataset"):
        return None
    n, names = at_hand[0], [one for one in dialogue.datasets if one in known.datasets]
    own = [one for one in known.datasets if one != "demo"]
    names = names[-n:] if len(names) >= n else own if len(own) == n else []
    if not names:
        example = " and ".join(own[:2]) if len(own) > 1 else "may and june"
        told = f"请说出两个数据集，例如“比较 {example.replace(' and ', ' 和 ')}”。" if is_chinese(say) else ""
        return Plan(
            say=say, answer=told or f"Which datasets do you mean? Name them: say, for example, `compare {example}`."
        )
    pairs = itertools.pairwise(names)
    return Plan(
        say=say,
        requests=tuple(_request(say, {"what": "changes", "dataset": new, "against": old}) for old, new in pairs),
    )


def _supposed(say: str, known: Known) -> DataQuestions | None:
    """How many rows would be left without some; nothing is done."""
    if (said := rows_supposed(say)) is None:
        return None
    named = [name for name in known.datasets if re.search(any_of((name,)), say, re.IGNORECASE)]
    look = {"what": "share", "filter": re.sub(any_of(named), "", said).strip() or said, "of": "rows", "without": True}
    return DataQuestions(looks=(look,), named=tuple(named))


def _request(say: str, args: Look) -> Request:
    return Request(tool="inspect_data", args=args, mood="question", words=say)


def _requests(say: str, asked: DataQuestions, names: list[str]) -> tuple[Request, ...]:
    """A look for each question; what is asked of several datasets is looked at in each."""
    found = [_request(say, {**look, **of}) for look in asked.looks for of in _datasets(look, names)]
    return tuple(found)


def _datasets(look: Look, names: list[str]) -> list[dict[str, str]]:
    if look["what"] in _OF_ALL or not names:
        return [{}]
    return [{"dataset": name} for name in (names[:1] if "against" in look else names)]


def _not_read(file: str, *, in_chinese: bool) -> str:
    name = outside.code(file)
    if in_chinese:
        return f"{name} 还没有读入：请先回答关于它的问题，然后就能数它的行。"
    return f"{name} is not read yet, so nothing of it can be counted: answer the question about it first."


def _files(known: Known, *, in_chinese: bool) -> str:
    names = sorted(known.files(""))
    shown = "\n".join(f"- {outside.code(name)}" for name in names[:_MAX_FILES])
    more = len(names) - _MAX_FILES
    if in_chinese:
        if not names:
            return "数据文件夹里没有文件。把文件拖进聊天，就能添加自己的数据。"
        rest = f"\n\n还有 {more} 个。" if more > 0 else ""
        return (
            f"数据文件夹里有 {len(names)} 个文件：\n\n{shown}{rest}\n\n说“添加 文件名”就会读取；也可以把文件拖进聊天。"
        )
    if not names:
        return "There is no file in the data folder. A file dropped into the chat is read, too."
    rest = f"\n\nAnd {more} more." if more > 0 else ""
    n = f"is {len(names)} file" if len(names) == 1 else f"are {len(names)} files"
    return f"There {n} in the data folder:\n\n{shown}{rest}\n\nSay “add FILE” to read one; a file dropped into the chat is read, too."
