"""How Ctrl-C, SIGTERM and SIGHUP end a command: in order and in time, or at once when asked twice."""

import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from ui import cli
from ui.cli import app as commands
from ui.cli.ending import PATIENCE_S

ROOT = Path(__file__).parent.parent.parent
ORDERLY = """
    try:
        print("begun", flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        print("given up in order", flush=True)
        sys.exit(130)
"""
STUBBORN = """
    child = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
    said = f"begun {child.pid}"
    while True:
        try:
            if said: print(said, flush=True); said = ""
            time.sleep(60)
        except KeyboardInterrupt:
            print("asked", flush=True)
"""
DROPPED = """
    class Noted:
        def __del__(self):
            signal.raise_signal(signal.SIGTERM)  # what is raised in here goes nowhere
    try:
        noted = Noted()
        print("begun", flush=True)
        del noted
        time.sleep(60)
    except KeyboardInterrupt:
        print("given up in order", flush=True)
        sys.exit(130)
"""
pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs the signals of POSIX")


def start(body: str, patience_s: float = 60.0, **options: object) -> "subprocess.Popen[str]":
    """A program that has begun its work under `Ending`."""
    code = f"""
import signal, subprocess, sys, time
from ui.cli.ending import Ending
def work():{body}
with Ending({patience_s}) as ending:
    try:
        work()
    except SystemExit as end:
        sys.exit(ending.status(end.code))
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        **options,
    )


def begun(process: "subprocess.Popen[str]") -> list[str]:
    """What it said when it had begun."""
    assert process.stdout is not None
    return process.stdout.readline().split()


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_command_that_is_asked_to_end_does_so_in_order_with_the_status_of_the_signal(name: str, status: int) -> None:
    process = start(ORDERLY)
    assert begun(process) == ["begun"]
    process.send_signal(getattr(signal, name))
    out, errors = process.communicate(timeout=60)
    assert (out, errors, process.returncode) == ("given up in order\n", "", status)


def test_a_signal_that_comes_where_nothing_can_be_raised_ends_the_command_in_order_too() -> None:
    out, errors = start(DROPPED).communicate(timeout=60)
    assert (out, errors) == ("begun\ngiven up in order\n", "")


def test_a_command_that_is_asked_twice_ends_at_once_with_all_that_it_started() -> None:
    process = start(STUBBORN)
    child = psutil.Process(int(begun(process)[1]))
    process.send_signal(signal.SIGINT)
    assert begun(process) == ["asked"], "the first one is the command's to handle"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "recpilot: ended at once by Ctrl-C. What had finished is kept" in errors
    assert_gone(child)


def test_a_second_ctrl_c_while_the_command_ends_leaves_no_traceback() -> None:
    code = """
import signal, threading, time
from ui.cli import ending
class Slow(threading.Thread):  # the thread that hears takes its time, and Ctrl-C comes meanwhile
    def join(self, timeout=None):
        signal.raise_signal(signal.SIGINT)
        super().join(timeout)
ending.threading.Thread = Slow
with ending.Ending():
    pass
print("ended", flush=True)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("ended\n", "", 0)


def test_a_command_that_does_not_end_in_its_time_is_ended() -> None:
    process = start(STUBBORN, patience_s=0.05)
    child = psutil.Process(int(begun(process)[1]))
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 143 and "ended at once by SIGTERM" in errors
    assert_gone(child)
    assert PATIENCE_S < 5, "with what killing takes"


def test_a_signal_that_was_ignored_at_the_start_stays_so() -> None:
    process = start(ORDERLY, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))  # as `nohup` does
    assert begun(process) == ["begun"]
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 143


def test_a_closed_terminal_ends_a_command_without_a_traceback() -> None:
    ours, theirs = pty.openpty()
    code = """
import fcntl, sys, termios, time
fcntl.ioctl(2, termios.TIOCSCTTY, 0)
from ui.cli import main
from ui.cli.app import app
@app.command()
def wait():
    print("begun", flush=True)
    time.sleep(60)
sys.argv = ["recpilot", "wait"]
main()
"""
    command, pipe = [sys.executable, "-c", code], subprocess.PIPE
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, stdin=theirs, stdout=pipe, stderr=theirs, text=True, env=environment, start_new_session=True
    )
    os.close(theirs)
    assert begun(process) == ["begun"]
    os.close(ours)  # the terminal is gone, which the kernel tells by SIGHUP
    process.communicate(timeout=60)
    assert process.returncode == 129


def test_ctrl_c_before_a_command_has_begun_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "app", interrupted)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err.startswith("recpilot: ended before it was done. What had finished is kept")


def assert_gone(child: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        child.wait(timeout=30)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
