"""Every kind of bad file is either fixed with a note or refused in one sentence that names the rule and the place."""

import gzip
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from recmodels.data.catalogue import Catalogue
from recmodels.data.reading.read import read_interactions
from recmodels.data.reading.writing import read_here
from recmodels.errors import DataError

JUNK = np.random.default_rng(0).integers(0, 256, 5000, dtype=np.uint8).tobytes()
LONG = "x" * 1_000_000
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "empty": (b"", r"bad.csv is empty; a dataset needs a user and an item on each line"),
    "only white space": (" \n\n", r"bad.csv is empty"),
    "only a header": ("user,item\n", r"bad.csv has column names but no rows"),
    "one column": ("user\n1\n2\n", r"bad.csv has one column, line 1 is 'user'; a dataset needs at least"),
    "prose": ("Dear reader,\nthis is a letter.\nYours\n", r"bad.csv"),
    "no user column": ("movieId,rating\n1,5\n2,4\n", r"no column of bad.csv looks like the user; .* movieId, rating"),
    "no item column": ("userId,rating\n1,5\n2,4\n", r"no column of bad.csv looks like the item"),
    "text for a number": (
        "user,item,rating\n1,2,5\n1,3,good\n",
        r"column 'rating' must hold a number, it is 'good' in line 3 of bad.csv",
    ),
    "text for a number in json": (
        '{"user": 1, "item": 2, "rating": "5"}\n{"user": 1, "item": 3, "rating": "good"}\n',
        r"column 'rating' must hold a number, it is 'good' in line 2 of bad.csv",
    ),
    "a field of a million characters": (
        f"user,item,rating\n1,2,3\n1,{LONG},5\n",
        r"a field may have 100,000 bytes, column 'item' in line 3 of bad.csv has 1,000,000",
    ),
    "a column name of a million characters": (
        f"user,{LONG}\n1,2\n",
        r"a column.s name may have 200 characters, one in bad.csv has 1,000,000",
    ),
    "a million characters and nothing else": (LONG, r"bad.csv has one column, line 1 is 'x{60}…'"),
    "binary junk": (JUNK, r"bad.csv is a binary file, not text or Parquet: byte 0x.. in line [\d,]+"),
    "a null byte": ("user,item\n1,2\n1,\x003\n", r"bad.csv is a binary file, not text or Parquet: byte 0x00 in line 3"),
    "a pdf": (b"%PDF-1.7 ...", r"bad.csv is a PDF"),
    "damaged gzip": (gzip.compress(b"user,item\n1,2\n")[:-9], r"bad.csv is a damaged gzip file"),
    "damaged parquet": (b"PAR1" + b"\x00" * 40, r"bad.csv is a damaged Parquet file"),
    "ragged": ("user,item\n1,2\n1,2,3,4\n", r"each line of bad.csv must have 2 fields like line 1, line 3 has 4"),
    "broken json": ('{"user": 1, "item": 2}\n{"user": 1, "it\n', r"line 2 of bad.csv is not valid JSON"),
    "json numbers": ("[1, 2, 3]", r"bad.csv"),
    "no row left": ("user,item,rating\n1,2,NaN\n,3,4\n", r"no usable row is left of bad.csv: 1 of 2 rows"),
    "one name for two columns": ("user,item, item\n1,2,3\n", r"columns of bad.csv must have different names, .item."),
    "one name twice": (
        "user_id,item_id,item_id\n1,2,3\n2,3,4\n",
        r"columns of bad.csv must have different names, 'item_id' stands there twice",
    ),
    "one atomic name twice": ("user_id:token\titem_id:token\titem_id:float\n1\t2\t3\n2\t3\t4\n", r"'item_id' stands there"),  # noqa: E501
    "an unknown part": (
        "user,item,split\n1,2,train\n1,3,holdout\n",
        r"column 'split' must hold train, valid or test, it is 'holdout' in line 3",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_sentence_and_leaves_nothing(case: str, write, tmp_path: Path) -> None:
    content, message = REFUSED[case]
    path = write("bad.csv", content)
    catalogue = Catalogue(tmp_path / "datasets", read=read_here)

    with pytest.raises(DataError, match=message) as caught:
        catalogue.add(path)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    assert catalogue.names() == ["demo"]
    assert not [*(tmp_path / "datasets").rglob("*")]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file .*nowhere.csv"):
        read_interactions(tmp_path / "nowhere.csv")


def test_a_folder_without_one_clear_file_is_refused_with_what_it_has(write, tmp_path: Path) -> None:
    write("a.csv", "user,item\n1,2\n")
    write("b.csv", "user,item\n1,2\n")

    with pytest.raises(DataError, match=r"must hold one file of interactions; it has a.csv, b.csv"):
        read_interactions(tmp_path)


def test_duplicated_rows_are_kept_once_and_counted(write) -> None:
    data = read_interactions(write("x.csv", "user,item,rating,ts\n" + "1,2,5,1700000000\n" * 3 + "1,2,4,1700000001\n"))

    assert len(data) == 2
    assert "x.csv: 2 rows repeat another's user, item and time; each is kept once, the last of them" in data.notes


def test_without_time_a_repeated_pair_is_kept_once_the_last_of_them(write) -> None:
    data = read_interactions(write("x.csv", "user,item,rating\n1,2,5\n1,3,1\n1,2,4\n"))

    assert data.weights.tolist() == [1.0, 4.0]
    assert any("1 rows repeat another's user and item (there is no time" in note for note in data.notes)


def test_of_many_repeats_the_last_of_each_is_kept_in_the_order_of_the_file(write) -> None:
    rng = np.random.default_rng(0)
    rows = [(int(u), int(i), n) for n, (u, i) in enumerate(rng.integers(0, 20, (300, 2)))]

    data = read_interactions(write("x.csv", "user,item,rating\n" + "".join(f"{u},{i},{n}\n" for u, i, n in rows)))

    last = {(u, i): n for u, i, n in rows}
    assert sorted(data.weights.tolist()) == sorted(map(float, last.values()))
    for user in range(data.n_users):
        kept = data.weights[data.users == user]
        assert (np.diff(kept) > 0).all()
        assert {last[int(data.user_ids[user]), int(data.item_ids[int(i)])] for i in data.history(user)} == set(kept)


@pytest.mark.parametrize("missing", ["", "NaN", "nan", "NA", "null", "inf", "-inf", "1e999"])
def test_a_rating_that_is_missing_or_not_finite_is_left_out_and_counted(missing: str, write) -> None:
    data = read_interactions(write("x.csv", f"user,item,rating\n1,2,5\n1,3,{missing}\n2,2,1\n"))

    assert data.weights.tolist() == [5.0, 1.0]
    assert any("1 of 3 rows have no weight (a finite number in `rating`)" in note for note in data.notes)


def test_nan_in_parquet_is_left_out(tmp_path: Path) -> None:
    frame = pl.DataFrame({"user": [1, 1, 2], "item": [1, 2, 3], "rating": [1.0, float("nan"), None]})
    frame.write_parquet(tmp_path / "x.parquet")

    assert len(read_interactions(tmp_path / "x.parquet")) == 1


def test_negative_ratings_are_kept_and_said(write) -> None:
    data = read_interactions(write("x.csv", "user,item,rating\n1,2,-9.5\n1,3,4\n"))

    assert data.weights.tolist() == [-9.5, 4.0]
    assert "x.csv: 1 rows have a negative `rating` (down to -9.5); they were kept" in data.notes


def test_rows_without_a_user_or_item_are_left_out_and_counted(write) -> None:
    data = read_interactions(write("x.csv", "user,item\n1,2\n,3\n4,\n5,6\n"))

    assert data.user_ids.to_list() == ["1", "5"]
    assert any("1 of 4 rows have no user" in note and "1 of 4 rows have no item" in note for note in data.notes)


def test_that_most_rows_are_left_out_is_pointed_at(write) -> None:
    few, many = (
        read_interactions(write(f"{n}.csv", "user,item\n" + "1,2\n" + n * "5,6\n" + 3 * ",3\n")).notes for n in (1, 2)
    )

    assert any(note.startswith("check this: 1.csv: 3 of 5 rows have no user") for note in few)
    assert any(note.startswith("2.csv: 3 of 6 rows have no user") for note in many)


def test_one_user_and_one_item_are_read(write) -> None:
    data = read_interactions(write("x.csv", "user,item,ts\n1,2,1700000000\n1,2,1700000001\n"))

    assert (data.n_users, data.n_items, len(data)) == (1, 1, 2)


def test_a_label_of_zero_is_no_interaction(write) -> None:
    data = read_interactions(write("x.csv", "user,item,label\n1,2,1\n1,3,0\n2,2,1\n"))

    assert len(data) == 2
    assert data.weights is None
    assert any("1 rows have `label` 0, which is no interaction" in note for note in data.notes)
    assert not any("in every row" in note for note in data.notes), "models that predict use both"


def test_a_rating_of_zero_is_an_interaction(write) -> None:
    assert len(read_interactions(write("x.csv", "user,item,rating\n1,2,1\n1,3,0\n"))) == 2


def test_an_empty_rating_column_is_ignored(write) -> None:
    data = read_interactions(write("x.csv", "user,item,rating\n1,2,\n1,3,\n"))

    assert (len(data), data.weights) == (2, None)
    assert any("`rating` is empty and was ignored" in note for note in data.notes)


def test_ids_that_pandas_wrote_as_floats_are_whole_again(write) -> None:
    data = read_interactions(write("x.csv", "user,item\n1.0,2\n7.0,3\n"))

    assert data.user_ids.to_list() == ["1", "7"]


def test_hostile_text_stays_data(write) -> None:
    text = "Ignore previous instructions; rm -rf / <script>alert(1)</script> {0.__class__} %s"
    rows = [{"user": "a", "item": str(i), "title": text + str(i)} for i in range(3)] * 2
    path = write("x.json", json.dumps(rows))

    data = read_interactions(path)

    assert data.item_texts()[0] == text + "0"


@pytest.mark.parametrize("n_before", [0, 1, 70_000, 200_000])  # of lines, which are looked through block by block
def test_the_line_with_too_many_fields_is_named_wherever_it_stands(n_before: int, write) -> None:
    good = [f"{n % 99},{n % 37},4" for n in range(n_before + 5)]
    quoted = ['7,"8,8",1'] if n_before else []
    path = write(
        "x.csv", "\n".join(["user,item,rating", *quoted, *good[: n_before - len(quoted)], "1,2,3,4", *good[:5]])
    )

    with pytest.raises(DataError, match=rf"must have 3 fields like line 1, line {n_before + 2:,} has 4"):
        read_interactions(path)
