"""Text that is nearly JSON lines, made so: trailing commas, NaN, objects one after another, Python's own literals."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from recmodels.data.reading.limits import check_depth, size
from recmodels.data.reading.nesting import depth
from recmodels.data.reading.table import shown
from recmodels.errors import DataError, LimitError

MAX_LITERAL_BYTES = 1 << 22  # of one Python dict; the parser takes a hundred times that
_WRONG = re.compile(
    rb'"(?:[^"\\]++|\\.)*+"|,(?=\s*+[}\]])|(?<![\w.])-?(?:NaN|Infinity)(?![\w.])', re.DOTALL
)  # texts first, which are passed over


def repaired(path: Path, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The text without trailing commas, NaN and infinities as null, and how many there were."""
    n_commas = n_numbers = 0

    def right(found: re.Match[bytes]) -> bytes:
        nonlocal n_commas, n_numbers
        text = found[0]
        if text.startswith(b'"'):
            return text
        if text == b",":
            n_commas += 1
            return b""
        n_numbers += 1
        return b"null"

    data = _WRONG.sub(right, data)
    notes = [f"{n_commas:,} trailing commas in {path.name} were passed over"] if n_commas else []
    notes += [f"{n_numbers:,} NaN or Infinity in {path.name} were read as missing"] if n_numbers else []
    return data, tuple(notes)


def objects_in_a_row(data: bytes) -> list[object]:
    """JSON values that follow each other, with or without line ends or commas between and within them.

    Raises:
        ValueError: Something else stands there.
    """
    text, decoder, found, at = data.decode().strip(), json.JSONDecoder(), [], 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
    return found


def are_python_dicts(data: bytes) -> bool:
    """Whether the text begins as a Python dict does, with a key in single quotes."""
    return re.match(rb"[\[\s]*+\{\s*+u?'", data[: 1 << 12]) is not None


def from_python(path: Path, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """JSON lines of what are Python dicts, one a line; nothing in them is run.

    Raises:
        DataError: A line is no Python dict, with its number, or is far too long.
    """
    lines = list(_as_json(path, data))
    return b"\n".join(lines), (f"{path.name} holds Python dicts, not JSON; they were read as they are",)


def _as_json(path: Path, data: bytes) -> Iterator[bytes]:
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        place = f"line {number:,} of {path.name}"
        if len(line) > MAX_LITERAL_BYTES:
            raise LimitError(
                f"a Python dict may have {size(MAX_LITERAL_BYTES)}, {place} has {size(len(line))}; write it as JSON "
                "lines, with `json.dumps(row)` for each row"
            )
        check_depth(path, depth(line), f"in line {number:,} of ")
        try:
            value = ast.literal_eval(line.decode().strip().rstrip(","))
            if not isinstance(value, dict):
                raise ValueError("no dict")
            yield json.dumps(plain_values(value)).encode()
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError) as error:
            raise DataError(f"{place} is neither JSON nor a Python dict: {shown(line.decode())!r}") from error


def plain_values(value: object) -> object:
    """What Python's literals hold, as JSON can say it: with tuples and sets as lists, and texts for keys."""
    if isinstance(value, dict):
        return {str(key): plain_values(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain_values(inner) for inner in value]
    if isinstance(value, float) and value - value != 0:
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
