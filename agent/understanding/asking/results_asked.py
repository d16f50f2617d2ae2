"""Questions about results that name what they want: each becomes the reading calls that answer it, and only those.

>>> results_asked("and the second best?", Known(study="s", ranking=(4, 2)), Dialogue()).requests[0].args
{'trial': 2}
"""

import re
from collections.abc import Callable
from typing import Any

from agent import outside
from agent.answers.deeds_in_chinese import deed
from agent.answers.wording import listed
from agent.understanding.arguments.study_words import study_meant
from agent.understanding.arguments.trial_words import RELATIVE, resolved
from agent.understanding.asking.asked import asked
from agent.understanding.asking.asked_of_trials import OF_TRIALS
from agent.understanding.asking.tables_asked import tables_asked
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.names.trials_named import trials_said
from agent.understanding.plan import Plan, Request
from agent.words.chinese import gloss, is_chinese
from agent.words.names import read
from agent.words.spelling import words_of

_KINDS = {kind.asked.kind: kind.asked for kind in OF_TRIALS}
_BREAKS = re.compile(
    r"\b(?:break|breaks|broke|violat\w+|miss|misses|missed|infeasible)\b|\b(?:not|n't|fail\w*\s+to)\s+(?:meet|keep|satisf\w+|fulfil\w*|respect)|违反|不满足|不符合",
    re.IGNORECASE,
)
_NTH = {"second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5}
_NTH_BEST = re.compile(
    rf"^\W*(?:(?:and|so|ok(?:ay)?|what\s+about|how\s+about|what(?:'s|\s+is|\s+was)|which(?:\s+(?:one|trial))?(?:\s+is|\s+was)?|who(?:'s|\s+is|\s+was)|show(?:\s+me)?|tell\s+me(?:\s+about)?|explain|why)\W+)*"
    rf"(?:the\s+)?(?:(?P<nth>{'|'.join(_NTH)})[- ]best|(?P<second>runner[- ]?up|next[- ]best))(?:\s+(?:one|trial|model|result))?\W*$",
    re.IGNORECASE,
)
_THERE_IS = re.compile(
    r"^\W*(?:(?:and|so|ok(?:ay)?|please|tell\s+me|hi|hey)\W+)*(?:is|was)\s+there\s+(?:already\s+)?(?:an?\s+|any\s+|the\s+|some\s+)?(?:(?P<a>[\w.-]+)\s+data\s*(?:set)?|data\s*set\s+(?:called\s+|named\s+)?[\"'“`]?(?P<b>[\w.-]+)[\"'”`]?)(?:\s+(?:here|already|there|now|too))*\W*$"
    r"|^\W*(?:and\s+|so\s+)?do\s+(?:you|we|i)\s+(?:already\s+)?have\s+(?:an?\s+|any\s+|the\s+)?(?:(?P<c>[\w.-]+)\s+data\s*set|data\s*set\s+(?:called\s+|named\s+)?[\"'“`]?(?P<d>[\w.-]+)[\"'”`]?)(?:\s+(?:here|already|there|now|too))*\W*$",
    re.IGNORECASE,
)
_ANY_DATASET = words_of("built-in other another more new own such example sample big small public usable")
_MOST = 8  # changes that are listed
_LEARNED = re.compile(
    r"^\W*(?:(?:and|so|ok(?:ay)?)\W+)*(?:what|which\s+lessons?)\s+(?:(?:was|were|has\s+been|did\s+(?:you|we|it|the\s+study))\s+)?(?:learn(?:ed|t|s)?|taught)(?:\s+(?:here|there|now|from\s+(?:it|this|that)|in\s+(?:it|this\s+study)|by\s+(?:it|this\s+study)))*\W*$|学到了?什么",
    re.IGNORECASE,
)


_CHANGED = re.compile(
    r"^\W*(?:(?:and|so|ok(?:ay)?|wait)\W+)*what\s+(?:all\s+)?(?:(?:did|have|has)\s+(?:you|we|i|it)\s+(?:just\s+|already\s+|really\s+)*(?:change|changed|do|done|did)|(?:was|has\s+been|is)\s+changed|changed)(?:\s+(?:here|now|so\s+far|just\s+now|in\s+(?:this|the)\s+chat|today|exactly|there))*\W*$"
    r"|^\W*(?:list|show)(?:\s+me)?\s+(?:all\s+|the\s+|your\s+|my\s+)*changes(?:\s+(?:of|in)\s+(?:this|the)\s+chat)?\W*$|(?:你|您).{0,2}(?:改了|改动了|做了)(?:什么|哪些)",
    re.IGNORECASE,
)
_OF_WORDS = ("text", "name", "path")
"""Arguments that a question's own words may be."""


def results_asked(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """The plan that answers such a question; None for any other message."""
    if dialogue.waiting is not None and dialogue.waiting.lacking in _OF_WORDS:
        return None
    if _CHANGED.search(say.replace("\u2019", "'")):
        return Plan(say=say, answer=_changes_in_chinese(known) if is_chinese(say) else _changes(known))
    if (there := _dataset_asked(say, known)) is not None:
        return there
    study = study_meant(say, known, dialogue)
    here = known.of(study) if study else known
    of = {"study": study} if study else {}
    plain = gloss(say) if is_chinese(say) else say.replace("\u2019", "'")
    if (nth := _NTH_BEST.match(plain)) is not None:
        return _nth_best(say, 2 if nth["second"] else _NTH[nth["nth"].lower()], here, of)
    if _LEARNED.search(say) and here.study is not None:
        return Plan(say=say, requests=(_call("list_lessons", {"study": here.study}, say),))
    if here.study is not None and (shown := tables_asked(say, here)) is not None:
        return Plan(say=say, requests=(shown.with_args(**of),))
    found = asked(f"{say} {gloss(say)}" if is_chinese(say) else say)
    if found is None or found.kind not in _ARGS or found.kind not in _KINDS or here.study is None:
        return None
    args = _ARGS[found.kind](say, here, dialogue)
    if args is None:
        return None
    return Plan(
        say=say,
        requests=tuple(
            _call(tool, args.get(tool, {}) | (of if tool not in _OF_ALL else {}), say) for tool in found.reads
        ),
    )


_OF_ALL = ("list_studies",)
"""Tools that read more than one study."""


def _changes(known: Known) -> str:
    """What was changed in this chat and still stands, the latest first."""
    found = known.changes()
    if not found:
        return "Nothing was changed in this chat, or everything was taken back."
    lines = "\n".join(f"- {outside.text(one)}" for one in found[:_MOST])
    more = f"\n\nAnd {len(found) - _MOST} before." if len(found) > _MOST else ""
    return f"What was changed in this chat, the latest first:\n\n{lines}{more}\n\n`undo` takes the latest back where that can be done."


def _changes_in_chinese(known: Known) -> str:
    found = known.changes()
    if not found:
        return "这个聊天里没有改动过什么，或者都已撤销。"
    lines = "\n".join(f"- {outside.text(deed(one))}" for one in found[:_MOST])
    more = f"\n\n之前还有 {len(found) - _MOST} 项。" if len(found) > _MOST else ""
    return f"这个聊天里的改动，最近的在前：\n\n{lines}{more}\n\n说“撤销”会撤销最近一项（能撤销的话）。"


def _call(tool: str, args: dict[str, Any], say: str) -> Request:
    return Request(tool=tool, args=args, mood="question", words=say)


def _nth_best(say: str, nth: int, here: Known, of: dict[str, str]) -> Plan | None:
    if here.study is None:
        return None
    if len(here.ranking) < nth:
        n = len(here.ranking)
        if is_chinese(say):
            return Plan(say=say, answer=f"没有第 {nth} 好的：{outside.code(here.study)} 只有 {n} 个完成的试验。")
        there = f"{n} complete trial{'s' * (n != 1)}"
        return Plan(say=say, answer=f"There is none: {outside.code(here.study)} has {there}.")
    return Plan(say=say, requests=(_call("explain_trial", {"trial": here.ranking[nth - 1], **of}, say),))


def _early(say: str, here: Known, dialogue: Dialogue) -> dict[str, Any]:
    return {
        "trials": {
            "filter": "pruned or failed or interrupted",
            "columns": ["model", "state", "value", "epochs_run", "reason"],
        }
    }


def _within(say: str, here: Known, dialogue: Dialogue) -> dict[str, Any]:
    return {"trials": {"filter": "complete and not feasible" if _BREAKS.search(say) else "feasible"}}


def _of_one(say: str, here: Known, dialogue: Dialogue) -> dict[str, Any] | None:
    """The trial that is named, else the one that is spoken of by its place, else the one of the talk, else the best."""
    said = trials_said(say)
    if len(said) > 1:
        return None
    if said:
        return {"explain_trial": {"trial": said[0]}}
    text = gloss(say) if is_chinese(say) else say
    words = [name for name, pattern in RELATIVE if re.search(pattern.replace("{number}", r"\d+"), text, re.IGNORECASE)]
    number = resolved(words[0], here, dialogue.trial) if words else dialogue.trial
    if number is None and here.ranking:
        number = here.ranking[0]
    return None if number is None else {"explain_trial": {"trial": number}}


def _nothing(say: str, here: Known, dialogue: Dialogue) -> dict[str, Any]:
    return {}


def _in_percent(say: str, here: Known, dialogue: Dialogue) -> dict[str, Any] | None:
    """One trial against another, as a sum of their values; None where it is not told which two."""
    said = trials_said(say)
    text = say.replace("\u2019", "'")
    names = [f"t{number}" for number in said]
    if len(names) == 1 and re.search(r"\bthe\s+defaults?\b", text, re.IGNORECASE):
        names.append("defaults")
    if len(names) == 1 and re.search(r"\bthe\s+best\b", text, re.IGNORECASE):
        first = re.search(r"\bthe\s+best\b", text, re.IGNORECASE)
        at = re.search(r"\btrials?\b", text, re.IGNORECASE)
        names.insert(0 if first and at and first.start() < at.start() else 1, "best")
    if not names and re.search(r"\bbest\b.*\bthan\b.*\bdefaults?\b", text, re.IGNORECASE):
        names = ["best", "defaults"]
    if len(names) != 2:
        return None
    metric = next((str(span.value) for span in read(say, here.names).of("metric")), "value")
    return {"calc": {"expression": " - ".join(f"{name}.{metric}" for name in names)}}


_ARGS: dict[str, Callable[[str, Known, Dialogue], dict[str, Any] | None]] = {
    "alike": _nothing,
    "stopped_early": _early,
    "feasible": _within,
    "took": _of_one,
    "overfit": _of_one,
    "whose": _nothing,
    "next_step": _nothing,
    "in_percent": _in_percent,
}
"""By kind: the arguments of each tool that it reads; None where it is not sure which trial is meant."""


def _dataset_asked(say: str, known: Known) -> Plan | None:
    """Whether there is a dataset of that name: yes with what it holds, or no with those that there are."""
    match = _THERE_IS.match(say)
    name = None if match is None else next((one for one in match.groups() if one), None)
    if name is None or name.lower() in _ANY_DATASET:
        return None
    there = next((one for one in known.datasets if one.lower() == name.lower()), None)
    if there is not None:
        yes = f"Yes, there is a dataset {outside.code(there)}."
        return Plan(say=say, answer=yes, requests=(_call("describe_dataset", {"dataset": there}, say),))
    others = listed([outside.code(one) for one in known.datasets[:8]])
    more = f" There {'is' if len(known.datasets) == 1 else 'are'} {others}." if known.datasets else ""
    return Plan(
        say=say, answer=f"No, there is no dataset {outside.code(name)}.{more} Drop a file into the chat to add it."
    )
