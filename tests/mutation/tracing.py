"""One run of an area's tests that keeps which test runs which line, and how long each takes."""

import importlib
import sys
import time
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import coverage
import pytest

LONGEST_S = 3.0  # tests that take longer are not run on mutants, which can only lower the share killed
_IMPORT = ""  # the context of what runs outside a test


@dataclass
class Trace:
    """What the unchanged code does; paths from the root of the repository."""

    lines: dict[str, dict[int, set[str]]]  # tests by file and line; `_IMPORT` for what runs outside a test
    seconds: dict[str, float]  # of processor time, by test
    failed: list[str]
    modules: list[str]  # of libraries, which are worth importing once

    def runs_at_import(self, path: str, lines: range) -> bool:
        """Whether one of the lines runs outside a test."""
        return any(_IMPORT in self.lines.get(path, {}).get(line, ()) for line in lines)

    def of_lines(self, path: str, lines: range) -> list[str]:
        """The tests that run one of the lines, the quickest first; what runs at import can matter to all of them."""
        by_line = self.lines.get(path, {})
        tests = set().union(*(by_line.get(line, set()) for line in lines))
        if _IMPORT in tests:
            of_file = set().union(*by_line.values())
            others = sorted(self.seconds.keys() - of_file, key=self.seconds.__getitem__)
            return sorted(of_file & self.seconds.keys(), key=self.seconds.__getitem__) + others
        return sorted(tests & self.seconds.keys(), key=self.seconds.__getitem__)


@dataclass(eq=False)  # pytest hashes its plugins
class _Contexts:
    """Names the running test to coverage; what a shared fixture runs belongs to all tests that use it."""

    cov: coverage.Coverage
    context: str = _IMPORT
    seconds: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    skipped: set[str] = field(default_factory=set)
    users: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def switch(self, context: str) -> str:
        before, self.context = self.context, context
        self.cov.switch_context(context)
        return before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        for name in getattr(item, "fixturenames", ()):
            self.users[f"fixture {name}"].add(item.nodeid)
        self.switch(item.nodeid)
        began = time.process_time()
        try:
            return (yield)
        finally:
            self.switch(_IMPORT)
            self.seconds[item.nodeid] = time.process_time() - began

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, Any, Any]:
        if fixturedef.scope == "function":
            return (yield)
        before = self.switch(f"fixture {fixturedef.argname}")
        try:
            return (yield)
        finally:
            self.switch(before)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)
        if report.skipped:
            self.skipped.add(report.nodeid)


def traced(root: Path, paths: list[str], tests: list[str], options: list[str]) -> Trace:
    """Run the tests in this process, whose folder is `root`."""
    before = set(sys.modules)
    cov = coverage.Coverage(data_file=None, include=[str(root / path) for path in paths], config_file=False)
    cov.start()
    plugin = _Contexts(cov)
    status = pytest.main([*options, *tests], plugins=[plugin])
    cov.stop()
    data, lines = cov.get_data(), {}
    for path in paths:
        by_line = data.contexts_by_lineno(str(root / path))
        lines[path] = {
            line: set().union(*(plugin.users.get(context, {context}) for context in contexts))
            for line, contexts in by_line.items()
        }
    failed = plugin.failed or ([] if status == 0 else [f"pytest ended with {status}"])
    is_run = {test: seconds <= LONGEST_S and test not in plugin.skipped for test, seconds in plugin.seconds.items()}
    modules = [name for name in sys.modules.keys() - before if _is_library(name, root)]
    return Trace(
        lines=lines,
        seconds={test: s for test, s in plugin.seconds.items() if is_run[test]},
        failed=failed,
        modules=sorted(modules),
    )


def _is_library(name: str, root: Path) -> bool:
    spec = getattr(sys.modules[name], "__spec__", None)
    origin = str(getattr(spec, "origin", None) or "")
    return (
        spec is not None and spec.name == name and origin.endswith((".py", ".so")) and not origin.startswith(str(root))
    )


def import_quietly(names: list[str]) -> None:
    """What can be imported of these; a library's odd parts are left to the tests."""
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001, S112
            continue
