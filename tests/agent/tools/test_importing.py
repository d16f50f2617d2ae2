"""A person's own past trials become remembered ones, all or none, and what does not fit is named by row and column."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import optuna
import pytest

from agent.answers.explain import word
from agent.errors import ToolInputError
from agent.workspace import Workspace
from memory.record import TrialRecord

Use = Callable[..., dict[str, Any]]
GOOD = "learning_rate,embedding_size,biases,ndcg@10,recall@10\n0.01,16,true,0.21,0.4\n0.02,32,off,0.25,0.5\n"


def imported(workspace: Workspace) -> list[TrialRecord]:
    records = [record for record in workspace.memory.records("trial") if isinstance(record, TrialRecord)]
    return [record for record in records if record.proposer == "imported"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_rows_of_a_table_are_remembered_as_the_persons(tuned: Workspace, use: Use, separator: str) -> None:
    (tuned.settings.home / "old.csv").write_text("\ufeff" + GOOD.replace(",", separator), encoding="utf-8")
    facts = use(tuned, "import_trials", path="old.csv")
    assert (facts["n"], facts["models"], facts["objective"], facts["dataset"]) == (2, ["bpr_mf"], "ndcg@10", "tiny")
    assert (facts["best"]["value"], facts["best"]["params"]["embedding_size"]) == (0.25, 32)
    first, second = imported(tuned)
    assert (first.params["biases"], second.params["biases"]) == (True, False)
    assert first.metrics == {"valid_ndcg@10": 0.21, "valid_recall@10": 0.4}
    assert (first.dataset, first.state, first.direction) == ("tiny", "complete", "maximize")
    assert first.profile["n_users"] == 60
    told = word("import_trials", facts)
    assert "`learning_rate`" not in told.partition("does not name")[2]
    assert len(tuned.runner.open("first").records()) == 6


def test_imported_trials_outlive_a_rebuilt_memory_until_they_are_taken_back(tuned: Workspace, use: Use) -> None:
    (tuned.settings.home / "old.csv").write_text(GOOD)
    use(tuned, "import_trials", path="old.csv")
    tuned.memory.rebuild(tuned.ledger.records())
    assert len(imported(tuned)) == 2
    use(tuned, "undo")
    assert imported(tuned) == []
    tuned.memory.rebuild(tuned.ledger.records())
    assert imported(tuned) == []


def test_a_value_column_takes_the_studys_objective_and_unfinished_rows_are_left_out(tuned: Workspace, use: Use) -> None:
    text = "number,value,params_learning_rate,user_attrs_note,state\n0,0.2,0.01,x,COMPLETE\n1,,0.02,y,FAIL\n"
    (tuned.settings.home / "frame.csv").write_text(text)
    facts = use(tuned, "import_trials", path="frame.csv")
    assert (facts["n"], facts["n_left_out"], facts["objective"]) == (1, 1, "ndcg@10")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("learning_rate,ndcg@10\n0.01,0.2\n7,0.2\n", r"old.csv, row 3, column learning_rate: .*\[0.0001, 0.1\]"),
        ("learning_rate,ndcg@10\n0.01,0.2\nfast,0.2\n", "row 3, column learning_rate"),
        ("learning_rate,colour,ndcg@10\n0.01,red,0.2\n", "row 2, column colour: bpr_mf has no such param"),
        ("learning_rate,ndcg@10\n0.01,good\n", "row 2, column value: a finite number"),
        ("learning_rate,ndcg@10\n0.01,nan\n", "row 2, column value: a finite number"),
        ("learning_rate,ndcg@10\n0.01\n", "row 2: 1 columns, and the header has 2"),
        ("learning_rate\n0.01\n", "row 1: no column is the result"),
        ("learning_rate,mrr@10,recall@10\n0.01,1,1\n", "row 1: several columns could be the result"),
        ("learning_rate,ndcg@10\n", "holds no finished trial"),
        ("model,l2,ndcg@10\nesae,3,0.1\n", "row 2, column model"),
        ("", "row 1"),
    ],
)
def test_what_does_not_fit_is_refused_whole_with_its_place(tuned: Workspace, use: Use, text: str, why: str) -> None:
    (tuned.settings.home / "old.csv").write_text(text)
    with pytest.raises(ToolInputError, match=why):
        use(tuned, "import_trials", path="old.csv")
    assert imported(tuned) == []


def test_a_column_may_name_the_model_of_each_row(tuned: Workspace, use: Use) -> None:
    (tuned.settings.home / "old.csv").write_text("model,l2,learning_rate,ndcg@10\nease,300,,0.3\nbpr_mf,,0.01,0.2\n")
    assert use(tuned, "import_trials", path="old.csv")["models"] == ["ease", "bpr_mf"]
    assert {record.model for record in imported(tuned)} == {"ease", "bpr_mf"}


def storage_with(path: Path, directions: Sequence[Literal["minimize", "maximize"]], n: int = 2) -> Path:
    study = optuna.create_study(storage=f"sqlite:///{path}", study_name="mine", directions=directions)
    rate = optuna.distributions.FloatDistribution(1e-4, 1e-1, log=True)
    for i in range(n):
        study.add_trial(
            optuna.trial.create_trial(
                params={"learning_rate": 0.01 * (i + 1)},
                distributions={"learning_rate": rate},
                values=[0.1 * (i + 1)] * len(directions),
            )
        )
    study.add_trial(optuna.trial.create_trial(state=optuna.trial.TrialState.FAIL))
    return path


def test_an_optuna_storage_is_read_and_left_as_it_is(tuned: Workspace, use: Use) -> None:
    path = storage_with(tuned.settings.home / "optuna.db", ["maximize"])
    before = path.read_bytes()
    facts = use(tuned, "import_trials", path="optuna.db")
    assert (facts["n"], facts["n_left_out"], facts["best"]["value"]) == (2, 1, 0.2)
    assert path.read_bytes() == before
    assert sorted(record.params["learning_rate"] for record in imported(tuned)) == [0.01, 0.02]


def test_storages_that_cannot_be_taken_are_refused_by_name(tuned: Workspace, use: Use) -> None:
    import sqlite3

    storage_with(tuned.settings.home / "two.db", ["maximize", "minimize"])
    with sqlite3.connect(tuned.settings.home / "other.db") as connection:
        connection.execute("CREATE TABLE cats (name TEXT)")
    (tuned.settings.home / "broken.db").write_bytes(b"SQLite format 3\0" + b"x" * 100)
    for name, why in (
        ("two.db", "2 values at once"),
        ("other.db", "no Optuna storage"),
        ("broken.db", "cannot be read"),
    ):
        with pytest.raises(ToolInputError, match=why):
            use(tuned, "import_trials", path=name)


def test_a_file_outside_is_not_read(tuned: Workspace, use: Use) -> None:
    assert "only files in" in use(tuned, "import_trials", path="/etc/passwd")["error"]


def test_a_folder_is_no_file_of_trials(tuned: Workspace, use: Use) -> None:
    (tuned.settings.home / "old").mkdir()
    with pytest.raises(ToolInputError, match="old is a folder; name the file of past trials in it"):
        use(tuned, "import_trials", path="old")
