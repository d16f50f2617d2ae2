"""From a file to a table, its format told by its content: one function a format."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from recmodels.data.reading.decoding import read_content
from recmodels.data.reading.last_line import without_cut_line
from recmodels.data.reading.layouts.json_tables import is_json, read_json
from recmodels.data.reading.layouts.lists import as_events, as_text
from recmodels.data.reading.layouts.row_names import with_a_name, without_row_names
from recmodels.data.reading.layouts.sequences import read_sequences
from recmodels.data.reading.layouts.special import read_special
from recmodels.data.reading.layouts.wide import as_long
from recmodels.data.reading.limits import Limits, check_columns, check_depth
from recmodels.data.reading.parquet_footer import FooterError, read_footer
from recmodels.data.reading.preamble import placed, trim
from recmodels.data.reading.quotes import quote_order, with_doubled_quotes, without_blanks_at_quotes
from recmodels.data.reading.sniffing import TextShape, fields, head_lines, shape_of
from recmodels.data.reading.table import POLARS_ERRORS, Table
from recmodels.errors import DataError

MAX_FIELD = 100_000  # bytes; nothing that a person wrote about an item is longer
MAX_COLUMN_NAME = 200
MAX_NUMBERS_ALONE = 12  # in a file of one line
_NUMBER = re.compile(rb"(?<![^\s,;|:])\d+(?![^\s,;|:])")
_BLOCK = 1 << 20
_BLANKS, _ALIGNED_ENDS = re.compile(rb" {2,}"), re.compile(rb"^ | (?=\r?$)", re.MULTILINE)

# files without a header that are known by name; further columns are numbered
_KNOWN_COLUMNS = {
    "ratings.dat": ("user_id", "item_id", "rating", "timestamp"),
    "u.data": ("user_id", "item_id", "rating", "timestamp"),
    "movies.dat": ("item_id", "title", "genres"),
    "users.dat": ("user_id", "gender", "age", "occupation", "zip_code"),
    "u.user": ("user_id", "age", "gender", "occupation", "zip_code"),
    "u.item": ("item_id", "title", "release_date"),
}


def read_table(path: Path, strict: bool = True, given: Mapping[str, str] | None = None) -> Table:
    """Read a file in any of the known formats.

    Args:
        strict: Its rows are events. Else they describe items or users: lists stay with them as text, objects within
            objects are left out, and surplus fields of a line are cut off and noted.
        given: Role → column that a person named; the one of the user or the item may hold lists.

    Raises:
        DataError: It is empty, binary, has one column, ragged lines, or a field of more than MAX_FIELD bytes.
    """
    content = read_content(path)
    if content.is_parquet:
        table = _parquet(path, content.data)
    elif is_json(content.data):
        table = read_json(path, content.data)
    else:
        lines = head_lines(content.data)
        table = read_special(path, content.data, lines) or _text(path, content.data, strict)
    table = (
        as_long(as_events(table, given or {}), given or {}) if strict else replace(table, frame=as_text(table.frame))
    )
    if table.frame.is_empty():
        raise DataError(f"{path.name} has column names but no rows")
    _refuse_long_fields(table)
    return replace(table, notes=content.notes + table.notes)


def _text(path: Path, data: bytes, strict: bool) -> Table:
    trimmed = trim(path, data)
    data, separator = with_a_name(path, trimmed.data)
    has_row_names = separator is not None
    shape = replace(shape_of(data, separator or trimmed.separator), n_above=trimmed.n_above)
    _refuse_one_line(path, data)
    is_sequences = shape.kind == "sequences"
    data, notes = without_cut_line(path, data, shape.separator, 1 if is_sequences else shape.n_columns)
    table = read_sequences(path, data) if is_sequences else _lines(path, data, shape, strict)
    table = placed(replace(table, notes=table.notes + notes), trimmed)
    return without_row_names(table) if has_row_names else table


def _refuse_one_line(path: Path, data: bytes) -> None:
    if data.find(b"\n", 0, len(data) - 2) < 0 and (n := len(_NUMBER.findall(data[:_BLOCK]))) > MAX_NUMBERS_ALONE:
        raise DataError(
            f"{path.name} is one line of {n:,} numbers or more, {_start(data)!r}: its line ends are lost; each event "
            "(or each user's list) needs a line of its own"
        )


def _parquet(path: Path, data: bytes) -> Table:
    try:
        footer = read_footer(data)
    except FooterError as error:
        raise DataError(f"{path.name} is a damaged Parquet file: {error}") from error
    check_columns(path, footer.n_columns)
    check_depth(path, footer.depth, "in ")
    Limits.current().check(path, footer.n_bytes, len(data))
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except POLARS_ERRORS as error:
        raise DataError(f"{path.name} is a damaged Parquet file: {_sentence(error)}") from error
    return Table(path=path, kind="parquet", frame=frame.with_columns(map(_as_text_of_bytes, frame)))


def _as_text_of_bytes(column: pl.Series) -> pl.Series:
    """Text that Hive and Impala store as bytes, alone or in lists; bytes that are no UTF-8 as they are."""
    if column.dtype not in (pl.Binary, pl.List(pl.Binary)):
        return column
    try:
        return column.cast(pl.String if column.dtype == pl.Binary else pl.List(pl.String))
    except POLARS_ERRORS:
        return column


def _lines(path: Path, data: bytes, shape: TextShape, strict: bool) -> Table:
    if shape.kind == "prose" or shape.n_columns < 2:
        raise DataError(
            f"{path.name} has one column, line 1 is {_start(data)!r}; a dataset needs at least a user and an item, "
            "separated by commas, tabs, semicolons, `|` or `::`"
        )
    check_columns(path, shape.n_columns)
    if shape.is_aligned:
        data = _ALIGNED_ENDS.sub(b"", _BLANKS.sub(b" ", data))
    if shape.kind == "movielens":
        data, shape = data.replace(b"\t", b" ").replace(b"::", b"\t"), replace(shape, separator="\t")
    n_lines = _count_lines(data)
    Limits.current().check_cells(path, n_lines, shape.n_columns)
    _refuse_one_name_twice(path, _in_file(shape))  # polars gives the second one another name
    frame, notes = _parse(path, data, shape, strict)
    names = _names(path, frame, shape)
    _refuse_one_name_twice(path, names)
    frame.columns = names
    frame, n_blank = _without_blank_rows(frame)
    is_line_a_row = not n_blank and n_lines == frame.height + shape.has_header
    return Table(
        path=path,
        kind=shape.kind,
        frame=frame,
        has_names=shape.has_header or path.name.lower() in _KNOWN_COLUMNS,
        first_line=1 + shape.has_header if is_line_a_row else None,
        notes=notes,
    )


def _without_blank_rows(frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Without the rows of empty lines, and how many they were."""
    if not all(column.null_count() for column in frame):
        return frame, 0
    kept = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    return kept, frame.height - kept.height


def _count_lines(data: bytes) -> int:
    values = np.frombuffer(data, dtype=np.uint8)
    blocks = np.split(values, range(_BLOCK, len(values), _BLOCK))  # small enough for the processor's cache
    return int(sum(np.count_nonzero(block == ord("\n")) for block in blocks)) + (not data.endswith(b"\n"))


def _parse(path: Path, data: bytes, shape: TextShape, strict: bool) -> tuple[pl.DataFrame, tuple[str, ...]]:
    data = with_doubled_quotes(without_blanks_at_quotes(data, shape.separator), shape.separator)
    quotes = quote_order(head_lines(data), shape.separator)
    for quote in quotes:
        try:
            return _polars(data, shape, quote), _told_of_quotes(path, data, quote, quotes)
        except POLARS_ERRORS:
            continue
    n_ragged = _count_ragged(path, data, shape, strict)
    try:
        frame = _polars(data, shape, quotes[0], truncate_ragged_lines=True)
    except POLARS_ERRORS as error:
        raise DataError(f"{path.name} cannot be read as {shape.kind}: {_sentence(error)}") from error
    note = f"{n_ragged:,} lines of {path.name} have more fields than its first line; the surplus was cut off"
    return frame, (note,) if n_ragged else ()


def _told_of_quotes(path: Path, data: bytes, quote: str | None, quotes: Sequence[str | None]) -> tuple[str, ...]:
    if quote is not None or quote == quotes[0]:
        return ()
    line = data.count(b"\n", 0, data.find(b'"')) + 1
    return (f"quotes in {path.name} do not enclose fields (the first stands in line {line:,}); they were kept as text",)


def _polars(data: bytes, shape: TextShape, quote: str | None, truncate_ragged_lines: bool = False) -> pl.DataFrame:
    return pl.read_csv(
        data,
        separator=shape.separator,
        has_header=shape.has_header,
        quote_char=quote,
        infer_schema=False,
        truncate_ragged_lines=truncate_ragged_lines,
    )


def _count_ragged(path: Path, data: bytes, shape: TextShape, strict: bool) -> int:
    """How many lines have more fields than the first, blank ones aside; where rows must fit, the first is an error."""
    n_ragged = 0
    for number, raw in _lines_with_more(data, shape.separator.encode(), shape.n_columns - 1):
        line = raw.decode().rstrip("\r\n")
        n_fields = len(line.rstrip(shape.separator).split(shape.separator))
        if n_fields > shape.n_columns:
            n_fields = len(fields([line], shape.separator)[0])
        if n_fields > shape.n_columns:
            if strict:
                raise DataError(
                    f"each line of {path.name} must have {shape.n_columns} fields like line {shape.n_above + 1}, line "
                    f"{number + shape.n_above:,} has {n_fields}; quote fields that contain {shape.separator!r}"
                )
            n_ragged += 1
    return n_ragged


def _lines_with_more(data: bytes, separator: bytes, n_separators: int) -> Iterator[tuple[int, bytes]]:
    """Number and content of the lines with more separators than so many; others are passed over without a copy."""
    number, start = 1, 0
    while start < len(data):
        end = data.find(b"\n", start + _BLOCK) + 1 or len(data)
        block = np.frombuffer(data, dtype=np.uint8, count=end - start, offset=start)
        ends = np.append(np.flatnonzero(block == ord("\n")) + 1, len(block))
        counts = np.diff(np.searchsorted(np.flatnonzero(block == separator[0]), ends), prepend=0)
        for index in np.flatnonzero(counts > n_separators).tolist():
            begin = start + (int(ends[index - 1]) if index else 0)
            yield number + index, data[begin : start + int(ends[index])]
        number, start = number + len(ends) - 1, end


def _in_file(shape: TextShape) -> list[str]:
    """The names that stand in the file itself; none where it has no header."""
    if shape.kind == "atomic":
        return [name.rsplit(":", 1)[0] for name in shape.names]
    return [name.strip() for name in shape.names if name.strip()]


def _refuse_one_name_twice(path: Path, names: list[str]) -> None:
    if twice := next((name for name, n in Counter(names).items() if n > 1), None):
        raise DataError(f"the columns of {path.name} must have different names, {twice[:60]!r} stands there twice")


def _names(path: Path, frame: pl.DataFrame, shape: TextShape) -> list[str]:
    if shape.kind == "atomic":
        return [name.rsplit(":", 1)[0] for name in frame.columns]
    if shape.has_header:
        return [name.strip() or f"column_{i}" for i, name in enumerate(frame.columns, 1)]
    known = _KNOWN_COLUMNS.get(path.name.lower(), ())[: frame.width]
    return [*known, *(f"column_{i}" for i in range(len(known) + 1, frame.width + 1))]


def _refuse_long_fields(table: Table) -> None:
    longest = max(map(len, table.frame.columns), default=0)
    if longest > MAX_COLUMN_NAME:
        raise DataError(
            f"a column's name may have {MAX_COLUMN_NAME} characters, one in {table.path.name} has {longest:,}"
        )
    for name, dtype in table.frame.schema.items():
        if dtype != pl.String or int(table.frame[name].str.len_bytes().max() or 0) <= MAX_FIELD:  # type: ignore[arg-type]
            continue
        lengths = table.frame[name].str.len_bytes()
        row = lengths.arg_max() or 0
        raise DataError(
            f"a field may have {MAX_FIELD:,} bytes, column {name!r} in {table.place(row)} has {lengths[row]:,}"
        )


def _start(data: bytes) -> str:
    line = data.lstrip().split(b"\n", 1)[0].decode(errors="replace").strip()
    return line[:60] + ("…" if len(line) > 60 else "")


def _sentence(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:200]
