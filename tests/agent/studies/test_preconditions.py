"""What is refused before the first trial, in one sentence."""

from collections.abc import Callable

import pytest

from agent.studies.preconditions import check_change
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from recmodels.metrics import METRICS


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"constraints": ["coverage@10>=1.5"]}, "no trial can meet coverage@10 >= 1.5: coverage@10 is at most 1"),
        ({"constraints": ["latency_ms<=-1"]}, "no trial can meet latency_ms <= -1: latency_ms is at least 0"),
        ({"constraints": ["factor_diversity@10>=2.1"]}, "factor_diversity@10 is at most 2"),
        (
            {"constraints": ["coverage@10>=0.5", "ndcg@10>=0.1", "coverage@10<=0.4"]},
            "no trial can meet coverage@10 >= 0.5 and coverage@10 <= 0.4 at once",
        ),
        ({"objectives": ["logloss"]}, "ease predicts no labels, so it has no logloss; leave ease out"),
        ({"constraints": ["rmse<=1"]}, "ease predicts no ratings"),
        ({"models": ["biased_mf"], "objectives": ["logloss"]}, "logloss needs labels, and dataset 'tiny' has none"),
        ({"models": ["text_tower"]}, "text_tower needs text, and dataset 'tiny' has none; leave text_tower out"),
        ({"objectives": ["text_diversity@10"]}, "text_diversity@10 needs item texts"),
        ({"objectives": ["ndcg_worst@10"]}, "ndcg_worst@10 needs groups of users"),
        ({"constraints": ["diversity@10>=0.5"]}, "diversity needs a column of the items such as genres"),
    ],
)
def test_what_cannot_come_to_anything_leaves_no_study(
    runner: StudyRunner, changed: dict[str, list[str]], says: str
) -> None:
    given: dict[str, object] = {"dataset": "tiny", "models": ["ease"]}
    with pytest.raises(Exception, match=says.replace("(", "\\(")) as caught:
        runner.create(StudySpec.create(**(given | changed)))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert runner.names() == []


@pytest.mark.parametrize("constraints", [["coverage@10>=1.0"], ["ndcg@10>=0", "ndcg@10<=0"], ["novelty@10>=40"], []])
def test_a_bound_that_a_metric_can_reach_is_legal(constraints: list[str]) -> None:
    check_change(StudySpec.create(dataset="d", models=["ease"], constraints=constraints), {}, "d")


def test_every_metric_says_in_which_range_it_lies() -> None:
    for name, metric in METRICS.items():
        low, high = metric.range
        assert low == 0.0 < high, name


def test_a_model_that_the_data_do_not_serve_cannot_be_added_while_the_study_runs(
    make_runner: Callable[..., StudyRunner],
) -> None:
    study = make_runner().create(StudySpec.create(dataset="tiny", models=["ease"], n_trials=2))
    with pytest.raises(Exception, match="text_tower needs text"):
        study.extend(models=["ease", "text_tower"])
    assert study.spec.models == ("ease",)
    assert study.extend(models=["ease", "popularity"], without=["ease"]).models == ("popularity",)
    list(study.run())
    assert [record.model for record in study.records()] == ["popularity"]
