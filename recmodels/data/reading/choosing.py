"""Which files make a dataset: the interactions of a folder, the parts of its split, the pieces of one table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from recmodels.data.reading.formats import read_table
from recmodels.data.reading.table import Table
from recmodels.errors import DataError

_PARTS: dict[int, tuple[str, ...]] = {1: ("valid", "validation", "val", "dev"), 2: ("test",)}
_TRAIN = re.compile(r"(?<![a-z])train(?![a-z])", re.IGNORECASE)
_LATER = re.compile(r"(?<![a-z])(valid|validation|val|dev|test)(?![a-z])", re.IGNORECASE)
INTERACTIONS = re.compile(
    r"(.*\.inter|(train|ratings?|interactions?|events|clicks|reviews|behaviors|transactions|u)"
    r"(\.(csv|tsv|txt|dat|data|jsonl?|parquet))?)(\.gz)?"
)
_NO_DATA = re.compile(r"[._].*|(readme|licen[cs]e|citation)(\.\w+)?|.*\.(negative|crc|md|pdf)", re.IGNORECASE)
_PIECE = re.compile(r"(part-|mv_|combined_data_).*\d.*", re.IGNORECASE)
_ORDER_LINES = re.compile(r"order_products__(prior|train|test)(\.\w+)+", re.IGNORECASE)  # Instacart
_MOST_NOTES = 5  # of the pieces, that are said one by one


def interaction_files(path: Path) -> list[Path]:
    """The file of interactions at a path; several where the files of a folder are pieces of one table.

    Raises:
        DataError: A folder has no such file, or several that could be meant.
    """
    if not path.is_dir():
        return [path]
    there = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    files = [file for file in there if not _NO_DATA.fullmatch(file.name)] or there
    if lines := [file for file in files if _ORDER_LINES.fullmatch(file.name)]:
        return lines
    trains = [file for file in files if 2 in parts_beside(file)]
    likely = [file for file in files if INTERACTIONS.fullmatch(file.name.lower())]
    if len(trains) == 1 and {*likely} <= {trains[0], *parts_beside(trains[0]).values()}:
        return trains
    likely = likely or files
    if len(likely) > 1 and len({re.sub(r"\d+", "#", file.name) for file in likely}) == 1:
        return likely
    if len(likely) != 1:
        names = ", ".join(file.name for file in there[:20]) or "no files"
        raise DataError(f"{path} must hold one file of interactions; it has {names}: name the one that is meant")
    return likely


def parts_beside(path: Path) -> dict[int, Path]:
    """The files of the other parts beside `train`, where there is a test part: 1 is valid, 2 is test."""
    if not _TRAIN.search(path.name):
        return {}
    found = {}
    for part, words in _PARTS.items():
        files = (path.with_name(_TRAIN.sub(word, path.name)) for word in words)
        if file := next((file for file in files if file.is_file()), None):
            found[part] = file
    return found if 2 in found else {}


def read_pieces(files: Sequence[Path], given: Mapping[str, str] | None = None) -> Table:
    """One table of all files.

    Args:
        given: As `read_table` takes it.

    Raises:
        DataError: They have different columns.
    """
    if len(files) == 1:
        table = read_table(files[0], given=given)
        return replace(table, notes=(*table.notes, *_left_beside(files[0])))
    tables = [read_table(file, given=given) for file in files]
    first = tables[0]
    for table in tables[1:]:
        if table.frame.columns != first.frame.columns:
            raise DataError(
                f"{first.path.name} and {table.path.name} must have the same columns to be read as one table; they "
                f"have {', '.join(first.frame.columns[:10])} and {', '.join(table.frame.columns[:10])}"
            )
    notes = [note for table in tables for note in table.notes]
    more = [f"and {len(notes) - _MOST_NOTES:,} notes more like these"] if len(notes) > _MOST_NOTES else []
    told = f"{len(files):,} files were read as one table: {files[0].name} to {files[-1].name}"
    frame = pl.concat([table.frame for table in tables], how="vertical_relaxed")
    return replace(first, frame=frame, first_line=None, notes=(told, *notes[:_MOST_NOTES], *more))


def _left_beside(path: Path) -> list[str]:
    """What a person who named one file of several should know."""
    notes = []
    if _PIECE.fullmatch(path.name):
        form = re.sub(r"\d+", "#", path.name)
        n_more = sum(re.sub(r"\d+", "#", file.name) == form for file in path.parent.iterdir()) - 1
        if n_more:
            notes.append(f"{n_more:,} files like {path.name} lie beside it; add their folder to read all of them")
    if _ORDER_LINES.fullmatch(path.name):
        others = [file.name for file in interaction_files(path.parent) if file != path]
        notes += (
            [f"{', '.join(others)} beside {path.name} holds more orders; add their folder to read all"]
            if others
            else []
        )
    train = path.with_name(_LATER.sub("train", path.name)) if _LATER.search(path.name) else path
    if train != path and train.is_file():
        notes.append(
            f"{path.name} was read alone, as it was named; add {train.name} to have both, as the data's own split"
        )
    return notes
