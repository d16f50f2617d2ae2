"""Kinds of events and how orders ended: said with their rows, never an input."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions

Write = Callable[[str, str], Path]


def read(write: Write, header: str, rows: Iterable[Sequence[object]]) -> Interactions:
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    return read_interactions(write("x.csv", "\n".join(line for line in lines if line) + "\n"))


def test_weights_that_mean_another_thing_for_each_kind_of_event_are_pointed_at(write: Write) -> None:
    pairs = [(5000 + n % 12, f"Game {n * 5 % 17}") for n in range(60)]
    rows = [row for u, g in pairs for row in ((u, g, "purchase", "1.0", 0), (u, g, "play", f"{2 + u % 7}.5", 0))]
    notes = " ".join(read(write, "", rows).notes)
    assert "check this: `column_3` names kinds of events: play (60 rows), purchase (60 rows)" in notes or (
        "check this: `column_3` names kinds of events: purchase (60 rows), play (60 rows)" in notes
    )
    assert "`column_4` is another thing for each (play 2.5 to 8.5, purchase 1)" in notes
    assert "each is kept once, the last of them" in notes


def test_kinds_of_events_without_weights_all_count_alike_and_that_is_said(write: Write) -> None:
    rows = [(n % 12, n * 5 % 17, ("view", "view", "addtocart")[n % 3]) for n in range(60)]
    notes = read(write, "user,item,event", rows).notes
    note = next(note for note in notes if note.startswith("`event` names kinds of events: view (40 rows)"))
    assert note.endswith(
        'addtocart (20 rows); all count as events alike unless `--outcome "addtocart=10,view=1"` weighs them; '
        '`recpilot data add` with `--where "event=view"` keeps one kind'
    )


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("Aktion", ("angesehen", "warenkorb", "kauf")),
        ("evento", ("vista", "añadir al carrito", "compra")),
        ("行为", ("浏览", "收藏", "购买")),
        ("x", ("geklickt", "Merkliste", "bestellt")),
        ("action", ("open", "download", "share")),
    ],
)
def test_kinds_of_events_of_other_languages_and_of_columns_called_so_are_outcomes(
    name: str, kinds: tuple[str, ...], write: Write
) -> None:
    data = read(write, f"user,item,{name}", [(n % 12, n * 5 % 17, kinds[n % 3]) for n in range(60)])
    assert set(data.outcome_names) == set(kinds) and data.examples is None
    assert any(f"`{name}` names kinds of events: " in note for note in data.notes)


def test_places_are_no_kinds_of_events(write: Write) -> None:
    data = read(write, "user,item,action", [(n % 12, n * 5 % 17, ("Nord", "Süd")[n % 2]) for n in range(60)])
    assert not data.outcome_names


@pytest.mark.parametrize(
    ("name", "undone", "done"),
    [
        ("Order Status", "wc-refunded", "wc-completed"),
        ("payment", "failed", "succeeded"),
        ("статус", "отменён", "доставлен"),
    ],
)
def test_orders_that_came_to_nothing_are_counted_and_their_status_is_no_input(
    name: str, undone: str, done: str, write: Write
) -> None:
    rows = [(n % 12, n * 5 % 17, undone if n % 6 == 0 else done) for n in range(60)]
    notes = read(write, f"user,item,{name}", rows).notes
    assert any(f"`{name}` says that rows came to nothing: {undone} (10 rows)" in note for note in notes)
    assert f"not used to predict, since it is known only after an item was shown or chosen: {name}" in notes


@pytest.mark.parametrize("name", ["is_read", "is_reviewed"])
def test_what_a_reader_did_with_a_book_is_no_input(name: str, write: Write) -> None:
    rows = [(n % 12, n * 5 % 17, n % 2, 1 + n % 5) for n in range(60)]
    interactions = read(write, f"user_id,book_id,{name},rating", rows)
    assert any(note.endswith(f"after an item was shown or chosen: {name}") for note in interactions.notes)
    assert interactions.examples is None or interactions.examples.context is None


def test_the_status_of_an_item_says_nothing_of_its_events(write: Write) -> None:
    rows = [(n % 12, n * 5 % 17, ("ended", "cancelled")[n * 5 % 17 % 2]) for n in range(60)]
    assert not any("came to nothing" in note for note in read(write, "user,item,status", rows).notes)


def test_negative_quantities_are_said_to_be_kept_with_the_way_to_leave_them_out(write: Write) -> None:
    rows = [(n % 12, n * 5 % 17, -2 if n % 6 == 0 else 1 + n % 9) for n in range(60)]
    notes = " ".join(read(write, "user,item,quantity", rows).notes)
    assert "10 rows have a negative `quantity` (down to -2); they were kept as events" in notes
    assert "`--min-weight 1` leaves them out" in notes
