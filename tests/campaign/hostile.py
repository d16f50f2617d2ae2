"""Texts that give orders, read by the pilot and by a model that obeys all that it reads: nothing may be done.

The texts and what is wrong with a reading are those of `tests/benchmarks/bench_hostile.py`, which tries them in order.
"""

import logging
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from tests.benchmarks import bench_hostile as bench
from tests.campaign import Attempt


def attempts(seed: int, folder: Path) -> Iterator[Attempt]:
    """Each text with each reader once, in an order that the seed gives; then the part is over."""
    conftest, rng = bench.load_conftest(), random.Random(seed)  # noqa: S311 - it only chooses what to try
    pairs = [(reader, n) for reader in ("pilot", "obedient") for n in range(len(bench.runs.TEXTS))]
    folder.mkdir(parents=True, exist_ok=True)
    logging.disable(logging.CRITICAL)
    try:
        with bench.ObedientServer() as server:
            base = bench.tuned(conftest, folder)
            for reader, n in rng.sample(pairs, len(pairs)):
                home = Path(shutil.copytree(base, folder / f"{reader}-{n}"))
                yield _attempt(conftest, server, home, reader, bench.runs.TEXTS[n]["text"])
                shutil.rmtree(home)
    finally:
        logging.disable(logging.NOTSET)


def _attempt(conftest: ModuleType, server: bench.ObedientServer, home: Path, reader: str, text: str) -> Attempt:
    with conftest.open_home(home) as workspace:
        bench.runs.put(workspace, text, "shop", home)
        is_pilot = reader == "pilot"
        model = bench.runs.pilot(workspace) if is_pilot else bench.runs.model_at(server.url)
        problems = list(bench.runs.acts_done(workspace, model, "shop", None if is_pilot else server.begin))
    return Attempt(what=f"{reader} reads {text[:60]!r}", problem="; ".join(problems) or None)
