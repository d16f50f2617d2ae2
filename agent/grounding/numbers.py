"""Numbers as people write them, and the evidence that they must stand in.

Evidence.of({"ndcg@10": 0.12345}).missing("0.123 at last, 12.3 %, not 0.125")  # → ["0.125"]
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_TIME_UNIT = r"(?:hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)"
_UNIT = rf"(?:%|percent\b|per cent\b|(?:ms|{_TIME_UNIT}|days?|thousand|million|[kKMGT]i?B|k)\b)"
_SCAN = re.compile(
    rf"""
    (?P<worded>\b(?:\d{{1,2}}\s{_MONTH}|{_MONTH}\s\d{{1,2}}),?\s\d{{4}}\b)
    | (?P<date>\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?)
    | (?P<name>(?:_*[^\W\d_]|(?<![\w./])[~/.](?=[\w.~/]*[^\W\d_]))[\w./@+-]*)  # ml-100k, ndcg@10, study/3, ./a1.csv
    | (?P<version>\d+(?:\.\d+){{2,}}\w*)
    | (?P<time>\d+\s?(?:hours?|hrs?|h|minutes?|mins?|m)[\s,]*(?:and\s)?\d+\s?{_TIME_UNIT}\b)
    | (?P<number>(?:(?<![\w.)])[-+])?(?:(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?)
      (?:(?P<unit>\s?{_UNIT})|(?P<attached>[^\W\d_]+))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COUNTED_NAME = re.compile(r"(?:trial|epoch|study|score|value|rank|user|item)[-_]?(\d+)", re.IGNORECASE)
_ABOUT = re.compile(r"(?:about|around|roughly|approximately|nearly|almost|some|over|close to|~|≈)\s?$", re.IGNORECASE)
_SCALES: dict[str, tuple[float, ...]] = {  # unit → what a number in it may be in the evidence, the usual first
    "%": (0.01,),
    "ms": (1, 1e-3),
    "s": (1, 1e3),
    "m": (60,),
    "h": (3600,),
    "d": (86400,),
    "k": (1e3,),
    "million": (1e6,),
    "kb": (1e3, 1024),
    "mb": (1e6, 1024**2),
    "gb": (1e9, 1024**3),
    "tb": (1e12, 1024**4),
}
_ORDINALS = {"1st", "2nd", "3rd"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number as it is written, with what its unit may scale it by."""

    literal: str
    value: float
    precision: float  # half a unit of the last digit written
    scales: tuple[float, ...] = (1,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The numbers, and the names with digits (ids, dates, versions), that an answer may use."""

    values: frozenset[float]
    names: frozenset[str]

    @classmethod
    def of(cls, *sources: Any) -> "Evidence":
        """What stands in texts, numbers, and mappings or lists of them to any depth; keys count as text."""
        values: set[float] = set()
        names: set[str] = set()
        for leaf in _leaves(sources):
            for found in _scan(leaf) if isinstance(leaf, str) else ():
                if isinstance(found, Quantity):
                    values.add(found.value * found.scales[0])
                else:
                    names.update(_parts(found))
                    values.update(float(digits) for digits in re.findall(r"[@/](\d+)$", found))
            if not isinstance(leaf, str):
                values.add(float(leaf))
        return cls(values=frozenset(values), names=frozenset(names))

    def missing(self, text: str) -> list[str]:
        """The numbers of `text`, as written, that do not stand here; a rounded number stands."""
        return [
            found.literal if isinstance(found, Quantity) else found
            for found in _scan(text)
            if not (self._has(found) if isinstance(found, Quantity) else self._knows(found))
        ]

    def _has(self, found: Quantity) -> bool:
        return found.literal in _ORDINALS or any(
            _is_rounded(value, found.value * scale, found.precision * scale)
            for scale in found.scales
            for value in self.values
        )

    def _knows(self, name: str) -> bool:
        if name in self.names or name.lstrip("v") in self.names:
            return True
        return not re.search(r"\d\.\d|^\d", name) and all(self._knows_piece(piece) for piece in name.split("/"))

    def _knows_piece(self, piece: str) -> bool:
        counted = re.fullmatch(r"(\d+)", piece) or _COUNTED_NAME.fullmatch(piece)
        return counted is None or piece in self.names or float(counted[1]) in self.values


def _leaves(source: Any) -> Iterator[str | float]:
    if isinstance(source, str):
        yield source
    elif isinstance(source, Mapping):
        for key, value in source.items():
            yield str(key)
            yield from _leaves(value)
    elif isinstance(source, list | tuple | set | frozenset):
        for value in source:
            yield from _leaves(value)
    elif isinstance(source, int | float) and not isinstance(source, bool):
        yield source


def _scan(text: str) -> Iterator[Quantity | str]:
    """The quantities, and the names that hold digits, in the order of the text."""
    text = re.sub(r"[\u2212\ufe63\uff0d]", "-", text).replace("\u202f", " ").replace("\xa0", " ")
    for match in _SCAN.finditer(text):
        if match["number"]:
            yield _quantity(match, is_about=_ABOUT.search(text, 0, match.start()) is not None)
        elif match["time"]:
            yield _duration(match[0])
        elif match["worded"]:
            yield _iso_date(match[0])
        elif any(char.isdigit() for char in match[0]):
            yield match[0].rstrip("._/@+-")


def _quantity(match: "re.Match[str]", *, is_about: bool) -> Quantity:
    mantissa, _, exponent = match["number"].lower().replace(",", "").partition("e")
    whole, _, decimals = mantissa.lstrip("+-").partition(".")
    last_digit = f"1e{exponent or 0}"
    if is_about and not decimals and not exponent:
        zeros = len(whole) - len(whole.rstrip("0"))
        last_digit = f"1e{max(0, min(zeros, len(whole) - 2))}"  # two digits stay as they are
    unit = _unit((match["unit"] or match["attached"] or "").strip())
    return Quantity(
        literal=match[0].strip(),
        value=float(f"{mantissa}e{exponent or 0}"),
        precision=0.5 * float(last_digit) * 0.1 ** len(decimals),  # float("1e999") is infinite, 10.0**999 an error
        scales=_SCALES.get(unit, (1,)),
    )


def _unit(written: str) -> str:
    if written == "M":
        return "million"
    unit = written.lower()
    for short, pattern in (
        ("%", r"%|per ?cent"),
        ("k", "k|thousand"),
        ("m", r"m|min(?:ute)?s?"),
        ("h", r"h|h(?:ou)?rs?"),
    ):
        if re.fullmatch(pattern, unit):
            return short
    if re.fullmatch(r"s|sec(?:ond)?s?", unit):
        return "s"
    return "d" if unit in ("day", "days") else unit.replace("ib", "b")


def _duration(text: str) -> Quantity:
    """`1 h 30 min`, `2m 5s`: as seconds."""
    parts = re.findall(r"(\d+)\s?([a-z]+)", text.lower().replace("and ", ""))
    scales = [_SCALES[_unit(unit)][0] for _, unit in parts]
    seconds = sum(float(number) * scale for (number, _), scale in zip(parts, scales, strict=True))
    return Quantity(literal=text, value=seconds, precision=scales[-1] / 2)


def _iso_date(text: str) -> str:
    month = next(i for i, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name}", text.lower()))
    day, year = re.findall(r"\d+", text)
    return f"{year}-{month:02d}-{int(day):02d}"


def _parts(name: str) -> set[str]:
    """A name, its date when it is a time, and what follows each slash of a path."""
    pieces = name.split("/")
    tails = {"/".join(pieces[i:]) for i in range(len(pieces))}
    return {part for part in tails | {name[:10] if re.match(r"\d{4}-\d\d-\d\d", name) else name} if part}


def _is_rounded(value: float, written: float, precision: float) -> bool:
    """Whether `written` is `value`, rounded to the precision that it is written with."""
    if written < 0 < value:
        return False  # a minus sign must be there; its absence may be in the words ("fell by 0.1")
    value, written = abs(value), abs(written)
    if value == written:
        return True
    if written == 0 or value < 1.9 * precision:
        return False  # nothing would be left of it: 0.4 is not 0, 0.7 is not 1; 0.95 is
    return abs(value - written) <= precision * (1 + 1e-9) + 4 * math.ulp(value)  # halves are written either way
