"""The packaged network on wording that training never saw, and each clause by itself."""

import json
from pathlib import Path

import pytest

from agent.understanding.clauses.reader import MessageReader, Reading
from agent.words.names import Names, read

ROWS = [json.loads(line) for line in Path(__file__).with_name("held_out.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def reader() -> MessageReader:
    return MessageReader.load()


def read_by(reader: MessageReader, say: str, before: str | None = None, state: str | None = None) -> Reading:
    return reader.read(read(say, Names(datasets=("demo", "shop"))), before, state)


def test_unseen_wording_is_mostly_understood(reader: MessageReader) -> None:
    right = 0
    for row in ROWS:
        before = row.get("before") or {}
        whole = read_by(reader, row["say"], before.get("tool"), before.get("study")).whole
        right += max(whole, key=lambda label: whole[label]).partition(":")[0] == row["tool"]
    assert right >= 0.8 * len(ROWS)


def test_each_clause_asks_for_its_own(reader: MessageReader) -> None:
    found = read_by(reader, "pause the study, and recommend 3 items for user u5").clauses
    labels = [max(clause.acts, key=lambda label: clause.acts[label]) for clause in found]
    assert labels == ["control_study:pause", "recommend_items"]


@pytest.mark.parametrize(
    ("say", "mood"),
    [
        ("export the best model", "order"),
        ("is it safe to export now?", "question"),
        ("don't export anything", "refusal"),
        ("export it when the study is done", "later"),
    ],
)
def test_the_mood_of_an_act_is_told(reader: MessageReader, say: str, mood: str) -> None:
    moods = read_by(reader, say).clauses[0].moods
    assert max(moods, key=lambda name: moods[name]) == mood


def test_a_reading_is_made_of_probabilities(reader: MessageReader) -> None:
    found = read_by(reader, "hello. tune ease on shop")
    for names in (found.whole, found.relations, *(clause.acts for clause in found.clauses)):
        assert sum(names.values()) == pytest.approx(1, abs=1e-5)
