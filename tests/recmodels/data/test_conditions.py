"""Conditions on columns: at the reading of a file on any, of a dataset on those it keeps; bots and the very busy."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from recmodels.data.catalogue import Catalogue
from recmodels.data.choices import Choices
from recmodels.data.conditions import holds, parse_condition
from recmodels.data.filtering import Filter, filtered
from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions
from recmodels.data.reading.writing import read_here
from recmodels.data.versions import append, keep_filtered
from recmodels.errors import DataError, ParamError

Write = Callable[[str, str], Path]
STATUS = ("delivered", "delivered", "refunded", "cancelled", "")
START = 1_700_000_000


def orders(write: Write, name: str = "orders.csv", n: int = 60) -> Path:
    rows = (f"c{k % 12},i{k * 5 % 17},{k % 7 + 1},{STATUS[k % 5]}" for k in range(n))
    return write(name, "\n".join(["user,item,price,status", *rows]) + "\n")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("kind=a", [1, 0, 0, 0]),
        ("kind = a|b ", [1, 1, 0, 0]),
        ("kind!=a", [0, 1, 1, 1]),
        ("kind=c|d", [0, 0, 1, 0]),  # one value that is written so
        ("kind=", [0, 0, 0, 1]),
        ("kind≠", [1, 1, 1, 0]),
        ("n=2", [0, 1, 0, 0]),
        ("n>=2.0", [0, 1, 1, 0]),
        ("n<2", [1, 0, 0, 0]),
    ],
)
def test_a_condition_holds_for_the_values_it_names(text: str, kept: list[int]) -> None:
    columns = {"kind": pl.Series(["a", "b ", "c|d", None]), "n": pl.Series([1.0, 2.0, 3.0, None])}
    condition = parse_condition(text)
    assert holds(condition, columns[condition.column], "x").to_list() == [bool(one) for one in kept]


@pytest.mark.parametrize("text", ["status", "=a", "price>=cheap", ""])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ParamError, match="status=delivered"):
        parse_condition(text)


def test_rows_of_a_file_are_kept_by_any_of_its_columns_and_counted(write: Write) -> None:
    everything = read_interactions(orders(write))
    note = next(note for note in everything.notes if "came to nothing" in note)
    assert '`--where "status!=cancelled|refunded"`' in note or '`--where "status!=refunded|cancelled"`' in note
    sold = read_interactions(orders(write), choices=Choices(where=("status!=refunded|cancelled", "price<=4")))
    expected = {(f"c{k % 12}", f"i{k * 5 % 17}") for k in range(60) if k % 5 not in (2, 3) and k % 7 < 4}
    pairs = zip(sold.user_ids.gather(sold.users), sold.item_ids.gather(sold.items), strict=True)
    assert set(pairs) == expected
    assert not any("came to nothing" in note for note in sold.notes)
    n_kept = sum(k % 5 not in (2, 3) and k % 7 < 4 for k in range(60))
    assert any(f"are kept: {n_kept} of 60, {60 - n_kept} are left out" in note for note in sold.notes)


def test_a_place_in_the_file_is_the_same_after_rows_are_left_out(write: Write) -> None:
    rows = [f"u{k % 5},i{k % 7},{'bad' if k == 30 else k % 5 + 1},{'a' if k % 2 == 0 else 'b'}" for k in range(40)]
    file = write("x.csv", "\n".join(["user,item,rating,kind", *rows]) + "\n")
    with pytest.raises(DataError, match=r"'bad' in line 32 of x\.csv"):
        read_interactions(file, choices=Choices(where=("kind=a",)))


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("state=a", "has no column 'state'"),
        ("status=deliverd", r"no row of orders\.csv has `status` 'deliverd'; it has delivered \(24\)"),
        ("status>3", r"holds no numbers to compare with 3; it holds delivered \(24\)"),
        ("price>99", "no row of orders.csv is left where `price>99`"),
    ],
)
def test_what_a_condition_does_not_find_is_told(where: str, says: str, write: Write) -> None:
    with pytest.raises(DataError, match=says):
        read_interactions(orders(write), choices=Choices(where=(where,)))


def test_a_dataset_is_filtered_by_what_it_keeps_and_says_where_the_rest_is(tmp_path: Path, write: Write) -> None:
    catalogue = Catalogue(tmp_path / "datasets", read=read_here)
    catalogue.add(orders(write), name="shop")
    with pytest.raises(DataError, match=r"keeps no column `status`; .*data add FILE --name NAME --where \"status=paid"):
        keep_filtered(catalogue, "shop", Filter(where=("status=paid",)))
    one = keep_filtered(catalogue, "shop", Filter(where=("item!=i0",)))
    assert "i0" not in one.load().item_ids.to_list() and "i0" in catalogue.get("shop").load().item_ids.to_list()
    assert one.derived is not None and one.derived.kept == {"where": ["item!=i0"]}
    assert any("of 17 items" in note and "16 of 17 items" in note for note in one.notes)
    assert keep_filtered(catalogue, "shop", Filter(where=("item!=i0",))).name == one.name
    more = append(catalogue, orders(write, "more.csv", 80), "shop", choices=Choices(where=("status=refunded",)))
    assert any("are kept: 16 of 80" in note for note in more.notes)


def test_tables_of_items_and_users_are_columns_too() -> None:
    events = pl.DataFrame({"user": ["u", "u", "v", "w"], "item": ["a", "b", "a", "c"]})
    tables = {
        "item_table": pl.DataFrame({"genre": ["x", "y", None]}),
        "user_table": pl.DataFrame({"age": [20, 30, 40], "genre": ["k", "k", "l"]}),
    }
    shop = Interactions.from_events("shop", events, **tables)

    def pairs(*where: str) -> set[tuple[str, str]]:
        left = filtered(shop, Filter(where=where))
        return set(zip(left.user_ids.gather(left.users), left.item_ids.gather(left.items), strict=True))

    assert pairs("age>=30") == {("v", "a"), ("w", "c")}
    assert pairs("item.genre=x", "age<40") == {("u", "a"), ("v", "a")}
    with pytest.raises(DataError, match=r"say `item\.genre` or `user\.genre`"):
        pairs("genre=x")


def busy() -> Interactions:
    """Thirty people, a program with 110 events a minute, three users with one history."""
    rows = [(f"u{u}", f"i{(u * 7 + k * k + k) % 97}", START + u * 977 + k * 3600) for u in range(30) for k in range(12)]
    rows += [("bot", f"i{k}", START + k // 2) for k in range(110)]
    rows += [(f"copy{u}", f"i{k}", START + k * 3600) for u in range(3) for k in range(12)]
    frame = pl.DataFrame(rows, schema=["user", "item", "time"], orient="row")
    return Interactions.from_events("shop", frame, time_kind="timestamp")


def test_bots_are_left_out_by_choice_and_counted() -> None:
    left = filtered(busy(), Filter(without_bots=True))
    assert sorted(left.user_ids.to_list()) == sorted(f"u{u}" for u in range(30))
    assert "bots: 4 users with 146 events are left out" in left.notes
    assert not any("--without-bots" in note for note in left.notes)


def test_users_with_too_many_events_are_left_out_and_counted() -> None:
    left = filtered(busy(), Filter(max_user_events=12))
    assert left.n_users == 33 and "more than 12 events: 1 user with 110 events are left out" in left.notes
    with pytest.raises(ParamError, match="at least `min_user_events`"):
        Filter(max_user_events=3, min_user_events=5)
