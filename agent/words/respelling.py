"""Ordinary words that were misspelt, set right before anything is read: "cmpare teh trails" → "compare the trials".

Only a word that is none is touched, and only where a word that people often say to a tuner is a letter or two away.
Names stay as they are: agent.words.misspelt reads those, since it knows which there are.
"""

import functools
import re
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path

from rapidfuzz.distance import OSA, DamerauLevenshtein

from agent.words.digits import AMOUNT_WORDS
from agent.words.lexicon import lexicons
from agent.words.spelling import ORDINARY, words_of

_FREQUENT = tuple(Path(__file__).with_name("frequent_words.txt").read_text(encoding="utf-8").split())
"""What people say to a tuner, the most frequent first."""
_MEANT = dict(
    pair.split("=")
    for pair in [
        "trail=trial",
        "trails=trials",
        "dont=don't",
        "didnt=didn't",
        "doesnt=doesn't",
        "isnt=isn't",
        "wasnt=wasn't",
        "wont=won't",
        "cant=can't",
        "arent=aren't",
        "havent=haven't",
        "hasnt=hasn't",
        "shouldnt=shouldn't",
        "couldnt=couldn't",
        "wouldnt=wouldn't",
        "whats=what's",
        "wats=what's",
        "thats=that's",
        "wheres=where's",
        "theres=there's",
        "hows=how's",
        "whos=who's",
        "ive=I've",
        "youre=you're",
        "wud=would",
        "shud=should",
        "cud=could",
        "wich=which",
        "ment=meant",
        "hav=have",
        "giv=give",
        "abt=about",
        "enuff=enough",
        "tonite=tonight",
        "tmrw=tomorrow",
        "nxt=next",
        "shw=show",
        "delet=delete",
        "wat=what",
        "yuo=you",
    ]
)
"""Words that are others here, whatever they mean elsewhere."""
_JARGON = words_of(
    "config configs cfg mins secs hrs calc negs cols col desc recs haha brb sry lol idk pls plz thx nvm btw prod seq diff cust sku hpo gpu "
    "gpus retune retunes retuned retuning meh hmm uhh mhm sth redo lemme gimme argh oops ehm phew jup yea yep nope gdpr tsv csv ids uid srv tmp lgcn embs dims exp hist halving "
    "stalling weighting topn podcasts webshop brochure lunes kino cosa noch wie bitte essais quiero borra merci nutzer kunde artikel versuch"
)
"""Words that are right, though no dictionary has them."""
_WORD = re.compile(r"(?<![^\W\d]|[_@/.#'\\-])(?:(?<=\d)(?=[a-z]{4})|(?<!\d))[A-Za-z]{3,}(?![\w@/\\'-]|\.\w)")
IS_GIVEN = re.compile(
    r"\b(?:call(?:ed)?|named?|rename\w*\s+(?:\S+\s+){0,4}(?:to|as|into)|(?:call|name|label)\s+\S+(?:\s+\S+)?|as)\s*[\"'“`]?$",
    re.IGNORECASE,
)
"""What stands before a name that is given and not meant."""
_ADDS = re.compile(r"\b(?:call|name|rename|label|add|load|import|read)\w*\b", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"\n]*\"|`[^`\n]*`|“[^”\n]*”|(?<!\w)'[^'\n]*'(?!\w)")


_WHY = re.compile(r"(?<![\w'])y(?=\s+(?:that|taht|tht|this|did|is|was|not|so|on\s+earth)\b)", re.IGNORECASE)


def respelt(
    text: str, is_word: Callable[[str], bool], kept: Collection[str] = ()
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text with misspelt ordinary words set right, and each word with the one that it is read as.

    Args:
        is_word: Whether a lower-case word is one of any kind; such words stay.
        kept: Names, lower-case, that stay as well.

    >>> respelt("cmpare teh trails", {"trails"}.__contains__)
    ('compare the trials', (('cmpare', 'compare'), ('teh', 'the'), ('trails', 'trials')))
    """
    text = _WHY.sub(lambda match: "Why" if match[0].isupper() and match.start() == 0 else "why", text)
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    adds = _ADDS.search(text) is not None
    shouts = text.isupper()
    found: list[tuple[str, str]] = []

    def right(match: "re.Match[str]") -> str:
        said = match[0]
        low = said.lower()
        is_name = not shouts and said[0].isupper() and _is_within(text, match.start())
        is_given = adds and IS_GIVEN.search(text[: match.start()]) is not None
        if is_name or is_given or low in kept or any(start <= match.start() < end for start, end in quoted):
            return said
        if low not in _MEANT and any(one in _right() or is_word(one) for one in (low, _stem(low))):
            return said
        word = _MEANT.get(low) or _nearest(low)
        if word is None or (low not in _MEANT and any(_is_nearly(low, name) for name in kept)):
            return said
        found.append((said, word))
        return word.upper() if said.isupper() else word.capitalize() if said[0].isupper() else word

    return _WORD.sub(right, text), tuple(dict.fromkeys(found))


def is_right(said: str, *, or_nearly: bool = True) -> bool:
    """Whether it is a common word, or one of the field; `or_nearly`: or one of these misspelt."""
    low = said.lower()
    is_one = low in _MEANT or low in _right() or _stem(low) in _right()
    return is_one or (or_nearly and _nearest(low) is not None)


@functools.cache
def _right() -> frozenset[str]:
    """Words that stay whatever a dictionary says: common ones, and those of the names of the field."""
    names = (word for lexicon in lexicons().values() for name in lexicon.meanings for word in name.split())
    return ORDINARY | _JARGON | AMOUNT_WORDS | frozenset(_FREQUENT) | frozenset(names)


def _is_nearly(said: str, name: str) -> bool:
    """Whether it is a letter away from a name of the person's own, which `agent.words.misspelt` reads."""
    return len(said) > _SHORT and said[0] == name[:1] and DamerauLevenshtein.distance(said, name, score_cutoff=1) <= 1


_SHORT = 3  # letters


def _stem(word: str) -> str:
    """The word without the ending of a plural or of one who does it."""
    return re.sub(r"(?:ers|er|es|s|r)$", "", word) if len(word) > 5 else word


def _is_within(text: str, place: int) -> bool:
    """Whether a word stands within a sentence, where a capital marks a name."""
    return re.search(r"(?:^|[.!?:;\n])\s*$", text[:place]) is None


@functools.lru_cache(maxsize=4096)
def _nearest(said: str) -> str | None:
    """The word that is nearest, a swap of letters before a lost one before a wrong one, then the more frequent; or None."""
    best: tuple[float, int, str] | None = None
    for place, word in enumerate(_FREQUENT):
        if abs(len(word) - len(said)) > 2 or not (word[0] == said[0] or word[:2] == said[1::-1]):
            continue
        is_swapped = sorted(word) == sorted(said)
        limit = _limit(min(len(said), len(word)), is_swapped=is_swapped)
        distance = OSA.distance(said, word, score_cutoff=limit) if limit else 9
        if distance > limit:
            distance = DamerauLevenshtein.distance(said, word, score_cutoff=limit) if limit else 9
        rank = (
            distance - 0.5 * is_swapped + 0.25 * (len(word) == len(said))
        )  # a letter left out is likelier than a wrong one
        if distance <= limit and (best is None or (rank, place) < best[:2]):
            best = (rank, place, word)
    return best[2] if best else _verb_with_letters_lost(said)


_VERBS = ("pause", "resume", "stop", "start", "continue", "export", "confirm", "compare", "explain", "repeat", "delete", "remove", "rename", "undo")  # fmt: skip


def _verb_with_letters_lost(said: str) -> str | None:
    """The order that is meant where a letter is lost and two are swapped: "psue" is pause, whatever else it looks like."""
    for verb in _VERBS:
        has_its_letters = len(said) > 3 and said[0] == verb[0] and not Counter(said) - Counter(verb)
        if has_its_letters and DamerauLevenshtein.distance(said, verb, score_cutoff=2) <= 2:
            return verb
    return None


def _limit(size: int, *, is_swapped: bool) -> int:
    if size < 4:
        return int(is_swapped)
    return 1 if size < 6 and not is_swapped else 2
