"""Whether what is read speaks of the trials that a message names: a trial that is named is the one that is answered.

>>> trials_said("why did trial 2 run, and not trial 3?")
(2, 3)
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from agent.answers.wording import listed
from agent.understanding.arguments.trial_words import resolved
from agent.understanding.clauses.corrections import settled
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request, Waiting, requests_in
from agent.words.chinese import gloss, is_chinese
from agent.words.digits import COUNTS
from agent.words.names import read

_NUMBER = rf"(?:\d{{1,5}}|zero|{'|'.join(word for word, n in COUNTS.items() if n <= 12)})\b(?![.,]\d|\s*%)"
_NAMED = re.compile(
    rf"(?<!per )(?<!each )(?<!every )(?<!\ba )(?<!one )(?<!another )\b(?:trial|trail)(?P<many>s?)\s*(?:#|number|no\.?|nr\.?)?\s*"
    rf"(?P<n>{_NUMBER}(?:\s*(?:,\s*and|,|and|or|&|/|vs\.?|versus|with|than|to|from)\s*(?:the\s+)?(?:trial\s*)?#?{_NUMBER})*)",
    re.IGNORECASE,
)
"""Numbers next to the word "trial", whatever else the message is taken for."""
_NTH = {
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}
_ORDINAL = re.compile(
    rf"\b(?:the\s+)?(?:(?P<word>{'|'.join(_NTH)})|(?P<n>\d{{1,3}})(?:nd|rd|th))\s+(?:trial|run)\b(?!\s+\d)",
    re.IGNORECASE,
)
"""A trial by its place: trials are numbered from 0, so that the third one is trial 2."""
_OF_TRIALS = ("explain_trial", "compare_trials")
_APART = re.compile(
    r"\b(?:differ\w*|better|worse|compar\w+|than|versus|vs|beats?|lost?\s+to|apart|ahead|behind|higher|lower|faster|slower)\b"
    r"|比|不如|区别|差别|不同|优于",
    re.IGNORECASE,
)
_MOST = 3  # trials that one answer explains


def trials_said(say: str) -> tuple[int, ...]:
    """The numbers that stand next to "trial", in the order of the text, also those that are taken back."""
    text = gloss(say) if is_chinese(say) else say
    found: list[int] = []
    for match in _NAMED.finditer(text):
        numbers = [_value(one[0]) for one in re.finditer(_NUMBER, match["n"], re.IGNORECASE)]
        found += numbers if len(numbers) > 1 or not match["many"] else []
    return tuple(dict.fromkeys(found))


def of_the_trials_named(plan: Plan, known: Known, dialogue: Dialogue) -> Plan:
    """The plan, which answers of each trial that is named, or asks whether that is meant; what acts stays as it is."""
    of_trials = [one for one in plan.requests if one.tool in _OF_TRIALS]
    if not of_trials or plan.answer is not None or plan.waiting is not None:
        return plan
    said = _meant(plan.say, known)
    if not said and (nth := _by_place(plan.say)) is not None:
        return _asked_which(plan, of_trials, nth, known)
    missing = [number for number in said if number not in _answered(plan, known, dialogue)]
    is_alone = any(one.tool == "compare_trials" and len(one.args.get("trials", "ab")) < 2 for one in of_trials)
    if len(said) > 1 and (is_alone or (missing and len(of_trials) == 1)):
        return _with(plan, of_trials, _of_several(of_trials[0], said, plan.say))
    if not missing:
        return plan
    requests = tuple(_explained(of_trials[0], number) for number in said[:_MOST])
    names = f"trial{'s' if len(said) > 1 else ''} {listed([str(number) for number in said])}"
    text = f"You named {names}, and I am not sure what you ask of {'them' if len(said) > 1 else 'it'}. Shall I explain {names}?"
    return replace(_with(plan, of_trials, ()), waiting=Waiting(requests=requests, text=text))


def _with(plan: Plan, of_trials: Sequence[Request], instead: Sequence[Request]) -> Plan:
    """The plan with other calls in the place of those that speak of trials."""
    before = plan.requests[: plan.requests.index(of_trials[0])]
    after = [one for one in plan.requests[len(before) :] if one.tool not in _OF_TRIALS]
    return replace(plan, requests=(*before, *instead, *after))


def _explained(like: Request, number: int) -> Request:
    study = {"study": like.args["study"]} if "study" in like.args else {}
    return replace(like, tool="explain_trial", args={**study, "trial": number})


def _of_several(first: Request, said: Sequence[int], say: str) -> tuple[Request, ...]:
    """Of several trials: how they differ where that is asked, else where each came from."""
    explained = tuple(_explained(first, number) for number in said[:_MOST])
    if not _APART.search(say) and first.tool == "explain_trial":
        return explained
    args = {name: value for name, value in explained[0].args.items() if name == "study"} | {"trials": list(said)}
    return (replace(first, tool="compare_trials", args=args),)


def _meant(say: str, known: Known) -> tuple[int, ...]:
    """The trials that are named and not taken back in the same message: "trial 3, no, trial 4"."""
    heard = read(gloss(say) if is_chinese(say) else say, known.names)
    kept = {span.value for span in settled(heard).spans if span.kind in ("trial", "number")}
    gone = {span.value for span in heard.spans if span.kind in ("trial", "number")} - kept
    return tuple(number for number in trials_said(say) if number not in gone)


def _answered(plan: Plan, known: Known, dialogue: Dialogue) -> set[int]:
    """The trials of which the calls speak."""
    found: set[int] = set()
    for one in requests_in(plan):
        args = {"trial": "best"} | dict(one.args) if one.tool == "explain_trial" else one.args
        for value in _leaves(args.values()):
            at = value if isinstance(value, int) else resolved(value, known, dialogue.trial)
            found |= {at} if at is not None else set()
    return found


def _leaves(values: Iterable[Any]) -> Iterable[Any]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _leaves(value)
        elif isinstance(value, int | str) and not isinstance(value, bool):
            yield value


def _by_place(say: str) -> int | None:
    """The place that a trial is named by: 3 for "the third trial"."""
    match = _ORDINAL.search(say)
    return None if match is None else _NTH[match["word"].lower()] if match["word"] else int(match["n"])


def _asked_which(plan: Plan, of_trials: Sequence[Request], nth: int, known: Known) -> Plan:
    """Asks whether the third trial is the one with the number 3, or the third that ran."""
    numbers = list(dict.fromkeys((*known.trials[nth - 1 : nth], nth)))
    requests = tuple(_explained(of_trials[0], number) for number in numbers if number in known.trials)
    plan = _with(plan, of_trials, ())
    place = _said_nth(nth)
    if not requests:
        there = f"Trials are numbered from 0, and there is no {place} one here. Which trial do you mean?"
        return replace(plan, answer=there)
    which = " or ".join(f"**trial {one.args['trial']}**" for one in requests)
    text = f"Trials are numbered from 0: the {place} that ran is trial {numbers[0]}. Shall I explain {which}?"
    choices = tuple(f"Explain trial {one.args['trial']}" for one in requests)
    lacking = "tool" if len(requests) > 1 else None
    return replace(plan, waiting=Waiting(requests=requests, lacking=lacking, choices=choices, text=text))


def _said_nth(nth: int) -> str:
    return next((word for word, n in _NTH.items() if n == nth), f"{nth}th")


def _value(word: str) -> int:
    return int(word) if word.isdigit() else COUNTS.get(word.lower(), 0)
