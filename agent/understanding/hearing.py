"""What a person said, as everything here reads it: Chinese glossed, words spelt right, names and amounts marked."""

from collections.abc import Callable
from dataclasses import dataclass

from agent.understanding.corrections import settled
from agent.words.chinese import gloss, is_chinese
from agent.words.names import Names, read
from agent.words.respelling import respelt
from agent.words.said import Said

MAX_READ = 2000  # characters of a message that are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message, marked."""

    said: Said
    respelt: tuple[tuple[str, str], ...] = ()  # misspelt words, each with the one that it is read as


def heard(say: str, names: Names, is_word: Callable[[str], bool]) -> Heard:
    """The message as it is read.

    Args:
        names: What the person's own home holds.
        is_word: Whether a lower-case word is one of any kind.
    """
    text = say[:MAX_READ]
    if is_chinese(text):
        return Heard(said=settled(read(gloss(text), names)))
    own = {word for name in (*names.datasets, *names.studies) for word in (name.lower(), *name.lower().split("-"))}
    text, words = respelt(text, is_word, own)
    return Heard(said=settled(read(text, names)), respelt=words)
