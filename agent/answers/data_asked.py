"""Counts that answer a question about a dataset: what was left out, its size, who has the most rows, who comes again."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import numpy as np
import numpy.typing as npt

from agent.answers.facts import quoted
from agent.results.asked import LeftOut, Ranked, RankedRow, Regular, Side, Size
from recmodels.data.how_to_change import in_chat
from recmodels.data.interactions import Interactions
from recmodels.data.stored_dataset import StoredDataset
from recmodels.outside import on_one_line

MAX_ROWS = 10
_MAX_ID = 60  # characters
_MAX_REASONS = 20
_LEAST_RATINGS = 5  # of an item whose mean is compared
_ROWS_OUT = re.compile(r"\bleft out\b(?! of |, since they repeat)|each is kept once|lists of items leave them out")
_TOTAL = re.compile(r"([\d,]+) of ([\d,]+) rows were left out, for the reasons said here(?: \(counted in .+\))?$")
_BY_CHOICE = re.compile(r"kept by choice \(.*\): ([\d,]+) of ([\d,]+) events")


def left_out(stored: StoredDataset, about: str | None = None, of: Side | None = None) -> LeftOut:
    """The rows that were left out on the way to a dataset, with the reasons as noted.

    Args:
        about: Words that some of the notes may hold, such as a month or a value; all are told where none does.
    """
    notes = [note for note in stored.notes if _ROWS_OUT.search(note) and not note.startswith("check this")]
    n_left_out = sum(_number_of(note) for note in notes)
    has_reason = len([note for note in notes if not _TOTAL.search(note)]) > 0
    reasons = [note for note in notes if not (has_reason and _TOTAL.search(note))]
    some = notes_about(reasons, about)
    return LeftOut(
        dataset=stored.name,
        what="left_out",
        n_kept=int(stored.profile.get("n_interactions", 0)),
        n_left_out=n_left_out,
        reasons=tuple(quoted(in_chat(note)) for note in (some or reasons)[:_MAX_REASONS]),
        of=of,
        is_part=0 < len(some) < len(reasons),
    )


def notes_about(notes: Sequence[str], about: str | None) -> list[str]:
    """The notes that hold one of the words, whatever its case and ending."""
    stems = [word.lower()[:6] for word in re.findall(r"[\w@.-]{4,}|[\u3400-\u9fff]{2,}", about or "")]
    return [note for note in notes if any(stem in note.lower() for stem in stems)]


def _number_of(note: str) -> int:
    """The rows that a note counts as left out; a note on one of the reasons counts nothing once more."""
    if (total := _TOTAL.search(note)) is not None:
        return int(total[1].replace(",", ""))
    if (chosen := _BY_CHOICE.search(note)) is not None:
        kept, of = (int(number.replace(",", "")) for number in chosen.groups())
        return of - kept
    return 0


def size(stored: StoredDataset, of: Side | None = None, against: StoredDataset | None = None) -> Size:
    """How many rows, users and items there are."""
    counts = _counts(stored)
    return Size(
        dataset=stored.name,
        what="size",
        of=of,
        **counts,
        against={} if against is None else _counts(against),
        against_name="" if against is None else against.name,
    )


def _counts(stored: StoredDataset) -> dict[str, int]:
    known = {"n_rows": "n_interactions", "n_users": "n_users", "n_items": "n_items"}
    return {name: int(stored.profile.get(key, 0)) for name, key in known.items()}


def top_users(dataset: str, data: Interactions) -> Ranked:
    """The users with the most rows."""
    counts = np.bincount(data.users, minlength=data.n_users)
    order = np.argsort(-counts, kind="stable")[:MAX_ROWS].tolist()
    rows = tuple(
        RankedRow(rank=rank, id=quoted(data.user_ids[n], _MAX_ID), n=int(counts[n]))
        for rank, n in enumerate(order, start=1)
    )
    return Ranked(dataset=dataset, what="top_users", n=data.n_users, n_rows=len(data), rows=rows)


def rated(dataset: str, data: Interactions, what: Literal["top_rated", "low_rated"]) -> Ranked:
    """The items with the best, or the worst, mean rating, of those with enough ratings; no rows without ratings."""
    column = data.columns.get("weight")
    name = None if column is None else quoted(column, _MAX_ID)
    counts = np.bincount(data.items, minlength=data.n_items)
    if data.weights is None:
        return Ranked(dataset=dataset, what=what, n=data.n_items, n_rows=len(data), column=name, rows=())
    least = _LEAST_RATINGS if (counts >= _LEAST_RATINGS).any() else 1
    known = np.flatnonzero(counts >= least)
    means = np.bincount(data.items, weights=data.weights, minlength=data.n_items)[known] / counts[known]
    signs = -means if what == "top_rated" else means
    order = known[np.lexsort((-counts[known], signs))][:MAX_ROWS].tolist()
    mean_of = dict(zip(known.tolist(), means.tolist(), strict=True))
    texts = data.item_texts() if data.text_columns else None
    rows = tuple(
        RankedRow(
            rank=rank,
            id=quoted(data.item_ids[n], _MAX_ID),
            text=quoted(texts[n], 100) if texts else None,
            n=int(counts[n]),
            mean=float(mean_of[n]),
        )
        for rank, n in enumerate(order, start=1)
    )
    return Ranked(dataset=dataset, what=what, n=data.n_items, n_rows=len(data), column=name, least=least, rows=rows)


def regular(dataset: str, data: Interactions, period: Literal["month", "week", "day"]) -> Regular:
    """Who has rows in each month, week or day (UTC) from the first to the last of the data that has rows at all."""
    if data.times is None or data.time_kind != "timestamp" or not len(data):
        return Regular(dataset=dataset, what="regular", period=period, n_periods=0, n_users=data.n_users, n_regular=0)
    places = _periods(data.times, period)
    n_periods = len(np.unique(places))
    pairs = np.unique(np.stack([data.users, places], axis=1), axis=0)
    times_seen = np.bincount(pairs[:, 0], minlength=data.n_users)
    counts = np.bincount(data.users, minlength=data.n_users)
    found = np.flatnonzero(times_seen == n_periods)
    first = found[np.argsort(-counts[found], kind="stable")][:MAX_ROWS]
    return Regular(
        dataset=dataset,
        what="regular",
        period=period,
        n_periods=n_periods,
        n_users=data.n_users,
        n_regular=len(found),
        users=tuple(quoted(on_one_line(str(data.user_ids[int(n)])), _MAX_ID) for n in first),
    )


def _periods(times: npt.NDArray[np.int64], period: str) -> npt.NDArray[np.int64]:
    """The number of each moment's month, week or day. (n,)"""
    days = times // 86_400
    if period == "day":
        return days
    if period == "week":
        return (days + 3) // 7  # weeks begin on Monday
    known, where = np.unique(days, return_inverse=True)
    months = [datetime.fromtimestamp(int(one) * 86_400, UTC) for one in known]
    return np.array([12 * one.year + one.month for one in months], dtype=np.int64)[where]
