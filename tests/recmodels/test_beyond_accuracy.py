"""Coverage and popularity share, by hand and against a plain count."""

from collections import Counter

import pytest
import torch

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
