"""Reading in a process of its own: whatever that process does, what waits for it goes on with one sentence."""

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl
import psutil
import pytest

from recmodels.data.catalogue import Catalogue
from recmodels.data.reading.apart import COMMAND, WarmReader, read_apart
from recmodels.data.reading.job import ReadJob, Summary
from recmodels.data.reading.limits import SETTING, TIME_SETTING
from recmodels.data.reading.worker import answer
from recmodels.data.reading.writing import read_here
from recmodels.errors import AmbiguousColumns, ContentError, DataError, LimitError, ReadingStopped, SetupError

CSV = "user,item,rating,ts\n" + "".join(f"{n % 7},{n % 5},{n % 3},{1_700_000_000 + n}\n" for n in range(40))
FOREVER = "import time; time.sleep(1000)"
SMALL = 1 << 28  # bytes that a worker of a test may take


def python(code: str) -> tuple[str, ...]:
    """A worker that does this with the job."""
    return (sys.executable, "-P", "-S", "-c", f"import json, os, sys\ntold = json.loads(sys.stdin.readline())\n{code}")


def answering(answer: object) -> tuple[str, ...]:
    return python(f"json.dump({answer!r}, sys.stdout)")


@pytest.fixture
def read(write, tmp_path: Path) -> Callable[..., Summary]:
    """Read a small file with this worker."""
    job = ReadJob(path=write("shop.csv", CSV), name="shop")
    return lambda command, **rest: read_apart(job, tmp_path, command=command, **rest)


def test_the_same_comes_of_a_file_read_apart_as_of_one_read_here(write, tmp_path: Path) -> None:
    path = write("shop.csv", CSV)
    write("items.csv", "item,title\n" + "".join(f"{n},The book {n}\n" for n in range(5)))
    apart, here = (Catalogue(tmp_path / name, **given) for name, given in (("a", {}), ("b", {"read": read_here})))

    one, other = (found.add(path, columns={"weight": "rating"}) for found in (apart, here))

    assert {**one.summary(), "folder": ""} == {**other.summary(), "folder": ""}
    assert one.load().fingerprint() == other.load().fingerprint()
    assert one.load().item_texts() == [f"The book {n}" for n in range(5)]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["shop"]


def test_what_cannot_be_used_is_told_as_if_it_were_read_here(write, tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "datasets")
    with pytest.raises(AmbiguousColumns, match=r"which column of x\.csv is the user, `user_id` or `userid`\?") as asked:
        catalogue.add(write("x.csv", "user_id,userid,item\n1,2,3\n1,2,4\n"))
    assert asked.value.candidates == ("user_id", "userid")
    with pytest.raises(ContentError, match=r"column 'rating' must hold a number, it is 'good' in line 2 of y\.csv"):
        catalogue.add(write("y.csv", "user,item,rating\n1,2,good\n1,3,4\n"))
    assert not [*(tmp_path / "datasets").iterdir()]


def test_a_process_that_takes_too_much_memory_is_told_from_one_that_breaks(read) -> None:
    confined = f"from recmodels.data.reading.worker import confine; confine({SMALL})"
    greedy = f"sys.path[:0] = {sys.path!r}\n{confined}\ntry:\n x = bytes({2 * SMALL})\nexcept MemoryError:\n os.abort()"
    for command in (
        python(greedy),
        python("sys.stderr.write('memory allocation of 5592432 bytes failed'); sys.exit(1)"),
        python("os.kill(os.getpid(), 9)"),
        answering({"out_of_memory": True}),
    ):
        with pytest.raises(
            LimitError, match=rf"may take .* GiB of memory, shop\.csv takes more; .*Set {SETTING} above"
        ):
            read(command)
    with pytest.raises(LimitError, match=r"shop\.csv cannot be read: the process that read it died \(SIGSEGV\)"):
        read(python("os.kill(os.getpid(), 11)"))


def test_memory_is_looked_at_where_the_system_keeps_no_bound(read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recmodels.data.reading.limits.MIN_MEMORY_BYTES", 1 << 20)
    monkeypatch.setenv(SETTING, "0.00001")
    with pytest.raises(LimitError, match="takes more; nothing was added"):
        read(python(FOREVER))


@pytest.mark.parametrize("code", ["", 'print(\'{"summary": {"prof\')', "print('[1]')", "sys.exit(3)"])
def test_a_process_without_an_answer_is_one_sentence(code: str, read) -> None:
    with pytest.raises(LimitError, match=r"shop\.csv cannot be read: the process that read it died"):
        read(python(code))


def test_a_bug_in_reading_is_one_sentence_and_its_traceback_is_in_the_log(read, caplog) -> None:
    caplog.set_level("DEBUG")
    with pytest.raises(ContentError, match=r"^shop\.csv cannot be read: ValueError: no$"):
        read(answering({"crashed": "Traceback:\n  line 7\nValueError: no\n"}))
    assert "line 7" in caplog.text


FULL = "parquet: File out of specification: underlying IO error: No space left on device (os error 28)"


def test_a_full_disk_is_told_as_one_however_a_library_says_it(
    read, write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise pl.exceptions.ComputeError(FULL)

    (tmp_path / "to").mkdir()
    job = ReadJob(path=write("shop.csv", CSV), name="shop")
    monkeypatch.setattr(pl.DataFrame, "write_parquet", fails)
    with pytest.raises(SetupError, match=r"the disk is full.*free space"):
        read_here(job, tmp_path / "to")
    monkeypatch.setattr("recmodels.data.reading.worker.read_into", fails)
    told = answer(job, tmp_path / "to")
    assert told["refused"] == "SetupError" and "the disk is full" in told["message"]
    with pytest.raises(SetupError, match="the disk is full"):  # of the answer's own file
        read(python("os._exit(74)"))


def test_the_kind_of_a_refusal_survives(read) -> None:
    for kind in (LimitError, ContentError, SetupError):
        with pytest.raises(kind, match=r"^so it is$"):
            read(answering({"refused": kind.__name__, "message": "so it is"}))


def test_reading_that_takes_too_long_is_ended_with_the_setting(read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TIME_SETTING, "0.05")
    for code, wall_times in ((FOREVER, 1.0), ("while True: pass", 1e9)):
        monkeypatch.setattr("recmodels.data.reading.apart.WALL_TIMES", wall_times)
        with pytest.raises(
            LimitError, match=rf"may take 0 s of a processor and was not done by then; .*{TIME_SETTING}"
        ):
            read(python(code))


def test_reading_can_be_stopped_and_leaves_nothing(write, tmp_path: Path) -> None:
    def read(job: ReadJob, folder: Path, is_stopped: Callable[[], bool]) -> Summary:
        (folder / "interactions.parquet").write_text("half of it")
        return read_apart(job, folder, is_stopped, command=python(FOREVER))

    asked = iter([False, True])
    with pytest.raises(ReadingStopped, match=r"reading shop\.csv was stopped; nothing was added"):
        Catalogue(tmp_path / "datasets", read=read).add(write("shop.csv", CSV), is_stopped=partial(next, asked))
    assert not [*(tmp_path / "datasets").iterdir()]


def test_whoever_waits_and_is_interrupted_leaves_no_process(read, tmp_path: Path) -> None:
    def interrupted() -> bool:
        raise KeyboardInterrupt

    code = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n{FOREVER}"
    while not (tmp_path / "pid").exists():
        with pytest.raises(KeyboardInterrupt):
            read(python(code), is_stopped=interrupted)
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text() or 0) or 1 << 22)


def test_a_warm_reader_has_a_process_waiting_and_needs_none(write, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    summary = Summary(profile={}, description="", fingerprint="").to_json()
    (*start, code) = answering({"summary": summary})
    command = (*start, f"open({str(begun)!r}, 'a').write('.')\n{code}")
    reader, job = WarmReader(command), ReadJob(path=write("shop.csv", CSV), name="shop")
    reader(job, tmp_path)
    others = children()  # of what other tests left running
    assert begun.read_text() == "."  # of a cold one, none waits
    reader.warm_up()
    reader.warm_up()
    waiting = children()
    assert len(waiting) == len(others) + 1
    reader(job, tmp_path)
    assert len(children()) == len(others) + 1 and children() != waiting
    (killed,) = [one for one in children() if one not in others]
    killed.kill()
    while killed.status() != psutil.STATUS_ZOMBIE:
        pass
    reader(job, tmp_path)  # in spite of it
    reader.close()
    assert children() == others
    reader(job, tmp_path)
    assert children() == others


def children() -> list[psutil.Process]:
    return psutil.Process().children()


def test_ctrl_c_reaches_the_process_too(read) -> None:
    with pytest.raises(ReadingStopped):
        read(python("import signal; signal.signal(2, signal.SIG_DFL); os.kill(os.getpid(), 2)"))


def test_a_process_whose_parent_is_gone_ends() -> None:
    code = (
        "import time; from recmodels.data.reading import worker as w; w.answer = lambda *_: time.sleep(1000); w.main()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        job = ReadJob(path=Path("x.csv"), name="x").to_json() | {"folder": "."}
        worker.communicate(json.dumps(job).encode() + b"\n", timeout=120)  # closes the pipe
        assert worker.returncode == 1


def test_no_secret_of_ours_is_passed_on(read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECPILOT_LLM_API_KEY", "sk-secret")
    monkeypatch.setenv(SETTING, "0.5")
    say = "{'refused': 'LimitError', 'message': ' '.join(sorted(os.environ))}"
    with pytest.raises(LimitError) as told:
        read(python(f"json.dump({say}, sys.stdout)"))
    assert SETTING in str(told.value)
    assert "API_KEY" not in str(told.value)


@pytest.mark.parametrize("columns", [None, {"user": "who"}])
def test_a_job_and_its_answer_survive_the_pipe(columns: dict[str, str] | None, tmp_path: Path) -> None:
    rules = ({"where": ["state=paid"]},)
    job = ReadJob(path=tmp_path / "ü.csv", name="x", columns=columns, users_path=tmp_path, rules=rules)
    assert ReadJob.from_json(json.loads(json.dumps(job.to_json()))) == job
    summary = Summary(profile={"n": 1.5}, description="d", fingerprint="f", columns={"user": "ü"}, notes=("a", "b"))
    assert Summary.from_json(json.loads(json.dumps(summary.to_json()))) == summary


def test_the_worker_of_the_product_is_this_python(write) -> None:
    assert COMMAND[0] == sys.executable
    with pytest.raises(DataError, match="there is no file"):
        read_apart(ReadJob(path=Path("no/such.csv"), name="x"), Path())
