import gzip
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from recmodels.data.reading.formats import read_table
from recmodels.data.reading.read import read_interactions

# user, item, rating, seconds; the last row of u1 comes first in the file
EVENTS = [
    ("u1", "i3", 5.0, 1_700_000_300),
    ("u1", "i1", 4.0, 1_700_000_100),
    ("u2", "i1", 3.5, 1_700_000_200),
    ("u1", "i2", 1.0, 1_700_000_200),
    ("u2", "i4", 2.0, 1_700_000_400),
    ("u3", "i2", 5.0, 1_700_000_000),
]
NAMES = ("user_id", "item_id", "rating", "timestamp")


def lines(separator: str, header: tuple[str, ...] | None = NAMES, end: str = "\n") -> bytes:
    rows = [] if header is None else [header]
    return "".join(separator.join(map(str, row)) + end for row in [*rows, *EVENTS]).encode()


def records() -> list[dict[str, object]]:
    return [dict(zip(NAMES, event, strict=True)) for event in EVENTS]


def parquet(path: Path) -> bytes:
    pl.DataFrame(EVENTS, schema=list(NAMES), orient="row").write_parquet(path)
    return path.read_bytes()


ATOMIC = ("user_id:token", "item_id:token", "rating:float", "timestamp:float")
TEXT_FORMATS = {
    "csv": lines(","),
    "tsv": lines("\t"),
    "semicolons": lines(";"),
    "bars": lines("|"),
    "crlf": lines(",", end="\r\n"),
    "old mac": lines(",", end="\r"),
    "no last newline": lines(",").rstrip(b"\n"),
    "quoted": lines('","').replace(b"\n", b'"\n"').join([b'"', b""]).removesuffix(b'"'),
    "atomic": lines("\t", ATOMIC),
    "movielens": lines("::", None),
    "headerless csv": lines(",", None),
    "spaces": lines(" ", None),
    "json lines": "\n".join(map(json.dumps, records())).encode(),
    "json": json.dumps(records(), indent=1).encode(),
    "bom": b"\xef\xbb\xbf" + lines(","),
    "utf-16": lines(",").decode().encode("utf-16"),
    "gzip": gzip.compress(lines(",")),
    "blank lines": lines(",").replace(b"\n", b"\n\n"),
}


@pytest.mark.parametrize("format_name", [*TEXT_FORMATS, "parquet"])
def test_every_format_is_told_by_content_and_gives_the_same_interactions(format_name: str, tmp_path: Path) -> None:
    path = tmp_path / "events"  # without an ending: only the content can tell
    path.write_bytes(parquet(path) if format_name == "parquet" else TEXT_FORMATS[format_name])

    data = read_interactions(path)

    assert data.user_ids.to_list() == ["u1", "u2", "u3"]
    rows = [
        (data.user_ids[int(u)], data.item_ids[int(i)], w, t)
        for u, i, w, t in zip(data.users, data.items, data.weights, data.times, strict=True)
    ]
    assert rows == sorted(EVENTS, key=lambda event: (event[0], event[3]))
    assert data.time_kind == "timestamp"


def test_the_wrong_ending_does_not_matter(write) -> None:
    assert read_table(write("events.parquet", lines(","))).kind == "csv"


def test_sequences_become_one_row_an_item_in_their_order(write) -> None:
    data = read_interactions(write("beauty.txt", "1 7 5 9\n2 5\n3 9 9 7 5\n"))

    assert data.time_kind == "order"
    assert [data.item_ids[int(i)] for i in data.history(0)] == ["7", "5", "9"]
    assert [data.item_ids[int(i)] for i in data.history(2)] == ["9", "9", "7", "5"]  # a repeat has its own position
    assert data.times.tolist() == [0, 1, 2, 0, 0, 1, 2, 3]
    assert any("the first is the oldest" in note for note in data.notes)


def test_a_user_without_items_in_sequences_is_left_out_and_counted(write) -> None:
    data = read_interactions(write("seq.txt", "1 7 5\n2\n3 9 7 5\n"))

    assert data.user_ids.to_list() == ["1", "3"]
    assert any("1 lines of seq.txt name a user without items" in note for note in data.notes)


def test_train_and_test_files_become_the_datas_own_split(write) -> None:
    train = write("train.txt", "1 7 5\n2 5 7 8\n")
    write("test.txt", "1 9\n2 9 4\n")

    data = read_interactions(train)

    assert data.given_split.tolist() == [0, 0, 2, 0, 0, 0, 2, 2]
    assert data.time_kind == "none"
    assert any("the split is the data's own: train.txt, test.txt" in note for note in data.notes)


def test_ids_are_whole_numbers_in_one_part_and_text_in_another(write) -> None:
    train = write("x.train.inter", "user_id:token\titem_id:token\n1\t2\n2\t3\n")
    write("x.test.inter", "user_id:token\titem_id:token\n1\t007\nnew\t2\n")

    data = read_interactions(train)

    assert data.user_ids.to_list() == ["1", "2", "new"]
    assert data.item_ids.to_list() == ["2", "3", "007"]
    assert data.items.tolist() == [0, 2, 1, 0]


@pytest.mark.parametrize(
    "odd", ["007", "+7", "-7", "-0", "00", "9" * 18, "9" * 19, "9" * 30, "7a", "٧", "0" * 30 + "7"]
)
def test_an_id_is_its_text_and_no_other_way_to_write_a_number(odd: str, write) -> None:
    ids = ["7", odd, "0", "100", "12"]

    data = read_interactions(write("x.csv", "user,item\n" + "".join(f"{id_},{id_}\n" for id_ in ids)))

    assert data.user_ids.to_list() == data.item_ids.to_list() == ids
    assert data.users.tolist() == data.items.tolist() == [0, 1, 2, 3, 4]


def test_train_valid_and_test_atomic_files_are_read_together(write) -> None:
    train = write("x.train.inter", "user_id:token\titem_id:token\n1\t2\n2\t3\n")
    write("x.valid.inter", "user_id:token\titem_id:token\n1\t4\n")
    write("x.test.inter", "user_id:token\titem_id:token\n2\t2\n")

    assert read_interactions(train).given_split.tolist() == [0, 1, 0, 2]


def test_a_column_called_split_is_the_datas_own_split(write) -> None:
    data = read_interactions(write("x.csv", "user,item,split\n1,2,train\n1,3,Val\n1,4,test\n"))

    assert data.given_split.tolist() == [0, 1, 2]


def test_latin1_is_read_and_said(write) -> None:
    data = read_interactions(write("x.csv", "user,item\nZoë,1\nÅsa,2\n".encode("latin-1")))

    assert data.user_ids.to_list() == ["Zoë", "Åsa"]
    assert data.notes[0].startswith("x.csv is not UTF-8 (byte 0xeb in line 2); it was read as Latin-1, in which one of")


def test_nested_json_becomes_columns_and_lists_of_tags_are_joined(write) -> None:
    row = {"user": "a", "item": "b", "tags": ["x", "y"], "extra": {"deep": 1}}
    table = read_table(write("x.jsonl", json.dumps(row) + "\n" + json.dumps(row | {"item": "c"})))

    assert table.frame.columns == ["user", "item", "tags", "extra.deep"]
    assert table.frame["tags"].to_list() == ["x y", "x y"]


def test_quotes_within_a_tab_separated_name_are_kept(write) -> None:
    table = read_table(write("x.tsv", 'user\titem\tname\n1\t2\t"Weird Al" Yankovic\n1\t3\t12" Mix\n'))

    assert table.frame["name"].to_list() == ['"Weird Al" Yankovic', '12" Mix']


def test_a_separator_within_quotes_is_text(write) -> None:
    table = read_table(write("x.csv", 'user,item,title\n1,2,"Good, Bad"\n2,3,"Said ""no"""\n'))

    assert table.frame["title"].to_list() == ["Good, Bad", 'Said "no"']


def test_a_folder_with_one_dataset_is_read(write, tmp_path: Path) -> None:
    write("ratings.csv", lines(","))
    write("movies.csv", "item_id,title\ni1,One\ni2,Two\ni3,Three\ni4,Four\n")

    data = read_interactions(tmp_path)

    assert len(data) == 6
    assert data.item_table["title"].to_list() == [
        {"i1": "One", "i2": "Two", "i3": "Three", "i4": "Four"}[item] for item in data.item_ids
    ]


def test_rows_come_sorted_by_user_and_time_with_index_arrays(write) -> None:
    data = read_interactions(write("x.csv", lines(",")))

    assert data.users.dtype == data.items.dtype == data.times.dtype == np.int64
    assert data.weights.dtype == np.float32
    assert data.offsets().tolist() == [0, 3, 5, 6]


@pytest.mark.parametrize(
    "content",
    [
        'user\titem\trating\n"1"\t"2"\t"3"\n"2"\t"3"\t"4"\n',
        'user , "item" , rating\n"1" , "2" , 3\n"2" , "3" , 4\n',
        "1|2|3|so, so\n2|3|4|well, no\n",
        "user,item,rating\n\n1,2,3\n\n2,3,4\n\n",
    ],
)
def test_quotes_blanks_and_empty_lines_are_no_part_of_ids(content: str, write) -> None:
    data = read_interactions(write("x.txt", content))

    assert data.user_ids.to_list() == ["1", "2"]
    assert data.item_ids.to_list() == ["2", "3"]
    assert not any("left out" in note for note in data.notes)


def test_texts_that_parquet_holds_as_bytes_are_ids(tmp_path: Path) -> None:
    rows = range(60)
    users, items = [f"ü{n % 7}".encode() for n in rows], [f"i{n % 11}".encode() for n in rows]
    frame = pl.DataFrame(
        {"user_id": users, "item_id": items, "blob": [b"\xff\xfe"] * 60, "ts": [1_600_000_000 + n for n in rows]}
    )
    frame.write_parquet(tmp_path / "hive.parquet")

    data = read_interactions(tmp_path / "hive.parquet")

    assert data.user_ids[0] == "ü0" and len(data.user_ids) == 7 and len(data) == 60
    assert any(note.startswith("`blob` of hive.parquet hold no text") for note in data.notes)
