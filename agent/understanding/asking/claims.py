"""What a message takes for granted about results, with a number: "since trial 3 had 0.2 recall", "you said sasrec reaches 0.9"."""

import re

from agent.answers.claimed import Claim
from agent.understanding.known import Known
from agent.words.names import read
from agent.words.said import Said
from recmodels.metrics import METRICS

_WHO = r"(?:(?P<trial>{trial})|(?P<model>{model})|\b(?:the\s+)?(?P<best>best|winner)(?:\s+(?:one|trial|model|result))?|(?<![\w'])(?P<it>it))"
_TRIAL = r"(?:trials?|trail)"
_HAS = (
    r"(?:\s+(?:only|just|really|already|actually|even|now|then|also))*\s+(?:had|has|have|got|gets|get|reached|reaches|reach|scored|scores|achieved|achieves|"
    r"hit|hits|gave|gives|measured|came\s+to|comes\s+to|made|makes|was\s+at|is\s+at|is|was)(?:\s+(?:only|just|about|around|nearly|an?|the|some|up\s+to))*\s+"
)
_PATTERNS = (
    rf"{_WHO}{_HAS}(?:(?P<before>{{metric}})\s+(?:of\s+|is\s+|=\s*)?)?(?P<n>{{amount}})(?:\s*(?P<after>{{metric}})|(?!\s*(?:{{param}}|\w+{{param}})))",
    rf"(?P<before>{{metric}})\s+(?:of\s+|was\s+|is\s+|=\s*)?(?P<n>{{amount}})\s+(?:\w+\s+){{0,3}}?(?:in|of|for|by|from)\s+(?:the\s+|{_TRIAL}\s+)*{_WHO}",
)
_SUPPOSED = re.compile(
    r"\b(?:what\s+if|if|suppose\w*|assum\w*|imagine|should|want|wish|until|when|target|goal)\b", re.IGNORECASE
)


def claims_in(say: str, known: Known) -> tuple[Claim, ...]:
    """The claims in the order of the message; none where it supposes or wishes."""
    said = read(say, known.names)
    found: dict[Claim, None] = {}
    for pattern in _PATTERNS:
        for match in said.find(pattern):
            clause = said.marked[max(0, said.marked.rfind(",", 0, match.start())) : match.start()]
            claim = None if _SUPPOSED.search(clause) else _claim(said, match, known)
            if claim is not None:
                found[claim] = None
    return tuple(found)


def _claim(said: Said, match: "re.Match[str]", known: Known) -> Claim | None:
    groups = match.groupdict()
    span = said.span(match, "n")
    if not isinstance(span.value, int | float) or not 0 < span.value < 1 or known.objective is None:
        return None
    named = next((said.span(match, name) for name in ("before", "after") if groups.get(name)), None)
    metric = known.objective if named is None else _with_cutoff(named.value, known.objective)
    written = said.words(span)
    digits = len(re.sub(r"\D", "", re.split(r"[.,]", written, maxsplit=1)[-1])) + (2 if "%" in written else 0)
    trial = said.span(match, "trial").value if groups.get("trial") else None
    model = said.span(match, "model").value if groups.get("model") else None
    if groups.get("it") and named is None:
        return None
    return Claim(metric=metric, value=float(span.value), digits=digits, trial=trial, model=model)


def _with_cutoff(value: object, objective: str) -> str:
    name = str(value[0] if isinstance(value, tuple) else value)
    cutoff = objective.partition("@")[2] or "10"
    return f"{name}@{cutoff}" if name in METRICS and METRICS[name].has_cutoff else name
