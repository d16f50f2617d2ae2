"""Metrics are named as people write them, and each declares its direction."""

import pytest

from recmodels.errors import ParamError
from recmodels.metrics import (
    METRICS,
    cutoff_of,
    direction_of,
    is_measured_each_epoch,
    parse_metric,
    prediction_of,
)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("NDCG@10", "ndcg@10"),
        ("ndcg", "ndcg@10"),
        ("hr@20", "hit@20"),
        ("latency_ms", "latency_ms"),
        ("R@5", "recall@5"),
        ("AUC", "auc"),
        ("log_loss", "logloss"),
        ("F1", "f1"),
        ("gauc", "user_auc"),
    ],
)
def test_a_metric_is_read_as_people_write_it(written: str, canonical: str) -> None:
    assert parse_metric(written) == canonical


@pytest.mark.parametrize("written", ["ndgc@10", "", "ndcg@0", "ndcg@ten", "ndcg@1001", "@10", "accuracy"])
def test_a_metric_that_does_not_exist_is_refused(written: str) -> None:
    with pytest.raises(ParamError):
        parse_metric(written)


def test_a_near_miss_names_the_nearest() -> None:
    with pytest.raises(ParamError, match="did you mean `ndcg`"):
        parse_metric("ndgc@10")


def test_direction_and_cutoff() -> None:
    assert direction_of("ndcg@10") == "maximize"
    assert direction_of("latency_ms") == "minimize"
    assert cutoff_of("recall@20") == 20
    assert cutoff_of("latency_ms") is None
    assert direction_of("auc") == "maximize"
    assert [direction_of(name) for name in ("logloss", "rmse", "mae")] == ["minimize"] * 3
    assert [cutoff_of(name) for name in ("user_auc", "f1")] == [None, None]
    assert {metric.direction for metric in METRICS.values()} == {"maximize", "minimize"}


def test_a_metric_says_whether_it_measures_lists_predictions_or_costs() -> None:
    names = ("ndcg@10", "auc", "rmse", "latency_ms")
    assert [prediction_of(name) for name in names] == [None, "label", "rating", None]
    assert [is_measured_each_epoch(name) for name in names] == [True, True, True, False]
