"""Each way to reorder against its definition, written out for one user at a time and without tensors."""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Tensor

from recmodels.metrics.diversity import Kind
from recmodels.reranking import Reranker

N_USERS, N_CANDIDATES, N_ITEMS = 4, 6, 9
NOTHING_HAD = torch.zeros(N_USERS, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """One user's candidates, best first."""

    relevance: list[float]
    vectors: list[list[float]]
    strength: float
    likeness: Kind
    history: list[float]

    def alike(self, a: int, b: int) -> float:
        x, y = self.vectors[a], self.vectors[b]
        common = sum(i * j for i, j in zip(x, y, strict=True))
        if self.likeness == "jaccard":
            return common / max(sum(x) + sum(y) - common, 1.0)
        return common / math.sqrt(sum(i * i for i in x) * sum(j * j for j in y))

    def mmr(self, chosen: list[int]) -> float:
        *before, last = chosen
        nearest = max((self.alike(last, place) for place in before), default=0.0)
        return (1 - self.strength) * self.relevance[last] - self.strength * max(nearest, 0.0)

    def dpp(self, chosen: list[int]) -> float:
        quality = [math.exp((1 - self.strength) / (2 * self.strength) * self.relevance[place]) for place in chosen]
        alike = [[self.alike(a, b) for b in chosen] for a in chosen]
        return float(np.linalg.det(np.outer(quality, quality) * alike))

    def calibrated(self, chosen: list[int]) -> float:
        weights = [[max(x, 0.0) for x in self.vectors[place]] for place in chosen]
        shares = [[x / max(sum(row), 1e-12) for x in row] for row in weights]
        wanted = [x / sum(self.history) for x in self.history]
        mixed = [0.99 * q + 0.01 * p for p, q in zip(wanted, np.mean(shares, axis=0), strict=True)]
        divergence = sum(p * math.log(p / q) for p, q in zip(wanted, mixed, strict=True) if p > 0)
        return (1 - self.strength) * sum(self.relevance[place] for place in chosen) - self.strength * divergence

    def greedy(self, kind: str, k: int) -> list[int]:
        """Place after place the candidate with which the list is worth most."""
        worth = {"mmr": self.mmr, "dpp": self.dpp, "calibrated": self.calibrated}[kind]
        chosen: list[int] = []
        for _ in range(k):
            rest = [i for i, x in enumerate(self.relevance) if math.isfinite(x) and i not in chosen]
            worths = [worth([*chosen, place]) for place in rest]
            chosen.append(rest[worths.index(max(worths))])
        return chosen


def scaled(scores: list[float]) -> list[float]:
    finite = [score for score in scores if math.isfinite(score)]
    return [(x - min(finite)) / (max(finite) - min(finite)) if math.isfinite(x) else x for x in scores]


def candidates(seed: int) -> tuple[Tensor, Tensor]:
    """Scores, of which one user has fewer, and the items."""
    rng = np.random.default_rng(seed)
    scores = torch.tensor(rng.normal(size=(N_USERS, N_CANDIDATES)) * 3).sort(dim=1, descending=True).values
    scores[1, 4:] = -torch.inf
    scores[1] -= 20
    ranked = torch.tensor(np.stack([rng.permutation(N_ITEMS)[:N_CANDIDATES] for _ in range(N_USERS)]))
    return scores, ranked


def categories(seed: int) -> Tensor:
    return torch.tensor(np.random.default_rng(seed).random((N_ITEMS, 5)) < 0.4, dtype=torch.float64)


def factors(seed: int) -> Tensor:
    return torch.tensor(np.random.default_rng(seed).normal(size=(N_ITEMS, N_CANDIDATES)) + 0.7)


def check(
    kind: str, vectors: Tensor, likeness: Kind, strength: float, seed: int, history: Tensor = NOTHING_HAD
) -> None:
    scores, ranked = candidates(seed)
    found = Reranker(kind=kind, strength=strength, depth=6, vectors=vectors, likeness=likeness)(
        scores, ranked, history, 4
    )
    for user in range(N_USERS):
        one = List(
            relevance=scaled(scores[user].tolist()),
            vectors=vectors[ranked[user]].tolist(),
            strength=strength,
            likeness=likeness,
            history=history[user].tolist(),
        )
        assert found[user].tolist() == one.greedy(kind, 4)


@pytest.mark.parametrize(("likeness", "make"), [("jaccard", categories), ("cosine", factors)])
@pytest.mark.parametrize("strength", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("seed", range(3))
def test_mmr_is_its_definition(likeness: Kind, make: Callable[[int], Tensor], strength: float, seed: int) -> None:
    check("mmr", make(seed), likeness, strength, seed)


@pytest.mark.parametrize("strength", [0.1, 0.4, 0.95])
@pytest.mark.parametrize("seed", range(3))
def test_each_step_of_the_dpp_takes_the_greatest_determinant(strength: float, seed: int) -> None:
    check("dpp", factors(seed), "cosine", strength, seed)


@pytest.mark.parametrize("strength", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("seed", range(3))
def test_a_calibrated_list_is_its_definition(strength: float, seed: int) -> None:
    had = np.random.default_rng(seed).integers(0, 4, (N_USERS, 5)) + np.eye(5)[0]
    weights = torch.where(categories(seed) > 0, 0.3, -0.5)  # no more than 0 is none
    check("calibrated", weights.double(), "jaccard", strength, seed, torch.tensor(had))


def test_of_three_items_the_dpp_takes_the_pair_with_the_greatest_determinant() -> None:
    """By hand, at a strength of 1/3, where the weight is 1: qualities e, √e and 1, the first two alike by 0.9."""
    vectors = torch.tensor([[1.0, 0.0], [0.9, math.sqrt(1 - 0.81)], [0.0, 1.0]], dtype=torch.float64)
    scores = torch.tensor([[2.0, 1.0, 0.0]], dtype=torch.float64)
    determinants = {
        (0, 1): math.e**2 * math.e * (1 - 0.81),  # 3.8
        (0, 2): math.e**2,  # 7.4
        (1, 2): math.e * 0.81,
    }
    best = max(itertools.combinations(range(3), 2), key=determinants.__getitem__)
    found = Reranker(kind="dpp", strength=1 / 3, depth=3, vectors=vectors, likeness="cosine")
    assert found(scores, torch.arange(3)[None], vectors[:0], 2)[0].tolist() == list(best) == [0, 2]
    # where the second is unlike enough, it is taken: 1 - s² > 1/e
    vectors[1] = torch.tensor([0.75, math.sqrt(1 - 0.75**2)])
    assert found(scores, torch.arange(3)[None], vectors[:0], 2)[0].tolist() == [0, 1]


@pytest.mark.parametrize("strength", [0.2, 1.0])
def test_gumbel_adds_seeded_noise_to_the_relevance_over_the_strength(strength: float) -> None:
    scores, ranked = candidates(0)
    uniform = torch.rand(scores.shape, generator=torch.Generator().manual_seed(0))
    found = Reranker(kind="gumbel", strength=strength, depth=6, vectors=None)(scores, ranked, scores[:, :0], 3)
    for user in range(N_USERS):
        keys = [
            x / strength - math.log(-math.log(u))
            for x, u in zip(scaled(scores[user].tolist()), uniform[user].tolist(), strict=True)
        ]
        assert found[user].tolist() == sorted(range(N_CANDIDATES), key=lambda place: -keys[place])[:3]
