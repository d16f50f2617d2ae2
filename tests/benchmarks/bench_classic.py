"""Training time and quality of ials and bpr_mf beside `implicit`, the compiled peer, on one thread each.

python tests/benchmarks/bench_classic.py DATASET_FOLDER --peer PYTHON [--split random] [--epochs 20]

DATASET_FOLDER was written by `Interactions.save`; PYTHON is the interpreter of a virtual environment with `implicit`.
Both learn from the same train rows with the same embedding size; both are measured on test by this project's
evaluation with the train rows, and only those, masked and read. The peer's params are chosen by validation among the
few below, ours are those of OURS. Seconds are of the processor, wall seconds beside them.
"""

import argparse
import math
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from recmodels.data.histories import Histories
from recmodels.data.interactions import Interactions
from recmodels.data.split import split
from recmodels.evaluation import evaluate
from recmodels.loop.preparation import DeviceData, data_on, entities_of
from recmodels.models import MODELS
from recmodels.models.base import Entities, RecModel
from recmodels.request import SplitSpec

PEER = """
import sys, time
import numpy as np, scipy.sparse
from implicit.cpu.als import AlternatingLeastSquares
from implicit.cpu.bpr import BayesianPersonalizedRanking
rows = np.load(sys.argv[1])
kind, size, epochs = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
options = dict(item.split("=") for item in sys.argv[6:])
options = {name: float(value) for name, value in options.items()}
matrix = scipy.sparse.csr_matrix(
    (np.ones(len(rows["users"]), np.float32), (rows["users"], rows["items"])), shape=tuple(rows["shape"]))
model = {"ials": AlternatingLeastSquares, "bpr_mf": BayesianPersonalizedRanking}[kind](
    factors=size, iterations=epochs, num_threads=1, random_state=0, **options)
start, cpu = time.perf_counter(), time.process_time()
model.fit(matrix, show_progress=False)
times = [time.perf_counter() - start, time.process_time() - cpu]
np.savez(sys.argv[5], users=model.user_factors, items=model.item_factors, times=times)
"""
PEER_PARAMS: dict[str, tuple[dict[str, float], ...]] = {
    "ials": tuple({"alpha": a, "regularization": r} for a in (1.0, 3.0, 10.0) for r in (10.0, 30.0, 100.0)),
    "bpr_mf": tuple({"learning_rate": lr, "regularization": r} for lr in (0.01, 0.05) for r in (0.01, 0.05)),
}
OURS: dict[str, tuple[tuple[str, dict[str, str | float]], ...]] = {
    "ials": (("ials, its defaults", {}), ("ials, tuned by hand on ml-100k", {"l2": 0.015, "l2_exponent": 0.5})),
    "bpr_mf": (
        ("bpr_mf, its defaults", {}),
        ("bpr_mf, bpr with one negative", {"loss": "bpr", "n_negatives": 1, "batch_size": 8192}),
    ),
}


PEER_EPOCHS = {"ials": 15, "bpr_mf": 100}  # its own defaults


@dataclass(frozen=True, slots=True)
class Found:
    """What one model took and reached."""

    epoch_wall_s: float
    epoch_s: float  # of the processor
    to_goal_s: float  # of the processor, until the peer's validation score
    valid: float  # ndcg@10
    words: str

    def line(self) -> str:
        return (
            f"{self.epoch_s:.3f} s an epoch (wall {self.epoch_wall_s:.3f}), {self.to_goal_s:.1f} s to its score; "
            f"valid {self.valid:.4f}, {self.words}"
        )


class Factors(RecModel):
    """What a peer learned, as a model that can be evaluated."""

    def __init__(self, users: Tensor, items: Tensor) -> None:
        super().__init__({}, Entities(n_users=len(users), n_items=len(items)))
        self._users, self._items = users, items

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        return self._users[users] @ self._items.T


def quality(model: RecModel, data: DeviceData, held_out: Histories) -> dict[str, float]:
    return dict(evaluate(model, data.train, held_out, (10, 20)).metrics)


def ours(
    name: str, params: dict[str, str | float], data: DeviceData, entities: Entities, epochs: int, goal: float
) -> Found:
    """The scores at the best epoch by validation, and the seconds to the first epoch that validates at `goal`."""
    entry = MODELS[name]
    torch.manual_seed(0)
    model = entry.load()(entry.space.check(params), entities)
    wall, processor = time.perf_counter(), time.process_time()
    model.fit(data.train)
    spent, n_epochs, best = np.array([time.perf_counter() - wall, time.process_time() - processor]), 0, (0.0, "")
    to_goal_s = math.inf
    for seconds in each_epoch(model, data.train, epochs):
        spent, n_epochs = spent + seconds, n_epochs + 1
        value = quality(model, data, data.valid)["ndcg@10"]
        if value >= goal:
            to_goal_s = min(to_goal_s, float(spent[1]))
        if value > best[0]:
            best = value, f"best after {n_epochs} epochs: {said(quality(model, data, data.test))}"
    return Found(*(spent / n_epochs), to_goal_s, *best)


def each_epoch(model: RecModel, histories: Histories, epochs: int) -> Iterator[np.ndarray]:
    """Wall and processor seconds of each epoch."""
    generator = torch.Generator().manual_seed(0)
    optimizer = None if model.trains_itself else model.optimizer()
    for _ in range(epochs):
        model.train()
        wall, processor = time.perf_counter(), time.process_time()
        if optimizer is None:
            with torch.no_grad():
                model.train_epoch(histories, generator)
        else:
            for batch in model.batches(histories, generator):
                model(*batch).backward()
                optimizer.step()
                optimizer.zero_grad()
        yield np.array([time.perf_counter() - wall, time.process_time() - processor])


def peers(kind: str, python: Path, data: DeviceData, size: int, folder: Path) -> Found:
    """The same of the peer, for the params with its best validation score; its seconds are those of all epochs."""
    rows, learned, epochs = folder / "rows.npz", folder / "learned.npz", PEER_EPOCHS[kind]
    shape = (data.train.n_users, data.train.n_items)
    np.savez(rows, users=data.train.users, items=data.train.items, shape=shape)
    tried = []
    for params in PEER_PARAMS[kind]:
        options = [f"{name}={value}" for name, value in params.items()]
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        command = [python, "-W", "ignore", "-c", PEER, rows, kind, size, epochs, learned, *options]
        subprocess.run(list(map(str, command)), check=True, env=environment)
        found = np.load(learned)
        model = Factors(torch.from_numpy(found["users"]), torch.from_numpy(found["items"]))
        value, (wall, processor) = quality(model, data, data.valid)["ndcg@10"], found["times"]
        words = f"{options}, {epochs} epochs: {said(quality(model, data, data.test))}"
        tried.append(Found(wall / epochs, processor / epochs, processor, value, words))
    return max(tried, key=lambda found: found.valid)


def said(metrics: dict[str, float]) -> str:
    return ", ".join(f"{name} {metrics[name]:.4f}" for name in ("ndcg@10", "recall@20", "ndcg@20"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path, nargs="?")
    parser.add_argument("--peer", type=Path, help="the interpreter that has implicit")
    parser.add_argument("--split", default="auto")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=20)
    arguments = parser.parse_args()
    if arguments.dataset is None or arguments.peer is None:
        print("not run: it needs a dataset's folder and --peer, an interpreter that has implicit")
        return
    torch.set_num_threads(1)
    interactions = Interactions.load(arguments.dataset)
    data = data_on(interactions, split(interactions, SplitSpec(kind=arguments.split)), torch.device("cpu"))
    print(f"{interactions.name}: {len(data.train)} train rows, d = {arguments.size}, one thread, one seed")
    for kind, variants in OURS.items():
        with tempfile.TemporaryDirectory() as folder:
            peer = peers(kind, arguments.peer, data, arguments.size, Path(folder))
        print(f"implicit {kind}: {peer.line()}", flush=True)
        for words, params in variants:
            entities = entities_of(interactions, MODELS[kind])
            sized = {"embedding_size": arguments.size, **params}
            got = ours(kind, sized, data, entities, arguments.epochs, peer.valid)
            ratios = f"{got.epoch_s / peer.epoch_s:.2f} x an epoch, {got.to_goal_s / peer.to_goal_s:.2f} x to its score"
            print(f"{words}: {got.line()}; {ratios}", flush=True)


if __name__ == "__main__":
    main()
