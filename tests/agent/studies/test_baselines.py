"""Simple models before the first trial: measured like trials, within a tenth of the time, or left out with a reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from agent.baseline import Baseline, shown
from agent.confirming.choice import baselines_for
from agent.events import BaselineStarted
from agent.objective import Goal
from agent.studies.baselines import applicable, measured_baselines
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import Place
from memory.errors import UserError
from recmodels.errors import TrialFailed
from recmodels.per_user import PER_USER_FILE
from recmodels.request import OnEpoch, SplitSpec, TrainRequest, TrainResult

VALUES = {"popularity": 0.1, "ease": 0.3, "item_knn": 0.2, "personal_frequency": 0.4}


class Answering:
    def __init__(self, broken: str = "") -> None:
        self.asked: list[TrainRequest] = []
        self.broken = broken

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        self.asked.append(request)
        if request.model == self.broken:
            raise TrialFailed("out_of_memory", "30 GB")
        value = VALUES[request.model]
        assert request.checkpoint is not None
        request.checkpoint.mkdir(parents=True)
        users = {"valid_users": np.arange(4), "valid_ndcg@10": np.full(4, value, np.float32)}
        save_file(users, request.checkpoint / PER_USER_FILE)
        metrics = {"valid_ndcg@10": value}
        return TrainResult(
            metrics=metrics, curve=(), cost={"train_s": 1.0}, best_epoch=1, params=request.params, split="random",
            checkpoint=request.checkpoint,
        )  # fmt: skip

    def close(self) -> None: ...


def baselines(tmp_path: Path, executor: Answering, profile: Any = None, **given: Any) -> list[Baseline]:
    spec = StudySpec.create(**({"name": "s", "dataset": "d", "models": ["bpr_mf"]} | given))
    place = Place(executor=executor, find_dataset=lambda: tmp_path, checkpoints=tmp_path)
    return list(measured_baselines(spec, place, profile or {}))


def test_popularity_and_the_better_of_ease_and_item_knn_are_shown(tmp_path: Path) -> None:
    executor = Answering()
    found = baselines(tmp_path, executor)
    assert [one.model for one in shown(Goal.parse(["ndcg@10"]), found)] == ["popularity", "ease"]
    assert not any(request.measures_test for request in executor.asked)
    assert found[1].low is not None


def test_each_is_told_before_it_is_measured_with_the_time_that_is_foretold(tmp_path: Path) -> None:
    executor, told = Answering(), list[tuple[str, float, int]]()
    spec = StudySpec.create(name="s", dataset="d", models=["bpr_mf"])
    place = Place(executor=executor, find_dataset=lambda: tmp_path, checkpoints=tmp_path)

    def hear(model: str, at_least_s: float) -> None:
        told.append((model, at_least_s, len(executor.asked)))

    list(measured_baselines(spec, place, {"n_items": 10_000.0}, on_start=hear))
    assert told == [("popularity", 0.0, 0), ("ease", 100.0, 1), ("item_knn", 0.0, 2)]


def test_one_that_fails_is_left_out_with_its_reason(tmp_path: Path) -> None:
    found = baselines(tmp_path, Answering("ease"))
    assert [one.model for one in shown(Goal.parse(["ndcg@10"]), found)] == ["popularity", "item_knn"]
    assert [one.reason for one in found if one.model == "ease"] == ["out_of_memory: 30 GB"]


def test_they_take_a_tenth_of_the_time_limit_at_most(tmp_path: Path) -> None:
    executor = Answering()
    baselines(tmp_path, executor, time_limit_s=600)
    limits = [request.budget.time_limit_s for request in executor.asked]
    assert all(limit is not None and limit <= 60 for limit in limits)


@pytest.mark.parametrize(("n_items", "is_asked"), [(2_000, True), (50_000, False)])
def test_a_closed_form_that_would_take_longer_is_left_out(tmp_path: Path, n_items: int, is_asked: bool) -> None:
    executor = Answering()
    found = baselines(tmp_path, executor, {"n_items": float(n_items)}, time_limit_s=600)
    assert ("ease" in [request.model for request in executor.asked]) is is_asked
    reason = next(one.reason for one in found if one.model == "ease") or ""
    assert reason.startswith("it takes 3.5 h or more") is not is_asked
    assert [request.model for request in executor.asked][-1] == "item_knn", "the others are measured"


def test_a_closed_form_is_not_left_out_where_no_time_limit_is_set(tmp_path: Path) -> None:
    executor = Answering()
    baselines(tmp_path, executor, {"n_items": 50_000.0})
    assert [request.model for request in executor.asked] == ["popularity", "ease", "item_knn"]


def test_what_people_had_most_often_is_the_bar_where_repeats_are_kept(tmp_path: Path) -> None:
    executor = Answering()
    found = baselines(tmp_path, executor, repeats="keep")
    assert [request.model for request in executor.asked] == ["popularity", "ease", "item_knn", "personal_frequency"]
    assert [one.model for one in shown(Goal.parse(["ndcg@10"]), found)] == ["popularity", "personal_frequency"]
    goal = Goal.parse(["ndcg@10"])
    assert baselines_for(goal, "keep")[0] == ("ease", "item_knn", "personal_frequency")
    assert "personal_frequency" not in baselines_for(goal, "mask")[0]


def test_where_labels_are_predicted_they_do_not_apply() -> None:
    assert applicable(Goal.parse(["auc"])) == (
        (),
        "popularity, ease and item_knn rank items, and auc is measured on labels",
    )


def test_a_metric_of_which_less_is_better_turns_the_choice() -> None:
    found = [Baseline(model=model, params={}, value=value) for model, value in VALUES.items()]
    assert [one.model for one in shown(Goal.parse(["average_popularity@10"]), found)] == ["popularity", "item_knn"]


def test_a_baseline_comes_back_from_json_and_ignores_what_is_newer() -> None:
    one = Baseline(model="ease", params={"l2": 1.0}, value=0.1, metrics={"valid_ndcg@10": 0.1})
    assert Baseline.from_dict(one.to_dict() | {"new": 1}) == one


def test_a_baseline_of_a_newer_format_is_refused_with_what_to_do() -> None:
    with pytest.raises(UserError, match="update recpilot"):
        Baseline.from_dict({"format": 99, "model": "ease", "params": {}, "value": 0.1})


def test_what_an_earlier_study_measured_on_the_same_terms_is_not_measured_again(
    make_runner: Callable[..., StudyRunner],
) -> None:
    runner = make_runner(measures_baselines=True)

    def measured(**given: Any) -> tuple[list[str], dict[str, str]]:
        asked: list[str] = []
        terms: dict[str, Any] = {"dataset": "tiny", "models": ["item_knn"], "n_trials": 1}
        study = runner.create(StudySpec.create(**(terms | given)))
        for event in study.run():
            asked += [event.model] if isinstance(event, BaselineStarted) else []
        return asked, {one.model: one.measured_in for one in study.baselines()}

    every = ["popularity", "ease", "item_knn"]
    assert measured() == (every, dict.fromkeys(every, ""))
    again = measured(time_limit_s=30.0, seed=5)
    assert again == ([], dict.fromkeys(every, "tiny-1")), "the one that measured is named, also of a third study"
    assert measured() == again
    others: tuple[dict[str, Any], ...] = (
        {"split": SplitSpec(kind="random", seed=3)},
        {"objectives": ["recall@10"]},
        {"repeats": "keep"},
    )
    for other in others:
        assert measured(**other)[0][:3] == every
    assert measured(constraints=["coverage@50>=0.1"])[0] == every, "the earlier ones did not measure it"


def test_the_defaults_of_a_trial_stand_for_a_baseline_that_was_left_out(
    make_runner: Callable[..., StudyRunner],
) -> None:
    first = make_runner().create(StudySpec.create(dataset="tiny", models=["ease"], n_trials=1))
    list(first.run())
    study = make_runner(measures_baselines=True).create(StudySpec.create(dataset="tiny", models=["ease"], n_trials=1))
    list(study.run())
    held = {one.model: one for one in study.baselines()}
    assert [held[model].measured_in for model in ("popularity", "ease", "item_knn")] == ["", "tiny-1", ""]
    assert held["ease"].value == first.record(0).value
