"""Lines around the table that are no rows of it: `sep=;`, titles, comments, units, rulings, totals, repeats."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from recmodels.data.checks import CHECK
from recmodels.data.column_names import ROLE_NAMES, TIME_NAMES, plain
from recmodels.data.reading.names_within import named_within
from recmodels.data.reading.second_table import start_of_second
from recmodels.data.reading.sniffing import HEAD_BYTES, HEAD_LINES, fields, has_header, is_number
from recmodels.data.reading.table import Table, shown

MAX_ABOVE = 30  # lines above the header
_TAIL_BYTES = 4096
_SEPARATOR = re.compile(r'"?sep=(\\t|.)"?[;,\t|]*', re.IGNORECASE)
_COMMENTS = ("#", "%", "//")
_RULES, _CROSSES = "-=─━═", "+|:┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╞╪╡╒╤╕╘╧╛╭╮╰╯┏┳┓┡╇┩┣╋┫┗┻┛"
_BARS = re.compile("[|│┃║]")
_UNIT = re.compile(
    r"[-–]|\[.*\]|\(.*\)|(big|small|tiny)?int(eger)?\d*|str(ing)?|(var)?char(\(\d+\))?|text|float\d*|double|decimal|numeric|"
    r"number|real|date(time)?|timestamp|time|bool(ean)?|uuid|object|category|continuous|discrete|"
    r"m?s|m?sec(onds)?|min(utes)?|h|hours|days?|unix|epoch|stars?|points?|id|count|%",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\(?\d[\d,. ]* (rows?|records?|lines?|Zeilen?|lignes?|filas?)\b.*|Time: [\d.,]+ ms|Completion time: .*",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"((grand|sub) ?)?(totals?|sum|count|average|mean|gesamt(summe)?|summe|insgesamt|somme|moyenne):?", re.IGNORECASE
)
_END_OF_COPY = "\\."  # PostgreSQL writes it below the rows of COPY
_BLOCK_NAME = re.compile(r"\d+:")  # Netflix' blocks are named so


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """The table's own lines, and how many lines stood above its header and between that and its first row."""

    data: bytes
    separator: str | None = None  # that the file names
    n_above: int = 0
    n_under: int | None = 0  # None: lines were left out in between, so that rows have no lines
    notes: tuple[str, ...] = ()


def trim(path: Path, data: bytes) -> Trimmed:
    """Leave out what is no row of the table; each kind of line is named in a note."""
    trimming = _Trimming(path, data)
    trimming.run()
    return Trimmed(
        data=trimming.data,
        separator=trimming.separator,
        n_above=trimming.n_above,
        n_under=trimming.n_under,
        notes=tuple(trimming.notes),
    )


def placed(table: Table, trimmed: Trimmed) -> Table:
    """The table with the places of its rows in the file, without rows that say the names of the columns once more."""
    n_left_out = None if trimmed.n_under is None else trimmed.n_above + trimmed.n_under
    first_line = None if table.first_line is None or n_left_out is None else table.first_line + n_left_out
    table = replace(table, first_line=first_line, notes=trimmed.notes + table.notes)
    table = named_within(table)
    first_line = table.first_line
    repeats = _repeated_headers(table.frame) if table.has_names and table.kind != "sequences" else pl.Series([False])
    if not repeats.any():
        return table
    rows = repeats.arg_true()
    note = (
        f"{len(rows):,} rows repeat the names of the columns, the first in {table.place(rows[0])}; they were left out"
    )
    lines = None if first_line is None else pl.int_range(first_line, first_line + len(repeats), eager=True)
    kept = None if lines is None else lines.filter(~repeats)
    return replace(table, frame=table.frame.filter(~repeats), lines=kept, first_line=None, notes=(*table.notes, note))


def _repeated_headers(frame: pl.DataFrame) -> pl.Series:
    names = frame.columns
    is_first = (frame[names[0]] == names[0]).fill_null(value=False)
    if len(names) < 2 or not is_first.any():
        return is_first.clear(1)
    return is_first & (frame[names[1]] == names[1]).fill_null(value=False)


class _Trimming:
    """One file's lines on their way to a table."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path, self.data = path, data
        self.separator: str | None = None
        self.n_above, self.n_under = 0, 0  # type: int, int | None
        self.notes: list[str] = []
        self.lines = self._head()

    def run(self) -> None:
        if "::" in next((line for line in self.lines if line.strip()), "::"):
            return
        self._above()
        self._drawn()
        self._titles()
        self._under()
        self._below()
        self._second()

    def _head(self) -> list[str]:
        head = self.data[:HEAD_BYTES].split(b"\n", HEAD_LINES + MAX_ABOVE)
        whole = head[:-1] if len(self.data) > HEAD_BYTES or len(head) > HEAD_LINES + MAX_ABOVE else head
        return [line.decode(errors="replace").rstrip("\r") for line in whole]

    def _above(self) -> None:
        """Blank lines, `sep=;` and comments."""
        n, marks = 0, set[str]()
        for line in self.lines:
            found = _SEPARATOR.fullmatch(line.strip())
            mark = next((mark for mark in _COMMENTS if line.startswith(mark)), None)
            if found:
                self.separator = "\t" if found[1] == "\\t" else found[1]
            elif mark and len(marks | {mark}) == 1:
                marks.add(mark)
            elif line.strip():
                break
            n += 1
        comments = [line for line in self.lines[:n] if line.startswith(tuple(marks))] if marks else []
        if n == len(self.lines):
            return
        names = self._names_in(comments[-1], n) if comments else None
        if comments and names is None and any(self._is_row(line, n) for line in comments):
            return  # ids may begin with such a mark
        self._skip(n, "a comment" if comments else "")
        if names is not None:
            self.data = names.encode() + b"\n" + self.data
            self.lines, self.n_above = [names, *self.lines], self.n_above - 1
            self.notes.append(f"the names of the columns were read from the comment {shown(names)!r}")

    def _names_in(self, comment: str, n: int) -> str | None:
        """The last comment without its mark, where it names the columns of the lines below."""
        names = comment.lstrip("#%/").strip(" ")
        separator, width = self._table(self.lines[n:])
        below = fields(self.lines[n : n + HEAD_LINES], separator) if separator else []
        if not below or has_header(below):
            return None
        (row,) = fields([names], separator)
        known = [word for tiers in ROLE_NAMES.values() for tier in tiers for word in tier]
        is_named = len(row) == width > 1 and any(plain(name) in (*known, *TIME_NAMES) for name in row)
        return names if is_named and not any(map(is_number, row)) else None

    def _is_row(self, line: str, n: int) -> bool:
        separator, width = self._table(self.lines[n:])
        return bool(separator) and len(fields([line], separator)[0]) == width

    def _titles(self) -> None:
        """Lines with fewer fields than the table, above a line of names."""
        separator, width = self._table(self.lines[1:])
        if not separator:
            return
        rows = fields(self.lines, separator)
        n = next((i for i, row in enumerate(rows) if len(row) == width and all(cell.strip() for cell in row)), 0)
        above = [[cell for cell in row if cell.strip()] for row in rows[:n]]
        is_padded = any(len(row) == width for row in rows[:n])
        if not 0 < n <= MAX_ABOVE or any(len(cells) >= width for cells in above):
            return
        if any(_BLOCK_NAME.fullmatch(cells[0].strip()) for cells in above if len(cells) == 1):
            return
        below = rows[n + 1 :]
        has_numbers = any(is_number(cell) for row in below for cell in row)
        is_names = len(set(rows[n])) == width and not any(map(is_number, rows[n])) and has_header(rows[n:])
        if below and is_names and (has_numbers or is_padded):
            self._skip(n, "a title")

    def _under(self) -> None:
        """A ruling or a line of units or types below the names."""
        if len(self.lines) < 3:
            return
        if _is_ruling(self.lines[1]):
            self._skip_under("a ruling")
        separator, width = self._table(self.lines)
        if not separator or len(self.lines) < 5:
            return
        names, units, *rows = fields(self.lines[:HEAD_LINES], separator)
        filled = [cell.strip() for cell in units if cell.strip()]
        is_units = len(units) == len(names) == width and filled and all(map(_UNIT.fullmatch, filled))
        full = [row for row in rows if len(row) == width]
        numeric = [i for i in range(width) if full and all(is_number(row[i]) for row in full)]
        if is_units and any(units[i].strip() for i in numeric) and not any(is_number(units[i]) for i in numeric):
            self._skip_under("a line of units")

    def _drawn(self) -> None:
        """A table drawn with lines, as MySQL, psql, DuckDB and Markdown do, as one with `|` between fields."""
        at = next((i for i, line in enumerate(self.lines[: MAX_ABOVE + 2]) if _is_ruling(line)), None)
        if at is None or not set(self.lines[at]) & set(_CROSSES):
            return
        below = [line for line in self.lines[at + 1 : at + 3] if line.strip() and not _is_ruling(line)]
        if not below or not all(map(_BARS.search, below)):
            return
        lines = [line.strip() for line in self.data.decode().split("\n")]
        fenced = [
            "|".join(cell.strip() for cell in _BARS.split(line)) for line in lines if line and not _is_ruling(line)
        ]
        bare = [line[1:-1] if len(line) > 1 and line[0] == line[-1] == "|" else line for line in fenced]
        self.data = "\n".join([*bare, ""]).encode()
        self.lines, self.separator, self.n_under = self._head(), "|", None
        self.notes.append(f"the lines drawn around the table of {self.path.name} were left out")

    def _second(self) -> None:
        """Another table below this one."""
        blank = next((i for i, line in enumerate(self.lines) if not line.strip(" \t,;|")), len(self.lines))
        separator, _ = self._table(self.lines[:blank])
        first_line = self.n_above + (self.n_under or 0) + 1
        start = start_of_second(self.path, self.data, separator, self.lines[:blank], first_line) if separator else None
        if start is None:
            return
        line = shown(self.data[start : start + _TAIL_BYTES].lstrip().split(b"\n", 1)[0].decode(errors="replace"))
        number = first_line + self.data.count(b"\n", 0, start)
        self.notes.append(
            f"{CHECK}line {number:,} of {self.path.name}, {line!r}, stands below a blank line and begins another "
            "table: it and all below were left out"
        )
        self.data = self.data[:start].rstrip() + b"\n"
        self.lines = self._head()
        self._below()

    def _below(self) -> None:
        """Counts of rows and totals under the table."""
        separator, width = self._table(self.lines)
        while True:
            tail = self.data[-_TAIL_BYTES:].rstrip()
            line = tail[tail.rfind(b"\n") + 1 :]
            if len(line) == len(tail) or not self._is_footer(line.decode(errors="replace").strip(), separator, width):
                return
            told = shown(line.decode(errors="replace").strip())
            self.notes.append(f"the last line of {self.path.name}, {told!r}, is no row and was left out")
            self.data = self.data[: self.data.rfind(line)].rstrip() + b"\n"

    def _is_footer(self, line: str, separator: str | None, width: int) -> bool:
        row = fields([line], separator)[0] if separator else [line]
        if line == _END_OF_COPY or _is_ruling(line) or (_COUNT.fullmatch(line) and len(row) < max(width, 2)):
            return True
        if not separator or not _TOTAL.fullmatch(row[0].strip()):
            return False
        firsts = [known[0] for known in fields(self.lines[1:], separator) if known]
        has_gap = len(row) < width or any(not cell.strip() for cell in row)
        are_coded = all(any(char.isdigit() for char in first) for first in firsts[:-1])
        return firsts.count(row[0]) <= 1 and (has_gap or are_coded)

    def _table(self, lines: Sequence[str]) -> tuple[str, int]:
        """The separator and the number of fields that nearly all lines agree on; "" where there is none."""
        filled = [line for line in lines if line.strip()][:HEAD_LINES]
        found = ("", 1)
        for separator in [self.separator] if self.separator else "\t;,|":
            widths = Counter(len(row) for row in fields(filled, separator))
            if not widths:
                continue
            width, n = widths.most_common(1)[0]
            if width > found[1] and n >= 0.9 * len(filled) - 1:
                found = (separator, width)
        return found

    def _skip(self, n: int, what: str) -> None:
        """Leave out the first lines."""
        if not n:
            return
        told = next((line for line in self.lines[:n] if line.strip()), "")
        if told:
            kind = "Excel's word for the separator" if _SEPARATOR.fullmatch(told.strip()) else what
            first, last = self.n_above + 1, self.n_above + n
            which, were = (f"line {first}", "was") if n == 1 else (f"lines {first} to {last}", "were")
            self.notes.append(f"{which} of {self.path.name} above the table ({kind}, {shown(told)!r}) {were} left out")
        start = 0
        for _ in range(n):
            start = self.data.find(b"\n", start) + 1
        self.data = self.data[start:]
        self.lines, self.n_above = self.lines[n:], self.n_above + n

    def _skip_under(self, what: str) -> None:
        head, line, rest = self.data.split(b"\n", 2)
        self.notes.append(
            f"line {self.n_above + 2} of {self.path.name}, {shown(line.decode(errors='replace'))!r}, is {what} "
            "under the names and was left out"
        )
        self.data = head + b"\n" + rest
        self.lines.pop(1)
        self.n_under = None if self.n_under is None else self.n_under + 1


def _is_ruling(line: str) -> bool:
    """Whether a line only draws: `+----+----+`, `-----,-----`, `|---|:--|`."""
    return any(rule * 2 in line for rule in _RULES) and not line.strip(_RULES + _CROSSES + ",;\t ")
