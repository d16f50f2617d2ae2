"""What an order to tune wants run first: "try n_neighbors 50 first", "start with dropout 0.1", "without the defaults"."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from agent.understanding.bounds.params import alternatives, told_params, values_of
from agent.understanding.bounds.ruled_out import without_ruled_out
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known
from agent.words.said import Said, compiled

_DEFAULTS = r"(?:(?:any|a|the|its|their|your|all|of|trials?|runs?|model|model'?s|running|trying)\s+){0,4}defaults?\b(?!\s+(?:range|split|sampler|pruner|objective|metric|seed|is|are))"
_NO_DEFAULTS = (
    rf"\b(?:without|w/o|skip\w*|leav\w+\s+out|leav\w+|omit\w*|drop|no|minus)\s+{_DEFAULTS}(?:\s+(?:out|away))?"
    rf"|\b(?:do\s+not|don'?t|never)\s+(?:run|try|use|measure)\s+{_DEFAULTS}|(?:不跑|不要|不用|跳过)默认(?:值|参数|配置)?"
)
_VERB = r"(?:try|trying|run|test|use|take|queue|enqueue|do|evaluate)"
_FIRST = r"(?:first|at\s+first|before\s+(?:anything|everything|all)\s+else|right\s+after\s+(?:the\s+)?defaults?|to\s+(?:start|begin)(?:\s+with)?)\b"
_NO_BREAK = r"(?:(?!\b(?:try|then|first|start|begin)\b)[^;.!?。；])"
_TO_TRY = (
    rf"\b{_VERB}\s+(?P<said>{_NO_BREAK}{{0,120}}?{{param}}{_NO_BREAK}{{0,80}}?)[\s,]+{_FIRST}",
    rf"\bfirst[,:]?\s+(?:{_VERB}\s+)?(?P<said>(?:with\s+)?{{param}}(?:(?!\bthen\b|,\s*(?:and\s+)?(?:then|\d|[\ue001-\uf8ff]\ue000*\s*trials?))[^;.!?])*)",
    r"\b(?:start|begin)(?:ning|ing|s)?\s+(?:out\s+|off\s+)?(?:with|from|at)\s+(?P<said>(?:(?:a|an|the|{model})\s+)*{param}(?:(?!\bthen\b|,(?!\s*{param}))[^;.!?])*)",
    r"先\s*(?:试|跑|用|从|try|run|use|test|from|start\s+with)\s*(?:一下)?\s*(?P<said>{param}[^，,。；;.!?]*)",
)
_THEN = compiled(
    rf"(?:[\s,;，；、]|\band\b|\bfirst\b)*(?:\b(?:then|next|after\s+that|afterwards|followed\s+by)\b|\banother\s+(?=try|run|test)|再|然后|接着)[\s,]*(?:{_VERB}\s+|with\s+|试|跑)?\s*"
    r"(?P<said>{param}(?:(?!\bthen\b|,(?!\s*{param})|，)[^;.!?；。])*|{amount}(?=\s*(?:[,.;!，；。]|$|\b(?:and|then)\b)))"
)
"""The next one of "try l2 50 first, then 150"."""
_FIXED = compiled(
    r"\b(?:always|must|fix(?:ed)?|constant|throughout|in\s+(?:all|every|each)|for\s+(?:all|every)|keep(?:ing)?|held|hold|stays?)\b|固定|始终|一直"
)
"""What is said of every trial, not of the first one."""
_ENDS_FIRST = compiled(r"[,，、;]|\b(?:and|with|while|but)\b")


_LEADS = re.compile(
    r"\W*(?:and\s+)?(?:first|then|先|再|another\s+(?:try|run|test)|start\s+with|begin\s+with)(?![a-z])", re.IGNORECASE
)


def runs_first(text: str) -> bool:
    """Whether a part of an order to tune says what its study is to run first: "先跑l2=200", "then try l2 150"."""
    return _LEADS.match(text) is not None


def first_in(stretch: Stretch, known: Known, models: Sequence[str]) -> dict[str, Any]:
    """`try_first` and `run_defaults`, where the person says so; what they hold is used, and is no range.

    Args:
        models: That the request names.
    """
    found: dict[str, Any] = {}
    if stretch.has(_NO_DEFAULTS):
        found["run_defaults"] = False
    tries = [one for parts in _parts(stretch) for one in _in_order(parts, known, tuple(models))]
    return found | ({"try_first": tries} if tries else {})


def _parts(stretch: Stretch) -> Iterator[list[Stretch]]:
    """The pieces that say params to run first, each with those that follow it; what one of them used is not read again."""
    for pattern in _TO_TRY:
        for start, end in stretch.parts:
            for match in stretch.said.find(pattern, start, end):  # the model in it may be used already
                parts = [Stretch(stretch.said, [_of_the_first(stretch.said, *match.span("said"))], stretch.used)]
                place = match.end()
                while (then := _THEN.match(stretch.said.marked, place, stretch.parts[-1][1])) is not None:
                    parts.append(Stretch(stretch.said, [_of_the_first(stretch.said, *then.span("said"))], stretch.used))
                    place = then.end()
                yield parts


def _of_the_first(said: Said, start: int, end: int) -> tuple[int, int]:
    """Without what is to hold in every trial: "begin at l2 50, dropout must always be 0.1"."""
    fixed = _FIXED.search(said.marked, start, end)
    ends = [match.start() for match in _ENDS_FIRST.finditer(said.marked, start, fixed.start())] if fixed else []
    return (start, ends[-1]) if ends else (start, end)


def _in_order(parts: Sequence[Stretch], known: Known, models: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The params of each piece; a bare amount is of the only param of the piece before it."""
    before: dict[str, Any] = {}
    for part in parts:
        found = _params(part, known, models)
        names = [name for name in before if name != "model"]
        if not found and len(names) == 1 and not part.spans("param"):
            for span in part.spans("number", "share", "fraction")[:1]:
                part.use(span)
                found = [before | {names[0]: span.value}]
        yield from found
        before = found[-1] if found else {}


def _params(part: Stretch, known: Known, models: tuple[str, ...]) -> list[dict[str, Any]]:
    used = set(part.used)
    (start, end), *_ = part.parts
    own = [span.value for span in part.said.of("model", start=start, end=end)]
    told = without_ruled_out(told_params(part, known, tuple(own) or models), part)
    several = alternatives(told, part)
    params = values_of(told)
    if not params or any(bound.is_range or not bound.is_absolute for one in told for bound in one.bounds):
        part.used.intersection_update(used)
        last = part.said.text.rfind(",", start, end)  # "start with l2 50, dropout from 0.1 to 0.3"
        return _params(Stretch(part.said, [(start, last)], part.used), known, models) if last > start else []
    part.use(*part.spans("model"))
    of = {"model": own[-1]} if own else {}
    return [of | params | one for one in several] or [of | params]
