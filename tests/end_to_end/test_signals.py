"""SIGTERM while the worker process loads its libraries: in time, with a sentence, and nothing is left running."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.campaign.small import write_tiny

if TYPE_CHECKING:
    from conftest import Recpilot

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs the signals of POSIX")


def worker_of(process: "subprocess.Popen[str]") -> psutil.Process:
    """The process that trains, as soon as there is one."""
    while process.poll() is None:
        for child in psutil.Process(process.pid).children():
            with suppress(psutil.Error):  # it has ended
                if "agent.executor.worker" in child.cmdline():
                    return child
        time.sleep(0.05)
    raise AssertionError(f"no worker: {process.communicate()}")


def test_sigterm_while_the_worker_loads_ends_the_study_so_that_it_can_be_resumed(
    recpilot: "Recpilot", tmp_path: Path
) -> None:
    args = ("tune", str(write_tiny(tmp_path / "tiny.csv")), "--model=ease", "--trials=2", "--llm=none")
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        recpilot.command(*args), env=os.environ | recpilot.changed, stdout=pipe, stderr=pipe, text=True
    )
    worker = worker_of(process)
    worker.send_signal(signal.SIGTERM)  # as a service manager does, to all of a service
    process.send_signal(signal.SIGTERM)
    out, errors = process.communicate(timeout=100)
    assert process.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in out + errors
    assert (
        "recpilot study resume tiny-1" in out + errors or "recpilot study list" in errors
    )  # where it did not end in time
    psutil.wait_procs([worker], timeout=60)
    assert not worker.is_running()
    (study,) = recpilot.json("study", "list")
    assert (study["state"], study["n_finished"], study["run_by"]) == ("stopped", 0, None)
