"""Lists measured and reordered by what is known of items and users, from a file to the metrics and the serving."""

import shutil
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from safetensors.torch import load_file, save_file

from recmodels.aspects import aspects_of
from recmodels.data.categories import item_categories
from recmodels.data.interactions import Interactions
from recmodels.data.text_vectors import VECTORS_FILE, text_vectors
from recmodels.errors import DataError
from recmodels.metrics.diversity import intra_list_distance
from recmodels.models.spaces import RERANKERS
from recmodels.request import Budget, TrainRequest, TrainResult
from recmodels.serving import Recommender
from recmodels.training import train

N_USERS, N_ITEMS = 80, 40


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Readers of two genres at most; half of them belong to each of two groups. Saved, read only."""
    rng = np.random.default_rng(0)
    events = [
        {"user": f"u{user}", "item": f"i{int(item)}", "time": step}
        for user in range(N_USERS)
        for step, item in enumerate((user % 4) * 10 + rng.permutation(10)[:7])
    ]
    plain = Interactions.from_events("shop", pl.DataFrame(events), time_kind="order")
    genres = [f"genre {int(item[1:]) // 10}|{'old' if int(item[1:]) % 2 else 'new'}" for item in plain.item_ids]
    return saved(
        tmp_path_factory.mktemp("shop"),
        events,
        item_table=pl.DataFrame({"item_id": plain.item_ids, "genres": genres}),
        user_table=pl.DataFrame({"group": ["a" if int(user[1:]) % 2 else "b" for user in plain.user_ids]}),
        group_columns=("group",),
    )


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of which only the interactions are known."""
    events = [{"user": f"u{u}", "item": f"i{(u * 3 + s) % 40}", "time": s} for u in range(30) for s in range(6)]
    return saved(tmp_path_factory.mktemp("bare"), events)


def saved(folder: Path, events: list[dict[str, Any]], **known: Any) -> Path:
    Interactions.from_events("shop", pl.DataFrame(events), time_kind="order", **known).save(folder / "shop")
    return folder / "shop"


def run(folder: Path, model: str = "bpr_mf", **changed: Any) -> TrainResult:
    given: dict[str, Any] = {"budget": Budget(epochs=3), "n_threads": 1, "device": "cpu"} | changed
    return train(TrainRequest(dataset=folder, model=model, measures_test=True, **given))


def test_lists_are_measured_beyond_accuracy_where_the_data_say_enough(shop: Path, bare: Path) -> None:
    known = {name.partition("_")[2].partition("@")[0] for name in run(shop).metrics}
    assert {"diversity", "factor_diversity", "ndcg_gap", "ndcg_worst", "gini", "novelty", "serendipity"} <= known
    unknown = {name.partition("_")[2].partition("@")[0] for name in run(bare, "ease").metrics}
    assert {"gini", "tail_share", "average_popularity"} <= unknown
    assert not {"diversity", "factor_diversity", "ndcg_gap", "ndcg_worst"} & unknown


@pytest.mark.parametrize("metric", ["diversity@10", "ndcg_gap@10", "factor_diversity@5"])
def test_an_objective_that_the_data_do_not_allow_is_refused(metric: str, bare: Path) -> None:
    with pytest.raises(DataError, match=f"`{metric}` needs"):
        run(bare, "ease", objective=metric)


def test_a_stronger_mmr_trades_relevance_for_diversity(shop: Path) -> None:
    plain = run(shop, "ease")
    strong = run(shop, "ease", params={"rerank": "mmr", "rerank_strength": 0.9})
    assert strong.metrics["test_diversity@10"] > plain.metrics["test_diversity@10"] + 0.02
    assert strong.metrics["test_ndcg@10"] <= plain.metrics["test_ndcg@10"]
    same = run(shop, "ease", params={"rerank": "mmr", "rerank_strength": 0.0})
    assert same.metrics["test_ndcg@10"] == plain.metrics["test_ndcg@10"]


@pytest.mark.parametrize("kind", RERANKERS)
def test_what_was_measured_is_what_is_served(kind: str, shop: Path, tmp_path: Path) -> None:
    params = {"rerank": kind, "rerank_strength": 0.8, "rerank_depth": 20}
    run(shop, "ease", params=params, checkpoint=tmp_path / "reordered")
    lists = Recommender.load(tmp_path / "reordered").recommend("u3", k=5)
    run(shop, "ease", checkpoint=tmp_path / "plain")
    plain = Recommender.load(tmp_path / "plain").recommend("u3", k=5)
    assert len({place.item_id for place in lists}) == 5
    assert [place.item_id for place in lists] != [place.item_id for place in plain]


def test_mmr_takes_the_item_factors_where_there_are_no_categories(bare: Path) -> None:
    params = {"rerank": "mmr", "rerank_strength": 0.9, "rerank_depth": 10}
    once: dict[str, Any] = {"budget": Budget(epochs=1), "cutoffs": (3,)}
    reordered, plain = run(bare, params=params, **once), run(bare, **once)
    assert reordered.metrics["test_factor_diversity@3"] > plain.metrics["test_factor_diversity@3"]
    with pytest.raises(DataError, match="rerank=mmr compares items by their categories"):
        run(bare, "ease", params=params)
    with pytest.raises(DataError, match="rerank=calibrated"):
        run(bare, params=params | {"rerank": "calibrated"})


def test_lists_of_texts_are_compared_only_where_that_is_asked_for(circles_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(circles_folder, tmp_path / "circles")
    assert not any("text_diversity" in name for name in run(tmp_path / "circles", "popularity").metrics)
    assert not (tmp_path / "circles" / VECTORS_FILE).exists()
    found = run(tmp_path / "circles", "popularity", metrics=("text_diversity@5",), cutoffs=(5,)).metrics
    assert 0.0 < found["valid_text_diversity@5"] < 1.0
    assert (tmp_path / "circles" / VECTORS_FILE).exists()


def test_the_text_diversity_of_a_list_is_the_mean_distance_of_its_pairs(circles_folder: Path, tmp_path: Path) -> None:
    data = Interactions.load(circles_folder)
    vectors = text_vectors(data).numpy()
    recorded = run(circles_folder, "popularity", objective="text_diversity@3", checkpoint=tmp_path / "model")
    saved_model = Recommender.load(tmp_path / "model")
    numbers = {item: number for number, item in enumerate(data.item_ids)}
    lists = [[numbers[place.item_id] for place in saved_model.recommend(f"user-{user}", k=3)] for user in (0, 1)]
    distances = [np.mean([1 - vectors[a] @ vectors[b] for a, b in combinations(items, 2)]) for items in lists]
    ranked = torch.tensor(lists)
    assert intra_list_distance(ranked, 3, torch.as_tensor(vectors), "cosine") == pytest.approx(
        float(np.mean(distances)), abs=1e-5
    )
    assert recorded.curve[-1].value == recorded.metrics["valid_text_diversity@3"]


def test_vectors_of_texts_are_read_back_and_those_of_other_texts_are_not(circles_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(circles_folder, tmp_path / "circles")
    data = Interactions.load(circles_folder)
    first = text_vectors(data, tmp_path / "circles")
    torch.testing.assert_close(first.norm(dim=1), torch.ones(data.n_items))
    key = next(iter(load_file(tmp_path / "circles" / VECTORS_FILE)))
    save_file({key: -first}, tmp_path / "circles" / VECTORS_FILE)
    assert torch.equal(text_vectors(data, tmp_path / "circles"), -first)  # read, not computed
    other = replace(data, item_table=data.item_table.with_columns(pl.lit("one title").alias("title")))
    assert (text_vectors(other, tmp_path / "circles") @ first[0]).std() < 1e-6
    (tmp_path / "circles" / VECTORS_FILE).write_bytes(b"damaged")
    torch.testing.assert_close(text_vectors(data, tmp_path / "circles"), first)


def test_a_dataset_without_texts_has_no_text_diversity(bare: Path) -> None:
    with pytest.raises(DataError, match="the texts of items are to be compared, and `shop` has none"):
        run(bare, "ease", metrics=("text_diversity@10",))


def test_categories_are_told_apart_by_what_separates_them() -> None:
    for values, names in (
        (["Drama|War", "War", None], ("Drama", "War")),
        (["Drama, War", "Science Fiction", ""], ("Drama", "Science Fiction", "War")),
        (["Film-Noir Mystery", "Mystery Drama", "Drama Film-Noir", "Drama Mystery"], ("Drama", "Film-Noir", "Mystery")),
        (["Science Fiction", "True Crime", "Science Fiction"], ("Science Fiction", "True Crime")),
    ):
        events = pl.DataFrame({"user": ["u"] * len(values), "item": [f"i{n}" for n in range(len(values))]})
        table = pl.DataFrame({"Genre": values}, schema={"Genre": pl.String})
        found = item_categories(Interactions.from_events("x", events, item_table=table))
        assert found is not None and found.names == names
    assert aspects_of(Interactions.from_events("x", events)).categories is None
