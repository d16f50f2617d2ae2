"""A refit learns from train and valid together, for as many epochs as were best, and test is measured on that."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from recmodels.__main__ import main
from recmodels.data.interactions import Interactions
from recmodels.errors import ParamError
from recmodels.models import MODELS
from recmodels.per_user import load_per_user
from recmodels.request import Budget, EpochReport, RefitReport, TrainRequest, TrainResult
from recmodels.training import train

FEW = {"ease": {}, "ials": {"embedding_size": 8}, "bpr_mf": {"embedding_size": 8}, "sasrec": {"embedding_size": 16}}
OF_LABELS = {"deepfm": {"embedding_size": 4, "hidden_size": 16, "n_layers": 1}}


def asked(folder: Path, model: str = "bpr_mf", **rest: Any) -> TrainRequest:
    params = (FEW | OF_LABELS).get(model, {})
    return TrainRequest(
        **({"dataset": folder, "model": model, "params": params, "n_threads": 1, "device": "cpu"} | rest)
    )


def divided(interactions: Interactions, parts: list[int], folder: Path) -> Path:
    """Save the dataset with these parts in turn: one of its own."""

    def given(n: int) -> np.ndarray:
        return np.resize(np.array(parts, dtype=np.int8), n)

    examples = interactions.examples
    if examples is not None:
        interactions = replace(interactions, examples=replace(examples, given_split=given(len(examples))))
    replace(interactions, given_split=given(len(interactions))).save(folder)
    return folder


def weights(result: TrainResult) -> dict[str, bytes]:
    assert result.checkpoint is not None
    found = safetensors.numpy.load_file(result.checkpoint / "model.safetensors")
    return {name: array.tobytes() for name, array in found.items()}


@pytest.mark.parametrize("name", [*FEW, *OF_LABELS])
def test_the_weights_are_those_of_a_run_whose_train_part_had_the_valid_rows_too(
    name: str, circles_folder: Path, clicks_folder: Path, tmp_path: Path
) -> None:
    data = Interactions.load(clicks_folder if name in OF_LABELS else circles_folder)
    rest = {"objective": "auc"} if name in OF_LABELS else {}
    rest |= {"budget": Budget(epochs=1)} if "epochs" in MODELS[name].space else {}
    rest |= {"measures_test": True}
    parts = divided(data, [0, 0, 0, 0, 1, 2, 2], tmp_path / "parts")
    joined = divided(data, [0, 0, 0, 0, 0, 1, 2], tmp_path / "joined")  # only the rows to learn from are the same
    refit = train(asked(parts, name, refit=True, checkpoint=tmp_path / "a", **rest))
    plain = train(asked(parts, name, checkpoint=tmp_path / "b", **rest))
    oracle = train(asked(joined, name, checkpoint=tmp_path / "c", **rest))
    assert weights(refit) == weights(oracle) != weights(plain)
    validated = {metric: value for metric, value in plain.metrics.items() if metric.startswith("valid_")}
    assert validated.items() <= refit.metrics.items(), "validated before the valid rows were learned"
    tested = {metric for metric in plain.metrics if metric.startswith("test_")}
    assert {metric: refit.metrics[metric] for metric in tested} != {m: plain.metrics[m] for m in tested}


def test_it_takes_as_many_epochs_as_were_best_and_says_so(circles_folder: Path, tmp_path: Path) -> None:
    request = asked(
        circles_folder, params={"embedding_size": 8, "learning_rate": 0.1}, budget=Budget(epochs=40, patience=2)
    )
    reports: list[RefitReport] = []
    plain = train(request)
    refit = train(replace(request, refit=True), on_refit=reports.append)
    assert plain.best_epoch < len(plain.curve) < 40, "a run that stops early"
    assert [report.epoch for report in reports] == list(range(1, plain.best_epoch + 1))
    assert all(report.epochs == plain.best_epoch and report.loss is not None for report in reports)
    assert [report.value for report in refit.curve] == [report.value for report in plain.curve]
    assert refit.cost["refit_epochs"] == plain.best_epoch == refit.best_epoch
    assert refit.cost["refit_s"] > 0
    assert "refit_epochs" not in plain.cost


def test_one_that_was_interrupted_goes_on_and_chooses_no_other_epoch(circles_folder: Path, tmp_path: Path) -> None:
    budget = Budget(epochs=200, patience=200, time_limit_s=6.0)
    request = asked(circles_folder, refit=True, budget=budget, checkpoint=tmp_path / "a")
    request = replace(request, resume_folder=tmp_path / "state")
    tried: list[EpochReport] = []

    def stop(report: RefitReport) -> None:
        if report.epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(request, tried.append, stop, clock=lambda: float(len(tried)))  # a second an epoch
    heard: list[RefitReport] = []
    parts = train(request, on_refit=heard.append)
    assert len(parts.curve) == 6, "time was up then, so no more epochs are tried when it goes on"
    assert [report.epoch for report in heard] == list(range(3, parts.best_epoch + 1)) != []
    assert parts.cost["resumed_epochs"] == len(parts.curve) + 2
    assert not (tmp_path / "state").exists()
    whole = asked(circles_folder, refit=True, checkpoint=tmp_path / "b")
    assert weights(train(replace(whole, budget=Budget(epochs=6, patience=200)))) == weights(parts)


@pytest.mark.parametrize("name", [*FEW, *OF_LABELS])
def test_one_of_known_length_needs_no_run_before_it_and_has_the_same_weights(
    name: str, circles_folder: Path, clicks_folder: Path, tmp_path: Path
) -> None:
    folder, objective = (clicks_folder, "auc") if name in OF_LABELS else (circles_folder, "ndcg@10")
    budget = Budget(epochs=4, patience=4) if "epochs" in MODELS[name].space else Budget()
    rest = {"objective": objective, "budget": budget, "refit": True, "measures_test": True}
    if name == "sasrec":
        rest["params"] = FEW[name] | {"schedule": "linear", "dropout": 0.3}
    after_a_run = train(asked(folder, name, checkpoint=tmp_path / "a", **rest))
    n_epochs, reports = after_a_run.best_epoch, list[RefitReport]()
    request = asked(folder, name, checkpoint=tmp_path / "b", refit_epochs=n_epochs, **rest)
    alone = train(request, on_epoch=lambda report: pytest.fail("nothing was to be measured"), on_refit=reports.append)
    assert weights(alone) == weights(after_a_run)
    assert (alone.best_epoch, alone.curve, len(reports)) == (n_epochs, (), n_epochs)
    assert alone.cost["refit_epochs"] == alone.cost["epochs"] == n_epochs
    assert not any(metric.startswith("valid_") for metric in alone.metrics)
    tested = {metric: value for metric, value in after_a_run.metrics.items() if metric.startswith("test_")}
    assert tested.items() <= alone.metrics.items()
    assert {key.partition("_")[0] for key in load_per_user(tmp_path / "b")} == {"test"}
    assert not any("test" in metric for metric in train(replace(request, measures_test=False)).metrics)


def test_one_of_known_length_goes_on_where_it_was_interrupted(circles_folder: Path, tmp_path: Path) -> None:
    whole = train(asked(circles_folder, refit=True, refit_epochs=3, checkpoint=tmp_path / "a"))
    request = asked(circles_folder, refit=True, refit_epochs=3, checkpoint=tmp_path / "b")
    request = replace(request, resume_folder=tmp_path / "state")

    def stop(report: RefitReport) -> None:
        if report.epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(request, on_refit=stop)
    with pytest.raises(ParamError, match="differs in refit_epochs"):
        train(replace(request, refit_epochs=4))
    parts = train(request)
    assert weights(parts) == weights(whole)
    assert (parts.cost["resumed_epochs"], parts.best_epoch) == (2, 3)
    assert not (tmp_path / "state").exists()


def test_a_closed_form_of_known_length_learns_once(circles_folder: Path) -> None:
    reports: list[RefitReport] = []
    request = asked(circles_folder, "ease", refit=True, refit_epochs=7)
    assert train(request, on_refit=reports.append).best_epoch == 1
    assert reports == [RefitReport(epoch=1, epochs=1, loss=None)]


def test_the_command_of_the_training_tool_tells_of_it(
    circles_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(circles_folder), "--model", "ease", "--refit", "--threads", "1"]) == 0
    assert "refit 1/1" in capsys.readouterr().err
