"""Counts that answer a question about a dataset, in words: the answer in the first sentence."""

from collections.abc import Sequence

from agent.answers.wording import count, listed, number, percent, sentence, table, unquoted
from agent.results.asked import ColumnCounted, Counted, LeftOut, Ranked, Regular, Size

_PERIODS = {"month": "months", "week": "weeks", "day": "days"}
_SIZES = {"rows": "n_rows", "users": "n_users", "items": "n_items"}


def left_out(facts: LeftOut) -> str:
    kept = f"{count(facts.n_kept, 'row')} {'is' if facts.n_kept == 1 else 'are'} kept"
    if not facts.reasons and not facts.n_left_out:
        return f"No row was left out of **{facts.dataset}**: {kept}."
    n = facts.n_left_out
    were = f"{count(n, 'row')} {'was' if n == 1 else 'were'} left out" if n else "Some was left out"
    counted = " They were counted as rows, not as users." if facts.of == "users" and n else ""
    which = " What was noted of what you name:" if facts.is_part else ""
    return f"{were} of **{facts.dataset}**, and {kept}.{counted}{which}\n{_bullets(facts.reasons)}"


def size(facts: Size) -> str:
    if facts.against:
        return _compared(facts)
    rows, users, items = (count(n, what) for n, what in _counts(facts))
    return f"**{facts.dataset}** has {rows}, of {users} with {items}."


def _counts(facts: Size) -> list[tuple[int, str]]:
    return [(facts.n_rows, "row"), (facts.n_users, "user"), (facts.n_items, "item")]


def _compared(facts: Size) -> str:
    of = facts.of or "rows"
    here, there = getattr(facts, _SIZES[of]), facts.against.get(_SIZES[of], 0)
    less = "more" if here > there else "fewer" if here < there else "as many"
    by = f", {number(abs(here - there))} {less}" if here != there else ": as many"
    other = f"**{facts.against_name}** has {number(facts.against.get('n_rows', 0))} rows, of {number(facts.against.get('n_users', 0))} users with {number(facts.against.get('n_items', 0))} items"
    rows, users, items = (count(n, what) for n, what in _counts(facts))
    return (
        f"**{facts.dataset}** has {number(here)} {of}, **{facts.against_name}** {number(there)}{by} in **{facts.dataset}**."
        f"\n\n**{facts.dataset}** has {rows}, of {users} with {items}; {other}."
    )


def ranked(facts: Ranked) -> str:
    if not facts.rows:
        return f"The rows of **{facts.dataset}** have no ratings, so no item is rated better than another one."
    first = facts.rows[0]
    if facts.what == "top_users":
        lead = f"The user with the most rows in **{facts.dataset}** is {unquoted(first.id)}, with {number(first.n)} of {count(facts.n_rows, 'row')}"
        return f"{lead}; of {count(facts.n, 'user')} the first {number(len(facts.rows))}:\n\n{_ranked(facts)}"
    best = "best" if facts.what == "top_rated" else "worst"
    column = f" by `{unquoted(facts.column)}`" if facts.column else ""
    text = f" ({unquoted(first.text)})" if first.text else ""
    few = f" Items with fewer than {number(facts.least)} rows are not ranked." if facts.least > 1 else ""
    return (
        f"The {best} item of **{facts.dataset}**{column} is {unquoted(first.id)}{text}, with a mean of {number(first.mean)} "
        f"over {count(first.n, 'row')}.{few}\n\n{_ranked(facts)}"
    )


def _ranked(facts: Ranked) -> str:
    has_text, has_mean = any(row.text for row in facts.rows), any(row.mean is not None for row in facts.rows)
    what = "user" if facts.what == "top_users" else "item"
    header = ("", what, *(("text",) if has_text else ()), *(("mean",) if has_mean else ()), "rows")
    rows = [
        (
            row.rank,
            unquoted(row.id),
            *((unquoted(row.text),) if has_text else ()),
            *((row.mean,) if has_mean else ()),
            row.n,
        )
        for row in facts.rows
    ]
    return table(header, rows)


def share(facts: Counted) -> str:
    said = unquoted(facts.said)
    lines = "\n".join(f"- {_column(column)}" for column in facts.columns)
    if facts.is_found:
        return f"{_found(facts)}\n\n{lines}"
    left = f"\n\nNoted while reading:\n{_bullets(facts.notes)}" if facts.notes else ""
    if not facts.columns:
        known = "it keeps no column with values that could be counted"
        return f"**{facts.dataset}** cannot tell “{said}”: {known}.{left}"
    return (
        f"**{facts.dataset}** has no value or column “{said}”, so I cannot count it. What can be asked for is:\n\n{lines}"
        f"{left}\n\nSay, for example, “how many users are {_example(facts.columns[0])}”."
    )


def _example(column: ColumnCounted) -> str:
    return unquoted(column.values[0].value) if column.values else unquoted(column.column)


def _found(facts: Counted) -> str:
    asked = [(column, value) for column in facts.columns for value in column.values if value.is_asked]
    if not asked:
        return f"By `{unquoted(facts.columns[0].column)}` **{facts.dataset}** divides so:"
    column, value = asked[0]
    is_it = f"`{unquoted(column.column)}` = {unquoted(value.value)}"
    rows, users = count(facts.n_rows, "row"), count(facts.n_users or 0, "user")
    if facts.is_without:
        left = facts.n_all - facts.n_rows
        return (
            f"Without the rows whose {is_it}, {'about ' * facts.is_about}{count(left, 'row')} of {number(facts.n_all)} of **{facts.dataset}** would be left:"
            f" {rows} fewer. Nothing was done."
        )
    if column.side == "items":
        return f"{count(value.n, 'item')} of **{facts.dataset}** have {is_it}: {rows} of {users}."
    if column.side == "users" and facts.of != "rows":
        of = f"{users} of {number(column.n)}"
        return f"{of} in **{facts.dataset}** have {is_it}, with {rows}."
    of_users = "" if facts.n_users is None else f", of {users}"
    about = "About " if facts.is_about else ""
    return f"{about}{rows} of **{facts.dataset}** have {is_it}{of_users}."


def _column(column: ColumnCounted) -> str:
    values = [f"{unquoted(one.value)} ({number(one.n)})" for one in column.values]
    more = f" and {number(column.n_more)} more" if column.n_more else ""
    return f"`{unquoted(column.column)}` of {number(column.n)} {column.side}: {', '.join(values)}{more}"


def regular(facts: Regular) -> str:
    if not facts.n_periods:
        return f"**{facts.dataset}** has no times, so it cannot be told who comes every {facts.period}."
    every = f"each of the {number(facts.n_periods)} {_PERIODS[facts.period]} that the data cover"
    if not facts.n_regular:
        return f"No user of **{facts.dataset}** has rows in {every}."
    who = listed(unquoted(user) for user in facts.users)
    first = f"; the {number(len(facts.users))} with the most rows are" if facts.n_regular > len(facts.users) else ":"
    have = "has" if facts.n_regular == 1 else "have"
    return (
        f"{number(facts.n_regular)} of {count(facts.n_users, 'user')} of **{facts.dataset}** {have} rows in {every}"
        f" ({percent(facts.n_regular / max(facts.n_users, 1))}){first} {who}."
    )


def _bullets(notes: Sequence[str]) -> str:
    return "".join(f"\n- {sentence(unquoted(note))}" for note in notes)
