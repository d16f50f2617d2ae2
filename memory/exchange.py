"""Records as a JSON-lines file, to take a memory along or to repair one by hand."""

import codecs
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import TypeAdapter, ValidationError

from memory.content import Content
from memory.errors import UserError
from memory.formats import STEPS, known, names_of, upgraded
from memory.record import KINDS, Record, from_dict, to_dict
from memory.strangers import LONGEST_LINE, check, check_depth


def write_records(path: Path, records: Iterable[Record]) -> int:
    """Write one record a line, all or nothing; returns how many.

    Raises:
        UserError: The file cannot be written.
    """
    n = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                for record in records:
                    file.write(json.dumps(to_dict(record)) + "\n")
                    n += 1
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror or error}") from error
    return n


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file of records holds."""

    records: tuple[Record, ...]
    refused: tuple[str, ...]  # a sentence for each line that is refused: its number, the field, the rule, the value
    ignored: tuple[str, ...]  # fields that this version does not know, sorted


def read_records(path: Path, check_more: Callable[[Record], None] = lambda record: None) -> Read:
    """The records of the good lines, and what is said of the others.

    Args:
        check_more: Raises ValueError for a record that is refused too.

    Raises:
        UserError: The file cannot be read.
    """
    records: list[Record] = []
    refused: list[str] = []
    ignored: set[str] = set()
    seen: dict[str, tuple[int, Record]] = {}
    try:
        with path.open("rb") as file:
            for number, line, n_bytes in _lines(file):
                try:
                    data = _data(line, n_bytes)
                    record = _record(data, check_more)
                    first, same = seen.setdefault(record.id, (number, record))
                    if same != record:
                        raise ValueError(f"`id` must be one record's, got {record.id!r}, which line {first} has too")
                except ValueError as error:
                    refused.append(f"line {number}: {error}")
                else:
                    records.append(record)
                    ignored |= _unknown_in(KINDS[data["kind"]], data)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from error
    return Read(records=tuple(records), refused=tuple(refused), ignored=tuple(sorted(ignored)))


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """The lines that hold something: number from 1, the beginning, and how many bytes the line has in all."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        beginning, n_bytes = line, len(line)
        while not line.endswith(b"\n") and (line := file.readline(LONGEST_LINE)):
            n_bytes += len(line)
        if number == 1:
            beginning = beginning.removeprefix(codecs.BOM_UTF8)
        if beginning.strip():
            yield number, beginning, n_bytes


def _data(line: bytes, n_bytes: int) -> dict[str, Any]:
    """The JSON object on a line that is a record's.

    Raises:
        ValueError: The line holds none; the message says why.
    """
    if n_bytes > LONGEST_LINE:
        raise ValueError(f"a record must have at most {LONGEST_LINE:,} bytes, got {n_bytes:,}")
    try:
        data = json.loads(line.decode("utf-8"), object_pairs_hook=_each_once)
    except UnicodeDecodeError as error:
        raise ValueError("not JSON: it is not written in UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise ValueError("not JSON of a record: it is nested too deeply") from error
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"`kind` must be one of {', '.join(KINDS)}, got {kind!r:.80}")
    found: dict[str, Any] = data
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises ValueError: a name stands twice in one object, of which JSON would take the last without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"`{twice}` stands twice in one record".replace("\n", " ")[:200])
    return found


def _record(data: dict[str, Any], check_more: Callable[[Record], None]) -> Record:
    """The record that is written so.

    Raises:
        ValueError: It is none that can be remembered; the message names the field, the rule and the value.
    """
    kind = data["kind"]
    try:
        _check_format(data.get("format"))
        fields = known(KINDS[kind], upgraded(data, STEPS[kind], f"a {kind}"))
        # strict: neither "0.3" nor true is a number
        record: Record = TypeAdapter(KINDS[kind]).validate_json(_text_of(fields), strict=True)
    except (UserError, TypeError, AttributeError) as error:  # of a newer version, or entries of another shape
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError("the record is nested too deeply") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"`{place}`: {first['msg']}, got {first['input']!r:.80}") from error
    check(record)
    check_more(record)
    return from_dict(to_dict(record))


def _text_of(fields: Mapping[str, Any]) -> str:
    """JSON of the fields.

    Raises:
        ValueError: One is nested too deeply, or half a character stands in it.
    """
    for name, value in fields.items():
        check_depth(name, value)
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"`{name}` must not hold half a character (a lone surrogate)") from error
    return json.dumps(fields)


def _unknown_in(record_type: type, data: Mapping[str, Any]) -> set[str]:
    """The fields of a record that this version does not know, and those of a lesson's content."""
    found = set(data) - {"kind", "format", *names_of(record_type)}
    content = data.get("content")
    if isinstance(content, Mapping):
        found |= {f"content.{name}" for name in set(content) - names_of(Content)}
    return {name.encode("ascii", "backslashreplace").decode()[:80] for name in found}


def _check_format(written: object) -> None:
    if written is not None and (isinstance(written, bool) or not isinstance(written, int) or written < 0):
        raise ValueError(f"`format` must be a whole number of 0 or more, got {written!r:.80}")
