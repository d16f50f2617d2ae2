"""Amounts as people write and say them: `1,024`, `0,3`, `1e-3`, `80 %`, `half an hour`, `a dozen`, `twice`, `2 GB`.

>>> [(q.kind, q.value) for q in quantities_in("20 minutes, 8 trials, batch size of 1,024 and at least 80 percent")]
[('duration', 1200.0), ('number', 8), ('number', 1024), ('share', 0.8)]
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from agent.words.digits import Digital, tidy, whole_number
from agent.words.habits import UNDER
from agent.words.spelling import loosely
from recmodels.durations import durations_in

Kind = Literal["number", "share", "fraction", "duration", "size", "ms", "factor", "shift", "clock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """An amount within a text."""

    value: float | int
    """Seconds of a duration, bytes of a size, 0.8 of 80 %, 2 of "twice", seconds after midnight of a clock time."""
    kind: Kind
    start: int  # its place in the text
    end: int
    parts: tuple[int, ...] = ()  # of "16,32": the whole numbers that it may mean instead of 16.32


def quantities_in(text: str) -> list[Quantity]:
    """Every amount that the text names, in its order; they do not overlap."""
    digital = Digital(text)
    taken: list[Quantity] = []
    for found in _readings(digital.text):
        if all(found.end <= other.start or found.start >= other.end for other in taken):
            taken.append(found)
    return sorted((_moved(found, digital) for found in taken), key=lambda found: found.start)


def _moved(found: Quantity, digital: Digital) -> Quantity:
    """The quantity at its place in the original text."""
    return replace(found, start=digital.place(found.start), end=digital.place(found.end))


_SIGN = r"(?:(?<![\w.)\]%\ue000])[-−])?"
_GROUPED = r"\d{1,3}(?:\.\d{3})+,\d+(?![\d,])|\d{1,3}(?:,\d{3})+(?!\d|,\d)|\d{1,3}(?:['\u2019\u00a0\u202f]\d{3})+(?!\d)|\d{1,3}(?:[ ](?:0\d\d|500))+(?!\d)|\d{1,3}(?:[ ]\d{3})+[ ]000(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?![\d.])|\d{1,3}(?:_\d{3})+(?![\d_])"
_PLAIN = rf"(?:(?:{_GROUPED})(?:\.\d+)?|\d+[.,]\d+|\.\d+|\d+)"
_POWER = r"(?:\s?[eE]\s?[-+−]?\d+(?!\w|\.\d)|\s?[*x×·]?\s?10(?:\^|\*\*)\s?\(?[-+−]?\d+\)?|\s?[*x×·]\s?10[⁻⁰¹²³⁴-⁹]+)"
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_NUMERAL = rf"(?:{_SIGN}[02-9](?:(?:\^|\*\*)\d{{1,2}}|[⁰¹²³⁴-⁹]+)|{_SIGN}10(?:\^|\*\*)\s?\(?[-+−]?\d+\)?|{_SIGN}10[⁻⁰¹²³⁴-⁹]+|{_SIGN}{_PLAIN}{_POWER}?)"
_POINTED = r"(?:\d*\.\d+(?:[eE]-?\d+)?|\d+[eE]-?\d+)"
_NUMBER = re.compile(
    rf"(?P<list>(?<![\w@#.,])(?:\d+(?:,\d+){{2,}}|{_POINTED}(?:,{_POINTED})+)(?![\w,]|\.\d))"
    rf"|(?<![\w@#,])(?<![^.]\.)(?P<n>{_NUMERAL})(?P<scale>(?:\s?(?:k|K|M|(?i:mio\b\.?|mln|million(?:en|s)?|thousand|hundred|tausend|mille|mil)|万|千))*)(?!\s?hundred)(?![\w^]|[.,]\d)(?!\s?(?:st|nd|rd|th)\b)"
    rf"|(?<=[#@])(?P<tagged>\d+)"
)
_SCALES = {"k": 1e3, "m": 1e6, "mio": 1e6, "million": 1e6, "millionen": 1e6, "millions": 1e6, "thousand": 1e3}
_SCALES |= {"tausend": 1e3, "mille": 1e3, "mil": 1e3, "mln": 1e6, "hundred": 100, "千": 1e3, "万": 1e4}
_SCALE = re.compile("|".join(sorted(_SCALES, key=len, reverse=True)), re.IGNORECASE)
_SHARE = re.compile(
    rf"(?<![\w.,])(?P<n>{_NUMERAL})\s?(?:%|‰|percent\b|per\s?cent\b|pct\b|prozent\b|pour\s?cent\b|por\s?ciento\b)", re.I
)
_SIZE = re.compile(
    rf"(?<![\w.,])(?P<n>{_NUMERAL})\s?(?P<unit>[kmg]i?b|字节|(?:kilo|mega|giga)bytes?|gigs?|megs?|bytes?)(?!\w)",
    re.IGNORECASE,
)
_BYTES = {"kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_MS = re.compile(
    rf"(?<![\w.,])(?P<n>{_NUMERAL})\s?(?:ms\b|msec\b|milli-?\s?(?:seconds?|sekunden|secondes?|segundos?)\b|millis\b|毫秒|(?P<micro>[uµμ]s\b|microseconds?\b))",
    re.I,
)
_MORE = r"(?:more|higher|larger|bigger|greater|longer|up|above|wider|faster)"
_LESS = r"(?:less|lower|smaller|fewer|shorter|down|below|narrower|slower)"
_FACTOR_WORDS = loosely(
    *("double", "doubled", "doubles", "doubling", "twice", "twofold", "triple", "tripled", "tripling", "threefold"),
    *("thrice", "tenfold", "quadruple", "quadrupled", "halve", "halved", "halves", "halving"),
)
_FACTOR = re.compile(
    rf"(?<![\w.,])(?:(?P<more>{_NUMERAL})\s?(?:%|percent\b|per\s?cent\b)\s+{_MORE}\b(?!\s+to\b)|(?P<less>{_NUMERAL})\s?(?:%|percent\b|per\s?cent\b)\s+{_LESS}\b(?!\s+to\b)|"
    rf"(?P<over>{_NUMERAL})\s?(?:x|×|-?fold|times)\s+(?:as\s+)?{_LESS}(?:\s+than)?\b|"
    rf"(?P<times>{_NUMERAL})\s?(?:[x×](?![\w×]|\s*10(?:\^|\*\*|[⁻⁰]))|-?fold\b|times\b(?=\s+(?:as|the|that|this|its|his|my|our|what|{_MORE}|{_LESS}))|倍)|"
    rf"(?<!\d )(?<!\d)[x×]\s?(?P<by>{_NUMERAL})(?!\w)|(?:by\s+(?:a\s+)?factor(?:\s+of)?|multipl\w+\s+(?:\w+\s+){{0,3}}by)\s+(?P<factor>{_NUMERAL})|"
    rf"(?:by\s+a\s+factor(?:\s+of)?\s+)?(?P<word>\b(?:{_FACTOR_WORDS}|"
    rf"verdoppel\w*|halbier\w*|cut(?:\s+\w+){{0,3}}\s+in\s+half|half\s+as(?:\s+(?:many|much)\s+again)?)\b|doubl(?:er|ons|ait|é)|duplica(?:r|ra|ndo|mos)|翻倍|翻一番|加倍|减半))",
    re.IGNORECASE,
)
_WORD_FACTORS = (("d", 2), ("tw", 2), ("verd", 2), ("翻", 2), ("加", 2), ("tri", 3), ("thr", 3), ("q", 4), ("ten", 10))
"""How a word for a factor begins; any other halves."""
_FRACTION = re.compile(
    rf"(?<![\w.])(?:(?P<n>\d+|an?|one)[\s-]+(?P<of>{'|'.join(UNDER)})s?(?!\s+(?:trial|one|best|run|model|dataset|study|time|seed|attempt|layer|head))(?!\w)|(?P<in>one|1|\d+(?=\s+out))\s+(?:in|out\s+of)\s+(?P<every>\d+)(?![\w.,]*\d|\s?(?:%|trials?|epochs?|layers?|min|hours?))|(?P<half>half)(?!\w)(?!\s+(?:an?|past)\b)|½|¼|¾|⅓|⅔|"
    r"(?P<over>\d+)\s?/\s?(?P<under>\d+)(?![\d/]|\.\d))",
    re.IGNORECASE,
)
_GLYPHS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_CLOCK = re.compile(
    r"\b(?:until|till|til|by|before|bis)\s+(?:about\s+|um\s+)?(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\b\.?|o'?clock|uhr)?"
    r"(?!\s*(?:%|trials?|runs?|epochs?|items?|more|percent|layers?|heads?)|[\w.,]*\d)(?P<day>\s+(?:tonight|today|this\s+evening|this\s+morning|tomorrow))?",
    re.IGNORECASE,
)


def _readings(text: str) -> Iterator[Quantity]:
    """What may be read, the most specific first."""
    for match in _MS.finditer(text):
        yield _quantity(match, "ms", tidy(_value(match["n"]) / 1000) if match["micro"] else _value(match["n"]))
    for match in _SIZE.finditer(text):
        yield _quantity(match, "size", _value(match["n"]) * _unit_bytes(match["unit"].lower()))
    for match in _FACTOR.finditer(text):
        yield _quantity(match, "factor", _factor(match))
    for found in durations_in(re.sub(r"(?<=[a-z])/(?=\d)", " ", text)):
        if re.fullmatch(r"[\d.,]+\s?M", text[found.start : found.end]):  # 1.5M: millions
            continue
        yield Quantity(value=found.seconds, kind="duration", start=found.start, end=found.end)
    for match in _SHARE.finditer(text):
        yield _quantity(match, "share", tidy(_value(match["n"]) / (1000 if "‰" in match[0] else 100)))
    for match in _CLOCK.finditer(text):
        if match["minute"] or match["half"] or match["day"]:
            yield _quantity(match, "clock", _clock(match))
    for match in _FRACTION.finditer(text):
        over, under = _ratio(match)
        if not (match["over"] or match["in"]) or _is_fraction(over, under):
            yield _quantity(match, "fraction", _fraction(match))
    for match in _NUMBER.finditer(text):
        yield from _numbers(match)


def _ratio(match: "re.Match[str]") -> tuple[int, int]:
    """3 and 4 of "3/4" and of "three out of four"; zeros of other fractions."""
    over, under = (match["in"] or match["over"] or "0"), (match["every"] or match["under"] or "0")
    return (1 if over.lower() == "one" else int(over)), int(under)


_HUNDREDTHS = (20, 50, 100, 500, 1000, 10_000)


def _is_fraction(over: int, under: int) -> bool:
    """1/3 and 1/100, but no date and no 24/7."""
    return over < under <= 12 or (over == 1 and under in _HUNDREDTHS)


def _quantity(match: "re.Match[str]", kind: Kind, value: float) -> Quantity:
    return Quantity(value=value, kind=kind, start=match.start(), end=match.end())


def _numbers(match: "re.Match[str]") -> Iterator[Quantity]:
    said = match["list"] or match["n"] or match["tagged"]
    listed = _listed(said) if match["list"] else []
    for place, part in listed:
        start = match.start() + place
        yield Quantity(value=_value(part), kind="number", start=start, end=start + len(part))
    if listed:
        return
    scale = math.prod(_SCALES[one.lower()] for one in _SCALE.findall(match["scale"] or ""))
    value = _value(said)
    if scale != 1 or re.search(r"\d[eE^]\+?\d|\*\*\d", said):  # 1e3 counts as 1000 does
        value = whole_number(tidy(value * scale))
    yield Quantity(value=value, kind="number", start=match.start(), end=match.end(), parts=_parts(said))


def _listed(said: str) -> list[tuple[int, str]]:
    """The numbers of "16,32,64" with their places; none where the groups are the thousands of one number."""
    groups = said.split(",")
    is_one = all(len(group) == 3 for group in groups[1:]) and (
        len(groups[0]) == 1 or any(group[0] == "0" for group in groups[1:])
    )
    return [] if is_one else [(match.start(), match[0]) for match in re.finditer(r"[^,]+", said)]


def _parts(said: str) -> tuple[int, ...]:
    match = re.fullmatch(r"(\d+),(\d+)", said)
    return (int(match[1]), int(match[2])) if match and match[1] != "0" and not match[2].startswith("0") else ()


def _value(said: str) -> float | int:
    """The value of a numeral: a comma before three digits groups thousands, any other is a decimal comma."""
    text = said.translate(_SUPERSCRIPTS).replace("−", "-").replace("**", "^")
    text = re.sub(r"[\s()'_\u2019\u00a0\u202f]", "", text)
    is_power = "^" in text or any(c in said for c in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    if is_power and (power := re.fullmatch(r"([-+]?)10\^?(-?\d+)", text)):
        return float(f"{power[1]}1e{power[2]}")
    if is_power and (power := re.fullmatch(r"([-+]?[\d.,]+)[*x×·]?10\^?([-+]?\d+)", text)):
        return float(f"{_value(power[1])}e{power[2]}")
    if is_power and (power := re.fullmatch(r"([02-9])\^?(\d+)", text)):
        return int(float(power[1]) ** int(power[2]))
    if re.fullmatch(r"[-+]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})", text):
        text = text.replace(".", "").replace(",", ".")
    mantissa, e, exponent = text.lower().partition("e")
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", mantissa):
        mantissa = mantissa.replace(",", "")
    mantissa = mantissa.replace(",", ".")
    return int(mantissa) if not e and re.fullmatch(r"[-+]?\d+", mantissa) else float(mantissa + e + exponent)


def _unit_bytes(unit: str) -> float:
    short = {"k": "kb", "m": "mb", "g": "gb"}.get(unit[0], "b") if re.search("byte|gig|meg", unit) else unit
    return _BYTES.get(short, 1)


def _factor(match: "re.Match[str]") -> float:
    if match["more"]:
        return tidy(1 + _value(match["more"]) / 100)
    if match["less"]:
        return tidy(1 - _value(match["less"]) / 100)
    if match["over"]:
        return tidy(1 / _value(match["over"])) if _value(match["over"]) else 0.0
    if number := match["times"] or match["by"] or match["factor"]:
        return _value(number)
    word = match["word"].lower()
    if word.endswith("again"):  # half as many again
        return 1.5
    return next((float(value) for start, value in _WORD_FACTORS if word.startswith(start)), 0.5)


def _fraction(match: "re.Match[str]") -> float:
    if match["half"]:
        return 0.5
    over, under = _ratio(match)
    if over:
        return tidy(over / under) if under else float("inf")
    if match["of"]:
        above = int(match["n"]) if match["n"].isdigit() else 1
        return above / UNDER[match["of"].lower()]
    return _GLYPHS[match[0]]


def _clock(match: "re.Match[str]") -> float:
    """Seconds after midnight; of two readings of an hour without a half of the day, the caller's clock decides."""
    hour, half = int(match["hour"]) % 24, (match["half"] or "").lower()
    if half.startswith("p") and hour < 12:
        hour += 12
    if half.startswith("a") and hour == 12:
        hour = 0
    if not half and match["day"] and re.search(r"tonight|evening", match["day"], re.IGNORECASE) and hour < 12:
        hour += 12
    return hour * 3600.0 + int(match["minute"] or 0) * 60
