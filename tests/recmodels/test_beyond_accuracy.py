"""What lists are like beyond their hits, by hand and against a plain count."""

from collections import Counter

import numpy as np
import pytest
import torch

from recmodels.metrics import beyond_accuracy, diversity, fairness
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


def test_the_distance_within_lists_is_that_of_their_pairs() -> None:
    genres = torch.tensor([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    distance = diversity.intra_list_distance(LISTS, 2, genres, "jaccard")
    assert distance == pytest.approx((0.5 + 1.0) / 2), "the third list has no pair"
    assert diversity.intra_list_distance(LISTS[2:], 2, genres, "cosine") == 0.0


def test_the_gap_is_between_the_groups_that_are_large_enough() -> None:
    values = np.array([1.0, 0.5, 0.0, 0.2, 0.9])
    groups = np.array([0, 0, 1, 1, 2])
    gap, worst = fairness.gap_and_worst(values, [groups], min_size=2)  # type: ignore[misc]
    assert gap == pytest.approx(0.75 - 0.1)
    assert worst == pytest.approx(0.1)
    assert fairness.gap_and_worst(values, [groups], min_size=3) is None, "groups of one or two users are left out"
    assert fairness.by_group(values, np.array([-1, -1, -1, 3, 3]), min_size=1) == {3: pytest.approx(0.55)}
