"""How different the items of a list are, and how alike groups of users are served: by hand and by definition."""

import itertools
import math

import numpy as np
import pytest
import torch

from recmodels.metrics.diversity import Kind, intra_list_distance, similarity
from recmodels.metrics.fairness import by_group, gap_and_worst

LISTS = torch.tensor([[0, 1], [0, 2], [0, -1]])


def test_the_distance_within_lists_is_that_of_their_pairs() -> None:
    genres = torch.tensor([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    distance = intra_list_distance(LISTS, 2, genres, "jaccard")
    assert distance == pytest.approx((0.5 + 1.0) / 2), "the third list has no pair"
    assert intra_list_distance(LISTS[2:], 2, genres, "cosine") == 0.0


def distance(a: list[float], b: list[float], kind: Kind) -> float:
    common = sum(x * y for x, y in zip(a, b, strict=True))
    if kind == "jaccard":
        union = sum(a) + sum(b) - common
        return 1 - common / union if union else 1.0
    norms = math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))
    return 1 - common / norms if norms else 1.0


@pytest.mark.parametrize("kind", ["jaccard", "cosine"])
def test_the_distance_is_its_definition_on_random_lists_of_more_than_one_block(kind: Kind) -> None:
    rng = np.random.default_rng(0)
    n_users, n_items, k = 1100, 20, 4
    vectors = (rng.random((n_items, 5)) < 0.4).astype(float) if kind == "jaccard" else rng.normal(size=(n_items, 5))
    vectors[3] = 0
    ranked = rng.permuted(np.tile(np.arange(n_items), (n_users, 1)), axis=1)[:, :6]
    ranked[0, 1:] = ranked[1, 2:] = ranked[2, :] = ranked[3, 1] = -1
    means = []
    for row in ranked[:, :k]:
        pairs = list(itertools.combinations([vectors[item].tolist() for item in row if item >= 0], 2))
        if pairs:
            means.append(np.mean([distance(a, b, kind) for a, b in pairs]))
    assert len(means) == n_users - 2
    assert intra_list_distance(torch.tensor(ranked), k, torch.tensor(vectors), kind) == pytest.approx(np.mean(means))


def test_an_item_of_which_nothing_is_known_is_like_none() -> None:
    vectors = torch.tensor([[[3.0, 4.0], [0.0, 0.0], [0.6, 0.8]]])
    assert similarity(vectors, "cosine")[0].tolist() == [
        pytest.approx(row) for row in ([1, 0, 1], [0, 0, 0], [1, 0, 1])
    ]
    assert similarity((vectors > 0).float(), "jaccard")[0].tolist() == [[1, 0, 1], [0, 0, 0], [1, 0, 1]]


def test_lists_of_nobody_have_no_distance() -> None:
    assert intra_list_distance(LISTS[:0], 2, torch.eye(3), "cosine") == 0.0


def test_the_gap_is_between_the_groups_that_are_large_enough() -> None:
    values = np.array([1.0, 0.5, 0.0, 0.2, 0.9])
    groups = np.array([0, 0, 1, 1, 2])
    gap, worst = gap_and_worst(values, [groups], min_size=2)  # type: ignore[misc]
    assert gap == pytest.approx(0.75 - 0.1)
    assert worst == pytest.approx(0.1)
    assert gap_and_worst(values, [groups], min_size=3) is None, "groups of one or two users are left out"
    assert by_group(values, np.array([-1, -1, -1, 3, 3]), min_size=1) == {3: pytest.approx(0.55)}


def test_the_widest_gap_and_the_worst_group_may_be_of_different_groupings() -> None:
    values = np.array([0.1, 0.3, 0.5, 0.9, 0.0, 0.4])
    by_age = np.array([0, 0, 1, 1, -1, -1])  # means .2 and .7; two users of unknown age
    by_place = np.array([0, 1, 1, 1, 0, 0])  # means 1/6 and 17/30
    gap, worst = gap_and_worst(values, [by_age, by_place], min_size=2)  # type: ignore[misc]
    assert (gap, worst) == (pytest.approx(0.5), pytest.approx(1 / 6))
    alone = np.zeros(6, dtype=np.int64)  # one group is compared with none, however badly it is served
    assert gap_and_worst(values - 9 * (by_age < 0), [alone, by_age], min_size=2) == (
        pytest.approx(0.5),
        pytest.approx(0.2),
    )
    assert gap_and_worst(values, [alone]) is None


def test_a_group_has_ten_users_unless_the_caller_says_otherwise() -> None:
    groups = np.repeat([0, 1, 2], [10, 9, 11])
    values = groups.astype(float)
    assert by_group(values, groups) == {0: 0.0, 2: 2.0}
    assert gap_and_worst(values, [groups]) == (2.0, 0.0)
    assert gap_and_worst(values[:19], [groups[:19]]) is None
