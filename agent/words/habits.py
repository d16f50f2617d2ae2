"""Amounts in a habit of writing, in the form that the readers of amounts know: `1 1/2 h` is `1.5 h`, `30tr` is `30 tr`."""

import re
from collections.abc import Callable

Rewrite = Callable[["re.Match[str]"], str | None]
"""What stands in place of a match; None: the match stays."""

UNDER = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9}
UNDER |= {"tenth": 10, "twelfth": 12, "fifteenth": 15, "twentieth": 20, "fiftieth": 50}
"""What the parts of a whole are divided by."""
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
_GLYPHS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_TIMES = r"(?:h|hours?|hrs?|mins?|minutes?|days?)"
_SMALL = r"(?:ms|milliseconds?|gigs?|megs?|[kmg]b|(?:kilo|mega|giga)bytes?|percent|per\s+cent)"
_MEASURED = rf"\s?(?:{_TIMES}(?!\w)|{_SMALL}(?!\w)|%)"
_ANOTHER = r"(?:another|anohter|one\s+more|an?\s+(?:extra|additional|further))"
_OF_AN_HOUR = r"(?:[\s-]+of)?(?:[\s-]+an?)?[\s-]+hours?(?!\w)"
_COUNTED = (
    r"(?:trials?|trails?|runs?|tries|epochs|interactions|steps|(?:model\s+|trainable\s+)?(?:parameters|params|weights))"
)


def part(said: str) -> float:
    """0.75 of "three quarters"."""
    count, _, under = re.sub(r"[\s-]+", " ", said.lower()).rpartition(" ")
    above = int(count) if count.isdigit() else _COUNTS.get(count, 1)
    return above / (UNDER | {"hundredth": 100})[under.removesuffix("s")]


def always(words: str) -> Rewrite:
    """These words in place of every match."""
    return lambda match: words


def _minutes(match: "re.Match[str]") -> str | None:
    """An angular minute, 45'; none where a quotation ends."""
    is_quoted = re.search(r"(?<!\w)['‘’][^'‘’]*$", match.string[: match.start()])
    return None if is_quoted else f"{match[1]} min"


_MOST_DAYS = 31


def _dimensions(match: "re.Match[str]") -> str | None:
    """128d are dimensions and no days."""
    number = re.search(r"(?<![\w.,])\d{2,4}$", match.string[: match.start()])
    return " " if number and int(number[0]) > _MOST_DAYS else None


HABITS: tuple[tuple["re.Pattern[str]", Rewrite], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), rewrite)
    for pattern, rewrite in (
        # hyphens, and nouns that are written onto their number
        (r"(?<=\w)-and-(an?|one|three)-(?=half|third|quarter)", lambda m: f" and {m[1]} "),
        (r"(?<!\w)half-(?=an?-|hour|day|dozen)", always("half ")),
        (r"(?<=half an)-(?=hour)", always(" ")),
        (r"(?<=\band a half )hour(?!\w)", always("hours")),
        (r"(?<=\bzero )comma(?= (?:zero|one|two|three|four|five|six|seven|eight|nine)\b)", always("point")),
        (r"(?<=\b(?:one|two|six|ten) )comma(?= (?:zero|one|two|three|four|five|six|seven|eight|nine)\b)", always("point")),
        (r"(?<=\d)(?=(?:trials?|trails?|trs?|t|runs?|epochs?|seeds?|layers?|heads?|items?|films?|movies?|recs|steps|models?)(?!\w))", always(" ")),
        (r"(?<=\d)d(?!\w)", _dimensions),
        # dots, groups and powers
        ("|".join(rf"(?<=[^\d.]\.{n})\.{{2,}}(?=\.\d)|(?<=\.{n})\.{{3,}}(?=\.\d)" for n in (r"\d", r"\d\d", r"\d\d\d")), always(" .. ")),
        (r"(?<=[\da-z])\s?(?:\.{3,}\s?|\.\.)(?=\.?\d)", always(" .. ")),
        (r"(?<=\d)·(?=\d)(?!\d+\s?(?:\^|\*\*|[⁻⁰¹²³]))", always(".")),
        (rf"(?<![\w.,])([1-9]\d{{0,2}})\.(?=\d{{3}}\s+{_COUNTED}(?!\w))", lambda m: m[1]),
        (r"(?<![\w.,])([1-9]\d{0,2})\.(?=\d\d0\s?[km]b(?!\w))", lambda m: m[1]),
        (r"(?<=\d)\s?[x×]\s?10(?=[-−]\d)", always("e")),
        (r"(?<=\d)\s?m(?=\s+(?:model\s+|trainable\s+)?(?:parameters?|params|weights)\b)", always("M")),
        # whole amounts with a part: "2 3/4 h", "1¼", "two and a half percent"
        (
            rf"(?<![\w.,/])(\d{{1,3}})\s+([1-7])/([2348])(?={_MEASURED})",
            lambda m: f"{int(m[1]) + int(m[2]) / int(m[3]):.9g}",
        ),
        (r"(?<![\w.,/])(\d{1,3})\s?([½¼¾⅓⅔])", lambda m: f"{int(m[1]) + _GLYPHS[m[2]]:.9g}"),
        (
            rf"(?<![\w.,])(half|(?:an?|one|two|three|[1-9])\s+(?:half|third|quarter|fifth|tenth|hundredth)s?)\s+(?:of\s+)?an?\s+(second|{_SMALL})(?!\w)",
            lambda m: f"{part(m[1]):.9g} {'seconds' if m[2].lower() == 'second' else m[2]}",
        ),
        # hours and parts of them, in English and elsewhere
        (rf"(?<!and )(?<!\w)(?:three|3)[\s-]+quarters?{_OF_AN_HOUR}", always("45 minutes")),
        (rf"(?<!and )(?<!and a )(?<!\w)(?:{_ANOTHER}\s+|(?:an?|one)[\s-]+)?quarter{_OF_AN_HOUR}", always("15 minutes")),
        (rf"\b{_ANOTHER}\s+half(?:\s+an)?(?=\s+hour\b)", always("half an")),
        (r"\b(?:more|extra|additional|further)(?=\s+(?:hours?|hrs?|minutes?|mins?|days?)\b)", always("")),
        (r"\bhalf(?=\s+(?:hour|day)\b)", always("half an")),
        (rf"\b(?:{_ANOTHER}|extra)(?=\s+(?:hour|minute|day)\b)", always("1")),
        (r"(?<!\w)(?<!an )(?<!one )(?<!\d )hour(?=\s+and\s+(?:a\s+(?:half|quarter)|three\s+quarters)(?!\w))", always("1 hour")),
        (r"(?<![\d:.,])(\d{1,2}):([0-5]\d)\s?(?:h|hours?|hrs?|std\.?|stunden)(?!\w)", lambda m: f"{m[1]}h{m[2]}"),
        (r"(?<![\w.,'’])(\d{1,3})['’′](?=\s*(?:[,.;!?)]|$|each\b|per\b|max\b|tops\b|in\b|at\b|total\b))", _minutes),
        (
            r"(?<![\w.,])(\d+(?:[.,]\d+)?)\s?k(?=\s+(?:seconds?|secs?|minutes?|mins?)\b)|(?<=\d),(?=\d{3}\s+(?:seconds?|secs?|s|minutes?|mins?)\b)",
            lambda m: f"{float(m[1].replace(',', '.')) * 1000:.12g}" if m[1] else "",
        ),
        (r"(?<=\d)\s?std\b\.?", always(" stunden")),
        (r"\b(?:eine[rn]?\s+)?drei\s?viertel\s?stunden?\b", always("45 minuten")),
        (r"\b(?:eine[rn]?\s+)?viertel\s?stunden?\b", always("15 minuten")),
        (r"\b(?:anderthalb|eineinhalb)(?=\s)", always("1.5")),
        (r"\bzweieinhalb(?=\s)", always("2.5")),
        (r"\btrois\s+quarts\s+d['’]heure\b|\btres\s+cuartos\s+de\s+hora\b", always("45 minutes")),
        (r"\b(?:un\s+)?quart\s+d['’]heure\b|\b(?:un\s+)?cuarto\s+de\s+hora\b", always("15 minutes")),
        (r"\b(?:une|1)\s+heure\s+et\s+demie?\b|\b(?:una|1)\s+hora\s+y\s+media\b", always("1.5 heures")),
        (r"\b(?:deux|dos|2)\s+(?:heures\s+et\s+demie?|horas\s+y\s+media)\b", always("2.5 heures")),
        (r"(?:一|1)\s?个半(?:小时|钟头)", always("90分钟")),
        (r"半(?:个)?(?:小时|钟头)", always("30分钟")),
        (r"[一1]\s?刻钟", always("15分钟")),
        (r"[三3]\s?刻钟", always("45分钟")),
        (r"\b(?:ein|un)\s+(?:drittel|tiers|tercio)\b", always("1/3")),
        (r"\b(?:ein\s+viertel|un\s+(?:quart|cuarto))\b", always("1/4")),
        (r"\b(?:ein\s+zehntel|un\s+dixi[eè]me|un\s+d[eé]cimo)\b", always("1/10")),
        (r"\b(?:die|der)\s+h[äa]lfte\b|\bla\s+(?:moiti[eé]|mitad)\b", always("1/2")),
        # numbers
        (r"\b(?:nought|naught|zero|oh|0)\s+point\b", always("zero point")),
        (
            r"(?<![\w.])(?<!zero )(?<!one )(?<!two )(?<!three )(?<!four )(?<!five )point(?=\s+(?:oh|zero|one|two|three|four|five|six|seven|eight|nine)\b)",
            always("zero point"),
        ),
        (r"\b(?:nil|nought|naught)\b", always("0")),
        (r"\b(?:a|the)\s+couple(?:\s+of)?\b(?=\s+(?:more\s+|extra\s+|of\s+)?\w)", always("2")),
        (r"\ba\s+score(?=\s+(?:of\s+)?(?:trials|runs|more\b|(?:at\s+(?:the\s+)?(?:most|least)|max\w*|or\s+(?:more|less))(?!\s+(?:of\s+)?[.\d])))", always("20")),
        (rf"\b(two|three|four)\s+score(?=\s+{_COUNTED})", lambda m: f"{20 * {'two': 2, 'three': 3, 'four': 4}[m[1].lower()]}"),
        (r"千分之一", always("0.001")),
        (r"(?<![一二三四五六七八九十])一半(?!个|小时|钟头)", always("1/2")),
    )
)  # fmt: skip
"""Each habit with what it means, in the order in which they are put right."""
AND_A_PART = re.compile(rf"(?<![\w.,])(\d+)\s+and\s+((?:an?|[123])\s+(?:half|third|quarter)s?)(?={_MEASURED})", re.I)
"""A whole and a part of a unit: "2 and a half percent"."""
