"""Records as a JSON-lines file, to take a memory along or to repair one by hand."""

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from memory.errors import UserError
from memory.formats import STEPS, known, upgraded
from memory.record import KINDS, Record, from_dict, to_dict
from memory.strangers import LONGEST_LINE, check


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


def read_records(path: Path) -> tuple[list[Record], list[str]]:
    """The records of the good lines, and a sentence for each bad line with its number.

    Raises:
        UserError: The file cannot be read.
    """
    records: list[Record] = []
    problems: list[str] = []
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from error
    seen: dict[str, tuple[int, Record]] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                record = _record(line)
                first, same = seen.setdefault(record.id, (number, record))
                if repr(same) != repr(record):  # NaN differs from itself
                    raise ValueError(f"the id {record.id!r} is another record's, on line {first}")
            except ValueError as error:
                problems.append(f"line {number}: {error}")
            else:
                records.append(record)
    return records, problems


def _record(line: bytes) -> Record:
    """The record on a line.

    Raises:
        ValueError: The line holds none; the message says why.
    """
    if len(line) > LONGEST_LINE:
        raise ValueError(f"a record must have at most {LONGEST_LINE:,} bytes, got {len(line):,}")
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}"[:200]) from error
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"`kind` must be one of {', '.join(KINDS)}, got {kind!r:.80}")
    record_type = KINDS[kind]
    try:
        _check_format(data.get("format"))
        fields = known(record_type, upgraded(data, STEPS[kind], f"a {kind}"))
        record: Record = TypeAdapter(record_type).validate_python(fields)
    except (UserError, TypeError) as error:  # of a newer version, or a `format` that is no number
        raise ValueError(str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"`{place}`: {first['msg']}, got {first['input']!r:.80}") from error
    check(record)
    return from_dict(to_dict(record))  # as it was understood: a number in quotes is a number


def _check_format(written: object) -> None:
    if written is not None and (isinstance(written, bool) or not isinstance(written, int) or written < 0):
        raise ValueError(f"`format` must be a whole number of 0 or more, got {written!r:.80}")
