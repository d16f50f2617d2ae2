"""JSON as people write tables in it: the events read, or the sentence that says what is wrong."""

import io
import json

import polars as pl
import pytest

from recmodels.errors import DataError

RIGHT = {"a": ["x", "y", "z"], "b": ["y", "x"]}
ROWS = [
    {"user_id": user, "item_id": item, "timestamp": 1_700_000_000 + n}
    for user, items in RIGHT.items()
    for n, item in enumerate(items)
]
SHUFFLED = [ROWS[i] for i in (2, 4, 0, 3, 1)]
LISTS = [{"user_id": user, "item_ids": items} for user, items in RIGHT.items()]
FRAME = {name: [row[name] for row in SHUFFLED] for name in ROWS[0]}
INDEXED = {str(n): row for n, row in enumerate(SHUFFLED)}
COLUMNS = {name: {str(n): value for n, value in enumerate(values)} for name, values in FRAME.items()}


def as_lines(rows: list[object]) -> str:
    return "\n".join(map(json.dumps, rows)) + "\n"


def mongo(row: dict[str, object], is_canonical: bool) -> dict[str, object]:
    n = int(row["timestamp"]) % 10
    moment = {"$numberLong": str(1_704_067_200_000 + 1000 * n)} if is_canonical else f"2024-01-01T00:00:0{n}Z"
    return {
        "_id": {"$oid": f"5f{n:022d}"},
        "user_id": {"$oid": row["user_id"]},
        "item_id": row["item_id"],
        "created_at": {"$date": moment},
    }


# layout → content, and what a note must say of it
READ: dict[str, tuple[str | bytes, str]] = {
    "lists in cells": (as_lines(LISTS), "the lists in `item_ids` of x.json were read as 5 events, from 2 rows"),
    "lists under the item's own name": (
        as_lines([{"user_id": user, "item_id": items} for user, items in RIGHT.items()]),
        "the lists in `item_id` of x.json have no times: their values are read in their order, the first is the oldest",
    ),
    "lists of items and of times": (
        as_lines(
            [
                {"user_id": u, "item_ids": list(reversed(items)), "timestamps": list(range(1700000009, 1700000009 - len(items), -1))}  # noqa: E501
                for u, items in RIGHT.items()
            ]
        ),
        "the lists in `item_ids`, `timestamps` of x.json were read as 5 events",
    ),
    "lists of objects": (
        as_lines(
            [
                {"user_id": u, "name": "n", "items": [{"item_id": item, "ts": 1_700_000_000 - n} for n, item in enumerate(reversed(items))]}  # noqa: E501
                for u, items in RIGHT.items()
            ]
        ),
        "the lists in `items` of x.json were read as 5 events",
    ),
    "lists of objects with an id": (
        as_lines([{"user_id": u, "tracks": [{"id": item, "n": 1} for item in items]} for u, items in RIGHT.items()]),
        "item = track.id",
    ),
    "a dictionary of lists": (json.dumps(RIGHT), "x.json is one object of lists, it was read as {user: [item, …]}"),
    "a dictionary of lists of lists": (
        json.dumps({u: [[f"i{item}", 5, 1_700_000_000 + n] for n, item in enumerate(items)] for u, items in RIGHT.items()}).replace("ix", "x").replace("iy", "y").replace("iz", "z"),  # noqa: E501
        "it was read as {user: [[item, …], …]}",
    ),
    "a dictionary of lists of objects": (
        json.dumps({u: [{"item": item, "ts": 1_700_000_000 + n} for n, item in enumerate(items)] for u, items in RIGHT.items()}),  # noqa: E501
        "it was read as {user: [event, …]}",
    ),
    "lists of objects of another name, below an object": (
        as_lines([{"visitor": {"id": u}, "visit": {"actionDetails": [{"url": item, "timestamp": 1_700_000_000 + n} for n, item in enumerate(items)]}} for u, items in RIGHT.items()]),  # noqa: E501
        "the lists in `visit.actionDetails` of x.json were read as 5 events",
    ),
    "an array of rows with lists": (json.dumps(LISTS, indent=1), "5 events, from 2 rows"),
    "nested objects": (
        as_lines([{"user": {"id": r["user_id"], "age": 3}, "item": {"id": r["item_id"]}, "timestamp": r["timestamp"]} for r in SHUFFLED]),  # noqa: E501
        "objects within objects of x.json became the columns `user.id`, `user.age`, `item.id`",
    ),
    "rows under a key": (
        json.dumps({"total": 5, "data": SHUFFLED}),
        "are those under its key `data`; what stands beside them, under `total`, was not read",
    ),
    "orient=table": (json.dumps({"schema": {"fields": []}, "data": SHUFFLED}), "under its key `data`"),
    "orient=columns": (json.dumps(COLUMNS), 'orient="columns"'),
    "orient=index": (json.dumps(INDEXED), 'orient="index"'),
    "orient=list": (json.dumps(FRAME, indent=2), 'orient="list"'),
    "orient=split": (
        json.dumps({"columns": list(FRAME), "index": [0], "data": [list(row.values()) for row in SHUFFLED]}),
        'orient="split"',
    ),
    "orient=values": (json.dumps([list(row.values()) for row in SHUFFLED]), "names no columns"),
    "lines of lists": (as_lines([list(row.values()) for row in SHUFFLED]), "names no columns"),
    "objects one after another": ("".join(json.dumps(row, indent=1) for row in SHUFFLED), ""),
    "objects on one line": (" ".join(map(json.dumps, SHUFFLED)), ""),
    "trailing commas": (
        "[" + "".join(json.dumps(row)[:-1] + ",}," for row in SHUFFLED) + "]",
        "6 trailing commas in x.json were passed over",
    ),
    "NaN": (
        as_lines([row | {"rating": float("nan"), "note": "NaN, "} for row in SHUFFLED]),
        "5 NaN or Infinity in x.json were read as missing",
    ),
    "Python dicts": (
        "\n".join(str(row | {"name": "Game 1's", "ok": True, "no": None}) for row in SHUFFLED),
        "x.json holds Python dicts, not JSON",
    ),
    "Python dicts with lists of dicts": (
        "\n".join(str({"user_id": u, "items": [{"item_id": item} for item in items]}) for u, items in RIGHT.items()),
        "5 events, from 2 rows",
    ),
    "MongoDB's export": (as_lines([mongo(row, False) for row in SHUFFLED]), ""),
    "MongoDB's canonical export": (as_lines([mongo(row, True) for row in SHUFFLED]), "is in milliseconds"),
    "a byte order mark": (b"\xef\xbb\xbf" + as_lines(SHUFFLED).encode(), ""),
    "blank lines between": (as_lines(SHUFFLED).replace("\n", "\n\n"), ""),
}  # fmt: skip


@pytest.mark.parametrize("layout", READ)
def test_each_layout_gives_the_events_and_says_how_they_were_found(layout: str, read) -> None:
    content, note = READ[layout]

    found, notes = read("x.json", content)

    ordered = any(words in " ".join(notes) for words in ("time = ", "the first is the oldest", "`at` holds moments"))
    assert found == (RIGHT if ordered else {user: sorted(items) for user, items in RIGHT.items()})
    assert note in "\n".join(notes), notes


def test_a_table_of_dicts_gives_users_items_and_ratings(read) -> None:
    found, notes = read("x.json", json.dumps({"a": {"x": 5, "y": 2}, "b": {"y": 4.5}}))

    assert found == {"a": ["x", "y"], "b": ["y"]}
    assert any("read as {user: {item: rating}}" in note for note in notes)


REFUSED: dict[str, tuple[str, str]] = {
    "lists of two lengths": (
        as_lines([{"user_id": "a", "item_ids": [1, 2], "timestamps": [1, 2]}, {"user_id": "b", "item_ids": [1, 2, 3], "timestamps": [4]}]),  # noqa: E501
        r"lists of one row must have the same length, `item_ids` has 3 values and `timestamps` has 1 in line 2 of x",
    ),
    "two lists of items": (
        as_lines([{"user_id": "a", "movies": [1, 2], "books": [3]}] * 2),
        r"the lists `movies`, `books` of x.json could all hold the items",
    ),
    "two lists of rows": (
        json.dumps({"train": ROWS, "test": ROWS}),
        r"one object with several lists of rows, `train`, `test`: put the one of interactions into a file",
    ),
    "rows of two lengths": (json.dumps([[1, 2], [1]]), r"each row of x.json must have 2 values, row 2 has 1"),
    "half a Python dict": ("{'user_id': 1, 'item_id': 2}\n{'user_id': 1, 'it\n", r"line 2 of x.json is neither JSON nor a Python"),  # noqa: E501
    "Python that is no literal": ("{'user_id': open('f'), 'item_id': 2}\n", r"line 1 of x.json is neither JSON nor"),
    "lists within lists": (
        as_lines([{"user_id": "a", "sequence": [[1, 1_600_000_000], [2, 1_600_000_001]]}] * 2),
        r"`sequence` of x.json holds lists within lists, whose values have no names; write each as an object",
    ),
    "empty lists alone": (as_lines([{"user_id": "a", "item_ids": []}] * 2), r"`item_ids` of x.json"),
    "a cut last line": (as_lines(SHUFFLED)[:-12], r"line 5 of x.json is not valid JSON"),
}  # fmt: skip


@pytest.mark.parametrize("layout", REFUSED)
def test_what_cannot_be_known_is_refused_with_its_place(layout: str, read) -> None:
    content, sentence = REFUSED[layout]

    with pytest.raises(DataError, match=sentence):
        read("x.json", content)


@pytest.mark.parametrize("name", ["pageTitle", "actionDetails.pageTitle"])
def test_a_field_of_listed_objects_may_be_said_with_its_list_or_without(name: str, read) -> None:
    visits = [
        {
            "visitorId": user,
            "actionDetails": [{"url": "/", "pageTitle": item, "at": 1_700_000_000 + n} for n, item in enumerate(items)],
        }
        for user, items in RIGHT.items()
    ]

    found, notes = read("x.json", json.dumps(visits), item=name)

    assert {user: sorted(items) for user, items in found.items()} == {u: sorted(items) for u, items in RIGHT.items()}
    assert "the lists in `actionDetails` of x.json were read as 5 events, from 2 rows" in notes


def test_lists_of_objects_with_moments_are_not_said_to_be_in_order(read) -> None:
    rows = [
        {
            "user": f"u{u}",
            "history": [
                {"item": f"i{(u * 7 + n * 3) % 11}", "t": f"2024-01-{28 - n:02d} 10:{u:02d}"} for n in range(6)
            ],
        }
        for u in range(12)
    ]

    _, notes = read("x.json", as_lines(rows))

    assert "`t` holds moments and was taken for the time" in notes
    assert not any("oldest" in note for note in notes)


def test_a_dictionary_of_attributes_is_not_read_as_users(read) -> None:
    with pytest.raises(DataError, match=r"no column of x_item2attributes\.json looks like the user"):
        read("x_item2attributes.json", json.dumps({"17": [1, 2], "18": [2]}))


def test_an_object_of_ratings_in_each_row_is_a_rating_each(read) -> None:
    known = {"a": {f"m{n}": 1 + n % 5 for n in range(0, 9, 2)}, "b": {f"m{n}": 5 for n in (1, 2, 3)}}

    found, _ = read("x.json", as_lines([{"user_id": user, "ratings": ratings} for user, ratings in known.items()]))

    assert found == {user: sorted(ratings) for user, ratings in known.items()}


def test_users_in_lists_are_events_of_their_row_s_item(read) -> None:
    found, _ = read("x.json", as_lines([{"item_id": "x", "users": ["a", "b"]}, {"item_id": "y", "users": ["b"]}]))

    assert {user: sorted(items) for user, items in found.items()} == {"a": ["x"], "b": ["x", "y"]}


def test_pandas_default_json_may_have_far_more_rows_than_a_table_has_columns(read) -> None:
    n = 3000
    columns = {"user_id": {str(row): row % 7 for row in range(n)}, "item_id": {str(row): row for row in range(n)}}

    assert sum(map(len, read("x.json", json.dumps(columns))[0].values())) == n


def test_lists_beside_an_item_are_its_attributes_and_stay_with_it(read) -> None:
    rows = [row | {"tags": ["p", "q"], "helpful": [0, 1]} for row in SHUFFLED]

    assert read("x.json", as_lines(rows))[0] == RIGHT


def test_parquet_lists_and_structs_are_read_like_those_of_json(read) -> None:
    file = io.BytesIO()
    pl.DataFrame(
        {"user": [{"id": user} for user in RIGHT], "items": list(RIGHT.values()), "raw": [b"\xff", b"\xfe"]}
    ).write_parquet(file)

    found, notes = read("x.parquet", file.getvalue())

    assert found == RIGHT
    assert any("5 events, from 2 rows" in note for note in notes)
    assert any("`raw` of x.parquet hold no text or number and were left out" in note for note in notes)


CELLS = {
    "spaces": "user,items\na,x1 y2 z3\nb,y2 x1\n",
    "bars": "user,items\na,x1|y2|z3\nb,y2|x1\n",
    "brackets": "user,item_ids\na,\"['x1', 'y2', 'z3']\"\nb,\"['y2', 'x1']\"\n",
    "numpy's brackets": "user,items\na,[x1 y2 z3]\nb,[y2 x1]\n",
    "commas in quotes": 'user,history\na,"x1,y2,z3"\nb,"y2, x1"\n',
    "with times": "user,items,times\na,z3 y2 x1,1700000009 1700000008 1700000007\nb,x1 y2,1700000009 1700000008\n",
    "bracketed times": 'user,items,timestamps\na,"[x1, y2, z3]","[1700000001, 1700000002, 1700000003]"\nb,"[y2, x1]","[1, 2]"\n',  # noqa: E501
}


@pytest.mark.parametrize("form", CELLS)
def test_lists_in_the_cells_of_a_csv_are_events_in_their_order(form: str, read) -> None:
    found, _ = read("x.csv", CELLS[form])

    assert found == {"a": ["x1", "y2", "z3"], "b": ["y2", "x1"]}


@pytest.mark.parametrize("content", ['7,"1 27 10"\n8,"27 1"\n', 'user,item\n7,"1 27 10"\n8,"27 1"\n'])
def test_numbers_in_one_cell_are_a_list_where_the_name_or_the_place_is_the_items(content: str, read) -> None:
    assert read("x.csv", content)[0] == {"7": ["1", "27", "10"], "8": ["27", "1"]}


def test_texts_and_genres_are_no_lists_of_items(read) -> None:
    found, _ = read("x.csv", "user,item,reviews,genres\na,x,very good 10,Drama|War\nb,y,so so 5,War\n")

    assert found == {"a": ["x"], "b": ["y"]}


def test_a_list_that_a_person_names_is_exploded_whatever_its_name(read) -> None:
    file = io.BytesIO()
    moments = [
        pl.Series([f"2023-05-0{n + 1}" for n in range(len(items))]).str.to_datetime() for items in RIGHT.values()
    ]
    columns = {"user_id": list(RIGHT), "impression_time_fixed": moments, "article_id_fixed": list(RIGHT.values())}
    pl.DataFrame(columns).write_parquet(file)

    found, _ = read("history.parquet", file.getvalue(), item="article_id_fixed", time="impression_time_fixed")

    assert found == RIGHT


def test_an_item_that_a_person_names_is_no_list_because_another_column_is_one(read) -> None:
    rows = [{"user_id": user, "sku": "s" + user, "movies": [1, 2], "what": "w" + user} for user in RIGHT]

    assert read("x.json", as_lines(rows), item="what")[0] == {user: ["w" + user] for user in RIGHT}
