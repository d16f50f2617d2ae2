"""How quick the memory is with many trials, beside an exact search by one matrix product in numpy.

python tests/benchmarks/bench_memory.py [--trials 20000] [--place FOLDER_OR_URL]
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence

import numpy as np

from memory.embedding import HashingEmbedder, Vectors
from memory.record import TrialRecord
from memory.store import TrialMemory
from memory.summary import summarize

MODELS = ("sasrec", "bpr_mf", "ease", "text_tower", "popularity")
N_DATASETS = 50
DIMENSION = 384  # as MiniLM's
REPEATS = 40


class Known(HashingEmbedder):
    """Embeds a text once: what is left is the search."""

    def __init__(self) -> None:
        super().__init__(DIMENSION)
        self._vectors: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in texts if text not in self._vectors]
        self._vectors |= dict(zip(new, super().embed(new), strict=True))
        return np.stack([self._vectors[text] for text in texts])


def trials(n: int) -> list[TrialRecord]:
    rng = np.random.default_rng(0)
    profiles = [
        {"n_users": 10 ** rng.uniform(2, 6), "n_items": 10 ** rng.uniform(2, 6), "density": 10 ** rng.uniform(-5, -1)}
        | {"n_interactions": 10 ** rng.uniform(4, 8), "history_median": rng.uniform(2, 80), "has_time": 1.0}
        | {"popularity_gini": rng.uniform(0.3, 0.95), "cold_item_share": rng.uniform(0, 0.8)}
        for _ in range(N_DATASETS)
    ]
    found = []
    for number in range(n):
        place = int(rng.integers(N_DATASETS))
        params = {"learning_rate": 10 ** rng.uniform(-5, -1), "dropout": rng.uniform(0, 0.8)}
        found.append(
            TrialRecord(
                id=f"study-{number // 40}/{number % 40}",
                study=f"study-{number // 40}",
                number=number % 40,
                dataset=f"dataset-{place}",
                profile=profiles[place],
                model=MODELS[int(rng.integers(len(MODELS)))],
                params=params,
                state="complete" if rng.random() < 0.9 else "pruned",
                objective="ndcg@10",
                value=float(rng.uniform(0, 0.4)),
                curve=tuple(rng.uniform(0, 0.4, size=20).tolist()),
                metrics={f"valid_{name}@10": float(rng.uniform()) for name in ("ndcg", "recall", "mrr", "coverage")},
            )
        )
    return found


def milliseconds(act: Callable[[int], object]) -> list[tuple[float, float]]:
    """Wall and processor time of each call: on a busy machine the second says more."""
    taken = []
    for repeat in range(REPEATS):
        wall, processor = time.perf_counter(), time.process_time()
        act(repeat)
        taken.append(((time.perf_counter() - wall) * 1e3, (time.process_time() - processor) * 1e3))
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=20_000)
    parser.add_argument("--place", default=None, help="default: a new folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(trials(arguments.trials), arguments.place or folder)


def measure(records: list[TrialRecord], place: str) -> None:
    embedder = Known()
    sentences = [summarize(record) for record in records]
    start = time.perf_counter()
    matrix = embedder.embed(sentences)
    print(f"{len(records)} trials; hashing their sentences took {time.perf_counter() - start:.1f} s")
    memory = TrialMemory(place, embedder)
    start = time.perf_counter()
    memory.remember(*records)
    print(f"remember, embedding excluded: {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    memory.remember(*records)
    print(f"remember again, nothing changed: {time.perf_counter() - start:.1f} s")
    one = milliseconds(lambda i: memory.remember(TrialRecord(**fields(records[i]) | {"id": f"new/{i}", "seed": i})))
    print(f"remember one more: median {statistics.median(wall for wall, _ in one):.1f} ms")
    memory.close()
    start = time.perf_counter()
    memory.recall(sentences[0])
    print(f"first recall after opening: {(time.perf_counter() - start) * 1e3:.0f} ms\n")

    queries = [sentence.replace("reached", "which reached") for sentence in sentences[7 :: len(sentences) // REPEATS]]
    vectors = embedder.embed(queries)
    exact = milliseconds(lambda i: np.argsort(-(matrix @ vectors[i]))[:5])
    base = statistics.median(wall for wall, _ in exact)
    line("numpy, all trials", exact, base)
    fresh = TrialMemory(place, HashingEmbedder(DIMENSION))
    profile, other = records[0].profile, "ease"
    cases: dict[str, Callable[[int], object]] = {
        "words": lambda i: memory.recall(queries[i], kind="trial"),
        "words, embedding included": lambda i: fresh.recall(queries[i], kind="trial"),
        "words, all kinds": lambda i: memory.recall(queries[i]),
        "words, k = 50": lambda i: memory.recall(queries[i], kind="trial", k=50),
        "words, model": lambda i: memory.recall(queries[i], model=MODELS[i % 5]),
        "words that name another model": lambda i: memory.recall("sasrec " * 20 + queries[i], model=other),
        "words, dataset": lambda i: memory.recall(queries[i], kind="trial", dataset=f"dataset-{i}"),
        "words, dataset, model": lambda i: memory.recall(queries[i], dataset=f"dataset-{i}", model=other),
        "words, profile": lambda i: memory.recall(queries[i], kind="trial", profile=profile),
        "words, profile, model": lambda i: memory.recall(queries[i], profile=profile, model=other),
        "profile, model": lambda i: memory.recall(profile=profile, model=other),
        "profile, model, k = 50": lambda i: memory.recall(profile=profile, model=other, k=50),
        "profile": lambda i: memory.recall(kind="trial", profile=profile),
        "dataset": lambda i: memory.recall(kind="trial", dataset=f"dataset-{i}"),
        "one by its id": lambda i: memory.get(records[i * 31].id),
    }
    for name, act in cases.items():
        line(name, milliseconds(act), base)
    fifth = [np.sort(matrix @ vector)[-5] for vector in vectors[:REPEATS]]  # by similarity: many are equally near
    shared = statistics.mean(
        sum(hit.similarity >= least - 1e-5 for hit in memory.recall(query, kind="trial")) / 5
        for query, least in zip(queries, fifth, strict=False)
    )
    print(f"\nof the exact five nearest, recall finds {shared:.1%}")


def fields(record: TrialRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def line(name: str, taken: list[tuple[float, float]], base: float) -> None:
    wall = sorted(wall for wall, _ in taken)
    processor = statistics.median(processor for _, processor in taken)
    median, late = statistics.median(wall), wall[int(0.95 * len(wall))]
    times = f"median {median:7.2f} ms, 95 % {late:7.2f} ms, processor {processor:7.2f} ms"
    print(f"{name:30} {times}; {median / base:5.2f} x numpy")


if __name__ == "__main__":
    main()
