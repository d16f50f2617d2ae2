"""Metrics are named as people write them, and each declares its direction."""

import pytest

from recmodels.errors import ParamError
from recmodels.metrics import (
    METRICS,
    cutoff_of,
    direction_of,
    is_beyond_accuracy,
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
        ("uauc", "user_auc"),
        ("bce", "logloss"),
        ("hit_rate@3", "hit@3"),
        ("HitRate", "hit@10"),
        ("n@1", "ndcg@1"),
        ("p@1000", "precision@1000"),
        (" map @ 07 ", "map@7"),
        ("auc@10", "auc"),
    ],
)
def test_a_metric_is_read_as_people_write_it(written: str, canonical: str) -> None:
    assert parse_metric(written) == canonical


@pytest.mark.parametrize("written", ["ndgc@10", "", "ndcg@0", "ndcg@ten", "ndcg@1001", "@10", "accuracy"])
def test_a_metric_that_does_not_exist_is_refused(written: str) -> None:
    with pytest.raises(ParamError):
        parse_metric(written)


def test_a_near_miss_names_the_nearest_and_all_are_listed() -> None:
    with pytest.raises(ParamError) as refused:
        parse_metric("ndgc@10")
    everything = f"The metrics are: {', '.join(METRICS)}"
    assert str(refused.value) == f"unknown metric 'ndgc@10'; did you mean `ndcg`? {everything}"
    with pytest.raises(ParamError) as refused:
        parse_metric("zzzz")
    assert str(refused.value) == f"unknown metric 'zzzz'. {everything}"


@pytest.mark.parametrize("cutoff", ["0", "1001", "ten", "-1", "1.5", "²"])
def test_a_cutoff_that_is_no_whole_number_from_1_to_1000_is_refused_with_the_rule(cutoff: str) -> None:
    with pytest.raises(ParamError) as refused:
        parse_metric(f"hr@{cutoff}")
    assert str(refused.value) == f"the cutoff of `hit` must be a whole number from 1 to 1000, got {cutoff!r}"


# names: direction, cutoff when none is given, what is predicted, beyond accuracy
KINDS = {
    "ndcg recall precision hit mrr map ndcg_worst": ("maximize", 10, None, False),
    "ndcg_gap": ("minimize", 10, None, False),
    "coverage tail_share novelty serendipity diversity factor_diversity text_diversity": ("maximize", 10, None, True),
    "popularity_share average_popularity gini": ("minimize", 10, None, True),
    "auc user_auc f1": ("maximize", None, "label", False),
    "logloss": ("minimize", None, "label", False),
    "rmse mae": ("minimize", None, "rating", False),
    "latency_ms weights_bytes n_parameters train_s": ("minimize", None, None, False),
}


def test_every_metric_is_of_its_kind() -> None:
    expected = {name: kind for names, kind in KINDS.items() for name in names.split()}
    assert {
        name: (direction_of(name), cutoff_of(name), prediction_of(name), is_beyond_accuracy(name)) for name in METRICS
    } == expected
    costs = {name for name, kind in expected.items() if kind[1:3] == (None, None)}
    assert {name for name in METRICS if not is_measured_each_epoch(name)} == costs
    assert all(metric.says for metric in METRICS.values())


def test_what_is_asked_of_a_metric_holds_at_every_cutoff_and_under_every_name() -> None:
    assert (direction_of("GINI@5"), cutoff_of("HR@20"), prediction_of("gauc")) == ("minimize", 20, "label")
    assert is_beyond_accuracy("Coverage@3") and not is_beyond_accuracy("hr@3")
    assert is_measured_each_epoch("log_loss")
