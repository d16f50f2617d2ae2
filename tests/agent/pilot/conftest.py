"""One planner on the packaged network for all tests of this folder, and a state of affairs to read messages in."""

import pytest

from agent.understanding.clauses.reader import MessageReader
from agent.understanding.known import Known
from agent.understanding.planner import Planner


@pytest.fixture(scope="session")
def planner() -> Planner:
    return Planner(MessageReader.load())


@pytest.fixture
def known() -> Known:
    """Three datasets, and a study of sasrec with four trials of which number 2 is the best."""
    return Known(
        datasets=("demo", "ml-100k", "Books_2024"),
        studies=("demo-1",),
        study="demo-1",
        study_state="running",
        study_dataset="demo",
        study_models=("sasrec",),
        objective="ndcg@10",
        trials=(0, 1, 2, 3),
        ranking=(2, 0, 3),
        params={2: {"learning_rate": 0.003, "dropout": 0.1}, 3: {"learning_rate": 0.001, "dropout": 0.3}},
        trial_models={2: "sasrec", 3: "sasrec"},
    )
