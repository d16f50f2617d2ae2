"""Labelled rows and their context: what is read, what is kept, how it is divided."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from recmodels.data.examples import Examples
from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions
from recmodels.data.split import split, split_examples
from recmodels.errors import DataError
from recmodels.request import SplitSpec

LABELLED = """user,item,click,hour,price
a,x,1,h1,0.5
a,y,0,h2,1.5
a,x,1,h2,
b,x,0,,2.5
b,z,0,h1,3.5
c,y,1,h1,0.5
"""


def ids_of(data: Interactions) -> list[tuple[str, str]]:
    examples = data.all_examples()
    return [(data.user_ids[int(u)], data.item_ids[int(i)]) for u, i in zip(examples.users, examples.items, strict=True)]


def test_zeros_and_repeats_are_kept_beside_the_interactions(write) -> None:
    data = read_interactions(write("x.csv", LABELLED))

    assert len(data) == 2  # a-x once, c-y
    assert data.target() == "label"
    assert ids_of(data) == [("a", "x"), ("a", "y"), ("a", "x"), ("c", "y"), ("b", "x"), ("b", "z")]  # c was seen first
    assert data.examples.labels.tolist() == [1, 0, 1, 1, 0, 0]
    assert data.examples.context["hour"].to_list() == ["h1", "h2", "h2", "h1", None, "h1"]
    assert data.examples.context["price"].to_list() == [0.5, 1.5, None, 0.5, 2.5, 3.5]


def test_users_and_items_that_only_refused_come_after_the_others(write) -> None:
    data = read_interactions(write("x.csv", LABELLED))

    assert data.user_ids.to_list() == ["a", "c", "b"]
    assert data.item_ids.to_list() == ["x", "y", "z"]


def test_examples_survive_saving_and_count_in_the_fingerprint(write, tmp_path: Path) -> None:
    data = read_interactions(write("x.csv", LABELLED))
    data.save(tmp_path / "d")
    loaded = Interactions.load(tmp_path / "d")

    assert loaded.examples.to_frame().equals(data.examples.to_frame())
    assert loaded.fingerprint() == data.fingerprint()
    other = read_interactions(write("x.csv", LABELLED.replace("b,z,0,h1", "b,z,0,h2")))
    assert other.fingerprint() != data.fingerprint()


def test_a_folder_that_was_saved_before_there_were_examples_still_loads(write, tmp_path: Path) -> None:
    data = read_interactions(write("x.csv", "user,item,rating\na,x,3\na,y,5\nb,x,1\n"))
    data.save(tmp_path / "d")

    assert not (tmp_path / "d" / "examples.parquet").exists()
    loaded = Interactions.load(tmp_path / "d")
    assert loaded.examples is None
    assert loaded.target() == "rating"
    assert loaded.all_examples().labels.tolist() == [3, 5, 1]


def test_damaged_examples_are_refused_in_one_sentence(write, tmp_path: Path) -> None:
    read_interactions(write("x.csv", LABELLED)).save(tmp_path / "d")
    file = tmp_path / "d" / "examples.parquet"
    pl.read_parquet(file).with_columns(pl.lit(99).alias("items")).write_parquet(file)

    with pytest.raises(DataError, match="is damaged: `items` do not fit"):
        Interactions.load(tmp_path / "d")


def test_columns_of_outcomes_and_of_users_or_items_alone_are_no_context(write) -> None:
    rows = [f"u{i % 7},i{i % 5},{i % 2},g{i % 7 % 2},k{i % 5 % 2},{i % 3},t{i % 4},s{i}" for i in range(60)]
    data = read_interactions(write("x.csv", "\n".join(["user,item,rating,gender,kind,plays,when,session", *rows])))

    assert data.examples.context.columns == ["when"]
    assert any(note.startswith("more is known of each row: when; models that predict") for note in data.notes)


def test_a_file_without_context_or_refusals_has_no_examples_of_its_own(write) -> None:
    data = read_interactions(write("x.csv", "user,item,label\na,x,1\nb,y,1\n"))

    assert data.examples is None
    assert data.target() is None


@pytest.mark.parametrize(
    ("labels", "column", "expected"),
    [
        ([0, 1, 1], "rating", "label"),
        ([1, 3, 5], "rating", "rating"),
        ([1, 3, 5], "plays", None),
        ([1, 30, 5000], "weight", None),
        ([1, 1, 1], "label", None),
    ],
)
def test_what_labels_are_is_told_from_their_values_and_name(
    labels: list[float], column: str, expected: str | None
) -> None:
    zeros = np.zeros(3, dtype=np.int64)
    found = Examples(users=zeros, items=zeros, labels=np.array(labels, dtype=np.float32)).target(column)
    assert found == expected


def test_given_files_keep_their_labelled_rows_as_they_are(write) -> None:
    header = "label,user,item,hour\n"
    path = write("train.csv", header + "1,a,x,h1\n0,a,y,h2\n0,a,y,h2\n1,b,y,h2\n0,b,x,h2\n1,c,x,h1\n")
    write("valid.csv", header + "1,a,y,h2\n0,b,x,h1\n")
    write("test.csv", header + "1,b,x,h3\n1,c,y,h1\n")  # no zero, and an hour that is new
    data = read_interactions(path)

    parts = split_examples(data, split(data))
    assert [len(part) for part in parts] == [6, 2, 2]
    labels, hours = data.examples.labels, data.examples.context["hour"].to_numpy()
    assert sorted(labels[parts[0]].tolist()) == [0, 0, 0, 1, 1, 1]
    assert labels[parts[2]].tolist() == [1, 1]
    assert set(hours[parts[2]]) == {"h3", "h1"}


@pytest.mark.parametrize("given", ["train", "test"])
def test_a_part_that_the_data_lack_has_the_rate_of_the_others_and_a_border_leaves_test(given: str, write) -> None:
    rng = np.random.default_rng(0)
    parts = np.where(rng.random(6000) < 0.1, given, "train")
    rows = [f"{rng.integers(60)},{rng.integers(300)},{int(rng.random() < 0.3)},{part}" for part in parts]
    data = read_interactions(write("x.csv", "\n".join(["user,item,click,split", *rows])))
    plain, moved = (split_examples(data, split(data, SplitSpec(kind="given", border=border))) for border in (None, 1))
    assert np.array_equal(np.sort(np.concatenate(plain)), np.arange(6000))
    assert np.array_equal(plain[2], moved[2])
    assert not np.array_equal(plain[1], moved[1])
    for found in (plain, moved):
        rates = [data.examples.labels[rows].mean() for rows in found]
        assert max(rates) - min(rates) < 0.09  # of some 500 rows: standard deviation 0.02


def test_a_border_moves_the_refused_rows_too_and_leaves_those_of_test(write) -> None:
    rng = np.random.default_rng(0)
    rows = [f"{rng.integers(30)},{rng.integers(60)},{rng.integers(2)}" for _ in range(1500)]
    data = read_interactions(write("x.csv", "\n".join(["user,item,click", *rows])))
    plain, moved, other = (
        split_examples(data, split(data, SplitSpec(kind="random", border=border))) for border in (None, 1, 2)
    )
    assert np.array_equal(plain[2], moved[2])
    assert np.array_equal(plain[2], other[2])
    refused = data.examples.labels == 0
    for first, second in ((plain, moved), (moved, other)):
        both = [rows[refused[rows]] for rows in (first[1], second[1])]
        assert len(np.intersect1d(*both)) < 0.4 * len(both[0]), "drawn independently, a ninth is in both"
    counts = np.zeros(2)  # rows of train and valid, over many borders
    refused_counts = np.zeros(2)
    for border in range(60):
        drawn = split_examples(data, split(data, SplitSpec(kind="random", border=border)))
        counts += [(~refused[rows]).sum() for rows in drawn[:2]]
        refused_counts += [refused[rows].sum() for rows in drawn[:2]]
    shares = counts[1] / counts.sum(), refused_counts[1] / refused_counts.sum()
    assert shares[1] == pytest.approx(shares[0], abs=0.006), "refused rows are divided as the others are"


@pytest.mark.parametrize("kind", ["random", "leave_last_out", "temporal"])
@pytest.mark.parametrize("has_times", [True, False])
def test_no_pair_that_is_held_out_from_the_lists_is_an_example_to_train_on(kind: str, has_times: bool, write) -> None:
    if kind == "temporal" and not has_times:
        pytest.skip("a temporal split needs times")
    rng = np.random.default_rng(0)
    rows = [
        f"{rng.integers(12)},{rng.integers(40)},{rng.integers(2)}" + (f",{1_700_000_000 + i}" if has_times else "")
        for i in range(600)
    ]
    data = read_interactions(write("x.csv", "\n".join(["user,item,click" + ",timestamp" * has_times, *rows])))
    parts = split(data, SplitSpec(kind=kind))
    train, valid, test = split_examples(data, parts)

    assert sorted(np.concatenate([train, valid, test]).tolist()) == list(range(len(data.examples)))
    assert min(map(len, (train, valid, test))) > 0
    examples, times = data.examples, data.times
    trained = examples.labels[train] > 0
    moments = examples.times if has_times else np.zeros_like(examples.users)
    keys = {*zip(examples.users[train][trained], examples.items[train][trained], moments[train][trained], strict=True)}
    rows_held = np.concatenate([parts.valid, parts.test])
    held_moments = times[rows_held] if has_times else np.zeros_like(rows_held)
    assert not keys & {*zip(data.users[rows_held], data.items[rows_held], held_moments, strict=True)}
