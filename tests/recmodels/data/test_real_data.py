"""The files that people have: each reads with the counts that its publisher states."""

import json
import time
from pathlib import Path

import pytest

from recmodels.data.profile import profile
from recmodels.data.reading.read import read_interactions
from recmodels.data.split import split
from recmodels.errors import DataError
from recmodels.request import SplitSpec

# file, rows in the file, rows that repeat a pair, users, items, time, text columns, group columns
CASES = [
    ("ml-100k/ml-100k.inter", 100_000, 0, 943, 1682, "timestamp", 2, 3),
    ("ml-1m/ratings_in_order.csv", 999_611, 0, 6040, 3416, "order", 2, 3),
    ("ml-1m-ultragcn-split/train.txt", 796_244 + 99_455, 0, 6022, 3043, "none", 0, 0),
    ("ml-latest-small/ratings.csv", 100_836, 0, 610, 9724, "timestamp", 2, 0),  # 18 of its 9,742 movies are unrated
    ("lastfm-hetrec/user_artists.dat", 92_834, 0, 1892, 17_632, "none", 1, 0),
    ("amazon-beauty-toys/Beauty.txt", 198_502, 0, 22_363, 12_101, "order", 0, 0),
    ("amazon-beauty-toys/Toys_and_Games.txt", 167_597, 0, 19_412, 11_924, "order", 0, 0),
    ("frappe/frappe.csv", 96_203, 77_361, 957, 4082, "none", 5, 0),  # a pair for each context
    ("steam/game_play.dat", 70_489, 12, 11_350, 3600, "none", 1, 0),
    ("steam/game_purchase.dat", 129_511, 707, 12_393, 5155, "none", 1, 0),
    ("book-crossing/book_history.dat", 272_678, 0, 2946, 17_384, "none", 3, 2),
    ("book-crossing/book_ratings.dat", 62_656, 0, 1295, 14_684, "none", 3, 2),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_public_dataset_reads_with_its_published_counts(case, real_data: Path) -> None:
    file, n_rows, n_repeats, n_users, n_items, kind, n_texts, n_groups = case

    data = read_interactions(real_data / file)

    assert (len(data), data.n_users, data.n_items) == (n_rows - n_repeats, n_users, n_items)
    assert data.time_kind == kind
    assert (len(data.text_columns), len(data.group_columns)) == (n_texts, n_groups)
    if n_repeats:
        assert any(f"{n_repeats:,} rows repeat another's user and item" in note for note in data.notes)
    if n_texts:
        named = sum(text != item for text, item in zip(data.item_texts(), data.item_ids, strict=True))
        assert named / n_items > 0.99
    parts = split(data, SplitSpec(seed=1))
    assert len(parts.train) + len(parts.valid) + len(parts.test) == len(data)
    assert profile(data)["n_items"] == n_items


def test_a_folder_of_recbole_files_is_one_dataset(real_data: Path) -> None:
    data = read_interactions(real_data / "ml-100k")

    assert data.item_table["movie_title"][data.item_ids.to_list().index("1")] == "Toy Story"
    assert data.group_columns == ("gender", "occupation", "age_group")


def test_a_train_and_a_test_file_keep_their_parts(real_data: Path) -> None:
    parts = split(read_interactions(real_data / "ml-1m-ultragcn-split"))

    assert parts.kind == "given"
    assert len(parts.test) == 99_455
    assert len(parts.train) + len(parts.valid) == 796_244


def test_clicks_with_labels_keep_the_clicks_and_their_parts(real_data: Path) -> None:
    data = read_interactions(real_data / "frappe" / "train.csv")

    assert set(data.given_split.tolist()) == {0, 1, 2}
    assert any("`label` 0, which is no interaction" in note for note in data.notes)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("lastfm-hetrec/user_friends.dat", "looks like the item; its columns are: userID, friendID"),
        ("ml-latest-small/movies.csv", "looks like the user"),
        ("lastfm-hetrec/readme.txt", "has one column"),
        ("amazon-beauty-toys", "must hold one file of interactions"),
    ],
)
def test_what_is_no_interaction_log_is_refused(file: str, message: str, real_data: Path) -> None:
    with pytest.raises(DataError, match=message):
        read_interactions(real_data / file)


def test_every_prompt_of_tallrec_can_be_told_from_the_answers_of_its_user(real_data: Path) -> None:
    data = read_interactions(real_data / "tallrec-movie")
    examples, titles = data.examples, data.item_ids.to_list()
    starts = data.examples.users.searchsorted(examples.users)
    told = []
    for row in examples.context["n_liked"].is_not_null().arg_true():
        shown = range(max(starts[row], row - 10), row)
        liked, disliked = (
            ", ".join(f'"{titles[examples.items[i]]}"' for i in shown if examples.labels[i] == answer)
            for answer in (1, 0)
        )
        asked = f'Whether the user will like the target movie "{titles[examples.items[row]]}"?'
        told.append(f"User Preference: {liked}\nUser Unpreference: {disliked}\n{asked}")
    files = (real_data / "tallrec-movie" / f"movie_{part}.json" for part in ("valid", "test"))
    assert told == [row["input"] for file in files for row in json.loads(file.read_text())]
    assert [int((data.examples.given_split == part).sum()) for part in range(3)] == [1090, 200, 1000]


def test_a_million_rows_are_read_in_seconds(real_data: Path) -> None:
    started = time.process_time()
    read_interactions(real_data / "ml-1m" / "ratings_in_order.csv")

    assert time.process_time() - started < 6  # about one and a half of processor time when measured alone
