"""How deep JSON is nested and how many keys it has, by linear scans: parsers take far longer, or all of a stack."""

import re
from pathlib import Path

import numpy as np

from recmodels.data.reading.limits import MAX_DEPTH, check_columns, check_depth

_ESCAPED = re.compile(rb'\\["\\]')
_KEY = re.compile(rb'"([^"]*+)"\s*+:')
_BLOCK = 1 << 20
_QUOTE = 2
_STEPS = bytes.maketrans(b'[{]}"', bytes([1, 1, 255, 255, _QUOTE]))  # 255 is -1 as int8
_NO_STEP = bytes(set(range(256)) - set(b'[{]}"'))
_NO_OPENER = bytes(set(range(256)) - set(b"[{\n"))


def check_lines(path: Path, data: bytes) -> None:
    """Refuse JSON lines of which one is nested too deep.

    Raises:
        DataError: With the line.
    """
    openers = np.frombuffer(data.translate(None, _NO_OPENER), dtype=np.uint8)
    ends = np.append(np.flatnonzero(openers == ord("\n")), len(openers))
    if np.diff(ends, prepend=-1).max() - 1 <= MAX_DEPTH:  # no line has so many brackets, in texts or not
        return
    for number, line in enumerate(data.splitlines(), 1):
        check_depth(path, depth(line), f"in line {number:,} of ")


def check_document(path: Path, data: bytes) -> None:
    """Refuse one JSON document that is nested too deep.

    Raises:
        DataError: With its depth.
    """
    check_depth(path, depth(data), "in ")


def n_keys(path: Path, data: bytes) -> int:
    """How many keys all objects have between them; each may become a column, and a parser compares them all.

    Raises:
        DataError: They have far too many.
    """
    keys: set[bytes] = set()
    bare = _without_escapes(data)
    for start in range(0, len(bare), _BLOCK):  # a key at the border of two blocks may be missed, which does no harm
        keys.update(_KEY.findall(bare, start, start + _BLOCK))
        check_columns(path, len(keys))
    return len(keys)


def depth(document: bytes) -> int:
    """How deep objects and arrays are nested, brackets in texts aside; in broken JSON no less than a parser meets."""
    marks = np.frombuffer(_without_escapes(document).translate(_STEPS, _NO_STEP), dtype=np.int8)
    is_in_text, level, lowest, deepest = 0, 0, 0, 0
    for start in range(0, len(marks), _BLOCK):
        block = marks[start : start + _BLOCK]
        is_quote = block == _QUOTE
        in_text = (np.cumsum(is_quote, dtype=np.uint8) + is_in_text) % 2
        levels = level + np.cumsum(np.where(is_quote | (in_text == 1), 0, block), dtype=np.int32)
        lows = np.minimum(np.minimum.accumulate(levels), lowest)
        deepest = max(deepest, int((levels - lows).max()))
        is_in_text, level, lowest = int(in_text[-1]), int(levels[-1]), int(lows[-1])
    return deepest


def _without_escapes(data: bytes) -> bytes:
    """With every quote that is left being the border of a text."""
    return _ESCAPED.sub(b"__", data) if b"\\" in data else data
