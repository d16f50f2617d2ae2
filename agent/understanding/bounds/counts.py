"""The budget of a study: how many trials, how long, how patient."""

import re
from typing import Any

from agent.understanding.bounds.bounds import Bound
from agent.understanding.bounds.params import relative
from agent.understanding.bounds.stretch import Stretch
from agent.words.said import Span

_PER_TRIAL = r"(?:(?:per|each|every|a|(?:for|on|in)\s+(?:each|every|one|a|any|single|{number})|pro|par|por|/)\s*(?:single\s+)?(?:trial|trail|run|training|config\w*|one|versuch|essai|go)\b|(?:for\s+)?each\b|apiece)"
_PATIENCE = (
    r"(?P<m>{number})\s*{param}\s*(?:in\s+a\s+row\s+)?(?:without|with\s+no|w/o|(?:are\s+|is\s+|have\s+)?no|that\s+don'?t)\s+(?:any\s+)?(?:improve\w*|gain|progress|better)|"
    r"(?:stop\w*\s+(?:early|it)?|early\s+stop\w*|give\s+up)[^.;]{0,24}?(?P<e>{number})\s*{param}|(?P<o>{number})\s+(?:{param}\s+(?:of\s+)?)?patience"
)


_LASTS = r"(?:(?:that|which)\s+)?(?:would\s+|will\s+|may\s+)?(?:take|need|run|last|train|go)(?:s|es|ing)?"
_STOP = r"(?:stop|kill|abort|cancel|skip|drop|end|terminate|interrupt|cut(?:\s+off)?)\w*"
_THAN = r"(?:(?:be|not|no|never|take|run|last|longer|more|over|above|beyond|shorter|less|under|below|at|most|max\w*|up|to|of|than|about)\s+){1,5}"
_OF_ANY_TRIAL = (
    rf"\b(?:anything|everything|whatever|nothing|none|those)\s+{_LASTS}\b[^.;,]{{0,24}}?(?P<j>{{duration}})|"
    rf"\b{_STOP}\s+(?:off\s+)?(?:anything|whatever)\b[^.;,]{{0,30}}?(?P<k>{{duration}})|"
    rf"\b{_STOP}\s+(?:off\s+)?(?:(?:the|all|any|each|every|slow|long|single)\s+)*(?:trials?|trainings?)\s+(?:off\s+)?(?:after|at|beyond|over|above)\s+(?P<l>{{duration}})|"
    rf"\btrials?\s+(?:{_LASTS}\s+|of\s+){_THAN}(?P<m>{{duration}})|"
    rf"(?<![\ue000-\uf8ff]\s)(?<![\ue000-\uf8ff])\btrials?\s+(?:(?:must|should|may|can|shall|are|is)\s+)?{_THAN}(?P<n>{{duration}})"
)
"""A limit of each trial though no word says "each": "stop anything that takes longer than five minutes"."""


def patience(stretch: Stretch) -> dict[str, Any]:
    """`{"patience": 3}` of "stop after 3 epochs without improvement"."""
    match = stretch.take(_PATIENCE)
    return {"patience": stretch.value(match, group(match))} if match else {}


def counts(pairs: dict[Span, list[Bound]], stretch: Stretch) -> dict[str, Any]:
    """The amounts of the counted nouns; "x2" or "+5" where they change what stands."""
    found: dict[str, Any] = {}
    for owner, bounds in pairs.items():
        if owner.kind != "noun" or not bounds or owner.value in found:
            continue
        bound = bounds[0]
        if owner.value == "seed" and bound.end <= owner.start and stretch.said.words(owner).lower().endswith("s"):
            continue  # "3 seeds" counts them
        given = [value for value in (bound.value, bound.high, bound.low) if value is not None]
        found[owner.value] = given[0] if given else relative(bound)
        stretch.use(*bound.spans)
    return found


def times(stretch: Stretch) -> dict[str, Any]:
    """`time_limit_s`, `trial_time_limit_s` and `until`, in seconds."""
    args: dict[str, Any] = {}
    if match := stretch.take(
        rf"(?P<d>{{duration}})\.?\s*(?:at\s+most\s+|max(?:imum)?\s+|limit\s+|budget\s+|or\s+less\s+|tops\s+|time\s+)?(?:of\s+training\s+)?{_PER_TRIAL}|"
        rf"(?:{_PER_TRIAL}|每次|每个试验)[^.;,{{}}]{{0,40}}?(?P<e>{{duration}})|\btrial\s+(?:time\s*-?\s*)?(?:limit|out|cap|budget)\s*(?:of|=|:|to|is|at)?\s*(?P<f>{{duration}})|{_OF_ANY_TRIAL}|(?P<g>{{duration}})\s+trial\s+limit|\btrial\w*[^.;,]{{0,24}}(?P<h>{{duration}})\s+each|"
        rf"\b(?:no|none|any|never\s+an?|single)\s+(?:single\s+|one\s+|individual\s+)?(?:trials?|trails?|trainings?|runs?|configs?|of\s+them)\b[^.;{{}}]{{0,30}}?(?P<i>{{duration}})"
    ):
        args["trial_time_limit_s"] = float(stretch.said.span(match, group(match)).value)
    if durations := stretch.spans("duration"):
        args["time_limit_s"] = float(durations[-1].value)
        stretch.use(durations[-1])
    if clocks := stretch.spans("clock"):
        args["until"] = clocks[0].value
        stretch.use(clocks[0])
    return args


def group(match: "re.Match[str]") -> str:
    """The name of the group that took part in a match."""
    return next(name for name, value in match.groupdict().items() if value)
