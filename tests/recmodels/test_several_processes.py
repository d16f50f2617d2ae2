"""Two processes train one model: the same weights in both, near those of one process.

`accelerate launch` starts the processes of several GPUs by torchrun, but on a CPU only by MPI; here torchrun does it.
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

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
from pathlib import Path
from recmodels.request import Budget, TrainRequest
from recmodels.training import train

place, params, epochs = Path(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3])
heard = []
result = train(
    TrainRequest(dataset=place / "data", model="bpr_mf", params=params, budget=Budget(epochs=epochs, patience=epochs),
                 checkpoint=place / "model", resume_folder=place / "state", measures_test=True,
                 device="cpu", n_threads=1),
    heard.append,
)
told = {"metrics": [dict(report.metrics) for report in result.curve], "n_heard": len(heard),
        "test": result.metrics["test_ndcg@10"]}
(place / f"rank-{os.environ['RANK']}.json").write_text(json.dumps(told))
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Even users read of the first half of the items, odd ones of the second."""
    rng = np.random.default_rng(0)
    half = N_ITEMS // 2
    rows = [rng.permutation(half)[:N_READ] + half * (user % 2) for user in range(N_USERS)]
    Interactions(
        name="halves",
        users=np.repeat(np.arange(N_USERS), N_READ),
        items=np.concatenate(rows),
        user_ids=pl.Series([f"u{user}" for user in range(N_USERS)]),
        item_ids=pl.Series([f"i{item}" for item in range(N_ITEMS)]),
    ).save(tmp_path / "data")
    return tmp_path


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def test_two_processes_agree_and_come_near_to_one(place: Path) -> None:
    (place / "script.py").write_text(SCRIPT)
    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    launch += ["--master_addr", "127.0.0.1", "--master_port", str(free_port())]
    command = [*launch, str(place / "script.py"), str(place), json.dumps(PARAMS), str(EPOCHS)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    first, second = (json.loads((place / f"rank-{rank}.json").read_text()) for rank in range(2))
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
