"""What a person said, as everything here reads it: Chinese glossed, words spelt right, names and amounts marked."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from agent.understanding.clauses.corrections import settled
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.names.pointing import pointed
from agent.words.chinese import gloss, glued_ids, is_chinese
from agent.words.file_names import paths
from agent.words.names import Names, read
from agent.words.respelling import respelt
from agent.words.said import Said

MAX_READ = 2000  # characters of a message that are read
_GREETING = re.compile(
    r"^\W*(?:hi|hey|hello|hallo|hola|bonjour|ciao|yo|good\s+(?:morning|evening|afternoon)|bye|goodbye|你好|您好|再见)"
    r"(?:\s+(?:there|all|again|everyone|you))?[\s,.!#]*\d*\W*$",
    re.IGNORECASE,
)


_COURTESY = re.compile(
    r"^\W*(?:(?:thanks?|thank\s+you|thx|cheers|谢谢|多谢)(?:\s+(?:very|so|much|a\s+lot|you|all|again|everyone|then))*[\s,.!]*)+$",
    re.IGNORECASE,
)


def is_courtesy(text: str) -> bool:
    """Whether it greets or thanks and says nothing else, so that nothing can have been ordered by it."""
    return is_greeting(text) or _COURTESY.match(text) is not None


def is_greeting(text: str) -> bool:
    """Whether it greets and says nothing else; a bare number behind that is an amount of nothing."""
    return _GREETING.match(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message, marked."""

    said: Said
    respelt: tuple[tuple[str, str], ...] = ()  # misspelt words, each with the one that it is read as


def heard(say: str, known: Known, dialogue: Dialogue, is_word: Callable[[str], bool]) -> Heard:
    """The message as it is read.

    Args:
        known: What the person's own home holds.
        dialogue: What was talked of, which can be pointed at.
        is_word: Whether a lower-case word is one of any kind.
    """
    text, names = say[:MAX_READ], known.names
    if is_chinese(text):
        text = _with_data_last(text, names)
        english = gloss(text, [*_files(text, names), *(one for one in glued_ids(text) if known.has_user(one))])
        return Heard(said=settled(pointed(read(english, names), known, dialogue)))
    own = {
        word
        for name in (*names.datasets, *names.studies, *_files(text, names))
        for word in (name.lower(), *re.split(r"[-\s]+", name.lower()))
    }
    text, words = respelt(text, is_word, own)
    return Heard(said=settled(pointed(read(text, names), known, dialogue)), respelt=words)


_LATIN = r"[A-Za-z][\w-]*"
_USES = re.compile(
    rf"(?<!在)用\s*(?P<name>{_LATIN})\s*(?:这个)?(?:数据集?)?\s*(?:来\s*)?"
    rf"(?P<verb>调参|调优|调(?![到低高整成为])|训练|优化|跑)\s*(?P<models>{_LATIN}(?:\s*[和、,，与]\s*{_LATIN})*)"
)
"""What a model is tuned with, which is data: “用 tea 调 ease”."""


def _with_data_last(say: str, names: Names) -> str:
    """The message with “调 ease 在 tea” for “用 tea 调 ease”, where tea is no model and no other name but a dataset's."""

    def on(match: "re.Match[str]") -> str:
        is_other = any(span.kind != "dataset" for span in read(match["name"], names).spans)
        are_models = any(span.kind == "model" for span in read(match["models"], names).spans)
        return match[0] if is_other or not are_models else f"{match['verb']} {match['models']} 在 {match['name']}"

    return _USES.sub(on, say)


def _files(text: str, names: Names) -> list[str]:
    """The names of files as they stand in a text."""
    return [text[span.start : span.end] for span in paths(text, names.files)]
