"""A memory in a folder while processes are killed, share it, or find it broken; and what stands behind a URL."""

import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from memory.embedding import HashingEmbedder
from memory.errors import DamagedError, UserError
from memory.record import Lesson, TrialRecord
from memory.store import TrialMemory

if TYPE_CHECKING:
    from conftest import Processes

Make = Callable[..., TrialRecord]
SCRIPT = """
from memory.embedding import HashingEmbedder
from memory.record import Lesson, TrialRecord
from memory.store import TrialMemory
memory = TrialMemory(folder, HashingEmbedder())
def lesson(n): return Lesson(id=f"lesson/{n}", text=f"number {n} is {n * n}", source="user")
"""
STREAM = (
    SCRIPT
    + """
for n in range(first, 1_000_000, step):
    memory.remember(*(lesson(i) for i in range(n, n + step)))
    pipe.send(n + step)
"""
)
REBUILD = (
    SCRIPT
    + """
class Slow(HashingEmbedder):
    def embed(self, texts):
        pipe.send("embedding")
        return super().embed(texts)
TrialMemory(folder, Slow()).rebuild(lesson(n) for n in range(100_000, 130_000))
"""
)
HALF_WRITTEN = """
import sqlite3
connection = sqlite3.connect(f"{folder}/chroma.sqlite3", isolation_level=None)
connection.execute("PRAGMA cache_size = 1")  # so that pages reach the file before the end of the transaction
connection.execute("BEGIN")
connection.execute("CREATE TABLE half AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9999) "
                   "SELECT i, hex(randomblob(99)) AS text FROM n")
connection.execute("UPDATE embeddings_queue SET metadata = hex(randomblob(9999))")
connection.execute("UPDATE embedding_metadata SET string_value = hex(randomblob(9999))")
pipe.send("written")
pipe.recv()
"""
SHARE = (
    SCRIPT
    + """
for n in range(first, first + 40):
    memory.remember(lesson(n))
    assert memory.recall(f"number {n} is {n * n}", k=1)[0].record == lesson(n)
"""
)


def lesson(n: int) -> Lesson:
    return Lesson(id=f"lesson/{n}", text=f"number {n} is {n * n}", source="user")


def assert_whole(memory: TrialMemory, n: int) -> None:
    """The first `n` lessons are there, once each, and found by their words."""
    kept = {record.id for record in memory.records()}
    assert {f"lesson/{i}" for i in range(n)} <= kept
    assert memory.stats()["lesson"] == len(kept)
    for i in {*range(0, n, max(1, n // 20)), *range(max(0, n - 5), n)}:
        assert memory.recall(lesson(i).text, k=1)[0].record == lesson(i)


@pytest.mark.parametrize("step", [1, 300])  # Chroma writes its index to the disk after every 1,000
def test_nothing_is_lost_or_doubled_by_kill_9_in_a_stream_of_writes(
    tmp_path: Path, step: int, processes: "Processes"
) -> None:
    done = 0
    for delay in (0.0, 0.05, 0.3):
        writer, pipe = processes.start(STREAM, folder=tmp_path / "memory", first=done, step=step)
        done = pipe.recv()
        time.sleep(delay)
        writer.kill()
        writer.join()
        with suppress(EOFError):
            while True:
                done = pipe.recv()
        memory = TrialMemory(tmp_path / "memory", HashingEmbedder())
        assert_whole(memory, done)
        memory.close()
    memory.remember(*(lesson(n) for n in range(done)))
    assert_whole(memory, done)
    memory.close()


def test_kill_9_in_a_rebuild_leaves_the_old_memory_whole(
    folder_memory: TrialMemory, tmp_path: Path, processes: "Processes"
) -> None:
    folder_memory.remember(*(lesson(n) for n in range(20)))
    for batches in (1, 3):
        rebuild, pipe = processes.start(REBUILD, folder=tmp_path / "memory")
        for _ in range(batches):
            assert pipe.recv() == "embedding"
        rebuild.kill()
        rebuild.join()
        assert_whole(folder_memory, 20)
        assert folder_memory.stats()["lesson"] == 20
    folder_memory.rebuild([lesson(20)])
    assert_whole(folder_memory, 21)


def test_what_a_killed_process_left_half_written_is_rolled_back(
    folder_memory: TrialMemory, tmp_path: Path, processes: "Processes"
) -> None:
    folder_memory.remember(*(lesson(n) for n in range(20)))
    folder_memory.close()
    writer, pipe = processes.start(HALF_WRITTEN, folder=tmp_path / "memory")
    assert pipe.recv() == "written"
    writer.kill()
    writer.join()
    assert (tmp_path / "memory/chroma.sqlite3-journal").stat().st_size
    assert_whole(folder_memory, 20)
    assert not (tmp_path / "memory/chroma.sqlite3-journal").exists()


def test_two_processes_write_one_folder_and_lose_nothing(tmp_path: Path, processes: "Processes") -> None:
    writers = [processes.start(SHARE, folder=tmp_path / "memory", first=first)[0] for first in (0, 40, 80)]
    memory = TrialMemory(tmp_path / "memory", HashingEmbedder())
    seen = []
    while any(writer.is_alive() for writer in writers):
        seen.append(memory.stats()["lesson"])
        time.sleep(0.1)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert seen == sorted(seen) and len(set(seen)) > 0
    assert_whole(memory, 120)
    memory.close()


def test_a_rebuild_by_another_process_is_seen(
    folder_memory: TrialMemory, tmp_path: Path, processes: "Processes"
) -> None:
    folder_memory.remember(lesson(0))
    script = SCRIPT + "memory.rebuild([lesson(1)]); memory.forget('lesson/0')"
    assert processes.run(script, folder=tmp_path / "memory") == 0
    assert [hit.record for hit in folder_memory.recall("number")] == [lesson(1)]


# -- what is broken ---------------------------------------------------------------------------------------------


def garbage(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"no database " * 1000)


def cut_database(folder: Path) -> None:
    database = folder / "chroma.sqlite3"
    database.write_bytes(database.read_bytes()[: database.stat().st_size // 2])


def lost_index(folder: Path) -> None:
    for index in folder.glob("*/index_metadata.pickle"):
        shutil.rmtree(index.parent)


def cut_index(folder: Path) -> None:
    for part in folder.glob("*/index_metadata.pickle"):
        part.write_bytes(part.read_bytes()[:1000])


@pytest.mark.parametrize("damage", [garbage, cut_database, lost_index, cut_index])
def test_a_damaged_memory_is_told_in_one_sentence_and_mended_by_a_rebuild(
    tmp_path: Path, damage: Callable[[Path], None], trial: Make
) -> None:
    folder = tmp_path / "memory"
    memory = TrialMemory(folder, HashingEmbedder(16))
    trials = [trial(n) for n in range(1200)]
    memory.remember(*trials, lesson(0))
    memory.close()
    damage(folder)
    with pytest.raises(
        DamagedError, match=r"damaged \(.*\); `recpilot memory rebuild` writes it again from the ledger$"
    ) as caught:
        memory.recall("sasrec", k=1000)
    assert "\n" not in str(caught.value)
    memory.rebuild(trials)
    assert memory.stats()["trial"] == 1200
    assert len(memory.recall("sasrec", k=1000, kind="trial")) == 1000
    assert bool(list(tmp_path.glob("memory.damaged-*"))) == (damage is not lost_index)
    assert (memory.get("lesson/0") is not None) == (damage in (lost_index, cut_index))
    memory.close()


def test_a_read_only_folder_is_told_in_one_sentence(read_only_folder: Path, embedder: HashingEmbedder) -> None:
    memory = TrialMemory(read_only_folder / "memory", embedder)
    with pytest.raises(UserError, match=r"^the memory in /.*/memory cannot be opened or written: .*Permission denied"):
        memory.remember(lesson(0))
    inside = TrialMemory(read_only_folder, embedder)
    with pytest.raises(UserError, match="Permission denied"):
        inside.recall("x")
    with pytest.raises(UserError, match="Permission denied"):
        inside.rebuild([])
    with pytest.raises(UserError, match="cannot be written: Permission denied"):
        from memory.exchange import write_records

        write_records(read_only_folder / "memory.jsonl", [lesson(0)])


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path, embedder: HashingEmbedder) -> None:
    (tmp_path / "memory").write_text("a file")
    with pytest.raises(UserError, match=r"a file is in the place of the memory's folder .*`recpilot memory rebuild`"):
        TrialMemory(tmp_path / "memory", embedder).stats()


def test_a_failing_export_leaves_the_older_file(folder_memory: TrialMemory, tmp_path: Path) -> None:
    from memory.exchange import write_records

    path = tmp_path / "memory.jsonl"
    folder_memory.remember(lesson(0))
    folder_memory.export(path)
    before = path.read_bytes()

    def broken() -> object:
        yield lesson(1)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        write_records(path, broken())  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["memory", "memory.jsonl"]
    with pytest.raises(UserError, match="cannot be read: No such file"):
        folder_memory.import_(tmp_path / "missing.jsonl")


# -- behind a URL -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["http://", "ftp://host:1", "http://host:port", "http://host:99999", "http://host:1/path"]
)
def test_a_url_that_is_none_is_refused_at_once(url: str, embedder: HashingEmbedder) -> None:
    with pytest.raises(UserError, match=re.escape(f"must read http://host:port, got {url!r}")):
        TrialMemory(url, embedder)


@pytest.mark.parametrize("url", ["http://user:pw-SECRET@host:1", "http://host:1?token=pw-SECRET"])
def test_a_password_in_a_url_is_refused_and_not_shown(url: str, embedder: HashingEmbedder) -> None:
    with pytest.raises(UserError, match="must read http://host:port, got one with more in it") as caught:
        TrialMemory(url, embedder)
    assert "SECRET" not in str(caught.value)


def test_a_dead_server_is_told_in_one_sentence(free_port: int, embedder: HashingEmbedder) -> None:
    memory = TrialMemory(f"http://127.0.0.1:{free_port}", embedder)
    with pytest.raises(UserError, match=rf"no Chroma server answers at http://127.0.0.1:{free_port} \(.*refused\)"):
        memory.remember(lesson(0))


def test_a_silent_server_is_given_up_on(embedder: HashingEmbedder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        memory = TrialMemory(f"http://127.0.0.1:{silent.getsockname()[1]}", embedder)
        start = time.monotonic()
        with pytest.raises(UserError, match="no Chroma server answers"):
            memory.stats()
        assert time.monotonic() - start < 20


def test_a_server_that_dies_and_returns_is_used_again(
    start_chroma: Callable[..., tuple[str, subprocess.Popen[bytes]]], tmp_path: Path, embedder: HashingEmbedder
) -> None:
    url, server = start_chroma(tmp_path / "server")
    memory = TrialMemory(url, embedder)
    memory.remember(lesson(0))
    server.kill()
    server.wait()
    with pytest.raises(UserError, match="no Chroma server answers"):
        memory.recall("number")
    again, server = start_chroma(tmp_path / "server", int(httpx.URL(url).port or 0))
    assert again == url
    assert memory.recall("number")[0].record == lesson(0)
    memory.close()
    server.kill()
    server.wait()


# -- what it leaves alone ---------------------------------------------------------------------------------------


def test_the_memory_is_imported_without_chroma_torch_or_the_rest_of_the_project() -> None:
    script = (
        "import sys, memory.store; "
        "print([n for n in ('chromadb', 'torch', 'transformers', 'agent', 'recmodels', 'ui') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_leaves_the_machine(tmp_path: Path) -> None:
    script = (
        """
import sys; folder = sys.argv[1]
def audit(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"): calls.append(arguments)
    if event == "socket.connect" and arguments[1][0] != "127.0.0.1": calls.append(arguments)
calls = []
sys.addaudithook(audit)
"""
        + SCRIPT
        + """
memory.remember(lesson(0)); memory.recall("number"); memory.rebuild([lesson(1)]); memory.stats()
assert not [name for name in sys.modules if name.startswith("posthog")]
import socket
import sqlite3
assert calls == [], calls
try: socket.create_connection(("192.0.2.1", 9), timeout=0.01)
except OSError: pass
assert calls, "the watch sees nothing"
"""
    )
    command = [sys.executable, "-c", script, str(tmp_path / "memory")]
    assert subprocess.run(command, check=False).returncode == 0


def test_a_damaged_counter_of_writes_stops_nothing(folder_memory: TrialMemory, tmp_path: Path) -> None:
    folder_memory.remember(lesson(0))
    folder_memory.close()
    (tmp_path / "memory" / "writes").write_bytes(b"\xcd\xff")
    again = TrialMemory(tmp_path / "memory", HashingEmbedder())
    assert again.stats()["lesson"] == 1
    again.close()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM collection_metadata", "does not say what is in use"),
        (
            "UPDATE collection_metadata SET int_value = NULL, str_value = 'x' WHERE key = 'generation'",
            "does not say what",
        ),
        ("UPDATE collections SET dimension = 12", "expecting embedding with dimension of 12, got 256"),
    ],
)
def test_a_memory_that_does_not_say_what_it_holds_or_says_what_is_not_so_is_damaged(
    folder_memory: TrialMemory, tmp_path: Path, statement: str, says: str
) -> None:
    folder_memory.remember(lesson(0))
    folder_memory.close()
    with closing(sqlite3.connect(tmp_path / "memory" / "chroma.sqlite3")) as connection, connection:
        connection.execute(statement)
    with pytest.raises(DamagedError, match=f"{says}.*`recpilot memory rebuild`") as caught:
        folder_memory.recall("number")
    assert "\n" not in str(caught.value)
    folder_memory.rebuild([lesson(1)])
    assert folder_memory.recall("number 1 is 1", k=1)[0].record == lesson(1)


def test_what_a_newer_version_says_besides_is_left_aside(folder_memory: TrialMemory, tmp_path: Path) -> None:
    folder_memory.remember(lesson(0))
    folder_memory.close()
    with closing(sqlite3.connect(tmp_path / "memory" / "chroma.sqlite3")) as connection, connection:
        root = connection.execute("SELECT id FROM collections WHERE name = 'recpilot-memory'").fetchone()
        connection.execute(
            "INSERT INTO collection_metadata (collection_id, key, str_value) VALUES (?, 'new', 'x')", root
        )
    assert folder_memory.get("lesson/0") == lesson(0)


def test_sqlite_is_told_once_how_a_large_memory_is_filled(folder_memory: TrialMemory, tmp_path: Path) -> None:
    folder_memory.remember(lesson(0))
    folder_memory.close()

    def told(up_to: int) -> bool:
        with closing(sqlite3.connect(tmp_path / "memory" / "chroma.sqlite3")) as connection, connection:
            row = "INSERT OR REPLACE INTO embeddings (id, segment_id, embedding_id, seq_id) VALUES (?, 'x', ?, x'00')"
            connection.execute(row, (up_to, str(up_to)))
        assert folder_memory.recall("number", kind="lesson")[0].record == lesson(0)
        folder_memory.close()
        with closing(sqlite3.connect(tmp_path / "memory" / "chroma.sqlite3")) as connection:
            n = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone()[0]
        return bool(n) and (tmp_path / "memory" / "analyzed").read_text() == str(up_to)

    assert [told(n) for n in (4_000, 6_000, 20_000, 30_000)] == [False, True, False, True]
    (tmp_path / "memory" / "analyzed").write_text("garbage")
    assert not told(40_000)


def test_a_store_whose_tables_were_emptied_is_damaged_and_can_be_rebuilt(
    folder_memory: TrialMemory, tmp_path: Path
) -> None:
    folder_memory.remember(lesson(0))
    folder_memory.close()
    with closing(sqlite3.connect(tmp_path / "memory" / "chroma.sqlite3")) as connection, connection:
        connection.execute("DELETE FROM segments")
    again = TrialMemory(tmp_path / "memory", HashingEmbedder())
    with suppress(DamagedError):
        again.stats()
    assert again.rebuild([lesson(1)]).counts["lesson"] >= 1
    assert again.recall("number 1 is 1", kind="lesson")
    again.close()
