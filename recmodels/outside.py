"""Text from outside (ids, titles, columns, names of files) as it can be looked at and opened in a spreadsheet.

>>> visible("a\\u202eb")
'a\\\\u202eb'
>>> cell("=1+1")
"'=1+1"
"""

import json
import re
import unicodedata
from collections.abc import Callable

_HARMLESS = re.compile(r"[ -~\n\t]*")  # the usual case, told at once
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and marks that draw nothing
_JOINERS = "\u200c\u200d"
_PICTURE_OR_TEXT = "\ufe0e\ufe0f"  # how the sign before is drawn
_DRAWN = "#*0123456789‼⁉〰〽"  # signs that may be drawn as pictures, besides symbols
_FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_NAME = re.compile(r"[-+@][\w.-]+")


def visible(text: str) -> str:
    """The text with what cannot be seen written out: `\\x1b`, `\\u202e`, `\\u200b`. Line ends and tabs stay.

    What joins letters of scripts that need it, or parts of one picture, stays as well.
    """
    return _with_unseen(text, _written_out)


def visible_json(document: str) -> str:
    """JSON that means the same, with what cannot be seen in its texts as escapes of JSON."""
    return _with_unseen(document, lambda char: json.dumps(char)[1:-1])


def on_one_line(text: str) -> str:
    """As `visible`, with single spaces for line ends, tabs and runs of spaces."""
    return " ".join(visible(text.replace("\r\n", "\n").replace("\r", "\n")).split())


def cell(text: str, *, is_id: bool = False) -> str:
    """The text for a cell of a table that a spreadsheet may open: an apostrophe before what it would calculate.

    Args:
        is_id: What other files are joined on: it stays as it is where it is a sign and a name, as `-Qx3_a` or `@shop`,
            which no spreadsheet can do anything with.
    """
    if not _FORMULA.match(text) or _NUMBER.fullmatch(text) or (is_id and _NAME.fullmatch(text)):
        return text
    return f"'{text}"


def _with_unseen(text: str, write: Callable[[str], str]) -> str:
    if _HARMLESS.fullmatch(text):
        return text
    return "".join(char if _is_seen(text, place) else write(char) for place, char in enumerate(text))


def _written_out(char: str) -> str:
    """`\\x1b`, `\\u202e`, `\\U000e0041`, as Python and JSON write it."""
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_seen(text: str, place: int) -> bool:
    char = text[place]
    if char in "\n\t":
        return True
    if char in _JOINERS:
        return _joins(text, place)
    if char in _PICTURE_OR_TEXT:
        return place > 0 and (text[place - 1] in _DRAWN or unicodedata.category(text[place - 1])[0] == "S")
    if "\ufe00" <= char <= "\ufe0d" or "\U000e0100" <= char <= "\U000e01ef":  # another shape of the letter before
        return place > 0 and unicodedata.category(text[place - 1]) == "Lo" and text[place - 1] not in _BLANK
    return char not in _BLANK and (char.isprintable() or unicodedata.category(char) == "Zs")


def _joins(text: str, place: int) -> bool:
    """Whether it stands between letters or pictures beyond Latin, Greek and Cyrillic, of which some need it."""
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return len(around) == 2 and all(unicodedata.category(one) in ("Lo", "Mn", "Mc", "So", "Sk") for one in around)
