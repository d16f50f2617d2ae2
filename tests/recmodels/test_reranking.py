"""Each way to reorder on candidates whose right order is known."""

import numpy as np
import pytest
import torch
from torch import Tensor

from recmodels.metrics.diversity import intra_list_distance
from recmodels.models.spaces import RERANKERS
from recmodels.reranking import Reranker

# six items of two categories; the first three are of one, and the best
VECTORS = torch.tensor([[1.0, 0.0]] * 3 + [[0.0, 1.0]] * 3)
RANKED = torch.arange(6)[None]
SCORES = torch.tensor([[6.0, 5.0, 4.0, 3.0, 2.0, 1.0]])
NO_HISTORY = torch.zeros(1, 2)


def reranker(kind: str, strength: float) -> Reranker:
    return Reranker(kind=kind, strength=strength, depth=6, vectors=VECTORS)


def order(kind: str, strength: float, history: Tensor = NO_HISTORY, k: int = 4) -> list[int]:
    return reranker(kind, strength)(SCORES, RANKED, history, k)[0].tolist()


@pytest.mark.parametrize("kind", RERANKERS)
def test_a_strength_near_zero_leaves_the_list_as_it_is(kind: str) -> None:
    assert order(kind, 1e-3) == [0, 1, 2, 3]


@pytest.mark.parametrize("kind", ["mmr", "dpp"])
def test_a_strong_one_takes_the_best_of_each_category_first(kind: str) -> None:
    assert order(kind, 0.7, k=2) == [0, 3]


def test_a_calibrated_list_has_the_shares_that_the_user_has_had() -> None:
    chosen = order("calibrated", 0.95, history=torch.tensor([[2.0, 2.0]]))
    assert sorted(item // 3 for item in chosen) == [0, 0, 1, 1]
    one_sided = order("calibrated", 0.95, history=torch.tensor([[0.0, 4.0]]), k=3)
    assert sorted(one_sided) == [3, 4, 5]


def test_gumbel_draws_the_same_list_again_and_other_items_the_hotter_it_is() -> None:
    many = SCORES.repeat(2000, 1), RANKED.repeat(2000, 1), NO_HISTORY.repeat(2000, 1)
    cool, hot = reranker("gumbel", 0.05)(*many, 1), reranker("gumbel", 1.0)(*many, 1)
    assert torch.equal(hot, reranker("gumbel", 1.0)(*many, 1))
    assert (cool == 0).float().mean() > (hot == 0).float().mean() > 1 / 6


@pytest.mark.parametrize("kind", RERANKERS)
def test_no_candidate_is_listed_twice_and_none_that_is_no_candidate(kind: str) -> None:
    scores = torch.tensor([[3.0, 2.0, 1.0, -torch.inf, -torch.inf, -torch.inf]])
    assert sorted(reranker(kind, 0.9)(scores, RANKED, NO_HISTORY, 3)[0].tolist()) == [0, 1, 2]


def test_the_greedy_dpp_finds_what_the_determinants_say() -> None:
    rng = np.random.default_rng(0)
    vectors = torch.nn.functional.normalize(torch.tensor(rng.normal(size=(7, 4)), dtype=torch.float32), dim=1)
    scores = torch.tensor(rng.random((1, 7)), dtype=torch.float32).sort(descending=True).values
    found = Reranker(kind="dpp", strength=0.4, depth=7, vectors=vectors, likeness="cosine")
    chosen = found(scores, torch.arange(7)[None], torch.zeros(1, 4), 4)[0].tolist()
    relevance = ((scores - scores.min()) / (scores.max() - scores.min()))[0]
    quality = (0.6 / 0.8 * relevance).exp()
    kernel = quality[:, None] * (vectors @ vectors.T) * quality
    expected: list[int] = []
    for _ in range(4):
        rest = [i for i in range(7) if i not in expected]
        expected.append(max(rest, key=lambda i: float(torch.det(kernel[[*expected, i]][:, [*expected, i]]))))
    assert chosen == expected


def test_a_stronger_mmr_gives_lists_of_greater_distance() -> None:
    distances = []
    for strength in (0.1, 0.4, 0.8):
        places = reranker("mmr", strength)(SCORES, RANKED, NO_HISTORY, 2)
        distances.append(intra_list_distance(RANKED.gather(1, places), 2, VECTORS, "jaccard"))
    assert distances == sorted(distances) and distances[-1] > distances[0]


def test_candidates_of_equal_scores_are_told_apart_by_their_categories_alone() -> None:
    scores = torch.full((1, 6), 2.5)
    for kind in ("mmr", "dpp"):
        assert reranker(kind, 0.5)(scores, RANKED, NO_HISTORY, 2)[0].tolist() == [0, 3]


def test_a_list_without_any_candidate_is_filled_without_an_error() -> None:
    scores = torch.full((1, 6), -torch.inf)
    for kind in RERANKERS:
        assert reranker(kind, 0.5)(scores, RANKED, NO_HISTORY, 2).shape == (1, 2)


def test_the_params_say_how_to_reorder() -> None:
    params = {"rerank": "mmr", "rerank_strength": 0.25, "rerank_depth": 50}
    found = Reranker.from_params(params, VECTORS, "cosine")
    assert found == Reranker(kind="mmr", strength=0.25, depth=50, vectors=VECTORS, likeness="cosine")
    assert Reranker.from_params(params | {"rerank": "none"}, VECTORS, "cosine") is None
    assert Reranker.from_params(params | {"rerank_strength": 0.0}, VECTORS, "cosine") is None
    assert Reranker.from_params({}, VECTORS, "cosine") is None, "a model without these params"
    assert Reranker(kind="mmr", strength=0.5, depth=5, vectors=None).likeness == "jaccard"


def test_only_calibration_asks_what_a_user_has_had() -> None:
    had = torch.tensor([[1.0, 0, 1, 0, 0, 1], [0, 0, 0, 0, 0, 2]])
    assert reranker("calibrated", 0.5).of_histories(had).tolist() == [[2.0, 1.0], [0.0, 2.0]]
    unknown = Reranker(kind="calibrated", strength=0.5, depth=6, vectors=VECTORS - 2 * VECTORS[:1])
    assert unknown.of_histories(had).tolist() == [[0.0, 1.0], [0.0, 2.0]], "a negative weight is none"
    assert reranker("mmr", 0.5).of_histories(had).shape == (2, 0)
