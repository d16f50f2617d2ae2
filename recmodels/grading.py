"""Lists judged by what came of the held-out events: a purchase that was found counts more than a view.

Notation:
    w       (c,) what each outcome counts
    grade   of a user and an item: the highest w among the outcomes of their held-out events
    DCG     sum over the places of a list of grade / log2(place + 1); IDCG that of the best possible list
    ndcg    of a user DCG / IDCG. The mean counts a user as much as the highest grade that was held out of theirs, or
            one held-out purchase would count no more than one view. With equal weights it is the ndcg of `ranking.py`

Source of the graded gain: Järvelin & Kekäläinen 2002, eq. 1 and 4.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from recmodels.data.histories import Histories
from recmodels.outcomes import OutcomeWeights, metric_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """The pairs that a part holds out, with what came of them."""

    keys: Tensor  # (p,) int64, ascending: user * n_items + item
    has: Tensor  # (p, c) bool: whether each outcome came of the pair
    weights: Tensor  # (c,) float32, as w
    names: tuple[str, ...]  # of the outcomes, (c,)
    n_items: int

    def of(self, keys: Tensor) -> Tensor:
        """The grades of pairs, which are among `keys`. As the shape of the argument, float32."""
        return (self.has[self._places(keys)] * self.weights).amax(-1)

    def with_outcome(self, keys: Tensor, outcome: int) -> Tensor:
        """Whether it came of each pair. As the shape of the argument, bool."""
        return self.has[self._places(keys), outcome]

    def counts(self, keys: Tensor) -> dict[str, int]:
        """How many of the pairs each outcome came of."""
        return {name: int(self.with_outcome(keys, place).sum()) for place, name in enumerate(self.names)}

    def _places(self, keys: Tensor) -> Tensor:
        return torch.searchsorted(self.keys, keys).clamp(max=len(self.keys) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What grades make of ranked lists."""

    ndcg: Mapping[int, Tensor]  # cutoff → of each user, (m,)
    counts: Tensor  # (m,) what each user counts in a mean, 1 on average
    recalls: Mapping[str, float]  # recall_of_purchase@10, …: over the users of whom such an item was held out


def graded(
    grades: Grades, users: Tensor, ranked: Tensor, hits: Tensor, relevant: Tensor, cutoffs: tuple[int, ...]
) -> Graded:
    """Judge lists.

    Args:
        users: Ascending. (m,)
        ranked: Their lists, best first. (m, R)
        hits: Whether each place is relevant. (m, R)
        relevant: The pairs that could be found, as keys of `grades`.
    """
    keys = users[:, None] * grades.n_items + ranked.clamp(min=0)  # (m, R)
    gains = torch.where(hits, grades.of(keys), 0.0)
    ideal = _ideal(grades, users, relevant, ranked.shape[1])  # (m, R)
    discount = 1 / torch.log2(torch.arange(ranked.shape[1], device=users.device) + 2.0)  # (R,)
    ndcg = {k: (gains * discount)[:, :k].sum(1) / (ideal * discount)[:, :k].sum(1) for k in cutoffs}
    rows = torch.searchsorted(users, relevant // grades.n_items)
    recalls = {}
    for outcome, name in enumerate(metric_names(grades.names)):
        n_held = torch.bincount(rows[grades.with_outcome(relevant, outcome)], minlength=len(users))  # (m,)
        found, has_some = hits & grades.with_outcome(keys, outcome), n_held > 0
        for k in cutoffs if has_some.any() else ():
            recalls[f"{name}@{k}"] = float((found[:, :k].sum(1)[has_some] / n_held[has_some]).double().mean())
    return Graded(ndcg=ndcg, counts=ideal[:, 0] / ideal[:, 0].mean(), recalls=recalls)


def _ideal(grades: Grades, users: Tensor, relevant: Tensor, length: int) -> Tensor:
    """The grades of the best possible list of each user. (m, length)"""
    values = grades.of(relevant)
    order = values.argsort(descending=True, stable=True)
    order = order[(relevant[order] // grades.n_items).argsort(stable=True)]  # by user, the highest first
    rows = torch.searchsorted(users, relevant[order] // grades.n_items)
    starts = torch.searchsorted(rows, torch.arange(len(users), device=users.device))
    places = torch.arange(len(rows), device=users.device) - starts[rows]
    is_listed = places < length
    ideal = torch.zeros(len(users), length, device=users.device)
    ideal[rows[is_listed], places[is_listed]] = values[order][is_listed]
    return ideal


def grades_of(held_out: Histories, weights: OutcomeWeights) -> Grades:
    """The grades of a part that `loop.preparation.graded_parts` gave."""
    keys, places = torch.unique(held_out.users * held_out.n_items + held_out.items, return_inverse=True)
    bits: Tensor = held_out.outcomes  # type: ignore[assignment]  # they are there: see `loop.preparation.graded_parts`
    has = torch.zeros(len(keys), len(weights.names), dtype=torch.bool, device=held_out.device)
    for outcome in range(len(weights.names)):
        has[places[(bits >> outcome) & 1 == 1], outcome] = True
    return Grades(
        keys=keys,
        has=has,
        weights=torch.tensor(weights.weights, dtype=torch.float32, device=held_out.device),
        names=weights.names,
        n_items=held_out.n_items,
    )
