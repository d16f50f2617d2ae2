"""What a message says of how trials that will not win stop early: "with successive halving", "without pruning"."""

import re

from agent.pruner_words import PRUNER_WORDS
from agent.understanding.arguments.pruner_grace import grace_places
from agent.understanding.bounds.stretch import Stretch

NONE = "none"


def _any_of(words: tuple[str, ...]) -> str:
    spaced = (re.escape(word).replace(r"\ ", r"[\s-]+").replace("'", "['’]") for word in words)
    return "|".join(rf"\b{word}\b" if word.isascii() else word for word in spaced)


_SAID = {name: _any_of(words) for name, words in PRUNER_WORDS.items()}
_NAMED = rf"\b(?:prun\w+|early\s+stopping)\s*(?:rule|method|by|with|is|:|=)?\s*[\"'`]?{NONE}\b"
_REFUSED = r"\b(?:no|not|without|don['’]?t\s+use|do\s+not\s+use|skip|drop|never\s+use|turn\s+off)\s+(?:(?:the|a|any|your|use)\s+)*"


def pruner_in(stretch: Stretch) -> dict[str, str]:
    """`{"pruner": "halving"}`, with its words used; a rule that is refused by name leaves none.

    From which epoch on trials are pruned says nothing of the pruner.
    """
    for start, end in grace_places(stretch.said.text):
        stretch.use(*stretch.said.within(start, end))
    if _takes(stretch, rf"{_SAID[NONE]}|{_NAMED}"):
        return {"pruner": NONE}
    for name, words in _SAID.items():
        if _takes(stretch, rf"{_REFUSED}(?:{words})"):
            return {"pruner": NONE}
        if _takes(stretch, words):
            return {"pruner": name}
    return {}


def _takes(stretch: Stretch, pattern: str) -> bool:
    """Whether the text itself says so, where "halving" may be read as an amount; what it says is used."""
    text = stretch.said.text
    for start, end in grace_places(text):
        text = text[:start] + " " * (end - start) + text[end:]
    for start, end in stretch.parts:
        if match := re.compile(pattern, re.IGNORECASE).search(text, start, end):
            stretch.use(*stretch.said.within(match.start(), match.end()))
            return True
    return False
