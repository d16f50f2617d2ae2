"""What an order to tune wants run first: "try n_neighbors 50 first", "start with dropout 0.1", "without the defaults"."""

from collections.abc import Iterator, Sequence
from typing import Any

from agent.understanding.bounds.params import alternatives, told_params, values_of
from agent.understanding.bounds.ruled_out import without_ruled_out
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known

_DEFAULTS = r"(?:(?:any|the|its|their|your|all|of|model|model'?s|running|trying)\s+){0,3}defaults?\b(?!\s+(?:range|split|sampler|pruner|objective|metric|seed|is|are))"
_NO_DEFAULTS = (
    rf"\b(?:without|w/o|skip\w*|leav\w+\s+out|leav\w+|omit\w*|drop|no|minus)\s+{_DEFAULTS}(?:\s+(?:out|away))?"
    rf"|\b(?:do\s+not|don'?t|never)\s+(?:run|try|use|measure)\s+{_DEFAULTS}|(?:不跑|不要|不用|跳过)默认(?:值|参数|配置)?"
)
_VERB = r"(?:try|trying|run|test|use|take|queue|enqueue|do|evaluate)"
_FIRST = r"(?:first|at\s+first|before\s+(?:anything|everything|all)\s+else|right\s+after\s+(?:the\s+)?defaults?|to\s+(?:start|begin)(?:\s+with)?)\b"
_NO_BREAK = r"(?:(?!\b(?:try|then|first|start|begin)\b)[^;.!?。；])"
_TO_TRY = (
    rf"\b{_VERB}\s+(?P<said>{_NO_BREAK}{{0,120}}?{{param}}{_NO_BREAK}{{0,80}}?)[\s,]+{_FIRST}",
    rf"\bfirst[,:]?\s+(?:{_VERB}\s+)?(?P<said>(?:with\s+)?{{param}}(?:(?!,\s*(?:and\s+)?(?:then|\d|[\ue001-\uf8ff]\ue000*\s*trials?))[^;.!?])*)",
    r"\b(?:start|begin)(?:ning|ing|s)?\s+(?:out\s+|off\s+)?(?:with|from|at)\s+(?P<said>(?:(?:a|an|the|{model})\s+)*{param}(?:(?!\bthen\b|,(?!\s*{param}))[^;.!?])*)",
    r"先(?:试|跑|用|从)(?:一下)?\s*(?P<said>{param}[^，。；;.!?]*)",
)


def first_in(stretch: Stretch, known: Known, models: Sequence[str]) -> dict[str, Any]:
    """`try_first` and `run_defaults`, where the person says so; what they hold is used, and is no range.

    Args:
        models: That the request names.
    """
    found: dict[str, Any] = {}
    if stretch.has(_NO_DEFAULTS):
        found["run_defaults"] = False
    tries = [one for part in _parts(stretch) for one in _params(part, known, tuple(models))]
    return found | ({"try_first": tries} if tries else {})


def _parts(stretch: Stretch) -> Iterator[Stretch]:
    """The pieces that say params to run first; what one of them used is not read again."""
    for pattern in _TO_TRY:
        for start, end in stretch.parts:
            for match in stretch.said.find(pattern, start, end):  # the model in it may be used already
                yield Stretch(stretch.said, [match.span("said")], stretch.used)


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
