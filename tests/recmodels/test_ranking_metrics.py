"""Metrics against values worked out by hand and against trec_eval."""

import math

import numpy as np
import pytest
import pytrec_eval
import torch

from recmodels.metrics.ranking import RANKING


def one_user(hits: list[int], n_relevant: int, name: str, k: int) -> float:
    return RANKING[name](torch.tensor([hits], dtype=torch.bool), torch.tensor([n_relevant]), k).item()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ndcg", (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3) + 1 / math.log2(4))),
        ("recall", 2 / 3),
        ("precision", 2 / 4),
        ("hit", 1.0),
        ("mrr", 1 / 2),
        ("map", (1 / 2 + 2 / 4) / 3),
    ],
)
def test_metrics_of_hits_at_ranks_two_and_four_are_those_worked_out_by_hand(name: str, value: float) -> None:
    assert one_user([0, 1, 0, 1, 1], 3, name, 4) == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("name", RANKING)
@pytest.mark.parametrize("n_relevant", [1, 3, 9])
def test_the_best_list_has_one_and_a_list_without_a_hit_has_zero(name: str, n_relevant: int) -> None:
    k = 5
    best = [int(rank < n_relevant) for rank in range(k)]
    most = {"recall": min(1.0, k / n_relevant), "precision": min(1.0, n_relevant / k)}.get(name, 1.0)
    assert one_user(best, n_relevant, name, k) == pytest.approx(most)
    assert one_user([0] * k, n_relevant, name, k) == 0.0


def test_metrics_agree_with_trec_eval_on_random_rankings() -> None:
    rng = np.random.default_rng(0)
    n_users, n_items, k = 40, 30, 10
    scores = rng.permuted(np.tile(np.arange(n_items, dtype=float), (n_users, 1)), axis=1)
    relevant = rng.random((n_users, n_items)) < rng.uniform(0.05, 0.8, (n_users, 1))
    relevant[:, 0] |= ~relevant.any(axis=1)
    order = np.argsort(-scores, axis=1)[:, :k]
    names = {
        "ndcg": f"ndcg_cut_{k}",
        "recall": f"recall_{k}",
        "precision": f"P_{k}",
        "hit": f"success_{k}",
        "mrr": "recip_rank",
        "map": f"map_cut_{k}",
    }
    qrels = {f"u{u}": {f"i{i}": 1 for i in np.flatnonzero(relevant[u])} for u in range(n_users)}
    lists = {f"u{u}": {f"i{i}": scores[u, i] for i in order[u]} for u in range(n_users)}
    theirs = pytrec_eval.RelevanceEvaluator(qrels, set(names.values())).evaluate(lists)
    n_relevant = torch.from_numpy(relevant.sum(axis=1))
    hits = torch.from_numpy(np.take_along_axis(relevant, order, axis=1))
    for ours, their_name in names.items():
        expected = torch.tensor([theirs[f"u{u}"][their_name] for u in range(n_users)])
        if ours == "map":  # trec_eval divides by all relevant items, also by those that cannot fit
            expected = expected * n_relevant / n_relevant.clamp(max=k)
        torch.testing.assert_close(RANKING[ours](hits, n_relevant, k).double(), expected.double(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", RANKING)
def test_a_metric_stays_on_the_device_of_the_lists(name: str) -> None:
    hits = torch.ones(3, 5, dtype=torch.bool, device="meta")  # a device without numbers, which mixes with no other
    found = RANKING[name](hits, torch.ones(3, dtype=torch.int64, device="meta"), 4)
    assert (found.device.type, tuple(found.shape)) == ("meta", (3,))
