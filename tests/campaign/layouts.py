"""Good files of every layout, changed in ways that keep what they say: read as they are, or asked about.

A file whose layout, separator, order of columns, quotes, encoding, line ends or ids' way of writing differ must give
the same events, or be refused in one sentence. Where rows lose their user or item, the notes say how many.
"""

import codecs
import gzip
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError
from tests.campaign import Attempt
from tests.campaign.made import MAKERS, Event, Histories, Made, events, histories

Change = Callable[[random.Random, bytes], bytes]


def attempts(seed: int, folder: Path) -> Iterator[Attempt]:
    """One file after the other."""
    rng = random.Random(seed)  # noqa: S311  # the same files for the same seed
    while True:
        found = events(rng)
        kind = rng.random()
        if kind < 0.5:
            made, what = _table(rng, found)
            right, n_lost = histories(found), 0
        elif kind < 0.6:
            left, made, n_lost = _with_gaps(rng, found)
            right, what = histories(left), f"table with {n_lost} rows without a user or item"
        else:
            maker = rng.choice(MAKERS)
            made, right, n_lost = maker(rng, found), histories(found), 0
            what = maker.__name__.strip("_")
        data, how = _changed(rng, made)
        with tempfile.TemporaryDirectory(dir=folder) as place:
            path = Path(place, made.name)
            path.write_bytes(data)
            problem = _problem(path, right, is_ordered=made.is_ordered, n_lost=n_lost)
            yield Attempt(what=f"{made.name} {what} {how}", problem=problem, kept=(path,))


def _problem(path: Path, right: Histories, *, is_ordered: bool, n_lost: int) -> str | None:
    try:
        data = read_interactions(path)
    except DataError as error:
        sentence = str(error)
        return (
            f"refused in more than a sentence: {sentence[:200]!r}" if "\n" in sentence or len(sentence) > 600 else None
        )
    except Exception as error:  # noqa: BLE001 - it is what is looked for
        return f"a traceback: {type(error).__name__}: {str(error)[:200]}"
    found = _histories(data)
    if not is_ordered or (data.time_kind == "none" and _is_said(data, path)):
        found, right = ({user: sorted(items) for user, items in each.items()} for each in (found, right))
    if found != right:
        return f"read wrong: {_difference(found, right)}; notes: {' | '.join(data.notes)[:500]}"
    if n_lost and not any(f"{n_lost:,} " in note for note in data.notes):
        return f"{n_lost} rows were lost and no note says so: {' | '.join(data.notes)[:300]}"
    return None


def _histories(data: Interactions) -> Histories:
    return {user: [data.item_ids[int(i)] for i in data.history(u)] for u, user in enumerate(data.user_ids)}


def _is_said(data: Interactions, path: Path) -> bool:
    """Whether a reading without a time was asked for: a file without one, which a person sees in the profile."""
    return path.name.startswith("notime")


def _difference(found: Histories, right: Histories) -> str:
    if {*found} != {*right}:
        return f"{len(found)} users, {len(right)} are right; {sorted({*found} ^ {*right})[:4]}"
    user = next(user for user in right if found[user] != right[user])
    return f"user {user} has {found[user][:6]}, {right[user][:6]} is right"


def _table(rng: random.Random, found: list[Event]) -> tuple[Made, str]:
    """A table of text in one of the ways that programs write one."""
    separator = rng.choice(",,,;\t|")
    has_time, as_floats = rng.random() < 0.8, rng.random() < 0.1 and all(e.user.isdigit() for e in found)
    columns: dict[str, Callable[[Event], str]] = {
        rng.choice(("user_id", "userId", "User-ID", "user")): lambda e: f"{e.user}.0" if as_floats else e.user,
        rng.choice(("item_id", "movieId", "ISBN", "product_id")): lambda e: e.item,
        rng.choice(("rating", "score", "overall")): lambda e: str(e.rating),
    }
    if has_time:
        columns[rng.choice(("timestamp", "time", "date"))] = rng.choice((lambda e: str(e.second), _written))
    if rng.random() < 0.5:
        columns["remark"] = lambda e: f"größer {e.second % 5}, or not {e.second}"
    has_header = rng.random() < 0.8
    names = list(columns)
    if has_header:
        rng.shuffle(names)
    quotes_all = rng.random() < 0.2
    more = separator if rng.random() < 0.1 else ""  # a trailing separator
    blanks = " " if rng.random() < 0.1 and separator in ",;" else ""

    def line(values: list[str]) -> str:
        fields = ['"' + v.replace('"', '""') + '"' if quotes_all or separator in v else v for v in values]
        return (blanks + separator if blanks else separator).join(fields) + more

    lines = [line([columns[name](event) for name in names]) for event in found]
    head = [line(names)] if has_header else []
    comment = ["# exported by a program"] if rng.random() < 0.1 else []
    title = {",": "csv", ";": "semi", "\t": "tsv", "|": "bars"}[separator]
    what = f"{names if has_header else 'no header'}" + "".join(
        f" {word}"
        for word, is_so in (
            ("floats", as_floats), ("quoted", quotes_all), ("trailing", more), ("blanks", blanks), ("comment", comment),
        )
        if is_so
    )  # fmt: skip
    data = "".join(f"{text}\n" for text in [*comment, *head, *lines]).encode()
    return Made(name=f"{'' if has_time else 'notime-'}{title}.txt", data=data), what


def _written(event: Event) -> str:
    import datetime

    return datetime.datetime.fromtimestamp(event.second, datetime.UTC).strftime("%Y-%m-%d %H:%M:%S")


def _with_gaps(rng: random.Random, found: list[Event]) -> tuple[list[Event], Made, int]:
    """Some rows without a user or without an item."""
    lost = {rng.randrange(len(found)) for _ in range(rng.randrange(1, 5))}
    column = rng.choice((0, 1))
    rows = [[e.user, e.item, str(e.second)] for e in found]
    for at in lost:
        rows[at][column] = rng.choice(("", "NULL", "\\N"))
    text = "".join(",".join(row) + "\n" for row in [["user_id", "item_id", "timestamp"], *rows])
    left = [event for at, event in enumerate(found) if at not in lost]
    return left, Made(name="gaps.csv", data=text.encode()), len(lost)


def _changed(rng: random.Random, made: Made) -> tuple[bytes, str]:
    data, how = made.data, []
    if made.is_text:
        for change in rng.sample(_CHANGES, rng.choice((0, 0, 1, 1, 2))):
            if change is _with_empty_lines and not made.may_have_blanks:
                continue
            data = change(rng, data)
            how.append(change.__name__.strip("_"))
        if rng.random() < 0.2:
            data = _in_other_letters(rng, data)
            how.append("in other letters")
    if rng.random() < 0.1:
        data = gzip.compress(data, mtime=0)
        how.append("gz")
    return data, " ".join(how)


def _crlf(rng: random.Random, data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


def _without_last_end(rng: random.Random, data: bytes) -> bytes:
    return data.rstrip(b"\r\n")


def _with_empty_lines(rng: random.Random, data: bytes) -> bytes:
    end = b"\r\n" if b"\r\n" in data else b"\n"
    if rng.random() < 0.5:
        return data + end * rng.randrange(1, 4)
    return data.replace(end, end * 2)


def _in_other_letters(rng: random.Random, data: bytes) -> bytes:
    how = rng.choice(("utf-8-sig", "utf-16", "latin-1", "cp1252"))
    if how == "utf-8-sig":
        return codecs.BOM_UTF8 + data
    return data.decode().encode(how)


_CHANGES: tuple[Change, ...] = (_crlf, _without_last_end, _with_empty_lines)
