"""Runs mutants: in forks of a pytest session that has collected the tests, or in pytest sessions of their own."""

import importlib
import math
import multiprocessing.connection
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from tests.mutation.mutants import Mutant
from tests.mutation.patching import changes, functions_of
from tests.mutation.processes import OPTIONS, end, enter, say_to, start
from tests.mutation.tracing import Trace

Begin = Callable[[Mutant, Path, list[str], float], tuple[Any, Connection]]
"""Starts a mutant's tests in a folder, with a limit in seconds of processor time: the process, and the pipe that brings
the outcome and what it is due to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a mutant: `killed` by a test, `timeout`, `survived`, or `stillborn`: it cannot be imported."""

    mutant: Mutant
    outcome: str
    by: str = ""  # the test, or the error at import


def in_own_sessions(folders: list[Path], trace: Trace, mutants: Iterable[Mutant]) -> Iterator[Verdict]:
    """For changes of what runs at import: each mutant's file is changed and pytest started on it."""
    return _each(folders, trace, mutants, _begin_on_disk)


def in_one_session(folders: list[Path], tests: list[str], trace: Trace, mutants: list[Mutant]) -> Iterator[Verdict]:
    """For changes in the bodies of functions; the others have the outcome `body`.

    Args:
        folders: Copies of the working tree: the first for the session, each other for a mutant at a time.
    """
    process, pipe = start(_serve, folders, tests, trace, mutants)
    try:
        for _ in mutants:
            yield pipe.recv()
    except EOFError:
        print((folders[0] / "session.log").read_text(encoding="utf-8"))
        sys.exit("the session ended before all mutants were run")
    finally:
        end(process)


def _each(folders: list[Path], trace: Trace, mutants: Iterable[Mutant], begin: Begin) -> Iterator[Verdict]:
    """As many at a time as there are folders."""
    waiting, free = iter(mutants), list(folders)
    running: dict[Connection, tuple[Any, Mutant, Path, float]] = {}
    mutant = next(waiting, None)
    while running or mutant is not None:
        while free and mutant is not None:
            tests = trace.of_lines(mutant.path, mutant.statement)
            if tests:
                folder = free.pop()
                limit_s = 10 + 5 * sum(trace.seconds[test] for test in tests)
                process, pipe = begin(mutant, folder, tests, limit_s)
                running[pipe] = process, mutant, folder, time.monotonic() + 20 * limit_s  # other work may slow it
            else:
                yield Verdict(mutant=mutant, outcome="survived", by="no test runs this line")
            mutant = next(waiting, None)
        ready = multiprocessing.connection.wait(list(running), timeout=1) if running else []
        late = [pipe for pipe, (*_, ends_at) in running.items() if time.monotonic() > ends_at and pipe not in ready]
        for pipe in [*ready, *late]:
            process, done, folder, _ = running.pop(pipe)  # type: ignore[index]
            outcome, by = _received(process, pipe) if pipe in ready else ("timeout", "")  # type: ignore[arg-type]
            end(process)
            (folder / done.path).write_text(done.original, encoding="utf-8")
            free.append(folder)
            yield Verdict(mutant=done, outcome=outcome, by=by)


def _received(process: Any, pipe: Connection) -> tuple[str, str]:
    try:
        outcome, by = pipe.recv()
    except EOFError:
        process.join()
        return ("timeout", "") if process.exitcode == -signal.SIGXCPU else ("killed", "the process ended")
    return outcome, by


# --- a session for each


def _begin_on_disk(mutant: Mutant, folder: Path, tests: list[str], limit_s: float) -> tuple[Any, Connection]:
    (folder / mutant.path).write_text(mutant.source, encoding="utf-8")
    return start(_try_on_disk, folder, mutant.path, tests, limit_s)


def _limit(seconds: float) -> None:
    """End this process after so much processor time, however busy the machine is."""
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 5))


def _try_on_disk(pipe: Connection, folder: Path, path: str, tests: list[str], limit_s: float) -> None:
    _limit(20 + limit_s)  # pytest starts, too
    sys.dont_write_bytecode = True
    enter(folder)
    say_to(os.devnull)
    try:
        importlib.import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    except BaseException as error:  # noqa: BLE001 - whatever a change does
        pipe.send(("stillborn", repr(error)))
        return
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    chosen = _Chosen(tests)
    status = pytest.main([*OPTIONS, "-x", *files], plugins=[chosen])
    pipe.send(("survived", "") if status == 0 else ("killed", chosen.failed or f"pytest ended with {int(status)}"))


class _Chosen:
    """Runs the chosen tests in their order and keeps the first that fails."""

    def __init__(self, tests: list[str]) -> None:
        self._places = {test: place for place, test in enumerate(tests)}
        self.failed = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self._places]
        items[:] = sorted(chosen, key=lambda item: self._places[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid


# --- one session for all


def _serve(pipe: Connection, folders: list[Path], tests: list[str], trace: Trace, mutants: list[Mutant]) -> None:
    enter(folders[0])
    say_to(folders[0] / "session.log")
    pytest.main([*OPTIONS, *tests], plugins=[_Server(pipe, folders[1:], trace, mutants)])


class _Server:
    """In place of the loop over the tests: forks that each run some."""

    def __init__(self, pipe: Connection, folders: list[Path], trace: Trace, mutants: list[Mutant]) -> None:
        self._pipe, self._folders, self._trace, self._mutants = pipe, folders, trace, mutants
        self._failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed = self._failed or report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        root = Path.cwd()
        functions = functions_of(str(root))
        items = {item.nodeid: item for item in session.items}

        def begin(mutant: Mutant, folder: Path, tests: list[str], limit_s: float) -> tuple[Any, Connection]:
            edits = changes(str(root / mutant.path), mutant.original, mutant.source, functions)
            return start(self._try_here, folder, edits, [items[test] for test in tests], limit_s)

        unchanged = [items[test] for test in self._trace.seconds]
        process, pipe = start(
            self._try_here, self._folders[0], [], unchanged, 60 + 5 * sum(self._trace.seconds.values())
        )
        if (outcome := _received(process, pipe)) != ("survived", ""):
            pytest.exit(f"the tests fail in a fork of their session: {outcome}")
        for verdict in _each(self._folders, self._trace, self._mutants, begin):
            self._pipe.send(verdict)
        return True

    def _try_here(
        self,
        pipe: Connection,
        folder: Path,
        edits: list[tuple[list[FunctionType], CodeType]] | None,
        items: list[pytest.Item],
        limit_s: float,
    ) -> None:
        _limit(limit_s)
        if edits is None:
            pipe.send(("body", ""))
            return
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(folder / "temporary")
        for known, code in edits:
            for function in known:
                function.__code__ = code
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                break
        pipe.send(("killed", self._failed) if self._failed else ("survived", ""))
