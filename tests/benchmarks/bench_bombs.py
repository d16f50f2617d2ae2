"""Small files that hold far too much, and what is no file: what reading each takes, of the parent and of the reader.

python tests/benchmarks/bench_bombs.py [--only NAME] [--folder FOLDER]

Prints the seconds, those of the processors, the peak memory of both processes, and the sentence that the person reads.
The exit status is 1 if a process died, was ended by the clock, or took more than 20 s of a processor, or if the parent
took more than 300 MiB.
"""

import argparse
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

GIB = 1 << 30
MAX_CPU_S, MAX_PARENT_MIB = 20.0, 300.0
MEASURED = """
import json, resource, sys, time
from pathlib import Path
from recmodels.data.catalogue import Catalogue
from recmodels.errors import UserError
began = time.monotonic()
try:
    said = Catalogue(Path(sys.argv[1])).add(sys.argv[2]).description
except UserError as error:
    said = f"{type(error).__name__}: {error}"
took = time.monotonic() - began
own, other = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
try:  # ru_maxrss counts what the process was begun from
    peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
except OSError:
    peak = own.ru_maxrss / 1024
cpu = own.ru_utime + own.ru_stime + other.ru_utime + other.ru_stime
print(json.dumps({"s": took, "cpu": cpu, "parent": peak, "child": other.ru_maxrss / 1024, "said": said}))
"""


def packed(line: bytes, n_bytes: int) -> Iterator[bytes]:
    """A gzip file of one line again and again."""
    packer, block = zlib.compressobj(9, wbits=31), line * ((1 << 20) // len(line))
    for _ in range(n_bytes // len(block)):
        yield packer.compress(block)
    yield packer.flush()


def zipped(name: str, n_bytes: int) -> bytes:
    """A zip archive of zeros."""
    whole = io.BytesIO()
    with (
        zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as file,
    ):
        for _ in range(n_bytes >> 20):
            file.write(bytes(1 << 20))
    return whole.getvalue()


def parquet(path: Path, columns: dict[str, object]) -> None:
    import polars as pl

    pl.select(**columns).write_parquet(path)


def equal_rows(path: Path) -> None:
    import polars as pl

    parquet(path, {name: pl.repeat(1, 150_000_000, dtype=pl.Int64) for name in ("user", "item")})


def lists(path: Path) -> None:
    import polars as pl

    rows = {"user": [1, 2], "item": [3, 4], "tags": [[["a"], ["b"]], [["c"]]]}
    pl.DataFrame(rows).write_parquet(path)


def table(n_columns: int, n_rows: int, cell: str = "1") -> bytes:
    names = ["user", "item", *(f"c{n}" for n in range(n_columns - 2))]
    rows = (f"{n % 50},{n % 30}" + f",{cell}" * (n_columns - 2) for n in range(n_rows))
    return "\n".join([",".join(names), *rows]).encode()


def deep(n: int, around: str = '{{"user":1,"item":2,"x":{}}}\n') -> bytes:
    return around.format("[" * n + "]" * n).encode()


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(30 * GIB)


def bombs() -> dict[str, tuple[str, Callable[[Path], object]]]:
    """name → the file's name, and what makes it."""
    text: dict[str, tuple[str, Callable[[], bytes]]] = {
        "zeros, 3 GB in gzip": ("zeros.csv.gz", lambda: b"".join(packed(b"\0", 3 * GIB))),
        "rows, 3 GB in gzip": ("rows.csv.gz", lambda: b"".join(packed(b"u1,i1\n", 3 * GIB))),
        "gzip in gzip": ("twice.csv.gz", lambda: gzip.compress(b"".join(packed(b"u1,i1\n", 3 * GIB)))),
        "zip, 3 GB of zeros": ("bomb.zip", lambda: zipped("ratings.csv", 3 * GIB)),
        "xlsx, 3 GB of zeros": ("bomb.xlsx", lambda: zipped("xl/worksheets/sheet1.xml", 3 * GIB)),
        "JSON lines 1,000 deep": ("deep.jsonl", lambda: deep(1000)),
        "JSON lines 5,000 deep": ("deep.jsonl", lambda: deep(5000)),
        "JSON array 1,000 deep": ("deep.json", lambda: deep(1000, "{}")),
        "JSON array 5,000 deep": ("deep.json", lambda: deep(5000, "{}")),
        "JSON objects 5,000 deep": ("deep.json", lambda: b'{"a":' * 5000 + b"1" + b"}" * 5000),
        "10,000 columns": ("wide.csv", lambda: table(10_000, 10)),
        "100,000 columns": ("wide.csv", lambda: table(100_000, 10)),
        "100,000 keys of JSON": (
            "wide.jsonl",
            lambda: "\n".join(json.dumps({"user": n, "item": n, f"k{n}": 1}) for n in range(100_000)).encode(),
        ),
        "2,000 columns × 5,000 rows": ("wide.csv", lambda: table(2000, 5000)),
        "2,000 columns × 400,000 rows": ("wide.csv", lambda: table(2000, 400_000, cell="")),
        "a line of 1 GB": ("line.csv", lambda: b"user,item\n1," + b"x" * GIB),
        "a quote that never ends": ("quote.csv", lambda: b'user,item\n1,"' + b"1,2\n" * (25 << 20)),
    }
    made: dict[str, tuple[str, Callable[[Path], object]]] = {
        "Parquet, 150 M equal rows": ("equal.parquet", equal_rows),
        "Parquet, lists of lists": ("lists.parquet", lists),
        "a pipe": ("pipe.csv", os.mkfifo),
        "sparse, 30 GB": ("sparse.csv", sparse),
        "a path of 5,000 letters": ("x" * 5000, lambda path: None),
        **{path: (path, lambda path: None) for path in ("/dev/zero", "/dev/random", "/dev/stdin", "/proc/kmsg")},
    }
    return {
        name: (file, lambda path, data=data: path.write_bytes(data())) for name, (file, data) in text.items()
    } | made


def measured(path: Path, folder: Path) -> dict[str, object]:
    """What a parent of its own makes of the file."""
    command = [sys.executable, "-c", MEASURED, str(folder / "datasets"), str(path)]
    # a pipe that nothing comes from, as a terminal's input is; one that is closed would end what reads from it
    reading, writing = os.pipe()
    try:
        run = subprocess.run(command, stdin=reading, capture_output=True, text=True, timeout=1200, check=False)
    finally:
        os.close(reading)
        os.close(writing)
    if run.returncode:
        return {
            "s": 0.0,
            "cpu": 0.0,
            "parent": 0.0,
            "child": 0.0,
            "said": f"PARENT DIED: {run.returncode} {run.stderr[-300:]}",
        }
    found: dict[str, object] = json.loads(run.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", help="a part of a bomb's name")
    parser.add_argument("--folder", type=Path, help="where the files are made; a few GB")
    asked = parser.parse_args()
    is_bad = False
    print(f"{'':32}{'file':>14}{'s':>8}{'cpu s':>8}{'parent':>9}{'reader':>9}  MiB")
    for name, (file, make) in bombs().items():
        if asked.only and not any(part in name for part in asked.only):
            continue
        with tempfile.TemporaryDirectory(dir=asked.folder) as place:
            path = Path(place, file)
            make(path)
            size = path.stat().st_size if len(file) < 255 and path.exists() else 0
            found = measured(path, Path(place))
            s, cpu, parent, child = (float(found[key]) for key in ("s", "cpu", "parent", "child"))  # type: ignore[arg-type]
            said = str(found["said"])
            print(f"{name:32}{size:14,}{s:8.1f}{cpu:8.1f}{parent:9.0f}{child:9.0f}  {said[:200]}", flush=True)
            is_bad |= cpu > MAX_CPU_S or parent > MAX_PARENT_MIB
            is_bad |= any(sign in said for sign in ("died", "DIED", "done by then", "takes more"))
    sys.exit(is_bad)


if __name__ == "__main__":
    main()
