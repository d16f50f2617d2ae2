"""The commands of the README, run as a person runs them, offline."""

import json
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Recpilot

pytestmark = pytest.mark.timeout(300)


@pytest.mark.slow
def test_the_demo_and_a_chat_run_without_leaving_this_machine(recpilot: "Recpilot") -> None:
    run = recpilot("demo", "--trials", "2", "--epochs", "2")
    assert run.returncode == 0, run.stderr
    for words in ("Trial 0", "why", "Leaderboard", "why the best", "Report", "Weights", "Confirmed", "1st reading"):
        assert words in run.stdout, words
    assert "<svg" in (recpilot.home / "reports" / "demo-1.html").read_text("utf-8")
    assert "On test, read once" in (recpilot.home / "reports" / "demo-1-confirmation-1.html").read_text("utf-8")
    answer = recpilot.here("ask", "why did you pick that learning rate in trial 1?")
    assert answer.returncode == 0, answer.stderr
    assert "learning_rate" in answer.stdout
    assert recpilot.attempts_to_leave() == []


def test_who_leaves_this_machine_is_seen(recpilot: "Recpilot") -> None:
    run = recpilot.here("ask", "hello", "--llm", "http://192.0.2.1:9/v1")
    assert run.returncode == 1
    assert any("192.0.2.1" in attempt for attempt in recpilot.attempts_to_leave())


def test_tune_prints_one_json_document_as_documented(shop: "tuple[Recpilot, dict[str, Any]]") -> None:
    _, document = shop
    keys = {
        "study",
        "dataset",
        "objective",
        "split",
        "seed",
        "versions",
        "baselines",
        "group",
        "trials",
        "best",
        "report",
    }
    assert keys | {"constraints", "confirmations", "defaults", "gain"} <= document.keys()
    assert {row["model"] for row in document["baselines"]} == {"popularity", "ease", "item_knn"}
    assert document["best"]["number"] in document["group"]["trials"]
    assert [trial["number"] for trial in document["trials"]] == [0, 1, 2, 3]
    assert {trial["model"] for trial in document["trials"]} == {"bpr_mf", "ease"}
    for trial in document["trials"]:
        assert {"number", "state", "model", "params", "values", "interval", "rank", "seed", "rationale"} <= trial.keys()
    best = max(trial["values"]["objective"] for trial in document["trials"] if trial["state"] == "complete")
    assert document["best"]["value"] == best
    assert (Path(document["checkpoint"]) / "model.safetensors").is_file()
    assert Path(document["report"]).is_file()
    assert "test_" not in json.dumps(document["trials"])


def test_a_study_is_confirmed_and_each_reading_of_test_is_counted(shop: "tuple[Recpilot, dict[str, Any]]") -> None:
    recpilot, document = shop
    run = recpilot.here("confirm", document["study"], "--seeds", "2", "--json")
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["winner"] in [score["contender"] for score in found["test"]]
    assert found["reading"] == 1
    assert all(run["stage"] == "valid" or run["metrics"] for run in found["runs"])
    assert not any(
        name.startswith("test_") for run in found["runs"] if run["stage"] == "valid" for name in run["metrics"]
    )
    again = recpilot.here("train", document["dataset"], "--model", "popularity")
    assert again.returncode == 0, again.stderr
    assert "2nd reading" in again.stdout


def test_the_same_seed_gives_the_same_study(
    shop: "tuple[Recpilot, dict[str, Any]]", recpilot: "Recpilot", tiny_csv: Path
) -> None:
    """In two processes, whose hashes differ."""
    again = recpilot.json("tune", str(tiny_csv), *recpilot.SHOP)
    outcomes = [
        [(trial["params"], trial["values"]["objective"]) for trial in document["trials"]]
        for document in (shop[1], again)
    ]
    assert outcomes[0] == outcomes[1]


def test_train_prints_metrics_and_cost(recpilot: "Recpilot", tiny_csv: Path) -> None:
    params = ["--model", "sasrec", "--set", "embedding_size=16"]
    document = recpilot.json("train", str(tiny_csv), *params, "--epochs", "2", "--refit")
    assert document["model"] == "sasrec"
    assert document["params"]["embedding_size"] == 16
    assert 0 <= document["metrics"]["valid_ndcg@10"] <= 1
    assert 0 <= document["metrics"]["test_ndcg@10"] <= 1
    assert document["cost"]["train_s"] > 0
    assert document["cost"]["refit_epochs"] == document["best_epoch"]


def test_what_a_study_learned_can_be_listed_explained_and_used(
    shop: "tuple[Recpilot, dict[str, Any]]", tmp_path: Path
) -> None:
    recpilot, document = shop
    assert [row["study"] for row in recpilot.json("study", "list")] == ["shop"]
    assert recpilot.here("memory", "rebuild").returncode == 0
    assert recpilot.json("memory", "stats")["trial"] == 4
    assert "trial 1" in recpilot.here("explain", "shop", "1").stdout.lower()
    items = recpilot.json("recommend", "u1", "--study", "shop", "--k", "3")["items"]
    assert len(items) == 3
    new = recpilot.json("recommend", "--history", items[0]["item"], "--study", "shop", "--k", "3")
    assert new["history"] == [items[0]["item"]]
    assert len(new["items"]) == 3
    assert items[0]["item"] not in [item["item"] for item in new["items"]]
    assert recpilot.json("recommend", "nobody", "--study", "shop")["fallback"] == "popularity"
    assert "these are the most popular items" in recpilot.here("recommend", "nobody", "--study", "shop").stderr
    assert recpilot.here("recommend", "--study", "shop").returncode == 2
    refused = recpilot.here("recommend", "u1", "--study", "shop", "--new", "a book of dragons")
    assert refused.returncode == 2
    assert "reads no texts; new items need text_tower or hybrid" in refused.stderr
    assert recpilot.here("export", "shop", "--to", str(tmp_path / "out")).returncode == 0
    assert any((tmp_path / "out").iterdir())
    best = document["best"]
    refit = recpilot.here("export", "shop", "--refit", "--to", str(tmp_path / "refit"))
    assert refit.returncode == 0, refit.stderr
    assert "Learned again from train and valid together." in refit.stdout
    assert "on test" not in refit.stdout
    assert [folder.name for folder in (tmp_path / "refit").iterdir()] == [f"{best['model']}-{best['number']}-refit"]


def test_the_version_is_said(recpilot: "Recpilot") -> None:
    assert recpilot("--version").stdout.strip() == f"recpilot {metadata.version('recpilot')}"


def test_a_study_begun_by_one_message_is_seen_through(recpilot: "Recpilot") -> None:
    run = recpilot.here("ask", "tune popularity and ease on demo, 2 trials")
    assert run.returncode == 0, run.stderr
    assert "2 of 2 trials done" in run.stdout
    assert [row["state"] for row in recpilot.json("study", "list")] == ["finished"]


def test_plan_runs_nothing_and_prints_json_lines(recpilot: "Recpilot", tmp_path: Path) -> None:
    lines = tmp_path / "messages.txt"
    lines.write_text("tune sasrec on the demo data, 6 trials\nhello there\n")
    run = recpilot.here("ask", "--plan", "--file", str(lines))
    assert run.returncode == 0, run.stderr
    plans = [json.loads(line) for line in run.stdout.splitlines()]
    assert [plan["tool"] for plan in plans] == ["start_study", None]
    assert plans[0]["args"]["n_trials"] == 6
    assert recpilot.json("study", "list") == []


@pytest.mark.slow
def test_real_movie_ratings_are_tuned(recpilot: "Recpilot", shared_data: Callable[[str], Path]) -> None:
    path = shared_data("ml-100k") / "ml-100k.inter"
    document = recpilot.json("tune", str(path), "--model", "ease", "--model", "popularity", "--trials", "3")
    assert document["best"]["model"] == "ease"
    assert document["best"]["value"] > 0.05


@pytest.mark.parametrize(
    ("args", "status", "words"),
    [
        (["tune", "demo", "--model", "sasrecc"], 2, "sasrec"),
        (["tune", "demo", "--model", "ease", "--objective", "ndgc@10"], 2, "ndcg"),
        (["tune", "demo", "--model", "ease", "--trials", "0"], 2, "at least 1"),
        (["tune", "demo", "--model", "ease", "--time-limit", "0m"], 2, "time limit"),
        (["tune", "demo", "--model", "ease", "--constraint", "coverage"], 1, "constraint"),
        (["tune", "nowhere.csv", "--model", "ease"], 1, "nowhere.csv"),
        (["train", "demo", "--model", "bpr_mf", "--set", "learning_rate=300"], 2, "learning_rate"),
        (["train", "demo", "--model", "bpr_mf", "--set", "learning_rat=0.1"], 2, "learning_rate"),
        (["train", "demo", "--model", "bpr_mf", "--split", "sideways"], 2, "leave_last_out"),
        (["ask", "hello", "--llm", "http://127.0.0.1:9/v1"], 1, "127.0.0.1:9"),
        (["ask", "hello", "--llm", "/no/such/folder"], 1, "/no/such/folder"),
        (["memory", "stats", "--memory-url", "http://127.0.0.1:9"], 1, "127.0.0.1:9"),
        (["study", "resume", "nothing"], 1, "nothing"),
        (["ui", "--host", "0.0.0.0", "--port", "0"], 1, "recpilot users add NAME"),  # noqa: S104 - it is refused
    ],
)
def test_bad_input_gets_one_sentence(recpilot: "Recpilot", args: list[str], status: int, words: str) -> None:
    run = recpilot.here(*args)
    said = run.stderr.strip()
    assert run.returncode == status, said
    assert words in said
    assert "Traceback" not in said
    assert n_studies(recpilot.home) == 0


def n_studies(home: Path) -> int:
    """Rows in the ledger, which may not be there at all."""
    if not (home / "studies.db").exists():
        return 0
    with closing(sqlite3.connect(home / "studies.db")) as ledger:
        return int(ledger.execute("SELECT count(*) FROM studies").fetchone()[0])


def test_a_port_in_use_is_said(recpilot: "Recpilot") -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = recpilot.here("ui", "--port", port)
    assert run.returncode == 1
    assert port in run.stderr
    assert "Traceback" not in run.stderr


def test_a_home_that_cannot_be_written_is_said(recpilot: "Recpilot", tmp_path: Path) -> None:
    recpilot.home.write_text("a file stands where the folder should be")
    run = recpilot.here("tune", "demo", "--model", "ease", "--trials", "1")
    assert run.returncode == 1
    assert str(recpilot.home) in run.stderr
    assert "Traceback" not in run.stderr
    assert recpilot.home.read_text() == "a file stands where the folder should be"


def test_train_on_a_labelled_file_prints_the_metrics_of_labels(recpilot: "Recpilot", tmp_path: Path) -> None:
    rows = [f"u{u},i{i},h{(u * i) % 3},{int((u + i) % 3 == 0)}" for u in range(12) for i in range(15)]
    (tmp_path / "offers.csv").write_text("\n".join(["user,item,hour,clicked", *rows]))
    usual = ("train", str(tmp_path / "offers.csv"), "--model", "deepfm", "--set", "hidden_size=16", "--epochs", "2")
    metrics = recpilot.json(*usual)["metrics"]
    names = ("logloss", "auc", "user_auc", "f1")
    assert {f"{part}_{name}" for part in ("valid", "test") for name in ("ndcg@10", *names)} <= metrics.keys()
    run = recpilot.here(*usual, "--objective", "auc")
    assert run.returncode == 0, run.stderr
    for words in ("logloss", "auc", "user_auc", "f1"):
        assert words in run.stdout, words
    assert "ndcg" not in run.stdout
