"""What is stored of a dataset is told: its versions, what became of a column, who is measured."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.answers.explain import word
from agent.answers.standings import measured_by
from agent.answers.wording import number
from agent.errors import ToolInputError
from agent.studies.study_spec import StudySpec
from agent.tools.inspecting import inspect_data
from agent.workspace import Workspace
from recmodels.data.choices import Choices

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


def test_which_studies_used_which_version_and_whether_to_tune_again(grown: Workspace) -> None:
    said = told(grown, what="studies")
    assert said == told(grown, what="studies", dataset="tiny-v2")
    assert re.match(r"tiny-v2 differs from tiny: \d+ new events, \d+ new users, \d+ new items", said)
    best = grown.runner.peek("first").status().best
    assert best is not None and f"study first used tiny (version 1): best ndcg@10 {number(best.value)}" in said
    assert "nothing of them was measured on tiny-v2" in said and "retune first on tiny-v2, 5 trials" in said
    grown.runner.create(StudySpec.create(name="s", dataset="tiny-v2", models=["popularity"], n_trials=1))
    again = told(grown, what="studies", dataset="tiny")
    assert "tiny-v2 was tuned on already, by s" in again and "retune" not in again


def test_the_verdict_after_a_filter_follows_the_figures_beside_it(tuned: Workspace, use: Use) -> None:
    rows = [f"u{u},i{k % 5},{1_700_000_000 + 50_000 * k + u}" for u in range(60) for k in range(40 if u < 30 else 3)]
    (tuned.settings.data_root / "log.csv").write_text("\n".join(["user,item,timestamp", *rows]))
    use(tuned, "add_dataset", path="log.csv")
    use(tuned, "filter_dataset", dataset="log", max_user_events=10)
    said = told(tuned, what="studies", dataset="log-v2")
    assert "events a user: changed by what you chose to keep" in said and "no sign that other params" in said
    assert "tune again" not in said and "drifted" not in said


def test_a_dataset_without_versions_holds_what_was_tuned_on_it(tuned: Workspace) -> None:
    said = told(tuned, what="studies", dataset="tiny")
    assert "is the only version" in said and "holds as measured" in said and "study first used tiny" in said


def test_who_can_read_the_data_is_told_from_the_rights_of_the_files(tuned: Workspace) -> None:
    home = tuned.settings.home
    home.chmod(0o755)
    for place in (tuned.settings.datasets, tuned.settings.uploads):
        place.mkdir(exist_ok=True)
        place.chmod(0o700)
    tuned.settings.chats.touch(mode=0o600)
    tuned.settings.chats.chmod(0o600)
    assert told(tuned, what="privacy", filter="who").startswith(f"Only {home.owner()}, who runs recpilot here")
    tuned.settings.datasets.chmod(0o755)
    said = told(tuned, what="privacy", filter="who")
    assert said.startswith("Others with an account on this machine can read some of it") and "chmod" in said


def test_hashed_ids_and_the_copies_with_clear_ones_are_told(tuned: Workspace, write_tiny: Callable[..., Path]) -> None:
    file = write_tiny(tuned.settings.home.parent / "log.csv")
    tuned.catalogue.add(file, "log", choices=Choices(hashed=("user",)))
    assert told(tuned, what="privacy", filter="hashed", dataset="log").startswith("Yes: the ids of users are keyed")
    assert told(tuned, what="privacy", filter="hashed").startswith("No: the ids of users are not hashed in tiny")
    clear = told(tuned, what="privacy", filter="ids", dataset="log")
    assert clear.startswith("Not in the data") and f"your own file stays as it is: {file}" in clear.replace("\\", "")
    tuned.catalogue.set_aside("log")
    assert "kept so that undo brings it back: log in" in told(tuned, what="privacy", filter="where")


def test_what_is_sent_is_told_from_the_settings(tuned: Workspace) -> None:
    assert told(tuned, what="privacy", filter="sent").startswith("No: nothing is sent away.")
    tuned.settings = tuned.settings.model_copy(update={"llm": "http://127.0.0.1:8080/v1"})
    assert told(tuned, what="privacy", filter="sent").startswith("No: nothing is sent away.")
    tuned.settings = tuned.settings.model_copy(update={"llm": "https://models.example.org/v1"})
    said = told(tuned, what="privacy", filter="sent")
    assert said.startswith("Yes, some of it") and "models.example.org" in said
