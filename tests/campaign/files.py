"""Malformed data files: good files of every format, changed by chance, added as a dataset.

A file is added, or refused in one sentence; nothing else may come of it: no traceback, no death of the process that
reads, no more than 20 s of a processor, no end by the clock. What was added can be read again and described.
"""

import gzip
import io
import json
import logging
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from recmodels.data.catalogue import Catalogue, Reads
from recmodels.data.reading.apart import read_apart
from recmodels.data.reading.limits import TIME_SETTING
from recmodels.errors import DataError
from tests.campaign import Attempt
from tests.campaign.made import MAKERS, Made, Maker, events

SLOW_S = 20.0  # of a processor, by this process and the reader
READING = "recmodels.data.reading.apart"  # whose log tells of a reader that broke or died
Mutation = Callable[[random.Random, bytes], bytes]

PIECES = (
    *(b",", b"\t", b";", b"|", b"::", b":", b"\n", b"\r", b"\r\n", b"\n\n", b'"', b"'", b"\\", b" ", b"\0", b"\x1a"),
    *(b"{", b"}", b"[", b"]", b"null", b"true", b"{}", b"[]", b'{"a":1}', b"[[1]]", b'"', b'""', b"\\u0000", b"\\ud800"),  # noqa: E501
    *(b"nan", b"inf", b"-", b"-1", b"1e999", b"9" * 40, b"0x10", b"1_000", b"1.5.2", b"\xd9\xa3", b"007", b"-0"),
    *(b"user", b"item", b"user_id", b"item_id", b"rating", b"timestamp", b"user_id:token", b"=1+1", b"../../x"),
    *(b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\x1b[31m", b"\x1f\x8b"),
    *(b"2024-13-45", b"1970-01-01", b"9999-12-31T23:59:59Z", b"x" * 5000, b"[" * 60, b'{"a":' * 60, b"PAR1", b"PK\3\4"),
)  # fmt: skip


def rows(rng: random.Random, n: int = 60) -> list[dict[str, object]]:
    """A small shop."""
    return [
        {
            "user_id": rng.randrange(9),
            "item_id": f"i{rng.randrange(12)}",
            "rating": rng.randrange(1, 6),
            "timestamp": 1_700_000_000 + n,
            "title": rng.choice(("The Sea", "A Day, once", "Größe", "three\nlines", 'a "b"')),
        }
        for n in range(n)
    ]


def good_files(rng: random.Random) -> dict[str, bytes]:
    """name → content, one of each format."""
    found = rows(rng)
    frame = pl.DataFrame(found)
    plain = frame.select("user_id", "item_id", "rating", "timestamp")
    file, odd, lines = io.BytesIO(), io.BytesIO(), [json.dumps(row) for row in found]
    frame.write_parquet(file)
    nested = frame.with_columns(tags=pl.lit([["a"], ["b"]]), about=pl.struct(x=1), many=pl.lit([1, 2]))
    nested.write_parquet(odd, row_group_size=20, compression="snappy")
    answers = [
        {"instruction": "Answer.", "input": told, "output": rng.choice(("Yes.", "No."))}
        for told in (f'User Preference: "A", "B{n}"\nUser Unpreference: "C"\nWill they like "D{n}"?' for n in range(9))
    ]
    return {
        "a.csv": frame.write_csv().encode(),
        "b.tsv": plain.write_csv(separator="\t").encode(),
        "c.csv": plain.write_csv(separator=";", include_header=False).encode(),
        "d.jsonl": "\n".join(lines).encode(),
        "e.json": json.dumps(found).encode(),
        "f.parquet": file.getvalue(),
        "g.parquet": odd.getvalue(),
        "h.csv.gz": gzip.compress(frame.write_csv().encode(), mtime=0),
        "i.jsonl.gz": gzip.compress("\n".join(lines).encode(), mtime=0),
        "ratings.dat": "\n".join("::".join(map(str, row)) for row in plain.iter_rows()).encode(),
        "sequences.txt": "\n".join(f"{n} {' '.join(str(n * k % 17) for k in range(1, 9))}" for n in range(20)).encode(),
        "k.inter": b"user_id:token\titem_id:token\trating:float\n" + b"1\t2\t3\n1\t4\t5\n2\t2\t1\n" * 5,
        "l.json": json.dumps({str(n): [n % 3, n % 5] for n in range(20)}).encode(),
        "train.json": json.dumps(answers).encode(),
        "m.csv": frame.write_csv().encode("utf-16"),
    } | {f"{maker.__name__.strip('_')}-{made.name}": made.data for maker, made in _made(rng)}


def _made(rng: random.Random) -> Iterator[tuple[Maker, Made]]:
    """A file of each layout that public datasets have."""
    known = events(rng)
    return ((maker, maker(rng, known)) for maker in MAKERS)


def _cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _without_a_part(rng: random.Random, data: bytes) -> bytes:
    begin, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:begin] + data[min(end, begin + rng.choice((1, 2, 10, 1000))) :]


def _flipped(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 2, 5, 50)) if data else 0):
        near_end = rng.random() < 0.3  # where Parquet has its footer
        at = rng.randrange(max(0, len(data) - 300) if near_end else 0, len(data))
        changed[at] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _with_a_piece(rng: random.Random, data: bytes) -> bytes:
    at = rng.choice((0, len(data), rng.randrange(len(data) + 1)))
    return data[:at] + rng.choice(PIECES) * rng.choice((1, 1, 1, 3, 2000)) + data[at:]


def _with_a_piece_for_another(rng: random.Random, data: bytes) -> bytes:
    old, new = rng.choice((*PIECES[:24], *(b"%d" % n for n in range(10)))), rng.choice(PIECES)
    return data.replace(old, new, rng.choice((1, 3, -1)))[: 1 << 22]


def _with_lines_moved(rng: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    for _ in range(rng.choice((1, 3, 30))):
        lines.insert(rng.randrange(len(lines) + 1), lines.pop(rng.randrange(len(lines))))
    return b"\n".join(lines)


def _with_a_line_again(rng: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    return b"\n".join([*lines[:at], *lines[at : at + 1] * rng.choice((2, 100, 3000)), *lines[at:]])[: 1 << 22]


def _on_one_line(rng: random.Random, data: bytes) -> bytes:
    return data.replace(b"\n", rng.choice((b"", b" ", b"\r", b"\0", b",")))


def _nested(rng: random.Random, data: bytes) -> bytes:
    n, at = rng.choice((10, 49, 51, 400, 1000, 20_000)), rng.randrange(len(data) + 1)
    begin, end = rng.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return data[:at] + begin * n + b"1" + end * n + data[at:]


def _in_other_letters(rng: random.Random, data: bytes) -> bytes:
    text = data.decode(errors="ignore")
    return text.encode(rng.choice(("utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-7")), errors="ignore")


def _packed(rng: random.Random, data: bytes) -> bytes:
    once = gzip.compress(data, mtime=0)
    return rng.choice((once, once * 2, gzip.compress(once, mtime=0), once + data, once[:-8]))


def _wide(rng: random.Random, data: bytes) -> bytes:
    lines, n = data.split(b"\n"), rng.choice((1, 30, 500, 1990, 2100))
    return b"\n".join(line + rng.choice((b",", b"\t", b",1")) * n for line in lines)[: 1 << 22]


MUTATIONS: tuple[Mutation, ...] = (
    *(_cut, _without_a_part, _flipped, _flipped, _with_a_piece, _with_a_piece, _with_a_piece_for_another),
    *(_with_a_piece_for_another, _with_lines_moved, _with_a_line_again, _on_one_line, _nested, _in_other_letters),
    *(_packed, _wide),
)  # fmt: skip


def malformed(seed: int) -> Iterator[tuple[str, bytes, str]]:
    """Name, content, and what was done to it."""
    rng = random.Random(seed)  # noqa: S311  # the same files for the same seed
    while True:
        name, data = rng.choice([*good_files(rng).items()])
        changes = [rng.choice(MUTATIONS) for _ in range(rng.choice((1, 1, 2, 3)))]
        for change in changes:
            data = change(rng, data)
        yield name, data, f"{name} {', '.join(change.__name__.strip('_') for change in changes)}"


def attempts(seed: int, folder: Path) -> Iterator[Attempt]:
    """Each file read in a process of its own, as in use."""
    return tried(seed, folder, read_apart)


def tried(seed: int, folder: Path, read: Reads) -> Iterator[Attempt]:
    """What comes of each malformed file, read by `read`."""
    for name, data, what in malformed(seed):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            path = Path(place, name)
            path.write_bytes(data)
            yield Attempt(
                what=what, problem=_problem(Catalogue(Path(place, "datasets"), read=read), path), kept=(path,)
            )


def _problem(catalogue: Catalogue, path: Path) -> str | None:
    began = _used_s()
    broken, log = _Broken(), logging.getLogger(READING)
    level = log.level
    log.addHandler(broken)
    log.setLevel(logging.DEBUG)
    try:
        stored = catalogue.add(path, name="x")
        json.dumps(stored.summary())
        if not len(stored.load()):
            return "it was added without rows"
        problem = None
    except DataError as error:
        problem = _fault_of(str(error))
        if problem is None and list(path.parent.glob("datasets/*")):
            problem = "it was refused and left something behind"
    except Exception as error:  # noqa: BLE001 - it is what is looked for
        problem = f"a traceback: {type(error).__name__}: {str(error)[:200]}"
    finally:
        log.removeHandler(broken)
        log.setLevel(level)
    took = _used_s() - began
    if broken.said:
        return f"the reader broke: {broken.said[:300]}"
    return problem or (f"it took {took:.0f} s" if took > SLOW_S else None)


def _fault_of(sentence: str) -> str | None:
    if "\n" in sentence or len(sentence) > 600:
        return f"it was refused in more than a sentence: {sentence[:200]!r}"
    return "it was ended by the clock" if TIME_SETTING in sentence else None


def _used_s() -> float:
    """Seconds of a processor that this process and those that it has seen end have taken."""
    return sum(os.times()[:4])


class _Broken(logging.Handler):
    """Keeps the last line of what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.said = " … ".join(record.getMessage().strip().splitlines()[-4:])
