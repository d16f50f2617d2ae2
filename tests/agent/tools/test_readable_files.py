"""Which files the chat reads, what it tells of those that nobody showed it, and how the reading of one is stopped."""

import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.chat.known_now import known_now
from agent.errors import UserError
from agent.results.result import ColumnsAsked
from agent.studies.at_hand import at_hand
from agent.tools.data import add_dataset, readable_path
from agent.workspace import Readings, Workspace
from recmodels.data.catalogue import Catalogue
from recmodels.data.reading.job import ReadJob, Summary
from recmodels.errors import ContentError, LimitError, ReadingStopped

CONTENT = "TOP SECRET content of a file that nobody dropped here"


@pytest.fixture
def uploads_only(fresh: Workspace) -> Workspace:
    """A workspace for which no data folder was named."""
    fresh.settings = fresh.settings.model_copy(update={"data_folder": None})
    fresh.settings.uploads.mkdir()
    return fresh


def test_only_dropped_files_are_read_unless_a_folder_was_named(
    uploads_only: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for place in (tmp_path, uploads_only.settings.home, uploads_only.settings.uploads):
        (place / "ratings.csv").write_text(CONTENT)
    dropped = uploads_only.settings.uploads / "ratings.csv"
    assert readable_path(uploads_only, "ratings.csv") == readable_path(uploads_only, str(dropped)) == dropped
    for path in (tmp_path / "ratings.csv", uploads_only.settings.home / "ratings.csv"):
        with pytest.raises(UserError, match=r"only files dropped into the chat are read here, .*--data-folder FOLDER"):
            readable_path(uploads_only, str(path))


def test_a_table_in_a_dropped_archive_is_read(uploads_only: Workspace) -> None:
    dropped = uploads_only.settings.uploads / "shop.zip"
    with zipfile.ZipFile(dropped, "w") as archive:
        for name in ("orders.csv", "baskets.csv"):
            archive.writestr(f"data/{name}", "user,item\n1,2\n2,3\n")

    with pytest.raises(ContentError, match=r"shop.zip holds several tables: .*, as shop.zip/data/orders.csv"):
        add_dataset(uploads_only, "shop.zip")
    assert add_dataset(uploads_only, "shop.zip/data/orders.csv").dataset == "orders"
    with pytest.raises(UserError, match=r"there is no file"):
        readable_path(uploads_only, "shop.zip.csv/orders.csv")


def test_no_file_of_the_working_folder_is_known(
    uploads_only: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ratings.csv").write_text(CONTENT)
    settings = uploads_only.settings
    for folder, names in ((settings.data_root, ()), (None, ()), (tmp_path, ("ratings.csv",))):
        known = known_now(uploads_only.catalogue, uploads_only.runner, data_folder=folder)
        assert known.files("") == names


@pytest.mark.parametrize("name", [".env", ".aws/credentials", "shop/.hidden.csv", ".ssh/../.ssh/id"])
def test_hidden_files_are_never_read_or_known(name: str, fresh: Workspace) -> None:
    root = fresh.settings.data_root
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(CONTENT)
    (root / "link.csv").symlink_to(root / name)
    for path in (name, str(root / name), "link.csv"):
        with pytest.raises(UserError, match="hidden ones aside"):
            readable_path(fresh, path)
    known = known_now(fresh.catalogue, fresh.runner, data_folder=root)
    assert not any(Path(name).name in known.files(folder) for folder in ("", str(Path(name).parent)))


def test_uploads_below_a_hidden_home_are_read(opened: Callable[..., Workspace], tmp_path: Path) -> None:
    space = opened(tmp_path / ".local", data_folder=tmp_path)
    space.settings.uploads.mkdir()
    (space.settings.uploads / "a.csv").write_text(CONTENT)
    assert readable_path(space, str(space.settings.uploads / "a.csv")).name == "a.csv"
    with pytest.raises(UserError, match="hidden ones aside"):
        readable_path(space, str(space.settings.home / "chats.db"))


def test_an_error_tells_the_content_of_a_file_in_a_folder_that_was_opened(fresh: Workspace, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    opened.mkdir()
    fresh.settings = fresh.settings.model_copy(update={"data_folder": opened})
    (opened / "notes.txt").write_text(CONTENT)
    with pytest.raises(ContentError, match="line 1 is 'TOP SECRET"):
        add_dataset(fresh, "notes.txt")


def test_a_question_about_columns_shows_rows_of_a_file_in_a_folder_that_was_opened(
    fresh: Workspace, tmp_path: Path
) -> None:
    opened = tmp_path / "opened"
    opened.mkdir()
    fresh.settings = fresh.settings.model_copy(update={"data_folder": opened})
    rows = "".join(f"{(n * 7) % 5 + 100 * (n % 3)},{n // 6},{n % 10}\n" for n in range(120))
    (opened / "visits.csv").write_text(rows)
    asked = add_dataset(fresh, "visits.csv")
    assert isinstance(asked, ColumnsAsked)
    assert [list(row) for row in asked.samples[:1]] == [["column_1", "column_2", "column_3"]]


def test_an_error_tells_nothing_of_the_own_files_of_recpilot(fresh: Workspace) -> None:
    fresh.settings.uploads.mkdir()
    for folder in (fresh.settings.home, fresh.settings.uploads):
        (folder / "notes.txt").write_text(CONTENT)
    with pytest.raises(ContentError, match="line 1 is 'TOP SECRET"):
        add_dataset(fresh, str(fresh.settings.uploads / "notes.txt"))
    with pytest.raises(UserError, match=r"^.notes\.txt. cannot be read as a dataset; drop it into the chat") as told:
        add_dataset(fresh, "notes.txt")
    assert "SECRET" not in str(told.value)
    (fresh.settings.home / "empty.csv").write_text("")
    with pytest.raises(LimitError, match="is empty"):  # which tells nothing of what it holds
        add_dataset(fresh, "empty.csv")


def test_a_reading_is_stopped_by_its_own_chat(fresh: Workspace) -> None:
    begun, seen = threading.Event(), []

    def read(job: ReadJob, folder: Path, is_stopped: Callable[[], bool]) -> Summary:
        begun.set()
        while not is_stopped():
            threading.Event().wait(0.01)
        raise ReadingStopped(f"reading {job.path.name} was stopped")

    fresh.catalogue = Catalogue(fresh.settings.datasets, read=read)
    (fresh.settings.home / "a.csv").write_text("user,item\n1,2\n")

    def add() -> None:
        with at_hand(None, chat="mine"), pytest.raises(ReadingStopped):
            add_dataset(fresh, "a.csv")
        seen.append("stopped")

    thread = threading.Thread(target=add)
    thread.start()
    assert begun.wait(60)
    assert not fresh.readings.stop("another")
    assert not seen
    assert fresh.readings.stop("mine")
    thread.join(60)
    assert seen == ["stopped"]
    assert not fresh.readings.stop("mine")


def test_a_workspace_that_closes_stops_what_is_read() -> None:
    readings = Readings()
    with readings.reading("a") as is_stopped, readings.reading(None) as other:
        assert not is_stopped()
        readings.stop_all()
        assert is_stopped() and other()


def test_a_file_whose_name_holds_no_letter_of_a_dataset_name_is_called_data(fresh: Workspace) -> None:
    fresh.settings = fresh.settings.model_copy(update={"data_folder": fresh.settings.home})
    for file, user in (("甲乙.csv", "a"), ("丙丁.csv", "b"), ("甲乙.csv", "a")):
        rows = "".join(f"{user}{n % 9},i{n % 7},{n}\n" for n in range(60))
        (fresh.settings.home / file).write_text(f"user,item,timestamp\n{rows}", encoding="utf-8")
        add_dataset(fresh, path=file)
    assert fresh.catalogue.names() == ["data", "data-2", "demo"]
