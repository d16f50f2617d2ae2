"""What is stored of a dataset is told: its versions, what became of a column, who is measured."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.answers.explain import word
from agent.answers.standings import measured_by
from agent.errors import ToolInputError
from agent.tools.inspecting import inspect_data
from agent.workspace import Workspace

Use = Callable[..., dict[str, Any]]


@pytest.fixture
def grown(tuned: Workspace, use: Use) -> Workspace:
    rows = "".join(f"u{user},i{user % 7},3,1700000000\n" for user in range(70))
    (tuned.settings.data_root / "may.csv").write_text("user,item,grams,timestamp\n" + rows)
    use(tuned, "add_dataset", path="may.csv", append="tiny", columns={"ignore": "grams"})
    return tuned


def told(workspace: Workspace, **args: str) -> str:
    return word("inspect_data", inspect_data(workspace, **args))  # type: ignore[arg-type]  # `what`


def test_versions_and_what_is_new_in_one(grown: Workspace) -> None:
    assert "tiny-v2: version 2, from tiny: may.csv appended; 5" in told(grown, what="versions", dataset="tiny")
    assert told(grown, what="changes", dataset="tiny-v2") == told(
        grown, what="changes", dataset="tiny-v2", against="tiny"
    )
    with pytest.raises(ToolInputError, match="made of no other"):
        told(grown, what="changes", dataset="tiny")


def test_of_a_column_it_is_told_what_became_of_it(grown: Workspace) -> None:
    assert '"item" is used: it is the item of tiny' in told(grown, what="reading", filter="item", dataset="tiny")
    assert "Nothing was noted about it" in told(grown, what="reading", filter="nosuch", dataset="tiny")
    assert "read from tiny.csv" in told(grown, what="reading", dataset="tiny")


def test_who_is_measured_agrees_with_the_study(grown: Workspace) -> None:
    record = grown.runner.peek("first").records()[0]
    assert f"tiny, as first splits it, is measured on {measured_by(record)}" in told(
        grown, what="measured", dataset="tiny"
    )


def test_bots_are_told_with_what_cannot_be_seen(grown: Workspace) -> None:
    assert "No user of tiny looks like a bot" in told(grown, what="bots", dataset="tiny")


def test_ids_like_those_of_test_accounts_are_a_hint_with_what_leaves_them_out(tuned: Workspace, use: Use) -> None:
    rows = [f"u{u},i{(u + k) % 7},{k}" for u in range(30) for k in range(5)]
    rows += [f"test@x.de,i{k},{k}" for k in range(6)]
    (tuned.settings.data_root / "named.csv").write_text("\n".join(["user,item,timestamp", *rows]))
    use(tuned, "add_dataset", path="named.csv")
    said = told(tuned, what="bots", dataset="named")
    assert "by their ids, 1 user with 6 rows may be test accounts or programs" in said
    assert "drop rows of named where user=test@x.de" in said.replace("\\@", "@")
