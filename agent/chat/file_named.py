"""The file that a message names among those whose columns are asked, and the message without its name.

"in trades.csv the item is listing"   →   trades.csv, "the item is listing"
"""

import re
from collections.abc import Sequence
from pathlib import PurePath

from agent.chat.open_files import OpenFile
from agent.understanding.data.role_words import role_of

_QUOTE = r"[\"'“”‘’`]?"
_ADDS = r"(?:\b(?:please\s+)?(?:add|read|load|import|open)\s+)?"
_WITHIN = r"(?:\b(?:in|on|of|for|from|about)\s+)"
_FILE = r"(?:(?:the|my|our|this)\s+)?(?:(?:file|data\s?set|table)\s+)?"
_AFTER = r"(?:\s*(?:file|里面?|中|的(?=\w))|\s*['’]s\b)?\s*[:,：，]?\s*"


def file_named(text: str, files: Sequence[OpenFile], datasets: Sequence[str] = ()) -> tuple[OpenFile, str] | None:
    """The latest of the files that the text names, and the rest of the text; None where it names none.

    A name without its ending counts after "in" or "for", or before a colon, where it is no word of an answer itself
    and no dataset's name.
    """
    for one in reversed(files):
        for pattern in _names(one, datasets):
            if match := re.search(pattern, text, re.IGNORECASE):
                return one, f"{text[: match.start()]} {text[match.end() :]}".strip()
    return None


def _names(one: OpenFile, datasets: Sequence[str]) -> list[str]:
    whole = rf"{_ADDS}{_WITHIN}?{_FILE}{_QUOTE}(?<![\w./-]){re.escape(one.file)}(?![\w-]|\.\w){_QUOTE}{_AFTER}"
    bare = (one.question.name, PurePath(one.file).stem, one.file.partition(".")[0])
    found = [whole]
    for name in dict.fromkeys(name for name in bare if name):
        if role_of(name) is None and name.lower() not in map(str.lower, (*one.known, *datasets)):
            word = rf"{_FILE}{_QUOTE}(?<![\w./-]){re.escape(name)}(?![\w-]|\.\w){_QUOTE}"
            found += [rf"{_WITHIN}{word}{_AFTER}", rf"^\W*{word}\s*[:：]\s*"]
    return found
