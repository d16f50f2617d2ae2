"""Other orders of a list's best candidates, which trade relevance against diversity by one strength in [0, 1].

    B  users     R  candidates, best first     k  places     c  categories or factors

At strength 0 a list stays as it is. `mmr`, `dpp` and `calibrated` fill one place after the other, all users at once.
Sources: Carbonell & Goldstein 1998 (MMR); Chen et al. 2018 (greedy MAP of a DPP); Steck 2018 (calibration);
Kool et al. 2019 (Gumbel-top-k).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from recmodels.metrics.diversity import Kind, similarity
from recmodels.search_space import Params

_SMOOTHING = 0.01  # of a list's categories with the user's, so that the divergence stays finite
_SEED = 0  # of the Gumbel noise, so that a list can be drawn again


@dataclass(frozen=True, slots=True, kw_only=True)
class Reranker:
    """One way to reorder, with what is known of the items."""

    kind: str
    strength: float
    depth: int
    vectors: Tensor | None  # (n_items, c)
    likeness: Kind = "jaccard"  # of the vectors

    @classmethod
    def from_params(cls, params: Params, vectors: Tensor | None, likeness: Kind) -> "Reranker | None":
        """From the params `rerank` and `rerank_*`; None where the list is to stay as it is."""
        kind = str(params.get("rerank", "none"))
        if kind == "none" or not float(params["rerank_strength"]):
            return None
        return cls(
            kind=kind,
            strength=float(params["rerank_strength"]),
            depth=int(params["rerank_depth"]),
            vectors=vectors,
            likeness=likeness,
        )

    def __call__(self, scores: Tensor, ranked: Tensor, history: Tensor, k: int) -> Tensor:
        """The places of the chosen candidates, best first.

        Args:
            scores: (B, R) descending; -inf where there is no candidate.
            ranked: Their items, (B, R).
            history: How much of each category the user has had, (B, c); only `calibrated` reads it.
            k: How many places to fill, at most R.

        Returns:
            (B, k) int64 places in `ranked`.
        """
        relevance = _scaled(scores)
        if self.kind == "gumbel":
            return _gumbel(relevance, self.strength, k)
        known = self._known()[ranked]  # (B, R, c)
        if self.kind == "mmr":
            return _mmr(relevance, similarity(known, self.likeness), self.strength, k)
        if self.kind == "dpp":
            return _dpp(relevance, similarity(known, self.likeness), self.strength, k)
        return _calibrated(relevance, known.clamp(min=0), history, self.strength, k)

    def of_histories(self, multi_hot: Tensor) -> Tensor:
        """The categories of what users had: (B, n_items) to (B, c)."""
        return multi_hot @ self._known().clamp(min=0) if self.kind == "calibrated" else multi_hot[:, :0]

    def _known(self) -> Tensor:
        assert self.vectors is not None  # noqa: S101 - checked where the params meet the data
        return self.vectors


def _scaled(scores: Tensor) -> Tensor:
    """Each list's scores to [0, 1]; -inf stays."""
    finite = scores.isfinite()
    low = scores.masked_fill(~finite, torch.inf).min(dim=1, keepdim=True).values
    high = scores.masked_fill(~finite, -torch.inf).max(dim=1, keepdim=True).values
    return ((scores - low) / (high - low).clamp(min=1e-12)).masked_fill(~finite, -torch.inf)


def _gumbel(relevance: Tensor, strength: float, k: int) -> Tensor:
    """A sample without replacement; the strength is the temperature."""
    generator = torch.Generator(relevance.device).manual_seed(_SEED)
    uniform = torch.rand(relevance.shape, generator=generator, device=relevance.device).clamp(min=1e-20)
    return (relevance / strength - (-uniform.log()).log()).topk(k).indices


def _mmr(relevance: Tensor, alike: Tensor, strength: float, k: int) -> Tensor:
    """(1 - strength) · relevance - strength · the likeness to the most alike item chosen so far."""
    rows = torch.arange(len(relevance), device=relevance.device)
    gains, nearest = (1 - strength) * relevance, torch.zeros_like(relevance)
    chosen = []
    for _ in range(k):
        place = (gains - strength * nearest).argmax(dim=1)  # (B,)
        chosen.append(place)
        gains = gains.scatter(1, place[:, None], -torch.inf)
        nearest = torch.maximum(nearest, alike[rows, place])
    return torch.stack(chosen, dim=1)


def _dpp(relevance: Tensor, alike: Tensor, strength: float, k: int) -> Tensor:
    """The candidate that adds most to the log determinant of diag(q) S diag(q), by incremental Cholesky rows."""
    is_candidate = relevance.isfinite()
    weight = min((1 - strength) / (2 * strength), 50.0)
    quality = (weight * relevance.masked_fill(~is_candidate, 0.0)).exp()
    rows = torch.arange(len(relevance), device=relevance.device)
    gains = (quality**2 * (1 + 1e-6)).masked_fill(~is_candidate, -torch.inf)  # (B, R)
    factors = relevance.new_zeros(*relevance.shape, k)  # (B, R, k)
    chosen = []
    for step in range(k):
        place = gains.argmax(dim=1)  # (B,)
        chosen.append(place)
        kernel = quality * quality[rows, place, None] * alike[rows, place]  # (B, R)
        own = factors[rows, place, :step]  # (B, step)
        root = gains[rows, place].clamp(min=1e-12).sqrt()[:, None]
        factors[:, :, step] = (kernel - (factors[:, :, :step] @ own[:, :, None]).squeeze(2)) / root
        gains = (gains - factors[:, :, step] ** 2).clamp(min=1e-12).masked_fill(gains == -torch.inf, -torch.inf)
        gains = gains.scatter(1, place[:, None], -torch.inf)
    return torch.stack(chosen, dim=1)


def _calibrated(relevance: Tensor, known: Tensor, history: Tensor, strength: float, k: int) -> Tensor:
    """(1 - strength) · relevance so far - strength · KL(the user's categories, the list's)."""
    shares = known / known.sum(dim=2, keepdim=True).clamp(min=1e-12)  # (B, R, c)
    wanted = history / history.sum(dim=1, keepdim=True).clamp(min=1e-12)  # (B, c)
    rows = torch.arange(len(relevance), device=relevance.device)
    left, listed = relevance.clone(), torch.zeros_like(wanted)
    chosen = []
    for step in range(1, k + 1):
        mixed = (listed[:, None] + shares) / step  # (B, R, c)
        mixed = (1 - _SMOOTHING) * mixed + _SMOOTHING * wanted[:, None]
        divergence = (wanted[:, None] * (wanted[:, None].clamp(min=1e-12) / mixed.clamp(min=1e-12)).log()).sum(dim=2)
        place = ((1 - strength) * left - strength * divergence).argmax(dim=1)
        chosen.append(place)
        left = left.scatter(1, place[:, None], -torch.inf)
        listed = listed + shares[rows, place]
    return torch.stack(chosen, dim=1)
