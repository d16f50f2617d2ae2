"""How quick and how large the memory is with up to a million trials, in a folder or on a Chroma server.

python tests/benchmarks/bench_memory.py FOLDER [--trials 20000] [--server] [--seconds 600]

Writes go on where an earlier run in the same folder stopped; results are appended to FOLDER/bench.jsonl.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np

from memory.embedding import HashingEmbedder, Vectors
from memory.histories.files import shipped_like
from memory.record import DatasetRecord, Lesson, TrialRecord, to_dict
from memory.store import TrialMemory
from memory.summary import summarize

MODELS = ("sasrec", "bpr_mf", "ease", "text_tower", "item_knn")
DIMENSION = 384  # as MiniLM's
REPEATS = 40
CHUNK = 5_000  # trials that are made and written at once
EXACT = 100_000  # up to so many trials the exact neighbours are worked out too
Taken = list[tuple[float, float]]  # wall and processor time of each call, ms
OTHER = """
import json, sys
from memory.embedding import HashingEmbedder
from memory.record import from_dict
from memory.store import TrialMemory
memory = TrialMemory(sys.argv[1], HashingEmbedder(384))
memory.remember(from_dict(json.loads(sys.argv[2])))
memory.close()
"""
METRICS = ("ndcg", "recall", "precision", "hit", "mrr", "map", "coverage", "tail_share", "gini", "novelty")


class Timed(HashingEmbedder):
    """Adds up how long it embeds: what is left is the memory's own time."""

    def __init__(self) -> None:
        super().__init__(DIMENSION)
        self.taken_s = self.processor_s = 0.0

    def embed(self, texts: Sequence[str]) -> Vectors:
        wall, processor = time.perf_counter(), time.process_time()
        vectors = super().embed(texts)
        self.taken_s += time.perf_counter() - wall
        self.processor_s += time.process_time() - processor
        return vectors


def profiles(n: int) -> list[dict[str, float]]:
    """Of datasets of every size, rounded as the product rounds them."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(n):
        counts = {name: float(int(10 ** rng.uniform(2, 6))) for name in ("n_users", "n_items", "n_groups")}
        shares = ("popularity_gini", "popularity_top20_share", "cold_item_share", "repeat_rate")
        lengths = ("history_mean", "history_median", "history_p90", "history_max", "time_span_days", "mean_text_words")
        found.append(
            counts
            | {
                "n_interactions": float(int(10 ** rng.uniform(4, 8))),
                "density": float(f"{10 ** rng.uniform(-5, -1):.6g}"),
            }
            | {name: float(f"{rng.uniform(0, 0.95):.6g}") for name in shares}
            | {name: float(f"{10 ** rng.uniform(0, 2):.6g}") for name in lengths}
            | {name: float(rng.integers(2)) for name in ("has_time", "has_order", "has_weights", "has_text")}
        )
    return found


def chunk(number: int, of: Sequence[dict[str, float]]) -> list[TrialRecord]:
    """The same trials each time: few datasets have many trials, most have few."""
    rng = np.random.default_rng(number + 1)
    weights = 1 / np.sqrt(1.0 + np.arange(len(of)))
    datasets = rng.choice(len(of), size=CHUNK, p=weights / weights.sum())
    return [_trial(number * CHUNK + place, int(dataset), of, rng) for place, dataset in enumerate(datasets)]


def _trial(n: int, dataset: int, of: Sequence[dict[str, float]], rng: np.random.Generator) -> TrialRecord:
    return TrialRecord(
        id=f"study-{n // 40}/{n % 40}",
        study=f"study-{n // 40}",
        number=n % 40,
        dataset=f"dataset-{dataset}",
        profile=of[dataset],
        model=MODELS[n // 40 % len(MODELS)],
        params={"learning_rate": 10 ** rng.uniform(-5, -1), "dropout": rng.uniform(0, 0.8), "n_layers": 2},
        state="complete" if rng.random() < 0.9 else "pruned",
        objective="ndcg@10",
        value=float(f"{rng.uniform(0, 0.4):.6g}"),
        curve=tuple(float(f"{value:.6g}") for value in rng.uniform(0, 0.4, size=10)),
        metrics={f"valid_{name}@{k}": float(f"{rng.uniform():.6g}") for name in METRICS for k in (10, 20)},
        cost={"train_s": float(f"{rng.uniform(1, 900):.4g}"), "epochs": 10.0},
        proposer="gp",
    )


@contextmanager
def place_of(folder: Path, on_server: bool) -> Iterator[str]:
    if not on_server:
        yield str(folder / "memory")
        return
    port = 18_765
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder / "memory")]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                httpx.get(f"http://127.0.0.1:{port}/api/v2/heartbeat", timeout=1).raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--trials", type=int, default=20_000)
    parser.add_argument("--datasets", type=int, default=None, help="default: one for each 1,000 trials, at least 50")
    parser.add_argument("--server", action="store_true", help="start a Chroma server on the folder")
    parser.add_argument("--seconds", type=float, default=1e9, help="stop writing after so long; a later run goes on")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    of = profiles(arguments.datasets or max(50, arguments.trials // 1000))
    with place_of(arguments.folder, arguments.server) as place:
        if write(arguments.folder, place, of, arguments.trials, arguments.seconds):
            measure(arguments.folder, place, of, arguments.trials)


def write(folder: Path, place: str, of: Sequence[dict[str, float]], n: int, seconds: float) -> bool:
    """Write what is missing; whether all is there now."""
    memory, began = TrialMemory(place, Timed()), time.monotonic()
    there = memory.stats()["trial"]
    if not there:
        known = [DatasetRecord(id=f"dataset/{i}", name=f"dataset-{i}", profile=profile) for i, profile in enumerate(of)]
        told = [Lesson(id=f"lesson/{i}", text=f"a dropout of {i / 99} held", source="user") for i in range(99)]
        memory.remember(*known, *told)
    for number in range(there // CHUNK, n // CHUNK):
        if time.monotonic() - began > seconds:
            return False
        embedder = Timed()
        memory._embedder = embedder
        records = chunk(number, of)
        wall, processor = time.perf_counter(), time.process_time()
        memory.remember(*records)
        note(
            folder,
            n=(number + 1) * CHUNK,
            written_s=round(time.perf_counter() - wall - embedder.taken_s, 2),
            processor_s=round(time.process_time() - processor - embedder.processor_s, 2),
            megabytes=round(size(folder) / 1e6),
        )
    memory.close()
    return True


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "memory").rglob("*") if path.is_file())


def note(folder: Path, **what: object) -> None:
    with (folder / "bench.jsonl").open("a") as file:
        file.write(json.dumps(what) + "\n")
    print(json.dumps(what), flush=True)


def milliseconds(act: Callable[[int], object], repeats: int = REPEATS) -> Taken:
    """Wall and processor time of each call: on a busy machine the second says more."""
    taken = []
    for repeat in range(repeats):
        wall, processor = time.perf_counter(), time.process_time()
        act(repeat)
        taken.append(((time.perf_counter() - wall) * 1e3, (time.process_time() - processor) * 1e3))
    return taken


def measure(folder: Path, place: str, of: Sequence[dict[str, float]], n: int) -> None:
    records = chunk(0, of)
    queries = [summarize(record).replace("reached", "which reached") for record in records[7 :: CHUNK // REPEATS]]
    rng = np.random.default_rng(9)
    asked = [{k: v * rng.uniform(0.8, 1.2) for k, v in of[i % len(of)].items()} for i in rng.integers(len(of), size=99)]
    seen = TrialMemory(place, HashingEmbedder(DIMENSION))

    def study(i: int, memory: TrialMemory = seen) -> object:
        return memory.recall(kind="trial", model=MODELS[i % 5], profile=asked[i], k=640, each=80)

    def new(i: int) -> TrialRecord:
        return replace(records[i], id=f"new/{time.time_ns()}", dataset="dataset-3", model="ease", profile=of[3])

    def own(i: int) -> None:
        seen.remember(new(i))

    def others(i: int) -> None:
        subprocess.run([sys.executable, "-c", OTHER, place, json.dumps(to_dict(new(i)))], check=True)

    def after(write: Callable[[int], None], repeats: int) -> Taken:
        taken = []
        for i in range(repeats):
            write(i)
            taken += milliseconds(lambda _: seen.recall(kind="trial", model="ease", profile=of[3], k=640, each=80), 1)
        return taken

    def opened(call: Callable[[TrialMemory], object]) -> Taken:
        """Of a process that begins: nothing is open, nothing kept."""
        seen.close()
        fresh = TrialMemory(place, HashingEmbedder(DIMENSION))
        return milliseconds(lambda _: call(fresh), 1)

    def each(call: Callable[[int], object]) -> Callable[[], Taken]:
        return lambda: milliseconds(call)

    recall = seen.recall
    cases: dict[str, Callable[[], Taken]] = {
        "first: what a study asks": lambda: opened(lambda memory: study(0, memory)),
        "first: words": lambda: opened(lambda memory: memory.recall(queries[0])),
        "first: one write": lambda: opened(lambda memory: memory.remember(new(0))),
        "study: past of one model, other data each time": each(study),
        "study: the same again": each(lambda i: study(i % 2)),
        "study: after its own trial": lambda: after(own, REPEATS),
        "study: after another process wrote": lambda: after(others, 5),
        "study: a trial is remembered": each(own),
        "study: shipped histories": each(lambda i: shipped_like("ease", asked[i], 8)),
        "study: lessons by words": each(lambda i: recall(queries[i], kind="lesson", k=10)),
        "chat: words, a dataset": each(lambda i: recall(queries[i], kind="trial", dataset=f"dataset-{i}")),
        "chat: a dataset and a model": each(lambda i: recall(model=MODELS[i % 5], dataset=f"dataset-{i}", k=3)),
        "chat: one by its id": each(lambda i: seen.get(records[i * 31].id)),
        "chat: all lessons": each(lambda i: seen.records("lesson")),
        "search: words": each(lambda i: recall(queries[i])),
        "search: words, a model": each(lambda i: recall(queries[i], model=MODELS[i % 5])),
        "counts": each(lambda i: seen.stats()),
        "datasets alike": each(lambda i: seen.alike(asked[i])),
    }
    for name, act in cases.items():
        taken = act()
        wall = sorted(both[0] for both in taken)
        middle, late = statistics.median(wall), wall[min(len(wall) - 1, int(0.95 * len(wall)))]
        processor = statistics.median(both[1] for both in taken)
        note(folder, trials=n, call=name, p50=round(middle, 1), p95=round(late, 1), processor=round(processor, 1))
    if n <= EXACT:
        note(folder, trials=n, found_of_the_exact_five=round(found_of_exact(seen, of, n, queries), 3))
    seen.close()


def found_of_exact(memory: TrialMemory, of: Sequence[dict[str, float]], n: int, queries: Sequence[str]) -> float:
    """The share of the exact five nearest that recall finds, by similarity: many are equally near."""
    embedder = HashingEmbedder(DIMENSION)
    vectors = embedder.embed(queries)
    least = np.full((len(queries), 5), -1.0)
    for number in range(n // CHUNK):
        near = vectors @ embedder.embed([summarize(record) for record in chunk(number, of)]).T
        least = np.sort(np.concatenate([least, near], axis=1), axis=1)[:, -5:]
    shares = [
        sum(hit.similarity >= fifth - 1e-5 for hit in memory.recall(query, kind="trial")) / 5
        for query, fifth in zip(queries, least[:, 0], strict=True)
    ]
    return float(statistics.mean(shares))


if __name__ == "__main__":
    main()
