"""The numbers of a sentence as they are written: value, unit, and how exactly they are told.

One reader reads them for the whole project, agent.words; here is added what a check needs to know of a number.
"""

import math
import re
from dataclasses import dataclass, replace

from agent.words.said import Said, Span

_NUMERAL = re.compile(r"\d[\d,]*(?:\.(?P<decimals>\d+))?(?:[eE](?P<exponent>[-+]?\d+))?")
_ABOUT = re.compile(
    r"(?:about|around|roughly|approximately|nearly|almost|some|over|just under|under|close to|near|more than|less than|something like|a good|a mere|practically|circa|ca\.?|perhaps|maybe|some|~|≈)\s*(?:the\s+)?$",
    re.I,
)
_BOUND = re.compile(r"(?:over|above|more than|at least|exceeds?|beyond|>|≥)\s*(?:a\s+)?$", re.I)
_UNDER = re.compile(r"(?:under|below|less than|at most|fewer than|<|≤)\s*(?:a\s+)?$", re.I)
_UNIT = {"duration": "s", "ms": "ms", "size": "bytes", "share": "share", "fraction": "share"}
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number as it is written."""

    value: float
    precision: float  # half a unit of the last digit written
    unit: str  # s, ms, bytes, share, points (of per cent, as a share), factor, or empty
    start: int
    end: int
    text: str
    is_signed: bool = False
    is_about: bool = False
    bound: int = 0  # 1: at least this much, -1: at most
    is_whole: bool = False  # written without a fraction

    def stands_for(self, value: float) -> bool:
        """Whether it is this value, rounded as it is written; a sign may stand in the words."""
        if (self.is_signed and self.value * value < 0) or (self.value == 0) != (abs(value) < self.precision * 0.999):
            return False
        written, value = abs(self.value), abs(value)
        if self.bound and not self.is_whole and self.bound * (value - written) >= 0:
            return True
        if self.bound * (value - written) >= 0 and self.bound and abs(value - written) <= 0.25 * max(value, written):
            return True
        slack = self.precision * (1 + 1e-6) + 1e-6 * value
        if self.is_about:
            slack = max(slack, 0.05 * value)
        return abs(value - written) <= slack


def amounts_of(said: Said) -> list[Amount]:
    """The amounts of a sentence, in its order; names, trials and cutoffs are none."""
    kinds = ("number", "share", "fraction", "duration", "size", "ms", "factor", "clock")
    spans = [
        _no_clock(said, span)
        for span in said.of(*kinds)
        if not re.match(r"-[a-z]", said.text[span.end : span.end + 2], re.I)
    ]
    spans = [span for span in spans if span.kind != "clock"]
    return [_amount(said, span) for span in spans]


def _no_clock(said: Said, span: Span) -> Span:
    """A number that a reader of orders takes for a time of the day: ahead by 0.14."""
    match = re.search(r"\d+\.\d+$", said.words(span)) if span.kind == "clock" else None
    return (
        span if match is None else replace(span, kind="number", value=float(match[0]), start=span.start + match.start())
    )


def _amount(said: Said, span: Span) -> Amount:
    text, before = said.words(span), said.text[: span.start]
    factor = re.search(r"(?P<n>[\d.,]+)\s?(?:%|percent|per\s?cent)", text) if span.kind == "factor" else None
    value, unit = float(span.value), "factor" if span.kind == "factor" else _UNIT.get(span.kind, "")
    if factor:  # "7 % lower": the share, and its direction stands in the words
        value, unit = float(factor["n"].replace(",", "")) / 100, "share"
    return Amount(
        value=value,
        precision=_precision(text, value, unit, span.kind),
        unit=unit,
        start=span.start,
        end=span.end,
        text=text,
        is_signed=text[:1] in "+-−",
        is_about=_ABOUT.search(before) is not None,
        bound=1 if _BOUND.search(before) else -1 if _UNDER.search(before) else 0,
        is_whole=unit == "" and float(value).is_integer() and "." not in text,
    )


def _precision(text: str, value: float, unit: str, kind: str) -> float:
    numerals = list(_NUMERAL.finditer(text))
    if not numerals:
        in_words = 30.0 if re.search(r"minute|min\b", text) else 1800.0 if "hour" in text else 0.5
        return in_words if kind in ("duration", "ms") else 1e-9 if unit != "factor" else 0.05 * value
    last = numerals[-1]
    digit = float(f"1e{int(last['exponent'] or 0) - len(last['decimals'] or '')}")  # infinite where no float holds it
    written = float(last[0].replace(",", ""))
    scale = abs(value / written) if written and math.isfinite(written) and len(numerals) == 1 else 1.0
    if kind == "duration" and len(numerals) > 1:
        scale = next((size for unit_, size in _SECONDS.items() if re.search(rf"\d\s?{unit_}\w*\W*$", text)), 1.0)
    return 0.5 * digit * scale
