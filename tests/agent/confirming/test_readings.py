"""Readings of test parts are counted for ever."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.answers.wording import ordinal
from agent.confirming.readings import Readings


def engine(folder: Path) -> sa.Engine:
    return sa.create_engine(f"sqlite:///{folder}/studies.db")


def test_readings_are_counted_by_part_over_processes_and_a_key_counts_once(tmp_path: Path) -> None:
    readings = Readings(engine(tmp_path))
    assert readings.read("data", "random", 0, "confirm/a/1") == 1
    assert readings.read("data", "random", 0, "train/1") == 2
    assert readings.read("data", "random", 1, "train/2") == 1
    assert readings.read("other", "random", 0, "train/3") == 1
    again = Readings(engine(tmp_path))
    assert again.read("data", "random", 0, "confirm/a/1") == 1
    assert again.read("data", "random", 0, "train/4") == 3
    assert again.count("data", "random", 0) == 3


def test_a_split_without_chance_has_one_test_part_for_all_seeds(tmp_path: Path) -> None:
    readings = Readings(engine(tmp_path))
    assert readings.read("data", "leave_last_out", 0, "a") == 1
    assert readings.read("data", "leave_last_out", 7, "b") == 2
    assert readings.count("data", "leave_last_out", 3) == 2


@pytest.mark.parametrize("split", ["random", "given"])
def test_another_seed_is_another_test_part_where_the_split_draws_one(split: str, tmp_path: Path) -> None:
    readings = Readings(engine(tmp_path))
    assert [readings.read("data", split, seed, f"{seed}") for seed in (0, 1)] == [1, 1]
    assert [readings.count("data", split, seed) for seed in (0, 1, 2)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (22, "22nd")]
)
def test_ordinals(number: int, words: str) -> None:
    assert ordinal(number) == words
