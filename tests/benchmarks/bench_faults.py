"""Every fault of a language model's server, in every place: chat turns, decisions, and whole tiny studies.

python tests/benchmarks/bench_faults.py [--only TEXT] [--without-studies] [--out FILE.json]

The server is a real one, in a thread (`tests/agent/llm/fault_server.py`). A turn passes when it ends with a sentence
that says what happened, in plain words and in time, and nothing was done that nobody asked for; a decision, when there
is a proposal; a study, when its trials ran and it ended.
"""

import argparse
import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "agent"), str(TESTS / "agent" / "llm"), str(TESTS.parent)]

import fault_runs as runs  # noqa: E402
import fault_server as faults  # noqa: E402


def load_conftest() -> object:
    """The workspaces of the tests; `conftest` is the name of several modules."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("agent_conftest", TESTS / "agent" / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def attempts(name: str, workspace, studying, server) -> Iterator[tuple[str, Callable[[], str | None]]]:
    """The places in which a fault is tried, and how."""
    is_odd, hangs, url = name in faults.ODD, name in faults.HANGS, server.url
    good = faults.GOOD if is_odd else faults.CLEANED.get(name)

    def turn(*plan: str, text: str = runs.QUESTION, then: str = name, good: str | None = good):
        server.plan(*plan, then=then)
        return runs.chat_problem(workspace, url, text, good, hangs)

    def decision(*plan: str, then: str = name, is_good: bool = is_odd):
        server.plan(*plan, then=then)
        return runs.decision_problem(url, is_good, hangs)

    def study():
        server.plan(then=name)
        return runs.study_problem(studying, url, f"s{len(studying.runner.names())}", hangs)

    again = is_odd or name in faults.PASSES or name in faults.UNUSABLE
    yield "a turn's first answer", turn
    yield "after a call", lambda: turn("call")
    yield "an order", lambda: turn(text=runs.ORDER)
    yield "a decision", decision
    if again:
        yield "a turn, once", lambda: turn(name, then="good", good=faults.GOOD)
        yield "a decision, once", lambda: decision(name, then="good", is_good=True)
    if studying is not None:
        yield "a study", study


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="")
    parser.add_argument("--without-studies", action="store_true")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    conftest, found = load_conftest(), {}
    with tempfile.TemporaryDirectory() as folder, faults.FaultServer() as server:
        homes = [Path(folder) / "chats", Path(folder) / "studies"]
        with conftest.open_home(homes[0]) as workspace, conftest.open_home(homes[1]) as studying:
            for home, opened in zip(homes, (workspace, studying), strict=True):
                opened.catalogue.add(conftest.write_tiny(home / "tiny.csv"))
            for name in [name for name in faults.FAULTS if asked.only in name]:
                found[name] = tried(name, workspace, None if asked.without_studies else studying, server)
                print_line(name, found[name])
                if asked.out:
                    asked.out.write_text(json.dumps(found, indent=1))
    results = [problem for places in found.values() for problem, _ in places.values()]
    print(f"\n{len(found)} kinds, {len(results)} faults, {results.count(None)} passed")


def tried(name: str, workspace, studying, server) -> dict[str, tuple[str | None, float]]:
    """Each place with what is wrong, if anything, and the seconds."""
    places = {}
    for place, attempt in attempts(name, workspace, studying, server):
        began = time.monotonic()
        try:
            problem = attempt()
        except Exception as error:  # noqa: BLE001 - it is what is looked for
            problem = f"{type(error).__name__}: {error}"
        places[place] = (problem, round(time.monotonic() - began, 2))
    return places


def print_line(name: str, places: dict[str, tuple[str | None, float]]) -> None:
    n_passed = sum(problem is None for problem, _ in places.values())
    print(f"{name:42} {n_passed} of {len(places)}   {sum(took for _, took in places.values()):6.1f} s", flush=True)
    for place, (problem, _) in places.items():
        if problem is not None:
            print(f"    {place}: {problem}", flush=True)


if __name__ == "__main__":
    main()
