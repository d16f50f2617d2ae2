"""Tools that words alone tell: the network was not trained on them, and there is a study that they can be meant for.

told("add five more trials", context)  # → "change_study"
read_changes("add five more trials", context)  # → {"n_more_trials": 5}
"""

import re
from typing import Any

from agent.llm.pilot.context import PilotContext
from agent.llm.pilot.goals import read_constraints
from agent.llm.pilot.names import read_dataset, read_models
from agent.llm.pilot.numbers import Reader, digits, read_duration, read_trial_count
from agent.llm.pilot.params import mentions
from agent.llm.pilot.trials import one_trial

_CONFIRM = re.compile(r"\bconfirm(?:ation|ing)?\b", re.IGNORECASE)
_POLITELY = r"(?:(?:please|ok(?:ay)?|now|then|and|but|so|just|no|yes|hey|well|(?:can|could|would|will) you)\W+)*"
_CHECKS_ON_TEST = re.compile(
    r"\b(?:validate|verify|double-?check|check|evaluate|measure)\b.*\b(?:on|with|against)\s+(?:the\s+)?"
    r"(?:sealed\s+|hidden\s+)?(?:test|held-?\s?out)\b",
    re.IGNORECASE,
)
_ORDERS_TO_CONFIRM = re.compile(
    rf"(?:^|[.!?;:,]\s|\b(?:and|then|but|so|please|let'?s|(?:can|could|would|will) you|to)\s)\W*{_POLITELY}"
    r"(?:re-?)?confirm\b(?!ation)",
    re.IGNORECASE,
)
_ENDS_CONFIRMING = re.compile(
    rf"^\W*{_POLITELY}(?:stop|cancel|abort|end|quit|halt|kill|terminate|pause|interrupt|give up)\b", re.IGNORECASE
)
_FORBIDS = re.compile(rf"^\W*{_POLITELY}(?:do\s?n[o']?t|do not|dont|never)\b", re.IGNORECASE)
_OF_TEST = re.compile(
    r"\bconfirm(?:ed|s)\b|\bon (?:the )?(?:sealed )?test\b|\btest(?:'s)? (?:score|value|result|part|set|ndcg|recall)|"
    r"\btest (?:part )?(?:was |is |been )?(?:read|opened|sealed)\b|\b(?:read|open|touch)(?:ed)? (?:the )?test\b|"
    r"^\W*(?:please |can you )*(?:show|where|give|open|see)\b.*\brecord\b",
    re.IGNORECASE,
)
_A_TEST_SET = re.compile(r"^\W*(?:what(?:'s| is| are)|explain|define)\s+an?\b", re.IGNORECASE)  # in general
_TRIED = ("propose_trial",)  # tools after which a yes means the trial
_TODAY = re.compile(r"\b(?:today|now|in production|currently|at present|live)\b", re.IGNORECASE)
AGAINST = re.compile(
    rf"\b(?:against|versus|vs\.?|compared (?:to|with))\b|\b(?:beats?|better than)\b.*{_TODAY.pattern}", re.IGNORECASE
)
"""What says that a trial is what runs today."""
_AGAIN = re.compile(
    r"\b(?:repeat|again|once more|re-?run|another time|(?:an?other|different|new) seed|seed\s*[=:]?\s*\d+)\b", re.I
)
_SEED = re.compile(r"\bseed\s*(?:=|:|of|to)?\s*(\d+)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\?|^\W*(?:(?:and|but|so|then|please|ok(?:ay)?)\W+)*(?:which|why|how|what|who|when|where|is|are|was|"
    r"were|do|does|did|has|have|can i|should|would|could|will|show|explain|list|compare|recommend|remember|note|"
    r"export|tell|describe|recall)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"\b(?:tune|optimi[sz]e|new study|start|begin|launch|compare|search)\b", re.IGNORECASE)
_POLITE = re.compile(r"\b(?:can|could|would|will) (?:you|we)\b|\bplease\b.*\?", re.IGNORECASE)
_MORE = re.compile(
    r"\b(?:add|plus|another|append)\s+(?P<a>\d+)\s+(?:more\s+|extra\s+|further\s+)?(?:trials?|runs?)\b|"
    r"\b(?P<b>\d+)\s+(?:more|extra|further|additional|other)\s+(?:trials?|runs?|tries)\b|"
    r"\b(?P<c>\d+)\s+(?:trials?|runs?)\s+more\b",
    re.IGNORECASE,
)
_BUDGET = re.compile(
    r"\b(?:in all|in total|altogether|budget|make it|stop after|end after|limit|extend|raise|increase|reduce|lower|cut|"
    r"at most|no more than|from now on)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:limit|at most|no (?:longer|more) than|within|give (?:it|the study)|stop after|budget)\b", re.I
)
_LONGER = re.compile(
    r"\b(?:minutes?|mins?|hours?|hrs?|seconds?|days?|\d+\s*[hms])\s+(?:more|longer|extra)\b|"
    r"\b(?:another|extra|more)\s+(?:\d+|an?|half)\s?(?:an\s+)?(?:minutes?|mins?|m|hours?|hrs?|h)\b|"
    r"\b\d+\s+(?:more|extra|further)\s+(?:minutes?|mins?|hours?|hrs?)\b",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:from now on|from here on|for the rest|only|just)\b", re.IGNORECASE)
_OUT = re.compile(
    r"\b(?:without|drop|leave out|exclude|remove|stop (?:trying|using|with)|no more|forget about|not)\s+(?:the\s+)?",
    re.IGNORECASE,
)
_IN = re.compile(r"\b(?:add|include|also (?:try|use|tune|take|run)|try \S+ too|bring in)\b", re.IGNORECASE)


def told(text: str, context: PilotContext) -> str | None:
    """The tool; None where the network has to tell."""
    if context.study is None:
        return None
    if tool := _about_confirming(text, context):
        return tool
    if _ASKS.search(text) and not _POLITE.search(text):
        return None
    if _AGAIN.search(text) and read_repeat(text, context).get("trial") is not None and not _has_params(text, context):
        return "repeat_trial"
    return "change_study" if read_changes(text, context) else None


def _about_confirming(text: str, context: PilotContext) -> str | None:
    """`confirm`, to stop one, or to say how one stands; None where the message speaks of something else."""
    asks = bool(text.strip().endswith("?") or _ASKS.search(text))
    if _CONFIRM.search(text):
        if _ENDS_CONFIRMING.search(text):
            return "control_study"
        if _FORBIDS.search(text):
            return "show_confirmation"
        if asks and not _ORDERS_TO_CONFIRM.search(text):
            return "show_confirmation"
        says_yes = context.has_proposal and (context.study_state == "waiting" or context.last_tool in _TRIED)
        return None if says_yes else "confirm"
    if _CHECKS_ON_TEST.search(text) and not _FORBIDS.search(text) and (not asks or _POLITE.search(text)):
        return "confirm"
    if (
        text.strip().endswith("?")
        and AGAINST.search(text)
        and _TODAY.search(text)
        and one_trial(text, context) is not None
    ):
        return "confirm"  # of a trial that runs today
    is_of_test = asks and _OF_TEST.search(text) and not _A_TEST_SET.search(text)
    return "show_confirmation" if is_of_test else None


def read_repeat(text: str, context: PilotContext) -> dict[str, Any]:
    """The arguments of `repeat_trial`."""
    seed = _SEED.search(text)
    trial = one_trial(_SEED.sub(" ", text), context)
    return {name: value for name, value in (("trial", trial), ("seed", seed and int(seed[1]))) if value is not None}


def read_changes(text: str, context: PilotContext) -> dict[str, Any]:
    """The arguments of `change_study`; empty where the message begins another study or changes none."""
    if _BEGINS.search(text) or read_dataset(Reader(text), context, guess=False) is not None:
        return {}
    reader = Reader(text)
    found: dict[str, Any] = {}
    if constraints := read_constraints(reader):
        found["constraints"] = constraints
    if more := reader.take(_MORE):
        found["n_more_trials"] = int(next(value for value in more.groups() if value))
    if (_TIME.search(text) or _LONGER.search(text)) and (seconds := read_duration(reader)):
        found["more_time_s" if _LONGER.search(text) else "time_limit_s"] = seconds
    if _BUDGET.search(text) and "n_more_trials" not in found and (n_trials := read_trial_count(reader)):
        found["n_trials"] = n_trials
    return found | _models(reader.text, context)


def _models(text: str, context: PilotContext) -> dict[str, list[str]]:
    """Which models compete from now on; those of a message about params stay as they are."""
    if _has_params(text, context):
        return {}
    out = [model for match in _OUT.finditer(text) for model in read_models(Reader(text[match.end() :]), context)[:1]]
    if out and all(model in context.study_models for model in out):
        return {"without_models": out}
    named = read_models(Reader(text), context)
    if not named or one_trial(digits(text), context) is not None:
        return {}
    if _IN.search(text) and not set(named) & set(context.study_models):
        return {"more_models": named}
    return {"models": named} if _NOW.search(text) else {}


def _has_params(text: str, context: PilotContext) -> bool:
    return any(mention.param != "seed" for mention in mentions(text, context, context.study_models))
