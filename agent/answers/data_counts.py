"""A dataset in counts: its ratings, its times and ties, how long histories are, and how the parts of a split overlap."""

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from agent.answers.facts import quoted
from agent.results.counts import Counts, Lengths, Part, Parts, RatingCounts, Times, ValueCount
from recmodels.data.interactions import Interactions
from recmodels.data.split import Split, split
from recmodels.request import SplitSpec

MAX_VALUES = 12  # ratings that are counted one by one; more are counted in as many ranges
_BELOW = (2, 3, 5, 10, 20)
_Ints = npt.NDArray[np.int64]
_Bools = npt.NDArray[np.bool_]


def values(dataset: str, data: Interactions, id: str | None = None) -> RatingCounts:
    """How often each rating was given, the lowest first."""
    column, n = data.columns.get("weight"), len(data)
    found: list[ValueCount] = []
    n_values = 0
    if data.weights is not None and n:
        known, counts = np.unique(data.weights, return_counts=True)
        n_values = len(known)
        for group in np.array_split(np.arange(n_values), min(n_values, MAX_VALUES)):
            of_group = int(counts[group].sum())
            low, high = float(known[group[0]]), float(known[group[-1]])
            found.append(ValueCount(low=low, high=high, n=of_group, share=of_group / n))
    name = None if column is None else quoted(column, 60)
    return RatingCounts(dataset=dataset, what="values", column=name, n_rows=n, n_values=n_values, rows=tuple(found))


def times(dataset: str, data: Interactions, id: str | None = None) -> Times:
    """When things happened, and how many rows share their user's moment."""
    n = len(data)
    if data.times is None or data.time_kind != "timestamp" or not n:
        return Times(dataset=dataset, what="times", time_kind=data.time_kind, n_rows=n)
    same = (data.users[1:] == data.users[:-1]) & (data.times[1:] == data.times[:-1])  # (n - 1,) as the row before
    tied = np.zeros(n, dtype=bool)
    tied[1:] |= same
    tied[:-1] |= same
    offsets = data.offsets()
    ends = offsets[1:][np.diff(offsets) > 1] - 1  # the last row of each user with several
    starts = offsets[:-1][np.diff(offsets) > 1]
    return Times(
        dataset=dataset,
        what="times",
        time_kind=data.time_kind,
        n_rows=n,
        first=told_time(int(data.times.min())),
        last=told_time(int(data.times.max())),
        tied_share=float(tied.mean()),
        n_users_tied_at_the_end=int(same[ends - 1].sum()),
        n_users_of_one_moment=int((data.times[starts] == data.times[ends]).sum()),
    )


def counts(dataset: str, data: Interactions, id: str | None = None) -> Counts:
    """How long histories are, and how often items are taken."""
    return Counts(
        dataset=dataset,
        what="counts",
        n_rows=len(data),
        users=_lengths(np.bincount(data.users, minlength=data.n_users)),
        items=_lengths(np.bincount(data.items, minlength=data.n_items)),
    )


def parts(dataset: str, data: Interactions, spec: SplitSpec, of_study: str | None = None) -> Parts:
    """How the parts of a split overlap.

    Raises:
        recmodels.errors.DataError: The data are too small for it.
        recmodels.errors.ParamError: They lack what the split needs.
    """
    found = split(data, spec)
    after = None
    if data.times is not None and data.time_kind == "timestamp":
        after = float((data.times[found.train] > data.times[found.valid].min()).mean())
    return Parts(
        dataset=dataset,
        what="parts",
        split=found.kind,
        of_study=of_study,
        parts={name: _part(data, found, rows) for name, rows in _rows_of(found).items()},
        train_after_valid_share=after,
    )


def told_time(moment: int) -> str | int:
    """In UTC, to the minute; as it is where it is no time of a calendar."""
    try:
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError):
        return moment


def _rows_of(found: Split) -> dict[str, _Ints]:
    return {"train": found.train, "valid": found.valid, "test": found.test}


def _part(data: Interactions, found: Split, rows: _Ints) -> Part:
    users, items = data.users[rows], data.items[rows]
    has_times = data.times is not None and data.time_kind == "timestamp"
    moments = data.times[rows] if has_times and data.times is not None else None
    size = {
        "n_rows": len(rows),
        "n_users": len(np.unique(users)),
        "n_items": len(np.unique(items)),
        "first": None if moments is None else told_time(int(moments.min())),
        "last": None if moments is None else told_time(int(moments.max())),
    }
    if rows is found.train:
        return Part(**size)  # type: ignore[arg-type]  # the fields by their names
    is_new_user = ~_known(data.users[found.train], data.n_users)[users]
    is_new_item = ~_known(data.items[found.train], data.n_items)[items]
    pairs = data.users * max(data.n_items, 1) + data.items
    return Part(
        **size,  # type: ignore[arg-type]  # as above
        n_new_users=len(np.unique(users[is_new_user])),
        n_new_items=len(np.unique(items[is_new_item])),
        new_share=float((is_new_user | is_new_item).mean()),
        again_share=float(np.isin(pairs[rows], pairs[found.train]).mean()),
    )


def _known(numbers: _Ints, n: int) -> _Bools:
    found = np.zeros(n, dtype=bool)
    found[numbers] = True
    return found


def _lengths(sizes: _Ints) -> Lengths:
    if not len(sizes):
        return Lengths(n=0, least=0, median=0.0, p90=0.0, most=0, below={})
    return Lengths(
        n=len(sizes),
        least=int(sizes.min()),
        median=float(np.median(sizes)),
        p90=float(np.percentile(sizes, 90)),
        most=int(sizes.max()),
        below={bound: float((sizes < bound).mean()) for bound in _BELOW},
    )
