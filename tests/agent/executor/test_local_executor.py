"""The worker process: same answers as in process, warm between trials, replaced when it dies, gone with its parent."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import psutil
import pytest

from agent.executor import InProcessExecutor
from agent.executor.local import LocalExecutor
from agent.executor.messages import request_from_dict, request_to_dict
from recmodels.data.catalogue import Catalogue
from recmodels.errors import ParamError, TrialFailed, TrialPruned
from recmodels.request import Budget, EpochReport, TrainRequest
from tests import canaries


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(0)
    rows = [f"u{u},i{i},{t}" for u in range(60) for t, i in enumerate(rng.permutation(20)[:8] + 20 * (u % 2))]
    (folder / "tiny.csv").write_text("user_id,item_id,timestamp\n" + "\n".join(rows))
    return Catalogue(folder / "datasets").add(folder / "tiny.csv").folder


@pytest.fixture(scope="module")
def executor() -> Iterator[LocalExecutor]:
    """Its worker is started while the environment holds secrets."""
    with mock.patch.dict(os.environ, canaries.IN_ENVIRONMENT):
        opened = LocalExecutor(n_threads=1)
        yield opened
    opened.close()


def request(dataset: Path, model: str = "bpr_mf", epochs: int = 3, **changed: object) -> TrainRequest:
    given = {"dataset": dataset, "model": model, "budget": Budget(epochs=epochs), "device": "cpu", "n_threads": 1}
    return TrainRequest(**(given | changed))  # type: ignore[arg-type]


def worker_of(executor: LocalExecutor) -> subprocess.Popen[str]:
    return executor._workers["cpu"]._process


def test_the_worker_measures_what_a_call_in_process_measures(
    executor: LocalExecutor, dataset: Path, tmp_path: Path
) -> None:
    reports: list[EpochReport] = []
    asked = request(dataset, checkpoint=tmp_path / "weights")
    there = executor.train(asked, reports.append)
    here = InProcessExecutor().train(request(dataset))
    assert [report.value for report in there.curve] == [report.value for report in here.curve]
    assert {k: v for k, v in there.metrics.items() if "@" in k} == {k: v for k, v in here.metrics.items() if "@" in k}
    assert tuple(reports) == there.curve
    assert there.checkpoint == tmp_path / "weights" and any(there.checkpoint.iterdir())


def test_the_worker_holds_no_secret_that_it_does_not_need(executor: LocalExecutor, dataset: Path) -> None:
    executor.train(request(dataset))
    process = psutil.Process(worker_of(executor).pid)
    needed = {name: value for name, value in process.environ().items() if not name.endswith("_PROXY")}
    assert needed["PATH"]
    assert canaries.leaks("a worker", f"{needed} {process.cmdline()}") == []


def test_a_request_survives_the_pipe() -> None:
    asked = TrainRequest(dataset=Path("d"), model="ease", params={"l2": 1.5}, checkpoint=Path("c"), cutoffs=(5,))
    assert request_from_dict(request_to_dict(asked)) == asked


def test_the_worker_stays_warm_between_trials(executor: LocalExecutor, dataset: Path) -> None:
    executor.train(request(dataset, "popularity"))
    process = worker_of(executor).pid
    executor.train(request(dataset, "ease"))
    assert worker_of(executor).pid == process


def test_pruning_stops_the_trial_and_keeps_the_worker(executor: LocalExecutor, dataset: Path) -> None:
    executor.train(request(dataset, "popularity"))
    process, seen = worker_of(executor).pid, []

    def prune(report: EpochReport) -> None:
        seen.append(report.epoch)
        if report.epoch == 2:
            raise TrialPruned("unpromising")

    with pytest.raises(TrialPruned, match="unpromising"):
        executor.train(request(dataset, epochs=50), prune)
    assert seen == [1, 2]
    assert executor.train(request(dataset, "popularity")).metrics
    assert worker_of(executor).pid == process


def test_what_train_refuses_comes_back_as_the_same_error(executor: LocalExecutor, dataset: Path) -> None:
    with pytest.raises(ParamError, match="`l2` must be in"):
        executor.train(request(dataset, "ease", params={"l2": -1.0}))
    with pytest.raises(ParamError, match="unknown model"):
        executor.train(request(dataset, "oracle"))
    assert executor.train(request(dataset, "popularity")).metrics


def test_a_killed_worker_fails_its_trial_and_is_replaced(executor: LocalExecutor, dataset: Path) -> None:
    executor.train(request(dataset, "popularity"))
    dead = worker_of(executor)

    with pytest.raises(TrialFailed) as caught:
        executor.train(request(dataset, epochs=200), lambda report: os.kill(dead.pid, signal.SIGKILL))
    assert caught.value.reason == "worker_died"
    assert "-9" in caught.value.detail
    assert executor.train(request(dataset, "popularity")).metrics
    assert worker_of(executor).pid != dead.pid


def test_an_interrupted_caller_leaves_no_trial_behind(executor: LocalExecutor, dataset: Path) -> None:
    executor.train(request(dataset, "popularity"))
    old = worker_of(executor)

    def interrupt(report: EpochReport) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        executor.train(request(dataset, epochs=200), interrupt)
    assert old.wait(timeout=10) is not None
    assert executor.train(request(dataset, "popularity")).metrics


def test_the_worker_ends_when_its_parent_is_killed(dataset: Path) -> None:
    code = f"""
        import sys
        from pathlib import Path
        from agent.executor.local import LocalExecutor
        from recmodels.request import Budget, TrainRequest
        executor = LocalExecutor(n_threads=1)
        def on_epoch(report):
            print(executor._workers["cpu"]._process.pid, flush=True)
        executor.train(
            TrainRequest(
                dataset=Path({str(dataset)!r}), model="bpr_mf", device="cpu", budget=Budget(epochs=200, patience=200)
            ),
            on_epoch,
        )
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{worker}").exists() and time.monotonic() < deadline:
        if Path(f"/proc/{worker}/stat").read_text().split()[2] == "Z":
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{worker}").exists(), "the worker outlived its parent"
