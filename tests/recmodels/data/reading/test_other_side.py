"""Sellers next to buyers: which of them is the user is guessed, and the guess is told where it may be wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from recmodels.data.reading.read import read_interactions

Row = Callable[[int], str]


def notes(path: Path, header: str, third: Row, columns: dict[str, str] | None = None) -> list[str]:
    rows = [f"b{n % 17},{third(n)},p{n * 7 % 23},{1 + n % 5}" for n in range(300)]
    path.write_text("\n".join([header, *rows, ""]))
    return [note for note in read_interactions(path, columns=columns).notes if "names people as well" in note]


@pytest.mark.parametrize("other", ["seller_id", "host", "empfänger_id"])
def test_other_people_of_the_same_events_are_named_in_a_note(tmp_path: Path, other: str) -> None:
    (note,) = notes(tmp_path / "m.csv", f"buyer_id,{other},product_id,stars", lambda n: f"s{n * 5 % 13}")
    assert note.startswith(f"check this: `buyer_id` was taken for the user, and `{other}` names people as well")


@pytest.mark.parametrize(
    ("header", "third", "columns"),
    [
        ("buyer_id,seller_id,product_id,stars", lambda n: f"s{n * 7 % 23 % 5}", None),  # the one who sells the product
        ("buyer_id,seller_id,product_id,stars", lambda n: f"s{n % 17 % 4}", None),  # the one who knows the buyer
        ("buyer_id,shelf_id,product_id,stars", lambda n: f"s{n * 5 % 13}", None),
        ("buyer_id,seller_id,product_id,stars", lambda n: f"s{n * 5 % 13}", {"user": "buyer_id"}),  # it was said
    ],
)
def test_what_describes_the_user_or_the_item_or_was_said_needs_no_note(
    tmp_path: Path, header: str, third: Row, columns: dict[str, str] | None
) -> None:
    assert notes(tmp_path / "m.csv", header, third, columns) == []
