"""From a file, or a folder with one dataset, to `Interactions`: read, guess columns, clean, join what lies beside."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from recmodels.data.choices import NO_CHOICES, Choices
from recmodels.data.conditions import parse_conditions
from recmodels.data.interactions import Interactions
from recmodels.data.reading.acts import notes_on_kinds
from recmodels.data.reading.charsets import reading_as
from recmodels.data.reading.choosing import interaction_files, parts_beside, read_pieces
from recmodels.data.reading.chosen import chosen, looked_at
from recmodels.data.reading.clean import Events, clean_events
from recmodels.data.reading.context import context_columns, other_moments, outcome_columns, said_of_context
from recmodels.data.reading.decoding import check_path
from recmodels.data.reading.formats import read_table
from recmodels.data.reading.layouts.order_lines import with_merged_cells, with_whole_orders
from recmodels.data.reading.layouts.order_tables import with_users
from recmodels.data.reading.number_forms import as_said
from recmodels.data.reading.options import DATE_ORDERS, DATES, DECIMALS, ENCODING, IGNORE, KEEP, OPTIONS, THOUSANDS
from recmodels.data.reading.personal import personal_columns, personal_note
from recmodels.data.reading.prompts import prompt_files, read_prompts
from recmodels.data.reading.schema import ROLES, Schema, column_of, infer_schema
from recmodels.data.reading.side_tables import Side, SideTable, find_side_table, given_side_table, side_table_within
from recmodels.data.reading.table import Table
from recmodels.data.reading.wanted_rows import note, only, wanted_rows
from recmodels.data.row_outcomes import union, with_names
from recmodels.errors import DataError


def read_interactions(
    path: Path | str,
    name: str | None = None,
    columns: Mapping[str, str] | None = None,
    items_path: Path | str | None = None,
    users_path: Path | str | None = None,
    more_of: Interactions | None = None,
    choices: Choices = NO_CHOICES,
    key_folder: Path | None = None,
) -> Interactions:
    """Read a dataset in any of the known formats.

    A file called `train` with a `test` (and `valid`) beside it is read with them, as the data's own split. Tables that
    describe items and users are looked for beside the file unless they are given. Prompts that ask for yes or no are
    read as `recmodels.data.reading.prompts` says.

    Args:
        path: The interactions; or a folder that holds one dataset.
        name: Of the dataset; by default the file's name.
        columns: Role → column for what cannot be guessed: user, item, weight, time, order, split; `ignore` → columns,
            separated by commas, that are not read, `keep` → such that stay though they tell who a person is,
            `thousands` and `decimals` → such whose `.` or `,` parts thousands or stands before decimals, `dates` →
            day-first, month-first or year-first, for dates that may be read in two ways, `encoding` → that of
            texts which are not UTF-8, such as cp1252; by default it is told by their words.
        items_path: The table that describes the items.
        users_path: The table that describes the users.
        more_of: The dataset whose columns it has, and whose context its rows have.
        choices: What a person chose: conditions on any columns, ignored ones too, that hold in the rows that are kept;
            whose ids are hashed; what counts as a like. Those of `more_of` come before.
        key_folder: Where the key is that ids are hashed with.

    Raises:
        DataError: What cannot be used, with the rule, the value and its place.
        AmbiguousColumns: Two columns could have one role.
    """
    path = Path(path)
    columns, choices = _with_choices(columns, choices, more_of)
    roles = {role: column for role, column in (columns or {}).items() if role != ENCODING} or None
    with reading_as((columns or {}).get(ENCODING)):
        return _read(path, name, roles, items_path, users_path, more_of, choices, key_folder)


def _read(
    path: Path,
    name: str | None,
    columns: Mapping[str, str] | None,
    items_path: Path | str | None,
    users_path: Path | str | None,
    more_of: Interactions | None,
    choices: Choices,
    key_folder: Path | None,
) -> Interactions:
    """As `read_interactions` says, with all that was chosen, and the encoding in force."""
    conditions = parse_conditions(choices.where)
    check_path(path)
    if files := prompt_files(path):
        if columns or items_path or users_path or choices.where:
            raise DataError(
                f"{path.name} holds prompts, which say all there is: no columns, conditions or tables belong to it"
            )
        return chosen(read_prompts(files, name or path.stem), choices, key_folder)
    pieces = interaction_files(path)
    name, path = name or (path if len(pieces) > 1 else pieces[0]).stem, pieces[0]
    date_order = _date_order(columns) or choices.date_order
    columns, (ignored, kept, *separators) = _asked(columns)
    table = with_merged_cells(with_whole_orders(read_pieces(pieces, columns)))
    table = with_users(table, columns, partial(read_table, strict=False))
    table = replace(table, date_order=date_order)
    ignored, kept = ([column_of(table, name) for name in names] for names in (ignored, kept))
    _check_not_ignored(table, ignored, [*columns.values(), *(name for names in separators for name in names)])
    said = partial(_as_said, separators=separators)
    held = wanted_rows(table, conditions)
    table = said(replace(table, frame=table.frame.drop(ignored)))
    columns = columns if more_of is None else columns_of(more_of, columns)
    schema = infer_schema(table, columns)
    n_read, table = table.frame.height, only(table, held)
    given = parts_beside(path) if schema.split is None else {}
    notes = [*table.notes, *schema.notes]
    if more_of is not None and (as_before := more_of.choices.still_in_words(choices)):
        notes.append(f"read as {more_of.name} was: {as_before}")
    if ignored:
        notes.append(f"not read, as you said: {', '.join(ignored)}")
    if held is not None:
        notes.append(note(conditions, table.frame.height, n_read))
    if personal := personal_columns(table.frame, schema.columns(table) | {*kept}):
        notes.append(personal_note(personal, path.name))
        table = replace(table, frame=table.frame.drop(personal))
    if table.kind == "sequences" and given:
        schema = replace(schema, order=None)  # such files list sets of items
    elif table.kind == "sequences":
        notes.append(
            f"{path.name} has no times: the items of each user are read in their order, the first is the oldest"
        )
    elif table.ordered_list and schema.order:
        notes.append(
            f"the lists in `{table.ordered_list}` of {path.name} have no times: their values are read in their order, "
            "the first is the oldest"
        )
    if outcomes := outcome_columns(table, schema):
        notes.append(
            f"not used to predict, since it is known only after an item was shown or chosen: {', '.join(outcomes)}"
        )
    notes += notes_on_kinds(table, schema)
    if moments := other_moments(table, schema):
        notes.append(f"not used to predict, since they may come after the time of the row: {', '.join(moments)}")
    context = None if more_of is None else _context_of(more_of)
    context = context_columns(table, schema) if given and context is None else context
    clean = partial(clean_events, context=context, keeps_weights=more_of is not None and more_of.weights is not None)
    outcomes = () if more_of is None else more_of.outcome_names
    parts = {0: clean(table, schema, known_outcomes=outcomes)}
    for part, file in given.items():
        other = said(replace(read_table(file, given=columns), date_order=date_order or parts[0].date_order))
        notes += other.notes
        n_read += other.frame.height
        if (held := wanted_rows(other, conditions)) is not None:
            notes.append(f"{file.name}: {note(conditions, int(held.sum()), other.frame.height)}")
        other = only(other, held)
        known = schema if schema.columns(table) <= {*other.frame.columns} else infer_schema(other, columns)
        parts[part] = clean(other, replace(known, order=schema.order), known_outcomes=parts[0].outcome_names)
    if given:
        notes.append(f"the split is the data's own: {', '.join(file.name for file in (path, *given.values()))}")
    if set(table.frame.columns) <= schema.columns(table):  # a side table could only be within other columns
        table = replace(table, frame=table.frame.clear())
    choices = choices.with_more(Choices(date_order=parts[0].date_order))
    events = _together(parts)
    if n_left_out := n_read - events.frame.height:
        notes.append(f"{n_left_out:,} of {n_read:,} rows were left out, for the reasons said here")
    interactions = Interactions.from_events(
        name,
        events.frame,
        events.examples,
        time_kind=events.time_kind,
        columns={} if table.kind == "sequences" else schema.roles(),
        outcome_names=events.outcome_names,
        notes=(*notes, *events.notes),
    )
    items = _side("item", table, schema, items_path, interactions.item_ids)
    users = _without_personal(_side("user", table, schema, users_path, interactions.user_ids), kept)
    return looked_at(chosen(_described(interactions, items, users), choices, key_folder))


def _with_choices(
    columns: Mapping[str, str] | None, choices: Choices, more_of: Interactions | None
) -> tuple[Mapping[str, str] | None, Choices]:
    """The columns with the options of reading, and all that was chosen; what is said now comes before."""
    said = Choices(reading={word: text for word, text in (columns or {}).items() if word in OPTIONS})
    choices = choices.with_more(said)
    if more_of is not None:
        if choices.hashed and choices.hashed != more_of.choices.hashed:
            raise DataError(f"the ids of {more_of.name!r} are kept otherwise; add all of its files again to hash them")
        choices = more_of.choices.with_more(choices)
    return {**(columns or {}), **choices.reading} or None, choices


def columns_of(dataset: Interactions, given: Mapping[str, str] | None = None) -> dict[str, str] | None:
    """Role → column of a file with more of a dataset: as given, else its own; its other roles have none ("")."""
    if not dataset.columns:
        return dict(given) if given else None
    return dict.fromkeys(ROLES, "") | dict(dataset.columns) | dict(given or {})


def _context_of(dataset: Interactions) -> Sequence[str] | None:
    """The columns of its rows' context; None where it has no rows to predict for."""
    if dataset.examples is None:
        return None
    return () if dataset.examples.context is None else tuple(dataset.examples.context.columns)


def _date_order(columns: Mapping[str, str] | None) -> str | None:
    """How dates are written, as a person said."""
    said = (columns or {}).get(DATES)
    if said and (said := said.strip().lower().replace(" ", "-").replace("_", "-")) not in DATE_ORDERS:
        raise DataError(f"{DATES} must be one of {', '.join(DATE_ORDERS)}, it is {said[:40]!r}")
    return said or None


def _asked(columns: Mapping[str, str] | None) -> tuple[dict[str, str], list[list[str]]]:
    """The roles of `columns`, and the columns to ignore, to keep, with separators of thousands, and with decimals."""
    roles = {role: column for role, column in (columns or {}).items() if role != DATES}
    named = ([name.strip() for name in roles.pop(word, "").split(",")] for word in (IGNORE, KEEP, THOUSANDS, DECIMALS))
    return roles, [[name for name in names if name] for names in named]


def _check_not_ignored(table: Table, ignored: Sequence[str], named: Sequence[str]) -> None:
    """Raises DataError: a column is not to be read, and has a role or a way of being read all the same."""
    used = {column_of(table, name) for name in named if name in table.frame.columns}
    if both := next((name for name in ignored if name in used), None):
        raise DataError(
            f"the column {both!r} of {table.path.name} is to be left out and to be read as something; say one of both"
        )


def _as_said(table: Table, separators: Sequence[Sequence[str]]) -> Table:
    thousands, decimals = ([column_of(table, name) for name in names] for names in separators)
    return as_said(table, thousands, decimals)


def _without_personal(users: SideTable | None, kept: Sequence[str]) -> SideTable | None:
    if users is None or not (personal := personal_columns(users.frame, kept)):
        return users
    columns = tuple(name for name in users.columns if name not in personal)
    notes = (*users.notes, personal_note(personal, "the table of users"))
    return SideTable(frame=users.frame.drop(personal), columns=columns, notes=notes)


def _together(parts: Mapping[int, Events]) -> Events:
    if len(parts) == 1:
        return parts[0]
    for key in ("user", "item"):
        parts = parts if len({events.frame[key].dtype for events in parts.values()}) == 1 else _as_text(parts, key)
    names = union(*(events.outcome_names for events in parts.values()))
    parts = {part: _with_outcomes(events, names) for part, events in parts.items()}
    frames = [
        events.frame.drop("split", strict=False).with_columns(pl.lit(part, dtype=pl.Int8).alias("split"))
        for part, events in parts.items()
    ]
    common = [name for name in frames[0].columns if all(name in frame.columns for frame in frames)]
    notes = tuple(note for events in parts.values() for note in events.notes)
    kind = parts[0].time_kind if "time" in common else "none"
    frame = pl.concat(frame.select(common) for frame in frames)
    return Events(frame=frame, time_kind=kind, notes=notes, outcome_names=names, examples=_all_examples(parts))


def _with_outcomes(events: Events, names: tuple[str, ...]) -> Events:
    """The same with the outcomes of all parts."""

    def placed(frame: pl.DataFrame) -> pl.DataFrame:
        if not names:
            return frame.drop("outcomes", strict=False)
        bits = frame["outcomes"].to_numpy() if "outcomes" in frame.columns else None
        return frame.with_columns(outcomes=with_names(bits, events.outcome_names, names, frame.height))

    return replace(
        events,
        frame=placed(events.frame),
        outcome_names=names,
        examples=None if events.examples is None else placed(events.examples),
    )


def _as_text(parts: Mapping[int, Events], key: str) -> dict[int, Events]:
    """With ids of one type, where they are whole numbers in one part and text in another."""
    ids = pl.col(key).cast(pl.String).cast(pl.Categorical)
    return {
        part: replace(
            events,
            frame=events.frame.with_columns(ids),
            examples=None if events.examples is None else events.examples.with_columns(ids),
        )
        for part, events in parts.items()
    }


def _all_examples(parts: Mapping[int, Events]) -> pl.DataFrame | None:
    """The examples of all parts under the first one's columns, where they say more than the interactions do."""
    frames = {part: events.examples for part, events in parts.items() if events.examples is not None}
    has_context = bool(set(frames[0].columns) - {"user", "item", "weight", "time", "split", "outcomes"})
    says_no = any("weight" in frame.columns and bool((frame["weight"] == 0).any()) for frame in frames.values())
    if not has_context and not says_no and not any(map(_has_unrated, parts.values())):
        return None
    return pl.concat(
        frame.drop("split", strict=False)
        .select(
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype, strict=False).alias(name)
            for name, dtype in frames[0].schema.items()
            if name != "split"
        )
        .with_columns(pl.lit(part, dtype=pl.Int8).alias("split"))
        for part, frame in frames.items()
    )


def _has_unrated(events: Events) -> bool:
    """Whether some rows have a weight of 0 and are no examples."""
    frames = [frame for frame in (events.frame, events.examples) if frame is not None and "weight" in frame.columns]
    zeros = [bool((frame["weight"] == 0).any()) for frame in frames]
    return zeros == [True, False]


def _described(interactions: Interactions, items: SideTable | None, users: SideTable | None) -> Interactions:
    notes = [note for side in (items, users) if side for note in side.notes]
    if (examples := interactions.examples) is not None and examples.context is not None:
        notes.append(said_of_context(examples.context.columns))
    return replace(
        interactions,
        item_table=items.frame if items and items.frame.width else None,
        user_table=users.frame if users and users.frame.width else None,
        text_columns=items.columns if items else (),
        group_columns=users.columns if users else (),
        notes=interactions.notes + tuple(notes),
    )


def _side(side: Side, table: Table, schema: Schema, given: Path | str | None, ids: pl.Series) -> SideTable | None:
    if given is not None:
        return given_side_table(side, Path(given).expanduser(), ids)
    key = schema.item if side == "item" else schema.user
    beside = find_side_table(side, table.path, ids)
    return beside or side_table_within(side, table, key, schema.columns(table), ids)
