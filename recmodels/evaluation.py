"""Full ranking: every item is scored for every user with a held-out item, seen items are masked, metrics are averaged.

A relevant item is one that was held out and not seen before the cut: what is masked cannot be asked for. Users without
a relevant item are left out of the averages.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from recmodels.errors import DataError, TrialFailed
from recmodels.metrics.beyond_accuracy import coverage, popularity_share
from recmodels.metrics.ranking import RANKING
from recmodels.models.base import RecModel
from recmodels.models.histories import Histories

MIN_BLOCK, MAX_BLOCK = 512, 2048  # users a matrix product
BLOCK_SCORES = 2**24  # aimed at: users x items of a block
NO_ITEM = -1  # in a ranked list: fewer candidates than places


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What one pass over the held-out items measured."""

    metrics: Mapping[str, float]  # ndcg@10, …, coverage@10
    users: npt.NDArray[np.int64]  # (m,) those with a relevant item
    per_user: Mapping[str, npt.NDArray[np.float32]]  # ndcg@10, … of each of `users`, (m,)


@torch.inference_mode()
def evaluate(model: RecModel, seen: Histories, held_out: Histories, cutoffs: tuple[int, ...]) -> Evaluation:
    """Rank all unseen items for each user who has a held-out one.

    Args:
        seen: What came before the cut; masked, and read by models that score from histories.
        held_out: What the lists should hold.
        cutoffs: Ascending.

    Raises:
        DataError: No user has a held-out item that is new to them.
        TrialFailed: The model's scores are not numbers ("diverged").
    """
    model.eval()
    items = model.encode_items()
    candidates = (held_out.lengths() > 0).nonzero().squeeze(1)
    blocks = [
        _rank(model, users, seen, held_out, items, cutoffs[-1]) for users in torch.split(candidates, _block(seen))
    ]
    if not any(len(users) for users, *_ in blocks):
        raise DataError("no user has a held-out item that they had not seen before, so nothing can be measured")
    users, ranked, hits, n_relevant = (torch.cat(parts) for parts in zip(*blocks, strict=True))
    per_user = {
        f"{name}@{k}": metric(hits, n_relevant, k).float().cpu().numpy()
        for name, metric in RANKING.items()
        for k in cutoffs
    }
    metrics = {name: float(values.mean(dtype=np.float64)) for name, values in per_user.items()}
    popularity = seen.counts()
    for k in cutoffs:
        metrics[f"coverage@{k}"] = coverage(ranked, k, seen.n_items)
        metrics[f"popularity_share@{k}"] = popularity_share(ranked, k, popularity)
    return Evaluation(metrics=metrics, users=users.cpu().numpy(), per_user=per_user)


def joined(*evaluations: Evaluation | None) -> Evaluation:
    """All metrics of the evaluations there are; the values of each user are those of the first."""
    found = [evaluation for evaluation in evaluations if evaluation is not None]
    metrics = {name: value for evaluation in found for name, value in evaluation.metrics.items()}
    return Evaluation(metrics=metrics, users=found[0].users, per_user=found[0].per_user)


def top_items(
    model: RecModel, users: Tensor, histories: Histories, items: Tensor | None, k: int
) -> tuple[Tensor, Tensor]:
    """The `k` best unseen items of each user and their scores, best first; `NO_ITEM` where there are fewer.

    Returns:
        Items and scores, both (B, min(k, n_items)).

    Raises:
        TrialFailed: A score is not a number.
    """
    scores = model.score(users, histories, items)  # (B, n_items)
    scores[histories.entries(users)] = -torch.inf
    best, ranked = scores.topk(min(k, histories.n_items))
    if best.isnan().any():  # topk puts NaN first
        raise TrialFailed("diverged", "the model's scores are not numbers")
    return ranked.masked_fill(best == -torch.inf, NO_ITEM), best


def _rank(
    model: RecModel, users: Tensor, seen: Histories, held_out: Histories, items: Tensor | None, k: int
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    relevant = torch.zeros(len(users), seen.n_items, dtype=torch.bool, device=seen.device)
    relevant[held_out.entries(users)] = True
    relevant[seen.entries(users)] = False
    n_relevant = relevant.sum(dim=1)  # (B,)
    ranked, _ = top_items(model, users, seen, items, k)  # (B, <= k)
    hits = relevant.gather(1, ranked.clamp(min=0)) & (ranked != NO_ITEM)
    missing = k - ranked.shape[1]  # a cutoff beyond the catalogue
    hits = torch.nn.functional.pad(hits, (0, missing))
    ranked = torch.nn.functional.pad(ranked, (0, missing), value=NO_ITEM)
    kept = n_relevant > 0
    return users[kept], ranked[kept], hits[kept], n_relevant[kept]


def _block(histories: Histories) -> int:
    return min(max(BLOCK_SCORES // max(histories.n_items, 1), MIN_BLOCK), MAX_BLOCK)
