"""A question about what the person told: "is there a limit on n_neighbors?", "what did I tell you about dropout?"."""

import re
from typing import Any

from agent.understanding.arguments.study_words import study_meant
from agent.understanding.bounds.noted import dataset_named, says_here
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.notes_spoken import numbers_in, speaks_of
from agent.understanding.plan import Plan, Request
from agent.words.chinese import gloss, is_chinese
from agent.words.names import read

_LEAD = r"^\W*(?:(?:please|pls|ok|okay|and|but|so|hey|can\s+you|could\s+you|tell\s+me)\W+)*"
_NOTES = r"(?:(?:of\s+)?(?:my|your|our|the|any|all)\s+)*(?:notes?|lessons?)"
_LIMITS = r"(?:limits?|bounds?|caps?|restrictions?|ceilings?)"
_SHOW = r"(?:show|list|give|tell|read|print|display)(?:\s+me)?"
_NUMBERED = re.compile(
    rf"{_LEAD}(?:{_SHOW}|what(?:'s|\s+is|\s+does|\s+do|\s+was)?|is|are|does|do|did|has|why\s+(?:is|does|isn't|doesn't))\s+(?:the\s+|my\s+)?(?:notes?|lessons?)\s*(?:numbers?\s*)?#?(?P<numbers>\d+(?:\s*(?:,|and|to|-|&)\s*\d+)*)(?:\s+(?:not|say|says|mean|bind|binds|binding|an?\s+(?:hard\s+)?(?:bound|limit|note|hint)|bounds?|about|anything|something|in\s+force|hold|for|still|now|any\s+study|later\s+studies))*\W*$",
    re.IGNORECASE,
)
_BINDS = re.compile(
    rf"{_LEAD}(?:(?:which|what|how\s+many|do|does|are|is|did)(?:\s+there)?(?:\s+any)?|{_SHOW})\s+{_NOTES}\s*(?:that\s+|which\s+)?(?:are\s+|is\s+|do\s+|does\s+|currently\s+|will\s+|would\s+)*(?:bind|binds|bound|binding|hold|apply|applies|in\s+force|limit|restrict|constrain|bounds|limits)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_IN_FORCE = re.compile(
    rf"{_LEAD}(?:(?:which|what|{_SHOW})\s+(?:are\s+)?(?:the\s+|my\s+|all\s+)*{_LIMITS}\s*(?:are|is)?\s*(?:there|in\s+force|active|set|binding|did\s+i\s+(?:give|set|tell)(?:\s+you)?|have\s+i\s+(?:given|set|told)(?:\s+you)?|do\s+i\s+have|from\s+(?:my\s+)?notes)"
    rf"|{_SHOW}\s+(?:all\s+)?(?:my|the)\s+{_LIMITS}|are\s+there\s+(?:any\s+)?{_LIMITS}(?:\s+(?:for|on)\s+(?P<of>[\w.-]+))?(?:\s+(?:in\s+force|set|active))?)\W*$",
    re.IGNORECASE,
)
_RULES_TOLD = re.compile(
    rf"{_LEAD}(?:what|which|{_SHOW})\s+(?:are\s+|were\s+)?(?:the\s+|my\s+|all\s+)*(?:rules?|instructions?|wishes|{_LIMITS}|notes?)\s+(?:that\s+|which\s+)?(?:did|have|had)?\s*(?:i|we)(?:\s+have|'ve)?\s+(?:ever\s+)?(?:give|gave|given|set|tell|told|teach|taught|make|made|note|noted)(?:\s+(?:to\s+)?you)?(?:\s+so\s+far)?\W*$"
    rf"|{_LEAD}(?:what\s+are|which\s+are|{_SHOW})\s+(?:all\s+)?my\s+(?:own\s+)?(?:rules|instructions|wishes)\W*$"
    rf"|{_LEAD}what\s+(?:all\s+)?(?:did|have|had)\s+i\s+(?:ever\s+|already\s+)?(?:tell|told|say|said|note|noted|teach|taught)(?:\s+(?:to\s+)?you)?(?:\s+(?:so\s+far|before|until\s+now|to\s+remember|yet))?\W*$",
    re.IGNORECASE,
)
_CHINESE_RULES_TOLD = re.compile(
    r"^\W*我(?:给|对|跟|和)?(?:过|你)*(?:定|说|立|提|设)?(?:过|了)?(?:你)?(?:哪些|什么)(?:规则|要求|限制)[?？吗]*$"
)
_A_LIMIT = re.compile(
    rf"{_LEAD}(?:is\s+there|are\s+there|do\s+i\s+have|did\s+i\s+(?:set|give|put|tell\s+you|note|make)|have\s+i\s+(?:set|given|put|noted)|do\s+(?:you\s+have|we\s+have)|does\s+any\s+note\s+set)\s+(?:you\s+)?(?:an?y?\s+|some\s+)?(?:hard\s+|upper\s+|lower\s+)?{_LIMITS}\s+(?:on|for|of|to|about)\s+(?P<what>.+?)\W*$",
    re.IGNORECASE,
)
_TOLD = re.compile(
    rf"{_LEAD}(?:did\s+i\s+(?:ever\s+)?(?:tell|say|note)(?:\s+(?:to\s+)?you)?\s+(?:anything|something)|what\s+(?:did|have|had)\s+i\s+(?:ever\s+)?(?:tell|told|say|said|note|noted|write|teach)(?:\s+(?:to\s+)?you)?|what\s+do\s+you\s+(?:remember|know\s+from\s+me)|(?:what|which|any)\s+{_NOTES}\s+(?:do\s+(?:you|i|we)\s+have|are\s+there|did\s+i\s+(?:give|tell)(?:\s+you)?|exist)|(?:do|did)\s+(?:you|i)\s+(?:have|keep|make)\s+(?:any\s+|a\s+)?{_NOTES}|what\s+do(?:es)?\s+{_NOTES}\s+say|(?:are|is)\s+there\s+(?:any\s+|a\s+)?{_NOTES}|{_SHOW}\s+{_NOTES}|any\s+notes?)\s+(?:about|on|for|of|regarding|concerning)\s+(?P<what>(?:(?!\.\s)[^?!;])+?)\W*$",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"^\W*why\s+(?:does|do|is|are|must|should|was|were|can'?t|can\s*not)\s+(?P<what>.+?)\s+(?:always\s+|only\s+)?(?:stay\w*|kept|capped|limited|bounded|restricted|held|remain\w*|never|not?\s+(?:go|above|below|over|under)|go|at\s+most|at\s+least|below|above|under|over)\b",
    re.IGNORECASE,
)
_CHINESE_BINDS = re.compile(
    r"(?:哪|什么|有没有|几条).{0,6}笔记.{0,4}(?:约束|限制|绑定)|(?:约束|限制)(?:了)?.{0,6}的笔记"
)
_CHINESE_LIMIT = re.compile(
    r"^\W*(?P<what>.+?)\s*(?:有没有|有|设了|设过)(?:什么)?(?:上限|下限|限制|约束)(?:吗|么|没有)?[?？]*$"
)
_CHINESE_TOLD = re.compile(
    r"^\W*(?:我(?:跟你|对你|和你)?(?:说过|讲过|告诉过你|记过)|关于)\s*(?:关于)?\s*(?P<what>.+?)\s*(?:的)?(?:什么|哪些|笔记|有哪些笔记|有什么笔记)[吗?？]*$"
)
_IS_LIMITED = re.compile(
    rf"{_LEAD}(?:(?:is|are)\s+(?P<a>[\w\s.-]+?)\s+(?:limited|bounded|capped|restricted|bound|held|fixed)(?:\s+(?:by|in|to|at)\b.*)?"
    r"|what\s+(?:limits|bounds|caps|restricts|constrains|holds|keeps)\s+(?P<b>[\w\s.-]+?)(?:\s+(?:below|above|under|over|at|within|between)\b.*)?"
    r"|who\s+(?:said|told\s+you|decided|set)\s+(?:that\s+)?(?P<c>[\w\s.-]+?)\s+(?:must|should|has\s+to|may|can)\b.*"
    r"|why\s+(?:not|never|at\s+most|at\s+least)\s+(?P<d>(?:more|less|fewer|over|above|below|under|at)?[\w\s.-]+?))\W*$",
    re.IGNORECASE,
)
_CHINESE_NUMBERED = re.compile(
    r"^\W*(?:第\s*)?(?:笔记)\s*(?:第\s*)?(?P<numbers>\d+)\s*(?:条|号)?\s*(?:是.{0,6}|说.{0,6}|限制.{0,6}|约束.{0,6}|写.{0,6})(?:吗|么|什么|呢)[?？]*$"
)
_CHINESE_OF = re.compile(
    r"^\W*(?:显示|列出|看看)?\s*(?P<what>[\w.-]+?)\s*(?:上|里)?(?:的|有)(?:哪些|什么)?笔记(?:有哪些|有什么|是什么)?[?？吗]*$"
)
_CHINESE_REMEMBERED = re.compile(
    r"^\W*(?:你|您)?(?:现在|都|还|一共|目前)*(?:记得|记住|记下|记)(?:了|着|过|的)*(?:些|是)?(?:什么|哪些|啥)(?:东西|事情?|笔记|内容|话)?[呢吗啊呀?？。]*$"
    r"|^\W*(?:请|帮我|给我)*(?:列出|显示|看看|查看|有哪些|有什么)(?:所有|全部|你的|您的|我的|的)*(?:笔记|记忆里的东西)[呢吗?？。]*$"
)
_NONE_TOLD = (
    "You told me no rules and no notes yet; say “remember: …” to do so. The advisor's own rules: “show the rules”.",
    "您还没有告诉我任何规则或笔记；说“记住：…”即可。顾问自己的规则：说“列出规则”。",
)
_THIS_STUDY = re.compile(r"\b(?:this|the|that|my|our|current)\s+(?:study|search|run|tuning)\b|\bit\b", re.IGNORECASE)


_QUESTIONS = re.compile(
    r"[?？]\s*(?:and\s+|but\s+)?(?=\w)|,?\s+and\s+(?=(?:is|are|do|does|did|what|which|why)\b)", re.IGNORECASE
)


def notes_asked(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """The reading calls that answer such a question, or several of them; None for any other message."""
    parts = [part for part in _QUESTIONS.split(say) if part.strip()]
    plans = [_asked(f"{part.rstrip('?？ ')}?", known, dialogue) for part in parts] if len(parts) > 1 else []
    if plans and all(plan is not None for plan in plans):
        each = {(one.tool, str(one.args)): one for plan in plans if plan for one in plan.requests}
        told = "\n\n".join(dict.fromkeys(plan.answer for plan in plans if plan and plan.answer))
        return Plan(say=say, requests=tuple(each.values()), answer=told or None)
    return _asked(say, known, dialogue)


def _asked(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    text = (gloss(say) if is_chinese(say) else say).replace("\u2019", "'")
    if is_chinese(say) and _CHINESE_REMEMBERED.match(say):
        return _reads(say, _listed())
    if is_chinese(say) and _CHINESE_BINDS.search(say):
        return _binding(say, "this study" if "这个研究" in say or "本研究" in say else text, known, dialogue)
    if is_chinese(say) and (match := _CHINESE_LIMIT.match(say)) is not None:
        return _limit_on(say, gloss(match["what"]), known)
    if is_chinese(say) and (match := _CHINESE_TOLD.match(say)) is not None:
        return _told_about(say, match["what"], known)
    if is_chinese(say) and (match := _CHINESE_NUMBERED.match(say)) is not None:
        return _reads(say, _listed(numbers=numbers_in(match["numbers"])))
    if (
        is_chinese(say)
        and (match := _CHINESE_OF.match(say)) is not None
        and dataset_named(match["what"], known.datasets)
    ):
        return _told_about(say, match["what"], known)
    if (match := _NUMBERED.match(text)) is not None:
        return _reads(say, _listed(numbers=numbers_in(match["numbers"])))
    if (match := _BINDS.match(text)) is not None:
        return _binding(say, match["rest"], known, dialogue)
    if (match := _A_LIMIT.match(text)) is not None:
        return _limit_on(say, match["what"], known)
    if _RULES_TOLD.match(text) or (is_chinese(say) and _CHINESE_RULES_TOLD.match(say)):
        numbers = [note.number for note in known.notes() if note.is_own]
        return _reads(say, _listed(numbers=numbers)) if numbers else Plan(say=say, answer=_NONE_TOLD[is_chinese(say)])
    if _IN_FORCE.match(text):
        return _reads(say, _listed(only_bounds=True), *_space(text, known))
    if (match := _TOLD.match(text)) is not None:
        is_named = _param(match["what"], known) or dataset_named(match["what"], known.datasets)
        if not is_named and re.search(r"\byou\s+(?:remember|know)\b", text, re.IGNORECASE):
            return None  # of trials as well
        return _told_about(say, match["what"], known)
    if (match := _IS_LIMITED.match(text)) is not None:
        return _limited_by(say, text, next(filter(None, match.groups())), known)
    if (match := _WHY.match(text)) is not None:
        param = _param(match["what"], known)
        if param is None:
            return None
        is_bound = any(one.is_own and one.is_bound and param in one.params for one in known.notes())
        is_here = bool(set(known.models_with(param)) & set(known.study_models))
        return _reads(say, _listed(about=param, only_bounds=True)) if is_bound or not is_here else None
    return None


def _binding(say: str, rest: str, known: Known, dialogue: Dialogue) -> Plan:
    """Of one study what it was held to; of a dataset, or of later studies, what they would be."""
    meant = study_meant(rest, known, dialogue) if read(rest, known.names).of("study") else None
    if meant is None and _THIS_STUDY.search(rest) and known.study is not None:
        meant = dialogue.study or known.study
    if meant is not None:
        influence = Request(tool="show_influence", args={"about": "notes", "study": meant}, mood="question", words=say)
        return Plan(say=say, requests=(influence,))
    dataset = dataset_named(rest, known.datasets) or (known.study_dataset if says_here(rest) else None)
    return _reads(say, _listed(only_bounds=True, dataset=dataset, about=_param(rest, known)))


def _limited_by(say: str, text: str, what: str, known: Known) -> Plan | None:
    """Of a param that a note bounds, or where notes are spoken of; else the ranges of the study are asked about."""
    param = _param(what, known)
    if param is None:
        return None
    is_bound = any(one.is_own and one.is_bound and param in one.params for one in known.notes())
    if not is_bound and not re.search(r"\bnotes?\b|^\W*(?:is|are)\b", text, re.IGNORECASE):
        return None
    return _reads(say, _listed(about=param, only_bounds=True), *_space(what, known))


def _limit_on(say: str, what: str, known: Known) -> Plan | None:
    param = _param(what, known)
    dataset = dataset_named(what, known.datasets)
    if param is not None:
        space = _space(what, known) if dataset in (None, known.study_dataset) else ()
        return _reads(say, _listed(about=param, only_bounds=True, dataset=dataset), *space)
    models = read(what, known.names).of("model")
    if dataset is None and not models:
        return None
    shown = [Request(tool="show_space", args={"model": one.value}, mood="question") for one in models if known.study]
    return _reads(say, _listed(only_bounds=True, dataset=dataset), *shown)


def _told_about(say: str, what: str, known: Known) -> Plan:
    dataset = dataset_named(what, known.datasets) or (known.study_dataset if says_here(what) else None)
    if dataset is not None:
        return _reads(say, _listed(dataset=dataset))
    param = _param(what, known)
    if param is None and len(what.split()) > 3:
        words = [one for one in what.split() if any(speaks_of(note, one, known) for note in known.notes())]
        what = max(words, key=len, default=what)
    return _reads(say, _listed(about=param or what[:100]))


def _space(what: str, known: Known) -> tuple[Request, ...]:
    """Beside the notes, the range that the study at hand searches."""
    param = _param(what, known)
    if known.study is None or param is None or not set(known.models_with(param)) & set(known.study_models):
        return ()
    return (Request(tool="show_space", args={"param": param}, mood="question"),)


def _param(what: str, known: Known) -> str | None:
    found = read(what, known.names).of("param")
    return known.param(found[0].value) if found else None


def _listed(**args: Any) -> Request:
    kept = {name: value for name, value in args.items() if value not in (None, False)}
    return Request(tool="list_lessons", args=kept, mood="question")


def _reads(say: str, *requests: Request) -> Plan:
    return Plan(say=say, requests=tuple(requests))
