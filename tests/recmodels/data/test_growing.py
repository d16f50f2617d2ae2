"""Datasets that grow: events joined, parts kept, versions beside their base."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from recmodels.data.catalogue import Catalogue
from recmodels.data.deriving import events_of, examples_of
from recmodels.data.filtering import Filter, filtered
from recmodels.data.interactions import Interactions
from recmodels.data.reading.writing import read_here
from recmodels.data.versions import append, keep_filtered
from recmodels.errors import DataError, ParamError

Write = Callable[[str, str], Path]
OLD = "user_id,item_id,rating,timestamp\nann,a,5,100\nann,b,3,200\nbob,a,4,100\nbob,c,2,300\n"
NEW = "user_id,item_id,rating,timestamp\nann,b,3,200\nbob,c,1,300\nann,d,5,400\ncat,a,5,500\n"


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "datasets", read=read_here)


def rows(interactions: Interactions) -> set[tuple[object, ...]]:
    return set(events_of(interactions).iter_rows())


def test_appended_events_become_a_version_and_the_base_stays(catalogue: Catalogue, write: Write) -> None:
    shop = catalogue.add(write("shop.csv", OLD))
    version = append(catalogue, write("new.csv", NEW), "shop")
    assert version.name == "shop-v2"
    assert rows(version.load()) == {
        ("ann", "a", 5.0, 100),
        ("ann", "b", 3.0, 200),
        ("bob", "a", 4.0, 100),
        ("bob", "c", 1.0, 300),  # the later file's weight
        ("ann", "d", 5.0, 400),
        ("cat", "a", 5.0, 500),
    }
    assert [version.load().item_ids[int(i)] for i in version.load().history(0)] == ["a", "b", "d"]
    assert version.derived is not None and version.derived.base_fingerprint == shop.fingerprint
    assert version.derived.counts == {"n_added": 2, "n_repeated": 2, "n_changed": 1}
    assert version.derived.in_words("shop") == "version 2, from shop: new.csv appended"
    assert len(catalogue.get("shop").load()) == 4 and catalogue.get("shop").derived is None


def test_versions_are_numbered_in_their_line_and_the_same_content_makes_none(
    catalogue: Catalogue, write: Write
) -> None:
    catalogue.add(write("shop.csv", OLD))
    new = write("new.csv", NEW)
    assert append(catalogue, new, "shop").name == "shop-v2"
    assert append(catalogue, new, "shop").name == "shop-v2"
    later = write("later.csv", "user_id,item_id,rating,timestamp\ndan,a,2,900\n")
    assert append(catalogue, later, "shop-v2").name == "shop-v3"
    part = keep_filtered(catalogue, "shop", Filter(min_weight=3))
    assert part.name == "shop-v4" and part.derived is not None
    assert (part.derived.base, part.derived.root, part.derived.says) == ("shop", "shop", "ratings of 3 and more")
    catalogue.set_aside("shop-v4")
    assert keep_filtered(catalogue, "shop", Filter(min_weight=4)).name == "shop-v5"
    assert catalogue.names() == ["demo", "shop", "shop-v2", "shop-v3", "shop-v5"]


def test_a_name_that_was_said_is_refused_where_the_same_rows_have_another(catalogue: Catalogue, write: Write) -> None:
    catalogue.add(write("shop.csv", OLD))
    new, high = write("new.csv", NEW), Filter(min_weight=3)
    append(catalogue, new, "shop", name="spring")
    keep_filtered(catalogue, "shop", high, "high")
    with pytest.raises(DataError, match=r"there already as 'spring', so there is no 'may'; `recpilot data rename spri"):
        append(catalogue, new, "shop", name="may")
    with pytest.raises(DataError, match=r"there already as 'high', so there is no 'liked'"):
        keep_filtered(catalogue, "shop", Filter(where=("rating>=3",)), "liked")
    assert keep_filtered(catalogue, "shop", high).name == "high"
    assert catalogue.names() == ["demo", "high", "shop", "spring"]


def test_a_file_with_nothing_new_is_refused(catalogue: Catalogue, write: Write) -> None:
    catalogue.add(write("shop.csv", OLD))
    with pytest.raises(DataError, match=r"nothing new in again\.csv"):
        append(catalogue, write("again.csv", OLD), "shop")
    with pytest.raises(DataError, match="there is no dataset 'shoop'"):
        append(catalogue, write("new.csv", NEW), "shoop")
    assert catalogue.names() == ["demo", "shop"]


def test_a_weight_that_is_the_same_in_all_new_rows_is_kept(catalogue: Catalogue, write: Write) -> None:
    catalogue.add(write("shop.csv", OLD))
    new = write("new.csv", "user_id,item_id,rating,timestamp\nann,x,5,400\ncat,a,5,500\n")
    found = append(catalogue, new, "shop").load()
    assert ("ann", "x", 5.0, 400) in rows(found)


def test_columns_of_the_base_are_looked_for_in_the_new_file(catalogue: Catalogue, write: Write) -> None:
    columns = {"user": "who", "item": "what", "time": "at"}
    catalogue.add(write("shop.csv", "who,what,at,user_id\nann,a,1,7\nann,b,2,8\n"), columns=columns)
    found = append(catalogue, write("new.csv", "user_id,at,what,who\n9,3,c,ann\n"), "shop").load()
    assert rows(found) == {("ann", "a", 1), ("ann", "b", 2), ("ann", "c", 3)}
    with pytest.raises(DataError, match="no column 'who'"):
        append(catalogue, write("other.csv", "user_id,at,what\n9,3,c\n"), "shop")


def test_without_times_a_pair_is_kept_once(catalogue: Catalogue, write: Write) -> None:
    catalogue.add(write("shop.csv", "user,item\nann,a\nann,b\n"))
    version = append(catalogue, write("new.csv", "user,item\nann,b\nbob,a\n"), "shop")
    assert rows(version.load()) == {("ann", "a"), ("ann", "b"), ("bob", "a")}
    assert version.derived is not None and version.derived.counts["n_repeated"] == 1


def test_sequences_go_on_after_the_old_ones(catalogue: Catalogue, write: Write) -> None:
    catalogue.add(write("shop.txt", "1 10 11 12\n2 12 10\n3 11 10 12 13\n"))
    found = append(catalogue, write("new.txt", "1 13 10 11\n2 13\n3 14 10 12 15\n"), "shop").load()
    assert found.time_kind == "order"
    assert [found.item_ids[int(i)] for i in found.history(0)] == ["10", "11", "12", "13", "10", "11"]


def test_labels_of_no_are_joined_too(catalogue: Catalogue, write: Write) -> None:
    catalogue.add(write("shop.csv", "user,item,label,time\nann,a,1,1\nann,b,0,2\nbob,a,0,3\n"))
    version = append(catalogue, write("new.csv", "user,item,label,time\nann,c,1,5\nbob,b,1,6\n"), "shop").load()
    examples = examples_of(version)
    assert examples is not None
    labels = {(user, item): label for user, item, label, *_ in examples.iter_rows()}
    assert labels == {("ann", "a"): 1, ("ann", "b"): 0, ("bob", "a"): 0, ("ann", "c"): 1, ("bob", "b"): 1}
    assert version.target() == "label" and len(version) == 3


def test_new_items_are_described_by_the_new_file(catalogue: Catalogue, write: Write) -> None:
    items = write("items.csv", "item_id,title\na,Red kettle\nb,Blue kettle\nc,Green kettle\n")
    catalogue.add(write("shop.csv", OLD), items_path=items)
    more = write("more.csv", "item_id,title\na,Other words\nd,Black kettle\n")
    found = append(catalogue, write("new.csv", NEW), "shop", items_path=more).load()
    texts = dict(zip(found.item_ids, found.item_texts(), strict=True))
    assert texts == {"a": "Red kettle", "b": "Blue kettle", "c": "Green kettle", "d": "Black kettle"}
    part = filtered(found, Filter(min_weight=5))
    assert dict(zip(part.item_ids, part.item_texts(), strict=True)) == {"a": "Red kettle", "d": "Black kettle"}


def test_own_parts_stay_where_both_have_them_and_end_where_one_lacks_them(catalogue: Catalogue, write: Write) -> None:
    head = "user,item,timestamp,split\n"
    catalogue.add(write("shop.csv", head + "ann,a,1000000001,train\nann,b,1000000002,train\nann,c,1000000003,test\n"))
    found = append(catalogue, write("new.csv", head + "bob,a,1000000002,train\nbob,b,1000000005,test\n"), "shop").load()
    assert found.given_split is not None and found.given_split.tolist() == [0, 0, 2, 0, 2]
    without = append(
        catalogue, write("plain.csv", "user,item,timestamp\nbob,c,1000000009\n"), "shop", columns={"split": ""}
    ).load()
    assert without.given_split is None
    part = filtered(found, Filter(until="2001-09-09T01:46:42"))
    assert part.given_split is not None and part.given_split.tolist() == [0, 0, 0]
    assert any("no row of the data's own test part is left" in note for note in part.notes)


def test_ids_that_nobody_shares_are_pointed_out(catalogue: Catalogue, write: Write) -> None:
    catalogue.add(write("shop.csv", OLD))
    strange = write("new.csv", "user_id,item_id,rating,timestamp\nUSER-1,x9,5,400\nUSER-2,x8,4,500\n")
    assert any("do both write their ids alike?" in note for note in append(catalogue, strange, "shop").notes)


def test_a_core_is_left_in_which_all_have_enough() -> None:
    events = pl.DataFrame(
        {"user": ["u1", "u1", "u2", "u2", "u3", "u4"], "item": ["a", "b", "a", "b", "b", "c"], "time": range(6)}
    )
    shop = Interactions.from_events("shop", events, time_kind="timestamp")
    left = filtered(shop, Filter(min_user_events=2, min_item_events=2))
    assert rows(left) == {("u1", "a", 0), ("u1", "b", 1), ("u2", "a", 2), ("u2", "b", 3)}
    chain = pl.DataFrame({"user": ["u1", "u1", "u2", "u2"], "item": ["a", "b", "b", "c"]})
    with pytest.raises(DataError, match="nothing is left of 'chain' with users with 2 events and more"):
        filtered(Interactions.from_events("chain", chain), Filter(min_user_events=2, min_item_events=2))


def test_a_filter_by_time_keeps_both_of_its_days() -> None:
    days = np.array([0, 86_399, 86_400, 172_799, 172_800])
    events = pl.DataFrame({"user": ["u"] * 5, "item": list("abcde"), "time": days})
    shop = Interactions.from_events("shop", events, time_kind="timestamp")
    assert len(filtered(shop, Filter(since="1970-01-02", until="1970-01-02"))) == 2
    assert len(filtered(shop, Filter(since="1970-01-01T23:59:59"))) == 4
    with pytest.raises(DataError, match="its times go from 1970-01-01 to 1970-01-03"):
        filtered(shop, Filter(since="2024-01-01"))
    with pytest.raises(DataError, match="no timestamps"):
        filtered(replace(shop, time_kind="none", times=None), Filter(since="2024-01-01"))
    with pytest.raises(DataError, match="no weights"):
        filtered(shop, Filter(min_weight=3))


@pytest.mark.parametrize(
    ("kept", "says"),
    [
        ({}, "say what to keep"),
        ({"since": "yesterday"}, "must be a date like"),
        ({"since": "2024-02-01", "until": "2024-01-01"}, "must be before"),
        ({"min_user_events": 0}, "at least 1"),
        ({"min_weight": float("nan")}, "must be a number"),
    ],
)
def test_a_filter_that_cannot_be_one_is_refused(kept: dict[str, object], says: str) -> None:
    with pytest.raises(ParamError, match=says):
        Filter(**kept)  # type: ignore[arg-type]


def rated(write: Write, name: str, ratings: list[float], first: int = 0) -> Path:
    rows = "".join(f"u{n % 5},i{(first + n) % 40},{rating},{first + n}\n" for n, rating in enumerate(ratings))
    return write(name, f"user_id,item_id,rating,timestamp\n{rows}")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ([1, 2, 3, 4, 5], [20, 80, 100], "refused: up to 100, and those of 'old' are of a scale to 5: .* by 20 first"),
        ([1, 2, 3, 4, 5], [2, 8, 10], "refused: up to 10, .* by 2 first"),
        ([2, 4, 6, 8, 10], [1, 3, 5], "check this: new.csv: its ratings go up to 5, as on a scale to 5"),
        ([1, 2, 3, 4, 5], [1, 3, 5, 4, 2], ""),
        ([2, 4, 6, 8, 10], [2, 4, 8], ""),
    ],
)
def test_ratings_of_another_scale_are_refused_or_pointed_at(
    catalogue: Catalogue, write: Write, old: list[float], new: list[float], says: str
) -> None:
    catalogue.add(rated(write, "old.csv", 8 * old))
    more = rated(write, "new.csv", 8 * new, first=100)

    if says.startswith("refused: "):
        with pytest.raises(DataError, match=says.removeprefix("refused: ")):
            append(catalogue, more, "old")
        return
    found = [note for note in append(catalogue, more, "old").notes if "scale to" in note]
    assert len(found) == bool(says) and all(note.startswith(says) for note in found)
