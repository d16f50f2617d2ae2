"""A worker does not hear what asks its parent to end, from its first moment on."""

import signal
import subprocess
import sys

import pytest

from agent.executor import signals

ECHO = "import sys; print('up', flush=True); print(sys.stdin.readline(), end='', flush=True)"
WORKER = f"from agent.executor import signals; signals.ignore(); {ECHO}"
pytestmark = pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="needs the signals of POSIX")


def start(code: str) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.parametrize("code", [ECHO, WORKER], ids=["before it says so", "and after"])
def test_a_worker_lives_through_what_asks_its_parent_to_end(code: str) -> None:
    with signals.held():
        worker = start(code)
    assert worker.stdout is not None
    for number in signals.ENDS:
        worker.send_signal(number)
    assert worker.stdout.readline() == "up\n"
    for number in signals.ENDS:
        worker.send_signal(number)
    assert worker.communicate("still here\n", timeout=60)[0] == "still here\n"
    assert worker.returncode == 0


def test_a_process_hears_again_when_a_worker_has_started() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with signals.held():
        pass
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
    process = start(ECHO)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.terminate()
    process.communicate()
    assert process.returncode == -signal.SIGTERM
