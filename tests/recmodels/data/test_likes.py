"""A dataset under a rule of what counts as a like, on stars of two kinds of people who hate what the others love."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from recmodels.data.interactions import Interactions
from recmodels.data.likes import default_rule, said_of, with_likes
from recmodels.data.split import split, split_examples
from recmodels.errors import DataError
from recmodels.loop.preparation import data_on
from recmodels.positive import parse_rule
from recmodels.request import Budget, SplitSpec, TrainRequest, TrainResult
from recmodels.serving import Recommender
from recmodels.training import train

pytestmark = pytest.mark.filterwarnings("ignore:.*pin_memory")
N_USERS, N_ITEMS = 40, 24
LIKED, HATED = 7, 7  # of each user's twelve of either kind


def stars(*, has_times: bool = False) -> Interactions:
    """People with even numbers love even items and hate odd ones, the others the other way round."""
    rng = np.random.default_rng(0)
    rows = []
    for user in range(N_USERS):
        loved = rng.permutation(np.arange(user % 2, N_ITEMS, 2))[:LIKED]
        hated = rng.permutation(np.arange(1 - user % 2, N_ITEMS, 2))[:HATED]
        rated = [(item, 5.0) for item in loved] + [(item, 1.0) for item in hated]
        for time, place in enumerate(rng.permutation(len(rated))):
            item, rating = rated[place]
            rows.append({"user": f"u{user}", "item": f"i{item}", "weight": rating, "time": time})
    frame = pl.DataFrame(rows)
    kind: Any = "timestamp" if has_times else "none"
    frame = frame if has_times else frame.drop("time")
    return Interactions.from_events("stars", frame, columns={"weight": "rating"}, time_kind=kind)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("stars") / "saved"
    stars().save(place)
    return place


def run(folder: Path, model: str = "item_knn", **rest: Any) -> TrainResult:
    return train(TrainRequest(dataset=folder, model=model, measures_test=True, device="cpu", n_threads=1, **rest))


def is_hated(data: Interactions, users: Any, items: Any) -> Any:
    numbers = [np.array([int(id[1:]) for id in ids]) for ids in (data.user_ids, data.item_ids)]
    return (numbers[0][users] + numbers[1][items]) % 2 == 1


def test_the_likes_stay_as_interactions_and_all_rows_become_examples() -> None:
    data = stars()
    found = with_likes(data, parse_rule(">=4"))
    assert (len(found), len(found.all_examples())) == (N_USERS * LIKED, N_USERS * (LIKED + HATED))
    assert set(found.weights) == {5.0}  # type: ignore[arg-type]
    assert found.user_ids.equals(data.user_ids) and found.item_ids.equals(data.item_ids)
    assert found.examples is not None and found.examples.is_liked is not None
    assert (found.examples.is_liked == (found.examples.labels == 5)).all()
    assert found.targets() == {"rating", "label"} and data.targets() == {"rating"}
    assert with_likes(data, parse_rule("all")) is data and with_likes(data, parse_rule(">=1")) is data


@pytest.mark.parametrize("kind", ["random", "leave_last_out", "temporal"])
def test_no_hated_item_is_relevant_and_the_last_like_is_left_out(kind: Any) -> None:
    data = with_likes(stars(has_times=True), parse_rule(">=4"))
    parts = split(data, SplitSpec(kind=kind))
    for rows in (parts.train, parts.valid, parts.test):
        assert len(rows) and not is_hated(data, data.users[rows], data.items[rows]).any()
    if kind == "leave_last_out":
        assert (parts.test == data.offsets()[1:] - 1).all()


def test_a_part_of_the_data_s_own_split_without_a_like_is_not_drawn_from_the_others() -> None:
    data = stars(has_times=True)
    has_like = data.weights == 5
    given = np.where(np.arange(len(data)) % 3 == 1, 1, 0) + 2 * ~has_like  # what was hated is all of test
    parts = replace(data, given_split=given.clip(max=2).astype(np.int8))
    with pytest.raises(DataError, match="0 to test"):
        split(with_likes(parts, parse_rule(">=4")), SplitSpec(kind="given"))


@pytest.mark.parametrize("kind", ["random", "leave_last_out"])
def test_what_was_hated_before_the_cut_is_masked_and_never_learned(kind: Any) -> None:
    data = with_likes(stars(has_times=True), parse_rule(">=4"))
    parts = split(data, SplitSpec(kind=kind))
    on_device = data_on(data, parts, torch.device("cpu"))
    examples, (train_rows, valid_rows, test_rows) = data.all_examples(), split_examples(data, parts)
    assert len(train_rows) and len(valid_rows) and len(test_rows)
    users = torch.arange(data.n_users)
    for seen, known in ((on_device.train, train_rows), (on_device.before_test, np.union1d(train_rows, valid_rows))):
        hidden = torch.zeros(data.n_users, data.n_items, dtype=torch.bool)
        hidden[seen.masked(users)] = True
        wanted = torch.zeros_like(hidden)
        wanted[examples.users[known], examples.items[known]] = True
        learned = [(user, item) for user, item in zip(seen.users.tolist(), seen.items.tolist(), strict=True)]
        wanted[tuple(torch.tensor(learned).T)] = True
        assert torch.equal(hidden, wanted)
        assert not is_hated(data, seen.users.numpy(), seen.items.numpy()).any()


@pytest.mark.parametrize("model", ["item_knn", "ease", "biased_mf"])
def test_nobody_is_recommended_what_they_hate(model: str, folder: Path, tmp_path: Path) -> None:
    params = {"embedding_size": 8, "learning_rate": 0.05} if model == "biased_mf" else {}
    result = run(
        folder, model, params=params, positive=">=4", checkpoint=tmp_path / "c", refit=True, budget=Budget(epochs=20)
    )
    assert (result.positive, result.split) == (">=4", "random")
    assert (
        result.likes == "ratings of 4 and more count as likes: 280 of 560 rows; the others are known but not relevant"
    )
    recommender = Recommender.load(tmp_path / "c")
    data = stars()
    for user in range(6):
        listed = [int(place.item_id[1:]) for place in recommender.recommend(f"u{user}", k=24)]
        rated = {int(data.item_ids[int(item)][1:]) for item in data.history(user)}
        assert not rated & set(listed) and len(listed) == N_ITEMS - len(rated)
        assert all((item + user) % 2 == 0 for item in listed[: 12 - LIKED]), model


def test_the_rule_is_the_scale_s_own_unless_every_row_shall_count(folder: Path) -> None:
    found = {rule: run(folder, positive=rule) for rule in ("all", ">=1", ">=4", None)}
    measured = {rule: result.metrics["test_ndcg@10"] for rule, result in found.items()}
    assert measured["all"] == measured[">=1"] != measured[">=4"]
    assert (measured[None], found[None].positive, found["all"].positive) == (measured[">=4"], ">=4", "all")
    assert found["all"].likes == "every row counts as a like: 560 rows"


def test_too_few_likes_for_a_split_are_told_from_too_few_rows() -> None:
    data = with_likes(events([5, 1, 1, 1], "rating"), parse_rule(">=4"))
    with pytest.raises(DataError, match=r"1 rows that count as likes \(`all` would count every row\)"):
        split(data, SplitSpec(kind="random"))


def test_a_model_that_predicts_learns_from_what_was_not_liked(folder: Path) -> None:
    params = {"embedding_size": 8, "learning_rate": 0.05}
    asked = {"params": params, "positive": ">=4", "budget": Budget(epochs=30)}
    assert run(folder, "biased_mf", objective="auc", **asked).metrics["test_auc"] > 0.9
    assert run(folder, "biased_mf", objective="rmse", **asked).metrics["test_rmse"] < 1.0
    with pytest.raises(DataError, match="auc"):
        run(folder, "biased_mf", objective="auc", params=params, positive="all")


def events(weights: list[float], column: str) -> Interactions:
    rows = [{"user": f"u{i % 7}", "item": f"i{i}", "weight": weight} for i, weight in enumerate(weights)]
    return Interactions.from_events("d", pl.DataFrame(rows), columns={"weight": column} if column else {})


HALVES = [step / 2 for step in range(1, 11)]


@pytest.mark.parametrize(
    ("column", "weights", "rule"),
    [
        ("rating", [1, 2, 3, 4, 5], ">=4"),
        ("Book-Rating", [0, 0, 3, 5, 8, 10], ">=8"),
        ("rating", [1, 5], ">=4"),
        ("stars", [2, 3, 4], ">=4"),
        ("rating", HALVES, ">=4"),
        ("rating", list(range(1, 11)), ">=8"),
        ("review_score", [7.3, 9.9, 1.0], ">=8"),
        ("score", [0, 55, 80, 100], ">=80"),
        ("vote", [-1, 1], ">0"),
        ("thumb", [-1, 1], ">0"),
        ("recommended", [0, 1], ">0"),
        ("评分", [1, 3, 5], ">=4"),
        ("rating", [-9.7, 3.2, 9.1], ">0"),
        ("rating", [0, 1], ">0"),
        ("column 3", [1, 2, 3, 4, 5], ">=4"),
        ("", HALVES, ">=4"),
        ("weight", [-1, 1], ">0"),
        ("weight", [1, 2, 4, 5], "all"),  # by no telling name all of a scale has to be there
        ("rating", [1, 2, 3], "all"),  # of no known scale
        ("rating", [1, 2, 7], "all"),
        ("score", [0.12, 0.93, 4.713, 4.9], "all"),
        ("score", [1, 20, 50], "all"),
        ("plays", [1, 2, 3, 4, 5], "all"),
        ("quantity", [-1, 1], ">0"),
        ("hours", [0.5, 4, 10], "all"),
        ("purchase", [1, 2, 3, 4, 5], "all"),
        ("num_ratings", [1, 2, 4, 5], "all"),
    ],
)
def test_the_upper_part_of_a_known_scale_is_liked(column: str, weights: list[float], rule: str) -> None:
    assert default_rule(events(weights, column)).to_text() == rule


def test_rows_without_weights_all_count() -> None:
    data = Interactions.from_events("d", pl.DataFrame({"user": ["a"], "item": ["b"]}))
    assert default_rule(data).is_all and not said_of(data, default_rule(data))
    with pytest.raises(DataError, match="no ratings to compare; say `all`"):
        with_likes(data, parse_rule(">=4"))


def test_a_rule_that_nothing_meets_says_what_there_is() -> None:
    with pytest.raises(DataError, match=r"no row of `d` is a like: ratings of 6 and more .* its ratings are 1 to 5"):
        with_likes(events([1, 5], "rating"), parse_rule(">=6"))
