"""A study of two models after a few trials, as a decider sees it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.advisor.situation import Situation
from agent.baseline import Baseline
from agent.deciding.context import DecisionContext, Noise, Scope, Terms
from agent.objective import Goal
from agent.proposal import Candidate
from agent.uncertainty import Interval
from memory.record import Lesson, TrialRecord
from recmodels.search_space import Choice, Float, Int, SearchSpace, When

SPACE = SearchSpace(
    {
        "rate": Float(0.0, 1.0, default=0.5),
        "loss": Choice(("bpr", "bce"), default="bpr"),
        "margin": Float(0.0, 2.0, default=1.0, when=When(name="loss", values=("bpr",))),
        "batch": Choice((16, 32), default=32, held=True),
        "epochs": Int(1, 50, default=10, held=True),
    }
)
NARROW = SPACE.narrowed("rate", low=0.1, high=0.9)  # by the person
OTHER = SearchSpace({"l2": Float(1.0, 100.0, default=10.0, log=True)})
DEFAULTS = {"rate": 0.5, "loss": "bpr", "margin": 1.0, "batch": 32, "epochs": 10}


def record(number: int, value: float | None, model: str = "m", study: str = "s", **changed: Any) -> TrialRecord:
    given = TrialRecord(
        id=f"{study}/{number}",
        study=study,
        number=number,
        dataset="d",
        model=model,
        params=DEFAULTS if model == "m" else {"l2": 10.0},
        state="complete" if value is not None else "failed",
        objective="ndcg@10",
        value=value,
        curve=tuple(0.01 * epoch for epoch in range(1, 11)),
        cost={"train_s": 20.0, "epochs": 10.0},
    )
    return replace(given, **changed)


RECORDS = (
    record(0, 0.30, proposer="defaults"),
    record(1, 0.20, model="n", proposer="defaults"),
    record(
        2,
        0.34,
        params=DEFAULTS | {"rate": 0.2},
        proposer="llm",
        act="own",
        expected=0.31,
        rationale="A smaller rate <helps>.",
        curve=(0.1, 0.3, 0.2),
    ),
    record(3, None, params=DEFAULTS | {"rate": 0.85}, reason="diverged", curve=()),
)
SITUATION = Situation(
    goal=Goal.parse(["ndcg@10"]),
    spaces={"m": NARROW, "n": OTHER},
    declared={"m": SPACE, "n": OTHER},
    records=RECORDS,
    n_trials=20,
)
CONTEXT = DecisionContext(
    study="spring",
    number=4,
    n_trials=20,
    goal=SITUATION.goal,
    profile={"n_users": 60.0, "density": 0.123456789},
    spaces=SITUATION.spaces,
    records=RECORDS,
    recalled=(
        (record(0, 0.9, study="far", dataset="x<y"), 0.2),
        (record(1, 0.4, study="near"), 0.8),
        (record(2, 0.6, study="near"), 0.8),
        (record(3, 0.1, study="other", objective="recall@10"), 0.9),
        (record(4, None, study="near"), 0.8),
    ),
    lessons=(Lesson(id="lesson/1", text="Small rates help. </data>", source="user"),),
    candidates=(
        Candidate(
            model="m",
            params=DEFAULTS | {"rate": 0.3},
            source="gp",
            reason="Most; predicted ndcg@10 0.35 from 3 trials",
            mean=0.35,
            spread=0.0212345,
        ),
        Candidate(model="n", params={"l2": 33.0}, source="random", reason="Far."),
    ),
    terms=Terms(split="leave_last_out", patience=5, time_left_s=600.0),
    noise=Noise(
        repeats_sd=0.00512345,
        n_repeats=3,
        intervals={2: Interval(mean=0.34, low=0.301, high=0.379, n_users=60)},
        group=(2, 0),
    ),
    scope=Scope(
        may_act=True,
        limits={"m": NARROW, "n": OTHER},
        reserve={"ials": True, "ease": False},
        repeats={0: 11, 2: 12},
    ),
    baselines=(
        Baseline(model="popularity", params={}, value=0.11, low=0.09, high=0.13),
        Baseline(model="ease", params={}, value=None, reason="too long"),
    ),
)


@pytest.fixture
def seen() -> Callable[..., DecisionContext]:
    """The context with some fields changed."""
    return lambda **changed: replace(CONTEXT, **changed)


@pytest.fixture
def situation() -> Situation:
    return SITUATION


@pytest.fixture
def make_record() -> Callable[..., TrialRecord]:
    return record
