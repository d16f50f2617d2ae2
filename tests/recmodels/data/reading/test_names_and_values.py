"""What a column is called decides nothing against what it holds: constants, counts and moments under any name."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.likes import default_rule
from recmodels.data.reading.read import read_interactions

Row = Callable[[int, int, int, int], tuple[object, ...]]  # of user, item, a number of 1 to 5, and seconds


def read(folder: Path, header: str, row: Row, amounts: tuple[int, ...] = (1, 2, 3, 4, 5, 4)) -> Interactions:
    rng = random.Random(0)  # noqa: S311
    rows = [
        row(rng.randrange(12), rng.randrange(20), rng.choice(amounts), 1_700_000_000 + n * 7919) for n in range(150)
    ]
    path = folder / "log.csv"
    path.write_text("\n".join([header, *(",".join(map(str, cells)) for cells in rows), ""]), encoding="utf-8")
    return read_interactions(path)


@pytest.mark.parametrize("name", ["app_id", "product", "platform_item_id"])
def test_a_value_that_is_the_same_in_all_rows_is_no_item(tmp_path: Path, name: str) -> None:
    data = read(tmp_path, f"{name},user_id,label_of_it,ts", lambda u, i, w, t: ("shop", f"u{u}", f"SKU{i}", t))

    assert (data.columns["item"], data.n_items) == ("label_of_it", 20)


def test_items_in_objects_are_found_beside_an_app_that_is_the_same_in_all_rows(tmp_path: Path) -> None:
    data = read(tmp_path, "app_id,user_id,properties", lambda u, i, w, t: ("shop", f"u{u}", f'"{{""sku"": ""S{i}""}}"'))

    assert (data.columns["item"], data.n_items) == ("sku", 20)


@pytest.mark.parametrize(
    "name",
    [
        *("Units", "Order Qty", "Stück", "Antal", "Quantité commandée", "qty_ordered", "Lineitem quantity", "Qtd"),
        *("events.cnt", "purchase_count", "Wiedergaben", "Anzahl Wiedergaben", "écoutes", "scrobbles", "再生回数"),
    ],
)
def test_what_is_called_like_a_count_is_a_weight_and_no_rating(tmp_path: Path, name: str) -> None:
    data = read(tmp_path, f"user,item,{name}", lambda u, i, w, t: (f"u{u}", f"i{i}", w))

    assert data.columns["weight"] == name
    assert default_rule(data).is_all  # one piece is bought as much as five are


@pytest.mark.parametrize(("amounts", "weight"), [((1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 5), None), ((1, 3, 4, 5, 5, 2), "x")])
def test_numbers_of_which_the_smallest_is_the_most_frequent_are_no_scale(
    tmp_path: Path, amounts: tuple[int, ...], weight: str | None
) -> None:
    data = read(tmp_path, "user,item,x", lambda u, i, w, t: (f"u{u}", f"i{i}", w), amounts)

    assert data.columns.get("weight") == weight


@pytest.mark.parametrize("name", ["purchased", "liked"])
def test_when_it_was_bought_or_liked_is_the_time(tmp_path: Path, name: str) -> None:
    data = read(
        tmp_path, f"user,item,{name}", lambda u, i, w, t: (f"u{u}", f"i{i}", datetime.fromtimestamp(t, UTC).date())
    )

    assert (data.columns["time"], data.weights) == (name, None)
