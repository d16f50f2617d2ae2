"""What is kept of removed datasets is deleted for good only by who says so, and nothing else goes with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.chat.uploads import keep_uploads
from agent.errors import ToolInputError, UserError
from agent.tools import checked
from agent.tools.data import add_dataset, remove_dataset
from agent.understanding.checks import refusal
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request
from agent.words.names import Names, read
from agent.workspace import Workspace

Use = Callable[..., dict[str, Any]]


@pytest.fixture
def shelf(fresh: Workspace, tmp_path: Path, write_tiny: Callable[..., Path]) -> Workspace:
    """`a` and `b`, each from a dropped file."""
    for name in ("a", "b"):
        (upload,) = keep_uploads(fresh.settings.uploads, [write_tiny(tmp_path / f"{name}.csv")])
        add_dataset(fresh, str(upload.path))
    return fresh


def files_in(folder: Path, name: str) -> list[Path]:
    return [
        file for file in folder.rglob("*") if file.is_file() and name in str(file.relative_to(folder)).split("/")[-1]
    ]


def test_a_dataset_goes_with_its_copies_and_no_other(shelf: Workspace, use: Use) -> None:
    found = checked(shelf, "remove_dataset", {"dataset": "a", "for_good": True})
    assert found.prospect.problem is None and "a.csv" in found.prospect.notes[0]
    assert "a" in shelf.catalogue.names() and files_in(shelf.settings.uploads, "a.csv")
    facts = use(shelf, "remove_dataset", dataset="a", for_good=True)
    assert facts["deleted"].startswith("dataset a and 1 copy of a dropped file, ")
    assert shelf.catalogue.names() == ["b", "demo"]
    assert [one.name for one in shelf.settings.datasets.iterdir() if one.name != ".removed"] == ["b"]
    assert not list((shelf.settings.datasets / ".removed").iterdir()) and not files_in(shelf.settings.uploads, "a.csv")
    assert files_in(shelf.settings.uploads, "b.csv")
    assert "are gone" in use(shelf, "undo")["why"]


def test_what_was_removed_before_goes_by_its_name_or_with_all(shelf: Workspace, use: Use) -> None:
    use(shelf, "remove_dataset", dataset="a")
    use(shelf, "remove_dataset", dataset="b")
    with pytest.raises(ToolInputError, match="no removed dataset 'c' is kept; kept are: a, b"):
        remove_dataset(shelf, "c", for_good=True)
    use(shelf, "remove_dataset", dataset="a", for_good=True)
    assert [one.name.partition("@")[0] for one in (shelf.settings.datasets / ".removed").iterdir()] == ["b"]
    use(shelf, "remove_dataset", for_good=True)
    assert not files_in(shelf.settings.uploads, "csv") and not list((shelf.settings.datasets / ".removed").iterdir())
    with pytest.raises(UserError, match="nothing is kept"):
        remove_dataset(shelf, for_good=True)


def test_no_further_undo_is_promised_for_what_was_deleted_for_good(shelf: Workspace, use: Use) -> None:
    use(shelf, "rename_dataset", dataset="b", name="c")
    use(shelf, "remove_dataset", dataset="a")
    use(shelf, "remove_dataset", dataset="a", for_good=True)
    use(shelf, "rename_dataset", dataset="c", name="d")
    use(shelf, "rename_dataset", dataset="d", name="e")
    assert use(shelf, "undo")["can_go_back"]
    back = use(shelf, "undo")
    assert back["before_that"] == "1 removed dataset (a) and 1 copy of a dropped file were deleted for good"
    assert "can_go_back" not in back or not back["can_go_back"]
    cannot = use(shelf, "undo")
    assert "nothing brings back" in cannot["why"] and not cannot.get("can_go_back")


def test_what_is_read_in_or_in_use_stays(shelf: Workspace, use: Use) -> None:
    with pytest.raises(ToolInputError, match="is built in"):
        remove_dataset(shelf, "demo", for_good=True)
    with pytest.raises(ToolInputError, match="say which"):
        remove_dataset(shelf)
    use(shelf, "remove_dataset", dataset="a")
    use(shelf, "remove_dataset", for_good=True)
    assert shelf.catalogue.names() == ["b", "demo"] and files_in(shelf.settings.uploads, "b.csv")


def test_a_model_deletes_for_good_only_what_the_person_said_so() -> None:
    say, args = "remove the dataset a", {"dataset": "a", "for_good": True}
    ordered = Plan(say=say, requests=(Request(tool="remove_dataset", args={"dataset": "a"}),))
    known = Known(datasets=("a",))
    found = refusal("remove_dataset", args, ordered, read(say, Names(datasets=("a",))), known, Dialogue(), ())
    assert found is not None and "`for_good: true`" in found.text
