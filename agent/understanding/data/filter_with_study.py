"""A tuning order that says a part of the data, taken apart: "tune ease on shop without the bots, 3 trials".

>>> study_of_part("tune ease on shop without the bots, 3 trials", Known(datasets=("shop",)), None).rest
'tune ease on shop, 3 trials'
"""

import re
from dataclasses import dataclass

from agent import outside
from agent.answers.wording import sentence
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.mood_words import POLITENESS
from agent.understanding.data.filter_in_chinese import ASKS, filter_clauses, in_english
from agent.understanding.data.filter_parts import Part, parts_of, with_since
from agent.understanding.data.filter_polarity import MARKED, senses
from agent.understanding.data.filter_words import VERB, FilterRead, joined, read_filter, with_digits
from agent.understanding.data.filtering import FILE, any_of, cannot_be
from agent.understanding.data.outcome_words import says_outcomes
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.chinese import is_chinese
from agent.words.names import read
from recmodels.models import MODELS

_WANTS = r"(?:(?:can|could|would)\s+you\s+(?:please\s+)?|(?:i|we)\s+(?:want|need)\s+(?:you\s+)?to\s+|let'?s\s+)?"
_ANY_VERB = re.sub(r"\?P<\w+>", "?:", VERB)
_BEGINS = r"(?:re-?)?(?:tune|train|study|start|run|optimi[sz]e)\b"
_ORDER = re.compile(rf"\W*(?:{POLITENESS}){_WANTS}(?:{_BEGINS}|(?:add|load|read)\b|{_ANY_VERB})", re.IGNORECASE)
_FILTERS_FIRST = re.compile(rf"\W*(?:{POLITENESS}){_WANTS}(?={_ANY_VERB})", re.IGNORECASE)
_THEN = re.compile(
    rf"(?:[\s,;.]|\b(?:and|then|afterwards?|after\s+that|please|also|next)\b)+{_WANTS}(?={_BEGINS})", re.IGNORECASE
)
_STUDY = re.compile(
    rf"\b(?:re-?)?(?:tune|train|study|optimi[sz]e)\b|\b(?:start|run)\s+(?:{'|'.join(MODELS)})\b", re.IGNORECASE
)
_LEAD = re.compile(
    rf"(?:[\s,;]*(?<![\w-])(?:{MARKED}|{_ANY_VERB}|using|with|the|those|all|any|rows?|events?|orders?|records?|entries|interactions?|"
    r"data|part|in|for|from|having|have|has|which|that|who|whose|where|are|is|users?|customers?|people|and|but|also|"
    r"please|on(?=\s+(?:only|just|the\s+(?:rows?|part)|rows?)\b))(?=\s))*[\s,;]*$",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:\s+(?:first|before|only|out|away|(?:from|of|in)\s+(?:it|·)))*(?!\w)", re.IGNORECASE)
_SINCE = re.compile(r"since\s+(?:19|20)\d\d|\w+\s+\d{4}-\d\d-\d\d", re.IGNORECASE)
_SETTINGS = re.compile(
    r"(?:n_?)?(?:trials?|epochs?|seeds?|repeats?|hours?|minutes?|limit|k|n|split|sampler|models?|metric|objective|goal|test|likes?|"
    r"positive|adapter|device|batch|name)(?:_\w+)?",
    re.IGNORECASE,
)
_ON_IT = re.compile(
    r"\bon\s+(?:it|that|this|them|those|the\s+(?:result|rest|others?|(?:new|smaller|filtered|cleaned)\s+\w+|version|part))\b",
    re.IGNORECASE,
)
_AFTER_FILE = (
    "Nothing was done yet: a part is kept of a dataset, not of a file. Add {file} first, then say what shall be left out, "
    "for example “leave the bots out of it” or “drop users with more than 500 events”, and then tune."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyOfPart:
    """Such an order: which part, as a call of `filter_dataset`, and the order to tune without it."""

    filter: Request
    rest: str
    read: FilterRead


def study_of_part(say: str, known: Known, at_hand: str | None) -> StudyOfPart | Plan | None:
    """The order taken apart; a plan that says why it cannot be; None for a message that is no such order.

    Args:
        at_hand: The dataset that was talked of last.
    """
    named = re.search(any_of(known.datasets), say, re.IGNORECASE)
    text = re.sub(any_of((named[0],)), "·", say, flags=re.IGNORECASE) if named else say
    dataset = named[0] if named else at_hand
    if is_chinese(say):
        return None if dataset is None else _in_chinese(say, text, dataset, known)
    if "?" in say or not _ORDER.match(text) or not _STUDY.search(text):
        return None
    text = with_since(with_digits(text))
    parts = [part for part in parts_of(text) if _is_of_data(part, text, known)]
    meant = senses(text, parts, "tune", is_away=False)
    leaves = any((part.gone if sense.is_away else part.kept) for part, sense in zip(parts, meant, strict=True))
    filters_first = _FILTERS_FIRST.match(text) is not None
    if not leaves and not (parts_of(text) and re.search(_ANY_VERB, text, re.IGNORECASE)):
        return None
    if (file := FILE.search(text)) is not None:
        is_by_rows = parts and all(part.kind == "row" for part in parts)  # which are chosen while the file is read
        return None if is_by_rows else Plan(say=say, answer=_AFTER_FILE.format(file=outside.text(file[0])))
    if dataset is None:
        return None
    said, rest = _apart(text, parts, filters_first=filters_first)
    rest = rest if "·" in rest else _ON_IT.sub("on ·", rest)
    found = joined([read_filter(one) for one in said])
    if not found.args or not _STUDY.search(rest):
        return None
    return _checked(say, dataset, found, ", ".join(said), rest, known)


def _in_chinese(say: str, text: str, dataset: str, known: Known) -> StudyOfPart | Plan | None:
    """An order in Chinese, whose clauses tell the part or the study."""
    said, others = filter_clauses(text)
    rest = "，".join(others)
    if not said or ASKS.search(say) or re.search(r"调参|调优|优化|训练", rest) is None:
        return None
    found = joined([read_filter(in_english(one) or "") for one in said])
    return _checked(say, dataset, found, "，".join(said), rest, known) if found.args else None


def _checked(say: str, dataset: str, found: FilterRead, words: str, rest: str, known: Known) -> StudyOfPart | Plan:
    args = {"dataset": dataset, **found.args}
    prospect = known.would("filter_dataset", args)
    if prospect.problem is not None and is_chinese(say):
        return Plan(say=say, answer=f"{cannot_be(prospect.problem, say)}没有开始研究。")
    if prospect.problem is not None:
        whole = f"Without that part of the order it is `{outside.text(rest.replace('·', dataset))}`."
        return Plan(say=say, answer=f"{sentence(prospect.problem)} Nothing was done, and no study was started. {whole}")
    return StudyOfPart(
        filter=Request(tool="filter_dataset", args=args, words=words),
        rest=rest.replace("·", dataset),
        read=found,
    )


def _apart(text: str, parts: list[Part], *, filters_first: bool) -> tuple[list[str], str]:
    """The words that tell the part, clause by clause, and the others."""
    said: list[str] = []
    start = 0
    if filters_first and (then := _THEN.search(text)) is not None:
        said.append(text[: then.start()])
        start = then.end()
    elif not parts:  # such as "tune ease on shop, keep only ratings of 3 and more"
        verb = re.search(_ANY_VERB, text, re.IGNORECASE)
        parts = [part for part in parts_of(text) if verb is not None and part.start > verb.start()]
    rest: list[str] = []
    for part in parts:
        if part.start < start:
            continue
        between = text[start : part.start]
        lead = _LEAD.search(between)
        begin = len(between) if lead is None else lead.start()
        words = text[start + begin : part.end]
        if begin == 0 and said and rest:
            said[-1] += words
        else:
            said.append(words)
        rest.append(between[:begin])
        tail = _TAIL.match(text, part.end)
        start = part.end if tail is None else tail.end()
    return [one.strip(" ,;") for one in said], "".join([*rest, text[start:]]).strip()


def _whole(text: str, known: Known) -> Stretch:
    return Stretch(read(text, known.names), [(0, len(text))])


def _is_of_data(part: Part, text: str, known: Known) -> bool:
    """Whether a part is hardly a param, a budget or a goal of the study."""
    if part.kind == "date":
        return _SINCE.match(text[part.start :]) is not None
    if part.kind != "row":
        return True
    column = re.split(r"[!<>=]", (part.kept or {}).get("where", ("weight",))[0])[0]
    is_setting = _SETTINGS.fullmatch(column) or column.lower() == "weight" or says_outcomes(_whole(text, known))
    spans = _whole(text, known).said.of("param", "metric", "sampler", "split", "model", "trial")
    return not is_setting and not any(part.start < span.end and span.start < part.end for span in spans)
