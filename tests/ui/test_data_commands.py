"""`recpilot data`: versions of a dataset on the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recmodels.data.catalogue import Catalogue
from ui.cli.app import app

HEAD = "user_id,item_id,rating,timestamp\n"
OLD = HEAD + "".join(f"u{i % 20},i{i % 41},{1 + i % 5},{1_600_000_000 + i * 3600}\n" for i in range(200))
NEW = HEAD + "".join(f"u{i % 25},i{i % 9},{1 + i % 5},{1_700_000_000 + i * 3600}\n" for i in range(50))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECPILOT_HOME", str(tmp_path / "home"))
    (tmp_path / "shop.csv").write_text(OLD)
    (tmp_path / "may.csv").write_text(NEW)
    return tmp_path


def run(*words: str) -> str:
    return invoke("data", *words)


def invoke(*words: str) -> str:
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_version_says_what_it_comes_from_and_what_is_new(folder: Path) -> None:
    run("add", str(folder / "shop.csv"))
    added = json.loads(run("add", str(folder / "may.csv"), "--append", "shop", "--json"))
    assert added["name"] == "shop-v2" and added["derived_from"]["file"] == str(folder / "may.csv")
    assert added["compared"]["counts"]["n_events_added"] == added["derived_from"]["counts"]["n_added"] == 50
    run("rename", "shop", "store")
    assert "version 2, from store: may.csv appended" in " ".join(run("list").split())
    filtered = run("filter", "shop-v2", "--min-weight", "3", "--since", "2023-11-15", "--name", "late")
    assert "late  version 3, from shop-v2: ratings of 3 and more, since 2023-11-15" in " ".join(filtered.split("\n"))
    compared = run("compare", "store", "shop-v2")
    assert "shop-v2 has 250 events, store has 200: 50 are new, 0 are gone" in compared
    assert json.loads(run("compare", "store", "shop-v2", "--json")) == added["compared"] | {"old": "store"}


def test_a_backtest_measures_each_window_and_is_counted(folder: Path) -> None:
    run("add", str(folder / "shop.csv"))
    words = ("backtest", "shop", "--model", "popularity", "--windows", "2")
    found = json.loads(invoke(*words, "--json"))
    assert [(one["n_before"], one["n_events"]) for one in found["windows"]] == [(160, 20), (180, 20)]
    assert all(0 <= one["value"] <= 1 and one["is_small"] for one in found["windows"])
    assert found["windows"][0]["measured"]["n_users"] == 20
    assert found["readings"] == {"leave_last_out": 1, "temporal": 1}
    shown = " ".join(invoke(*words).split())
    assert "this reading was the 2nd of leave_last_out and the 2nd of temporal" in shown
    assert "fewer than 30 users measured: windows 1 and 2" in shown


def test_a_window_in_which_nothing_can_be_measured_is_said(folder: Path) -> None:
    again = "".join(f"u{i % 20},i{i % 41},3,{1_650_000_000 + i * 3600}\n" for i in range(50))
    (folder / "shop.csv").write_text(OLD + again)
    run("add", str(folder / "shop.csv"))
    words = ("backtest", "shop", "--model", "popularity", "--windows", "3", "--repeat-events", "mask", "--json")
    for rule, reason in (("all", "no user has a held-out item"), ("4+", "rows that count as likes")):
        found = json.loads(invoke(*words, "--positive", rule))
        assert found["positive"] == {"4+": ">=4"}.get(rule, rule)
        assert [one["value"] is None for one in found["windows"]] == [False, True, True]
        assert reason in found["windows"][1]["reason"]


def test_what_is_kept_of_a_removed_dataset_is_purged_after_a_question(folder: Path) -> None:
    run("add", str(folder / "shop.csv"))
    assert "Nothing is kept" in run("purge")
    Catalogue(folder / "home" / "datasets").set_aside("shop")
    asked = CliRunner().invoke(app, ("data", "purge"), input="n\n")
    kept = folder / "home" / "datasets" / ".removed"
    assert asked.exit_code == 1 and f"removed dataset shop, kept for undo: {kept}" in asked.stdout
    assert len(list(kept.iterdir())) == 1
    run("add", str(folder / "may.csv"))
    assert CliRunner().invoke(app, ("data", "purge", "may", "--yes")).exit_code == 2
    assert "Deleted 1 removed dataset (shop), " in run("purge", "shop", "--yes")
    assert not list(kept.iterdir()) and (folder / "shop.csv").exists()
