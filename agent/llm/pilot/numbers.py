"""Numbers, durations and counts as people write them: `3e-4`, `1h30`, `half an hour`, `a dozen trials`."""

import re

from recmodels.durations import durations_in

_UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {word: value for value, word in enumerate(_UNITS)} | {
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "hundred": 100,
}
_ALWAYS = "|".join(word for word in _WORDS if word not in ("zero", "one", "hundred"))
_UNIT = r"(?:more\s+)?(?:hours?|hrs?|minutes?|mins?|days?|trials?|tries|runs?|items?|layers?|heads?|epochs?)"
_TRIALS = (
    r"(?:trials?|trails?|tries|runs|attempts|iterations|rounds|evaluations|experiments|configs|configurations|tests|"
    r"settings|different settings|essais?|pruebas|ensayos|versuchen?|prove|次)"
)
NUMBER = r"(?:10\^-?\d+|[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:\s?[eE][-+]?\d+|\s?[x*×]?\s?10\^-?\d+)?)"


def digits(text: str) -> str:
    """`text` with the number words that are surely numbers written in digits; "the best one" keeps its "one"."""
    text = re.sub(r"\bhalf a dozen\b", "6", text, flags=re.IGNORECASE)
    text = re.sub(r"\ba couple (?:of )?(?=more|trials|runs|items)", "2 ", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:a|one) dozen\b|\bdozen\b", "12", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:a|one) hundred\b", "100", text, flags=re.IGNORECASE)
    text = re.sub(
        r"\b(twenty|thirty|forty|fifty|sixty)[- ](one|two|three|four|five|six|seven|eight|nine)\b",
        lambda m: str(_WORDS[m[1].lower()] + _WORDS[m[2].lower()]),
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(rf"\b({_ALWAYS})\b", lambda m: str(_WORDS[m[1].lower()]), text, flags=re.IGNORECASE)
    return re.sub(rf"\b(one|zero)(?=\s+{_UNIT}\b)", lambda m: str(_WORDS[m[1].lower()]), text, flags=re.IGNORECASE)


def number(text: str) -> float | int:
    """The value of text that matches NUMBER; whole numbers without a point or exponent are ints."""
    clean = text.replace(" ", "")
    power = re.fullmatch(r"([-+]?[\d.]*?)[x*×]?10\^(-?\d+)", clean)
    if power:
        return float(f"{power[1] or 1}e{power[2]}")
    return int(clean) if re.fullmatch(r"[-+]?\d+", clean) else float(clean)


class Reader:
    """A message that is read piece by piece; what was understood is blanked, so no number is read twice."""

    def __init__(self, text: str) -> None:
        self.text = digits(text)

    def take(self, pattern: str | re.Pattern[str]) -> re.Match[str] | None:
        """The first match, case-insensitive, blanked from the text."""
        compiled = re.compile(pattern, re.IGNORECASE) if isinstance(pattern, str) else pattern
        match = compiled.search(self.text)
        if match:
            self.text = self.text[: match.start()] + " ; " + self.text[match.end() :]
        return match

    def take_all(self, pattern: str | re.Pattern[str]) -> list[re.Match[str]]:
        """Every match, in order of the text."""
        found = []
        while match := self.take(pattern):
            found.append(match)
        return found


def read_duration(reader: Reader) -> float | None:
    """Seconds, the sum of what a message names, each blanked; None where no time is named."""
    found = durations_in(reader.text)
    for one in reversed(found):
        reader.text = f"{reader.text[: one.start]} ; {reader.text[one.end :]}"
    return sum(one.seconds for one in found) or None


def read_trial_count(reader: Reader) -> int | None:
    """How many trials a study should run."""
    for pattern in (
        r"\bn_?trials?\s*[=:]?\s*(\d+)",
        r"\b(?:number|nr|no\.?) of trials?\s*(?:is|=|:|to|at)?\s*(\d+)",
        r"\b(?:trials?|tries|budget)\s*[=:]\s*(\d+)",
        r"\bn\s*=\s*(\d+)",
        rf"(?<![\w.@#-])(-?\d+)\s*-?\s*(?:more\s+|further\s+|quick\s+|additional\s+)?{_TRIALS}(?!\w)",
    ):
        if match := reader.take(pattern):
            return int(match[1])
    return None
