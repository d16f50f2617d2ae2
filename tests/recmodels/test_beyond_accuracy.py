"""What lists are like beyond their hits, by hand and against a plain count."""

import math
from collections import Counter

import numpy as np
import pytest
import torch

from recmodels.metrics import beyond_accuracy
from recmodels.metrics.beyond_accuracy import coverage, popularity_share

RANKED = torch.tensor([[0, 1, 2], [0, 3, 1]])


def test_coverage_counts_the_items_in_anybodys_list() -> None:
    assert coverage(RANKED, 1, n_items=10) == pytest.approx(0.1)
    assert coverage(RANKED, 2, n_items=10) == pytest.approx(0.3)
    assert coverage(RANKED, 3, n_items=10) == pytest.approx(0.4)


def test_coverage_is_one_when_every_item_is_listed() -> None:
    assert coverage(torch.arange(6).view(2, 3), 3, n_items=6) == 1.0


def test_an_empty_place_is_no_item() -> None:
    assert coverage(torch.tensor([[0, -1], [-1, -1]]), 2, n_items=4) == 0.25
    assert popularity_share(torch.tensor([[0, -1], [1, -1]]), 2, torch.tensor([9, 1, 1, 1, 1])) == 0.5


def test_popularity_share_counts_places_of_the_most_popular_fifth() -> None:
    counts = torch.tensor([5, 50, 3, 2, 1, 1, 1, 1, 1, 40])  # the fifth: items 1 and 9
    ranked = torch.tensor([[1, 0, 9, 2], [3, 4, 5, 1]])
    assert popularity_share(ranked, 1, counts) == 0.5
    assert popularity_share(ranked, 4, counts) == pytest.approx(3 / 8)


def test_a_catalogue_of_less_than_five_has_one_popular_item() -> None:
    assert popularity_share(torch.tensor([[1], [0]]), 1, torch.tensor([1, 7])) == 0.5


def test_of_equally_popular_items_those_with_the_lower_numbers_count() -> None:
    counts = torch.ones(10, dtype=torch.int64)
    assert popularity_share(torch.tensor([[0], [1], [2], [9]]), 1, counts) == 0.5


def test_no_listed_item_is_no_popular_item() -> None:
    assert popularity_share(torch.full((3, 2), -1), 2, torch.ones(5)) == 0.0


@pytest.mark.parametrize("seed", range(5))
def test_both_equal_a_plain_count_on_random_lists(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    counts = torch.randperm(50, generator=generator)  # no ties
    ranked = torch.stack([torch.randperm(50, generator=generator)[:12] for _ in range(8)])
    listed = [item for row in ranked.tolist() for item in row[:7]]
    popular = {item for item, _ in Counter(dict(enumerate(counts.tolist()))).most_common(10)}
    assert coverage(ranked, 7, 50) == pytest.approx(len(set(listed)) / 50)
    assert popularity_share(ranked, 7, counts) == pytest.approx(sum(item in popular for item in listed) / len(listed))


LISTS = torch.tensor([[0, 1], [0, 2], [0, -1]])
COUNTS = torch.tensor([8, 2, 1, 0])


def test_gini_is_zero_for_even_lists_and_high_for_one_item_for_all() -> None:
    even = torch.tensor([[0, 1], [2, 3]])
    assert beyond_accuracy.gini(even, 2, 4) == pytest.approx(0.0)
    assert beyond_accuracy.gini(torch.tensor([[0], [0]]), 1, 4) == pytest.approx(0.75)
    assert 0 < beyond_accuracy.gini(LISTS, 2, 4) < 0.75


def test_popularity_and_novelty_are_of_the_listed_items() -> None:
    assert beyond_accuracy.average_popularity(LISTS, 2, COUNTS) == pytest.approx((8 * 3 + 2 + 1) / 5)
    bits = [0.0] * 3 + [2.0, 3.0]  # 8, 2 and 1 of 8 users
    assert beyond_accuracy.novelty(LISTS, 2, COUNTS, 8) == pytest.approx(sum(bits) / 5)


def test_the_tail_is_the_least_popular_items_with_a_fifth_of_the_interactions() -> None:
    assert beyond_accuracy.tail_share(LISTS, 2, torch.tensor([8, 1, 1, 0])) == pytest.approx(2 / 5)
    assert beyond_accuracy.tail_share(LISTS, 2, COUNTS) == pytest.approx(1 / 5), "2 + 1 of 11 is more than a fifth"


def test_serendipity_counts_hits_that_popularity_would_not_bring() -> None:
    hits = torch.tensor([[True, True], [False, True], [True, False]])
    assert beyond_accuracy.serendipity(LISTS, hits, 2, COUNTS) == pytest.approx(1 / 6)


def test_lists_without_an_item_have_none_of_it() -> None:
    nothing, counts = torch.full((3, 2), -1), torch.tensor([4, 3, 2, 1])
    assert coverage(nothing, 2, 4) == 0.0
    assert beyond_accuracy.gini(nothing, 2, 4) == 0.0
    assert beyond_accuracy.average_popularity(nothing, 2, counts) == 0.0
    assert beyond_accuracy.tail_share(nothing, 2, counts) == 0.0
    assert beyond_accuracy.novelty(nothing, 2, counts, 5) == 0.0
    assert beyond_accuracy.serendipity(nothing, nothing > 0, 2, counts) == 0.0
    nobody = nothing[:0]
    assert beyond_accuracy.serendipity(nobody, nobody > 0, 2, counts) == 0.0


def test_novelty_without_users_is_none() -> None:
    assert beyond_accuracy.novelty(torch.tensor([[0]]), 1, torch.tensor([3]), 0) == 0.0


def test_an_empty_place_is_never_serendipity() -> None:
    ranked, hits = torch.tensor([[1, -1]]), torch.tensor([[True, True]])
    assert beyond_accuracy.serendipity(ranked, hits, 2, torch.tensor([1, 1, 9, 8])) == 0.5


def test_the_first_item_can_be_serendipity() -> None:
    ranked, hits = torch.tensor([[0, 1]]), torch.tensor([[True, True]])
    assert beyond_accuracy.serendipity(ranked, hits, 2, torch.tensor([1, 9, 8])) == 0.5, "1 and 2 are the most popular"


@pytest.mark.parametrize("seed", range(4))
def test_each_is_its_definition_on_random_lists_with_empty_places(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n_items, k, n_users = 11 + seed, 4, 9
    counts = rng.permutation(2 * n_items)[:n_items]
    ranked = np.stack([rng.permutation(n_items)[:6] for _ in range(n_users)])
    ranked[0, 2:] = ranked[1, :] = -1
    hits = rng.random(ranked.shape) < 0.5
    listed = [int(item) for item in ranked[:, :k].flatten() if item >= 0]
    by_popularity = sorted(range(n_items), key=lambda item: -counts[item])
    tail, left = set(), 0.2 * counts.sum()
    for item in reversed(by_popularity):
        left -= counts[item]
        tail |= {item} if left >= 0 else set()
    bits = [max(0.0, -math.log2(max(counts[item], 1) / n_users)) for item in listed]
    found = [i for row, hit in zip(ranked[:, :k], hits, strict=True) for i, h in zip(row, hit, strict=False) if h]
    unexpected = [item for item in found if item >= 0 and item not in by_popularity[:k]]
    places = [listed.count(item) / len(listed) for item in range(n_items)]
    differences = [abs(a - b) for a in places for b in places]

    tensors = torch.tensor(ranked), k, torch.tensor(counts)
    assert beyond_accuracy.average_popularity(*tensors) == pytest.approx(np.mean([counts[item] for item in listed]))
    assert beyond_accuracy.tail_share(*tensors) == pytest.approx(np.mean([item in tail for item in listed]))
    assert beyond_accuracy.novelty(*tensors, n_users) == pytest.approx(np.mean(bits))
    of_hits = beyond_accuracy.serendipity(tensors[0], torch.tensor(hits), k, tensors[2])
    assert of_hits == pytest.approx(len(unexpected) / (n_users * k))
    assert beyond_accuracy.gini(*tensors[:2], n_items) == pytest.approx(sum(differences) / 2 / n_items)
