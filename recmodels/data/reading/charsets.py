"""From bytes in any encoding to UTF-8: what they begin with, what fits, and only then what the letters look like."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from recmodels.data.reading.encodings import SHOWN, encoding_called
from recmodels.data.reading.guessing import guessed
from recmodels.data.reading.options import ENCODING
from recmodels.errors import DataError

_said: ContextVar[str | None] = ContextVar("encoding", default=None)  # for the files of one reading
_HEAD = 1 << 16
_BROKEN = 0.1  # the share of broken bytes in a text that is UTF-8 otherwise


@contextmanager
def reading_as(said: str | None) -> Iterator[None]:
    """Within the block, texts that are not UTF-8 are read in the encoding that a person said; None guesses.

    Raises:
        DataError: There is no such encoding.
    """
    name = encoding_called(said) if said else None
    if said and name is None:
        raise DataError(f"{ENCODING} must be one of {', '.join(SHOWN)}, it is {said[:40]!r}")
    token = _said.set(name)
    try:
        yield
    finally:
        _said.reset(token)


def utf8(path: Path, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The text as UTF-8 without marks of byte order, and a note where it was something else.

    Raises:
        DataError: It begins as UTF-16 but is not, or is not in the encoding that was said, see `reading_as`.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf16(path, data, "utf-16")
    if order := _order_of_utf16(data):
        return _utf16(path, data, order)
    while data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
    if data.isascii():  # which takes no copy to know
        return data, ()
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return _as_said(path, data, name) if (name := _said.get()) else _other(path, data, error.start)
    text, notes = _without_marks(path, data)
    if (name := _said.get()) and name != "utf-8":
        notes += (f"{path.name} is UTF-8 throughout and was read so, not as {SHOWN[name]}",)
    return text, notes


def _as_said(path: Path, data: bytes, name: str) -> tuple[bytes, tuple[str, ...]]:
    try:
        return data.decode(name).encode(), (f"{path.name} was read as {SHOWN[name]}, as you said",)
    except UnicodeDecodeError as error:
        line = data.count(10, 0, error.start) + 1
        raise DataError(
            f"{path.name} is not {SHOWN[name]}: byte 0x{data[error.start]:02x} in line {line:,} is no letter of it; "
            f"say another {ENCODING}, or none to have it told by the letters"
        ) from error


def _utf16(path: Path, data: bytes, name: str) -> tuple[bytes, tuple[str, ...]]:
    try:
        return data.decode(name).encode(), (f"{path.name} was read as UTF-16",)
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name} begins as UTF-16 but is not: {error.reason} at byte {error.start}") from error


def _order_of_utf16(data: bytes) -> str | None:
    """The order of UTF-16 without a mark: every other byte is 0 wherever the text is ASCII."""
    head = data[:_HEAD]
    if b"\0" not in head[:1000] or len(data) % 2:
        return None
    n_even, n_odd, n = head[::2].count(0), head[1::2].count(0), max(len(head) // 2, 1)
    if min(n_even, n_odd) > 0.01 * n or max(n_even, n_odd) < 0.3 * n:
        return None
    name = "utf-16-le" if n_odd > n_even else "utf-16-be"
    text = head[: len(head) // 4 * 4 - 2].decode(name, errors="replace")
    n_odd_signs = sum(not char.isprintable() and char not in "\t\r\n" for char in text)
    return name if n_odd_signs <= 0.01 * len(text) else None


def _without_marks(path: Path, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Without marks of byte order at the start of later lines, as files written one after another have them."""
    n_marks = data.count(b"\n" + codecs.BOM_UTF8)
    if not n_marks:
        return data, ()
    line = data.count(b"\n", 0, data.find(b"\n" + codecs.BOM_UTF8)) + 2
    note = f"{n_marks:,} marks of byte order within {path.name}, the first in line {line:,}, were left out"
    return data.replace(b"\n" + codecs.BOM_UTF8, b"\n"), (note,)


def _other(path: Path, data: bytes, at: int) -> tuple[bytes, tuple[str, ...]]:
    """Bytes that are not UTF-8, of which the first one that shows it is given."""
    why = f"{path.name} is not UTF-8 (byte 0x{data[at]:02x} in line {data.count(10, 0, at) + 1:,})"
    if text := _repaired(data):
        fixed, n_broken = text
        return fixed.encode(), (f"{why} in {n_broken:,} bytes alone; these were read as Windows-1252",)
    guess = guessed(data)
    return guess.text.encode(), (f"{why}; it was {guess.in_words()}",)


def _repaired(data: bytes) -> tuple[str, int] | None:
    """UTF-8 with a few broken bytes, read as Windows-1252, and their number; None where there are many."""
    text = data.decode(errors="surrogateescape")
    broken = re.findall("[\udc80-\udcff]", text)
    n_letters = len(re.findall("[^\x00-\x7f\udc80-\udcff]", text))
    if len(broken) > _BROKEN * n_letters:
        return None
    letters: dict[str, str | int | None] = {sign: _western(sign) for sign in set(broken)}
    return text.translate(str.maketrans(letters)), len(broken)


def _western(sign: str) -> str:
    """The letter of a byte that Python keeps aside as a surrogate."""
    byte = bytes([ord(sign) - 0xDC00])
    return _decoded(byte, "cp1252") or byte.decode("latin-1")


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None
