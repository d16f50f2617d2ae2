"""A small file that holds far too much is refused in one sentence, before it fills the memory or takes for ever."""

import gzip
import io
import json
import os
import socket
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recmodels.data.reading.formats import read_table
from recmodels.data.reading.limits import MAX_COLUMNS, MAX_DEPTH, MIB_S, SETTING, START_S, TIME_SETTING, Limits
from recmodels.data.reading.nesting import depth
from recmodels.data.reading.parquet_footer import FooterError, read_footer
from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError, LimitError, SetupError

ROWS = pl.DataFrame({"user": [1, 1, 2, 2], "item": ["a", "b", "b", "c"], "rating": [1.0, 2.0, 5.0, 4.0]})


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def parquet(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


def deep(n: int, around: str = '{{"user":1,"item":2,"x":{}}}') -> bytes:
    return around.format("[" * n + "]" * n).encode()


def test_a_small_gzip_file_that_holds_far_too_much_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = written(tmp_path / "bomb.csv.gz", gzip.compress(b"u1,i1\n" * (35 << 20), 1))
    tracemalloc.start()
    with pytest.raises(DataError, match=r"may take 100 times its size in memory, bomb\.csv\.gz has .* MiB"):
        read_table(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 160 << 20


def test_a_file_above_the_setting_is_refused_with_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"user,item\n" + b"".join(b"%d,%d\n" % (n % 300, n % 71) for n in range(40_000))
    plain, packed = written(tmp_path / "a.csv", text), written(tmp_path / "b.csv.gz", gzip.compress(text))
    monkeypatch.setenv(SETTING, "0.0002")
    for path in (plain, packed):
        with pytest.raises(DataError, match=rf"may take .* on this machine, {path.name} takes .*{SETTING}"):
            read_table(path)
    monkeypatch.setenv(SETTING, "0.001")
    assert read_table(plain).frame.equals(read_table(packed).frame)


def test_who_sets_the_size_is_asked_for_no_ratio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Limits.current().max_ratio is not None
    monkeypatch.setenv(SETTING, "0.25")
    Limits.current().check(tmp_path, 200 << 20, 1)
    with pytest.raises(DataError, match="may take"):
        Limits.current().check(tmp_path, 257 << 20, 1 << 30)


@pytest.mark.parametrize("value", ["much", "0", "-1", "nan", "inf"])
def test_a_setting_that_is_no_size_is_said(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, value)
    with pytest.raises(SetupError, match=f"{SETTING} must be a number of GiB above 0"):
        Limits.current()


@pytest.mark.parametrize(
    "frame",
    [
        pl.select(user=pl.repeat(1, 5_000_000, dtype=pl.Int64), item=pl.repeat(1, 5_000_000, dtype=pl.Int64)),
        pl.select(user=pl.repeat("u1", 5_000_000), item=pl.repeat("i1", 5_000_000)),
        pl.DataFrame({"user": [1], "item": [1], "tags": [pl.repeat(7, 10_000_000, dtype=pl.Int64, eager=True)]}),
        pl.DataFrame({"user": ["1"], "item": ["x" * 80_000_000]}),
    ],
    ids=["equal numbers", "equal texts", "a long list", "a long text"],
)
def test_a_small_parquet_file_that_holds_far_too_much_is_refused_from_its_footer(
    frame: pl.DataFrame, tmp_path: Path
) -> None:
    path = written(tmp_path / "bomb.parquet", parquet(frame))
    assert path.stat().st_size < 1 << 19
    tracemalloc.start()
    with pytest.raises(DataError, match=r"may take 100 times its size in memory, bomb\.parquet has"):
        read_table(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 << 20


def test_the_footer_tells_what_a_file_holds() -> None:
    nested = ROWS.with_columns(tags=pl.lit([["a", "b"]]), about=pl.struct(x=pl.struct(y=1)))
    plain = read_footer(parquet(ROWS))
    assert (plain.n_columns, plain.depth) == (3, 1)
    assert 4 * (8 + 16 + 8) <= plain.n_bytes < 1000
    found = read_footer(parquet(nested))
    assert (found.n_columns, found.depth) == (5, 5)


@pytest.mark.parametrize("data", [deep(1000), deep(1000) + b"\n" + deep(1), b"[" * 100_000, b'{"a":' * 100_000])
def test_deep_json_is_refused_at_once(data: bytes, tmp_path: Path) -> None:
    began = time.process_time()
    for content in (data, b"[" + data.replace(b"\n", b",") + b"]"):
        with pytest.raises(DataError, match=rf"values may be nested {MAX_DEPTH} deep, one in .*is nested \d"):
            read_table(written(tmp_path / "deep.json", content))
    assert time.process_time() - began < 5


def test_the_line_that_is_nested_too_deep_is_named(tmp_path: Path) -> None:
    good = b'{"user":1,"item":"[[[[{{{{"}\n' * 3
    with pytest.raises(DataError, match=r"one in line 4 of a\.jsonl is nested 61 deep"):
        read_table(written(tmp_path / "a.jsonl", good + deep(60) + b"\n" + good))


@pytest.mark.parametrize("hidden", [rb"]]]]]]]]", rb"\"]]]]]]]]", rb"\\\"]]]]]]]]", rb"\\"])
def test_brackets_in_texts_hide_no_depth(hidden: bytes, tmp_path: Path) -> None:
    line = b'{"a":"' + hidden * 20 + b'","user":1,"item":2,"x":' + b"[" * 100 + b"]" * 100 + b"}"
    assert json.loads(line)
    assert depth(line) == 101
    with pytest.raises(DataError, match="nested 101 deep"):
        read_table(written(tmp_path / "a.jsonl", b'{"broken":"\n]]]]]]]]]]\n' + line))


def test_closing_brackets_before_it_hide_no_depth() -> None:
    assert depth(b"]" * 300 + b"[" * 100) == 100


JSON = st.recursive(
    st.one_of(st.none(), st.integers(), st.text('[]{}"\\\n,: a', max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text('[]{}"\\a', max_size=3), inner)),
    max_leaves=12,
)


def depth_of(value: Any) -> int:
    if isinstance(value, dict | list):
        return 1 + max(map(depth_of, value.values() if isinstance(value, dict) else value), default=0)
    return 0


@given(JSON, st.sampled_from([None, 1]))
@settings(deadline=None)
def test_the_depth_is_that_of_the_parsed_value(value: Any, indent: int | None) -> None:
    assert depth(json.dumps(value, ensure_ascii=False, indent=indent).encode()) == depth_of(value)


def test_objects_that_share_no_keys_are_refused_before_they_become_a_table(tmp_path: Path) -> None:
    rows = [{"user": n, "item": 1, f"k{n}": 1} for n in range(MAX_COLUMNS + 5)]
    lines = "\n".join(map(json.dumps, rows)).encode()
    for name, data in (("a.json", json.dumps(rows).encode()), ("a.jsonl", lines)):
        with pytest.raises(DataError, match=rf"a table may have {MAX_COLUMNS:,} columns, {name} has 2,00\d"):
            read_table(written(tmp_path / name, data))


def test_a_table_that_is_far_too_wide_is_refused(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(MAX_COLUMNS + 1)]
    text = ",".join(names) + "\n" + ",".join("1" * len(names)) + "\n"
    frame = pl.DataFrame({name: [1] for name in names})
    for path in (
        written(tmp_path / "a.csv", text.encode()),
        written(tmp_path / "a.parquet", parquet(frame)),
    ):
        with pytest.raises(DataError, match=f"a table may have {MAX_COLUMNS:,} columns, {path.name} has 2,001"):
            read_table(path)


def test_fields_without_content_are_refused_before_they_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recmodels.data.reading.limits.MIN_MEMORY_BYTES", 1 << 10)
    text = b"user,item" + b",x" * 98 + b"\n" + (b"1,2" + b"," * 98 + b"\n") * 2000
    path = written(tmp_path / "a.csv", text.replace(b",x" * 98, b"".join(b",c%d" % n for n in range(98))))
    monkeypatch.setenv(SETTING, "0.0019")
    with pytest.raises(LimitError, match=r"may take 2\.9 MiB on this machine, the 2,001 rows of 100 columns of a\.csv"):
        read_table(path)
    monkeypatch.setenv(SETTING, "0.0022")
    assert read_table(path).frame.shape == (2000, 100)


def test_a_large_file_may_take_longer_unless_a_time_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [written(tmp_path / "a", bytes(3 << 20)), tmp_path / "none"]
    assert Limits.current().time_s([]) == START_S
    assert Limits.current().time_s(paths) == START_S + 3 * MIB_S
    assert Limits.current().time_s([tmp_path]) == START_S + 3 * MIB_S  # a folder, by the files in it
    monkeypatch.setenv(TIME_SETTING, "7")
    assert Limits.current().time_s(paths) == 7
    monkeypatch.setenv(TIME_SETTING, "soon")
    with pytest.raises(SetupError, match=f"{TIME_SETTING} must be a number of seconds above 0, got 'soon'"):
        Limits.current()


def test_a_sparse_file_of_terabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.truncate(1 << 42)
    with pytest.raises(DataError, match=r"may take .*, sparse\.csv takes 4,096\.0 GiB or more"):
        read_interactions(path)


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def unix_socket(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(folder)  # whose whole path may be too long for a socket
        server.bind("socket")
    return folder / "socket"


@pytest.mark.parametrize("make", [pipe, unix_socket, lambda _: Path("/dev/zero"), lambda _: Path("/dev/stdin")])
def test_what_is_no_regular_file_is_not_waited_for(
    make: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = make(tmp_path)
    if path.is_file():
        pytest.skip("the standard input is a file here")
    with pytest.raises(DataError, match=r"only regular files can be read, .* is a (pipe|socket|device)"):
        read_interactions(path)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("x" * 5000, "cannot read 'x.*name too long"),
        ("a\0b", "cannot read .*null"),
        ("no/such.csv", "there is no file no/such.csv"),
        ("/proc/self/maps", "maps is empty"),
    ],
)
def test_a_path_that_cannot_be_read_is_one_sentence(path: str, words: str) -> None:
    with pytest.raises(DataError, match=f"(?i){words}"):
        read_interactions(path)


ODD: dict[str, list[Any]] = {
    "lists of lists": [[["a"], ["b"]], [["c"]], [], None],
    "lists of objects": [[{"a": 1}], [], [{"a": 2}], None],
    "lists of bytes": [[b"\xff"], [b"a"], [], None],
    "bytes": [b"\xff", b"a", b"b", None],
    "objects": [{"a": {"b": [1]}}, {"a": {"b": []}}, None, None],
    "lists of dates": [[date(2024, 1, 1)], [], None, [None]],
    "decimals": [Decimal("1.50"), Decimal(2), None, Decimal(7)],
    "durations": [timedelta(1), timedelta(2), None, timedelta(3)],
    "moments": [datetime(2024, 1, 1), datetime(1, 1, 1), None, datetime(9999, 12, 31)],
    "dates": [date(1, 1, 1), date(9999, 12, 31), None, date(2024, 1, 1)],
    "nothing": [None, None, None, None],
    "bools": [True, False, None, True],
}


@pytest.mark.parametrize("role", ["other", "user", "item", "rating", "timestamp", "order", "split"])
@pytest.mark.parametrize("kind", ODD)
def test_parquet_columns_of_any_type_are_read_or_refused_in_one_sentence(kind: str, role: str, tmp_path: Path) -> None:
    frame = ROWS.with_columns(pl.Series(role, ODD[kind]))
    path = written(tmp_path / "odd.parquet", parquet(frame))
    try:
        assert len(read_interactions(path))
    except DataError as error:
        assert "\n" not in str(error)
        assert role != "other"


@cache
def archives() -> tuple[tuple[str, bytes], ...]:
    csv = ROWS.write_csv().encode()
    lines = ROWS.write_ndjson().encode()
    odd = ROWS.with_columns(tags=pl.lit([["a"]]), when=pl.lit(datetime(2024, 1, 1)), about=pl.struct(x=1))
    return (
        ("a.csv.gz", gzip.compress(csv, mtime=0)),
        ("a.csv.gz", gzip.compress(csv, mtime=0) + gzip.compress(csv, mtime=0)),
        ("a.jsonl.gz", gzip.compress(lines, mtime=0)),
        ("a.parquet.gz", gzip.compress(parquet(ROWS), mtime=0)),
        ("a.parquet", parquet(ROWS)),
        ("a.parquet", parquet(odd)),
    )


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    name, data = draw(st.sampled_from(archives()))
    if draw(st.booleans()):
        return name, data[: draw(st.integers(0, len(data)))]
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 3))):
        near_end = st.integers(max(0, len(data) - 400), len(data) - 1)  # where a Parquet file has its footer
        at = draw(st.one_of(st.integers(0, len(data) - 1), near_end))
        changed[at] = draw(st.integers(0, 255))
    return name, bytes(changed)


@given(case=damaged())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_archive_is_read_or_refused_in_one_sentence(case: tuple[str, bytes], tmp_path: Path) -> None:
    name, data = case
    try:
        assert len(read_interactions(written(tmp_path / name, data)))
    except DataError as error:
        assert "\n" not in str(error)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_footer_or_none(data: bytes) -> None:
    try:
        read_footer(b"PAR1" + data + len(data).to_bytes(4, "little") + b"PAR1")
    except FooterError:
        return
