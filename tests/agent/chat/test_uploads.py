"""Dropped files are kept apart, under safe names, and only when they are files."""

import os
import threading
import zipfile
from pathlib import Path

import pytest

from agent.chat.conversation import Conversation
from agent.chat.uploads import keep_uploads
from agent.events import AnswerFinished
from agent.workspace import Workspace
from recmodels.data.choices import Choices


def dropped(folder: Path, name: str, content: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content)
    return folder / name


def test_two_files_of_one_name_never_share_a_path(tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    (one,) = keep_uploads(uploads, [dropped(tmp_path / "a", "ratings.csv", "first")])
    (two,) = keep_uploads(uploads, [dropped(tmp_path / "b", "ratings.csv", "second")])
    assert one.path is not None
    assert two.path is not None
    assert one.path != two.path
    assert (one.path.read_text(), two.path.read_text()) == ("first", "second")
    assert one.path.name == two.path.name == "ratings.csv"


def test_the_same_file_dropped_twice_is_kept_once(tmp_path: Path) -> None:
    file = dropped(tmp_path / "a", "ratings.csv", "first")
    assert keep_uploads(tmp_path / "uploads", [file]) == keep_uploads(tmp_path / "uploads", [file])
    assert len(list((tmp_path / "uploads").iterdir())) == 1


def test_what_is_dropped_together_lies_together_and_apart_from_other_drops(tmp_path: Path) -> None:
    items = dropped(tmp_path / "a", "items.csv", "of another shop")
    keep_uploads(tmp_path / "uploads", [items])
    files = [dropped(tmp_path / "b", "ratings.csv", "r"), dropped(tmp_path / "b", "items.csv", "of this shop")]
    ratings, items_kept = keep_uploads(tmp_path / "uploads", files)
    assert ratings.path is not None
    assert items_kept.path is not None
    assert ratings.path.parent == items_kept.path.parent
    assert items_kept.path.read_text() == "of this shop"


def test_many_drops_of_one_name_at_once_are_all_whole(tmp_path: Path) -> None:
    files = [dropped(tmp_path / str(i), "ratings.csv", str(i % 4) * 100_000) for i in range(16)]
    kept: list[str] = []
    threads = [
        threading.Thread(target=lambda file=file: kept.append(str(keep_uploads(tmp_path / "uploads", [file])[0].path)))
        for file in files
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 16
    assert sorted(Path(path).read_text() for path in set(kept)) == [str(i) * 100_000 for i in range(4)]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("ratings.csv", "ratings.csv"),
        ("Bestellungen für März (2).csv.gz", "Bestellungen für März (2).csv.gz"),
        (".bashrc", "bashrc"),
        ("a`b|c\n$d'.csv", "a_b_c_d_.csv"),
        ("é" * 200 + ".parquet", "é" * 46 + ".parquet"),
        ("x." + "y" * 200, "x." + "y" * 24),
        (" ", "file"),
    ],
)
def test_a_name_is_made_safe_and_keeps_its_ending(tmp_path: Path, name: str, kept: str) -> None:
    try:
        file = dropped(tmp_path / "a", name, "x")
    except OSError:
        file = tmp_path / name  # longer than this file system allows: refused under its safe name
    (upload,) = keep_uploads(tmp_path / "uploads", [file])
    assert upload.name == kept


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "nothing"])
def test_what_is_no_regular_file_is_refused_with_a_reason(tmp_path: Path, kind: str) -> None:
    secret = dropped(tmp_path / "a", "secret.csv", "secret")
    file = tmp_path / "x.csv"
    if kind == "link":
        file.symlink_to(secret)
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    refused, taken = keep_uploads(tmp_path / "uploads", [file, secret])
    assert refused.path is None
    assert "x.csv" in refused.refusal
    assert taken.path is not None
    assert [path.name for path in taken.path.parent.iterdir()] == ["secret.csv"]


def test_a_home_folder_that_cannot_be_written_is_said_for_each_file(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("in the way")
    (refused,) = keep_uploads(tmp_path / "uploads", [dropped(tmp_path / "a", "x.csv", "x")])
    assert refused.path is None
    assert "x.csv" in refused.refusal


def test_a_chat_that_waits_for_an_answer_keeps_its_own_file_when_another_drops_one_of_that_name(
    fresh: Workspace, tmp_path: Path
) -> None:
    rows = [f"u{n % 9},{n % 3},i{n % 7},{n}" for n in range(60)]
    asked = dropped(tmp_path / "a", "orders.csv", "user_id,visitor_id,item_id,timestamp\n" + "\n".join(rows))
    other = dropped(
        tmp_path / "b", "orders.csv", "user_id,item_id\n" + "\n".join(f"x{n % 5},y{n % 7}" for n in range(60))
    )
    first = Conversation(fresh, "first")
    list(first.send("", [asked]))
    list(Conversation(fresh, "second").send("", [other]))
    list(first.send("user_id"))
    (path,) = {event.args["path"] for event in first.history() if hasattr(event, "args")}
    assert Path(path).read_text() == asked.read_text()


HEADER = "user_id,item_id,timestamp\n"


def events(prefix: str, first: int = 0) -> str:
    return HEADER + "".join(f"{prefix}{n % 9}@x.org,i{n % 7},{first + n}\n" for n in range(80))


def test_a_dataset_is_called_after_the_dropped_file_and_never_after_its_folder(
    fresh: Workspace, tmp_path: Path
) -> None:
    chat = Conversation(fresh, "one")
    for folder in ("a", "b", "a"):
        list(chat.send("", [dropped(tmp_path / folder, "ratings.csv", events(folder))]))
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr("ratings.csv", events("z"))
    list(chat.send("", [tmp_path / "data.zip"]))
    assert fresh.catalogue.names() == ["data", "demo", "ratings", "ratings-2"]


def test_no_clear_copy_stays_of_a_file_that_is_joined_to_hashed_ids(fresh: Workspace, tmp_path: Path) -> None:
    shop = dropped(tmp_path / "a", "shop.csv", events("u"))
    fresh.catalogue.add(shop, choices=Choices(hashed=("user",)))
    chat, may = Conversation(fresh, "one"), dropped(tmp_path / "b", "may.csv", events("v", 500))

    refused = list(chat.send("append to shop, the user is nobody", [may]))[-1]
    assert isinstance(refused, AnswerFinished) and "Drop it once more" in refused.text
    assert not list(fresh.settings.uploads.glob("*/*"))

    added = list(chat.send("append to shop as ratings, with hashed ids", [may]))[-1]
    assert isinstance(added, AnswerFinished) and "The copy of may.csv that the chat took held ids" in added.text
    assert fresh.catalogue.get("ratings").derived is not None and may.exists()
    assert not list(fresh.settings.uploads.iterdir())
