"""The filters of a version hold for the rows that are joined to it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from recmodels.data.catalogue import Catalogue
from recmodels.data.choices import Choices
from recmodels.data.filtering import Filter
from recmodels.data.reading.writing import read_here
from recmodels.data.stored_dataset import StoredDataset
from recmodels.data.versions import append, keep_filtered
from recmodels.errors import DataError

Write = Callable[[str, str], Path]
HEAD = "user_id,item_id,rating,timestamp\n"
OLD = HEAD + "".join(
    f"{user},{item},{stars},2024-01-{day:02d}\n"
    for user, item, stars, day in (
        ("ann", "a", 5, 1),
        ("ann", "b", 3, 2),
        ("test", "a", 4, 2),
        ("bob", "c", 2, 3),
        ("bob", "a", 4, 4),
        ("bob", "b", 5, 5),
    )
)
NEW = HEAD + "ann,d,1,2024-02-01\ntest,a,5,2024-02-02\ntest,d,5,2024-02-03\ncat,a,5,2024-02-04\n"


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "datasets", read=read_here)


def rows_of_users(stored: StoredDataset) -> dict[str, int]:
    data = stored.load()
    ids = [str(one) for one in data.user_ids.gather(data.users)]
    return {one: ids.count(one) for one in sorted({*ids})}


def grown(catalogue: Catalogue, write: Write, kept: Filter, new: str = NEW) -> StoredDataset:
    catalogue.add(write("shop.csv", OLD))
    keep_filtered(catalogue, "shop", kept, "part")
    return append(catalogue, write("new.csv", new), "part")


@pytest.mark.parametrize(
    ("kept", "left", "n_out"),
    [
        (Filter(where=("user!=test",)), {"ann": 3, "bob": 3, "cat": 1}, 2),
        (Filter(min_weight=3), {"ann": 2, "bob": 2, "cat": 1, "test": 3}, 1),
        (Filter(where=("rating>=3",)), {"ann": 2, "bob": 2, "cat": 1, "test": 3}, 1),
        (Filter(since="2024-01-02", until="2024-02-02"), {"ann": 2, "bob": 3, "test": 2}, 2),
        (Filter(max_user_events=2), {"cat": 1}, 3),
        (Filter(min_user_events=2), {"ann": 3, "bob": 3, "test": 2}, 1),
    ],
)
def test_each_rule_holds_for_the_new_rows_and_a_note_counts_them(
    catalogue: Catalogue, write: Write, kept: Filter, left: dict[str, int], n_out: int
) -> None:
    version = grown(catalogue, write, kept)
    assert rows_of_users(version) == left
    (note,) = (one for one in version.notes if one.startswith("new.csv: as part was kept by choice"))
    assert f"({kept.in_words('ratings')}), {n_out} of 4 rows are left out" in note
    came_back = "check this: new.csv: 2 rows of users that were left out (users with 2 events and more) came back"
    assert (came_back in version.notes) == (kept.min_user_events == 2)


def test_all_rules_of_a_line_hold_and_the_same_append_makes_no_other_version(
    catalogue: Catalogue, write: Write
) -> None:
    version = grown(catalogue, write, Filter(where=("user!=test",)))
    keep_filtered(catalogue, version.name, Filter(where=("item!=d",)), "small")
    more = write("more.csv", HEAD + "test,a,5,2024-03-01\nann,d,5,2024-03-02\ndan,a,5,2024-03-03\n")
    later = append(catalogue, more, "small")
    assert rows_of_users(later) == {"ann": 2, "bob": 3, "cat": 1, "dan": 1}
    assert append(catalogue, more, "small").name == later.name


def test_ids_that_are_hashed_are_left_out_too(catalogue: Catalogue, write: Write) -> None:
    catalogue.add(write("shop.csv", OLD), choices=Choices(hashed=("user",)))
    keep_filtered(catalogue, "shop", Filter(where=("user!=test",)), "part")
    assert sorted(rows_of_users(append(catalogue, write("new.csv", NEW), "part")).values()) == [1, 3, 3]


def test_items_that_were_left_out_by_what_describes_them_stay_out(catalogue: Catalogue, write: Write) -> None:
    items = write("shelves.csv", "item_id,shelf\na,toys\nb,food\n")
    rows = "".join(f"u{n},{item},2024-01-0{n}\n" for n in (1, 2) for item in "ab")
    catalogue.add(write("shop.csv", "user_id,item_id,timestamp\n" + rows), items_path=items)
    keep_filtered(catalogue, "shop", Filter(where=("shelf!=food",)), "part")
    new = write("new.csv", "user_id,item_id,timestamp\nu1,b,2024-02-01\nu1,a,2024-02-02\n")
    assert rows_of_users(append(catalogue, new, "part")) == {"u1": 2, "u2": 1}


def test_bots_are_looked_for_in_the_whole(catalogue: Catalogue, write: Write) -> None:
    people = [f"u{n},i{(n + m) % 9},2024-01-{m + 1:02d} 0{n % 10}:{n:02d}:00\n" for n in range(12) for m in range(5)]
    burst = [f"bot,i{n % 9},2024-01-09 10:00:{n % 60:02d}\n" for n in range(150)]
    catalogue.add(write("shop.csv", "user_id,item_id,timestamp\n" + "".join(people + burst)))
    keep_filtered(catalogue, "shop", Filter(without_bots=True), "part")
    assert "bot" not in rows_of_users(catalogue.get("part"))
    quiet = "bot,i1,2024-02-01 10:00:00\nbot,i2,2024-02-03 11:00:00\nu1,i1,2024-02-04 11:00:00\n"
    version = append(catalogue, write("new.csv", "user_id,item_id,timestamp\n" + quiet), "part")
    assert "bot" not in rows_of_users(version) and rows_of_users(version)["u1"] == 6


def test_what_was_chosen_for_data_that_were_removed_is_said(catalogue: Catalogue, write: Write) -> None:
    catalogue.add(write("shop.csv", OLD))
    keep_filtered(catalogue, "shop", Filter(max_user_events=2), "part")
    catalogue.set_aside("shop")
    version = append(catalogue, write("new.csv", HEAD + "bob,d,5,2024-02-01\n"), "part")
    assert any(
        one.startswith("check this: new.csv: the data that users with at most 2 events") for one in version.notes
    )


def test_a_file_of_which_nothing_is_kept_is_refused(catalogue: Catalogue, write: Write) -> None:
    with pytest.raises(
        DataError, match=r"none of the 1 rows of new\.csv is kept by the choices of 'part': `user!=test`"
    ):
        grown(catalogue, write, Filter(where=("user!=test",)), HEAD + "test,a,5,2024-02-02\n")
