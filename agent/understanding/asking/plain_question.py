"""A question about data as its patterns read it: in lower case, short forms written out, key words spelt right.

>>> plain_question("whats teh date rnage of Plays_raw n how many ppl?", ("plays_raw",)).text
'what is the date range of §0 and how many people?'
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

from agent.words.spelling import ORDINARY, words_of

NAMED = r"§\d+"
"""A dataset, by its place among the names."""
_CODE = re.compile(r"\W*[A-Z]{2,3}\W*")  # such as "AT", which is no "at"
_SHORT = {
    **{"u": "you", "r": "are", "n": "and", "&": "and", "ppl": "people", "peeps": "people", "cols": "columns"},
    **{"col": "column", "whats": "what is", "what's": "what is", "hows": "how is", "how's": "how is", "wich": "which"},
    **{"wat": "what", "waht": "what", "hwo": "how", "teh": "the", "adn": "and", "whos": "who is", "who's": "who is"},
    **{
        "wats": "what is",
        "y": "why",
        "whys": "why is",
        "why's": "why is",
        "mny": "many",
        "nr": "number",
        "pls": "please",
    },
    **{"hw": "how", "whn": "when", "dont": "do not", "wasnt": "was not", "werent": "were not", "didnt": "did not"},
    **{"which's": "which is", "that's": "that is", "thats": "that is", "where's": "where is", "when's": "when is"},
    **{"there's": "there is", "theres": "there is", "dats": "dates", "ther": "there", "ur": "your"},
}
_KEYS = words_of(
    "many which what rows users customers people members readers buyers items products orders events records ratings stars columns "
    "dates date range period time left dropped removed thrown away duplicates duplicate repeated repeats twice double show sample "
    "first latest newest oldest dataset datasets most least popular active sells bought rated rating highest lowest every month week "
    "number count cover covers span filtered excluded missing skipped discarded kept keep different shoppers interactions lines"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainQuestion:
    """The text, and the datasets that stand in it as `§0`, `§1`, …."""

    text: str
    named: tuple[str, ...] = ()


def plain_question(say: str, datasets: Sequence[str]) -> PlainQuestion:
    """The question with the names of datasets marked."""
    named: list[str] = []

    def mark(match: "re.Match[str]") -> str:
        named.append(next(name for name in datasets if name.lower() == match[0].lower()))
        return f" §{len(named) - 1} "

    text = re.sub(any_of(datasets), mark, say.replace("\u2019", "'"), flags=re.IGNORECASE) if datasets else say
    shouts = text == text.upper()
    text = re.sub(
        r"\S+", lambda match: match[0] if _CODE.fullmatch(match[0]) and not shouts else match[0].lower(), text
    )
    text = re.sub(r"(?<![\w@.'-])[a-z&][a-z']*(?![\w@'-]|\.\w)", _word, text)
    return PlainQuestion(text=re.sub(r"\s+", " ", text).strip(), named=tuple(named))


def any_of(names: Sequence[str]) -> str:
    """A pattern for one of the names, the longest first."""
    listed = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
    return rf"(?<![A-Za-z0-9_.-])(?:{listed})(?![A-Za-z0-9_-])"


def _word(match: "re.Match[str]") -> str:
    word = match[0]
    if word in _SHORT:
        return _SHORT[word]
    if len(word) < 4 or word in ORDINARY or word in _KEYS:
        return word
    near = [key for key in _KEYS if len(key) > 3 and abs(len(key) - len(word)) <= 1]
    close = [key for key in near if DamerauLevenshtein.distance(word, key, score_cutoff=1) <= 1 and key[0] == word[0]]
    return close[0] if len(close) == 1 else word
