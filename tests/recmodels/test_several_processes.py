"""Two processes train one model: the same weights in both, near those of one process, and one end for both.

`accelerate launch` starts the processes of several GPUs by torchrun, but on a CPU only by MPI; here torchrun does it,
once for all of these runs.
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from recmodels.data.interactions import Interactions
from recmodels.request import Budget, TrainRequest
from recmodels.training import train

N_USERS, N_ITEMS, N_READ = 300, 40, 7
EPOCHS = 6
PARAMS = {"embedding_size": 8, "batch_size": 512, "learning_rate": 0.05}
SCRIPT = """
import json, os, sys
from dataclasses import replace
from pathlib import Path
import torch
from recmodels.errors import RecmodelsError, TrialPruned
from recmodels.models.bpr_mf import BprMF
from recmodels.request import Budget, TrainRequest
from recmodels.training import train

place, params, epochs, rank = Path(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3]), int(os.environ["RANK"])
usual = TrainRequest(dataset=place / "data", model="bpr_mf", params=params, device="cpu", n_threads=1,
                     budget=Budget(epochs=epochs, patience=epochs), measures_test=True)
short = replace(usual, budget=Budget(epochs=epochs, patience=epochs, time_limit_s=3.0))
told = {}

def run(name, request, on_epoch=None, clock=None):
    heard = []
    def hear(report):
        heard.append(report)
        if on_epoch is not None:
            on_epoch(report)
    try:
        result = train(request, hear, clock=clock(heard) if clock is not None else lambda: 0.0)
    except (RecmodelsError, OSError) as error:
        told[name] = {"error": type(error).__name__, "says": str(error)}
    else:
        told[name] = {"metrics": [dict(report.metrics) for report in result.curve], "n_heard": len(heard),
                      "test": result.metrics["test_ndcg@10"], "refit": result.cost.get("refit_epochs")}

def prune(report):
    if report.epoch == 2:
        raise TrialPruned("hopeless")

def break_off(report):
    raise OSError("the pipe is gone")

run("plain", replace(usual, checkpoint=place / "model", resume_folder=place / "state"))
run("first_late", short, clock=lambda heard: lambda: float(len(heard)))  # the second's clock stands still
run("second_late", short, clock=lambda heard: iter([0.0] + [1e9 * rank] * 10**6).__next__)
run("never_begun", short, clock=lambda heard: iter([0.0] + [1e9 * (1 - rank)] * 10**6).__next__)
run("refit", replace(short, refit=True), clock=lambda heard: lambda: 2.0 * len(heard))
run("pruned", usual, prune)
run("closed_form_pruned", replace(usual, model="ease", params={}), lambda report: prune(replace(report, epoch=2)))
run("broken_off", usual, break_off)
forward, score = BprMF.forward, BprMF.score
if rank == 1:
    BprMF.forward = lambda self, *batch: forward(self, *batch) + float("inf")  # the gradients stay as they are
run("diverged", usual)
BprMF.forward = forward
if rank == 1:
    BprMF.score = lambda self, *given: score(self, *given) * float("nan")
run("no_numbers", usual)
(place / f"rank-{rank}.json").write_text(json.dumps(told))
"""


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Even users read of the first half of the items, odd ones of the second."""
    rng, folder = np.random.default_rng(0), tmp_path_factory.mktemp("processes")
    half = N_ITEMS // 2
    rows = [rng.permutation(half)[:N_READ] + half * (user % 2) for user in range(N_USERS)]
    Interactions(
        name="halves",
        users=np.repeat(np.arange(N_USERS), N_READ),
        items=np.concatenate(rows),
        user_ids=pl.Series([f"u{user}" for user in range(N_USERS)]),
        item_ids=pl.Series([f"i{item}" for item in range(N_ITEMS)]),
    ).save(folder / "data")
    return folder


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def told(place: Path) -> list[dict[str, Any]]:
    """What each process says of each run, by the run's name."""
    (place / "script.py").write_text(SCRIPT)
    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    launch += ["--master_addr", "127.0.0.1", "--master_port", str(free_port())]
    command = [*launch, str(place / "script.py"), str(place), json.dumps(PARAMS), str(EPOCHS)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads((place / f"rank-{rank}.json").read_text()) for rank in range(2)]


def test_two_processes_agree_and_come_near_to_one(place: Path, told: list[dict[str, Any]]) -> None:
    first, second = (of_rank["plain"] for of_rank in told)
    assert first["metrics"] == second["metrics"], "each measured its own weights"
    assert first["test"] == second["test"]
    assert (first["n_heard"], second["n_heard"]) == (EPOCHS, 0), "one of them speaks"
    assert (place / "model" / "model.safetensors").is_file()
    assert not (place / "state").exists()
    request = TrainRequest(
        dataset=place / "data",
        model="bpr_mf",
        params=PARAMS | {"accumulation": 2},  # as many rows a step as two processes read
        budget=Budget(epochs=EPOCHS, patience=EPOCHS),
        measures_test=True,
        device="cpu",
        n_threads=1,
    )
    alone = train(request)
    assert alone.metrics["test_ndcg@10"] > 0.15
    assert first["test"] == pytest.approx(alone.metrics["test_ndcg@10"], abs=0.02)


@pytest.mark.parametrize(("name", "n_epochs"), [("first_late", 3), ("second_late", EPOCHS), ("refit", 2)])
def test_the_clock_of_the_first_process_ends_the_run_of_both(
    name: str, n_epochs: int, told: list[dict[str, Any]]
) -> None:
    for of_rank in told:
        assert len(of_rank[name]["metrics"]) == n_epochs
    assert told[0][name]["test"] == told[1][name]["test"]
    assert told[0][name]["refit"] == told[1][name]["refit"]


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("never_begun", "TrialFailed", "time_limit: no epoch finished in 3 s"),
        ("pruned", "TrialPruned", "hopeless"),
        ("closed_form_pruned", "TrialPruned", "hopeless"),
        ("diverged", "TrialFailed", "diverged: the loss became inf in epoch 1"),
        ("no_numbers", "TrialFailed", "diverged: the model's scores are not numbers"),
    ],
)
def test_a_failure_of_one_process_is_that_of_both(name: str, error: str, says: str, told: list[dict[str, Any]]) -> None:
    for of_rank in told:
        assert of_rank[name] == {"error": error, "says": says}


def test_an_error_of_another_package_is_told_to_the_other_process(told: list[dict[str, Any]]) -> None:
    assert told[0]["broken_off"] == {"error": "OSError", "says": "the pipe is gone"}
    says = "error: in another process: OSError: the pipe is gone"
    assert told[1]["broken_off"] == {"error": "TrialFailed", "says": says}
