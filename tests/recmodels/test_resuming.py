"""A run that was interrupted goes on from its last epoch, and ends with the weights of one that was not."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recmodels.__main__ import main
from recmodels.data.interactions import Interactions
from recmodels.errors import DataError, ParamError, TrialPruned
from recmodels.models import MODELS
from recmodels.request import Budget, EpochReport, TrainRequest, TrainResult
from recmodels.training import train

pytestmark = pytest.mark.filterwarnings("ignore:.*pin_memory", "ignore:.*is_gradient_checkpointing:FutureWarning")

EPOCHS = 3
SMALL: dict[str, dict[str, Any]] = {
    "bpr_mf": {"embedding_size": 8},
    "lightgcn": {"embedding_size": 8, "dropout": 0.2},
    "sasrec": {"embedding_size": 16, "schedule": "cosine", "warmup": 0.2},
    "text_tower": {"embedding_size": 16, "adapter_dropout": 0.1},
}
LEARNING = [name for name, entry in MODELS.items() if "epochs" in entry.space]


def asked(folder: Path, model: str = "bpr_mf", **rest: Any) -> TrainRequest:
    params = SMALL.get(model, {})
    given = {"dataset": folder, "model": model, "params": params, "budget": Budget(epochs=EPOCHS, patience=EPOCHS)}
    return TrainRequest(**(given | {"n_threads": 1, "device": "cpu"} | rest))


def interrupted(request: TrainRequest, after: int = 2) -> list[EpochReport]:
    """Train until that epoch; the reports."""
    reports: list[EpochReport] = []

    def stop(report: EpochReport) -> None:
        reports.append(report)
        if report.epoch == after:
            raise TrialPruned("the power went")

    with pytest.raises(TrialPruned):
        train(request, stop)
    return reports


def weights(result: TrainResult) -> dict[str, bytes]:
    assert result.checkpoint is not None
    files = result.checkpoint.rglob("*model.safetensors")
    return {str(file.relative_to(result.checkpoint)): file.read_bytes() for file in files}


def measured(report: EpochReport) -> tuple[Any, ...]:
    return report.epoch, report.loss, report.value, dict(report.metrics)


@pytest.mark.parametrize("name", LEARNING)
def test_a_run_that_goes_on_ends_with_the_weights_of_one_that_was_never_interrupted(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue("circles_folder")
    if "causal_model" in MODELS[name].needs:
        request.getfixturevalue("causal_model")
        folder = request.getfixturevalue("few_circles_folder")
    whole = train(asked(folder, name, checkpoint=tmp_path / "whole"))
    cut_off = asked(folder, name, checkpoint=tmp_path / "parts", resume_folder=tmp_path / "state")
    first = interrupted(cut_off)
    again: list[EpochReport] = []
    parts = train(cut_off, again.append)
    assert weights(parts) == weights(whole)
    assert [measured(report) for report in parts.curve] == [measured(report) for report in whole.curve]
    assert parts.best_epoch == whole.best_epoch
    assert {k: v for k, v in parts.metrics.items() if "@" in k} == {k: v for k, v in whole.metrics.items() if "@" in k}
    assert tuple(again) == parts.curve, "who listens hears of every epoch"
    assert again[:2] == first, "those before the interruption as they were"
    assert again[2].elapsed_s > again[1].elapsed_s
    assert (parts.cost["resumed_epochs"], whole.cost["resumed_epochs"]) == (2, 0)
    assert parts.cost["epochs"] == EPOCHS
    assert not (tmp_path / "state").exists(), "what is over needs no state"


@pytest.mark.parametrize("name", ["biased_mf", "deepfm"])
def test_a_model_of_labels_goes_on_too(name: str, clicks_folder: Path, tmp_path: Path) -> None:
    whole = train(asked(clicks_folder, name, objective="auc", checkpoint=tmp_path / "whole"))
    request = asked(clicks_folder, name, objective="auc", checkpoint=tmp_path / "p", resume_folder=tmp_path / "state")
    interrupted(request)
    assert weights(train(request)) == weights(whole)


@pytest.mark.parametrize("kind", ["adalora", "prefix"])
def test_other_adapters_go_on_too(kind: str, circles_folder: Path, tmp_path: Path) -> None:
    params = {"embedding_size": 16, "adapter": kind}
    whole = train(asked(circles_folder, "text_tower", params=params, checkpoint=tmp_path / "whole"))
    request = asked(
        circles_folder, "text_tower", params=params, checkpoint=tmp_path / "p", resume_folder=tmp_path / "state"
    )
    interrupted(request)
    parts = train(request)
    assert weights(parts) == weights(whole)
    assert parts.curve[-1].loss == whole.curve[-1].loss


def test_several_interruptions_come_to_the_same(circles_folder: Path, tmp_path: Path) -> None:
    whole = train(asked(circles_folder, checkpoint=tmp_path / "whole"))
    request = asked(circles_folder, checkpoint=tmp_path / "parts", resume_folder=tmp_path / "state")
    for epoch in (1, 2):
        interrupted(request, after=epoch)
    assert weights(train(request)) == weights(whole)


def test_a_process_killed_in_the_middle_of_an_epoch_goes_on_from_the_last_finished_one(
    circles_folder: Path, tmp_path: Path
) -> None:
    code = """
        import sys; from pathlib import Path
        from recmodels.request import Budget, TrainRequest; from recmodels.training import train
        from recmodels.models.bpr_mf import BprMF

        class Slow(BprMF):  # says when it is within the third epoch, and stays there
            n_begun = 0
            def batches(self, histories, generator):
                Slow.n_begun += 1
                for batch in super().batches(histories, generator):
                    yield batch
                    if Slow.n_begun == 3:
                        print("within", flush=True); sys.stdin.read()

        import recmodels.models.bpr_mf; recmodels.models.bpr_mf.BprMF = Slow
        train(TrainRequest(dataset=Path(sys.argv[1]), model="bpr_mf", params={"embedding_size": 8}, device="cpu",
                           budget=Budget(epochs=3, patience=3), n_threads=1, resume_folder=Path(sys.argv[2])))
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(circles_folder), str(tmp_path / "state")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "within\n"
        os.kill(process.pid, signal.SIGKILL)
    whole = train(asked(circles_folder, checkpoint=tmp_path / "whole"))
    parts = train(asked(circles_folder, checkpoint=tmp_path / "parts", resume_folder=tmp_path / "state"))
    assert parts.cost["resumed_epochs"] == 2
    assert weights(parts) == weights(whole)


def test_a_run_whose_patience_was_used_up_when_it_was_cut_off_is_over(circles_folder: Path, tmp_path: Path) -> None:
    params = {"embedding_size": 8, "learning_rate": 0.1}
    request = asked(circles_folder, params=params, budget=Budget(epochs=200, patience=2))
    whole = train(request)
    resumed = replace(request, resume_folder=tmp_path / "state")
    interrupted(resumed, after=len(whole.curve))
    assert len(train(resumed).curve) == len(whole.curve) < 200


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"seed": 1}, "seed"),
        ({"params": {"embedding_size": 9}}, "params"),
        ({"model": "lightgcn"}, "model"),
        ({"budget": Budget(epochs=9)}, "epochs"),
    ],
)
def test_a_state_of_another_run_is_refused_and_kept(
    change: dict[str, Any], name: str, circles_folder: Path, tmp_path: Path
) -> None:
    request = asked(circles_folder, resume_folder=tmp_path / "state")
    interrupted(request)
    with pytest.raises(ParamError, match=rf"is of another run, which differs in .*{name}"):
        train(replace(request, **change))
    assert train(request).cost["resumed_epochs"] == 2


def test_a_state_of_other_data_is_refused(circles_folder: Path, tmp_path: Path) -> None:
    request = asked(circles_folder, resume_folder=tmp_path / "state")
    interrupted(request)
    data = Interactions.load(circles_folder)
    replace(data, items=(data.items + 1) % data.n_items).save(tmp_path / "other")
    with pytest.raises(ParamError, match="differs in data"):
        train(replace(request, dataset=tmp_path / "other"))


def test_where_a_run_writes_and_how_long_it_may_take_do_not_make_it_another(
    circles_folder: Path, tmp_path: Path
) -> None:
    request = asked(circles_folder, resume_folder=tmp_path / "state")
    interrupted(request)
    budget = replace(request.budget, time_limit_s=1000.0)
    other = replace(request, checkpoint=tmp_path / "model", tracker_folder=tmp_path / "logs", budget=budget)
    assert other.fingerprint() == request.fingerprint() != replace(request, seed=1).fingerprint()
    assert train(other).cost["resumed_epochs"] == 2


def test_a_damaged_state_is_said(circles_folder: Path, tmp_path: Path) -> None:
    request = asked(circles_folder, resume_folder=tmp_path / "state")
    interrupted(request)
    (tmp_path / "state" / "state" / "tensors.safetensors").write_bytes(b"nothing")
    with pytest.raises(DataError, match="is damaged"):
        train(request)


def test_the_state_holds_no_pickle_and_none_of_the_frozen_encoder(circles_folder: Path, tmp_path: Path) -> None:
    interrupted(asked(circles_folder, "text_tower", resume_folder=tmp_path / "state"), after=1)
    files = {file.name: file.stat().st_size for file in (tmp_path / "state" / "state").iterdir()}
    assert files.keys() == {"progress.json", "tensors.safetensors"}
    assert files["tensors.safetensors"] < 2**20, "the encoder has 90 MB"


def test_other_files_in_the_folder_are_left_alone(circles_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ".unfinished-abc").mkdir()  # as a kill leaves it
    train(asked(circles_folder, resume_folder=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_closed_form_keeps_no_state(circles_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(TrialPruned):
        train(asked(circles_folder, "ease", resume_folder=tmp_path / "state"), interrupt)
    assert not (tmp_path / "state").exists()


def interrupt(report: EpochReport) -> None:
    raise TrialPruned


def test_the_command_line_goes_on(circles_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    interrupted(asked(circles_folder, resume_folder=tmp_path / "state"))
    options = ["--set", "embedding_size=8", "--epochs", "3", "--patience", "3", "--device", "cpu"]
    assert main([str(circles_folder), "--model", "bpr_mf", *options, "--resume-folder", str(tmp_path / "state")]) == 0
    assert json.loads(capsys.readouterr().out)["cost"]["resumed_epochs"] == 2
