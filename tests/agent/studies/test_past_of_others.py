"""What a study is told of others: trials of its home, and those that came with recpilot."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.studies.past_of_others import DATASETS, EACH, broken_here, past_of_others
from memory.embedding import HashingEmbedder
from memory.histories import files
from memory.histories.measured import SHIPPED, MeasuredTrial
from memory.record import TrialRecord
from memory.store import TrialMemory

PROFILE = {"n_users": 900.0, "n_items": 1_700.0, "n_interactions": 1e5, "density": 0.06}


def record(number: int, study: str = "old", dataset: str = "films", value: float = 0.3) -> TrialRecord:
    return TrialRecord(
        id=f"{study}/{number}",
        study=study,
        number=number,
        dataset=dataset,
        profile=PROFILE,
        model="ease",
        params={"l2": float(number + 1)},
        state="complete",
        objective="ndcg@10",
        value=value,
        metrics={"valid_ndcg@10": value},
    )


@pytest.fixture
def memory(tmp_path: Path) -> TrialMemory:
    return TrialMemory(tmp_path / "memory", HashingEmbedder())


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of histories in place of those that ship."""
    folder = tmp_path / "histories"
    monkeypatch.setattr(files, "SHIPPED_FOLDER", folder)
    files._shipped_records.cache_clear()
    trials = [measured(f"set{n}", i) for n in range(DATASETS + 2) for i in range(3)]
    files.pack(trials, folder)
    return folder


def measured(dataset: str, configuration: int) -> MeasuredTrial:
    n = float(dataset.removeprefix("set"))
    return MeasuredTrial(
        dataset=dataset,
        fingerprint=dataset,
        profile=PROFILE | {"n_users": 900.0 * 10**n},
        split="random",
        split_seed=0,
        model="ease",
        configuration=configuration,
        params={"l2": 10.0 * (configuration + 1)},
        seed=0,
        state="complete",
        objective="ndcg@10",
        direction="maximize",
        value=0.1,
    )


def test_a_new_home_knows_what_came_with_recpilot(memory: TrialMemory, shipped: Path) -> None:
    found = past_of_others(memory, ("ease",), PROFILE, "s")
    assert {r.proposer for r, _ in found} == {SHIPPED}
    assert len(found) == 3 * DATASETS
    assert found[0][0].dataset == "set0" and found[0][1] == pytest.approx(1.0)
    assert past_of_others(memory, ("item_knn",), PROFILE, "s") == ()
    assert memory.get(found[0][0].id) is not None
    assert memory.get("shipped/set0/ease/77/0") is None


def test_the_trials_of_the_home_come_with_those_and_the_studys_own_are_left_out(
    memory: TrialMemory, shipped: Path
) -> None:
    memory.remember(record(0), record(1, study="s"), *(record(i, dataset="many") for i in range(2, EACH + 20)))
    found = [r for r, _ in past_of_others(memory, ("ease",), PROFILE, "s") if r.proposer != SHIPPED]
    assert [r.id for r in found if r.dataset == "films"] == ["old/0"]
    assert len([r for r in found if r.dataset == "many"]) == EACH


def test_histories_that_cannot_be_read_cost_their_hints_only(
    memory: TrialMemory, shipped: Path, caplog: pytest.LogCaptureFixture
) -> None:
    memory.remember(record(0))
    (shipped / "ease--broken.jsonl.gz").write_bytes(b"no gzip")
    with caplog.at_level(logging.WARNING):
        assert [r.id for r, _ in past_of_others(memory, ("ease",), PROFILE, "s")] == ["old/0"]
    assert "cannot be read" in caplog.text


def test_without_a_memory_nothing_is_told(shipped: Path) -> None:
    assert past_of_others(None, ("ease",), PROFILE, "s") == ()


def test_what_broke_on_the_same_data_is_known_to_other_studies_but_not_what_took_too_long(memory: TrialMemory) -> None:
    def failed(number: int, reason: str, **changed: Any) -> TrialRecord:
        return replace(record(number, **changed), state="failed", value=None, metrics={}, reason=reason)

    memory.remember(
        record(0),
        failed(1, "diverged: the loss became nan in epoch 1"),
        failed(2, "out_of_memory"),
        failed(3, "time_limit: no epoch finished in 5 s"),
        failed(4, "interrupted"),
        failed(5, "diverged", study="mine"),
        failed(6, "diverged", study="far", dataset="books"),
    )
    found = broken_here(memory, ("ease", "item_knn"), "films", PROFILE, "mine")
    assert sorted(r.number for r in found) == [1, 2]
    assert broken_here(None, ("ease",), "films", PROFILE, "mine") == ()
    assert broken_here(memory, ("ials",), "films", PROFILE, "mine") == ()
    other = {name: 50 * number for name, number in PROFILE.items()}
    assert broken_here(memory, ("ease",), "films", other, "mine") == (), "other data of the same name"
