"""Datasets that grow, in a chat: a file joined to a dataset, a study tuned again on it, and both taken back."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from agent.answers.explain import word
from agent.errors import ToolInputError
from agent.tools import checked
from agent.tools.checking import check
from agent.tools.data import add_dataset
from agent.tools.filtering import filter_dataset
from agent.tools.starting import start_study
from agent.workspace import Workspace

Use = Callable[..., dict[str, Any]]


def write_more(workspace: Workspace, name: str) -> None:
    rows = "".join(f"u{user},i{user % 7},1700000000\n" for user in range(70))
    (workspace.settings.data_root / name).write_text("user,item,timestamp\n" + rows)


def test_a_file_is_joined_to_a_dataset_and_taken_back(tuned: Workspace, use: Use) -> None:
    write_more(tuned, "may.csv")
    facts = use(tuned, "add_dataset", path="may.csv", append="tiny")
    assert facts.get("dataset") == "tiny-v2", facts
    assert "version 2, from tiny: may.csv appended" in facts["version"]
    assert any("are new, 0 are gone" in sentence for sentence in facts["what_is_new"])
    said = word("add_dataset", add_dataset(tuned, "may.csv", append="tiny"))
    assert "**tiny-v2** is there already, with the same content. It is version 2, from tiny: may.csv appended." in said
    use(tuned, "undo")
    assert tuned.catalogue.called("tiny-v2") is None and tuned.catalogue.called("tiny") == "tiny"


def test_a_file_joined_to_a_part_is_held_to_its_filter_and_the_question_says_so(tuned: Workspace, use: Use) -> None:
    write_more(tuned, "may.csv")
    use(tuned, "filter_dataset", dataset="tiny", where=["item!=i1"], name="rest")
    (note,) = checked(tuned, "add_dataset", {"path": "may.csv", "append": "rest"}).prospect.notes
    assert "60 new rows for rest" in note and "(`item!=i1`), 10 of 70 rows are left out" in note
    facts = use(tuned, "add_dataset", path="may.csv", append="rest")
    assert "i1" not in tuned.catalogue.get(facts["dataset"]).load().item_ids.to_list()
    assert any("(`item!=i1`), 10 of 70 rows are left out" in one for one in facts["notes"])


def test_a_part_of_a_dataset_is_kept_and_taken_back(tuned: Workspace, use: Use) -> None:
    before = tuned.catalogue.get("tiny").fingerprint
    found = checked(tuned, "filter_dataset", {"dataset": "tiny", "where": ["item!=i1"]})
    assert re.fullmatch(r"That keeps \d+ of \d+ events, \d+ of \d+ users, \d+ of \d+ items\.", found.prospect.notes[0])
    assert found.prospect.runs == {"name": "tiny-v2"} and tuned.catalogue.called("tiny-v2") is None
    facts = use(tuned, "filter_dataset", dataset="tiny", where=["item!=i1"], name="rest")
    assert facts.get("dataset") == "rest", facts
    assert "from tiny: `item!=i1`" in facts["version"]
    again = checked(tuned, "filter_dataset", {"dataset": "tiny", "where": ["item!=i1"]}).prospect
    assert again.there == "rest"
    nothing = checked(tuned, "filter_dataset", {"dataset": "tiny", "min_user_events": 1}).prospect
    assert "nothing of 'tiny' is left out" in str(nothing.problem)
    assert any("events are left out" in note for note in facts["notes"])
    assert "i1" not in tuned.catalogue.get("rest").load().item_ids.to_list()
    assert tuned.catalogue.get("tiny").fingerprint == before
    with pytest.raises(ToolInputError, match="say what to keep"):
        filter_dataset(tuned, "tiny")
    with pytest.raises(ToolInputError, match=r'keeps no column `status`.*, only rows with "status=paid"'):
        filter_dataset(tuned, "tiny", where=["status=paid"])
    with pytest.raises(ToolInputError, match=r'there already as .rest., .* say "rename rest to other" to rename it'):
        filter_dataset(tuned, "tiny", where=["item!=i1"], name="other")
    use(tuned, "undo")
    assert tuned.catalogue.called("rest") is None and tuned.catalogue.called("tiny") == "tiny"


def test_a_study_is_tuned_again_on_a_version(tuned: Workspace, use: Use) -> None:
    write_more(tuned, "may.csv")
    use(tuned, "add_dataset", path="may.csv", append="tiny")
    earlier = tuned.runner.peek("first").best()
    assert earlier is not None
    facts = use(tuned, "start_study", base="first", dataset="tiny-v2", n_trials=1, retune=True)
    study = tuned.runner.peek(facts["study"])
    list(study.watch())
    first = study.records()[0]
    assert dict(first.params) == dict(earlier.params) and first.evidence == (earlier.id,)
    with pytest.raises(ToolInputError, match="`retune` needs `base`"):
        start_study(tuned, dataset="tiny-v2", retune=True)
    with pytest.raises(ToolInputError, match="ran on 'tiny' already"):
        start_study(tuned, base="first", retune=True)


def test_what_a_file_would_bring_is_told_before_the_yes_and_nothing_is_kept(tuned: Workspace) -> None:
    write_more(tuned, "may.csv")
    (tuned.settings.data_root / "odd.csv").write_text("alpha,beta\nx,y\nz,w\n")
    prospect = check(add_dataset, tuned, {"path": "may.csv", "append": "tiny"}).prospect
    assert prospect.problem is None
    assert prospect.notes == ("“may.csv” brings 70 new rows for tiny: 10 new users, 0 new items.",)
    assert "cannot be read as a dataset" in str(
        check(add_dataset, tuned, {"path": "odd.csv", "append": "tiny"}).prospect.problem
    )
    assert tuned.catalogue.names() == ["demo", "tiny"]
