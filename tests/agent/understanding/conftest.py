"""A reader of messages that says what a test tells it, and a state of affairs to read messages in."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.understanding.clauses.clauses import clauses
from agent.understanding.clauses.reader import ClauseReading, Reading
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.network.labels import LABELS, MOODS, RELATIONS
from agent.understanding.plan import Plan
from agent.understanding.planner import Planner
from agent.words.said import Said


def _sure(names: tuple[str, ...], chosen: str, probability: float = 0.99) -> dict[str, float]:
    rest = (1 - probability) / (len(names) - 1)
    return {name: probability if name == chosen else rest for name in names}


class ToldReader:
    """Reads a clause as what its first words were told to mean: "tool", "tool mood" or "tool mood probability"."""

    def __init__(self, meanings: dict[str, str], relation: str = "new") -> None:
        self._meanings = meanings
        self._relation = relation

    def is_word(self, word: str) -> bool:
        return word not in {"exprot", "puase", "teh"}

    def read(
        self, said: Said, before: str | None = None, state: str | None = None, asked: str | None = None
    ) -> Reading:
        places = clauses(said)
        found = [self._clause(said, start, end) for start, end in places]
        whole = self._clause(said, 0, len(said.text)).acts
        return Reading(clauses=tuple(found), whole=whole, relations=_sure(RELATIONS, self._relation))

    def _clause(self, said: Said, start: int, end: int) -> ClauseReading:
        text = said.text[start:end].strip().lower()
        told = next((meaning for words, meaning in self._meanings.items() if text.startswith(words.lower())), "none")
        label, mood, probability = [*told.split(), *("", "order", "0.99")[len(told.split()) :]]
        acts = _sure(LABELS, label)
        return ClauseReading(start=start, end=end, acts=acts, moods=_sure(MOODS, mood, float(probability)))


@pytest.fixture
def known() -> Known:
    """Two datasets, and two finished studies; demo-2 with four trials of sasrec is at hand, its trial 2 the best."""
    return Known(
        datasets=("demo", "shop"),
        studies=("demo-2", "demo-1"),
        study="demo-2",
        study_state="finished",
        study_dataset="demo",
        study_models=("sasrec",),
        objective="ndcg@10",
        trials=(0, 1, 2, 3),
        ranking=(2, 0, 3, 1),
        params={2: {"learning_rate": 0.003, "dropout": 0.1, "embedding_size": 64}, 3: {"dropout": 0.3}},
        trial_models={2: "sasrec", 3: "sasrec"},
    )


PlanOf = Callable[..., Plan]


@pytest.fixture
def plan_of(known: Known) -> PlanOf:
    """The plan of a message: what its clauses mean is told by their first words."""

    def plan(
        say: str,
        dialogue: Dialogue | None = None,
        relation: str = "new",
        removed: tuple[str, ...] = (),
        **meanings: str,
    ) -> Plan:
        told = {words.replace("_", " "): meaning for words, meaning in meanings.items()}
        planner = Planner(ToldReader(told, relation))  # type: ignore[arg-type]
        now = replace(known, removed=lambda: removed)
        return planner.plan(say, now, dialogue or Dialogue(study="demo-2", dataset="demo"))

    return plan
