"""Amounts that more than one word makes: "two and a half times", "a fiftieth of a second", "seven months", "0.9 points"."""

import re
from dataclasses import replace

from agent.grounding.amounts import Amount
from agent.words.digits import COUNTS

_DAY_S = 86400.0
_SPANS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": _DAY_S, "week": 7 * _DAY_S, "month": 30.44 * _DAY_S, "year": 365.25 * _DAY_S}  # fmt: skip
_SPAN = rf"(?P<span>{'|'.join(_SPANS)})s?\b"
_OF_SPAN = re.compile(rf"\s+of\s+an?\s+{_SPAN}", re.I)
_LONG = re.compile(r"\s*-?(?P<span>week|month|year)s?\b", re.I)
_POINTS = re.compile(r"\s*(?:(?:percentage|per ?cent|%)[- ]?)?(?:points?\b|pp\b)", re.I)
_TIMES = re.compile(r"\s*(?:times|fold|-fold)\b", re.I)
_SPAN_AND = re.compile(rf"\b(?:an?|one)\s+{_SPAN}\s+and\s+$", re.I)
_ONE_IN = re.compile(rf"\bone\s+(?:\w+\s+)?(?:in|out of)\s+(?:every\s+)?(?P<n>\d+|{'|'.join(COUNTS)})$", re.I)


_ONE_SPAN = re.compile(
    rf"\b(?P<lead>less than|under|more than|over|within|about|almost|nearly|just over|just under|at most|at least)\s+(?P<one>(?:an?|one)\s+{_SPAN})",
    re.I,
)


def _one_spans(found: list[Amount], text: str) -> list[Amount]:
    """Less than a second, over a minute: no number stands there."""
    new = []
    for match in _ONE_SPAN.finditer(text):
        if all(one.end <= match.start("one") or one.start >= match.end() for one in found):
            size = _SPANS[match["span"].lower()]
            lead = match["lead"].lower()
            bound = (
                -1
                if re.match(r"less|under|within|at most|just under|almost|nearly", lead)
                else 0
                if lead == "about"
                else 1
            )
            new.append(
                Amount(
                    value=size,
                    precision=0.05 * size,
                    unit="s",
                    start=match.start("one"),
                    end=match.end(),
                    text=match["one"],
                    is_about=True,
                    bound=bound,
                )
            )
    return sorted([*found, *new], key=lambda one: one.start)


def joined(found: list[Amount], text: str) -> list[Amount]:
    """The amounts with what stands around them taken in."""
    found = _one_spans(found, text)
    whole: list[Amount] = []
    for one in found:
        before = text[whole[-1].end : one.start] if whole else ""
        is_half = one.text.lower() in ("half", "a half")
        if is_half and before.strip().lower() in ("and", "and a") and whole[-1].unit == "":  # two and a half
            whole[-1] = replace(whole[-1], value=whole[-1].value + 0.5, precision=0.25, is_whole=False, end=one.end)
        elif is_half and (match := _SPAN_AND.search(text[: one.start])):  # a second and a half
            size = _SPANS[match["span"].lower()]
            whole.append(replace(one, value=1.5 * size, precision=0.25 * size, unit="s", start=match.start()))
        else:
            whole.append(one)
    found = [_with_unit(one, text) for one in _shares(whole, text)]
    return [one for one in found if not any(o is not one and o.start <= one.start and one.end < o.end for o in found)]


_WHOLE = (3, 4, 5, 6, 8, 10, 20, 50, 100, 1000)


def _shares(found: list[Amount], text: str) -> list[Amount]:
    """The amounts with "six in ten" and "94 of every 100" as one share."""
    new: list[Amount] = []
    for one in found:
        first = new[-1] if new else None
        gap = text[first.end : one.start] if first else ""
        is_part = first is not None and first.is_whole and one.value in _WHOLE and 1 < first.value < one.value
        is_said = re.fullmatch(r"\s+(?:\w+\s+)?(?:in|out of|(?:out )?of every|in every)\s+(?:every\s+)?", gap, re.I)
        if first and is_part and is_said and one.is_whole:
            share = first.value / one.value
            whole = replace(one, value=share, precision=0.5 / one.value, unit="share", start=first.start, is_about=True)
            new[-1] = replace(whole, text=text[first.start : one.end], is_whole=False)
        else:
            new.append(one)
    return new


def _with_unit(one: Amount, text: str) -> Amount:
    """The amount in the unit that follows it."""
    after = text[one.end :]
    if one.unit == "share" and (match := _OF_SPAN.match(after)):
        size = _SPANS[match["span"].lower()]
        return replace(
            one, value=one.value * size, precision=0.1 * one.value * size, unit="s", end=one.end + match.end()
        )
    if one.unit == "" and (match := _LONG.match(after)) and not re.match(r"(?:19|20)\d\d$", one.text):
        size = _SPANS[match["span"].lower()]
        precision = max(one.precision, 0.5 if one.is_whole else 0.0) * size
        return replace(
            one, value=one.value * size, precision=precision, unit="s", end=one.end + match.end(), is_whole=False
        )
    if one.unit in ("", "share") and (match := _POINTS.match(after)):
        scale = 1.0 if one.unit == "share" else 0.01
        return replace(one, value=one.value * scale, precision=one.precision * scale, unit="points", end=one.end + match.end(), is_whole=False)  # fmt: skip
    if one.unit == "" and not one.is_whole and (match := _TIMES.match(after)):
        return replace(one, unit="factor", end=one.end + match.end())
    if one.unit == "" and one.is_whole and (match := _ONE_IN.search(text[: one.end])):
        return replace(one, value=1 / one.value, precision=0.1 / one.value, unit="share", start=match.start(), is_about=True, is_whole=False) if one.value else one  # fmt: skip
    return one
