"""Several items in one cell of a text file: read as events of their own, or refused with the way out."""

import csv
from pathlib import Path

import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError

JSON = (
    '[{"sku":"A","quantity":2},{"sku":"B","quantity":1}]',
    '[{"sku":"A","quantity":1}]',
    '[{"sku":"C","quantity":5},{"sku":"B","quantity":1}]',
)
PYTHON = tuple(cell.replace('"', "'").replace(":", ": ") for cell in JSON)


def of_cells(folder: Path, name: str, cells: tuple[str, ...]) -> Interactions:
    path = folder / "orders.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = [[f"2024-01-0{n}", f"c{n}", cell] for n, cell in enumerate(cells, 1)]
        csv.writer(file).writerows([["date", "customer", name], *rows])
    return read_interactions(path)


@pytest.mark.parametrize("name", ["items", "line_items", "cart"])
@pytest.mark.parametrize("cells", [JSON, PYTHON])
def test_objects_in_cells_are_events_with_their_amounts(tmp_path: Path, name: str, cells: tuple[str, ...]) -> None:
    data = of_cells(tmp_path, name, cells)

    assert (data.columns["item"], data.columns["weight"], data.columns["time"]) == ("sku", "quantity", "date")
    assert [data.item_ids[int(i)] for i in data.items] == ["A", "B", "A", "C", "B"]
    assert data.weights is not None and data.weights.tolist() == [2, 1, 1, 5, 1]


def test_a_broken_list_of_objects_is_named_with_its_place(tmp_path: Path) -> None:
    cells = (*JSON, '[{"sku":"A" "quantity":2}]')
    with pytest.raises(DataError, match=r"`items` holds lists of objects, and .* in line 5 of orders\.csv is none"):
        of_cells(tmp_path, "items", cells)


@pytest.mark.parametrize("name", ["items", "line_items"])
@pytest.mark.parametrize(
    "cells",
    [
        ("id:1|sku:C1|quantity:1", "id:0|sku:T1|quantity:2;id:1|sku:C1|quantity:1", "id:1|sku:C1|quantity:3"),
        ("Cup 4 x 1", "Tea 3 x 2, Cup 4 x 1", "Cup 4 x 1, Tea 3 x 1, Pot 1 x 1"),
        ("2 x Cup", "1 x Tea; 3 x Cup", "1 x Pot"),
    ],
)
def test_items_in_a_form_of_their_own_are_refused_with_the_way_out(
    tmp_path: Path, name: str, cells: tuple[str, ...]
) -> None:
    with pytest.raises(DataError, match=r"hold several items each.*row an item, or each cell as JSON"):
        of_cells(tmp_path, name, cells)


def test_names_within_cells_that_come_again_are_items(tmp_path: Path) -> None:
    data = of_cells(tmp_path, "items", ("Tea; Cup", "Cup", "Cup; Tea; Pot", "Pot; Tea"))

    assert sorted(data.item_ids) == ["Cup", "Pot", "Tea"] and len(data) == 8


def baskets(folder: Path, form: str, cells: list[list[str]], mark: str = "|") -> Interactions:
    """Rows of a customer's items in one cell, and how many there are."""
    path = folder / "orders.csv"
    rows = [f"c{n % 7},2024-01-{n % 28 + 1:02d},{mark.join(cell)},{len(cell)}" for n, cell in enumerate(cells)]
    path.write_text("\n".join([f"email,day,{form},Item Count", *rows, ""]))
    return read_interactions(path)


@pytest.mark.parametrize("mark", ["|", ";"])
@pytest.mark.parametrize("names", ["SKU-1{}", "p{}", "Cup {}"])
def test_baskets_of_which_most_hold_one_item_are_lists(tmp_path: Path, names: str, mark: str) -> None:
    cells = [[names.format(n % 9 + extra) for extra in range(4 if n % 10 == 0 else 1)] for n in range(60)]

    data = baskets(tmp_path, "Items", cells, mark)

    assert data.n_items == 9 and "|" not in "".join(data.item_ids)
    assert "weight" not in data.columns
    assert any("`Item Count` counts the values of `Items`" in note for note in data.notes)


def test_ids_with_a_mark_that_never_come_again_in_parts_are_one_id_each(tmp_path: Path) -> None:
    cells = [[f"A{n % 9}", f"B{n % 9 + 50}{n % 9}"] if n % 9 < 2 else [f"C{n % 9}"] for n in range(60)]
    cells = [[f"{cell[0]}{cell[1]}x{n}", f"y{n}"] if len(cell) > 1 else cell for n, cell in enumerate(cells)]

    assert any("|" in name for name in baskets(tmp_path, "Items", cells).item_ids)
