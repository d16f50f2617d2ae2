"""The filters that a version was made by, held to the rows that are joined to it.

Conditions on rows are asked of the new rows. Who is a bot, or has too many events, is decided on the whole: the data
that the filter was set for with the new rows, and the version with them. Those that have too few are counted at last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from recmodels.data.checks import CHECK, lasting
from recmodels.data.conditions import parse_conditions
from recmodels.data.deriving import events_of, examples_of, side_table, whole
from recmodels.data.filtering import Filter, enough, people, weights_called
from recmodels.data.interactions import Interactions
from recmodels.data.kept_columns import rows_where
from recmodels.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A filter in force, and the data that it was set for."""

    kept: Filter
    of: Path | None  # the folder of those data; None: they were removed

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Standing":
        """Of {"kept": as `Filter.to_json` gives it, "of": a folder}."""
        kept = dict(data["kept"])
        kept |= {"where": tuple(kept["where"])} if "where" in kept else {}
        return cls(kept=Filter(**kept), of=Path(data["of"]) if data.get("of") else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The new rows that are left, and who goes from the old ones too."""

    more: Interactions
    users_out: pl.Series | None = None  # ids


def held(base: Interactions, more: Interactions, rules: Sequence[Standing], source: str) -> Held:
    """The rows of `more` that the filters of `base` keep, with a note on each filter.

    Args:
        source: What `more` was read from.

    Raises:
        DataError: None is left.
    """
    if not rules:
        return Held(more=more)
    out: list[pl.Series] = []
    n_read, left, notes = len(more), more, []
    for rule in rules:
        n_before = len(left)
        left, gone, back = _held(base, left, rule)
        out.append(gone)
        n_old = int(base.user_ids.gather(base.users).is_in(gone.implode()).sum())
        words = rule.kept.in_words(weights_called(base))
        note = (
            f"as {base.name} was kept by choice ({words}), {n_before - len(left):,} of {n_before:,} rows are left out"
        )
        notes.append(note + (f", and {n_old:,} rows of {base.name} of the same users" if n_old else ""))
        if rule.of is None and _is_on_ids(rule.kept):
            notes.append(
                f"{CHECK}the data that {words} was chosen for were removed, so it was held to these rows alone: "
                f"rows of users that were left out may have come back"
            )
        elif len(back):
            n_back = int(left.user_ids.gather(left.users).is_in(back.implode()).sum())
            notes.append(f"{CHECK}{n_back:,} rows of users that were left out ({words}) came back")
    if not len(left) and left.examples is None and n_read:
        words = "; ".join(rule.kept.in_words(weights_called(base)) for rule in rules)
        raise DataError(
            f"none of the {n_read:,} rows of {source} is kept by the choices of {base.name!r}: {words}; "
            f"append it to the dataset that {base.name!r} was made of, and filter that otherwise"
        )
    return Held(more=replace(left, notes=(*lasting(more, is_marked=False), *notes)), users_out=pl.concat(out).unique())


def _held(base: Interactions, more: Interactions, rule: Standing) -> tuple[Interactions, pl.Series, pl.Series]:
    """The rows that a filter keeps, the users that it leaves out, and those it left out before and now keeps."""
    first = base if rule.of is None else Interactions.load(rule.of)
    data, kept = whole(first, more), rule.kept
    events, examples = _rows(data, kept, events_of(more)), examples_of(more)
    if examples is not None:
        examples = _rows(data, kept, examples, has_weights=data.target() == "rating")
    out = pl.concat([_not_people(data, kept), _not_people(whole(base, _with(more, events, examples)), kept)]).unique()
    events = events.filter(~pl.col("user").is_in(out.implode()))
    rows = pl.concat([events_of(base).select("user", "item"), events.select("user", "item")])
    rows = enough(rows.filter(~pl.col("user").is_in(out.implode())), kept)
    events = events.join(rows, on="user", how="semi", maintain_order="left")
    events = events.join(rows, on="item", how="semi", maintain_order="left")
    if examples is not None:
        examples = examples.filter(~pl.col("user").is_in(out.implode()))
        for what, least in (("user", kept.min_user_events), ("item", kept.min_item_events)):
            examples = examples if least is None else examples.join(rows, on=what, how="semi", maintain_order="left")
    were_out = _left_out(first, kept)
    return _with(more, events, examples), out, were_out.filter(were_out.is_in(events["user"].implode()))


def _rows(data: Interactions, kept: Filter, rows: pl.DataFrame, *, has_weights: bool = True) -> pl.DataFrame:
    """The rows of the right weight, time and kind; ids that are known of `data` are described there."""
    if kept.min_weight is not None and has_weights and "weight" in rows.columns:
        rows = rows.filter(pl.col("weight") >= kept.min_weight)
    rows = rows_where(data, rows, parse_conditions(kept.where), is_strict=False)
    first, last = kept.moments()
    if "time" in rows.columns and first is not None:
        rows = rows.filter(pl.col("time") >= first)
    return rows.filter(pl.col("time") <= last) if "time" in rows.columns and last is not None else rows


def _not_people(data: Interactions, kept: Filter) -> pl.Series:
    """The ids of bots and of users with too many events."""
    if not (kept.without_bots or kept.max_user_events):
        return data.user_ids.clear()
    events = _rows(data, kept, events_of(data))
    left = people(data, kept, events)
    return events.join(left, on="user", how="anti")["user"].unique()


def _left_out(data: Interactions, kept: Filter) -> pl.Series:
    """The ids of users that have too few events of the right kind."""
    if kept.min_user_events is None:
        return data.user_ids.clear()
    events = _rows(data, kept, events_of(data))
    left = enough(people(data, kept, events), kept)
    return events.join(left, on="user", how="anti")["user"].unique()


def _is_on_ids(kept: Filter) -> bool:
    """Whether it needs the data that it was set for: their rows, or what they say of users and items."""
    return bool(kept.without_bots or kept.max_user_events or kept.where)


def _with(more: Interactions, events: pl.DataFrame, examples: pl.DataFrame | None) -> Interactions:
    left = Interactions.from_events(
        more.name,
        events,
        examples,
        time_kind=more.time_kind,
        columns=more.columns,
        choices=more.choices,
        outcome_names=more.outcome_names,
        text_columns=more.text_columns,
        group_columns=more.group_columns,
        notes=more.notes,
    )
    return replace(
        left,
        item_table=side_table(more.item_table, more.item_ids, left.item_ids),
        user_table=side_table(more.user_table, more.user_ids, left.user_ids),
    )
