"""A dataset under keyed hashes of its ids, in which the ids themselves stand nowhere any more."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from recmodels.data.choices import Hashed
from recmodels.data.interactions import Interactions
from recmodels.data.pseudonyms import pseudonyms, read_key
from recmodels.data.reading.table import listed

_QUOTED = re.compile(r"`[^`]*`|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_OF_A_ROW = re.compile(r"[,;|\t]|::|\\t")  # between the values of one
_OF_LINES = re.compile(r"\b(?:lines?|rows?|records?)\b")  # a note on them may quote any
_SHARE = 0.5  # of the values of a column that are ids, and it tells them
_HIDDEN = "`…`"


def with_hashed_ids(interactions: Interactions, folder: Path) -> Interactions:
    """The same rows; columns that repeat the ids are left out, and notes quote none.

    Args:
        folder: Of the datasets, where the key is.

    Raises:
        SetupError: The key cannot be read.
    """
    key, hashed = read_key(folder), interactions.choices.hashed
    for role in hashed:
        interactions = _hashed(interactions, role, key)
    whose = " and ".join(f"{role}s" for role in hashed)
    said = (
        f"the ids of {whose} are keyed hashes, and the ids of the file are not kept: pseudonymisation, not "
        "anonymisation, since who has the key can find a person again, and a history may tell whose it is"
    )
    return replace(interactions, notes=(*interactions.notes, said))


def _hashed(interactions: Interactions, role: Hashed, key: bytes) -> Interactions:
    ids: pl.Series = getattr(interactions, f"{role}_ids")
    known, notes = set(ids), [_without_ids(note, interactions, role, set(ids)) for note in interactions.notes]
    changed: dict[str, Any] = {f"{role}_ids": pl.Series(ids.name, pseudonyms(key, role, ids), dtype=pl.String)}
    dropped: list[str] = []
    for table in ("item_table", "user_table"):
        frame = getattr(interactions, table)
        telling = [] if frame is None else _telling(frame, known)
        dropped += telling
        changed[table] = None if frame is None or len(telling) == frame.width else frame.drop(telling)
    left = {"text_columns": interactions.text_columns, "group_columns": interactions.group_columns}
    changed |= {name: tuple(column for column in columns if column not in dropped) for name, columns in left.items()}
    examples = interactions.examples
    if examples is not None and examples.context is not None and (telling := _telling(examples.context, known)):
        dropped += telling
        context = examples.context.drop(telling)
        changed["examples"] = replace(examples, context=context if context.width else None)
    if dropped:
        notes.append(f"left out, since they repeat the ids of {role}s that are hashed: {listed(dropped)}")
    return replace(interactions, **changed, notes=tuple(notes))


def _telling(frame: pl.DataFrame, known: set[str]) -> Sequence[str]:
    """Columns of which most values are ids."""
    texts = {name: frame[name].cast(pl.String, strict=False).drop_nulls().unique() for name in _plain(frame)}
    return [
        name for name, text in texts.items() if len(text) > 1 and sum(one in known for one in text) > _SHARE * len(text)
    ]


def _plain(frame: pl.DataFrame) -> list[str]:
    """Columns of texts and whole numbers: ids are no fractions, and no lists."""
    return [name for name, dtype in frame.schema.items() if dtype == pl.String or dtype.is_integer()]


def _without_ids(note: str, interactions: Interactions, role: Hashed, known: set[str]) -> str:
    """A note without quoted ids or rows; one on the column of the ids quotes nothing but its name."""
    name, is_of_lines = f"`{interactions.columns.get(role, role)}`", _OF_LINES.search(note) is not None

    def hidden(match: re.Match[str]) -> str:
        quoted = match[0][1:-1]
        is_row = match[0][0] != "`" and (is_of_lines or _OF_A_ROW.search(quoted) is not None)  # left out, maybe
        tells = quoted in known or is_row or note.startswith(f"{name}: ")
        return _HIDDEN if match[0] != name and tells else match[0]

    return _QUOTED.sub(hidden, note)
