"""Good files in the layouts of public datasets, made of events that are known: what reading must give back."""

import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

Histories = dict[str, list[str]]
START = 1_577_836_800  # 2020-01-01


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Somebody and something at a moment."""

    user: str
    item: str
    rating: float
    second: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file and what is right for it."""

    name: str
    data: bytes
    is_text: bool = True  # of lines that may end in `\r\n` and be in other encodings
    is_ordered: bool = True  # it tells the order of events
    may_have_blanks: bool = True  # empty lines mean nothing in it


def events(rng: random.Random) -> list[Event]:
    """No user has an item twice or two events at one moment; in no order. Ids are numbers, or texts with a number."""
    user_form, item_form = rng.choice((("{}", "{}"), ("u{}", "i{}"), ("{}", "B00{}"), ("A{}X", "{}")))
    found = []
    for user in rng.sample(range(100, 999), 8):
        items = rng.sample(range(1, 40), rng.randrange(3, 9))
        seconds = sorted(rng.sample(range(START, START + 10**7), len(items)))
        found += [
            Event(user=user_form.format(user), item=item_form.format(item), rating=rng.randrange(2, 11) / 2, second=at)
            for item, at in zip(items, seconds, strict=True)
        ]
    rng.shuffle(found)
    return found


def histories(found: list[Event]) -> Histories:
    """The items of each user in the order of time."""
    by_user: Histories = {}
    for event in sorted(found, key=lambda event: event.second):
        by_user.setdefault(event.user, []).append(event.item)
    return by_user


def by_user(found: list[Event]) -> dict[str, list[Event]]:
    """The events of each user in the order of time."""
    users: dict[str, list[Event]] = {}
    for event in sorted(found, key=lambda event: event.second):
        users.setdefault(event.user, []).append(event)
    return users


def records(found: list[Event]) -> list[dict[str, object]]:
    """A dict an event."""
    return [
        {
            "user_id": e.user,
            "item_id": e.item,
            "rating": e.rating,
            "timestamp": e.second,
            "note": f"Größe {e.second % 7}",
        }
        for e in found
    ]


def _json_lines(rng: random.Random, found: list[Event]) -> Made:
    return Made(name="a.jsonl", data=_lines(map(json.dumps, records(found))))


def _json_array(rng: random.Random, found: list[Event]) -> Made:
    return Made(name="b.json", data=json.dumps(records(found), indent=rng.choice((None, 1))).encode())


def _json_nested(rng: random.Random, found: list[Event]) -> Made:
    rows = [{"user": {"id": e.user, "x": 1}, "item": {"id": e.item}, "timestamp": e.second} for e in found]
    return Made(name="c.jsonl", data=_lines(map(json.dumps, rows)))


def _json_lists(rng: random.Random, found: list[Event]) -> Made:
    rows = [
        {"user_id": user, "item_ids": [e.item for e in mine], "timestamps": [e.second for e in mine]}
        for user, mine in by_user(found).items()
    ]
    return Made(name="d.jsonl", data=_lines(map(json.dumps, rows)))


def _json_list_of_objects(rng: random.Random, found: list[Event]) -> Made:
    rows = [
        {"user_id": user, "items": [{"item_id": e.item, "ts": e.second} for e in rng.sample(mine, len(mine))]}
        for user, mine in by_user(found).items()
    ]
    return Made(name="e.json", data=json.dumps(rows).encode())


def _json_split(rng: random.Random, found: list[Event]) -> Made:
    frame = pl.DataFrame(records(found))
    whole = {"columns": frame.columns, "data": [list(row) for row in frame.iter_rows()]}
    return Made(name="f.json", data=json.dumps(whole, indent=rng.choice((None, 2))).encode())


def _json_in_a_row(rng: random.Random, found: list[Event]) -> Made:
    return Made(name="g.json", data="\n".join(json.dumps(row, indent=2) for row in records(found)).encode())


def _python(rng: random.Random, found: list[Event]) -> Made:
    return Made(name="h.json", data=_lines(str(row | {"name": "Game 1's"}) for row in records(found)))


def _atomic(rng: random.Random, found: list[Event]) -> Made:
    head = "user_id:token\titem_id:token\trating:float\ttimestamp:float"
    return Made(name="i.inter", data=_lines([head, *(f"{e.user}\t{e.item}\t{e.rating}\t{e.second}" for e in found)]))


def _movielens(rng: random.Random, found: list[Event]) -> Made:
    return Made(name="ratings.dat", data=_lines(f"{e.user}::{e.item}::{e.rating}::{e.second}" for e in found))


def _sequences(rng: random.Random, found: list[Event]) -> Made:
    return Made(name="k.txt", data=_lines(f"{user} {' '.join(items)}" for user, items in histories(found).items()))


def _adjacency(rng: random.Random, found: list[Event]) -> Made:
    return Made(name="l.txt", data=_lines(f"{user}: {' '.join(items)}" for user, items in histories(found).items()))


def _cells(rng: random.Random, found: list[Event]) -> Made:
    between = rng.choice(" |")
    rows = [f"{user},{between.join(items)}" for user, items in histories(found).items()]
    return Made(name="m.csv", data=_lines(["user_id,items", *rows]))


def _netflix(rng: random.Random, found: list[Event]) -> Made:
    lines = []
    for item in dict.fromkeys(e.item for e in found):
        lines += [f"{item}:", *(f"{e.user},{int(e.rating)},{_moment(e)}" for e in found if e.item == item)]
    return Made(name="combined_data_1.txt", data=_lines(lines))


def _impressions(rng: random.Random, found: list[Event]) -> Made:
    rows = []
    for n, event in enumerate(found, 1):
        when = pl.from_epoch(pl.Series([event.second]))[0]
        shown = [f"{event.item}-1", *(f"{e.item}x-0" for e in rng.sample(found, 3))]
        rng.shuffle(shown)
        at = f"{when.month}/{when.day}/{when.year} {when.strftime('%I:%M:%S %p')}"
        rows.append(f"{n}\t{event.user}\t{at}\tN1 N2\t{' '.join(dict.fromkeys(shown))}")
    return Made(name="behaviors.tsv", data=_lines(rows), may_have_blanks=False)


def _snap(rng: random.Random, found: list[Event]) -> Made:
    rows = [
        f"product/productId: {e.item}\nreview/userId: {e.user}\nreview/score: {e.rating}\nreview/time: {e.second}\n"
        for e in found
    ]
    return Made(name="o.txt", data=_lines(rows))


def _aligned(rng: random.Random, found: list[Event]) -> Made:
    head = f"{'user':<12}{'item':<12}{'rating':>8}{'timestamp':>14}"
    rows = [f"{e.user:<12}{e.item:<12}{e.rating:>8}{e.second:>14}" for e in found]
    return Made(name="p.txt", data=_lines([head, *rows]))


def _parquet(rng: random.Random, found: list[Event]) -> Made:
    file = io.BytesIO()
    pl.DataFrame(records(found)).write_parquet(file)
    return Made(name="q.parquet", data=file.getvalue(), is_text=False)


def _parquet_lists(rng: random.Random, found: list[Event]) -> Made:
    file = io.BytesIO()
    users = by_user(found)
    lists = {"items": [[e.item for e in mine] for mine in users.values()]}
    pl.DataFrame({"user": list(users), **lists}).write_parquet(file)
    return Made(name="r.parquet", data=file.getvalue(), is_text=False)


def _wide(rng: random.Random, found: list[Event]) -> Made:
    items = sorted({e.item for e in found})
    known = {(e.user, e.item): str(e.rating) for e in found}
    rows = [",".join([user, *(known.get((user, item), "") for item in items)]) for user in histories(found)]
    return Made(name="s.csv", data=_lines([",".join(["user", *items]), *rows]), is_ordered=False)


def _moment(event: Event) -> str:
    when = pl.from_epoch(pl.Series([event.second]))[0]
    return str(when)


def _lines(lines: object) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()  # type: ignore[attr-defined]


Maker = Callable[[random.Random, list[Event]], Made]
MAKERS: tuple[Maker, ...] = (
    *(_json_lines, _json_array, _json_nested, _json_lists, _json_list_of_objects, _json_split, _json_in_a_row, _python),
    *(_atomic, _movielens, _sequences, _adjacency, _cells, _netflix, _impressions, _snap, _aligned, _parquet),
    *(_parquet_lists, _wide),
)  # fmt: skip
