"""The hybrid on planted data: where only the text, only the order or only attributes tell, and on ratings."""

import functools
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from torch import Tensor

from recmodels.data.features import features_of
from recmodels.data.histories import Histories
from recmodels.data.interactions import Interactions
from recmodels.data.split import split
from recmodels.errors import DataError
from recmodels.loop.preparation import data_on, entities_of
from recmodels.models import MODELS
from recmodels.models.base import Entities
from recmodels.models.hybrid import Hybrid
from recmodels.prediction import Task, observations_on
from recmodels.request import Budget, SplitSpec, TrainRequest
from recmodels.training import train
from tests.benchmarks.common import fitted, histories_of

pytestmark = pytest.mark.filterwarnings("ignore:.*pin_memory", "ignore:.*is_gradient_checkpointing:FutureWarning")

N_BOOKS, N_READ, N_READERS = 12, 5, 48  # books of each of two sorts
FANTASY = "the {} of the dragon; wizards, castles and magic swords in an enchanted kingdom"
CRIME = "the {} murder; a detective and the police follow a killer through the city"
WORDS = ("red", "cold", "last", "lost", "old", "first", "silent", "broken", "golden", "winter", "iron", "hollow")
TEXTS = tuple(sort.format(word) for sort in (FANTASY, CRIME) for word in WORDS)
COLD = torch.tensor([10, 11, 22, 23])  # two of each sort, which nobody reads
SMALL = {"embedding_size": 16, "hidden_size": 32, "batch_size": 32, "history_length": 10, "adapter": "frozen"}


def build(entities: Entities, **params: Any) -> Hybrid:
    space = MODELS["hybrid"].space
    torch.manual_seed(0)
    return Hybrid(space.check(space.active(space.defaults() | SMALL | params)), entities)


@torch.inference_mode()
def scores(model: Hybrid, histories: Histories, without: str = "") -> Tensor:
    """Of every user; `without` one of the learned weights, alpha or beta."""
    kept = None if not without else getattr(model, f"log_{without}").clone()
    if kept is not None:
        getattr(model, f"log_{without}").fill_(-torch.inf)
    found = model.score(torch.arange(histories.n_users), histories, model.encode_items())
    if kept is not None:
        getattr(model, f"log_{without}").copy_(kept)
    return found


@functools.cache
def tastes() -> Histories:
    """Even readers read fantasy, odd ones crime, in no order."""
    rng = np.random.default_rng(0)
    return histories_of([[*rng.permutation(10)[:N_READ] + N_BOOKS * (u % 2)] for u in range(N_READERS)], 2 * N_BOOKS)


@functools.cache
def of_tastes() -> Hybrid:
    return fitted(build(Entities(n_users=N_READERS, n_items=2 * N_BOOKS, item_texts=TEXTS)), tastes(), 12)


@functools.cache
def circle() -> Histories:
    """Everybody reads the same books one after the other, from another one on."""
    return histories_of([[(user + step) % 20 for step in range(7)] for user in range(60)], 20)


@functools.cache
def of_circle() -> Hybrid:
    texts = ("a book",) * 20
    model = build(Entities(n_users=60, n_items=20, item_texts=texts), learning_rate=0.005, batch_size=32)
    return fitted(model, circle(), 60)


def share_of_next(given: Tensor) -> float:
    """How often the first item is the next of the circle."""
    return float((given.argmax(dim=1) == (torch.arange(60) + 7) % 20).float().mean())


def test_where_only_the_order_tells_what_is_next_the_score_without_the_sequence_knows_nothing() -> None:
    assert share_of_next(scores(of_circle(), circle())) > 0.95
    assert share_of_next(scores(of_circle(), circle(), without="alpha")) > 0.95
    assert share_of_next(scores(of_circle(), circle(), without="beta")) < 0.5


def test_where_only_the_text_tells_what_is_liked_a_cold_book_is_placed_by_it() -> None:
    given = scores(of_tastes(), tastes())
    is_fantasy_reader = torch.arange(N_READERS) % 2 == 0
    own, foreign = (
        torch.where(is_fantasy_reader[:, None], given[:, first], given[:, second])
        for first, second in ((COLD[:2], COLD[2:]), (COLD[2:], COLD[:2]))
    )
    assert (own.amin(dim=1) > foreign.amax(dim=1)).all()


def test_the_learned_weights_can_be_read_and_come_back_from_a_checkpoint(tmp_path: Path) -> None:
    model = of_tastes()
    assert model.alpha == pytest.approx(float(model.log_alpha.detach().exp())) and model.alpha != pytest.approx(10.0)
    model.save(tmp_path)
    loaded = build(Entities(n_users=N_READERS, n_items=2 * N_BOOKS, item_texts=TEXTS))
    loaded.load(tmp_path)
    assert (loaded.alpha, loaded.beta) == (model.alpha, model.beta)
    torch.testing.assert_close(scores(loaded.eval(), tastes()), scores(model, tastes()))


def test_each_item_of_a_history_is_named_once_after_all_that_came_before() -> None:
    model = build(Entities(n_users=N_READERS, n_items=2 * N_BOOKS, item_texts=TEXTS))
    model.fit(tastes())
    named = []
    for users, sequences, _ in model.batches(tastes(), torch.Generator().manual_seed(0)):
        for user, row in zip(users.tolist(), sequences.tolist(), strict=True):
            start, *items = row
            assert start == model.n_items + 1
            assert items == tastes().items[user * N_READ : (user + 1) * N_READ].tolist()
            named += [(user, item) for item in items]
    assert len(named) == len(set(named)) == len(tastes())


def test_lists_are_scored_from_the_state_that_training_names_the_next_item_from() -> None:
    model, users = of_tastes(), torch.arange(N_READERS)
    with torch.inference_mode():
        items = model.encode_items()
        _, texts, own = items.chunk(3, dim=1)
        whole = torch.cat(
            [torch.full((N_READERS, 1), model.n_items + 1), tastes().items.view(N_READERS, N_READ)], dim=1
        )
        deep, text, sequence = model._read(users, whole, texts, own)
        state = torch.cat([deep, text[:, -1], sequence[:, -1]], dim=1)
        torch.testing.assert_close(scores(model, tastes()), state @ items.T + model._prior())


def test_a_long_history_is_read_from_its_end() -> None:
    model = build(Entities(n_users=2, n_items=2 * N_BOOKS, item_texts=TEXTS), history_length=10)
    rows = [[*range(12)], [*range(2, 12)]]
    with torch.inference_mode():
        first, second = model._latest(torch.arange(2), histories_of(rows, 2 * N_BOOKS)).tolist()
    assert first == second == [*range(2, 12)]
    short = model._latest(torch.arange(3), histories_of([[4], [], [5, 6]], 2 * N_BOOKS)).tolist()
    assert short == [[25, 4, 24], [25, 24, 24], [25, 5, 6]]


@pytest.fixture(scope="module")
def rated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ratings that are high where the reader and the book are of one sort; a column tells the sort of readers."""
    rng = np.random.default_rng(0)
    rows = [(user, int(book)) for user in range(60) for book in rng.permutation(24)[:14]]
    events = pl.DataFrame(
        {
            "user": [f"u{user}" for user, _ in rows],
            "item": [f"b{book}" for _, book in rows],
            "weight": [3.0 + (1 if (book < 12) == (user % 2 == 0) else -1) + 0.3 * rng.normal() for user, book in rows],
        }
    )
    plain = Interactions.from_events("rated", events)
    folder = tmp_path_factory.mktemp("hybrid") / "rated"
    Interactions.from_events(
        "rated",
        events,
        columns={"weight": "rating"},
        item_table=pl.DataFrame({"title": [TEXTS[int(item[1:])] for item in plain.item_ids]}),
        user_table=pl.DataFrame({"club": ["even" if int(user[1:]) % 2 == 0 else "odd" for user in plain.user_ids]}),
        text_columns=("title",),
    ).save(folder)
    return folder


def run(folder: Path, objective: str, epochs: int, **params: Any) -> Any:
    request = TrainRequest(
        dataset=folder,
        model="hybrid",
        params=SMALL | params,
        objective=objective,
        budget=Budget(epochs=epochs, patience=epochs),
        measures_test=True,
        device="cpu",
        n_threads=1,
    )
    return train(request)


def test_ratings_are_predicted_where_the_objective_is_of_ratings(rated: Path) -> None:
    found = run(rated, "rmse", 25, rating_weight=0.5).metrics
    assert found["test_rmse"] < 0.5  # the ratings deviate by 1.04, of which the noise is 0.3


def test_the_satisfaction_head_learns_beside_lists_as_far_as_its_weight_says(rated: Path) -> None:
    data, entry = Interactions.load(rated), MODELS["hybrid"]
    entities, parts = entities_of(data, entry), split(data, SplitSpec(seed=0))
    assert entities.features is not None
    rows = observations_on(data, parts, entities.features, Task(), torch.device("cpu"))["train"]
    of_rows = {}
    for weight in (0.0, 0.5):
        model = build(entities, rating_weight=weight)
        model.learn_from(rows)
        fitted(model, data_on(data, parts, torch.device("cpu")).train, 25)
        with torch.inference_mode():
            of_rows[weight] = model.predict(*rows.batch(torch.arange(len(rows)))).numpy()
    assert rows.ratings is not None
    ratings = rows.ratings.numpy()
    assert np.corrcoef(of_rows[0.5], ratings)[0, 1] > 0.8
    assert abs(np.corrcoef(of_rows[0.0], ratings)[0, 1]) < 0.5


def test_a_reader_without_a_history_is_known_by_attributes() -> None:
    """Readers of the club of fantasy read that; one more of each club has read nothing."""
    rows = [*([int(item) for item in tastes().items[u * N_READ : (u + 1) * N_READ]] for u in range(N_READERS)), [], []]
    events = pl.DataFrame(
        {"user": [f"u{u}" for u in range(len(rows))], "item": [f"b{u % 24}" for u in range(len(rows))]}
    )
    clubs = pl.DataFrame({"club": ["fantasy" if u % 2 == 0 else "crime" for u in range(len(rows))]})
    features = features_of(Interactions.from_events("x", events, user_table=clubs))
    entities = Entities(n_users=len(rows), n_items=2 * N_BOOKS, item_texts=TEXTS, features=features)
    histories = histories_of(rows, 2 * N_BOOKS)
    given = scores(fitted(build(entities, learning_rate=0.02, deep_decay=1e-3), histories, 30), histories)[-2:]
    fantasy, crime = given[:, :10].mean(dim=1), given[:, 12:22].mean(dim=1)
    assert fantasy[0] > crime[0]
    assert crime[1] > fantasy[1]


def test_what_the_data_do_not_have_is_refused(rated: Path) -> None:
    with pytest.raises(DataError, match="`auc` needs a column of 0 and 1"):
        run(rated, "auc", 1)
