"""The words that are declared for models, params, metrics, samplers and splits, and where a text says them."""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.sampler_words import SAMPLER_WORDS
from recmodels.metrics import METRICS
from recmodels.models import MODELS, whole_space
from recmodels.param_words import PARAM_WORDS
from recmodels.request import SPLIT_WORDS
from recmodels.search_space import Choice


class Place(NamedTuple):
    """Some words of a text."""

    start: int
    end: int
    said: str
    word: str  # in its plain form


_TOKEN = re.compile(r"[A-Za-zÀ-ž0-9λ]+")
_REGULAR = re.compile(r"[A-Za-zÀ-ž0-9λ]+(?:[\s_-]+[A-Za-zÀ-ž0-9λ]+)*")
_LONGEST = 6  # words of a name


def plain(text: str) -> str:
    """Without case and without what may stand between words: Learning-Rate, learning_rate and learningrate are one."""
    return re.sub(r"[\s_-]+", "", text.lower())


def runs(text: str) -> list[Place]:
    """Every run of up to six words that stands by itself: neither a part of a path nor of an address."""
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    found: list[Place] = []
    for place, (start, end) in enumerate(tokens):
        if start and (_is_word(text[start - 1]) or text[start - 1] in "@/.-"):
            continue
        word = ""
        for following in range(place, min(place + _LONGEST, len(tokens))):
            if following > place and not (tokens[following][0] - end <= 1 and text[end] in "-_ "):
                break
            end = tokens[following][1]
            word += text[tokens[following][0] : end].lower()
            if _ends(text, end):
                found.append(Place(start, end, text[start:end], word))
    return found


def _is_word(character: str) -> bool:
    return character == "_" or (character.isascii() and character.isalnum())


def _ends(text: str, end: int) -> bool:
    after, beyond = text[end : end + 1], text[end + 1 : end + 2]
    if after and (_is_word(after) or after == "/"):
        return False
    return not (after and after in "-." and beyond and _is_word(beyond))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The words of one kind of thing, and what each one means."""

    meanings: Mapping[str, tuple[str, ...]]  # plain word → names
    odd: "re.Pattern[str] | None"  # the words that are no run of Latin words: 学习率, deep & cross

    @classmethod
    def of(cls, words: Iterable[tuple[str, Iterable[str]]]) -> "Lexicon":
        """Of names with what people call them; a name is a word for itself."""
        meanings: dict[str, list[str]] = {}
        odd: set[str] = set()
        for name, said in words:
            for phrase in (name, *said):
                known = meanings.setdefault(plain(phrase), [])
                known += [] if name in known else [name]
                odd |= set() if _REGULAR.fullmatch(phrase) else {phrase}
        ordered = sorted(odd, key=len, reverse=True)
        pattern = re.compile("|".join(map(_bounded, ordered)), re.IGNORECASE | re.ASCII) if odd else None
        return cls(meanings={word: tuple(names) for word, names in meanings.items()}, odd=pattern)

    def meaning(self, word: str) -> tuple[str, ...]:
        """The names that a plain word, or its plural, stands for; empty where it is none."""
        return self.meanings.get(word) or (
            self.meanings.get(word[:-1], ()) if word.endswith("s") and len(word) > 3 else ()
        )

    def places(self, text: str, places: Sequence[Place]) -> list[tuple[Place, tuple[str, ...]]]:
        """Where the text says one of the words, and what it means.

        Args:
            places: The `runs` of the text.
        """
        found = [(place, meant) for place in places if (meant := self.meaning(place.word))]
        if self.odd:
            matches = [
                Place(match.start(), match.end(), match[0], plain(match[0])) for match in self.odd.finditer(text)
            ]
            found += [(place, self.meaning(place.word)) for place in matches]
        return found


def _bounded(phrase: str) -> str:
    if not phrase[0].isascii():
        return re.escape(phrase)
    return rf"(?<![\w@/.-]){re.escape(phrase).replace(chr(92) + ' ', '[-_ ]?')}(?![\w/]|-\w)"


@functools.cache
def lexicons() -> Mapping[str, Lexicon]:
    """One of each kind of thing."""
    return {
        "metric": Lexicon.of((name, metric.words) for name, metric in METRICS.items()),
        "model": Lexicon.of((name, entry.words) for name, entry in MODELS.items()),
        "param": Lexicon.of((name, entry.words) for name, entry in PARAM_WORDS.items()),
        "sampler": Lexicon.of(SAMPLER_WORDS.items()),
        "split": Lexicon.of(SPLIT_WORDS.items()),
        "choice": Lexicon.of((word, ()) for word in choice_params()),
    }


@functools.cache
def choice_params() -> Mapping[str, tuple[str, ...]]:
    """Values that are words, each with the params that may have it: lora of `adapter`."""
    found: dict[str, list[str]] = {}
    for model in MODELS:
        for name, param in whole_space(model).items():
            if isinstance(param, Choice):
                for choice in param.choices:
                    if isinstance(choice, str) and name not in found.setdefault(choice, []):
                        found[choice].append(name)
    return {choice: tuple(params) for choice, params in found.items()}
