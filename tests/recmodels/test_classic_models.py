"""The classic models against answers that are known: closed forms, planted groups, users and items without a past."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from recmodels.data.histories import Histories
from recmodels.models import MODELS
from recmodels.models.base import Entities, RecModel
from recmodels.models.bpr_mf import BprMF
from recmodels.models.ials import IALS
from recmodels.models.item_knn import ItemKNN
from recmodels.models.lightgcn import LightGCN
from recmodels.models.parts.pairs import pair_scores
from recmodels.models.parts.sampling import NegativeSampler, popularity
from tests.benchmarks.common import fitted, histories_of

N_USERS, N_ITEMS = 40, 24  # in two groups; user 0 and item 0 are without a past


def two_groups(*more: list[int], of_the_first: tuple[int, ...] = (), repeats: int = 1) -> Histories:
    """Users and items of the same parity met, six items a user; item 2 is everybody's, but the first user's."""
    rng = np.random.default_rng(0)
    rows = [list(of_the_first)]
    for user in range(1, N_USERS):
        own = np.arange(3 if user % 2 else 4, N_ITEMS, 2)
        rows.append(sorted([2, *rng.choice(own, 6, replace=False).tolist()] * repeats))
    return histories_of([*rows, *more], N_ITEMS)


def trained(name: str, histories: Histories, epochs: int = 20, **params: object) -> RecModel:
    entry = MODELS[name]
    torch.manual_seed(0)
    entities = Entities(n_users=histories.n_users, n_items=histories.n_items)
    return fitted(entry.load()(entry.space.check(params), entities), histories, epochs)


@torch.inference_mode()
def scores_of(model: RecModel, histories: Histories, *users: int) -> Tensor:
    return model.score(torch.tensor(users), histories, model.encode_items())


GENTLE = {"embedding_size": 16, "batch_size": 2048, "weight_decay": 1e-2}
PERSONAL = [
    ("item_knn", {}),
    ("ials", {"embedding_size": 8, "l2": 0.05}),
    ("lightgcn", GENTLE | {"learning_rate": 0.03, "weight_decay": 0.05}),
    ("bpr_mf", GENTLE | {"learning_rate": 0.03, "weight_decay": 0.1}),
]


@pytest.mark.parametrize(("name", "params"), PERSONAL)
def test_a_user_unseen_in_training_gets_popular_items_and_then_those_of_the_group(name: str, params: dict) -> None:
    past = two_groups()
    model = trained(name, past, **params)
    without = scores_of(model, past, 0)[0]
    assert without.argmax() == 2
    counts = past.counts().float()
    order = without.argsort(descending=True, stable=True)
    assert (counts[order].diff() <= 0).all()
    later = two_groups(of_the_first=(3, 5, 7))
    groups = scores_of(model, later, 0)[0][9:].view(-1)  # neither in the history nor everybody's
    odd = torch.arange(9, N_ITEMS) % 2 == 1
    assert groups[odd].mean() > groups[~odd].mean()


@pytest.mark.parametrize(("name", "params"), PERSONAL)
def test_known_users_rank_their_group_above_the_other_and_an_unseen_item_last(name: str, params: dict) -> None:
    past = two_groups()
    scores = scores_of(trained(name, past, **params), past, 1, 2)
    odd = torch.arange(3, N_ITEMS) % 2 == 1
    assert scores[0, 3:][odd].min() > scores[0, 3:][~odd].max()
    assert scores[1, 3:][~odd].min() > scores[1, 3:][odd].max()
    if name in ("bpr_mf", "lightgcn"):
        assert (scores.argmin(dim=1) == 0).all()
    else:
        assert scores[:, 0].abs().max() < 1e-5


@pytest.mark.parametrize("name", ["item_knn", "ials", "lightgcn", "bpr_mf"])
def test_a_user_beyond_the_table_is_scored_from_the_history(name: str) -> None:
    model = trained(name, two_groups(), epochs=2)
    more = two_groups([3])
    assert scores_of(model, more, N_USERS, 1).isfinite().all()


@pytest.mark.parametrize("unobserved", [0.3, 3.0])
def test_ials_solves_the_systems_that_the_paper_writes(unobserved: float) -> None:
    past = two_groups()
    model = trained("ials", past, epochs=3, embedding_size=8, unobserved_weight=unobserved, l2=0.02, l2_exponent=1.0)
    assert isinstance(model, IALS)
    seen = past.multi_hot(torch.arange(N_USERS)).double()
    items = model.items.detach().double()
    of_a_pair = unobserved * seen.mean()
    gram = of_a_pair * items.T @ items
    expected = []
    for row in seen:
        l2 = 0.02 * (row.sum() + of_a_pair * N_ITEMS)
        system = gram + items.T @ (row[:, None] * items) + l2 * torch.eye(8, dtype=torch.float64)
        expected.append(items @ torch.linalg.solve(system, items.T @ row))
    torch.testing.assert_close(
        scores_of(model, past, *range(1, N_USERS)).double(), torch.stack(expected)[1:], rtol=1e-3, atol=1e-4
    )


def test_every_sweep_of_ials_lowers_its_objective_until_it_settles() -> None:
    past = two_groups()
    model = trained("ials", past, epochs=0, embedding_size=8)
    with torch.no_grad():
        losses = [model.train_epoch(past, torch.Generator()) for _ in range(12)]
    assert all(later <= before + 1e-5 for before, later in itertools.pairwise(losses[1:]))
    assert losses[-1] < losses[0]


def test_a_smaller_exponent_of_ials_regularises_popular_items_less() -> None:
    past = two_groups()
    lengths = [
        trained("ials", past, embedding_size=8, l2=0.1, l2_exponent=exponent).items[2].norm().item()  # type: ignore[union-attr, index, operator]
        for exponent in (0.0, 1.0)
    ]
    assert lengths[0] > lengths[1]


@pytest.mark.parametrize("repeats", [1, 3])
def test_cosine_similarities_are_those_of_numpy(repeats: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recmodels.models.item_knn.BLOCK_NUMBERS", 5 * N_ITEMS)  # blocks of five items
    past = two_groups(repeats=repeats)
    model = trained("item_knn", past, weighting="cosine", shrinkage=2.0, n_neighbors=1000)
    seen = past.multi_hot(torch.arange(N_USERS)).numpy()
    lengths = np.linalg.norm(seen, axis=0)
    alike = seen.T @ seen / (np.outer(lengths, lengths) + 2.0)
    np.fill_diagonal(alike, 0.0)
    np.testing.assert_allclose(scores_of(model, past, *range(1, N_USERS)), seen[1:] @ alike, atol=1e-4)


@pytest.mark.parametrize("weighting", ["tfidf", "bm25"])
def test_weighted_neighbours_trust_users_with_few_items_more(weighting: str) -> None:
    # items 0 and 1 share a user who has nothing else, items 0 and 2 one who has nearly everything
    past = histories_of([[0, 1], [0, *range(2, 12)], []], 20)
    model = trained("item_knn", past, weighting=weighting)
    assert isinstance(model, ItemKNN)
    matrix = torch.zeros(20, 20).scatter_(1, model.neighbors[:, :20], model.similarities[:, :20])
    assert matrix[0, 1] > matrix[0, 2] > 0


def test_only_the_nearest_neighbours_are_kept() -> None:
    past = two_groups()
    model = trained("item_knn", past, n_neighbors=5)
    assert isinstance(model, ItemKNN)
    assert model.similarities.shape == (N_ITEMS, 5)
    full = trained("item_knn", past, n_neighbors=1000)
    assert isinstance(full, ItemKNN)
    assert torch.equal(full.similarities[:, :5], model.similarities)
    assert sum(buffer.numel() for buffer in model.buffers()) == N_ITEMS * 11


def test_lightgcn_averages_the_layers_of_the_normalised_graph() -> None:
    past = two_groups()
    model = trained("lightgcn", past, epochs=1, n_layers=3, embedding_size=8)
    assert isinstance(model, LightGCN)
    seen = past.multi_hot(torch.arange(N_USERS))
    graph = torch.zeros(N_USERS + N_ITEMS, N_USERS + N_ITEMS)
    graph[:N_USERS, N_USERS:], graph[N_USERS:, :N_USERS] = seen, seen.T
    scale = graph.sum(1).clamp(min=1).rsqrt()
    graph = scale[:, None] * graph * scale
    layers = [model.embeddings.detach()]
    for _ in range(3):
        layers.append(graph @ layers[-1])
    expected = torch.stack(layers).mean(0)
    torch.testing.assert_close(model.encode_items().detach(), expected[N_USERS:], rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(model.propagated, expected, rtol=1e-4, atol=1e-6)


def test_the_gradient_through_the_graph_is_torchs_own() -> None:
    past = two_groups()
    model = trained("lightgcn", past, epochs=0, embedding_size=8, dropout=0.5)
    assert isinstance(model, LightGCN)
    batch = next(model.batches(past, torch.Generator().manual_seed(0)))
    model(*batch).backward()
    ours = model.embeddings.grad.clone()  # type: ignore[union-attr]
    model.embeddings.grad = None
    dense = model._graph.matrix(batch[-1]).to_dense()
    assert torch.equal(dense, dense.T)
    assert 0 < (dense > 0).sum() < 2 * len(past)
    model._propagate = lambda values: (
        sum(  # type: ignore[method-assign, assignment, return-value]
            (torch.linalg.matrix_power(dense, layer) @ model.embeddings for layer in range(3)), torch.zeros(())
        )
        / 3
    )
    model(*batch).backward()
    torch.testing.assert_close(ours, model.embeddings.grad, rtol=1e-4, atol=1e-6)


def test_a_loaded_lightgcn_answers_without_its_graph(tmp_path) -> None:  # type: ignore[no-untyped-def]
    past = two_groups()
    model = trained("lightgcn", past, epochs=3)
    before = scores_of(model, past, 1, 2)
    model.save(tmp_path)
    fresh = LightGCN(MODELS["lightgcn"].space.defaults(), Entities(n_users=N_USERS, n_items=N_ITEMS))
    fresh.load(tmp_path)
    assert torch.equal(scores_of(fresh.eval(), past, 1, 2), before)
    assert sum(weight.numel() for weight in fresh.weights().values()) < 66 * (
        N_USERS + N_ITEMS
    )  # not the embeddings beside them


@pytest.mark.parametrize("n", [1, 10, 20], ids=["one", "some with repeats", "more than there are items"])
def test_pair_scores_and_their_gradients_are_those_of_gathered_vectors(n: int) -> None:
    generator = torch.Generator().manual_seed(0)
    users, table = (torch.randn(n, 5, generator=generator).requires_grad_() for n in (7, 11))
    items = torch.randint(11, (7, n), generator=generator)
    weights = torch.randn(7, n, generator=generator)
    results = []
    ways: tuple[Callable[[], Tensor], ...] = (
        lambda: pair_scores(users, table, items),
        lambda: (users[:, None] * table[items]).sum(-1),
    )
    for way in ways:
        scores = way()
        results.append((scores, *torch.autograd.grad((scores * weights).sum(), (users, table))))
    for ours, plain in zip(*results, strict=True):
        torch.testing.assert_close(ours, plain, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("power", [0.5, 1.0])
def test_negatives_by_popularity_are_drawn_as_often_as_their_power_says(power: float) -> None:
    past = histories_of([[], *([item for item in range(1, 11) if user % item == 0] for user in range(1, 30))], 12)
    drawn = NegativeSampler(past, power).draw(torch.zeros(500, dtype=torch.int64), 64, torch.Generator().manual_seed(0))
    shares = torch.bincount(drawn.flatten(), minlength=12) / drawn.numel()
    expected = past.counts().double() ** power
    torch.testing.assert_close(shares.double(), expected / expected.sum(), atol=0.01, rtol=0)
    torch.testing.assert_close(popularity(past, power), expected / expected.sum())


def test_in_batch_negatives_are_never_what_the_user_has() -> None:
    past = two_groups()
    model = trained("bpr_mf", past, epochs=0, negative_sampling="in_batch", shared_negatives=64)
    assert isinstance(model, BprMF)
    users, items, shared, illegal = next(model.batches(past, torch.Generator().manual_seed(0)))
    assert items.shape == (len(past), 1)
    assert torch.equal(shared, items[:64, 0])
    assert torch.equal(illegal, past.multi_hot(users)[:, shared] == 1)


@pytest.mark.parametrize("kind", ["popularity", "in_batch"])
def test_the_softmax_over_skewed_negatives_corrects_for_how_often_they_are_drawn(kind: str) -> None:
    past = two_groups()
    model = trained("bpr_mf", past, epochs=0, negative_sampling=kind, popularity_power=1.0)
    assert isinstance(model, BprMF)
    shares = past.counts() / len(past) * N_ITEMS
    torch.testing.assert_close(model._log_q[past.counts() > 0].exp(), shares[past.counts() > 0])  # type: ignore[index]


@pytest.mark.parametrize(
    ("dropout", "user_exponent", "popularity_exponent"), [(0.0, 0.0, 0.0), (0.3, 0.0, 0.0), (0.2, 0.5, 0.3)]
)
def test_ease_minimises_what_the_papers_write(dropout: float, user_exponent: float, popularity_exponent: float) -> None:
    past = two_groups()
    given = {"dropout": dropout, "user_exponent": user_exponent, "popularity_exponent": popularity_exponent}
    model = trained("ease", past, l2=3.0, **given)
    seen = past.multi_hot(torch.arange(N_USERS)).double()
    lengths = seen.sum(dim=1)
    counted = lengths.clamp(min=1) ** -user_exponent
    counted = counted * lengths.sum() / (counted * lengths).sum()
    kept = 1 - dropout

    def gradient(weights: Tensor) -> Tensor:  # of the expected error of a history whose items are dropped at random
        weights = weights.requires_grad_()
        errors = seen - seen @ weights
        variance = dropout / kept * (seen @ weights.square())
        loss = (counted[:, None] * (errors.square() + variance)).sum() + 3.0 * weights.square().sum()
        return torch.autograd.grad(loss, weights)[0]

    weights = model.item_weights.double() * past.counts().clamp(min=1) ** popularity_exponent  # type: ignore[union-attr]
    slope = gradient(weights.clone())
    assert weights.diagonal().abs().max() == 0
    assert (slope - slope.diagonal().diag()).abs().max() < 1e-4 * gradient(torch.zeros_like(weights)).abs().max()
