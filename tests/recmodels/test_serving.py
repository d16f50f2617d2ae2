"""Recommendations from a checkpoint."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from recmodels.data.interactions import Interactions
from recmodels.errors import DataError, ParamError
from recmodels.request import Budget, TrainRequest
from recmodels.serving import Recommender
from recmodels.training import train


@pytest.fixture(scope="module")
def checkpoint(circles_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoints") / "sasrec"
    budget = Budget(epochs=40, patience=40)
    train(TrainRequest(dataset=circles_folder, model="sasrec", budget=budget, checkpoint=folder, n_threads=1))
    return folder


def test_the_next_book_of_the_circle_is_recommended_first(checkpoint: Path) -> None:
    recommender = Recommender.load(checkpoint)
    right = 0
    for user in range(20):
        history = recommender.history(f"user-{user}")
        group, last = history[-1].split("-")[1:]
        right += recommender.recommend(f"user-{user}", k=1)[0].item_id == f"book-{group}-{(int(last) + 1) % 10}"
    assert right >= 18


def test_a_list_is_best_first_new_to_the_user_and_says_what_its_items_are(checkpoint: Path) -> None:
    recommender = Recommender.load(checkpoint)
    listed = recommender.recommend("user-0", k=1000)
    scores = [place.score for place in listed]
    assert scores == sorted(scores, reverse=True)
    assert len(listed) == 40 - 7
    assert all(place.text.startswith("Volume ") for place in listed)


def test_a_new_reader_is_recommended_what_follows_their_books(checkpoint: Path) -> None:
    recommender = Recommender.load(checkpoint)
    known = recommender.recommend("user-3", k=5)
    new = recommender.recommend_after(recommender.history("user-3"), k=5)
    assert [place.item_id for place in new] == [place.item_id for place in known]
    assert {place.fallback for place in known + new} == {None}


def test_a_reader_of_whom_nothing_is_known_gets_popular_books_and_is_told_so(checkpoint: Path) -> None:
    recommender = Recommender.load(checkpoint)
    listed = recommender.recommend("nobody", k=40)
    assert listed == recommender.recommend_after([], k=40)
    assert len(listed) == 40
    assert {place.fallback for place in listed} == {"popularity"}
    counts = Counter(book for user in range(80) for book in recommender.history(f"user-{user}"))
    assert [place.score for place in listed] == [counts[place.item_id] for place in listed]


def test_unknown_books_and_users_and_a_list_of_nothing_are_refused(checkpoint: Path) -> None:
    recommender = Recommender.load(checkpoint)
    with pytest.raises(DataError, match="no item 'book-0-99'; did you mean 'book-0-9'"):
        recommender.recommend_after(["book-0-1", "book-0-99"])
    with pytest.raises(ParamError, match="SASRec reads no texts"):
        recommender.score_texts(["a title"], history=["book-0-1"])
    with pytest.raises(DataError, match="no user 'nobody'"):
        recommender.history("nobody")
    with pytest.raises(ParamError, match="`k` must be 1 or more"):
        recommender.recommend("user-0", k=0)


@pytest.mark.parametrize("damaged", ["checkpoint.json", "ids.json", "model.safetensors"])
def test_a_damaged_checkpoint_is_refused(damaged: str, checkpoint: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(checkpoint, copy)
    (copy / damaged).write_text("{")
    with pytest.raises(DataError, match="copy"):
        Recommender.load(copy)
    (copy / damaged).unlink()
    with pytest.raises(DataError, match="copy"):
        Recommender.load(copy)


def test_a_dataset_that_changed_since_is_refused(circles_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(circles_folder, tmp_path / "data")
    train(TrainRequest(dataset=tmp_path / "data", model="popularity", checkpoint=tmp_path / "model"))
    data = Interactions.load(tmp_path / "data")
    Interactions.from_events("circles", data_frame_of(data)[::-1], time_kind="order").save(tmp_path / "data")
    with pytest.raises(DataError, match="changed after"):
        Recommender.load(tmp_path / "model")


def data_frame_of(data: Interactions):
    import polars as pl

    return pl.DataFrame(
        {"user": data.user_ids.gather(data.users), "item": data.item_ids.gather(data.items), "time": data.times}
    )
