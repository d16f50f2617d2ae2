"""Number words as digits, so that one reader of digits reads them all: "two dozen" → "24", "ten to the minus four" → "1e-4"."""

import re

from text_to_num import text2num

from agent.words.habits import AND_A_PART, HABITS, Rewrite, always, part
from agent.words.spelling import misspellings, words_of

_UNITS = "zero one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fourty fifty sixty seventy eighty ninety"
AMOUNT_WORDS = words_of(
    "eine einen einer halbe halben stunde stunden minute minuten sekunden tag tage heure heures une demie demi jour jours seconde "
    "secondes hora horas una media minuto minutos segundo segundos dia dias mezza ora ore pendant durante zwei drei vier funf sechs "
    "sieben acht neun zehn deux trois quatre cinq sept huit neuf dix dos tres cuatro cinco seis siete ocho nueve diez "
    "hundredth hundredths thousandth thousandths millionth millionths dozen dozens"
)
"""Words of amounts, also of other languages, which no other spelling takes the place of."""
COUNTS = {word: n for n, word in enumerate(f"{_UNITS} {_TEENS}".split()) if n} | {
    "twenty": 20,
    "fifty": 50,
    "hundred": 100,
}
"""The number words that count the places of a list."""
_LARGE = "hundred|thousand|million"
_DIGIT = f"(?:{_UNITS.replace(' ', '|')})"
_BELOW_100 = rf"(?:(?:{_TENS.replace(' ', '|')})(?:[\s-]*{_DIGIT})?|{_TEENS.replace(' ', '|')}|{_DIGIT})"
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
    rf"[\s-]+(?:\w+\s+)?(?:{_COUNTED})(?!\w)|\s+(?:to|and|or|till|until|through|thru)\s+(?:{_UNITS.replace(' ', '|')})\b",
    re.I,
)
_OTHER_LANGUAGES = {
    "de": r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|elf|zwölf|\w*(?:zehn|zig|ßig|ssig|hundert|tausend)",
    "fr": r"(?:vingt|trente|quarante|cinquante|soixante|quatre-vingts?)(?:[\s-](?:et[\s-])?(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix))?|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze|(?<!pour )(?<!per )cent",
    "es": r"dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once(?=\s+(?:ensayos|pruebas|intentos|épocas|capas|minutos|horas|segundos|días))|doce|quince|veinte|(?:treinta|cuarenta|cincuenta|sesenta)(?:\s+y\s+(?:uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve))?|cien",
}
_FOREIGN = {
    language: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for language, words in _OTHER_LANGUAGES.items()
}
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
_TEN_TO_THE = re.compile(
    rf"\b(?:ten|10)\s+to\s+the\s+(?:power\s+(?:of\s+)?)?(?P<sign>minus\s+|negative\s+|-\s?)?(?P<n>\d{{1,2}}|{_DIGIT})(?!\w)",
    re.I,
)
"""Ten to the minus four."""
_TINY = re.compile(
    rf"(?<![\w.,])(?P<n>\d+|{_DIGIT}|an?)[\s-]+(?P<ten>ten[\s-]+|hundred[\s-]+)?(?P<part>hundredth|thousandth|millionth)s?(?!\w)",
    re.I,
)
"""Hundredths, ten-thousandths, millionths."""
_VAGUE = re.compile(r"\b(?:few|several|some|many|couple)\s+(?:of\s+)?$", re.IGNORECASE)
_PRODUCT = re.compile(
    r"(?<![\w.,])(\d+)\s?[x×*]\s?(\d+)(?=\s+(?:trials?|trails?|runs?|epochs?|seeds?|items?|layers?|minutes?)\b)", re.I
)
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
_CHINESE_PART = re.compile(
    r"([一二三四五六七八九十\d]+)分之\s*([一二三四五六七八九\d]+)|([一二三四五六七八九])成(?!\w)"
)
"""A third, three quarters, fifty per cent: 三分之一, 四分之三, 五成."""
_CHINESE_POINT = re.compile(r"(?<!\w)零点([零一二三四五六七八九]+)")


_OWNS_ONE = re.compile(r"\bseeds?\s+$|\ue000\s+(?:(?:down|up)\s+)?(?:to|at|of|is|=)\s+$", re.I)
_LAST = re.compile(r"\s*(?:$|[^\w\s]|and\b|please\b|for\b|on\b|with\b)", re.I)


class Digital:
    """A text with its number words as digits, and the way back to the places in the original."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._origin = list(range(len(text) + 1))
        self._put(re.compile(r"[０-９．％－＝]"), lambda m: chr(ord(m[0]) - 0xFEE0))
        for pattern, unit in _UNITS_OF_TIME:
            self._put(pattern, always(unit))
        for pattern, rewrite in HABITS:
            self._put(pattern, rewrite)
        self._put(_TEN_TO_THE, lambda m: f"1e{'-' if m['sign'] else ''}{_counted(m['n']):.0f}")
        self._put(_TINY, _tiny)
        self._put(_COLLECTIVE, self._collective)
        self._put(_PRODUCT, lambda m: str(int(m[1]) * int(m[2])))
        self._put(_AFTER_COMMA, lambda m: " ")
        self._put(_CHINESE_SHARE, lambda m: f"{chinese_number(m[1])}%")
        self._put(_CHINESE_PART, _chinese_part)
        self._put(_CHINESE_POINT, lambda m: "0." + "".join(str(_CHINESE_DIGITS[c]) for c in m[1]))
        self._put(_CHINESE, lambda m: str(chinese_number(m[0])))
        self._put(_BESIDE_HAN, lambda m: " ")
        self._put(_CHINESE_HOURS, lambda m: "小时")
        self._put(_ENGLISH, self._english)
        self._put(AND_A_PART, lambda m: f"{int(m[1]) + part(m[2]):.9g}")
        for language, pattern in _FOREIGN.items():
            self._put(pattern, _in_language(language))

    def place(self, place: int) -> int:
        """Where a place of the new text was in the original."""
        return self._origin[place]

    def _put(self, pattern: "re.Pattern[str]", rewrite: Rewrite) -> None:
        pieces: list[str] = []
        origin: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            new = rewrite(match)
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
        is_bare = not match["whole"] and _BEFORE_COUNTED.match(self.text, match.end()) is not None  # "hundred trials"
        if (unit != "dozen" and not parts and not is_bare) or (is_plural and not match["whole"]):
            return None
        if not (match["whole"] or match["part"]) and _VAGUE.search(self.text[: match.start()]):
            return None
        whole = _counted(match["whole"]) if match["whole"] else 0.0 if match["part"] else 1.0
        more = sum(part(match[name]) for name in ("part", "more", "too") if match[name])
        size = 13 if match["baker"] else _COLLECTIONS[unit]
        return f"{whole_number(tidy((whole + more) * size))}"

    def _english(self, match: "re.Match[str]") -> str | None:
        said = re.sub(r"[\s-]+", " ", match[0].lower()).replace("fourty", "forty").strip()
        is_owned = _OWNS_ONE.search(self.text[: match.start()]) and _LAST.match(self.text, match.end())
        if said == "one" and not is_owned and not _BEFORE_COUNTED.match(self.text, match.end()):
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


def _chinese_part(match: "re.Match[str]") -> str:
    if match[3]:
        return f"{10 * chinese_number(match[3])}%"
    return f"{chinese_number(match[2])}/{chinese_number(match[1])}"


_RUN_ON = re.compile(rf"\b({_TENS.replace(' ', '|')})(?={_DIGIT})")
"""As in "twentyfive"."""


def _in_language(language: str) -> Rewrite:
    return lambda match: _spoken(match[0], language)


def _spoken(words: str, language: str) -> str | None:
    try:
        return str(text2num(_RUN_ON.sub(r"\1 ", words.lower()) if language == "en" else words.lower(), language))
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


def whole_number(value: float) -> float | int:
    """3 for 3.0: a number that was written without a fraction."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def tidy(value: float) -> float:
    """Without the last bits that a division by 100 leaves: 0.07, not 0.07000000000000001."""
    return float(f"{value:.12g}")
