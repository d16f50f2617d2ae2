"""Copies of the working tree, and processes that run tests on them."""

import compileall
import contextlib
import multiprocessing
import os
import py_compile
import shutil
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.mutation.tracing import Trace, import_quietly, traced

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("agent", "memory", "recmodels", "ui")
COPIED = (*PACKAGES, "tests", "pyproject.toml", "README.md", "CONTRIBUTING.md", "EXPERIMENTS.md", "docs", "Makefile")
OPTIONS = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:faulthandler", "--rootdir=."]
_fork = multiprocessing.get_context("fork")


def copied(folder: Path) -> Path:
    """The working tree, compiled such that a change is seen whatever its time."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, folder / name)
    for name in PACKAGES:
        compileall.compile_dir(folder / name, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    (folder / "temporary").mkdir()
    return folder


def enter(folder: Path) -> None:
    """Make this process one whose working tree is `folder`."""
    os.chdir(folder)
    sys.path[:] = [str(folder), *(path for path in sys.path if path not in ("", str(ROOT)))]
    os.environ["PYTHONPATH"] = str(folder)
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(folder / "temporary")
    with contextlib.suppress(ImportError):
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)  # that an example fails is enough; its smallest form is not read
        settings.register_profile("mutants", database=None, derandomize=True, deadline=None, phases=phases)
        settings.load_profile("mutants")


def say_to(path: Path | str) -> None:
    """Let what this process prints go to a file."""
    file = os.open(path, os.O_RDWR | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(file, stream)


def start(function: Callable[..., None], *arguments: Any) -> tuple[Any, Connection]:
    """Call `function(pipe, *arguments)` in a fork of this process; what it sends comes from the returned end."""
    ours, theirs = _fork.Pipe(duplex=False)
    process = _fork.Process(target=_alone, args=(function, theirs, *arguments))
    process.start()
    theirs.close()
    return process, ours


def end(process: Any) -> None:
    """Kill the process and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def trace_of(folder: Path, paths: list[str], tests: list[str]) -> Trace:
    """What the tests do on the unchanged code; the libraries that they use are then imported here too."""
    process, pipe = start(_trace, folder, paths, tests)
    try:
        trace: Trace = pipe.recv()
    except EOFError:
        sys.exit("the tests of the unchanged code ended their process")
    finally:
        end(process)
    if trace.failed:
        print((folder / "trace.log").read_text(encoding="utf-8"))
        sys.exit("the tests fail on the unchanged code")
    import_quietly(trace.modules)
    return trace


def _alone(function: Callable[..., None], *arguments: Any) -> None:
    os.setsid()  # what it starts ends with it
    function(*arguments)


def _trace(pipe: Connection, folder: Path, paths: list[str], tests: list[str]) -> None:
    enter(folder)
    say_to(folder / "trace.log")
    pipe.send(traced(folder, paths, tests, OPTIONS))
