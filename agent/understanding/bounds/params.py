"""Params with what a message says of them: values, ranges, choices, factors."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from agent.understanding.bounds.bounds import Bound, bounds_in
from agent.understanding.bounds.fitting import cost, declared
from agent.understanding.bounds.pairing import paired
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.corrections import marker_between
from agent.understanding.known import Known
from agent.words.names import choice_params
from agent.words.said import Span
from agent.words.spelling import words_of
from recmodels.param_words import PARAM_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One param and what is said of it."""

    param: str
    bounds: tuple[Bound, ...]
    span: Span | None  # the name; None where only a value that belongs to no other param was said
    is_off: bool = False  # "no dropout"
    switch: bool | None = None  # "biases on"


_OFF = r"\b(?:no|without(?:\s+any)?|zero|disable|turn\s+off|switch\s+off|kein\w*|ohne|sans|sin)\s+(?:the\s+)?$"
_IS_OFF = r"^\s*(?:is\s+|to\s+|=\s*|:\s*)?(?:off|disabled|false|out\b)"
_IS_ON = r"^\s*(?:is\s+|to\s+|=\s*|:\s*)?(?:on|enabled|true)\b"


Pairs = Mapping[Span, list[Bound]]


def told_params(stretch: Stretch, known: Known, models: tuple[str, ...] = (), pairs: Pairs | None = None) -> list[Told]:
    """Every param of which the stretch says something, in its order; their spans are used.

    Args:
        models: Those that the request names: they decide what "regularisation" means.
        pairs: The bounds of each name where other names than params claim amounts too.
    """
    owners = stretch.spans("param")
    bounds = bounds_in(stretch)
    pairs = paired(owners, bounds, stretch, cost) if pairs is None else pairs
    found: list[Told] = []
    for owner in owners:
        param = _param(owner, known, models, [value for bound in pairs[owner] for value in _words(bound)])
        if f"adapter_{param}" in PARAM_WORDS and _is_adapters(owner, owners, stretch):
            param = f"adapter_{param}"
        kept = _whole_ranges([_readable(bound, param) for bound in pairs[owner] if _may_be_of(bound, param)])
        before, after = stretch.said.marked[: owner.start][-40:], stretch.said.marked[owner.end :]
        is_off = bool(re.search(_OFF, before, re.IGNORECASE) or re.match(_IS_OFF, after, re.IGNORECASE))
        is_on = bool(re.match(_IS_ON, after, re.IGNORECASE) or re.search(r"\bwith\s+$", before))
        switch = (False if is_off else True if is_on else None) if declared(param).is_switch else None
        found.append(Told(param=param, bounds=kept, span=owner, is_off=is_off and not kept, switch=switch))
        stretch.use(*(span for bound in kept for span in bound.spans))
    stretch.use(*owners)
    return found + _loose_choices(stretch, bounds, found, known, models)


def _is_adapters(owner: Span, owners: list[Span], stretch: Stretch) -> bool:
    """Whether a param is said to be the adapter's: "dropout for the adapter"."""
    following = next((other for other in owners if other.start >= owner.end), None)
    between = stretch.said.marked[owner.end : following.start] if following else ""
    return (
        following is not None
        and following.value == ("adapter",)
        and re.fullmatch(r"\s+(?:for|of|in|on|inside)\s+(?:the\s+)?", between, re.IGNORECASE) is not None
    )


def _whole_ranges(bounds: list[Bound]) -> tuple[Bound, ...]:
    """One range in place of its two ends."""
    if len(bounds) == 2 and bounds[0].is_end_with(bounds[1]):
        return (bounds[0].with_other_end(bounds[1]),)
    return tuple(bounds)


def _param(owner: Span, known: Known, models: tuple[str, ...], values: list[str]) -> str:
    candidates: tuple[str, ...] = owner.value
    for value in values:
        having = [param for param in choice_params().get(value, ()) if param in candidates]
        if having:
            return having[0]
    return known.param(candidates, models)


def _words(bound: Bound) -> list[str]:
    return [value for value in (bound.value, *bound.choices) if isinstance(value, str)]


def _may_be_of(bound: Bound, param: str) -> bool:
    """A word is the value of a param that declares it."""
    words = _words(bound)
    return not words or any(param in choice_params().get(word, ()) for word in words)


def _readable(bound: Bound, param: str) -> Bound:
    """ "16,32" of a whole param means two values."""
    if bound.value is not None and bound.spans and bound.spans[0].parts and declared(param).is_whole:
        return Bound(start=bound.start, end=bound.end, spans=bound.spans, choices=bound.spans[0].parts)
    return bound


def _loose_choices(
    stretch: Stretch, bounds: list[Bound], found: list[Told], known: Known, models: tuple[str, ...]
) -> list[Told]:
    """Values that are words and stand without their param: "only lora or dora", "use cosine weighting"."""
    used = {span for told in found for bound in told.bounds for span in bound.spans}
    more: list[Told] = []
    for bound in bounds:
        words = _words(bound)
        if not words or any(span in used for span in bound.spans) or words[0] in _ORDINARY_CHOICES:
            continue
        named = [told for told in found if told.param in choice_params().get(words[0], ()) and not told.bounds]
        if named:
            place = found.index(named[0])
            found[place] = Told(param=named[0].param, bounds=(bound,), span=named[0].span)
        else:
            more.append(Told(param=known.param(choice_params()[words[0]], models), bounds=(bound,), span=None))
        stretch.use(*bound.spans)
    return more


def with_choices(told: list[Told], stretch: Stretch) -> list[Told]:
    """With the values that other params are named by: `adapter` is lora where "lora rank 8" is said."""
    more: list[Told] = []
    for one in told:
        if one.span is None or not one.bounds:
            continue
        for word in stretch.said.words(one.span).lower().split():
            params = choice_params().get(word, ())
            is_given = any(other.param in params and other.bounds for other in told)
            if params and one.param.startswith(f"{params[0]}_") and not is_given:
                bound = Bound(start=one.span.start, end=one.span.end, spans=(), value=word)
                more.append(Told(param=params[0], bounds=(bound,), span=None))
    return [*told, *more]


_ORDINARY_CHOICES = words_of(
    "none full linear mask crop reorder uniform constant popularity prefix parallel balanced attention stacked"
)
"""Words that are values only next to their param."""


def relative(bound: Bound) -> str | None:
    """ "x2" or "+0.1": a change of what stands; None where the bound is none."""
    if bound.factor is not None:
        return f"x{bound.factor:.6g}"
    return None if bound.shift is None else f"{bound.shift:+.6g}"


def values_of(told: list[Told]) -> dict[str, Any]:
    """`{"dropout": 0.2, "embedding_size": "x2"}`: the values of a trial's params; a later one stands."""
    found: dict[str, Any] = {}
    for one in told:
        if one.switch is not None and not one.bounds:
            found[one.param] = one.switch
        elif one.is_off:
            found[one.param] = _nothing(one.param)
        for bound in one.bounds:
            if (change := relative(bound)) is not None:
                found[one.param] = change
            elif bound.value is not None:
                found[one.param] = bound.value
            elif bound.low is not None or bound.high is not None:
                found[one.param] = bound.low if bound.high is None else bound.high
    return found


_AFTER_LIST = re.compile(
    r"\s*(?:$|[^\w\s]|[\ue001-\uf8ff]|(?:please|pls|and|or|for|in|with|on|to|each|as|then|at|instead|too|also|next|by|what|how|which|would|will|if|one)\b)",
    re.IGNORECASE,
)


def _listed(bound: Bound, stretch: Stretch) -> tuple[Any, ...]:
    """The values of a bound, without a last one that counts something else: "lr 0.01, 2 bananas"."""
    if not bound.choices or _AFTER_LIST.match(stretch.said.marked, bound.spans[-1].end):
        return bound.choices or (bound.value,)
    stretch.used.discard(bound.spans[-1])
    return bound.choices[:-1]


def alternatives(told: list[Told], stretch: Stretch) -> list[dict[str, Any]]:
    """The values to try one after the other: "dropout 0.1, 0.2 and 0.3"; several params go in step.

    None where each param has one value, and where the params have different numbers of values: those stay unused.
    """
    values: dict[str, list[Any]] = {}
    spans: list[Span] = []
    for param in dict.fromkeys(one.param for one in told):
        own = [bound for one in told if one.param == param for bound in one.bounds]
        said = [value for bound in own for value in _listed(bound, stretch) if value is not None]
        is_corrected = any(marker_between(stretch.said, one.end, other.start) for one, other in pairwise(own))
        if (
            (len(said) > 1 or any(bound.choices for bound in own))
            and not is_corrected
            and all(bound.is_absolute and not bound.is_range for bound in own)
        ):
            values[param] = said
            spans += [span for bound in own for span in bound.spans]
    if len({len(said) for said in values.values()}) > 1:
        stretch.used.difference_update(spans)
        return []
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


def _nothing(param: str) -> Any:
    return "none" if "none" in declared(param).words else 0


def ranges_of(told: list[Told]) -> dict[str, Any]:
    """`{"dropout": [0.1, 0.4], "n_layers": 2}`: a space as `start_study` takes it."""
    found: dict[str, Any] = {}
    for one in told:
        if one.switch is not None and not one.bounds:
            found[one.param] = one.switch
        elif one.is_off:
            found[one.param] = _nothing(one.param)
        for bound in one.bounds:
            if bound.choices:
                found[one.param] = {"choices": list(bound.choices)}
            elif bound.low is not None and bound.high is not None:
                found[one.param] = [bound.low, bound.high]
            elif bound.is_range:
                found[one.param] = {k: v for k, v in (("low", bound.low), ("high", bound.high)) if v is not None}
            elif bound.value is not None:
                found[one.param] = bound.value
    return found
