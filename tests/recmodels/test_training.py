"""The training tool: what it reports, when it stops, and how it fails."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from recmodels.__main__ import main
from recmodels.data.interactions import Interactions
from recmodels.errors import DataError, ParamError, SetupError, TrialFailed, TrialPruned
from recmodels.metrics.cost import peak_memory_bytes, reset_peak_memory
from recmodels.per_user import load_per_user
from recmodels.request import Budget, EpochReport, SplitSpec, TrainRequest
from recmodels.training import train

QUICK = {"embedding_size": 8, "n_negatives": 2, "learning_rate": 0.03}


@pytest.fixture
def request_for(circles_folder: Path) -> TrainRequest:
    return TrainRequest(
        dataset=circles_folder, model="bpr_mf", params=QUICK, budget=Budget(epochs=4), n_threads=1, device="cpu"
    )


def test_every_epoch_is_reported_and_the_best_is_measured(request_for: TrainRequest) -> None:
    reports: list[EpochReport] = []
    result = train(request_for, reports.append)
    assert tuple(reports) == result.curve
    assert [report.epoch for report in reports] == [1, 2, 3, 4]
    best = max(reports, key=lambda report: report.value)
    assert result.best_epoch == best.epoch
    assert result.metrics["valid_ndcg@10"] == best.value == best.metrics["valid_ndcg@10"]
    assert reports[-1].loss < reports[0].loss  # type: ignore[operator]
    assert {"valid_ndcg@10", "valid_recall@20", "valid_coverage@10", "valid_popularity_share@20"} <= set(result.metrics)
    assert {"latency_ms", "weights_bytes", "n_parameters", "train_s"} <= set(result.metrics)
    assert result.params["embedding_size"] == 8
    assert result.params["biases"] is True
    assert result.split == "leave_last_out"
    summary = json.loads(json.dumps(result.summary(), allow_nan=False))
    assert [(told["epoch"], told["epochs"], told["value"]) for told in summary["curve"]] == [
        (report.epoch, 4, report.value) for report in reports
    ]


def test_what_trains_and_what_memory_it_takes_are_reported(circles_folder: Path) -> None:
    def cost(**params: object) -> dict[str, float]:
        asked = TrainRequest(dataset=circles_folder, model="text_tower", params=params, device="cpu", n_threads=1)  # type: ignore[arg-type]
        result = train(replace(asked, budget=Budget(epochs=1)))
        assert "trainable_share" not in result.metrics
        return dict(result.cost)

    frozen, lora, full = (cost(adapter=kind, embedding_size=16) for kind in ("frozen", "lora", "full"))
    assert 0 < frozen["trainable_share"] < lora["trainable_share"] < 0.01
    assert full["trainable_share"] == pytest.approx(10.7 / 22.6, abs=0.02), "six layers, without the word vectors"
    assert frozen["n_trainable"] < lora["n_trainable"] < full["n_trainable"]
    assert frozen["peak_memory_bytes"] > 90e6, "the encoder alone has as much"


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux can begin to watch memory anew")
def test_the_peak_of_memory_is_that_of_the_trial_and_not_of_those_before_it() -> None:
    device = torch.device("cpu")
    reset_peak_memory(device)
    before = peak_memory_bytes(device)
    torch.ones(2**28, dtype=torch.uint8)
    during = peak_memory_bytes(device)
    reset_peak_memory(device)
    assert during > before + 2**27
    assert peak_memory_bytes(device) < during - 2**27


def test_test_metrics_belong_to_the_best_epoch(request_for: TrainRequest) -> None:
    long = train(replace(request_for, measures_test=True, budget=Budget(epochs=12, patience=12)))
    budget = Budget(epochs=long.best_epoch, patience=12)
    short = train(replace(request_for, measures_test=True, budget=budget))
    assert short.metrics["test_ndcg@10"] == long.metrics["test_ndcg@10"]


def test_test_is_not_measured_unless_the_request_says_so(request_for: TrainRequest, tmp_path: Path) -> None:
    sealed = train(replace(request_for, checkpoint=tmp_path / "sealed"))
    opened = train(replace(request_for, checkpoint=tmp_path / "opened", measures_test=True))
    assert {name for name in opened.metrics if name not in sealed.metrics} == {
        name.replace("valid_", "test_") for name in sealed.metrics if name.startswith("valid_")
    }
    assert '"test_' not in (tmp_path / "sealed" / "checkpoint.json").read_text()
    kept, more = (load_per_user(tmp_path / place) for place in ("sealed", "opened"))
    assert {name.partition("_")[0] for name in kept} == {"valid"} != {name.partition("_")[0] for name in more}
    assert float(kept["valid_ndcg@10"].mean()) == pytest.approx(sealed.metrics["valid_ndcg@10"], abs=1e-6)
    weights = [(tmp_path / place / "model.safetensors").read_bytes() for place in ("sealed", "opened")]
    assert weights[0] == weights[1]
    assert request_for.identity() == replace(request_for, measures_test=True).identity()


def test_a_request_has_the_identity_that_it_had_before_the_border_and_the_refit_of_known_length() -> None:
    request = TrainRequest(dataset=Path("d"), model="ease")
    assert request.fingerprint() == "ab7e2f30b1734f48"  # of the state that an interrupted run left then
    others = (replace(request, split=SplitSpec(border=0)), replace(request, refit=True, refit_epochs=3))
    assert len({request.fingerprint(), *(other.fingerprint() for other in others)}) == 3


def test_training_stops_when_patience_is_used_up(request_for: TrainRequest) -> None:
    params = QUICK | {"learning_rate": 0.1}
    result = train(replace(request_for, params=params, budget=Budget(epochs=200, patience=2)))
    assert len(result.curve) == result.best_epoch + 2 < 200


def test_a_metric_that_is_better_when_less_is_followed_downwards(request_for: TrainRequest) -> None:
    result = train(replace(request_for, objective="popularity_share@10"))
    assert result.metrics["valid_popularity_share@10"] == min(report.value for report in result.curve)


def test_a_cost_can_be_the_objective_while_accuracy_picks_the_epoch(request_for: TrainRequest) -> None:
    result = train(replace(request_for, objective="n_parameters", cutoffs=(5,)))
    assert {report.value for report in result.curve} == {result.metrics["n_parameters"]}
    values = [report.metrics["valid_ndcg@5"] for report in result.curve]
    assert result.best_epoch == values.index(max(values)) + 1


def test_the_cutoff_of_the_objective_is_measured_beside_the_others(request_for: TrainRequest) -> None:
    result = train(replace(request_for, objective="HR@3", cutoffs=(10,)))
    assert {"valid_hit@3", "valid_ndcg@10"} <= set(result.metrics)


def test_a_pruned_trial_passes_through(request_for: TrainRequest) -> None:
    def prune(report: EpochReport) -> None:
        if report.epoch == 2:
            raise TrialPruned

    with pytest.raises(TrialPruned):
        train(request_for, prune)


def test_a_loss_that_is_no_number_fails_the_trial_as_diverged(
    request_for: TrainRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from recmodels.models.bpr_mf import BprMF

    monkeypatch.setattr(BprMF, "forward", lambda self, *batch: self.users.weight.sum() * float("inf"))
    with pytest.raises(TrialFailed) as failure:
        train(replace(request_for, checkpoint=tmp_path / "model"))
    assert failure.value.reason == "diverged"
    assert list(tmp_path.iterdir()) == []


def test_memory_that_cannot_be_had_fails_the_trial(tmp_path: Path) -> None:
    n_items = 2_000_000  # an item-item matrix of 16 TB
    users = np.repeat(np.arange(4), 4)
    Interactions(
        name="wide",
        users=users,
        items=np.arange(16),
        user_ids=pl.Series([f"u{u}" for u in range(4)]),
        item_ids=pl.Series(range(n_items)).cast(pl.String),
    ).save(tmp_path / "wide")
    with pytest.raises(TrialFailed) as failure:
        train(TrainRequest(dataset=tmp_path / "wide", model="ease", device="cpu"))
    assert failure.value.reason == "out_of_memory"
    assert "2,000,000 x 2,000,000 items" in failure.value.detail


def test_a_time_limit_before_the_first_epoch_fails_the_trial(request_for: TrainRequest) -> None:
    with pytest.raises(TrialFailed) as failure:
        train(replace(request_for, budget=Budget(time_limit_s=1e-6)))
    assert failure.value.reason == "time_limit"


def test_a_time_limit_after_an_epoch_keeps_what_there_is(request_for: TrainRequest) -> None:
    heard: list[EpochReport] = []
    request = replace(request_for, budget=Budget(epochs=200, patience=200, time_limit_s=3.0))
    result = train(request, heard.append, clock=lambda: float(len(heard)))  # a second an epoch
    assert len(result.curve) == 3
    assert result.reason == "time limit reached after 3 of 200 epochs"
    assert result.metrics["valid_ndcg@10"] == max(report.value for report in result.curve)


def test_a_time_limit_within_an_epoch_ends_as_one_after_it_does(request_for: TrainRequest) -> None:
    heard: list[EpochReport] = []
    n_asked = iter(range(10**6))
    request = replace(request_for, budget=Budget(epochs=200, patience=200, time_limit_s=3.0))
    result = train(request, heard.append, clock=lambda: 0.3 * next(n_asked) if heard else 0.0)  # at every look
    assert 1 <= len(heard) < 10
    assert result.reason == f"time limit reached after {len(heard)} of 200 epochs"


def test_a_run_that_used_its_epochs_or_its_patience_ended_for_no_other_reason(request_for: TrainRequest) -> None:
    for budget in (Budget(epochs=2), Budget(epochs=200, patience=1)):
        assert train(replace(request_for, budget=budget)).reason is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"model": "als"}, "unknown model 'als'"),
        ({"params": {"learning_rate": 3.0}}, "`learning_rate` must be in"),
        ({"params": {"rank": 3}}, "unknown param `rank`"),
        ({"objective": "accuracy@10"}, "unknown metric"),
        ({"cutoffs": (0,)}, "cutoff"),
        ({"budget": Budget(epochs=0)}, "`epochs` must be 1 or more, got 0"),
        ({"budget": Budget(patience=0)}, "`patience`"),
        ({"budget": Budget(time_limit_s=0.0)}, "`time_limit_s`"),
        ({"refit": True, "refit_epochs": 0}, "`refit_epochs` must be 1 or more, got 0"),
        ({"refit_epochs": 3}, "`refit_epochs` is of a refit, got 3 without"),
        ({"device": "tpu"}, "`device` must be"),
        ({"n_threads": 0}, "`n_threads`"),
        ({"precision": "fp8"}, "`precision` must be one of auto, fp32, bf16, got 'fp8'"),
    ],
)
def test_a_wrong_request_is_refused_with_the_rule(request_for: TrainRequest, change: dict, says: str) -> None:
    with pytest.raises(ParamError, match=says):
        train(replace(request_for, **change))


def test_a_device_that_is_not_there_is_said(request_for: TrainRequest) -> None:
    with pytest.raises(SetupError, match="devices of the kind cuda"):
        train(replace(request_for, device="cuda:99"))


def test_a_folder_without_a_dataset_is_refused(request_for: TrainRequest, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not a saved dataset"):
        train(replace(request_for, dataset=tmp_path))


def test_a_model_of_texts_refuses_data_without_texts(request_for: TrainRequest, tmp_path: Path) -> None:
    bare = replace(Interactions.load(request_for.dataset), item_table=None, text_columns=())
    bare.save(tmp_path / "bare")
    with pytest.raises(DataError, match="reads item texts"):
        train(replace(request_for, dataset=tmp_path / "bare", model="text_tower", params={}))


def test_a_sequence_model_refuses_users_with_one_interaction_to_train_on(
    request_for: TrainRequest, tmp_path: Path
) -> None:
    users = np.repeat(np.arange(9), 3)
    Interactions(
        name="short",
        users=users,
        items=(np.arange(27) * 5) % 13,
        user_ids=pl.Series([f"u{u}" for u in range(9)]),
        item_ids=pl.Series([f"i{i}" for i in range(13)]),
    ).save(tmp_path / "short")
    short = replace(request_for, dataset=tmp_path / "short", split=SplitSpec(kind="leave_last_out"), params={})
    with pytest.raises(DataError, match="no user has two interactions"):
        train(replace(short, model="sasrec"))
    assert train(short).curve


def test_tensorboard_reads_the_curve_back(request_for: TrainRequest, tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    result = train(replace(request_for, tracker_folder=tmp_path))
    events = EventAccumulator(str(tmp_path / "bpr_mf")).Reload()
    logged = [event.value for event in events.Scalars("valid_ndcg@10")]
    assert logged == pytest.approx([report.value for report in result.curve])


def test_torch_is_left_as_it_was(request_for: TrainRequest) -> None:
    threads = torch.get_num_threads()
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    train(replace(request_for, n_threads=threads + 1))
    assert torch.equal(torch.rand(3), expected)
    assert torch.get_num_threads() == threads


def test_other_splits_train_too(request_for: TrainRequest) -> None:
    result = train(replace(request_for, split=SplitSpec(kind="random", seed=3)))
    assert result.split == "random"


def test_training_in_bf16_after_fp32_works_in_one_process(request_for: TrainRequest) -> None:
    train(replace(request_for, precision="fp32"))
    result = train(replace(request_for, model="sasrec", params={"embedding_size": 16}, precision="bf16"))
    assert result.metrics["valid_hit@20"] > 0


def test_the_command_line_prints_one_json_document(
    request_for: TrainRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(request_for.dataset)
    options = ["--set", "embedding_size=8", "--epochs", "2", "--checkpoint", str(tmp_path / "model"), "--device", "cpu"]
    assert main([folder, "--model", "bpr_mf", *options]) == 0
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert document["params"]["embedding_size"] == 8
    assert (Path(document["checkpoint"]) / "model.safetensors").is_file()
    assert printed.err.count("epoch ") == 2
    assert not any(name.startswith("test_") for name in document["metrics"])
    assert "Test was measured" not in printed.err
    assert main([folder, "--model", "popularity", "--test"]) == 0
    printed = capsys.readouterr()
    assert "test_ndcg@10" in json.loads(printed.out)["metrics"]
    assert printed.err.count("Test was measured") == 1
    assert main([folder, "--model", "bpr_mf", "--set", "embedding_size=many"]) == 2
    assert "`embedding_size` must be a whole number" in capsys.readouterr().err


def test_reading_the_list_of_models_imports_no_torch() -> None:
    code = "import sys, recmodels.models; recmodels.TrainRequest; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
