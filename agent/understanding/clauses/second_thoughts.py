"""What a person thinks better of within one message: "export it. Or leave it." and "20 more — wait, how long was one?"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agent.understanding.clauses.corrections import MARKER
from agent.understanding.clauses.mood_words import POLITENESS
from agent.understanding.clauses.reader import Reading
from agent.understanding.clauses.segments import Segment
from agent.understanding.plan import Held, Request, Waiting, Why
from agent.words.acts import ACTS
from agent.words.said import Said

_WITHDRAWS = re.compile(
    rf"^\W*(?:{POLITENESS}|no\W+|nah\W+|nope\W+|hm+\W+|wait\W+|ah\W+|on\s+second\s+thoughts?\W+)*(?:leave\s+(?:it|that|them)(?:\s+(?:be|alone|as\s+(?:it|that)\s+is))?|forget\s+(?:it|that|about\s+(?:it|that)|i\s+(?:asked|said\s+(?:anything|that)))|"
    r"never\s*mind(?:\s+(?:that|it))?|(?:please\s+)?don'?t(?:\s+(?:do\s+(?:it|that)|bother))?|do\s+not(?:\s+do\s+(?:it|that))?|let'?s\s+(?:not|leave\s+(?:it|that))|scratch\s+that|cancel\s+(?:it|that)|(?:better|rather)\s+not|skip\s+(?:it|that)|i\s+changed\s+my\s+mind|算了|不用了)(?:\s+(?:then|please|for\s+now|now|today|sorry))*\W*$",
    re.IGNORECASE,
)
_HESITATES = re.compile(
    rf"^\W*(?:{POLITENESS}|no\W+|hm+\W+|oh\W+|ah\W+)*(?:wait(?:\s+(?:a\s+(?:second|sec|moment|minute|bit)|up))?|hold\s+(?:on|it)|hang\s+on|(?:one|just\s+a)\s+(?:second|sec|moment|minute)|not\s+so\s+fast|before\s+(?:that|you\s+(?:do|start|run))(?:\s+that)?)(?![\w'])",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:what\s+do\s+you\s+(?:say|think|reckon|make\s+of)|do\s+you\s+agree|what(?:'s|\s+is)\s+your\s+(?:opinion|view|take)|in\s+(?:your|my)\s+(?:place|shoes)|if\s+(?:i|you)\s+(?:were|was)\s+(?:you|me))\b|\bwould\s+you\s*\?",
    re.IGNORECASE,
)
"""An opinion is asked for: what is said with it is no order."""
_LOOKS = re.compile(r"\?|\bfirst\b|\b(?:tell|show)\s+me\b|\blet\s+me\s+(?:see|know|check|look)\b", re.IGNORECASE)
_FIRST = re.compile(r"\bfirst\W*$|^\W*(?:but\s+)?first\b|\bbefore\s+(?:that|you)\b", re.IGNORECASE)
"""What is to be shown before the act: "… Explain trial 1 first."."""
_FEW = 2  # words of a correction that has no verb
_ONLY = re.compile(r"^\W*(?:[\w']+\W+){0,3}[\w']*\W*$")


def reconsidered(said: Said, reading: Reading, asking: Sequence[Segment]) -> tuple[list[Segment], Mapping[int, Why]]:
    """The segments that ask for something after all, and why one of them is not done at once, by its place."""
    clauses = [(clause.start, said.text[clause.start : clause.end]) for clause in reading.clauses]
    pauses = [start for start, text in clauses if _HESITATES.match(text)]
    kept = [one for one in asking if not _only_waits(said, one, len(asking))]
    kept = _with_corrections(said, kept)
    asks_opinion = _OPINION.search(said.text) is not None
    why: dict[int, Why] = {}
    withdrawn = max((start for start, text in clauses if _WITHDRAWS.match(text)), default=-1)
    for place, segment in enumerate(kept):
        if ACTS[segment.tool].kind == "reads":
            continue
        end, asked_by = segment.parts[-1][1], segment.parts[0][1]
        shown = [other for other in kept[place + 1 :] if ACTS[other.tool].kind == "reads"]
        looks = bool(shown) or _LOOKS.search(said.text[asked_by:]) is not None
        if end <= withdrawn:
            why[place] = "refusal"
        elif (
            asks_opinion
            or (looks and any(asked_by <= start for start in pauses))
            or any(_FIRST.search(said.text[other.parts[-1][0] : other.parts[-1][1]]) for other in shown)
        ):
            why[place] = "unclear"
    return kept, why


def _with_corrections(said: Said, asking: Sequence[Segment]) -> list[Segment]:
    """The segments, a mere name or amount that corrects the one before joined to it: "user c5 in shop, ah wait, c6"."""
    found: list[Segment] = []
    for segment in asking:
        start, end = segment.parts[0][0], segment.parts[-1][1]
        before = found[-1] if found else None
        if (
            before is not None
            and said.within(start, end)
            and all(len(said.text[a:b].split()) <= _FEW for a, b in segment.parts if said.within(a, b))
            and (_corrects(said, before, end) or _says_again(said, before, segment))
        ):
            found[-1] = replace(before, parts=(*before.parts, *segment.parts))
        else:
            found.append(segment)
    return found


def _corrects(said: Said, before: Segment, end: int) -> bool:
    start = before.parts[0][0]
    gone = said.of("gone", start=start, end=before.parts[-1][1])
    return bool(gone) and MARKER.search(said.marked, start, end) is not None


def _says_again(said: Said, before: Segment, segment: Segment) -> bool:
    """ "6 more, or let me think... yes, 6"."""
    earlier = {span.value for start, end in before.parts for span in said.within(start, end)}
    return all(span.value in earlier for start, end in segment.parts for span in said.within(start, end))


def hesitates(text: str) -> bool:
    """Whether an order is followed by "wait", "hold on" or the like."""
    return any(_HESITATES.match(part) for part in re.split(r"[.,;!?…—–]+|\bbut\b", text)[1:])


def _only_waits(said: Said, segment: Segment, n: int) -> bool:
    """Whether a segment says no more than "wait" on the way to something else."""
    if n < 2 or any(said.within(start, end) for start, end in segment.parts):
        return False
    texts = [said.text[start:end] for start, end in segment.parts]
    return all(_HESITATES.match(text) and _ONLY.match(text) for text in texts)


def joined(requests: Sequence[Request | Held | Waiting]) -> list[Request | Held | Waiting]:
    """The requests without those that are part of another one, or that repeat one which only reads.

    "Take trial 3's params and set dropout to 0.5" is one trial.
    """
    found: list[Request | Held | Waiting] = []
    for request in requests:
        before = found[-1] if found else None
        if (
            isinstance(before, Request)
            and isinstance(request, Request)
            and before.tool in ("run_trial", "predict")
            and "base" in before.args
            and request.tool == "set_search_space"
            and "value" in request.args
            and not re.search(r"\bfrom\s+now\b|\balways\b|\bfix\b|\bsearch\b", request.words, re.IGNORECASE)
        ):
            params = dict(before.args.get("params", {})) | {str(request.args["param"]): request.args["value"]}
            found[-1] = replace(before, args=dict(before.args) | {"params": params})
        elif isinstance(before, Request) and isinstance(request, Request) and _completes(request, before):
            found[-1] = replace(
                before, args=_together(before.args, request.args), words=f"{before.words} {request.words}"
            )
        elif isinstance(before, Request) and isinstance(request, Request) and _names_again(request, before):
            found[-1] = before.with_args(name=request.args["name"])
        elif not _repeats(request, found):
            found.append(request)
    acting = [one for one in found if isinstance(one, Request) and one.acts]
    if len(acting) > 1:  # "three of those are plenty, halt" extends nothing
        found = [one for one in found if not _says_nothing(one)]
    return found


def _says_nothing(one: Request | Held | Waiting) -> bool:
    """Whether a study is begun or extended with nothing that was said of it."""
    if not isinstance(one, Request) or one.tool not in ("start_study", "extend_study"):
        return False
    words = one.words.lower()
    is_told = (
        name not in one.assumed and (name != "dataset" or str(one.args[name]).lower() in words) for name in one.args
    )
    return not any(is_told)


def _names_again(request: Request, before: Request) -> bool:
    """Whether a second name takes the place of the first: "rename demo-2 to main. Or main-a, rather"."""
    if (
        request.tool != before.tool
        or request.tool not in ("rename_study", "rename_dataset")
        or "name" not in request.args
    ):
        return False
    return all(
        before.args.get(name) == value or name in request.assumed
        for name, value in request.args.items()
        if name != "name"
    )


_ONE_CALL = ("add_dataset", "start_study", "extend_study", "confirm", "export_model")
"""What one message asks for once, unless it names two of them."""


def _completes(request: Request, before: Request) -> bool:
    """Whether a request goes on with the one before it: the same tool, and no argument of both differs."""
    if request.tool != before.tool or request.tool not in _ONE_CALL:
        return False
    return all(
        name not in before.args or before.args[name] == value or isinstance(value, dict | list)
        for name, value in request.args.items()
    ) and not (request.tool == "start_study" and {"models", "dataset"} & set(request.args) - set(request.assumed))


def _together(args: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(args)
    for name, value in more.items():
        old = both.get(name)
        if isinstance(old, dict) and isinstance(value, dict):
            both[name] = old | value
        elif isinstance(old, list) and isinstance(value, list):
            both[name] = [*old, *(one for one in value if one not in old)]
        else:
            both[name] = value
    return both


def _repeats(request: Request | Held | Waiting, found: Sequence[Request | Held | Waiting]) -> bool:
    if not isinstance(request, Request) or (
        request.acts and request.tool not in ("repeat_trial", "export_model", "confirm")
    ):
        return False
    return any(isinstance(one, Request) and (one.tool, one.args) == (request.tool, request.args) for one in found)
