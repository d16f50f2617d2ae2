"""What a message says about the search space: one request for each param."""

import re
from dataclasses import replace
from typing import Any

from agent.understanding.bounds.bounds import Bound, bounds_in
from agent.understanding.bounds.params import Told, relative, told_params
from agent.understanding.bounds.ruled_out import with_the_rest
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known
from agent.words.said import Span

Args = dict[str, Any]

_RESET = (
    r"^\W*any(?:thing)?(?:\s+(?:at\s+all|value))?\W*$|{param}\s*[:=]?\s*any\b(?!\s+\w)|\bany\s+{param}\s+(?:again|goes|is\s+fine|will\s+do)\b|\b(?:any\s+value|whole\s+range|full\s+range|original\s+range|entire\s+range|anything(?:\s+again)?|free(?:ly)?(?:\s+again)?|unrestrict\w*|unlimit\w*|unfix\w*|un-?freeze|"
    r"reset|no\s+(?:more\s+)?(?:limits?|bounds?|restrictions?)|(?:remove|drop|lift|forget)\s+(?:the\s+|all\s+|any\s+)*(?:limits?|bounds?|restrictions?|range|constraint)|back\s+to\s+(?:the\s+|its\s+)*(?:default|full|original|declared)?\s*range|"
    r"open(?:ed)?\s+(?:up\s+)?(?:again|completely|fully)|all\s+(?:values|choices|options)|vary\s+(?:it\s+)?(?:again|freely)|let\s+it\s+vary\s+again|search\s+(?:it\s+)?again)\b|不再限制|恢复"
)
_HOLD = (
    r"\b(?:don'?t|do\s+not|no\s+need\s+to|stop|never|not|quit|no\s+longer)\s+(?:want\s+to\s+|need\s+to\s+|wish\s+to\s+)?(?:tun\w+|vary\w*|search\w*|optimi[sz]\w+|touch\w*|chang\w+|explor\w+|sweep\w*|mess\w*|sampl\w+)|"
    r"\b(?:fix|freeze|keep|hold|leave|pin|lock)\b[^.;,]{0,40}\b(?:as\s+(?:it\s+)?is|default|constant|fixed|alone|untouched|where\s+it\s+is|still)\b|\bat\s+(?:its\s+|the\s+)?default\b"
)
_BEST = r"\b(?:at|to)\s+(?:its\s+|the\s+)?(?:best|winner'?s?|winning)\s*(?:one|value|trial)?\b|\bbest\s+trial'?s?\b"
_OF = 6  # characters between a param and its model: "l2 of ease"
_AROUND = 3.0  # "around 0.001": this factor to both sides


def set_search_space(stretch: Stretch, known: Known) -> list[Args]:
    """One set of arguments a param; without a name, what is said of the param that was talked of last."""
    shared: Args = {}
    for span in stretch.spans("study")[:1]:
        shared["study"] = span.value
        stretch.use(span)
    named = stretch.spans("model")
    models = tuple(dict.fromkeys(span.value for span in named))
    if models:
        shared["model"] = models[0]
        stretch.use(*stretch.spans("model"))
    else:
        shared |= _announced_model(stretch)
    told = with_the_rest(_with_other_ends(told_params(stretch, known, models), stretch), stretch, known)
    saying = [one for one in told if one.bounds or one.is_off or one.switch is not None]
    found = (
        [one for one in told if one in saying or _clause(one, stretch).has(rf"{_RESET}|{_HOLD}")] if saying else told
    )
    found = found or _nameless(stretch, known)
    changes = [_change(one, _clause(one, stretch) if saying else stretch) for one in found]
    own = [_own_model(one, told, named) if len(models) > 1 else {} for one in found]
    return [change | shared | model for change, model in zip(changes, own, strict=True)] or [shared]


def _own_model(told: Told, others: list[Told], models: list[Span]) -> Args:
    """The model that is named next to a param: "bpr's n_negatives 4, ease l2 up to 500"; none where it is in doubt."""
    if told.span is None:
        return {}
    here = told.span
    start = max((other.span.end for other in others if other.span and other.span.end <= here.start), default=0)
    before = [span for span in models if start <= span.start < here.start]
    after = [span for span in models if 0 <= span.start - here.end <= _OF]
    return {"model": (after or before)[-1].value} if after or before else {}


def _clause(told: Told, stretch: Stretch) -> Stretch:
    """The clause that names a param, with everything in it free; the whole stretch where none does."""
    parts = [part for part in stretch.parts if told.span and part[0] <= told.span.start < part[1]]
    return Stretch(stretch.said, parts or stretch.parts)


def _with_other_ends(told: list[Told], stretch: Stretch) -> list[Told]:
    """The only param that is bounded, with the other end that a later sentence adds: "Ah, and no fewer than 2"."""
    bounded = [one for one in told if one.bounds]
    if len(bounded) != 1 or len(bounded[0].bounds) != 1:
        return told
    for bound in bounds_in(stretch):
        if bounded[0].bounds[0].is_end_with(bound):
            stretch.use(*bound.spans)
            whole = replace(bounded[0], bounds=(bounded[0].bounds[0].with_other_end(bound),))
            return [whole if one is bounded[0] else one for one in told]
    return told


_WIDENED = r"\b(?:widen|extend|expand|open|stretch|enlarge|raise|increase|push|bump|loosen|relax)\w*\b[^.;,]*\bto\s*$"


def _is_widened(bound: Bound, stretch: Stretch) -> bool:
    """ "open dropout to 0.7" moves the upper end."""
    before = stretch.said.marked[max(0, bound.start - 60) : bound.start]
    return isinstance(bound.value, int | float) and re.search(_WIDENED, before, re.IGNORECASE) is not None


def _announced_model(stretch: Stretch) -> Args:
    """The model of "for bpr: 2 negatives, and a learning rate of 0.01", for what follows the first change too."""
    announced = list(stretch.earlier().find(r"\b(?:for|in|of|on|bei|pour|para)\s+(?P<m>{model})\s*[:,]"))
    return {"model": stretch.said.span(announced[-1], "m").value} if announced else {}


def _nameless(stretch: Stretch, known: Known) -> list[Told]:
    """Bounds without a param: of the one that was talked of last."""
    bounds = tuple(bounds_in(stretch))
    stretch.use(*(span for bound in bounds for span in bound.spans))
    earlier = stretch.earlier().spans("param")
    param = known.param(earlier[-1].value) if earlier else ""
    return [Told(param=param, bounds=bounds[:2], span=None)]


def _change(told: Told, stretch: Stretch) -> Args:
    change: Args = {"param": told.param} if told.param else {}
    for bound in told.bounds:
        if bound.choices:
            change["choices"] = list(bound.choices)
        elif bound.is_around and isinstance(bound.value, int | float):
            change |= {"low": float(f"{bound.value / _AROUND:.3g}"), "high": float(f"{bound.value * _AROUND:.3g}")}
        elif bound.factor and stretch.has(r"\bboth\s+(?:ends|sides|limits|bounds)\b"):
            change |= {"low": f"x{1 / bound.factor:.6g}", "high": f"x{bound.factor:.6g}"}
        elif (relation := relative(bound)) is not None:
            change[bound.edge or "value"] = relation
        elif bound.edge is None and _is_widened(bound, stretch):
            change["high"] = bound.value
        elif bound.edge is not None:
            change[bound.edge] = bound.value
        elif bound.is_range:
            change |= {name: value for name, value in (("low", bound.low), ("high", bound.high)) if value is not None}
        elif bound.value is not None and not {"low", "high", "choices"} & set(change):
            change["value"] = bound.value
    if "value" in change and {"low", "high"} & set(change) and isinstance(change["value"], int | float):
        change["low" if "high" in change else "high"] = change.pop("value")  # "to 0.7, from 0"
    if told.switch is not None and "value" not in change:
        change["value"] = told.switch
    if told.is_off:
        change["value"] = 0
    if not {"low", "high", "choices", "value"} & set(change):
        if stretch.says(_RESET):
            change["reset"] = True
        elif stretch.has(_BEST):
            change["value"] = "best"
        elif stretch.has(_HOLD):
            change["value"] = "default"
    return change


def show_space(stretch: Stretch, known: Known) -> Args:
    """The arguments of `show_space`."""
    args: Args = {}
    models = [span.value for span in stretch.spans("model")]
    params = stretch.spans("param")
    if not models and stretch.has(r"\b(?:it|its|that\s+(?:one|model))\b"):
        models = [span.value for span in stretch.earlier().spans("model")[-1:]]
    if models:
        args["model"] = models[0]
    if params:
        args["param"] = known.param(params[0].value, tuple(models))
    for span in stretch.spans("study")[:1]:
        args["study"] = span.value
    stretch.use(*stretch.spans("model", "param", "study"))
    return args
