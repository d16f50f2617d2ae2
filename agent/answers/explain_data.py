"""What data hold, in words: datasets, their rows, and what became of them."""

import re
from collections.abc import Mapping, Sequence

from agent.answers.hashing import KEPT_AS_TYPED, copy_removed
from agent.answers.wording import count, listed, number, percent, sentence, table, unquoted
from agent.results.data import DatasetAdded, DatasetDescribed, DatasetList, DatasetRemoved, DatasetRenamed, DataTold
from agent.results.result import ColumnsAsked
from agent.results.rows import Columns, Head, OneItem, OneUser, Popular, Repeats, Row

_PROFILE = {
    "n_users": "users",
    "n_items": "items",
    "n_interactions": "interactions",
    "density": "density",
    "history_median": "median history",
    "popularity_gini": "popularity Gini",
    "cold_item_share": "cold items",
}


def list_datasets(facts: DatasetList) -> str:
    rows = [
        (f"`{d.name}`", *("" if n is None else n for n in (d.n_users, d.n_items, d.n_interactions)))
        for d in facts.datasets
    ]
    first = f"There {'is' if facts.count == 1 else 'are'} {count(facts.count, 'dataset')}:"
    last = "Drop a file into the chat to add your own."
    built_in = [d.name for d in facts.datasets if d.built_in]
    note = f"`{built_in[0]}` is built in and made at its first use. " if built_in else ""
    damaged = [f"`{d.name}`" for d in facts.datasets if d.is_damaged]
    note += f"{listed(damaged)} cannot be read: the files are damaged, and `recpilot data list` says how. " * bool(
        damaged
    )
    return f"{first}\n\n{table(('dataset', 'users', 'items', 'interactions'), rows)}\n\n{note}{last}"


def add_dataset(facts: DatasetAdded) -> str:
    name = facts.dataset
    new = "".join(f"\n- {sentence}" for sentence in facts.what_is_new)
    version = f"It is {unquoted(facts.version)}.\n{new}\n\n" if facts.version else ""
    if facts.corrects:
        return f"{_corrected(facts)} {_dataset(facts)}\n\nSay “tune {name}” to begin a study on it."
    gone = f"\n\n{copy_removed(unquoted(facts.copy_removed))}" if facts.copy_removed else ""
    if not facts.added:
        other = f", so nothing was added as `{facts.asked}`" if facts.asked not in ("", name) else ""
        return f"**{name}** is there already, with the same content{other}. {version}{_dataset(facts)}{gone}"
    kept = f"\n\n{KEPT_AS_TYPED}" if facts.hashed else ""
    return f"Added as **{name}**. {version}{_dataset(facts)}{kept}{gone}\n\nSay “tune {name}” to begin a study on it."


def told(facts: DataTold) -> str:
    """The same in every language: it names what stands in the file and in the notes."""
    lead = unquoted(facts.lead)
    return lead + ("\n\n" + "\n".join(f"- {unquoted(one)}" for one in facts.sentences) if facts.sentences else "")


def _corrected(facts: DatasetAdded) -> str:
    roles = listed(f"`{unquoted(column)}` as the {role}" for role, column in facts.columns.items())
    if facts.corrects == facts.dataset:
        return f"Read again: **{facts.dataset}** has {roles} now; `undo` brings the earlier reading back."
    return f"Read again as **{facts.dataset}**, with {roles}. **{facts.corrects}** stays as it is."


def describe_dataset(facts: DatasetDescribed) -> str:
    return f"**{facts.dataset}**. {_dataset(facts)}"


def _dataset(facts: DatasetDescribed) -> str:
    profile = facts.profile
    described = re.sub(r"^[a-z0-9._-]+: (?=[\d,]+ )", "", unquoted(facts.description))  # its name when it was read
    rows = [(says, profile[key]) for key, says in _PROFILE.items() if key in profile]
    notes = "".join(f"\n- {unquoted(note)}" for note in facts.notes)
    return f"{described}\n\n{table(('', 'value'), rows)}" + (f"\n\nNoted while reading:\n{notes}" if notes else "")


def sample_rows(asked: ColumnsAsked) -> str:
    """Rows of a file about whose columns is asked, as a table."""
    return table(list(asked.samples[0]), [[unquoted(value) for value in row.values()] for row in asked.samples])


def rename_dataset(facts: DatasetRenamed) -> str:
    if facts.before == facts.dataset:
        return f"It is called **{facts.dataset}** already."
    return (
        f"The dataset is called **{facts.dataset}** now (before: {facts.before}); its studies and what was "
        "learned"
        " on it stay with it. `undo` gives it the old name."
    )


def remove_dataset(facts: DatasetRemoved) -> str:
    n = facts.n_studies
    studies = (
        f" {count(n, 'study').replace('studys', 'studies')} on it {'stays' if n == 1 else 'stay'}, but cannot go on "
        "without it."
        if n
        else ""
    )
    if facts.deleted:
        return (
            f"Deleted for good: {facts.deleted}. Nothing brings it back. Your own files stay where they are, and so does"
            f" what this chat shows of them.{studies}"
        )
    return (
        f"**{facts.dataset}** is out of the list. Its files are kept in `{facts.kept_in}`, "
        f"so `undo` brings it back; “delete {facts.dataset} for good” deletes them.{studies}"
    )


# -- rows: the count first, then what was looked at ---------------------------------------------------------------


def head(facts: Head) -> str:
    of = f" of {unquoted(facts.filter)}" if facts.filter else ""
    first = f"**{facts.dataset}** has {count(facts.n, 'row')}{of}; the first {number(len(facts.rows))}:"
    return f"{first}\n\n{_rows(facts.rows)}"


def one_user(facts: OneUser) -> str:
    person = unquoted(facts.user)
    first = f"User {person} has {count(facts.n, 'interaction')} with {count(facts.n_items, 'item')}"
    more = f"\n\nAnd {number(facts.n - len(facts.rows))} more." if facts.n > len(facts.rows) else ""
    return f"{first}, {_ORDER[facts.order]}:{_about(facts.about)}\n\n{_rows(facts.rows, without='user')}{more}"


_ORDER = {"latest": "the latest first", "file": "as they stand in the file, which has no times"}


def one_item(facts: OneItem) -> str:
    n_users = count(facts.n_users, "user")
    first = f"Item {unquoted(facts.item)} was taken {number(facts.n)} times by {n_users}"
    place = f"place {number(facts.rank)} of {number(facts.of)} by popularity"
    more = f"\n\nAnd {number(facts.n - len(facts.rows))} more." if facts.n > len(facts.rows) else ""
    return f"{first}: {place}.{_about(facts.about)}\n\n{_rows(facts.rows, without='item')}{more}"


def repeats(facts: Repeats) -> str:
    if not facts.n_repeated_pairs:
        return (
            f"No pair of a user and an item stands in **{facts.dataset}** twice, in {count(facts.n_rows, 'row')}."
            f"{_repeats_left_out(facts)}"
        )
    rows = [(unquoted(row.user), unquoted(row.item), row.n) for row in facts.rows]
    return (
        f"{count(facts.n_repeated_pairs, 'pair')} of a user and an item stand in **{facts.dataset}** more than "
        "once:"
        f" {number(facts.n_repeated_rows)} of {count(facts.n_rows, 'row')} repeat an earlier one{_same_moment(facts)}. "
        f"{_users_again(facts)}"
        "The most frequent:"
        f"\n\n{table(('user', 'item', 'rows'), rows)}{_repeats_left_out(facts)}"
    )


def _repeats_left_out(facts: Repeats) -> str:
    notes = "".join(f"\n- {sentence(unquoted(note))}" for note in facts.left_out)
    return f"\n\nLeft out while reading:\n{notes}" if notes else ""


def _users_again(facts: Repeats) -> str:
    n = facts.n_users_again
    return "" if n is None else f"{number(n)} of {count(facts.n_users, 'user')} took an item more than once. "


def _same_moment(facts: Repeats) -> str:
    n = facts.n_same_moment_rows
    return "" if n is None else f", {number(n)} of them with the same time" if n else ", none with the same time"


def popular(facts: Popular) -> str:
    has_text = any(row.text for row in facts.rows)
    rows = [(row.rank, unquoted(row.item), *((unquoted(row.text),) if has_text else ()), row.n) for row in facts.rows]
    header = ("", "item", *(("text",) if has_text else ()), "rows")
    share = f"{percent(facts.share)} of all rows go to these {number(len(rows))} of {count(facts.n_items, 'item')}"
    first = f"The most popular item of **{facts.dataset}** is {rows[0][1]}; {share}:\n\n{table(header, rows)}"
    return f"{first}\n\n{_concentration(facts)}"


def _concentration(facts: Popular) -> str:
    """How far popularity alone goes."""
    found = facts.baseline
    text = (
        f"The most popular 1 % of items hold {percent(facts.top_1_share)} of all rows, and 10 % hold "
        f"{percent(facts.top_10_share)}."
    )
    if found is None:
        return text
    interval = "" if found.low is None or found.high is None else f" [{number(found.low)}, {number(found.high)}]"
    return (
        f"{text} Recommending them to everyone reached {found.metric} {number(found.value)}{interval} on validation in "
        f"**{found.study}**."
    )


def columns(facts: Columns) -> str:
    rows = [(role, unquoted(column)) for role, column in facts.roles.items()]
    first = (
        f"**{facts.dataset}** is read so:\n\n{table(('role', 'column'), rows)}"
        if rows
        else f"**{facts.dataset}** names no columns."
    )
    also = [
        f"known of the {name}: {listed(f'{unquoted(column)} ({kind})' for column, kind in found.items())}"
        for name, found in {**facts.tables, "context of a row": facts.context}.items()
        if found
    ]
    notes = "".join(f"\n- {unquoted(note)}" for note in facts.notes)
    more = f"\n\n{sentence('; '.join(also))}" if also else ""
    return first + more + (f"\n\nNoted while reading:\n{notes}" if notes else "")


def _about(known_by_column: Mapping[str, str] | None) -> str:
    known = ", ".join(f"{unquoted(name)}: {unquoted(value)}" for name, value in (known_by_column or {}).items())
    return f" {sentence(known)}" if known else ""


def _rows(rows: Sequence[Row], without: str = "") -> str:
    cells = {name: [getattr(row, name) for row in rows] for name in ("user", "item", "text", "weight", "time")}
    shown = {name: values for name, values in cells.items() if name != without and any(v is not None for v in values)}
    return table(list(shown), [[_cell(value) for value in row] for row in zip(*shown.values(), strict=True)])


def _cell(value: object) -> object:
    return unquoted(value) if isinstance(value, str) else "" if value is None else value
