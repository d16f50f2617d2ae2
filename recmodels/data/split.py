"""Train, valid and test: every row of a dataset in exactly one of them, the same for the same seed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recmodels.data.examples import Examples
from recmodels.data.interactions import Interactions
from recmodels.errors import DataError, ParamError
from recmodels.request import SplitKind, SplitSpec

Rows = npt.NDArray[np.int64]
Parts = npt.NDArray[np.int8]  # (n,) 0 train, 1 valid, 2 test
AUTO = SplitSpec()
SHARE = 0.1  # of the rows in valid, and in test, for the random and the temporal split


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Row numbers into `Interactions`, ascending, so each part is sorted by user and time like the whole."""

    train: Rows
    valid: Rows
    test: Rows
    kind: SplitKind  # what `auto` became
    border: int | None = None  # as in `SplitSpec`


def moves_border(interactions: Interactions, spec: SplitSpec = AUTO) -> bool:
    """Whether `SplitSpec.border` changes anything: where the valid rows are drawn at random, not by time or the data.

    Raises:
        ParamError: As `split`.
    """
    kind = resolve(interactions, spec)
    return kind == "random" or (kind == "given" and not _has_part(interactions, 1))


def split(interactions: Interactions, spec: SplitSpec = AUTO) -> Split:
    """Divide the rows.

    - `leave_last_out`: a user's last row is test, the one before valid; users with fewer than 3 rows stay in train.
    - `temporal`: the first 80 % of all rows by time are train, the next 10 % valid, the last 10 % test.
    - `random`: 80/10/10 of each user's distinct items, at least one in test from 2 items on and in valid from 3 on;
      repeats of an item stay together. The counts are RecBole's.
    - `given`: the data's own; where it has no valid (or test) part, a tenth of its train rows by `random` becomes it.

    A `border` draws what `random` draws for valid again, from the rows that are not test; test stays as it is.

    Raises:
        ParamError: The data lacks what the kind needs; the message names the kinds that work.
        DataError: Nothing is left to train on, validate with or test with.
    """
    kind = resolve(interactions, spec)
    if kind == "leave_last_out":
        parts = _leave_last_out(interactions)
    elif kind == "temporal":
        parts = _temporal(interactions)
    elif kind == "random":
        parts = _random(interactions.users, interactions.items, spec.seed, spec.border)
    else:
        parts = _given(interactions, spec.seed, spec.border)
    train, valid, test = (np.flatnonzero(parts == part).astype(np.int64) for part in range(3))
    if not (len(train) and len(valid) and len(test)):
        has_rule = interactions.examples is not None and interactions.examples.is_liked is not None
        what = "rows that count as likes (`all` would count every row)" if has_rule else "interactions"
        raise DataError(
            f"`{interactions.name}` is too small for a {kind} split: {len(interactions):,} {what} of "
            f"{interactions.n_users:,} users give {len(train):,} to train, {len(valid):,} to validate and "
            f"{len(test):,} to test; each part needs at least one"
        )
    return Split(train=train, valid=valid, test=test, kind=kind, border=spec.border)


def split_examples(interactions: Interactions, parts: Split, seed: int = 0) -> tuple[Rows, Rows, Rows]:
    """Train, valid and test rows of `interactions.all_examples()`, so that what is held out there is held out here.

    - A row of a pair that is in `interactions` is in that pair's part; the other pairs are drawn in the same shares.
    - With times, after a split that follows them, a row is in the part whose time has come: of its user after
      `leave_last_out` (users of whom nothing is held out stay in train), of all after `temporal`.
    - After `given` its own part; a part that the data lacks has the pairs that `split` took for it, and as large a
      share of the other pairs.
    """
    if interactions.examples is None:
        return parts.train, parts.valid, parts.test
    examples = interactions.examples
    if examples.given_split is not None and parts.kind == "given":
        found = _with_missing_parts(examples, interactions, parts, seed)
    elif examples.times is not None and interactions.times is not None and parts.kind in ("leave_last_out", "temporal"):
        found = _by_time(examples, interactions, parts)
    else:
        found = _by_pair(examples, interactions, parts, seed)
    train, valid, test = (np.flatnonzero(found == part).astype(np.int64) for part in range(3))
    return train, valid, test


def _by_pair(examples: Examples, interactions: Interactions, parts: Split, seed: int) -> Parts:
    pairs = interactions.users * interactions.n_items + interactions.items
    part_of_row = np.zeros(len(pairs), dtype=np.int8)
    part_of_row[parts.valid], part_of_row[parts.test] = 1, 2
    known, first = np.unique(pairs, return_index=True)
    wanted = examples.users * interactions.n_items + examples.items
    places = np.searchsorted(known, wanted).clip(max=len(known) - 1)
    is_known = known[places] == wanted
    found: Parts = part_of_row[first[places]]
    refused, pair_of_row = np.unique(wanted[~is_known], return_inverse=True)
    shares = np.bincount(found[is_known], minlength=3) / is_known.sum()  # so that each part has the same rate
    drawn = np.random.default_rng(seed).random(len(refused))
    is_test = drawn < shares[2]
    if parts.border is not None:
        drawn = shares[2] + (1 - shares[2]) * np.random.default_rng(parts.border).random(len(refused))
    found[~is_known] = np.where(is_test, 2, np.where(drawn < shares[2] + shares[1], 1, 0))[pair_of_row]
    return found


def _by_time(examples: Examples, interactions: Interactions, parts: Split) -> Parts:
    never = np.iinfo(np.int64).max
    found = np.zeros(len(examples), dtype=np.int8)
    times: npt.NDArray[np.int64] = interactions.times  # type: ignore[assignment]  # see `split_examples`
    for part, rows in ((1, parts.valid), (2, parts.test)):
        starts = np.full(interactions.n_users, never)
        if parts.kind == "temporal":
            starts[:] = times[rows].min()
        else:
            starts[interactions.users[rows]] = times[rows]
        found[examples.times >= starts[examples.users]] = part
    return found


def _with_missing_parts(examples: Examples, interactions: Interactions, parts: Split, seed: int) -> Parts:
    found = examples.given_split.copy()  # type: ignore[union-attr]  # see `split_examples`
    wanted = examples.users * interactions.n_items + examples.items
    pairs = interactions.users * interactions.n_items + interactions.items
    distinct, pair_of_row = np.unique(wanted, return_inverse=True)
    is_known = np.isin(wanted, pairs)
    border = seed if parts.border is None else parts.border
    for part, rows, its_seed in ((2, parts.test, seed), (1, parts.valid, border)):  # test does not depend on valid
        if not (found == part).any():
            is_left = found == 0
            taken = is_left & np.isin(wanted, pairs[rows])
            share = taken.sum() / max((is_left & is_known).sum(), 1)  # so that each part has the same rate
            drawn = np.random.default_rng([part, its_seed]).random(len(distinct))[pair_of_row] < share
            found[taken | (is_left & ~is_known & drawn)] = part
    return found


def resolve(interactions: Interactions, spec: SplitSpec) -> SplitKind:
    """What `auto` becomes for this data; any other kind is checked against what the data has.

    Raises:
        ParamError: As `split`.
    """
    possible: list[SplitKind] = ["leave_last_out", "random"]
    if interactions.time_kind == "timestamp":
        possible.insert(1, "temporal")
    if interactions.given_split is not None:
        possible.append("given")
    if spec.kind == "auto":
        if interactions.given_split is not None:
            return "given"
        return "random" if interactions.time_kind == "none" else "leave_last_out"
    if spec.kind not in possible:
        needs = "timestamps" if spec.kind == "temporal" else "train and test parts in the data"
        raise ParamError(
            f"the split {spec.kind!r} needs {needs}; for `{interactions.name}` these work: auto, {', '.join(possible)}"
        )
    return spec.kind


def _leave_last_out(interactions: Interactions) -> Parts:
    offsets = interactions.offsets()
    ends = offsets[1:][np.diff(offsets) >= 3]
    parts = np.zeros(len(interactions), dtype=np.int8)
    parts[ends - 1] = 2
    parts[ends - 2] = 1
    return parts


def _temporal(interactions: Interactions) -> Parts:
    order = np.argsort(interactions.times, kind="stable")  # type: ignore[arg-type]  # times exist: see `resolve`
    n_held = int(len(order) * SHARE)
    parts = np.zeros(len(order), dtype=np.int8)
    parts[order[len(order) - 2 * n_held :]] = 1
    parts[order[len(order) - n_held :]] = 2
    return parts


def _random(users: Rows, items: Rows, seed: int, border: int | None = None) -> Parts:
    # pairs rather than rows, or a repeated item would be seen in train and asked for in test
    n_items = int(items.max(initial=0)) + 1
    pairs, pair_of_row = np.unique(users * n_items + items, return_inverse=True)
    pair_users = pairs // n_items
    starts = np.searchsorted(pair_users, pair_users)
    counts = np.searchsorted(pair_users, pair_users, side="right") - starts
    ranks = np.arange(len(pairs)) - starts  # of the shuffled pairs within their user; users are in ascending order
    share = (counts * SHARE).astype(np.int64)
    n_test = np.where(counts >= 2, np.maximum(share, 1), 0)
    n_valid = np.where(counts >= 3, np.maximum(share, 1), 0)
    shuffled = np.lexsort((np.random.default_rng(seed).random(len(pairs)), pair_users))
    parts = np.zeros(len(pairs), dtype=np.int8)
    parts[shuffled] = np.where(ranks < n_test, 2, 0)
    if border is not None:  # those of test stay first
        shuffled = np.lexsort((np.random.default_rng(border).random(len(pairs)), parts != 2, pair_users))
    parts[shuffled[(ranks >= n_test) & (ranks < n_test + n_valid)]] = 1
    return parts[pair_of_row]


def _given(interactions: Interactions, seed: int, border: int | None = None) -> Parts:
    parts = interactions.given_split.copy()  # type: ignore[union-attr]  # it exists: see `resolve`
    draws_valid = not _has_part(interactions, 1)
    for missing in (1, 2):
        if not _has_part(interactions, missing):
            _draw(parts, missing, interactions, seed)
    if border is not None and draws_valid:
        parts[parts == 1] = 0
        _draw(parts, 1, interactions, border)
    return parts


def _draw(parts: Parts, part: int, interactions: Interactions, seed: int) -> None:
    """Make a tenth of the train rows that part."""
    train = np.flatnonzero(parts == 0)
    drawn = _random(interactions.users[train], interactions.items[train], seed)
    parts[train[drawn == 1]] = part


def _has_part(interactions: Interactions, part: int) -> bool:
    """Whether the data have it themselves, be it without a like, which is no reason to take rows from elsewhere."""
    given, examples = interactions.given_split, interactions.examples
    if examples is not None and examples.is_liked is not None:
        given = examples.given_split
    return given is not None and bool((given == part).any())
