"""Texts of other kinds, told by their first lines and refused by name, each with what helps."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from recmodels.errors import DataError

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_LIBSVM = re.compile(rf"{_NUMBER}(\s+qid:\d+)?(\s+\w+:{_NUMBER})+\s*(#.*)?")
_LIBFFM = re.compile(rf"{_NUMBER}(\s+\w+:\w+:{_NUMBER})+\s*")
_NEGATIVES = re.compile(r"\(\s*\w+,\s*\w+\)(\s+\w+){2,}\s*")
_TABLE_RULE = re.compile(r"\|?[\s:|\-]*-[\s:|\-]*\|[\s:|\-]*")
_XML = re.compile(r"\s*<[?!/]?[A-Za-z][^<>]*>")
_HTML = re.compile(r"\s*<(!doctype html|html|head|body)", re.IGNORECASE)
_SQL = re.compile(
    r"\s*(INSERT\s+INTO|CREATE\s+TABLE|-- (MySQL|MariaDB|PostgreSQL|SQLite).* dump|BEGIN TRANSACTION)", re.I
)
_YAML_ITEM = re.compile(r"\s*(- )?[\w\- ]+:(\s.*)?")
_CRITEO = re.compile(r"[01](\t-?\d*){13}(\t[0-9a-f]*){26}\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    what: str
    helps: str
    fits: Callable[[Sequence[str]], bool]


def refuse_named(path: Path, lines: Sequence[str]) -> None:
    """Refuse a text that is of another kind than what is read.

    Args:
        lines: The first ones that are not blank.

    Raises:
        DataError: With its kind and what helps.
    """
    for kind in _KINDS:
        if kind.fits(lines):
            raise DataError(f"{path.name} is {kind.what}; {kind.helps}")


def _all(pattern: re.Pattern[str]) -> Callable[[Sequence[str]], bool]:
    return lambda lines: bool(lines) and all(pattern.fullmatch(line.strip("\r\n ")) for line in lines[:50])


def _begins(pattern: re.Pattern[str]) -> Callable[[Sequence[str]], bool]:
    return lambda lines: bool(lines) and pattern.match(lines[0]) is not None


def _is_arff(lines: Sequence[str]) -> bool:
    return any(line.strip().lower().startswith("@relation") for line in lines[:30])


def _is_markdown(lines: Sequence[str]) -> bool:
    return len(lines) > 1 and "|" in lines[0] and _TABLE_RULE.fullmatch(lines[1].strip()) is not None


def _is_yaml(lines: Sequence[str]) -> bool:
    is_begun = bool(lines) and (lines[0].strip() == "---" or re.match(r"- [\w\-]+:(\s|$)", lines[0]) is not None)
    return is_begun and all(_YAML_ITEM.fullmatch(line) or line.strip() == "---" for line in lines[:20])


def _is_sql(lines: Sequence[str]) -> bool:
    return any(map(_SQL.match, lines[:60]))


def _is_fixed_width(lines: Sequence[str]) -> bool:
    """Whether columns of blanks go through all lines, though the lines have different numbers of words."""
    few = [line.rstrip() for line in lines[:50]]
    if len(few) < 3 or any(mark in line for line in few for mark in ",;|\t") or not all("  " in line for line in few):
        return False
    width = max(map(len, few))
    blank = [all(line.ljust(width)[at] == " " for line in few) for at in range(width)]
    return len({len(line.split()) for line in few}) > 1 and any(all(pair) for pair in pairwise(blank))


_KINDS = (
    _Kind(
        what="only a pointer of Git LFS, not the file itself",
        helps="fetch the file with `git lfs pull`",
        fits=lambda lines: bool(lines) and lines[0].startswith("version https://git-lfs"),
    ),
    _Kind(
        what="a web page, not the data itself", helps="download the file that the page links to", fits=_begins(_HTML)
    ),
    _Kind(
        what="XML",
        helps="export a row an event as CSV, for instance with pandas.read_xml(...).to_csv(...)",
        fits=_begins(_XML),
    ),
    _Kind(what="an SQL dump", helps="export the table of interactions as CSV from the database", fits=_is_sql),
    _Kind(
        what="an ARFF file of Weka",
        helps="export it as CSV, with Weka's CSVSaver or scipy.io.arff",
        fits=_is_arff,
    ),
    _Kind(
        what="a table in Markdown",
        helps="write it as CSV, without the bars at both ends and the line of dashes",
        fits=_is_markdown,
    ),
    _Kind(what="YAML", helps="write a row an event as CSV or JSON lines", fits=_is_yaml),
    _Kind(
        what="LibSVM or LibFM text (`label index:value …`), which does not say which indices are users and items",
        helps="write the events as user,item,rating",
        fits=_all(_LIBSVM),
    ),
    _Kind(
        what="LibFFM text (`label field:index:value …`), which does not say which fields are users and items",
        helps="write the events as user,item,rating",
        fits=_all(_LIBFFM),
    ),
    _Kind(
        what="text in columns of fixed width, whose fields have blanks in them",
        helps="export it as CSV, for instance with pandas.read_fwf(...).to_csv(...)",
        fits=_is_fixed_width,
    ),
    _Kind(
        what="lists of sampled negatives (`(user,item)` and items), as NCF has them beside its ratings",
        helps="give the file of ratings (`*.train.rating`); all items are ranked, so no negatives are needed",
        fits=_all(_NEGATIVES),
    ),
    _Kind(
        what="a log of clicks in Criteo's columns (label, 13 numbers, 26 categories), which names no users and items",
        helps="a dataset needs at least a user and an item",
        fits=_all(_CRITEO),
    ),
)
