"""A part of a dataset: events of a weight, a time or a kind, of people, of users and items with enough of them."""

import math
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from recmodels.data.checks import counted_again, findings, lasting
from recmodels.data.conditions import parse_conditions
from recmodels.data.deriving import events_of, examples_of, side_table
from recmodels.data.interactions import Interactions
from recmodels.data.kept_columns import rows_where
from recmodels.data.outliers import bots
from recmodels.errors import DataError, ParamError

_DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is kept; None keeps all. Users and items are counted in what is left by all that stands before."""

    min_weight: float | None = None
    since: str | None = None  # a date or a moment (ISO 8601, UTC), included
    until: str | None = None  # the same; a date with all of its day
    where: tuple[str, ...] = ()  # conditions on columns that the dataset keeps: "genre=Comedy"
    without_bots: bool = False  # those that `recmodels.data.outliers.bots` finds in all of the dataset
    max_user_events: int | None = None
    min_user_events: int | None = None
    min_item_events: int | None = None

    def __post_init__(self) -> None:
        """Raises ParamError: nothing is asked for, or a bound cannot be one."""
        if not self.to_json():
            raise ParamError(
                "say what to keep: a least weight, a time, rows by a column, people only, or how many events of each "
                "user or item"
            )
        parse_conditions(self.where)
        if self.min_weight is not None and not math.isfinite(self.min_weight):
            raise ParamError(f"`min_weight` must be a number, got {self.min_weight}")
        for name in ("max_user_events", "min_user_events", "min_item_events"):
            if (value := getattr(self, name)) is not None and value < 1:
                raise ParamError(f"`{name}` must be at least 1, got {value}")
        most = self.max_user_events
        if most is not None and most < (self.min_user_events or 0):
            raise ParamError(f"`max_user_events` must be at least `min_user_events`, got {most}")
        first, last = self.moments()
        if first is not None and last is not None and first > last:
            raise ParamError(f"`since` must be before `until`, got {self.since} and {self.until}")

    def moments(self) -> tuple[int | None, int | None]:
        """The first and the last second that are kept. Raises ParamError: one cannot be read."""
        return _moment("since", self.since, is_end=False), _moment("until", self.until, is_end=True)

    def in_words(self, weights: str = "weights") -> str:
        """`ratings of 3 and more, since 2024-01-01`.

        Args:
            weights: What the dataset's weights are.
        """
        said = [f"{weights} of {self.min_weight:g} and more"] if self.min_weight is not None else []
        said += [f"{word} {value}" for word, value in (("since", self.since), ("until", self.until)) if value]
        said += [f"`{condition.in_words()}`" for condition in parse_conditions(self.where)]
        said += ["no bots"] if self.without_bots else []
        most = self.max_user_events
        said += [f"users with at most {most:,} {'event' if most == 1 else 'events'}"] if most else []
        for what, least in (("users", self.min_user_events), ("items", self.min_item_events)):
            said += [f"{what} with {least:,} {'event' if least == 1 else 'events'} and more"] if least else []
        return ", ".join(said)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready; without what keeps all."""
        said = {
            name: value
            for name, value in asdict(self).items()
            if value is not None and value is not False and value != ()
        }
        return said | ({"where": list(self.where)} if self.where else {})


def filtered(interactions: Interactions, kept: Filter) -> Interactions:
    """The events that a filter keeps, with the users and items that are left; rows to predict for likewise.

    Users and items with too few events are left out again and again, until all that are left have enough (a k-core).

    Raises:
        DataError: Nothing is left, or the data have no weights or timestamps to go by.
    """
    events, said = _events_left(interactions, kept)
    examples = examples_of(interactions)
    if examples is not None:
        labels = interactions.all_examples().labels if interactions.target() == "rating" else None
        examples = _where(interactions, kept, examples, labels)
        if said:  # whole users were left out
            examples = examples.join(events, on="user", how="semi", maintain_order="left")
        for what, least in (("user", kept.min_user_events), ("item", kept.min_item_events)):
            examples = examples if least is None else examples.join(events, on=what, how="semi", maintain_order="left")
    left = Interactions.from_events(
        interactions.name,
        events,
        examples,
        time_kind=interactions.time_kind,
        columns=interactions.columns,
        choices=interactions.choices,
        outcome_names=interactions.outcome_names,
        text_columns=interactions.text_columns,
        group_columns=interactions.group_columns,
        notes=(
            *lasting(interactions),
            *_left_out(interactions, kept, events),
            *said,
            *_lost_parts(interactions, events),
        ),
    )
    return replace(
        left,
        notes=(*counted_again(left.notes, left), *findings(left, interactions.notes)),
        item_table=side_table(interactions.item_table, interactions.item_ids, left.item_ids),
        user_table=side_table(interactions.user_table, interactions.user_ids, left.user_ids),
    )


def counted(interactions: Interactions, kept: Filter) -> str:
    """What a filter would keep, in numbers: `412 of 480 events, 55 of 60 users, 38 of 40 items`.

    Raises:
        DataError: As `filtered`; or nothing is left out.
    """
    events, _ = _events_left(interactions, kept)
    examples = examples_of(interactions)
    if events.height == len(interactions) and examples is None:
        raise nothing_left_out(interactions, interactions.name, kept)
    return _amounts(interactions, events)


def nothing_left_out(interactions: Interactions, name: str, kept: Filter) -> DataError:
    """The error of a filter that keeps all of a dataset of this name."""
    words = kept.in_words(weights_called(interactions))
    return DataError(f"nothing of {name!r} is left out by what was asked for: {words}")


def weights_called(interactions: Interactions) -> str:
    """What the weights of a dataset are, in a word."""
    return "ratings" if interactions.target() == "rating" else "weights"


def _events_left(interactions: Interactions, kept: Filter) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The events that are kept, and sentences on whole users that were left out."""
    events = _where(interactions, kept, events_of(interactions), interactions.weights)
    events, said = _of_people(interactions, kept, events)
    return _core(interactions, kept, events), said


def _where(
    interactions: Interactions, kept: Filter, rows: pl.DataFrame, weights: npt.NDArray[np.float32] | None
) -> pl.DataFrame:
    """The rows of the right weight and time."""
    if kept.min_weight is not None:
        if interactions.weights is None:
            raise DataError(f"{interactions.name!r} has no weights, so none can be {kept.min_weight:g} or more")
        if weights is not None:
            rows = rows.filter(pl.col("weight") >= kept.min_weight)
            low, high = interactions.weights.min(), interactions.weights.max()
            _need_some(rows, interactions, f"its weights go from {low:g} to {high:g}", kept)
    if kept.where:
        rows = rows_where(interactions, rows, parse_conditions(kept.where))
        _need_some(rows, interactions, "no row is as all of this says", kept)
    first, last = kept.moments()
    if first is None and last is None:
        return rows
    if interactions.time_kind != "timestamp" or interactions.times is None:
        raise DataError(f"{interactions.name!r} has no timestamps, so nothing can be kept by time")
    least, most = interactions.times.min(), interactions.times.max()
    rows = rows.filter(pl.col("time").is_between(least if first is None else first, most if last is None else last))
    _need_some(rows, interactions, f"its times go from {day(least)} to {day(most)}", kept)
    return rows


def _of_people(interactions: Interactions, kept: Filter, events: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Without bots, then without users that have too many events; and a sentence on either."""
    said: tuple[str, ...] = ()
    if kept.without_bots:
        left = people(interactions, replace(kept, max_user_events=None), events)
        said += (f"bots: {_gone(events, left)} are left out",)
        events = left
        _need_some(events, interactions, "all of its users look like bots", kept)
    if kept.max_user_events is not None:
        left = _within(events, kept.max_user_events)
        said += (f"more than {kept.max_user_events:,} events: {_gone(events, left)} are left out",)
        events = left
        _need_some(events, interactions, "each of its users has more events", kept)
    return events, said


def people(interactions: Interactions, kept: Filter, events: pl.DataFrame) -> pl.DataFrame:
    """The events without those of bots, which are found in all of the data, and of users that have too many."""
    if kept.without_bots:
        found = interactions.user_ids.gather(bots(interactions))
        events = events.filter(~pl.col("user").is_in(found.implode()))
    return events if kept.max_user_events is None else _within(events, kept.max_user_events)


def _within(events: pl.DataFrame, most: int) -> pl.DataFrame:
    return events.filter(pl.len().over("user") <= most)


def _gone(before: pl.DataFrame, after: pl.DataFrame) -> str:
    n_users = before["user"].n_unique() - after["user"].n_unique()
    return f"{n_users:,} {'user' if n_users == 1 else 'users'} with {before.height - after.height:,} events"


def _left_out(interactions: Interactions, kept: Filter, events: pl.DataFrame) -> tuple[str, ...]:
    """What all of the filter left out, in numbers."""
    words, n_gone = kept.in_words(weights_called(interactions)), len(interactions) - events.height
    return (f"kept by choice ({words}): {_amounts(interactions, events)}; {n_gone:,} events are left out",)


def _amounts(interactions: Interactions, events: pl.DataFrame) -> str:
    n, n_users, n_items = len(interactions), events["user"].n_unique(), events["item"].n_unique()
    users, items = np.unique(interactions.users), np.unique(interactions.items)
    return (
        f"{events.height:,} of {n:,} events, {n_users:,} of {len(users):,} users, {n_items:,} of {len(items):,} items"
    )


def _core(interactions: Interactions, kept: Filter, events: pl.DataFrame) -> pl.DataFrame:
    events = enough(events, kept)
    _need_some(events, interactions, "each round of leaving out users takes events from items, and the reverse", kept)
    return events


def enough(events: pl.DataFrame, kept: Filter) -> pl.DataFrame:
    """Without users and items that have too few events, until none is left that has."""
    n_before = -1
    while events.height != n_before:
        n_before = events.height
        for what, least in (("user", kept.min_user_events), ("item", kept.min_item_events)):
            if least is not None:
                events = events.filter(pl.len().over(what) >= least)
    return events


def _need_some(rows: pl.DataFrame, interactions: Interactions, why: str, kept: Filter) -> None:
    if rows.is_empty():
        words = kept.in_words(weights_called(interactions))
        raise DataError(f"nothing is left of {interactions.name!r} with {words}: {why}")


def _lost_parts(interactions: Interactions, events: pl.DataFrame) -> list[str]:
    """Which of the data's own parts have no row any more."""
    if interactions.given_split is None:
        return []
    had, has = set(np.unique(interactions.given_split)), set(events["split"].unique())
    return [
        f"no row of the data's own {name} part is left; rows of train take its place"
        for part, name in ((1, "valid"), (2, "test"))
        if part in had - has
    ]


def _moment(name: str, text: str | None, *, is_end: bool) -> int | None:
    """A date or moment in UTC as unix seconds; at the end of a date its last second."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ParamError(
            f"`{name}` must be a date like 2024-01-31, or a moment like 2024-01-31T12:00, got {text!r}"
        ) from None
    is_date = len(text.strip()) <= len("2024-01-31")
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return int((found + (timedelta(seconds=_DAY_S - 1) if is_end and is_date else timedelta())).timestamp())


def day(moment: int | np.int64) -> str:
    """The date of a moment in unix seconds, in UTC; the number itself where no calendar holds it."""
    try:
        return datetime.fromtimestamp(int(moment), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return str(moment)
