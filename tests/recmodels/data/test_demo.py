import time

import numpy as np
import pytest

from recmodels.data.demo import DemoTruth, demo_interactions, demo_with_truth
from recmodels.data.demo_words import THEMES
from recmodels.data.interactions import Interactions
from recmodels.data.split import split


@pytest.fixture(scope="module")
def demo() -> tuple[Interactions, DemoTruth]:
    return demo_with_truth(seed=0)


def last_item_ndcg(demo: tuple[Interactions, DemoTruth], scores: np.ndarray) -> float:
    """NDCG@10 of each reader's last book, the books read before masked."""
    data, truth = demo
    scores = scores.astype(np.float64).copy()
    before = np.setdiff1d(np.arange(len(data)), data.offsets()[1:] - 1)
    scores[data.users[before], data.items[before]] = -np.inf
    own = scores[np.arange(data.n_users), truth.last_items][:, None]
    rank = (scores > own).sum(axis=1)
    return float(np.where(rank < 10, 1 / np.log2(rank + 2), 0).mean())


def popularity(data: Interactions) -> np.ndarray:
    return np.tile(np.bincount(data.items, minlength=data.n_items).astype(float), (data.n_users, 1))


def test_the_demo_is_a_bookshop_of_the_promised_size(demo) -> None:
    data, _ = demo

    assert data.n_users == 2000
    assert 1400 <= data.n_items <= 1500
    assert 50_000 <= len(data) <= 60_000
    assert data.time_kind == "timestamp"
    assert data.text_columns == ("title", "author", "genres")
    assert data.group_columns == ("age", "gender")
    assert len(data.item_table) == data.n_items
    assert len(data.user_table) == data.n_users
    assert set(np.unique(data.weights)) == {1, 2, 3, 4, 5}


def test_the_same_seed_gives_the_same_demo_and_another_seed_another(demo) -> None:
    assert demo_interactions(seed=0).fingerprint() == demo[0].fingerprint()
    assert demo_interactions(seed=1).fingerprint() != demo[0].fingerprint()


def test_the_demo_is_drawn_in_seconds() -> None:
    started = time.process_time()
    demo_interactions(seed=3)

    assert time.process_time() - started < 6  # about one on an idle machine


def test_nobody_reads_a_book_twice_and_each_history_is_in_time_order(demo) -> None:
    data, _ = demo

    assert len(np.unique(data.users * data.n_items + data.items)) == len(data)
    within = np.diff(data.users) == 0
    assert (np.diff(data.times)[within] > 0).all()


def test_the_truth_is_a_distribution_over_books_not_read_before(demo) -> None:
    data, truth = demo

    assert truth.next_item.shape == truth.taste.shape == (data.n_users, data.n_items)
    np.testing.assert_allclose(truth.next_item.sum(axis=1), 1, rtol=1e-4)
    np.testing.assert_allclose(truth.taste.sum(axis=1), 1, rtol=1e-4)
    test = split(data).test
    np.testing.assert_array_equal(data.items[test], truth.last_items)
    before = np.setdiff1d(np.arange(len(data)), test)
    assert truth.next_item[data.users[before], data.items[before]].max() == 0


def test_the_chances_are_calibrated(demo) -> None:
    _, truth = demo
    rows = np.arange(len(truth.last_items))

    # the chance of the book that came is, in the mean, the sum of squared chances
    came = truth.next_item[rows, truth.last_items]
    expected = (truth.next_item.astype(np.float64) ** 2).sum(axis=1)
    spread = np.sqrt(((truth.next_item.astype(np.float64) ** 3).sum(axis=1) - expected**2).sum()) / len(rows)
    assert abs(came.mean() - expected.mean()) < 4 * spread


def test_knowing_the_truth_beats_taste_and_taste_beats_popularity(demo) -> None:
    data, truth = demo

    oracle, taste, popular = (
        last_item_ndcg(demo, scores) for scores in (truth.next_item, truth.taste, popularity(data))
    )

    assert oracle > 0.27
    assert oracle > 3 * taste
    assert taste > 1.5 * popular


def test_the_next_volume_of_a_series_often_follows(demo) -> None:
    data, _ = demo
    titles = data.item_table["title"].to_list()
    pairs = zip(data.items[:-1], data.items[1:], strict=True)

    n_next = sum(", Book " in titles[a] and titles[b] == f"{titles[a][:-1]}{int(titles[a][-1]) + 1}" for a, b in pairs)

    assert n_next / len(data) > 0.1


def test_a_title_tells_the_theme_which_no_other_column_does(demo) -> None:
    data, _ = demo
    words = {word for themes in THEMES.values() for theme in themes.values() for word in theme}

    for title, genre in zip(data.item_table["title"], data.item_table["genres"], strict=True):
        assert any(word in title for word in words)
        assert any(word in title for theme in THEMES[genre].values() for word in theme)


def test_a_small_demo_can_be_drawn_for_tests() -> None:
    data, truth = demo_with_truth(seed=0, n_users=60, n_items=80)

    assert data.n_users == 60
    assert data.n_items <= 80
    assert truth.next_item.shape == (60, data.n_items)
