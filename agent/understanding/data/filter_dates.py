"""Dates of a filter as people write them, in the form of the calendar: "since 1 March 2026", "since June".

>>> with_dates("since 1 March 2026", None).text
'since 2026-03-01'
>>> with_dates("since June", ("2026-03-01", "2026-09-30")).text
'since 2026-06'
"""

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "|".join(rf"{name}|{name[:3]}\.?" for name in _MONTHS) + r"|sept\.?"
_NTH = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:,?\s+(?:of\s+)?(?P<year>(?:19|20)\d\d))"
_LEAD = r"(?P<lead>\b(?:since|from|after|before|until|till|to|in|during|between|and|up\s+to|than)\s+(?:the\s+)?)"
_FORMS = (
    rf"{_LEAD}?\b{_NTH}\s+(?:of\s+)?(?P<month>{_MONTH})\b{_YEAR}?(?![\w-])",
    rf"{_LEAD}?\b(?P<month>{_MONTH})\s+{_NTH}(?!\d){_YEAR}?(?![\w-])",
    rf"{_LEAD}?\b(?P<month>{_MONTH}){_YEAR}(?![\w-])",
    rf"{_LEAD}(?P<month>{_MONTH})(?![\w'-]|\s+(?:be|not|have)\b)",
)
_DOTTED = re.compile(r"(?<![\w.])(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\.(?P<year>(?:19|20)\d\d)(?![\w])")
_ISO = r"\d{4}(?:-\d{2}){0,2}(?![\d-])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A text with its dates in digits."""

    text: str
    notes: tuple[str, ...] = ()  # which year was taken where none was said, a sentence each
    is_certain: bool = True  # no other year can be meant


def with_dates(text: str, span: tuple[str, str] | None) -> Dated:
    """The text with its dates as `2026-03-01` or `2026-03`; one without a year is of the year that the data have.

    Args:
        span: The first and the last day of the data; None: not known.
    """
    notes: list[str] = []
    sure: list[bool] = []
    years = re.findall(r"(?<![\d-])(?:19|20)\d\d(?![\d-])", text)

    def written(match: re.Match[str]) -> str:
        given = match.groupdict()
        lead, year = given["lead"] or "", given.get("year") or (years[-1] if years else None)
        month, day = _number(match["month"]), int(given.get("day") or 0)
        if year is None and span is not None:
            found = _years(month, span)
            year = str(found[-1] if found else date.fromisoformat(span[1]).year)
            said = match[0][len(lead) :]
            notes.append(f"“{said}” was read as {said} {year}, since the data go from {span[0]} to {span[1]}.")
            sure.append(len(found) < 2)
        if year is None:
            return match[0]
        return f"{lead}{year}-{month:02}{f'-{day:02}' if day else ''}"

    text = _DOTTED.sub(lambda match: f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}", text)
    for form in _FORMS:
        text = re.sub(form, written, text, flags=re.IGNORECASE)
    text = re.sub(rf"\bbetween\s+({_ISO})\s+and\s+({_ISO})", r"since \1 until \2", text, flags=re.IGNORECASE)
    text = re.sub(rf"\b(?:in|during)\s+({_ISO})", r"since \1 until \1", text, flags=re.IGNORECASE)
    return Dated(text=text, notes=tuple(notes), is_certain=all(sure))


def speaks_of_dates(text: str) -> bool:
    """Whether a month may stand there, so that the years of the data matter."""
    return any(re.search(form, text, re.IGNORECASE) for form in _FORMS)


def _number(month: str) -> int:
    return next(place for place, name in enumerate(_MONTHS, start=1) if name.startswith(month.lower()[:3]))


def _years(month: int, span: tuple[str, str]) -> list[int]:
    """The years of which the data have this month."""
    first, last = (date.fromisoformat(one) for one in span)
    return [
        year
        for year in range(first.year, last.year + 1)
        if (first.year, first.month) <= (year, month) <= (last.year, last.month)
    ]
