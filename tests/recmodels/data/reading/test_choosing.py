"""The files that a folder's dataset is made of, in the layouts that papers' code leaves behind."""

from pathlib import Path

import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError

ATOMIC = "user_id:token\titem_id:token\n"
# who leaves it → files by name; train has a: x y and b: y, valid b: z, test a: z
SPLITS: dict[str, dict[str, str]] = {
    "RecBole": {
        "ml.train.inter": ATOMIC + "a\tx\na\ty\nb\ty\n",
        "ml.valid.inter": ATOMIC + "b\tz\n",
        "ml.test.inter": ATOMIC + "a\tz\n",
        "ml.item": "item_id:token\ttitle:token_seq\nx\tOne\n",
    },
    "LightGCN": {"train.txt": "7 1 2\n8 2 5\n", "test.txt": "7 3\n8 4\n", "item_list.txt": "org_id remap_id\nq 1\n"},
    "NCF": {
        "ml.train.rating": "7\t1\t5\t978300760\n7\t2\t3\t978300761\n8\t2\t3\t978300762\n",
        "ml.test.rating": "7\t3\t5\t978300860\n8\t4\t5\t978300861\n",
        "ml.test.negative": "(7,3)\t4\t5\t6\n(8,4)\t1\t5\t6\n",
    },
    "Caser": {"train.txt": "7 1 5\n7 2 3\n8 2 3\n", "test.txt": "7 3 1\n8 4 1\n", "README": "see the paper\n"},
    "one train, valid and test": {
        "train.csv": "user,item,label\n7,1,1\n7,2,1\n8,2,0\n", "valid.csv": "user,item,label\n8,3,1\n",
        "test.csv": "user,item,label\n7,3,1\n8,1,0\n",
    },
}  # fmt: skip


def laid_out(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).write_text(content)
    return folder


def by_part(data: Interactions) -> dict[int, set[tuple[str, str]]]:
    pairs = [
        (part, (data.user_ids[int(user)], data.item_ids[int(item)]))
        for part, user, item in zip(data.given_split.tolist(), data.users, data.items, strict=True)
    ]
    return {part: {pair for other, pair in pairs if other == part} for part in (0, 1, 2)}


@pytest.mark.parametrize("layout", SPLITS)
def test_a_folder_with_parts_is_read_as_the_datas_own_split(layout: str, tmp_path: Path) -> None:
    data = read_interactions(laid_out(tmp_path, SPLITS[layout]))

    found = by_part(data)
    assert (("a", "x") if layout == "RecBole" else ("7", "1")) in found[0]
    assert found[2] & {("a", "z"), ("7", "3")}
    assert not found[0] & found[2]
    assert any("the split is the data's own" in note for note in data.notes)


def test_pieces_of_one_table_are_read_together(tmp_path: Path) -> None:
    laid_out(tmp_path, {f"mv_000000{n}.txt": f"{n}:\n7,3,2005-09-0{n}\n8,1,2005-09-0{n}\n" for n in range(1, 8)})

    data = read_interactions(tmp_path)
    one = read_interactions(tmp_path / "mv_0000003.txt")

    assert [data.item_ids[int(i)] for i in data.history(0)] == list("1234567")
    assert data.name == tmp_path.name
    assert data.notes[0].startswith("7 files were read as one table: ")
    assert one.item_ids.to_list() == ["3"]
    assert any("6 files like mv_0000003.txt lie beside it; add their folder" in note for note in one.notes)


def test_a_part_that_was_named_alone_is_read_alone_and_said(tmp_path: Path) -> None:
    laid_out(tmp_path, SPLITS["RecBole"])

    data = read_interactions(tmp_path / "ml.test.inter")

    assert len(data) == 1
    assert any("ml.test.inter was read alone, as it was named; add ml.train.inter" in note for note in data.notes)


@pytest.mark.parametrize(
    "files, message",
    [
        (
            {"part-0.csv": "user,item\n1,2\n2,3\n", "part-1.csv": "user,item,x\n1,2,a\n2,3,b\n"},
            "must have the same columns",
        ),
        (
            {"a.csv": "user,item\n1,2\n", "b.csv": "user,item\n1,2\n"},
            "must hold one file of interactions; it has a.csv",
        ),
        ({"orders.csv": "a\n", "trips.csv": "b\n", "README": ""}, "it has README, orders.csv, trips.csv: name the one"),
    ],
)
def test_a_folder_that_could_mean_several_tables_is_asked_about(
    files: dict[str, str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=message):
        read_interactions(laid_out(tmp_path, files))


def test_what_is_wrong_with_a_later_part_is_said(tmp_path: Path) -> None:
    laid_out(tmp_path, {"train.csv": "user,item\n1,2\n2,3\n", "test.csv": "user,item\n1,3\n2,2"})

    assert any("test.csv has no line end" in note for note in read_interactions(tmp_path / "train.csv").notes)


def test_the_two_tables_of_instacarts_orders_are_read_together(tmp_path: Path) -> None:
    order, line = (
        "order_id,user_id,eval_set,order_number,days_since_prior_order",
        "order_id,product_id,add_to_cart_order",
    )
    laid_out(
        tmp_path,
        {
            "orders.csv": f"{order}\n3,u,train,3,7.0\n1,u,prior,1,\n4,v,prior,1,\n2,u,prior,2,5.0\n5,v,test,2,9.0\n",
            "order_products__prior.csv": f"{line}\n2,milk,1\n1,tea,2\n1,jam,1\n4,tea,1\n",
            "order_products__train.csv": f"{line}\n3,tea,2\n3,rye,1\n",
            "products.csv": "product_id,product_name\ntea,Green tea\n",
            "aisles.csv": "aisle_id,aisle\n1,drinks\n",
            "departments.csv": "department_id,department\n1,food\n",
        },
    )

    data = read_interactions(tmp_path)
    prior = read_interactions(tmp_path / "order_products__prior.csv")

    assert data.user_ids[0] == "u"
    assert [data.item_ids[int(i)] for i in data.history(0)] == ["jam", "tea", "milk", "rye", "tea"]
    assert data.columns["order"] == "order_number+add_to_cart_order"
    assert len(prior) == 4
    assert any("order_products__train.csv beside" in note and "add their folder" in note for note in prior.notes)
