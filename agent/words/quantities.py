"""Amounts as people write and say them: `1,024`, `0,3`, `1e-3`, `80 %`, `half an hour`, `a dozen`, `twice`, `2 GB`.

>>> [(q.kind, q.value) for q in quantities_in("20 minutes, 8 trials, batch size of 1,024 and at least 80 percent")]
[('duration', 1200.0), ('number', 8), ('number', 1024), ('share', 0.8)]
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from text_to_num import text2num

from agent.words.spelling import loosely, misspellings, words_of
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
    digital = _Digital(text)
    taken: list[Quantity] = []
    for found in _readings(digital.text):
        if all(found.end <= other.start or found.start >= other.end for other in taken):
            taken.append(found)
    return sorted((digital.moved(found) for found in taken), key=lambda found: found.start)


def whole_number(value: float) -> float | int:
    """3 for 3.0: a number that was written without a fraction."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


# ------------------------------------------------------------------------------------------------ words to digits

_UNITS = "zero one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fourty fifty sixty seventy eighty ninety"
AMOUNT_WORDS = words_of(
    "eine einen einer halbe halben stunde stunden minute minuten sekunden tag tage heure heures une demie demi jour jours seconde "
    "secondes hora horas una media minuto minutos segundo segundos dia dias mezza ora ore pendant durante zwei drei vier funf sechs "
    "sieben acht neun zehn deux trois quatre cinq sept huit neuf dix dos tres cuatro cinco seis siete ocho nueve diez"
)
"""What other languages count time with, which no English spelling takes the place of."""
COUNTS = {word: n for n, word in enumerate(f"{_UNITS} {_TEENS}".split()) if n} | {
    "twenty": 20,
    "fifty": 50,
    "hundred": 100,
}
"""The number words that count the places of a list."""
_LARGE = "hundred|thousand|million"
_DIGIT = f"(?:{_UNITS.replace(' ', '|')})"
_BELOW_100 = rf"(?:(?:{_TENS.replace(' ', '|')})(?:[\s-]+{_DIGIT})?|{_TEENS.replace(' ', '|')}|{_DIGIT})"
_ENGLISH = re.compile(
    rf"(?<![\w@])(?:{_BELOW_100}|an?(?=\s+(?:{_LARGE})\b))(?:(?:\s+(?:{_LARGE}))+(?:\s+(?:and\s+)?{_BELOW_100}\b(?:\s+(?:{_LARGE}))*)*)?"
    rf"(?:\s+point(?:\s+{_DIGIT})+)?(?![\w@])",
    re.IGNORECASE,
)
_COUNTED = (
    r"trials?|trails?|tries|runs?|rounds?|attempts?|configs?|configurations?|experiments?|items?|movies?|films?|recs?|"
    r"recommendations?|products?|layers?|heads?|epochs?|seeds?|models?|blocks?|negatives?|more|hours?|hrs?|minutes?|"
    r"mins?|days?|seconds?|percent|per\s+cent|times|gigabytes?|megabytes?|gb|mb|dims?|dimensions?|further|extra"
)
_BEFORE_COUNTED = re.compile(
    rf"[\s-]+(?:\w+\s+)?(?:{_COUNTED})(?!\w)|\s+(?:to|and)\s+(?:{_UNITS.replace(' ', '|')})\b", re.I
)
_OTHER_LANGUAGES = {
    "de": r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|elf|zwölf|\w*(?:zehn|zig|ßig|hundert|tausend)",
    "fr": "deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|(?<!pour )(?<!per )cent",
    "es": r"dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once(?=\s+(?:ensayos|pruebas|intentos|épocas|capas|minutos|horas|segundos|días))|doce|quince|veinte|treinta|cuarenta|cincuenta|cien",
}
_FOREIGN = {
    language: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for language, words in _OTHER_LANGUAGES.items()
}
_FIXED = (
    (
        re.compile(
            r"\b(?:another|anohter|one\s+more|an?\s+(?:extra|additional|further))\s+half(?:\s+an)?(?=\s+hour\b)", re.I
        ),
        "half an",
    ),
    (re.compile(r"\b(?:more|extra|additional|further)(?=\s+(?:hours?|hrs?|minutes?|mins?|days?)\b)", re.I), ""),
    (re.compile(r"\bhalf(?=\s+(?:hour|day)\b)", re.I), "half an"),
    (
        re.compile(
            r"\b(?:another|anohter|one\s+more|an?\s+(?:extra|additional|further)|extra)(?=\s+(?:hour|minute|day)\b)",
            re.I,
        ),
        "1",
    ),
    (re.compile(r"\b(?:nought|naught|zero|oh|0)\s+point\b", re.I), "zero point"),
    (
        re.compile(r"(?<![\w.])(?<!zero )point(?=\s+(?:oh|zero|one|two|three|four|five|six|seven|eight|nine)\b)", re.I),
        "zero point",
    ),
    (re.compile(r"\b(?:nil|nought|naught)\b", re.I), "0"),
    (re.compile(r"\b(?:a|the)\s+couple(?:\s+of)?\b(?=\s+(?:more\s+|extra\s+|of\s+)?\w)", re.I), "2"),
    (re.compile(r"\b(?:une|1)\s+heure\s+et\s+demie?\b", re.I), "1.5 heures"),
    (re.compile(r"\b(?:una|1)\s+hora\s+y\s+media\b", re.I), "1.5 horas"),
    (re.compile(r"\b(?:anderthalb|eineinhalb)(?=\s)", re.I), "1.5"),
    (re.compile(r"千分之一"), "0.001"),
    (re.compile(r"(?:一|1)\s?个半(?:小时|钟头)"), "90分钟"),
    (re.compile(r"半(?:个)?(?:小时|钟头)"), "30分钟"),
)
_UNITS_OF_TIME = tuple(
    (re.compile(rf"(?<=[\d\s])(?:{'|'.join(misspellings(unit))})(?!\w)", re.IGNORECASE), unit)
    for unit in ("hours", "minutes", "seconds", "hour", "minute")
)
"""A misspelt unit, whether a space stands before it or not: "2huors"."""
_PART = r"half|(?:an?|one|two|three|[1-9])\s+(?:half|third|quarter)s?"
_COLLECTIVE = re.compile(
    rf"(?<![\w.,])(?:(?P<part>{_PART})\s+(?:of\s+)?(?:an?\s+|one\s+)?|(?P<whole>\d+(?:[.,]\d+)?|{_BELOW_100}|an?)(?:\s+and\s+(?P<more>{_PART}))?\s+)?"
    rf"(?:(?P<baker>baker'?s)\s+)?(?P<unit>dozens?|{_LARGE})(?!\w)(?:\s+and\s+(?P<too>{_PART})(?!\w|\s+of\s+an?\b))?",
    re.IGNORECASE,
)
"""A number of dozens, and parts of a dozen, a thousand or a million: "three dozen", "half a million"."""
_GLUED = re.compile(
    r"(?<=\d)(?=(?:trials?|trails?|runs?|epochs?|seeds?|layers?|heads?|items?|films?|movies?|recs|steps|models?)(?!\w))",
    re.I,
)
_THOUSANDS_OF_TIME = re.compile(
    r"(?<![\w.,])(\d+(?:[.,]\d+)?)\s?k(?=\s+(?:seconds?|secs?|minutes?|mins?)\b)|(?<=\d),(?=\d{3}\s+(?:seconds?|secs?|s|minutes?|mins?)\b)",
    re.I,
)
_PRIMES = re.compile(
    r"(?<![\w.,'’])(\d{1,3})['’′](?=\s*(?:[,.;!?)]|$|each\b|per\b|max\b|tops\b|in\b|at\b|total\b))", re.I
)
_MIDDLE_POINT = re.compile(r"(?<=\d)·(?=\d)(?!\d+\s?(?:\^|\*\*|[⁻⁰¹²³]))")
_TEN_TO_THE = re.compile(
    rf"\b(?:ten|10)\s+to\s+the\s+(?:power\s+(?:of\s+)?)?(?P<sign>minus\s+|negative\s+|-\s?)?(?P<n>\d{{1,2}}|{_DIGIT})(?!\w)",
    re.I,
)
"""Ten to the minus four, and the amounts that a dialect or a habit writes in its own way: 45', 10,000 seconds, 0·45."""
_TINY = re.compile(
    rf"(?<![\w.,])(?P<n>\d+|{_DIGIT}|an?)[\s-]+(?P<ten>ten[\s-]+|hundred[\s-]+)?(?P<part>hundredth|thousandth|millionth)s?(?!\w)",
    re.I,
)
"""Hundredths, ten-thousandths, millionths."""
_VAGUE = re.compile(r"\b(?:few|several|some|many|couple)\s+(?:of\s+)?$", re.IGNORECASE)
_PRODUCT = re.compile(
    r"(?<![\w.,])(\d+)\s?[x×*]\s?(\d+)(?=\s+(?:trials?|trails?|runs?|epochs?|seeds?|items?|layers?|minutes?)\b)", re.I
)
_OPENED = re.compile(r"(?<!\w)['‘’][^'‘’]*$")
_CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_CHINESE = re.compile(
    r"(?<=第)[零〇一二两三四五六七八九十百千]+|[零〇一二两三四五六七八九十百千万]+(?=\s*(?:次|个|轮|条|层|倍|小时|分钟|秒|天|部|项|维|头|遍))"
)
_AFTER_COMMA = re.compile(
    r"(?<=[^\d\s],)(?=\d)|(?<=[^\d.]0\.\d\d\d,)(?=\d)|"
    + "|".join(rf"(?<=\.{digits},)(?=\d)" for digits in (r"\d", r"\d\d", r"\d\d\d\d", r"\d\d\d\d\d"))
)
"""Where a comma ends a number or a word before the next number: "shop,20", "0.01,2"."""
_CHINESE_HOURS = re.compile(r"(?<=\d )个?(?:小时|钟头)|(?<=\d  )个?(?:小时|钟头)")
_BESIDE_HAN = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff])(?=\d)|(?<=\d)(?=[\u3040-\u30ff\u3400-\u9fff])")
"""Where a space is thought between a number and the words around it, which Chinese and Japanese do without."""
_CHINESE_SHARE = re.compile(r"百分之([零〇一二两三四五六七八九十百\d.]+)")
_CHINESE_POINT = re.compile(r"(?<!\w)零点([零一二三四五六七八九]+)")


class _Digital:
    """A text with its number words as digits, and the way back to the places in the original."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._origin = list(range(len(text) + 1))
        self._put(re.compile(r"[０-９．％－＝]"), lambda m: chr(ord(m[0]) - 0xFEE0))
        for pattern, digits in (*_FIXED, *_UNITS_OF_TIME):
            self._put(pattern, lambda m, digits=digits: digits)
        self._put(_GLUED, lambda m: " ")
        self._put(_PRIMES, lambda m: f"{m[1]} min" if not _OPENED.search(self.text[: m.start()]) else None)
        self._put(_MIDDLE_POINT, lambda m: ".")
        self._put(_THOUSANDS_OF_TIME, lambda m: f"{whole_number(_tidy(_value(m[1]) * 1000))}" if m[1] else "")
        self._put(_TEN_TO_THE, lambda m: f"1e{'-' if m['sign'] else ''}{_counted(m['n']):.0f}")
        self._put(_TINY, _tiny)
        self._put(_COLLECTIVE, self._collective)
        self._put(_PRODUCT, lambda m: str(int(m[1]) * int(m[2])))
        self._put(_AFTER_COMMA, lambda m: " ")
        self._put(_CHINESE_SHARE, lambda m: f"{chinese_number(m[1])}%")
        self._put(_CHINESE_POINT, lambda m: "0." + "".join(str(_CHINESE_DIGITS[c]) for c in m[1]))
        self._put(_CHINESE, lambda m: str(chinese_number(m[0])))
        self._put(_BESIDE_HAN, lambda m: " ")
        self._put(_CHINESE_HOURS, lambda m: "小时")
        self._put(_ENGLISH, self._english)
        for language, pattern in _FOREIGN.items():
            self._put(pattern, lambda m, language=language: _spoken(m[0], language))

    def moved(self, found: Quantity) -> Quantity:
        """The quantity at its place in the original text."""
        start, end = self._origin[found.start], self._origin[found.end]
        return Quantity(value=found.value, kind=found.kind, start=start, end=end, parts=found.parts)

    def _put(self, pattern: "re.Pattern[str]", digits: "object") -> None:
        pieces: list[str] = []
        origin: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            new = digits(match)  # type: ignore[operator]
            if new is None:
                continue
            pieces += [self.text[done : match.start()], new]
            origin += self._origin[done : match.start()]
            origin += [self._origin[match.start()]] * len(new)
            done = match.end()
        self.text = "".join((*pieces, self.text[done:]))
        self._origin = origin + self._origin[done:]

    def _collective(self, match: "re.Match[str]") -> str | None:
        """The value of "two dozen" and "half a million"; None of what the other readers know: "two hundred and six"."""
        unit = match["unit"].lower().rstrip("s")
        is_plural = match["unit"].lower().endswith("s")
        parts = match["part"] or match["more"] or match["too"]
        if (unit != "dozen" and not parts) or (is_plural and not match["whole"]):
            return None
        if not (match["whole"] or match["part"]) and _VAGUE.search(self.text[: match.start()]):
            return None
        whole = _counted(match["whole"]) if match["whole"] else 0.0 if match["part"] else 1.0
        more = sum(_part(match[name]) for name in ("part", "more", "too") if match[name])
        size = 13 if match["baker"] else _COLLECTIONS[unit]
        return f"{whole_number(_tidy((whole + more) * size))}"

    def _english(self, match: "re.Match[str]") -> str | None:
        said = re.sub(r"[\s-]+", " ", match[0].lower()).replace("fourty", "forty").strip()
        if said == "one" and not _BEFORE_COUNTED.match(self.text, match.end()):
            return None
        if re.match(r"an? ", said):
            said = "one " + said.split(" ", 1)[1]
        whole, _, decimals = said.partition(" point ")
        if " and " in whole and re.search(r"\b(?:between|from)\s+$", self.text[: match.start()], re.IGNORECASE):
            ends = [_spoken(end, "en") for end in whole.split(" and ")]
            return None if None in ends else " and ".join(map(str, ends))
        number = _spoken(whole, "en")
        if number is None or not decimals:
            return number
        return f"{number}." + "".join(str(_UNITS.split().index(word)) for word in decimals.split())


_COLLECTIONS = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000}


def _counted(said: str) -> float:
    if said[0].isdigit():
        return float(said.replace(",", "."))
    return 1.0 if said.lower() in ("a", "an") else float(_spoken(said.lower(), "en") or 1)


def _tiny(match: "re.Match[str]") -> str:
    under = {"hundredth": 100, "thousandth": 1000, "millionth": 1_000_000}[match["part"].lower()]
    under *= {"t": 10, "h": 100}.get((match["ten"] or "")[:1].lower(), 1)
    return f"{_counted(match['n']) / under:.9g}"


def _part(said: str) -> float:
    """0.75 of "three quarters"."""
    count, _, part = said.lower().rpartition(" ")
    above = {"": 1, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3}.get(count.strip()) or int(count)
    return above / _UNDER[part.removesuffix("s") if part != "halves" else "half"]


def _spoken(words: str, language: str) -> str | None:
    try:
        return str(text2num(words.lower(), language))
    except ValueError:
        return None


def chinese_number(text: str) -> int:
    if text.isdigit():
        return int(text)
    total, section, digit = 0, 0, 0
    for character in text:
        if character in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[character]
        elif character == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        else:
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
    return total + section + digit


# ------------------------------------------------------------------------------------------------ digits to values

_SIGN = r"(?:(?<![\w.)\]%])[-+−])?"
_GROUPED = r"\d{1,3}(?:\.\d{3})+,\d+(?![\d,])|\d{1,3}(?:,\d{3})+(?!\d|,\d)|\d{1,3}(?:['\u2019\u00a0\u202f]\d{3})+(?!\d)|\d{1,3}(?:[ ](?:000|500))+(?!\d)|\d{1,3}(?:_\d{3})+(?![\d_])"
_PLAIN = rf"(?:(?:{_GROUPED})(?:\.\d+)?|\d+[.,]\d+|\.\d+|\d+)"
_POWER = r"(?:\s?[eE]\s?[-+−]?\d+(?!\w|\.\d)|\s?[*x×·]?\s?10(?:\^|\*\*)\s?\(?[-+−]?\d+\)?|\s?[*x×·]\s?10[⁻⁰¹²³⁴-⁹]+)"
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_NUMERAL = rf"(?:{_SIGN}[02-9](?:(?:\^|\*\*)\d{{1,2}}|[⁰¹²³⁴-⁹]+)|{_SIGN}10(?:\^|\*\*)\s?\(?[-+−]?\d+\)?|{_SIGN}10[⁻⁰¹²³⁴-⁹]+|{_SIGN}{_PLAIN}{_POWER}?)"
_POINTED = r"(?:\d*\.\d+(?:[eE]-?\d+)?|\d+[eE]-?\d+)"
_NUMBER = re.compile(
    rf"(?P<list>(?<![\w@#.,])(?:\d+(?:,\d+){{2,}}|{_POINTED}(?:,{_POINTED})+)(?![\w,]|\.\d))"
    rf"|(?<![\w@#,])(?<![^.]\.)(?P<n>{_NUMERAL})(?P<scale>\s?(?:k|K|M|mio|million(?:en|s)?|thousand|tausend|mille|mil|万))?(?![\w^]|[.,]\d)(?!\s?(?:st|nd|rd|th)\b)"
    rf"|(?<=[#@])(?P<tagged>\d+)"
)
_SCALES = {"k": 1e3, "m": 1e6, "mio": 1e6, "million": 1e6, "millionen": 1e6, "millions": 1e6, "thousand": 1e3}
_SCALES |= {"tausend": 1e3, "mille": 1e3, "mil": 1e3, "万": 1e4}
_SHARE = re.compile(
    rf"(?<![\w.,])(?P<n>{_NUMERAL})\s?(?:%|‰|percent\b|per\s?cent\b|pct\b|prozent\b|pour\s?cent\b|por\s?ciento\b)", re.I
)
_SIZE = re.compile(
    rf"(?<![\w.,])(?P<n>{_NUMERAL})\s?(?P<unit>[kmg]i?b|字节|(?:kilo|mega|giga)bytes?|bytes?)(?!\w)", re.IGNORECASE
)
_BYTES = {"kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_MS = re.compile(
    rf"(?<![\w.,])(?P<n>{_NUMERAL})\s?(?:ms\b|msec\b|milli-?\s?(?:seconds?|sekunden|secondes?|segundos?)\b|millis\b|毫秒)",
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
    r"(?<![\w.])(?:(?P<n>\d+|an?|one)\s+(?P<of>third|quarter|fifth|tenth|half)s?(?!\s+(?:trial|one|best|run|model|dataset|study))(?!\w)|(?P<half>half)(?!\w)(?!\s+(?:an?|past)\b)|½|¼|¾|⅓|⅔|"
    r"(?P<over>\d+)\s?/\s?(?P<under>\d+)(?![\d/]|\.\d))",
    re.IGNORECASE,
)
_UNDER = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_GLYPHS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_CLOCK = re.compile(
    r"\b(?:until|till|til|by|before|bis)\s+(?:about\s+|um\s+)?(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\b\.?|o'?clock|uhr)?"
    r"(?!\s*(?:%|trials?|runs?|epochs?|items?|more|percent|layers?|heads?)|[\w.,]*\d)(?P<day>\s+(?:tonight|today|this\s+evening|this\s+morning|tomorrow))?",
    re.IGNORECASE,
)


def _readings(text: str) -> Iterator[Quantity]:
    """What may be read, the most specific first."""
    for match in _MS.finditer(text):
        yield _quantity(match, "ms", _value(match["n"]))
    for match in _SIZE.finditer(text):
        yield _quantity(match, "size", _value(match["n"]) * _unit_bytes(match["unit"].lower()))
    for match in _FACTOR.finditer(text):
        yield _quantity(match, "factor", _factor(match))
    for found in durations_in(re.sub(r"(?<=[a-z])/(?=\d)", " ", text)):
        if re.fullmatch(r"[\d.,]+\s?M", text[found.start : found.end]):  # 1.5M: millions
            continue
        yield Quantity(value=found.seconds, kind="duration", start=found.start, end=found.end)
    for match in _SHARE.finditer(text):
        yield _quantity(match, "share", _tidy(_value(match["n"]) / (1000 if "‰" in match[0] else 100)))
    for match in _CLOCK.finditer(text):
        if match["minute"] or match["half"] or match["day"]:
            yield _quantity(match, "clock", _clock(match))
    for match in _FRACTION.finditer(text):
        if not match["over"] or _is_fraction(int(match["over"]), int(match["under"])):
            yield _quantity(match, "fraction", _fraction(match))
    for match in _NUMBER.finditer(text):
        yield from _numbers(match)


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
    scale = _SCALES[match["scale"].strip().lower()] if match["scale"] else 1
    value = _value(said)
    if scale != 1 or re.search(r"\d[eE^]\+?\d|\*\*\d", said):  # 1e3 counts as 1000 does
        value = whole_number(_tidy(value * scale))
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
    if re.fullmatch(r"[-+]?\d{1,3}(?:\.\d{3})+,\d+", text):
        text = text.replace(".", "").replace(",", ".")
    mantissa, e, exponent = text.lower().partition("e")
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", mantissa):
        mantissa = mantissa.replace(",", "")
    mantissa = mantissa.replace(",", ".")
    return int(mantissa) if not e and re.fullmatch(r"[-+]?\d+", mantissa) else float(mantissa + e + exponent)


def _unit_bytes(unit: str) -> float:
    short = {"k": "kb", "m": "mb", "g": "gb"}.get(unit[0], "b") if "byte" in unit else unit
    return _BYTES.get(short, 1)


def _factor(match: "re.Match[str]") -> float:
    if match["more"]:
        return _tidy(1 + _value(match["more"]) / 100)
    if match["less"]:
        return _tidy(1 - _value(match["less"]) / 100)
    if match["over"]:
        return _tidy(1 / _value(match["over"])) if _value(match["over"]) else 0.0
    if number := match["times"] or match["by"] or match["factor"]:
        return _value(number)
    word = match["word"].lower()
    if word.endswith("again"):  # half as many again
        return 1.5
    return next((float(value) for start, value in _WORD_FACTORS if word.startswith(start)), 0.5)


def _fraction(match: "re.Match[str]") -> float:
    if match["half"]:
        return 0.5
    if match["over"]:
        return _tidy(int(match["over"]) / int(match["under"])) if int(match["under"]) else float("inf")
    if match["of"]:
        above = int(match["n"]) if match["n"].isdigit() else 1
        return above / _UNDER[match["of"].lower()]
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


def _tidy(value: float) -> float:
    """Without the last bits that a division by 100 leaves: 0.07, not 0.07000000000000001."""
    return float(f"{value:.12g}")
