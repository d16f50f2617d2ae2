"""What the commands say of a home folder whose files are damaged: the place, what is kept, and what helps."""

import io
import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy

from agent.proposal import Proposal
from agent.settings import Settings
from agent.studies.ledger import Ledger
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import blank_record
from recmodels.data.catalogue import Catalogue
from recmodels.data.reading.writing import read_here
from ui.cli import main

Cli = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory, write_tiny: Callable[..., Path]) -> Path:
    """A closed home with the dataset `tiny` and the study `first` of three trials, none of which was trained."""
    home = tmp_path_factory.mktemp("planted") / "home"
    settings = Settings(home=home)
    home.mkdir()
    Catalogue(settings.datasets, read=read_here).add(write_tiny(home / "tiny.csv"))
    ledger = Ledger(settings.ledger, settings.checkpoints)
    spec = StudySpec.create(name="first", dataset="tiny", models=["ease"], n_trials=3)
    pages = ledger.create(spec, {"n_users": 60.0})
    for number in range(3):
        proposal = Proposal(number=number, model="ease", params={"l2": 10.0 + number}, proposer="gp", rationale="r")
        pages.start_trial(proposal)
        pages.finish(number, replace(blank_record(spec, {}, number, proposal), state="complete", value=number / 10))
    ledger.close()
    return home


@pytest.fixture
def home(planted: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(planted, tmp_path / "home"))


@pytest.fixture
def cli(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command on the home folder; its status and all that it says."""
    monkeypatch.setenv("RECPILOT_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "160")

    def run(*line: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["recpilot", *line])
        with pytest.raises(SystemExit) as ended:
            main()
            sys.exit(0)
        said = "".join(capsys.readouterr())
        assert "Traceback" not in said
        return int(ended.value.code or 0), said

    return run


def test_a_damaged_ledger_is_named_and_a_backup_takes_its_place(cli: Cli, home: Path) -> None:
    assert "first" in cli("study", "list")[1]  # which makes a backup
    ledger = home / "studies.db"
    ledger.write_bytes(ledger.read_bytes()[:5000])
    status, said = cli("study", "list")
    assert status == 1 and len(said.splitlines()) == 1
    assert f"the ledger {ledger} is damaged" in said and "weights" in said and "`recpilot restore`" in said
    status, said = cli("restore")
    name = backup_of(home).stem
    assert status == 0 and f"{name}  20" in said and "1 study, 3 trials" in said
    status, said = cli("restore", name, "--yes")
    assert status == 0 and f"lies in {ledger}.damaged-1" in said and "1 study, 3 trials" in said
    assert "first" in cli("study", "list")[1]
    ledger.unlink()
    status, said = cli("study", "list")
    assert status == 1 and "is gone or empty" in said, "an empty ledger would hide that"


def test_without_a_backup_a_damaged_ledger_is_one_sentence_too(cli: Cli, home: Path) -> None:
    (home / "studies.db").write_bytes(b"junk" * 2000)
    status, said = cli("study", "list")
    assert status == 1 and len(said.splitlines()) == 1 and "is damaged" in said
    assert "no backups yet" in cli("restore")[1]
    assert cli("restore", "4", "--yes")[0] == 1


def backup_of(home: Path) -> Path:
    (found,) = (home / "backups").glob("studies-*.db")
    return found


def add_study(home: Path, name: str) -> None:
    ledger = Ledger(Settings(home=home).ledger)
    ledger.create(StudySpec.create(name=name, dataset="tiny", models=["ease"]), {})
    ledger.close()


def test_a_restore_tells_what_would_go_and_how_to_have_it_back(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("study", "list")  # which makes a backup
    for name in ("second", "third"):
        add_study(home, name)
    name = backup_of(home).stem
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    status, said = cli("restore", name)
    assert status == 1 and "What is newer than it would go: 2 studies (third, second)." in said, "no one says yes"
    assert len(json.loads(cli("study", "list", "--json")[1])) == 3
    said = cli("restore", f"{name}.db", "--yes")[1]
    assert "What came after is not in it: 2 studies (third, second)." in said
    assert "to put it back: recpilot restore studies.db.replaced-1" in said
    assert "third" not in cli("study", "list")[1]
    assert "studies.db.replaced-1" in cli("restore")[1]
    status, said = cli("restore", "studies.db.replaced-1", "--yes")
    assert status == 0 and "third" in cli("study", "list")[1]


def test_a_damaged_backup_is_marked_and_a_number_is_no_name(cli: Cli, home: Path) -> None:
    cli("study", "list")
    backup = backup_of(home)
    backup.with_name("chats-20260101T000000Z.db").mkdir()
    backup.write_bytes(b"")
    status, said = cli("restore")
    assert status == 0 and "damaged (empty)" in said and "chats-20260101T000000Z.db is called as a backup" in said
    assert '"damaged": "empty"' in cli("restore", "--json")[1]
    status, said = cli("restore", backup.stem, "--yes")
    assert status == 1 and "is damaged (empty)" in said
    status, said = cli("restore", "1", "--yes")
    assert status == 1 and "they have names" in said
    assert "first" in cli("study", "list")[1]


def spoil(home: Path, sql: str) -> None:
    with closing(sqlite3.connect(home / "studies.db")) as connection, connection:
        assert connection.execute(sql).rowcount == 1


@pytest.mark.parametrize("value", ['\'{"state": "comp\'', "'\\xff'", "CAST(X'ff41' AS TEXT)"])
def test_a_trial_with_damaged_text_is_left_out_with_a_word(cli: Cli, home: Path, value: str) -> None:
    sql = "UPDATE trial_user_attributes SET value_json = VALUE WHERE key = 'outcome' AND trial_id = 3"
    spoil(home, sql.replace("VALUE", value))
    status, said = cli("study", "list")
    assert status in (0, 1) and ("trial first/2 cannot be read" in said or "is damaged" in said)


def test_a_study_with_a_damaged_spec_costs_no_traceback(cli: Cli, home: Path) -> None:
    spoil(home, "UPDATE study_user_attributes SET value_json = '{\"name\": \"fir' WHERE key = 'spec'")
    status, said = cli("study", "list")
    assert status == 0 and "study 'first' cannot be read" in said and "`recpilot restore`" in said


def test_one_damaged_dataset_does_not_hide_the_others(cli: Cli, home: Path, caplog: pytest.LogCaptureFixture) -> None:
    (home / "datasets" / "broken").mkdir()
    (home / "datasets" / "broken" / "about.json").write_text("{")
    status, said = cli("data", "list")
    assert status == 0 and "tiny" in said
    assert "the dataset 'broken' in" in said and "`recpilot data remove broken`" in said
    about = home / "datasets" / "tiny" / "about.json"
    before = json.loads(about.read_text())
    about.write_bytes(about.read_bytes()[:50])
    status, said = cli("data", "describe", "tiny", "--json")
    assert status == 0 and "worked out again from its rows" in caplog.text
    assert json.loads(about.read_text())["profile"] == before["profile"]


def test_a_file_in_the_place_of_the_memory_is_one_sentence(cli: Cli, home: Path) -> None:
    memory = home / "memory"
    memory.write_text("a file")
    status, said = cli("memory", "stats")
    assert (
        status == 1
        and len(said.splitlines()) == 1
        and f"a file is in the place of the memory's folder {memory}" in said
    )


def test_a_damaged_file_of_chats_is_one_sentence(tmp_path: Path) -> None:
    from agent.chat.chats import Chats
    from agent.errors import DamagedError

    chats = Chats(tmp_path / "chats.db")
    chats.touch("a", "hello")
    chats.close()
    (tmp_path / "chats.db").write_bytes((tmp_path / "chats.db").read_bytes()[:3000])
    with pytest.raises(
        DamagedError, match=r"file of chats .*chats.db is damaged .*studies, datasets.*recpilot restore"
    ):
        Chats(tmp_path / "chats.db").all()


def test_a_ledger_without_the_right_to_it_is_named_with_its_owner_and_a_folder_in_its_place(unprivileged: Path) -> None:
    from agent.chat.chats import Chats
    from agent.errors import DamagedError, SetupError
    from agent.studies.ledger import Ledger

    def write_ledger(file: Path) -> None:
        with closing(Ledger(f"sqlite:///{file}")) as ledger, ledger.storage.engine.begin() as connection:
            connection.execute(sqlalchemy.text("CREATE TABLE IF NOT EXISTS t (n INTEGER)"))
            connection.execute(sqlalchemy.text("INSERT INTO t VALUES (1)"))

    def write_chats(file: Path) -> None:
        with closing(Chats(file)) as chats:
            chats.touch("a", "hello")

    for name, write in (("studies.db", write_ledger), ("chats.db", write_chats)):
        file = unprivileged / name
        write(file)
        for mode, act in ((0, "read"), (0o400, "written")):
            file.chmod(mode)
            with pytest.raises(SetupError, match=rf"{file} may not be {act} by .*`chmod u.rwX {file}`") as caught:
                write(file)
            assert not isinstance(caught.value, DamagedError)
        file.unlink()
        file.mkdir()
        with pytest.raises(SetupError, match=f"a folder is in the place of the file {file}; move it away"):
            write(file)


def test_weights_without_the_right_to_them_are_not_called_damaged(unprivileged: Path) -> None:
    from recmodels import checkpoint
    from recmodels.errors import SetupError

    (unprivileged / "checkpoints" / "s1" / "0").mkdir(parents=True)
    (unprivileged / "checkpoints").chmod(0)
    with pytest.raises(SetupError, match=r"the weights cannot be used: .*may not be read") as caught:
        checkpoint.load(unprivileged / "checkpoints" / "s1" / "0")
    assert "train" not in str(caught.value) and "damaged" not in str(caught.value)
