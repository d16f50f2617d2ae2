"""Values that a message rules out: "weighting anything but bm25", "no cosine", "除了bm25".

What is ruled out is never a value to take. Of a param with choices the others are left; anything else stays unused, so
that the person is asked about it.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from agent.understanding.bounds.bounds import Bound
from agent.understanding.bounds.params import Told
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known
from agent.words.said import Said, Span, compiled
from recmodels.models import whole_space
from recmodels.search_space import Choice

_BUT = r"(?:anything|everything|any(?:\s+(?:value|choice|kind|one))?|all|whatever|nothing)\s+(?:but|except(?:\s+for)?|besides)"
_NOT = (
    rf"(?:{_BUT}|not|no|without|w/o|except(?:ing)?(?:\s+for)?|excluding|exclude|never|avoid(?:ing)?|minus|skip(?:ping)?|"
    r"leav(?:e|ing)\s+out|rul(?:e|ing)\s+out|drop|other\s+than|apart\s+from|aside\s+from|different\s+from|but\s+not|anything\s+but|"
    r"(?:do\s+not|don['’]?t|does\s+not|doesn['’]?t|must\s+not|should\s+not|shouldn['’]?t|mustn['’]?t|may\s+not|can\s*not|can['’]?t|no\s+need\s+to|ohne|kein\w*|sans|sin))"
)
_FILL = r"(?:any|the|a|an|of|at|is|be|to|it|as|for|with|use|using|try|trying|take|taking|want|test|run|have|set|value|values|param|=|:|[\"'`“‘])"
_BEFORE = compiled(
    rf"(?:(?<![\w-]){_NOT}(?:\s+{_FILL})*\s*(?:{{param}}\s*(?:{_FILL}\s*)*)?[\"'`“‘]?|(?:除了?|排除|不要|别用|不用)\s*(?:{{param}}\s*)?(?:为|是|用)?\s*)$"
)
_AFTER = compiled(
    r"[\"'`”’]?\s*(?:is\s+|are\s+|being\s+)?(?:excluded|left\s+out|ruled\s+out|forbidden|not\s+allowed|not\s+wanted|off[- ]limits)\b|\s*(?:除外|以外)"
)
_NEAR = 60  # characters before a value in which it is ruled out


def _is_ruled_out(bound: Bound, stretch: Stretch) -> bool:
    if bound.is_range or not bound.is_absolute or not bound.spans or not (bound.choices or bound.value is not None):
        return False
    return is_ruled_out_at(stretch.said, bound.spans[0], bound.spans[-1])


def is_ruled_out_at(said: Said, span: Span, last: Span | None = None) -> bool:
    """Whether the words around a value, or around a list that ends with `last`, say that it is not wanted."""
    before = said.marked[max(0, span.start - _NEAR) : span.start]
    return _BEFORE.search(before) is not None or _AFTER.match(said.marked, (last or span).end) is not None


def without_ruled_out(told: Sequence[Told], stretch: Stretch) -> list[Told]:
    """The params with what they are to be; what they may not be stays unused."""
    found = []
    for one in told:
        out = [bound for bound in one.bounds if _is_ruled_out(bound, stretch)]
        stretch.used.difference_update(span for bound in out for span in bound.spans)
        kept = tuple(bound for bound in one.bounds if bound not in out)
        if kept or not out or one.span is not None:
            found.append(replace(one, bounds=kept))
    return found


def with_the_rest(told: Sequence[Told], stretch: Stretch, known: Known, models: Collection[str] = ()) -> list[Told]:
    """Params that are searched: those with choices have the ones that are not ruled out.

    Args:
        models: Of the request; by default any model that has the param.
    """
    out: dict[str, list[Bound]] = {}
    for one in told:
        out.setdefault(one.param, []).extend(bound for bound in one.bounds if _is_ruled_out(bound, stretch))
    found = without_ruled_out(told, stretch)
    for param, bounds in out.items():
        if not bounds:
            continue
        banned = [value for bound in bounds for value in (bound.choices or (bound.value,))]
        spans = [span for bound in bounds for span in bound.spans]
        if any(one.bounds for one in found if one.param == param):  # "bm25, not cosine"
            stretch.use(*spans)
        elif kept := _others(param, banned, known, models):
            stretch.use(*spans)
            name = next(one.span for one in told if one.param == param)
            rest = Bound(start=bounds[0].start, end=bounds[0].end, spans=tuple(spans), choices=kept)
            found = [one for one in found if one.param != param]
            found.append(Told(param=param, bounds=(rest,), span=name))
    return found


def _others(param: str, banned: Sequence[object], known: Known, models: Collection[str]) -> tuple[object, ...]:
    """The choices that are left; none where the param has none, or where a banned value is none of them."""
    of = [model for model in known.models_with(param) if not models or model in models]
    kinds = [space[param] for space in (whole_space(model) for model in of) if param in space]
    choices = list(dict.fromkeys(value for kind in kinds if isinstance(kind, Choice) for value in kind.choices))
    return tuple(value for value in choices if value not in banned) if set(banned) <= set(choices) else ()
