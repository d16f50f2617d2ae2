"""Datasets made of others: more events joined to those of a dataset, whose ids, columns and parts stay its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from recmodels.data.checks import CHECK, counted_again, findings, lasting
from recmodels.data.examples import Examples
from recmodels.data.interactions import Interactions
from recmodels.data.row_outcomes import union, with_names
from recmodels.data.scales import differences
from recmodels.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What became of two sets of events."""

    interactions: Interactions
    n_added: int  # rows that are new
    n_repeated: int  # rows of the same user, item and time as one that was there, in whose place they are
    n_changed: int  # of those, the ones with another weight

    def counts(self) -> dict[str, int]:
        """JSON-ready."""
        return {"n_added": self.n_added, "n_repeated": self.n_repeated, "n_changed": self.n_changed}


def whole(base: Interactions, more: Interactions) -> Interactions:
    """The events of both as one, with what is known of users and items, to count in; without notes and rows to predict.

    Raises:
        DataError: As `joined`, except that nothing new is no error.
    """
    base, more, _ = _alike(base, more, more.name)
    old, new = events_of(base), events_of(more)
    keys = _keys(base)
    together = Interactions.from_events(
        base.name,
        pl.concat([old.join(new, on=keys, how="anti", maintain_order="left"), new]),
        time_kind=base.time_kind,
        columns=base.columns or more.columns,
        choices=base.choices,
        outcome_names=base.outcome_names,
    )
    return _described(together, base, more)


def _keys(base: Interactions) -> list[str]:
    return ["user", "item", *(["time"] if base.times is not None else [])]


def joined(base: Interactions, more: Interactions, source: str, without: pl.Series | None = None) -> Joined:
    """The events of `base` and those of `more`, joined by the data's own ids.

    - Rows of the same user, item and time (or, without times, user and item) are kept once, the later ones,
      with the outcomes of all.
    - Positions that were counted by line go on after the last of `base`.
    - The data's own parts stay where both have them; a note says where they end.
    - A table that describes items or users keeps its columns and rows; new ids are described by that of `more`.

    Args:
        source: What `more` was read from, for notes.
        without: The ids of users whose events are left out.

    Raises:
        DataError: `more` lacks the times or weights that `base` has, has ratings of a longer scale, or holds nothing
            new.
    """
    before = base.notes
    own = (note for note in lasting(more, is_marked=False) if note not in before)
    lasted = lasting(base)
    notes = [*lasted, *(_about(note, source) for note in own)]
    base, more, said = _alike(base, more, source)
    said += differences(base, more, source)
    old, new = (_without(rows, without) for rows in (events_of(base), events_of(more)))
    keys = _keys(base)
    new, tells_more = _with_outcomes_of(old, new, keys)
    n_repeated = new.join(old, on=keys, how="semi").height
    n_changed = _n_changed(old, new, keys)
    if n_repeated == new.height and not (n_changed or tells_more) and base.examples is None:
        raise DataError(
            f"there is nothing new in {source}: each of its {new.height:,} rows is in {base.name!r} already"
        )
    if n_repeated:
        changed = f", {n_changed:,} of them with another weight, which is kept" if n_changed else ""
        same = "user, item and time" if "time" in keys else "user and item (there is no time to tell them apart)"
        said.append(f"{n_repeated:,} rows repeat one of {base.name!r} ({same}); each is kept once{changed}")
    if not _shared(base, more):
        said.append(f"{CHECK}no user and no item of {source} is in {base.name!r}; do both write their ids alike?")
    together = Interactions.from_events(
        base.name,
        pl.concat([old.join(new, on=keys, how="anti", maintain_order="left"), new]),
        None if (examples := _examples(base, more, source)) is None else _without(examples, without),
        time_kind=base.time_kind,
        columns=base.columns or more.columns,
        choices=base.choices.with_more(more.choices),
        outcome_names=base.outcome_names,
        notes=(*notes, *(_about(sentence, source) for sentence in said)),
    )
    together = _described(together, base, more)
    return Joined(
        interactions=replace(
            together,
            notes=(
                *counted_again(together.notes[: len(lasted)], together),
                *together.notes[len(lasted) :],
                *findings(together, before),
            ),
        ),
        n_added=new.height - n_repeated,
        n_repeated=n_repeated,
        n_changed=n_changed,
    )


def _about(note: str, source: str) -> str:
    if source in note:
        return note
    return f"{CHECK}{source}: {note.removeprefix(CHECK)}" if note.startswith(CHECK) else f"{source}: {note}"


def _without(rows: pl.DataFrame, users: pl.Series | None) -> pl.DataFrame:
    return rows if users is None else rows.filter(~pl.col("user").is_in(users.implode()))


def events_of(interactions: Interactions) -> pl.DataFrame:
    """The rows with the data's own ids: `user`, `item` and, where known, `weight`, `time`, `split` and `outcomes`."""
    return _frame(
        interactions,
        interactions.users,
        interactions.items,
        weight=interactions.weights,
        time=interactions.times,
        split=interactions.given_split,
        outcomes=interactions.outcomes,
    )


def examples_of(interactions: Interactions) -> pl.DataFrame | None:
    """The rows to predict for in the same form, the columns of their context after them; None where there are none."""
    return None if interactions.examples is None else _rows_to_predict(interactions, interactions.examples)


def side_table(table: pl.DataFrame | None, ids: pl.Series, wanted: pl.Series) -> pl.DataFrame | None:
    """The rows of a table that describes `ids`, as one that describes `wanted`; blank for those that are not in it."""
    if table is None:
        return None
    places = pl.DataFrame({"id": wanted}).join(
        pl.DataFrame({"id": ids}).with_row_index("place"), on="id", how="left", maintain_order="left"
    )
    return table.select(pl.all().gather(places["place"]))


def _rows_to_predict(interactions: Interactions, examples: Examples) -> pl.DataFrame:
    frame = _frame(
        interactions,
        examples.users,
        examples.items,
        weight=examples.labels,
        time=examples.times,
        split=examples.given_split,
        outcomes=examples.outcomes,
    )
    return frame if examples.context is None else frame.hstack(examples.context)


def _frame(
    interactions: Interactions, users: np.ndarray, items: np.ndarray, **arrays: np.ndarray | None
) -> pl.DataFrame:
    ids = {"user": interactions.user_ids.gather(users), "item": interactions.item_ids.gather(items)}
    return pl.DataFrame(ids | {name: array for name, array in arrays.items() if array is not None})


def _alike(base: Interactions, more: Interactions, source: str) -> tuple[Interactions, Interactions, list[str]]:
    """Both with the same kinds of columns, and what was left out for it."""
    said: list[str] = []
    if base.time_kind == "none" and more.times is not None:
        said.append(f"its times are not used, since {base.name!r} has none")
        more = _without_times(more)
    elif base.time_kind != more.time_kind:
        kinds = {"timestamp": "timestamps", "order": "positions", "none": "no times"}
        raise DataError(
            f"{source} has {kinds[more.time_kind]} and {base.name!r} has {kinds[base.time_kind]}; "
            "events can only be joined in one order"
        )
    if base.time_kind == "order" and not base.columns and base.times is not None and more.times is not None:
        more = replace(more, times=more.times + int(base.times.max(initial=-1)) + 1)
        said.append(f"its rows come after those of {base.name!r}, user by user")
    if base.weights is None and more.weights is not None:
        said.append(f"its weights are not used, since {base.name!r} has none")
        more = replace(more, weights=None)
    elif base.weights is not None and more.weights is None:
        raise DataError(f"{source} has no weights, which {base.name!r} has")
    if base.given_split is not None and more.given_split is None:
        said.append(f"it has no parts, so the train and test parts of {base.name!r} end here; rows are split again")
        base = _without_parts(base)
    elif base.given_split is None and more.given_split is not None:
        said.append(f"its train and test parts are not used, since {base.name!r} has none")
        more = _without_parts(more)
    return *_with_all_outcomes(base, more), said


def _without_times(interactions: Interactions) -> Interactions:
    examples = interactions.examples and replace(interactions.examples, times=None)
    return replace(interactions, examples=examples, times=None, time_kind="none")


def _with_all_outcomes(base: Interactions, more: Interactions) -> tuple[Interactions, Interactions]:
    """Both with the outcomes of either; rows of which nothing is known have none."""
    names = union(base.outcome_names, more.outcome_names)
    one, other = (_with_outcomes(interactions, names) for interactions in (base, more))
    return one, other


def _with_outcomes(interactions: Interactions, names: tuple[str, ...]) -> Interactions:
    def placed(rows: Interactions | Examples) -> np.ndarray | None:
        return with_names(rows.outcomes, interactions.outcome_names, names, len(rows)) if names else None

    examples = interactions.examples and replace(interactions.examples, outcomes=placed(interactions.examples))
    return replace(interactions, examples=examples, outcomes=placed(interactions), outcome_names=names)


def _without_parts(interactions: Interactions) -> Interactions:
    examples = interactions.examples and replace(interactions.examples, given_split=None)
    return replace(interactions, examples=examples, given_split=None)


def _n_changed(old: pl.DataFrame, new: pl.DataFrame, keys: Sequence[str]) -> int:
    if "weight" not in old.columns:
        return 0
    both = new.join(old.unique(keys, keep="last"), on=keys, how="inner", suffix="_before")
    return int((both["weight"] != both["weight_before"]).sum())


def _with_outcomes_of(old: pl.DataFrame, new: pl.DataFrame, keys: Sequence[str]) -> tuple[pl.DataFrame, bool]:
    """The new rows with the outcomes of the old ones in whose place they are too, and whether these had fewer."""
    if "outcomes" not in old.columns:
        return new, False
    had = old.group_by(keys).agg(pl.col("outcomes").bitwise_or().alias("had"))
    both = new.join(had, on=keys, how="left", maintain_order="left")
    all_of_them = both["outcomes"] | both["had"].fill_null(0)
    return both.with_columns(outcomes=all_of_them).drop("had"), bool((all_of_them != both["had"]).any())


def _shared(base: Interactions, more: Interactions) -> bool:
    return bool(
        more.user_ids.is_in(base.user_ids.implode()).any() or more.item_ids.is_in(base.item_ids.implode()).any()
    )


def _examples(base: Interactions, more: Interactions, source: str) -> pl.DataFrame | None:
    """The rows to predict for of both, where those of either say more than its events do."""
    if base.examples is None and not _says_no(more):
        return None
    old = _rows_to_predict(base, base.all_examples())
    new = _rows_to_predict(more, more.all_examples())
    if base.examples is None and "weight" not in old.columns:
        old = old.with_columns(pl.lit(1.0, dtype=pl.Float32).alias("weight"))  # only what was wanted was kept
    if "weight" in old.columns and "weight" not in new.columns:
        raise DataError(f"{source} has no labels, which {base.name!r} has")
    new = new.select(
        (pl.col(name) if name in new.columns else pl.lit(None)).cast(dtype, strict=False).alias(name)
        for name, dtype in old.schema.items()
    )
    keys = [
        "user",
        "item",
        *(["time"] if "time" in old.columns else [c for c in old.columns if c not in ("user", "item", "outcomes")]),
    ]
    return pl.concat([old.join(new, on=keys, how="anti", nulls_equal=True, maintain_order="left"), new])


def _says_no(interactions: Interactions) -> bool:
    """Whether some rows say that an item was refused."""
    examples = interactions.examples
    return examples is not None and examples.target(interactions.columns.get("weight", "")) == "label"


def _described(together: Interactions, base: Interactions, more: Interactions) -> Interactions:
    return replace(
        together,
        item_table=_tables((base.item_table, base.item_ids), (more.item_table, more.item_ids), together.item_ids),
        user_table=_tables((base.user_table, base.user_ids), (more.user_table, more.user_ids), together.user_ids),
        text_columns=base.text_columns if base.item_table is not None else more.text_columns,
        group_columns=base.group_columns if base.user_table is not None else more.group_columns,
    )


def _tables(
    first: tuple[pl.DataFrame | None, pl.Series], second: tuple[pl.DataFrame | None, pl.Series], ids: pl.Series
) -> pl.DataFrame | None:
    """One table for all ids: what the first says of an id, and where that is blank what the second says."""
    one, other = side_table(*first, ids), side_table(*second, ids)
    if one is None or other is None:
        return other if one is None else one
    return one.with_columns(
        pl.coalesce(pl.col(name), other[name].cast(dtype, strict=False)).alias(name)
        for name, dtype in one.schema.items()
        if name in other.columns
    )
