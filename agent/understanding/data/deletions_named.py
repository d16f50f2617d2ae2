"""A deletion of what is named, and what of the rest is to stay: "delete wol and wol-schoon, not klikken", 删除数据集 data-3."""

import re
from collections.abc import Iterable

from agent import outside
from agent.answers.refusals_in_chinese import refusal
from agent.answers.wording import listed, sentence
from agent.understanding.asking.questions import question
from agent.understanding.known import Known
from agent.understanding.phrases import phrase
from agent.understanding.plan import Plan, Request, Waiting
from agent.words.chinese import is_chinese

_OPENS = r"^\W*(?:(?:please|pls|thanks|thank\s+you|ok|okay|now|then|and|can\s+you|could\s+you|i\s+want\s+(?:you\s+)?to|let'?s|谢谢|好的?|请|帮我|把|将)[\s，,.。!！]*)*"
_DELETES = r"(?:remove|delete|drop|erase|discard|get\s+rid\s+of|throw\s+away|删除|删掉|删了|移除)"
_KIND = r"(?:(?:the\s+|my\s+|our\s+)?(?:data\s?sets?|stud(?:y|ies)|数据集|研究)\s*)?(?:the\s+|both\s+|called\s+)?"
_AND = r"\s*(?:,|，|、|&|\band\b|和|以及|与|跟)(?:\s*\band\b)?\s*"
_STAYS = (
    r"(?:(?:but|and|yet|但是?|不过|而)[\s，,]*)?(?:(?:please|请)\s*)?(?:do\s+not|don['’]?t|keep|not|except(?:\s+for)?|but\s+not|leave|without|only\s+not|spare|保留|留下|留着|留|不要删除?|不要动|别删除?|别动|不删除?|除了)"
    r"(?:\s*(?:touch|delete|remove|drop))?"
)
_QUOTES = "\"'`“”"
_POLITE = r"(?:\s*(?:please|pls|thanks|too|as\s+well|now|alone|there|as\s+it\s+is|吧|了|谢谢))*\W*$"


def keeps(text: str, name: str) -> bool:
    """Whether a name stands behind "keep", "not" or the like, and nowhere before."""
    stays = re.search(rf"(?<![\w-]){_STAYS}(?=[\s\u3400-\u9fff])", text, re.IGNORECASE)
    places = [match.start() for match in re.finditer(_word(name), text, re.IGNORECASE)]
    return stays is not None and bool(places) and min(places) >= stays.start()


def named_deletions(say: str, known: Known) -> Plan | None:
    """The question about all that is named to be deleted; None for any other message.

    One thing that is named in English, without what stays, is read as every order is.
    """
    one = _any(known.datasets, known.studies)
    some = rf"{_KIND}{one}(?:{_AND}{_KIND}{one})*"
    rest = rf"(?:[\s，,;；.。]*{_STAYS}\s*{some})?"
    first = rf"{_OPENS}{_DELETES}\s*(?P<gone>{some})(?P<rest>{rest}){_POLITE}"
    last = rf"{_OPENS}(?P<gone>{some})\s*(?:删除|删掉|删了|移除)(?P<rest>{rest}){_POLITE}"
    match = re.match(first, say, re.IGNORECASE) or re.match(last, say, re.IGNORECASE)
    if match is None:
        return None
    requests = tuple(_requests(match["gone"], say, known))
    zh, stays = is_chinese(say), {name.strip(_QUOTES) for name in re.findall(one, match["rest"], re.IGNORECASE)}
    if not requests or (len(requests) == 1 and not stays and not zh):
        return None
    names = {str(value).lower() for request in requests for value in request.args.values()}
    if names & {name.lower() for name in stays}:
        return None
    prospects = [known.would(request.tool, request.args) for request in requests]
    problem = next((found.problem for found in prospects if found.problem), None)
    if problem is not None:
        return Plan(
            say=say, answer=f"没有删除：{refusal(problem)}" if zh else f"{sentence(problem)} Nothing was deleted."
        )
    notes = tuple(dict.fromkeys(found.asks for found in prospects if found.asks))
    text = question("destructive", [*requests], ())
    if len(requests) > 1:
        text = f"Shall I {listed([phrase(request) for request in requests])}? Each can be taken back with “undo”, the last one first."
    if stays:
        verb = "stays" if len(stays) == 1 else "stay"
        text = f"{text} {listed([outside.code(name) for name in sorted(stays)])} {verb}."
    text = "\n\n".join((*notes, text))
    return Plan(say=say, waiting=Waiting(requests=requests, text=text, notes=notes, why="destructive"))


def _requests(gone: str, say: str, known: Known) -> Iterable[Request]:
    """A request for each name; none where one may be a dataset or a study and no word tells which."""
    found: dict[tuple[str, str], Request] = {}
    kind, is_of_all = None, False
    one = _any(known.datasets, known.studies)
    for match in re.finditer(rf"(?P<kind>data\s?sets?|stud(?:y|ies)|数据集|研究)|(?P<name>{one})", gone, re.IGNORECASE):
        if match["kind"]:
            kind = "dataset" if match["kind"].lower()[:1] in "d数" else "study"
            is_of_all = match["kind"].lower().endswith("s")
            continue
        name = match["name"].strip(_QUOTES).lower()
        of = {"dataset": known.datasets, "study": known.studies}
        kinds = [one for one, names in of.items() if name in map(str.lower, names) and kind in (None, one)]
        kind = kind if is_of_all else None
        if len(kinds) != 1:
            return ()
        named = next(one for one in of[kinds[0]] if one.lower() == name)
        does = "remove" if kinds[0] == "dataset" else "delete"
        found[kinds[0], named] = Request(tool=f"{does}_{kinds[0]}", args={kinds[0]: named}, words=say)
    return tuple(found.values())


def _any(*names: Iterable[str]) -> str:
    every = sorted({name for some in names for name in some}, key=len, reverse=True)
    return f"(?:{'|'.join(map(_word, every))})" if every else "(?!)"


def _word(name: str) -> str:
    return rf"(?<![A-Za-z0-9_.-])[\"'`“]?{re.escape(name)}[\"'`”]?(?![A-Za-z0-9_]|[.-]\w)"
