"""Users and items that training did not see, on planted tastes: two sorts of readers, of books, and of titles."""

import functools
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from recmodels import cold_start
from recmodels.data.interactions import Interactions
from recmodels.models import MODELS
from recmodels.request import Budget, TrainRequest
from recmodels.serving import Recommender
from recmodels.training import train

pytestmark = pytest.mark.filterwarnings("ignore:.*pin_memory", "ignore:.*is_gradient_checkpointing:FutureWarning")
FANTASY = "the {} of the dragon; wizards, castles and magic swords in an enchanted kingdom"
CRIME = "the {} murder; a detective and the police follow a killer through the city"
WORDS = ("red", "cold", "last", "lost", "old", "first", "silent", "broken", "golden", "winter", "iron", "hollow")
N_READERS, N_READ, N_COLD = 30, 6, 2  # of each sort
HISTORY_MODELS = ("item_knn", "ease", "ials", "bpr_mf", "lightgcn", "sasrec", "gru4rec", "hstu", "text_tower", "hybrid")
EPOCHS = {"text_tower": 12, "hybrid": 12, "bpr_mf": 30, "lightgcn": 30, "biased_mf": 20}
PARAMS: dict[str, dict[str, Any]] = {
    "text_tower": {"adapter": "frozen", "batch_size": 512},
    "hybrid": {"adapter": "frozen", "batch_size": 32, "embedding_size": 16},
}
Places = list[tuple[str, str | None]]


def number_of(book: str) -> int:
    return int(book.split("-")[1])


def is_fantasy(book: str) -> bool:
    return number_of(book) < len(WORDS)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Even readers read fantasy, odd ones crime; the last two books of each sort were only ever read last (in test)."""
    rng = np.random.default_rng(0)
    events = []
    for reader in range(2 * N_READERS):
        first = len(WORDS) * (reader % 2)
        read = rng.permutation(len(WORDS) - N_COLD)[:N_READ] + first
        cold = first + len(WORDS) - 1 - (reader // 2) % N_COLD
        events += [{"user": f"u{reader}", "item": f"b-{book}", "time": t} for t, book in enumerate([*read, cold])]
    frame = pl.DataFrame(events)
    titles = [text.format(word) for text in (FANTASY, CRIME) for word in WORDS]
    items = Interactions.from_events("shop", frame).item_ids
    table = pl.DataFrame({"item_id": items, "title": [titles[number_of(item)] for item in items]})
    folder = tmp_path_factory.mktemp("cold") / "shop"
    Interactions.from_events("shop", frame, time_kind="order", item_table=table, text_columns=("title",)).save(folder)
    return folder


@pytest.fixture(scope="module")
def served(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A model trained on the shop, by name."""

    @functools.cache
    def trained(name: str) -> Recommender:
        folder = tmp_path_factory.mktemp("models") / name
        epochs = EPOCHS.get(name, 10)
        train(
            TrainRequest(
                dataset=shop,
                model=name,
                params=PARAMS.get(name, {}),
                budget=Budget(epochs=epochs, patience=epochs),
                objective="ndcg@5",
                checkpoint=folder,
                device="cpu",
                n_threads=1,
            )
        )
        return Recommender.load(folder)

    return trained


@pytest.mark.parametrize("name", HISTORY_MODELS)
def test_a_new_reader_gets_books_of_the_sort_in_their_history(name: str, served: Any) -> None:
    for first in (0, len(WORDS)):
        history = [f"b-{first + book}" for book in (1, 4, 6)]
        listed = served(name).recommend_after(history, k=4)
        assert all(is_fantasy(place.item_id) == (first == 0) for place in listed)
        assert {place.fallback for place in listed} == {None}
        assert not {place.item_id for place in listed} & set(history)


@pytest.mark.parametrize("name", [name for name in HISTORY_MODELS if name != "hybrid"])
def test_a_reader_of_whom_nothing_is_known_gets_popular_books(name: str, served: Any, shop: Path) -> None:
    data = Interactions.load(shop)
    seen_last = {f"b-{first + len(WORDS) - 1 - cold}" for first in (0, len(WORDS)) for cold in range(N_COLD)}
    listed = served(name).recommend("nobody", k=len(data.item_ids))
    assert {place.fallback for place in listed} == {"popularity"}
    counts = np.bincount(data.items)
    if name in ("bpr_mf", "lightgcn", "item_knn", "ials", "text_tower"):  # popular in the training part
        assert {place.item_id for place in listed[-2 * N_COLD :]} == seen_last
    else:  # popular by now
        ids = data.item_ids.to_list()
        by_place = [counts[ids.index(place.item_id)] for place in listed]
        assert by_place == sorted(by_place, reverse=True)


@pytest.mark.parametrize("name", ["hybrid", "biased_mf", "deepfm", "dcnv2"])
def test_models_that_know_users_by_attributes_answer_as_for_an_average_user(name: str, served: Any) -> None:
    first, second = (served(name).recommend(user, k=5) for user in ("nobody", "somebody"))
    assert first == second
    assert {place.fallback for place in first} == {"average_user"}
    assert served(name).recommend("u0", k=1)[0].fallback is None


@pytest.mark.parametrize("name", ["biased_mf", "deepfm", "dcnv2", "popularity"])
def test_a_history_says_nothing_to_models_that_do_not_read_it(name: str, served: Any) -> None:
    listed = served(name).recommend_after(["b-1", "b-4"], k=24)
    without = {place.item_id: place for place in served(name).recommend("nobody", k=24)}
    assert {place.item_id for place in listed} == without.keys() - {"b-1", "b-4"}
    assert all(place == without[place.item_id] for place in listed)
    assert listed[0].fallback == ("popularity" if name == "popularity" else "average_user")


@pytest.mark.parametrize("name", ["text_tower", "hybrid"])
def test_a_book_that_nobody_has_read_is_placed_by_its_text(name: str, served: Any) -> None:
    for first in (0, len(WORDS)):
        other = len(WORDS) - first
        history = [f"b-{first + book}" for book in (0, 2, 3, 5)]
        places = [number_of(place.item_id) for place in served(name).recommend_after(history, k=24)]
        own_cold, foreign_cold = ([f + len(WORDS) - 1, f + len(WORDS) - 2] for f in (first, other))
        assert max(map(places.index, own_cold)) < min(map(places.index, foreign_cold))
        foreign_warm = [places.index(book) for book in range(other, other + len(WORDS) - N_COLD)]
        assert np.mean([places.index(book) for book in own_cold]) < np.mean(foreign_warm)


@pytest.mark.parametrize("name", ["text_tower", "hybrid"])
def test_a_book_that_is_not_in_the_catalogue_is_scored_by_its_text(name: str, served: Any) -> None:
    texts = [FANTASY.format("sunken"), CRIME.format("sunken")]
    for first, sign in ((0, 1), (len(WORDS), -1)):
        history = [f"b-{first + book}" for book in (0, 2, 3, 5)]
        fantasy, crime = served(name).score_texts(texts, history=history)
        assert sign * (fantasy - crime) > 0
    by_user = served(name).score_texts(texts, user_id="u0")
    assert by_user[0] > by_user[1]
    listed = served(name).recommend("u0", k=24)
    placed = served(name).with_new(listed, texts, user_id="u0")
    assert [place for place in placed if place.item_id] == listed
    assert [place.text for place in placed if not place.item_id] == texts
    assert all(before.score >= after.score for before, after in itertools.pairwise(placed))
    reordered = served(name).with_new(listed[::-1], texts, user_id="u0")
    assert [place for place in reordered if place.item_id] == listed[::-1]


def test_the_table_tells_of_every_model() -> None:
    rows = [line.split("|") for line in cold_start.__doc__.splitlines() if line.startswith("| ")]
    named = {name.strip() for row in rows for name in row[1].split(",")}
    assert named >= MODELS.keys()
