"""What is said about an amount: a range, a bound in either direction, choices, a factor, or a value.

The words of both directions stand here only; params, constraints and limits read them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from agent.understanding.bounds.bound_words import DOWNWARDS, LOWER_EDGE, PATTERNS, UPPER_EDGE, UPWARDS
from agent.understanding.bounds.nouns import TRIALS
from agent.understanding.bounds.stretch import Stretch
from agent.words.digits import whole_number
from agent.words.said import Span, compiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a stretch of text says about one thing; exactly one of its kinds is given, low and high together too."""

    start: int
    end: int
    spans: tuple[Span, ...]
    low: Any = None
    high: Any = None
    choices: tuple[Any, ...] = ()
    value: Any = None
    factor: float | None = None  # of what stands
    shift: float | None = None  # added to what stands
    edge: str | None = None  # "low" or "high" where a value, factor or shift is of one end of a range
    is_around: bool = False

    @property
    def is_range(self) -> bool:
        """Whether it bounds rather than fixes."""
        return self.low is not None or self.high is not None

    @property
    def is_multiple(self) -> bool:
        """Whether its upper end is a multiple of what stands: "from 4 to twice the present one"."""
        return isinstance(self.high, str)

    @property
    def is_absolute(self) -> bool:
        """Whether it says a value rather than a change of one."""
        return self.factor is None and self.shift is None

    def is_end_with(self, other: "Bound") -> bool:
        """Whether the two are the lower and the upper end of one range."""
        ends = [(b.low is not None, b.high is not None) for b in (self, other)]
        return ends in ([(True, False), (False, True)], [(False, True), (True, False)])

    def with_other_end(self, other: "Bound") -> "Bound":
        """Both ends, of two bounds that were said one after the other."""
        return replace(
            self,
            low=self.low if self.low is not None else other.low,
            high=self.high if self.high is not None else other.high,
            start=min(self.start, other.start),
            end=max(self.end, other.end),
            spans=(*self.spans, *other.spans),
        )


_AMOUNTS = ("number", "share", "fraction", "choice", "factor")


def bounds_in(stretch: Stretch) -> list[Bound]:
    """Everything that is said about amounts, in the order of the text; of overlapping readings the fullest."""
    taken: list[Bound] = []
    claimed: set[Span] = set()
    for kind, pattern in PATTERNS:
        for match in stretch.find(pattern):
            spans = tuple(stretch.said.of(*_AMOUNTS, start=match.start(), end=match.end()))
            if not spans or not claimed.isdisjoint(spans):
                continue
            if kind == "choices" and len({span.kind == "choice" for span in spans}) > 1:
                continue  # "warmup 300, cosine"
            if kind == "choices" and _counts_next(match, stretch):
                spans = spans[:-1]
                if len(spans) < 2:
                    continue
            taken.append(_bound(kind, spans, match, stretch))
            claimed.update(spans)
    return _joined(sorted(taken, key=lambda bound: bound.start), stretch)


_OWNER = rf"(?:{{param}}|{{metric}}|{TRIALS}(?![^\W\d_])|seeds?\b|patience\b)"


def _counts_next(match: "re.Match[str]", stretch: Stretch) -> bool:
    """Whether the last amount of a list is of the name after it: "hidden size 128, 3 epochs"."""
    if not compiled(rf"\s*-?\s*(?:(?:more|further|extra|additional)\s+)?{_OWNER}").match(
        stretch.said.marked, match.end()
    ):
        return False
    amounts = stretch.said.of(*_AMOUNTS, end=match.start())
    before = stretch.said.marked[amounts[-1].end if amounts else 0 : match.start()]
    return compiled(_OWNER).search(before) is not None


def _bound(kind: str, spans: tuple[Span, ...], match: "re.Match[str]", stretch: Stretch) -> Bound:
    place: dict[str, Any] = {"start": match.start(), "end": match.end(), "spans": spans}
    if kind == "choices":
        place["end"] = max(spans[-1].end, match.end() if spans[-1].end + 2 > match.end() else 0)
    values = [_plain(span, stretch) for span in spans]
    if kind == "multiple":
        return Bound(low=values[0], high=f"x{values[1]:.6g}", **place)
    if kind == "moved":  # "raise the ceiling from 0.3 to 0.5"
        moved = "high" if re.search(UPPER_EDGE, match[0], re.IGNORECASE) else "low"
        return Bound(value=values[1], edge=moved, start=spans[0].start, end=match.end(), spans=spans)
    if kind == "powers":
        is_first = re.match(r"powers?\b", match[0], re.IGNORECASE)
        return Bound(choices=_powers(*(values if is_first else (values[-1], *values[:-1]))), **place)
    if kind == "series":
        return Bound(choices=_series([value for value in values if isinstance(value, int | float)]), **place)
    if kind in ("range", "choices"):
        values = _all_percent(spans, values)
    if kind == "range":
        low, high = sorted(values[:2], key=float)
        return Bound(low=low, high=high, **place)
    if kind == "choices":
        return Bound(choices=tuple(values), **place)
    if kind in ("low", "high"):
        is_towards = re.search(r"\b(?:down|up)\s+to\b", match[0], re.IGNORECASE)
        named = _edge(match.start(), match.end(), stretch) if is_towards else None  # "bring its ceiling down to 0.2"
        return Bound(**{named or kind: values[-1]}, **place)
    if kind == "around":
        return Bound(value=values[0], is_around=True, **place)
    edge = _edge(match.start(), match.end(), stretch)
    if kind == "factor":
        return Bound(factor=_divided(values[0], match, stretch), edge=edge, **place)
    if kind == "part" and (sign := _sign(match, stretch)):
        return Bound(factor=float(f"{1 + sign * values[0]:.9g}"), edge=edge, **place)
    if kind == "shift":
        sign = _sign(match, stretch)
        return Bound(shift=sign * values[0], edge=edge, **place) if sign else Bound(value=values[0], edge=edge, **place)
    return Bound(value=values[0], edge=edge, **place)


_LONGEST_SERIES = 64


def _all_percent(spans: tuple[Span, ...], values: list[Any]) -> list[Any]:
    """0.1 and 0.4 of "between 10 and 40 percent": the unit is of the numbers before it, too."""
    if spans[-1].kind != "share":
        return values
    return [
        value / 100 if span.kind == "number" and value >= 1 else value
        for span, value in zip(spans, values, strict=True)
    ]


def _divided(factor: float, match: "re.Match[str]", stretch: Stretch) -> float:
    """A factor by which something is lowered: "drop it by a factor of ten"."""
    is_by = re.match(r"by\b", stretch.said.text[match.start() : match.end()], re.IGNORECASE)
    return float(f"{1 / factor:.9g}") if is_by and factor > 1 and _sign(match, stretch) < 0 else factor


def _powers(base: float, *ends: float) -> tuple[float, ...]:
    """32, 64, 128 of "powers of two between 32 and 128"."""
    found = [whole_number(float(f"{base**power:.9g}")) for power in range(-12, 24)] if base > 1 else []
    return tuple(value for value in found if min(ends) <= value <= max(ends))


def _series(values: list[float]) -> tuple[float, ...]:
    """16, 32, 64, 128 of "16, 32 … 128": by the step or the factor that leads to the end; a step of 1 is tried first."""
    *first, end = values[:-1] if len(values) > 3 and values[-1] < values[-2] else values  # a last "doubling"
    one, two = first[0], first[1]
    by_step = [one + place * (two - one) for place in range(_LONGEST_SERIES)]
    by_factor = [one * (two / one if one else 0.0) ** place for place in range(_LONGEST_SERIES)]
    for series in (by_step, by_factor) if two - one == 1 else (by_factor, by_step):
        near = [whole_number(float(f"{value:.9g}")) for value in series]
        if end in near and near[: len(first)] == first:
            return tuple(near[: near.index(end) + 1])
    return tuple(values)


_NEAR = 40  # characters around an amount in which its words stand


def _around(start: int, end: int, stretch: Stretch) -> tuple[str, str]:
    """What is said before and after, up to the next amount or the end of the clause."""
    first, last = next(((a, b) for a, b in stretch.parts if a <= start <= b), (0, len(stretch.said.text)))
    low, high = max(first, start - _NEAR), min(last, end + _NEAR)
    others = stretch.said.of("number", "share", "fraction", "factor", "duration", start=low - _NEAR, end=high + _NEAR)
    low = max([low, *(s.end for s in others if s.end <= start)])
    high = min([high, *(s.start for s in others if s.start >= end)])
    marked = stretch.said.marked
    return re.split(r"[.;]\s", marked[low:start])[-1], re.split(r"[.;,]", marked[end:high])[0]


def _edge(start: int, end: int, stretch: Stretch) -> str | None:
    """The end of a range that an amount is of: "halve the lr ceiling", "raise its top by 0.1"."""
    before, after = _around(start, end, stretch)
    for name, words in (("high", UPPER_EDGE), ("low", LOWER_EDGE)):
        if re.search(words, before, re.IGNORECASE) or re.match(rf"[^,]{{0,24}}?(?:{words})", after, re.IGNORECASE):
            return name
    return None


def _sign(match: "re.Match[str]", stretch: Stretch) -> int:
    """1 where the amount is added, -1 where it is taken off; 0 where that is not said."""
    if match[0].startswith("+"):
        return 1
    before, _ = _around(match.start(), match.end(), stretch)
    said = before + match[0]
    ups = [found.start() for found in re.finditer(UPWARDS, said, re.IGNORECASE)]
    downs = [found.start() for found in re.finditer(DOWNWARDS, said, re.IGNORECASE)]
    return 0 if not ups and not downs else 1 if max(ups, default=-1) > max(downs, default=-1) else -1


def _plain(span: Span, stretch: Stretch) -> Any:
    return stretch.said.words(span).lower() if span.kind == "choice" else span.value


_BETWEEN = re.compile(r"[\s,;]*(?:and|but|&|und|aber|et|y|,)?\s*(?:also\s+)?(?:\w+\s+)?(?:be\s+)?$", re.IGNORECASE)


def _joined(bounds: list[Bound], stretch: Stretch) -> list[Bound]:
    """A lower and an upper bound that follow each other without another name between are the two ends of one range."""
    found: list[Bound] = []
    for bound in bounds:
        before = found[-1] if found else None
        if before is not None and before.is_end_with(bound):
            between = stretch.said.marked[before.end : bound.start]
            names = stretch.said.of("param", "metric", start=before.end, end=bound.start)
            if len(between) < 24 and not names and "." not in between:
                found[-1] = before.with_other_end(bound)
                continue
        found.append(bound)
    return found


def lines_of(bounds: list[Bound]) -> Iterator[tuple[str, Any]]:
    """Each end of each bound as (">=", value), ("<=", value) or ("=", value)."""
    for bound in bounds:
        if bound.low is not None:
            yield ">=", bound.low
        if bound.high is not None:
            yield "<=", bound.high
        if bound.value is not None:
            yield "=", bound.value
