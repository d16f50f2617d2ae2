"""Language models that answer wrongly, late or never: turns, decisions and tiny studies over a server that fails.

The faults and what is wrong with an end are those of `tests/benchmarks/bench_faults.py`, which tries them in order.
"""

import logging
import random
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import bench_faults as bench
from tests.campaign import Attempt


def attempts(seed: int, folder: Path) -> Iterator[Attempt]:
    """Each kind of fault in each place once, in an order that the seed gives; then the part is over."""
    rng = random.Random(seed)  # noqa: S311 - it only chooses what to try
    conftest, homes = bench.load_conftest(), [folder / "chats", folder / "studies"]
    logging.disable(logging.CRITICAL)
    names = rng.sample(list(bench.faults.FAULTS), len(bench.faults.FAULTS))
    try:
        with (
            bench.faults.FaultServer() as server,
            conftest.open_home(homes[0]) as workspace,  # type: ignore[attr-defined]
            conftest.open_home(homes[1]) as studying,  # type: ignore[attr-defined]
        ):
            for home, opened in zip(homes, (workspace, studying), strict=True):
                opened.catalogue.add(conftest.write_tiny(home / "tiny.csv"))  # type: ignore[attr-defined]
            for name in names:
                for place, tried in bench.attempts(name, workspace, studying, server):
                    began = time.monotonic()
                    try:
                        problem = tried()
                    except Exception as error:  # noqa: BLE001 - it is what is looked for
                        problem = f"{type(error).__name__}: {error}"
                    took = time.monotonic() - began
                    yield Attempt(what=f"{name}, in {place}: {took:.1f} s", problem=problem)
    finally:
        logging.disable(logging.NOTSET)
