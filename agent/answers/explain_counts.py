"""A dataset's counts in words: what it means for tuning first, the numbers after it."""

from agent.answers.wording import count, number, percent, sentence, table, unquoted
from agent.results.counts import Counts, Lengths, Parts, RatingCounts, Times


def ratings(facts: RatingCounts) -> str:
    if not facts.n_values:
        return f"The rows of **{facts.dataset}** have no ratings: each of {count(facts.n_rows, 'row')} counts the same."
    column = f" in `{unquoted(facts.column)}`" if facts.column else ""
    rows = [(_range(row.low, row.high), row.n, percent(row.share)) for row in facts.rows]
    return (
        f"**{facts.dataset}** has {count(facts.n_values, 'different value')}{column} over {count(facts.n_rows, 'row')}:"
        f"\n\n{table(('value', 'rows', 'share'), rows)}{_likes(facts)}"
    )


def _likes(facts: RatingCounts) -> str:
    if not facts.likes:
        return ""
    other = "ratings of 4 and more count as likes" if facts.positive == "all" else "every rating counts as a like"
    how = f"To have it otherwise, say so with the study: “tune {facts.dataset}, {other}”."
    return f"\n\n{sentence(facts.likes)} {how}"


def times(facts: Times) -> str:
    if facts.tied_share is None:
        has = "an order but no times" if facts.time_kind == "order" else "no times"
        cannot = "it has no dates" if facts.what == "dates" else "nothing can be said of ties"
        return f"**{facts.dataset}** has {has}, so {cannot}."
    if facts.what == "dates":
        first, last = days(facts.first, facts.last)
        return f"**{facts.dataset}** goes from {first} to {last} (UTC)."
    ends = facts.n_users_tied_at_the_end or 0
    by_chance = (
        f" Of {count(ends, 'user')} the last row shares its moment with the one before it, so the file's order says which"
        " is held out."
        if ends
        else ""
    )
    return (
        f"**{facts.dataset}** goes from {facts.first} to {facts.last} (UTC). {percent(facts.tied_share)} of "
        f"{count(facts.n_rows, 'row')} share their user's moment with another row, and all rows of "
        f"{count(facts.n_users_of_one_moment or 0, 'user')} fall on one moment.{by_chance}"
    )


def days(*moments: str | int | None) -> tuple[str, ...]:
    """The moments without their time of day, where each of them is midnight."""
    said = tuple(str(one) for one in moments)
    is_midnight = all(one.endswith(" 00:00") for one in said)
    return tuple(one.removesuffix(" 00:00") if is_midnight else one for one in said)


def counts(facts: Counts) -> str:
    rows = [_lengths(name, found) for name, found in (("users", facts.users), ("items", facts.items))]
    below = list(facts.users.below)
    return (
        f"**{facts.dataset}** has {count(facts.n_rows, 'row')}: in the median {number(facts.users.median)} a user and "
        f"{number(facts.items.median)} an item.\n\n"
        f"{table(('', 'how many', 'least', 'median', '90 %', 'most', *(f'fewer than {n}' for n in below)), rows)}"
    )


def parts(facts: Parts) -> str:
    whose = f"as **{facts.of_study}** splits it" if facts.of_study else "as a study would split it"
    rows = [
        (name, part.n_rows, part.n_users, part.n_items, part.n_new_users, part.n_new_items, percent(part.new_share))
        for name, part in facts.parts.items()
    ]
    header = ("part", "rows", "users", "items", "users new", "items new", "rows new")
    again = {name: part.again_share for name, part in facts.parts.items() if part.again_share}
    repeated = "".join(f" {percent(share)} of {name}'s rows repeat a pair of train." for name, share in again.items())
    after = (
        f" {percent(facts.train_after_valid_share)} of train's rows are later than the first row of valid."
        if facts.train_after_valid_share is not None
        else ""
    )
    return (
        f"**{facts.dataset}**, {whose} ({facts.split.replace('_', ' ')}):\n\n{table(header, rows)}\n\n"
        f"New is what train does not have.{repeated}{after}"
    )


def _range(low: float, high: float) -> str:
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def _lengths(name: str, found: Lengths) -> tuple[object, ...]:
    shares = [percent(share) for share in found.below.values()]
    return name, found.n, found.least, found.median, found.p90, found.most, *shares
