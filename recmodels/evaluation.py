"""Full ranking: every item is scored for every user with a held-out item, masked ones left out, metrics are averaged.

What is masked the histories say: seen items, unless people have them again (see repeats.py), and refused ones. A
relevant item is one that was held out and is not masked. Users without a relevant item are left out of the averages.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from recmodels.aspects import Aspects, factors_of
from recmodels.data.histories import Histories
from recmodels.errors import DataError, TrialFailed
from recmodels.grading import Grades, graded
from recmodels.measured import FEW_EVENTS, Cold, MeasuredUsers
from recmodels.metrics import beyond_accuracy
from recmodels.metrics.diversity import intra_list_distance
from recmodels.metrics.fairness import gap_and_worst
from recmodels.metrics.ranking import RANKING
from recmodels.models.base import RecModel
from recmodels.reranking import Reranker

MIN_BLOCK, MAX_BLOCK = 512, 2048  # users a matrix product
BLOCK_SCORES = 2**24  # aimed at: users x items of a block
NOTHING_KNOWN = Aspects()
NEW_FOUND = "new_found"  # of a user: how many relevant items of which there was no row before are in the list
NO_ITEM = -1  # in a ranked list: fewer candidates than places


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What one pass over the held-out items measured."""

    metrics: Mapping[str, float]  # ndcg@10, …, coverage@10
    users: npt.NDArray[np.int64]  # (m,) those with a relevant item, ascending
    # ndcg@10, … of each of `users`, (m,), whose mean is the metric, and new_found@10, …
    per_user: Mapping[str, npt.NDArray[np.float32]]


@torch.inference_mode()
def evaluate(
    model: RecModel,
    seen: Histories,
    held_out: Histories,
    cutoffs: tuple[int, ...],
    aspects: Aspects = NOTHING_KNOWN,
    grades: Grades | None = None,
) -> Evaluation:
    """Rank all items that are not masked for each user who has a held-out one.

    Args:
        seen: What came before the cut; masked as it says, and read by models that score from histories.
        held_out: What the lists should hold.
        cutoffs: Ascending.
        aspects: What is known of items and users; metrics that need what is not there are left out.
        grades: Of the held-out pairs, where they differ; ndcg is by these.

    Raises:
        DataError: No user has a held-out item that is new to them, or lists cannot be reordered as the params say.
        TrialFailed: The model's scores are not numbers ("diverged").
    """
    model.eval()
    items = model.encode_items()
    candidates = (held_out.lengths() > 0).nonzero().squeeze(1)
    # those of like history together: a model that reads sequences pads each to the longest of its block
    candidates = candidates[seen.lengths()[candidates].argsort(stable=True)]
    reranker = aspects.reranker(model.params, items)
    blocks = [
        _rank(model, users, seen, held_out, items, cutoffs[-1], reranker)
        for users in torch.split(candidates, _block(seen))
    ]
    if not any(len(users) for users, *_ in blocks):
        raise DataError(
            "no user has a held-out item that they had not seen before, so nothing can be measured; where people have "
            "the same item again, keep repeat events"
        )
    users, ranked, hits, n_relevant, relevant = (torch.cat(parts) for parts in zip(*blocks, strict=True))
    order = users.argsort()
    users, ranked, hits, n_relevant = (values[order] for values in (users, ranked, hits, n_relevant))
    per_user = {
        f"{name}@{k}": metric(hits, n_relevant, k).float().cpu().numpy()
        for name, metric in RANKING.items()
        for k in cutoffs
    }
    fair: Mapping[str, npt.NDArray[np.float32]] = per_user
    recalls: Mapping[str, float] = {}
    if grades is not None:
        by_grade = graded(grades, users, ranked, hits, relevant, cutoffs)
        fair = {f"ndcg@{k}": values.cpu().numpy() for k, values in by_grade.ndcg.items()}
        counted = {f"ndcg@{k}": values * by_grade.counts for k, values in by_grade.ndcg.items()}
        per_user = per_user | {name: values.cpu().numpy() for name, values in counted.items()}
        recalls = by_grade.recalls
    metrics = {name: float(values.mean(dtype=np.float64)) for name, values in per_user.items()} | dict(recalls)
    is_new = hits & (seen.counts() == 0)[ranked.clamp(min=0)]
    per_user |= {f"{NEW_FOUND}@{k}": is_new[:, :k].sum(dim=1).float().cpu().numpy() for k in cutoffs}
    for k in cutoffs:
        beyond = _beyond(ranked, hits, k, seen) | _distances(ranked, k, aspects, factors_of(items))
        beyond |= _fairness(fair[f"ndcg@{k}"], users.cpu().numpy(), aspects)
        metrics |= {f"{name}@{k}": value for name, value in beyond.items()}
    return Evaluation(metrics=metrics, users=users.cpu().numpy(), per_user=per_user)


def _beyond(ranked: Tensor, hits: Tensor, k: int, seen: Histories) -> dict[str, float]:
    counts = seen.counts()
    return {
        "coverage": beyond_accuracy.coverage(ranked, k, seen.n_items),
        "popularity_share": beyond_accuracy.popularity_share(ranked, k, counts),
        "average_popularity": beyond_accuracy.average_popularity(ranked, k, counts),
        "tail_share": beyond_accuracy.tail_share(ranked, k, counts),
        "gini": beyond_accuracy.gini(ranked, k, seen.n_items),
        "novelty": beyond_accuracy.novelty(ranked, k, counts, seen.n_users),
        "serendipity": beyond_accuracy.serendipity(ranked, hits, k, counts),
    }


def _distances(ranked: Tensor, k: int, aspects: Aspects, factors: Tensor | None) -> dict[str, float]:
    found = {}
    if aspects.categories is not None:
        found["diversity"] = intra_list_distance(ranked, k, aspects.categories, "jaccard")
    if factors is not None:
        found["factor_diversity"] = intra_list_distance(ranked, k, factors, "cosine")
    if aspects.texts is not None:
        found["text_diversity"] = intra_list_distance(ranked, k, aspects.texts, "cosine")
    return found


def _fairness(values: npt.NDArray[np.float32], users: npt.NDArray[np.int64], aspects: Aspects) -> dict[str, float]:
    found = gap_and_worst(values, [groups[users] for groups in aspects.groupings])
    return {} if found is None else {"ndcg_gap": found[0], "ndcg_worst": found[1]}


def measured_users(seen: Histories, held_out: Histories) -> MeasuredUsers:
    """Whom `evaluate` measures.

    Args:
        seen: What came before the cut.
        held_out: What the lists should hold.
    """
    n_items = seen.n_items
    asked = asked_pairs(seen, held_out)
    measured = torch.unique(asked // n_items)
    n_candidates = int((held_out.lengths() > 0).sum())
    return MeasuredUsers(
        n_users=seen.n_users,
        n_measured=len(measured),
        n_only_seen=n_candidates - len(measured),
        n_nothing_held_out=seen.n_users - n_candidates,
        n_without_history=int((seen.lengths()[measured] == 0).sum()),
        n_held_out=len(asked),
        n_new_items=int((seen.counts()[asked % n_items] == 0).sum()),
    )


def asked_pairs(seen: Histories, held_out: Histories) -> Tensor:
    """What lists could hold of what is held out: the pairs that are not masked, as user * n_items + item. Ascending."""
    wanted = torch.unique(held_out.users * seen.n_items + held_out.items)
    users, items = seen.masked(torch.arange(seen.n_users, device=seen.device))
    asked: Tensor = wanted[~torch.isin(wanted, users * seen.n_items + items)]
    return asked


def cold_of(evaluation: Evaluation, seen: Histories, n_new_items: int, metric: str) -> Cold:
    """How well an evaluation went for new items and for users with few events.

    Args:
        seen: What came before the cut.
        n_new_items: As `MeasuredUsers.n_new_items`.
        metric: One that each user has, at a cutoff.
    """
    values, k = evaluation.per_user[metric], int(metric.partition("@")[2])
    n_events = seen.lengths()[torch.as_tensor(evaluation.users, device=seen.device)].cpu().numpy()
    few, others = values[n_events < FEW_EVENTS], values[n_events >= FEW_EVENTS]
    found = evaluation.per_user.get(f"{NEW_FOUND}@{k}")  # none in the state of a run that an older version began
    return Cold(
        metric=metric,
        cutoff=k,
        n_new_items=n_new_items,
        n_new_found=None if found is None else int(found.sum()),
        n_few=len(few),
        few=float(few.mean(dtype=np.float64)) if len(few) else None,
        n_others=len(others),
        others=float(others.mean(dtype=np.float64)) if len(others) else None,
    )


def joined(*evaluations: Evaluation | None) -> Evaluation:
    """All metrics of the evaluations there are; the values of each user are those of the first."""
    found = [evaluation for evaluation in evaluations if evaluation is not None]
    metrics = {name: value for evaluation in found for name, value in evaluation.metrics.items()}
    return Evaluation(metrics=metrics, users=found[0].users, per_user=found[0].per_user)


def top_items(
    model: RecModel,
    users: Tensor,
    histories: Histories,
    items: Tensor | None,
    k: int,
    reranker: Reranker | None = None,
) -> tuple[Tensor, Tensor]:
    """The `k` best items of each user that are not masked, with their scores, best first; `NO_ITEM` for none.

    Returns:
        Items and scores, both (B, min(k, n_items)).

    Raises:
        TrialFailed: A score is not a number.
    """
    scores = model.score(users, histories, items)  # (B, n_items)
    scores[histories.masked(users)] = -torch.inf
    best, ranked = scores.topk(min(max(k, reranker.depth if reranker else k), histories.n_items))
    if best.isnan().any():  # topk puts NaN first
        raise TrialFailed("diverged", "the model's scores are not numbers")
    if reranker is not None:
        history = reranker.of_histories(histories.multi_hot(users))
        places = reranker(best, ranked, history, min(k, histories.n_items))
        best, ranked = best.gather(1, places), ranked.gather(1, places)
    return ranked.masked_fill(best == -torch.inf, NO_ITEM), best


def _rank(
    model: RecModel,
    users: Tensor,
    seen: Histories,
    held_out: Histories,
    items: Tensor | None,
    k: int,
    reranker: Reranker | None,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    relevant = torch.zeros(len(users), seen.n_items, dtype=torch.bool, device=seen.device)
    rows, wanted = held_out.entries(users)
    relevant[rows, wanted] = True
    relevant[seen.masked(users)] = False
    keys = torch.unique(rows * seen.n_items + wanted)  # far fewer than the matrix has places
    keys = keys[relevant.view(-1)[keys]]
    n_relevant = torch.bincount(keys // seen.n_items, minlength=len(users))  # (B,)
    ranked, _ = top_items(model, users, seen, items, k, reranker)  # (B, <= k)
    hits = relevant.gather(1, ranked.clamp(min=0)) & (ranked != NO_ITEM)
    missing = k - ranked.shape[1]  # a cutoff beyond the catalogue
    hits = torch.nn.functional.pad(hits, (0, missing))
    ranked = torch.nn.functional.pad(ranked, (0, missing), value=NO_ITEM)
    kept = n_relevant > 0
    pairs = users[keys // seen.n_items] * seen.n_items + keys % seen.n_items
    return users[kept], ranked[kept], hits[kept], n_relevant[kept], pairs


def _block(histories: Histories) -> int:
    return min(max(BLOCK_SCORES // max(histories.n_items, 1), MIN_BLOCK), MAX_BLOCK)
