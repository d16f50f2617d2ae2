"""How quick a large ratings.csv becomes `Interactions`, and in how much memory, beside a bare `polars.read_csv`.

python tests/benchmarks/bench_reading.py [--rows 25_000_000] [--sorted] [--file PATH] [--threads 2] [--repeats 3]

The file is made up: userId,movieId,rating,timestamp of popular and rare users and items. It is read each time by a
process of its own, whose peak memory (resident set) is the system's count; the seconds are those of the reading alone.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from recmodels.data.reading.read import read_interactions

N_USERS, N_ITEMS, N_ROWS = 160_000, 60_000, 25_000_000
BYTES_A_ROW = 28  # at most
CHUNK = 2_500_000  # rows written at once
GOAL_S, GOAL_BYTES = 12.0, 4 * 2**30  # for N_ROWS


def write_ratings(path: Path, n_rows: int, is_sorted: bool) -> None:
    """Rows in no order, or by user as MovieLens has them."""
    rng = np.random.default_rng(0)
    users = drawn(rng, n_rows, max(n_rows * N_USERS // N_ROWS, 10), 0.6)
    if is_sorted:
        users.sort()
    items = drawn(rng, n_rows, max(min(n_rows * N_ITEMS * 4 // N_ROWS, N_ITEMS), 10), 1.0)
    with path.open("wb") as file:
        for start in range(0, n_rows, CHUNK):
            rows = slice(start, min(start + CHUNK, n_rows))
            n = rows.stop - rows.start
            columns = {
                "userId": users[rows] + 1,
                "movieId": items[rows] * 3 + 1,
                "rating": rng.integers(1, 11, n) / 2,
                "timestamp": rng.integers(8e8, 16e8, n),
            }
            pl.DataFrame(columns).write_csv(file, include_header=start == 0)


def drawn(rng: np.random.Generator, n: int, n_kinds: int, power: float) -> np.ndarray:
    """`n` numbers below `n_kinds`, by a law of Zipf, in no order of popularity."""
    shares = np.cumsum(np.arange(1, n_kinds + 1) ** -power)
    kinds = np.searchsorted(shares, rng.random(n, dtype=np.float32) * shares[-1]).clip(max=n_kinds - 1)
    return rng.permutation(n_kinds)[kinds]


def measured(reader: str, path: Path, n_threads: int) -> dict[str, float]:
    """Seconds, bytes at the peak and what was read, from a process of its own."""
    threads = {name: str(n_threads) for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS")}
    command = [sys.executable, __file__, "--child", reader, "--file", str(path)]
    done = subprocess.run(command, env=os.environ | threads, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def child(reader: str, path: Path) -> dict[str, float]:
    start, processor = time.perf_counter(), time.process_time()
    if reader == "ours":
        interactions = read_interactions(path)
        found = {"rows": len(interactions), "users": interactions.n_users, "items": interactions.n_items}
    else:
        found = {"rows": pl.read_csv(path).height}
    taken = {"seconds": time.perf_counter() - start, "processor": time.process_time() - processor}
    return taken | found | {"bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def measure(path: Path, n_threads: int, repeats: int) -> None:
    runs = {reader: [measured(reader, path, n_threads) for _ in range(repeats)] for reader in ("bare", "ours")}
    middle = {reader: sorted(found, key=lambda run: run["seconds"])[repeats // 2] for reader, found in runs.items()}
    for reader, words in (("bare", "polars.read_csv"), ("ours", "read_interactions")):
        run = middle[reader]
        peak = statistics.median(run["bytes"] for run in runs[reader]) / 2**30
        print(
            f"{words:18} {run['seconds']:6.2f} s (processor {run['processor']:6.2f} s), "
            f"{run['rows'] / run['seconds'] / 1e6:5.2f} million rows a second, peak {peak:.2f} GiB"
        )
    ours = middle["ours"]
    kept = f"{ours['rows']:,.0f} rows, {ours['users']:,.0f} users, {ours['items']:,.0f} items"
    print(f"{ours['seconds'] / middle['bare']['seconds']:.2f} x polars.read_csv; kept {kept}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=N_ROWS // 10)
    parser.add_argument("--sorted", action="store_true", help="the file is sorted by user")
    parser.add_argument("--file", type=Path, help="read this one; made first where it is missing, and kept")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--child", choices=("bare", "ours"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(child(arguments.child, arguments.file)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.file or Path(folder) / "ratings.csv"
        if not path.exists():
            needed, free = arguments.rows * BYTES_A_ROW, shutil.disk_usage(path.parent).free
            if free < needed:
                print(f"not run: {path.parent} has {free / 2**30:.1f} GiB free, the file takes {needed / 2**30:.1f}")
                return
            write_ratings(path, arguments.rows, arguments.sorted)
        order = "by user" if arguments.sorted else "in no order"
        print(f"{path.stat().st_size / 2**20:,.0f} MiB of rows {order}, {arguments.threads} threads; median of runs:")
        measure(path, arguments.threads, arguments.repeats)
    print(f"the goal is {N_ROWS:,} rows in {GOAL_S:.0f} s and {GOAL_BYTES / 2**30:.0f} GiB on two cores")


if __name__ == "__main__":
    main()
