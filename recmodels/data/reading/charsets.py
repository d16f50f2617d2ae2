"""From bytes in any encoding to UTF-8: what they begin with, what fits, and only then what the letters look like."""

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from recmodels.errors import DataError

_HEAD, _SAMPLE = 1 << 16, 1 << 14
_MULTI_BYTE = 2  # bytes beyond ASCII in a row: Western letters stand alone, East Asian and Cyrillic ones do not
# scripts with signs of their own, and the share of these that shows them
_OWN_SIGNS = (("cp932", "[ぁ-ヿ]", 0.2), ("euc_jp", "[ぁ-ヿ]", 0.2), ("cp949", "[가-힣]", 0.95))
_KOREAN = ("cp949", "euc_kr", "johab")
_BROKEN = 0.1  # the share of broken bytes in a text that is UTF-8 otherwise
_NAMES = {
    "cp932": "Shift-JIS",
    "shift_jis": "Shift-JIS",
    "shift_jis_2004": "Shift-JIS",
    "shift_jisx0213": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "gb2312": "GB18030",
    "gbk": "GB18030",
    "gb18030": "GB18030",
    "big5": "Big5",
    "big5hkscs": "Big5",
    "cp950": "Big5",
    "euc_kr": "Korean (CP949)",
    "cp949": "Korean (CP949)",
    "johab": "Korean (Johab)",
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "iso8859_5": "ISO 8859-5",
    "cp1253": "Windows-1253",
    "iso8859_7": "ISO 8859-7",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp874": "Thai (CP874)",
}


def utf8(path: Path, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The text as UTF-8 without marks of byte order, and a note where it was something else.

    Raises:
        DataError: It begins as UTF-16 but is not.
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
        return _other(path, data, error.start)
    return _without_marks(path, data)


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
    sample = _sample(data[max(at - _HEAD, 0) : at + _HEAD])
    if (name := _script(sample)) and (decoded := _decoded(data, name)) is not None:
        guess = f"it was read as {_NAMES[name]}, by what the letters look like"
        return decoded.encode(), (f"{why}; {guess}: if names look wrong, save it as UTF-8",)
    if re.search(rb"[\x80-\x9f]", sample) and (decoded := _decoded(data, "cp1252")) is not None:
        return decoded.encode(), (f"{why}; it was read as Windows-1252",)
    return data.decode("latin-1").encode(), (f"{why}; it was read as Latin-1",)


def _sample(data: bytes) -> bytes:
    """The lines of other than ASCII letters, as many as are enough to tell an encoding."""
    lines = b"\n".join(line for line in data.split(b"\n") if not line.isascii())
    end = lines.rfind(b"\n", 0, _SAMPLE) if len(lines) > _SAMPLE else len(lines)
    return lines[: end if end > 0 else _SAMPLE]


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


def _script(sample: bytes) -> str | None:
    """The encoding of a text in other than Western letters, told by what they look like."""
    for name, signs, least in _OWN_SIGNS:
        text = _decoded(sample, name) or ""
        if len(re.findall(signs, text)) > least * len(re.findall("[^\x00-\x7f]", text)):
            return name
    runs = re.findall(rb"[\x80-\xff]+", sample)
    if sum(map(len, runs)) < _MULTI_BYTE * len(runs):
        return None
    names = [match.encoding for match in from_bytes(sample) if match.encoding in _NAMES]
    return next((name for name in names if name not in _KOREAN), None)


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None
