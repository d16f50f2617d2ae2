"""Prompts as datasets: JSON rows of instruction, input and output that ask for yes or no (TALLRec, Bao et al. 2023).

An input names what a person liked and disliked, and asks about one more title. The rows of a person follow each other,
each history being the one before with the title asked last, less its oldest: so people are told apart, and the order
of their titles is known. A person is a user, every title an answer: first those of the first history, which stand
before every question and so belong to train, then those asked for, each in the part of its file.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from recmodels.data.interactions import Interactions
from recmodels.data.reading.context import said_of_context
from recmodels.data.reading.formats import read_table
from recmodels.data.reading.table import Table
from recmodels.errors import DataError

KEYS = ("instruction", "input", "output")
VALID_SHARE = 0.2  # of the rows before test, the last ones, where no file says what is for validation
_PARTS = {"train": 0, "valid": 1, "validation": 1, "val": 1, "dev": 1, "test": 2}
_PART = re.compile(rf"(?<![a-z])({'|'.join(_PARTS)})(?![a-z])", re.IGNORECASE)
_HEAD_BYTES = 1 << 16
_INPUT = r"(?s)^\s*User Preference:(.*?)\n\s*User Unpreference:(.*?)\n[^\"]*\"(.+)\"[^\"]*$"
_YEAR = r"\((\d{4})\)$"  # at the end of a title
CONTEXT = ("n_liked", "n_disliked", "n_liked_lately")  # of the titles shown, and of the last ones answered
LATELY = 3  # answers
_NEVER = 1 << 40  # a title that no row shows to be the oldest


def prompt_files(path: Path) -> dict[int, Path]:
    """The files of a dataset of prompts by part (0 train, 1 valid, 2 test); none where `path` is something else.

    Args:
        path: One of the files, whose other parts lie beside it; or their folder.

    Raises:
        DataError: The folder holds prompts of several datasets.
    """
    if not path.is_dir():
        if not _has_prompts(path):
            return {}
        if not _PART.search(path.stem):
            return {0: path}
        beside = [file for file in path.parent.iterdir() if _stem(file) == _stem(path)]
    else:
        beside = sorted(path.iterdir())
    files = [file for file in beside if _has_prompts(file) and _PART.search(file.stem)]
    if len({_stem(file) for file in files}) > 1:
        names = ", ".join(sorted(file.name for file in files))
        raise DataError(
            f"{path} must hold the prompts of one dataset; it has {names}: name one of those that are meant"
        )
    return {_PARTS[found[1].lower()]: file for file in files if (found := _PART.search(file.stem))}


def read_prompts(files: Mapping[int, Path], name: str) -> Interactions:
    """Labelled rows by user in order, the counts of likes and dislikes shown with each question as their context.

    Args:
        files: By part, as `prompt_files` found them.

    Raises:
        DataError: A row lacks a key, asks for no title, or is answered by something else than yes or no.
    """
    rows, notes = _divided({part: _rows(read_table(files[part])) for part in sorted(files)}, files)
    answers = _answers(_with_users(rows))
    answers = answers.drop("split") if rows["split"].has_nulls() else answers
    events = answers.filter(pl.col("weight") == 1).select(pl.exclude("weight", *CONTEXT))
    told = (
        f"{answers['user'].n_unique():,} users were told apart in {rows.height:,} prompts, by histories that go on",
        "what a user's first prompt shows was answered before it, so it is in train",
        f"{said_of_context(CONTEXT)}; `{CONTEXT[-1]}` counts the last {LATELY} answers",
    )
    interactions = Interactions.from_events(
        name, events, answers, time_kind="order", columns={"item": "input", "weight": "output"}, notes=(*told, *notes)
    )
    return replace(interactions, item_table=_titled(interactions.item_ids), text_columns=("title",))


def _titled(titles: pl.Series) -> pl.DataFrame:
    """What a title says of its item: itself, and its year where most titles end with one."""
    table = pl.DataFrame({"title": titles}).with_columns(year=pl.col("title").str.extract(_YEAR).cast(pl.Int64))
    return table if table["year"].null_count() < len(table) / 2 else table.drop("year")


def _divided(parts: Mapping[int, pl.DataFrame], files: Mapping[int, Path]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """All rows and their `split`, null unless a test file stands beside another.

    Where no file is for validation, or none for training, the last rows before test validate and the others train.
    """
    rows = pl.concat(rows.with_columns(split=pl.lit(part, dtype=pl.Int8)) for part, rows in parts.items())
    if 2 not in parts or len(parts) == 1:
        return rows.with_columns(split=None), ()
    note = f"the split is the data's own: {', '.join(files[part].name for part in parts)}"
    if len(parts) == 3:
        return rows, (note,)
    n_known = rows.height - parts[2].height
    n_valid = max(int(n_known * VALID_SHARE), 1)
    row = pl.int_range(pl.len())
    split = pl.when(row < n_known - n_valid).then(0).when(row < n_known).then(1).otherwise(2).cast(pl.Int8)
    return rows.with_columns(split=split), (note, f"the last {n_valid:,} rows before test validate, the others train")


def _has_prompts(path: Path) -> bool:
    if path.suffix.lower() not in (".json", ".jsonl") or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return all(f'"{key}"'.encode() in head for key in KEYS)


def _stem(path: Path) -> str:
    return _PART.sub("*", path.name.lower())


def _rows(table: Table) -> pl.DataFrame:
    """liked, disliked (lists of titles, oldest first), target and answer (1 yes, 0 no) of each row."""
    for key in KEYS:
        if key not in table.frame.columns or table.frame[key].dtype != pl.String:
            raise DataError(f"each row of {table.path.name} must have a text {key!r}; {table.place(0)} has none")
        missing = table.frame[key].is_null()
        if missing.any():
            raise DataError(f"each prompt must have a text {key!r}; {table.place(missing.arg_true()[0])} has none")
    found = table.frame.select(
        target=pl.col("input").str.extract(_INPUT, 3),
        liked=_titles(pl.col("input").str.extract(_INPUT, 1)),
        disliked=_titles(pl.col("input").str.extract(_INPUT, 2)),
        answer=pl.col("output").str.strip_chars(" .\n\t").str.to_lowercase(),
    )
    _refuse(
        table, "input", found["target"].is_null(), "`User Preference:`, `User Unpreference:` and a question for a title"
    )
    _refuse(table, "output", ~found["answer"].is_in(["yes", "no"]), "Yes or No")
    return found.with_columns(answer=(pl.col("answer") == "yes").cast(pl.Int8))


def _titles(text: pl.Expr) -> pl.Expr:
    """`"A", "B"` → [A, B]; nothing → []."""
    bare = text.str.strip_chars().str.strip_prefix('"').str.strip_suffix('"')
    return bare.str.split('", "').list.eval(pl.element().filter(pl.element() != ""))


def _refuse(table: Table, key: str, is_wrong: pl.Series, rule: str) -> None:
    if is_wrong.any():
        row = is_wrong.arg_true()[0]
        got = " ".join(str(table.frame[key][row]).split())[:80]
        raise DataError(f"the {key!r} of a prompt must have {rule}, got {got!r} in {table.place(row)}")


def _with_users(rows: pl.DataFrame) -> pl.DataFrame:
    """`user` of each row, and `left_liked` and `left_disliked`: how many titles a side loses before the next row."""
    sides = ("liked", "disliked")
    after = [
        pl.when(pl.col("answer") == answer).then(pl.concat_list(side, "target")).otherwise(side).alias(f"{side}_after")
        for side, answer in zip(sides, (1, 0), strict=True)
    ]
    rows = rows.with_columns(after)
    before = {side: pl.col(f"{side}_after").shift(1) for side in sides}
    now = {side: pl.col(side) for side in sides}
    goes_on = pl.all_horizontal(now[side] == before[side].list.tail(now[side].list.len()) for side in sides)
    n_before, n_now = (pl.sum_horizontal(_length(lists[side]) for side in sides) for lists in (before, now))
    asked_last = pl.when(pl.col("answer").shift(1) == 1).then(pl.col("liked").list.last())
    shown = asked_last.otherwise(pl.col("disliked").list.last()) == pl.col("target").shift(1)
    is_same = (goes_on & shown & (n_before - n_now).is_between(0, 1)).fill_null(value=False)
    return rows.with_columns(user=(~is_same).cum_sum()).with_columns(
        (_length(pl.col(f"{side}_after")) - _length(now[side]).shift(-1).over("user"))
        .fill_null(0)
        .alias(f"left_{side}")
        for side in sides
    )


def _length(lists: pl.Expr) -> pl.Expr:
    return lists.list.len().cast(pl.Int64)


def _answers(rows: pl.DataFrame) -> pl.DataFrame:
    """All answers of each user in order: user, item, weight, time, split, and `CONTEXT` where a row asked."""
    step = pl.int_range(pl.len()).over("user")
    asked = rows.select(
        "user",
        pl.col("target").alias("item"),
        pl.col("answer").cast(pl.Float32).alias("weight"),
        "split",
        pl.col("liked").list.len().cast(pl.Float64).alias("n_liked"),
        pl.col("disliked").list.len().cast(pl.Float64).alias("n_disliked"),
        place=_NEVER + 1 + step,
    )
    both = pl.concat([_shown_first(rows, "liked", 1.0), _shown_first(rows, "disliked", 0.0), asked], how="diagonal")
    lately = pl.col("weight").shift(1).rolling_sum(LATELY, min_samples=1).over("user").cast(pl.Float64)
    ordered = both.sort("user", "place", maintain_order=True)
    return ordered.select(
        pl.format("user-{}", "user").alias("user"),
        "item",
        "weight",
        pl.int_range(pl.len()).over("user").alias("time"),
        "split",
        "n_liked",
        "n_disliked",
        pl.when(pl.col("n_liked").is_not_null()).then(lately).alias("n_liked_lately"),
    )


def _shown_first(rows: pl.DataFrame, side: str, weight: float) -> pl.DataFrame:
    """The titles of each user's first prompt on one side, placed by the row after which they are shown no more."""
    first = rows.group_by("user", maintain_order=True).agg(pl.col(side).first()).explode(side).drop_nulls()
    first = first.with_columns(number=pl.int_range(pl.len()).over("user"))
    lost = rows.with_columns(
        number=pl.col(f"left_{side}").cum_sum().over("user") - 1, row=pl.int_range(pl.len()).over("user")
    ).filter(pl.col(f"left_{side}") > 0)
    placed = first.join(lost.select("user", "number", "row"), on=["user", "number"], how="left", maintain_order="left")
    return placed.select(
        "user",
        pl.col(side).alias("item"),
        pl.lit(weight, dtype=pl.Float32).alias("weight"),
        pl.lit(0, dtype=pl.Int8).alias("split"),
        place=pl.col("row").fill_null(_NEVER),
    )
