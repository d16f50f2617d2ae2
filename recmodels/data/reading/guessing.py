"""Which encoding a text is in that is not UTF-8: the one in which all of its words with high bytes are likeliest."""

import re
from dataclasses import dataclass

from recmodels.data.reading.alphabets import languages
from recmodels.data.reading.encodings import SHOWN

_MAX_WORDS = 1000  # different ones
_UNDECODABLE = -40.0
_OTHER_LANGUAGE = -2.5  # a word in another language than most of the file
_DOUBT = 6.0  # how much likelier the choice must be than the next one, as a logarithm
# no second byte of a pair is among the signs that part words
_WORD, _BEGINNING = re.compile(rb"[\x80-\xff][0-9@-\xff]*"), re.compile(rb"[0-9@-\x7f]*\Z")
_LONGEST = 100
_CANDIDATES = {  # its family of languages, and how much it must be likelier than a Western encoding
    "cp1252": ("western", 0.0),
    "mac-roman": ("western", 6.0),
    "cp850": ("western", 6.0),
    "cp1250": ("central", 2.0),
    "iso8859-2": ("central", 4.0),
    "cp1254": ("turkish", 4.0),
    "cp1251": ("cyrillic", 3.0),
    "koi8-r": ("cyrillic", 4.0),
    "iso8859-5": ("cyrillic", 6.0),
    "cp866": ("cyrillic", 6.0),
    "mac-cyrillic": ("cyrillic", 8.0),
    "cp1253": ("greek", 4.0),
    "iso8859-7": ("greek", 4.0),
    "cp1255": ("hebrew", 4.0),
    "cp1256": ("arabic", 6.0),
    "cp874": ("thai", 6.0),
    "cp932": ("japanese", 4.0),
    "euc_jp": ("japanese", 4.0),
    "gb18030": ("chinese", 4.0),
    "big5": ("taiwanese", 4.0),
    "cp949": ("korean", 4.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A text, the encoding it was read in, and a word that shows it."""

    text: str
    encoding: str
    example: str
    other: str | None = None  # an encoding that is nearly as likely, with which the example is another word
    other_example: str = ""

    def in_words(self) -> str:
        """`read as Windows-1252, in which a word is 'Äthiopien'; if that is wrong, say …`."""
        said = f"read as {SHOWN[self.encoding]}, in which one of its words is {self.example!r}"
        if self.other:
            return f"{said}; it may be {SHOWN[self.other]} ({self.other_example!r}) too: then say encoding={self.other}"
        another = "cp1250" if _CANDIDATES.get(self.encoding, ("western",))[0] == "western" else "cp1252"
        return f"{said}; if that looks wrong, say which it is, such as encoding={another}"


def guessed(data: bytes) -> Guess:
    """The text of bytes that are not UTF-8."""
    words = _words(data)
    scores = {name: _score(words, name) for name in _CANDIDATES}
    ranked = sorted(scores, key=lambda name: -scores[name])
    name = next((name for name in ranked if _decoded(data, name) is not None), "iso8859-1")
    if name == "cp1252" and not re.search(rb"[\x80-\x9f]", data):
        name = "iso8859-1"  # the same, and the better known
    word = _example(words, name)
    example = _shown(word, name)
    others = (
        other
        for other in ranked
        if other != name and scores[other] > max(scores.values()) - _DOUBT and _shown(word, other) != example
    )
    other = next(others, None)
    return Guess(
        text=data.decode(name),
        encoding=name,
        example=example,
        other=other,
        other_example=_shown(word, other) if other else "",
    )


def _words(data: bytes) -> list[bytes]:
    words: dict[bytes, None] = {}
    for match in _WORD.finditer(data):
        beginning = _BEGINNING.search(data[max(match.start() - _LONGEST, 0) : match.start()])
        words[(beginning[0] if beginning else b"") + match[0][:_LONGEST]] = None
        if len(words) >= _MAX_WORDS:
            break
    return list(words)


def _score(words: list[bytes], name: str) -> float:
    """The log-probability of the words in an encoding: in the best of its languages, or each in its own."""
    family, handicap = _CANDIDATES[name]
    known = languages(family)
    texts = [_decoded(word, name) for word in words]
    scores = [[_UNDECODABLE if text is None else one.score(text) for text in texts] for one in known]
    alone: float = max(sum(of_words) for of_words in scores)
    mixed: float = sum(max(of_word) + _OTHER_LANGUAGE for of_word in zip(*scores, strict=True))
    return max(alone, mixed) - handicap


def _example(words: list[bytes], name: str) -> bytes:
    """A word of letters alone if there is one, a long one."""
    few = words[:50]
    return max(few, key=lambda word: ((text := _decoded(word, name) or "").isalpha(), min(len(text), 12)), default=b"")


def _shown(word: bytes, name: str) -> str:
    return word.decode(name, errors="replace")[:30]


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None
