import json
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import polars.testing
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recmodels.data.interactions import Interactions
from recmodels.errors import DataError, SetupError

IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
ROWS = st.lists(
    st.tuples(IDS, IDS, st.floats(-1e6, 1e6, width=32), st.integers(0, 2**40), st.integers(0, 2)),
    min_size=1,
    max_size=30,
)
COLUMNS = ["user", "item", "weight", "time", "split"]


def interactions(rows: list[tuple[object, ...]], **rest: object) -> Interactions:
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    return Interactions.from_events("books", frame, time_kind="timestamp", **rest)


def assert_same(left: Interactions, right: Interactions) -> None:
    for name in Interactions.__slots__:
        a, b = getattr(left, name), getattr(right, name)
        if isinstance(a, np.ndarray):
            np.testing.assert_array_equal(a, b)
            assert a.dtype == b.dtype
        elif isinstance(a, pl.DataFrame):
            polars.testing.assert_frame_equal(a, b)
        elif isinstance(a, pl.Series):
            assert a.to_list() == b.to_list()
        else:
            assert a == b


@given(rows=ROWS, has_tables=st.booleans())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_saved_is_loaded_unchanged(rows: list[tuple[object, ...]], has_tables: bool, tmp_path: Path) -> None:
    data = interactions(rows, columns={"user": "uid"}, notes=("a note",))
    if has_tables:
        table = pl.DataFrame({"title": [f"t{i}" for i in range(data.n_items)], "year": range(data.n_items)})
        data = interactions(rows, item_table=table, text_columns=("title",))

    data.save(tmp_path / "books")

    loaded = Interactions.load(tmp_path / "books")
    assert_same(data, loaded)
    assert loaded.fingerprint() == data.fingerprint()


@given(rows=ROWS)
@settings(max_examples=25, deadline=None)
def test_rows_are_sorted_by_user_and_time_and_keep_their_ids(rows: list[tuple[object, ...]]) -> None:
    data = interactions(rows)

    assert (np.diff(data.users) >= 0).all()
    for user in range(data.n_users):
        assert (np.diff(data.times[data.users == user]) >= 0).all()
    back = [
        (data.user_ids[int(u)], data.item_ids[int(i)], float(w), int(t), int(s))
        for u, i, w, t, s in zip(data.users, data.items, data.weights, data.times, data.given_split, strict=True)
    ]
    assert sorted(back) == sorted(rows)
    assert data.user_ids.to_list() == list(dict.fromkeys(row[0] for row in rows))


@given(
    ids=st.lists(st.tuples(st.integers(-3, 40), st.integers(0, 2**62)), min_size=1, max_size=30),
    times=st.lists(st.sampled_from([-(2**62), 0, 1, 2, 2**40, 2**62]), min_size=30, max_size=30),
)
@settings(max_examples=40, deadline=None)
def test_numbers_as_ids_give_what_their_texts_give_and_one_moment_stays_in_file_order(
    ids: list[tuple[int, int]], times: list[int]
) -> None:
    frame = pl.DataFrame(ids, schema=["user", "item"], orient="row").with_columns(time=pl.Series(times[: len(ids)]))

    data = Interactions.from_events("x", frame)

    assert_same(data, Interactions.from_events("x", frame.with_columns(pl.col("user", "item").cast(pl.String))))
    expected = sorted(range(len(ids)), key=lambda row: (data.user_ids.to_list().index(str(ids[row][0])), times[row]))
    rows = zip(data.users.tolist(), data.items.tolist(), strict=True)
    assert [(int(data.user_ids[u]), int(data.item_ids[i])) for u, i in rows] == [ids[row] for row in expected]


def test_a_changed_row_changes_the_fingerprint_and_a_new_name_does_not() -> None:
    rows = [("a", "x", 1.0, 5, 0), ("a", "y", 2.0, 6, 0)]

    fingerprint = interactions(rows).fingerprint()

    assert interactions([rows[0], ("a", "y", 2.5, 6, 0)]).fingerprint() != fingerprint
    assert interactions([rows[0], ("a", "z", 2.0, 6, 0)]).fingerprint() != fingerprint
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    assert Interactions.from_events("other", frame, time_kind="timestamp", notes=("n",)).fingerprint() == fingerprint


def test_history_and_offsets_give_a_users_items_oldest_first() -> None:
    data = interactions([("a", "x", 1.0, 9, 0), ("b", "x", 1.0, 1, 0), ("a", "y", 1.0, 3, 0)])

    assert data.offsets().tolist() == [0, 2, 3]
    assert [data.item_ids[int(item)] for item in data.history(0)] == ["y", "x"]


def test_item_texts_join_the_text_columns_and_fall_back_on_the_id() -> None:
    table = pl.DataFrame({"title": ["One", None, ""], "genres": ["Drama", "War", None], "year": [1, 2, 3]})
    rows = [("a", item, 1.0, 1, 0) for item in "xyz"]

    data = interactions(rows, item_table=table, text_columns=("title", "genres"))

    assert data.item_texts() == ["One; Drama", "War", "z"]
    assert interactions(rows).item_texts() == ["x", "y", "z"]


def test_saving_over_an_old_dataset_replaces_all_of_it(tmp_path: Path) -> None:
    table = pl.DataFrame({"title": ["One"]})
    interactions([("a", "x", 1.0, 1, 0)], item_table=table).save(tmp_path / "d")
    new = interactions([("b", "y", 2.0, 2, 0)])

    new.save(tmp_path / "d")

    assert_same(new, Interactions.load(tmp_path / "d"))
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def test_a_failed_save_leaves_the_old_dataset_and_nothing_else(tmp_path: Path) -> None:
    old = interactions([("a", "x", 1.0, 1, 0)])
    old.save(tmp_path / "d")
    unsavable = interactions([("a", "x", 1.0, 1, 0)], item_table=pl.DataFrame({"o": [object()]}))

    with pytest.raises(Exception):  # noqa: B017  # polars' panic is no plain exception type
        unsavable.save(tmp_path / "d")

    assert_same(old, Interactions.load(tmp_path / "d"))
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SetupError, match=r"cannot write to .*file"):
        interactions([("a", "x", 1.0, 1, 0)]).save(tmp_path / "file" / "d")


def test_a_folder_that_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"is not a saved dataset: .*dataset.json is missing"):
        Interactions.load(tmp_path)


def _cut(folder: Path) -> None:
    path = folder / "interactions.parquet"
    path.write_bytes(path.read_bytes()[:-20])


def _drop_an_id(folder: Path) -> None:
    pl.read_parquet(folder / "item_ids.parquet").head(1).write_parquet(folder / "item_ids.parquet")


def _unsort(folder: Path) -> None:
    pl.read_parquet(folder / "interactions.parquet").reverse().write_parquet(folder / "interactions.parquet")


def _no_json(folder: Path) -> None:
    (folder / "dataset.json").write_text("{")


def _newer(folder: Path) -> None:
    about = json.loads((folder / "dataset.json").read_text())
    (folder / "dataset.json").write_text(json.dumps(about | {"format": 99}))


def _no_users(folder: Path) -> None:
    pl.read_parquet(folder / "interactions.parquet").drop("users").write_parquet(folder / "interactions.parquet")


@pytest.mark.parametrize("damage", [_cut, _drop_an_id, _unsort, _no_json, _newer, _no_users])
def test_a_damaged_dataset_is_refused_in_one_sentence(damage, tmp_path: Path) -> None:
    interactions([("a", "x", 1.0, 1, 0), ("b", "y", 1.0, 2, 0)]).save(tmp_path / "d")
    damage(tmp_path / "d")

    with pytest.raises(DataError, match=r"is damaged|is of format 99"):
        Interactions.load(tmp_path / "d")


def test_loading_does_not_need_the_place_it_was_saved_in(tmp_path: Path) -> None:
    data = interactions([("a", "x", 1.0, 1, 0)])
    data.save(tmp_path / "d")
    shutil.move(tmp_path / "d", tmp_path / "elsewhere")

    assert_same(data, Interactions.load(tmp_path / "elsewhere"))
