"""The schema of a decider's answer as a grammar: a local model can write every act, and nothing that is illegal."""

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from agent.deciding.acts import Ask, BringIn, End, LeaveOut, Longer, Own, Repeat, SetRange, Take
from agent.deciding.answer import choice_of, draft_of
from agent.deciding.context import DecisionContext, Scope
from agent.deciding.prompt import fitted
from agent.objective import Goal
from agent.proposal import Candidate
from memory.record import TrialRecord
from recmodels.models import space_of

SPACES = {model: space_of(model) for model in ("ease", "bpr_mf")}
FIRST = TrialRecord(
    id="s/0",
    study="s",
    number=0,
    dataset="d",
    model="bpr_mf",
    params=SPACES["bpr_mf"].defaults(),
    state="complete",
    objective="ndcg@10",
    value=0.2,
    curve=(0.1, 0.2),
)
OTHERS = [
    replace(FIRST, id=f"s/{i}", number=i, model="ease", params={"l2": float(i)}, value=0.1, curve=()) for i in (1, 2, 3)
]
CONTEXT = DecisionContext(
    study="s",
    number=4,
    n_trials=9,
    goal=Goal.parse(["ndcg@10"]),
    profile={},
    spaces=SPACES,
    records=(FIRST, *OTHERS),
    recalled=(),
    lessons=(),
    candidates=(Candidate(model="ease", params={"l2": 30.0}, source="gp", reason="It promises most."),),
    scope=Scope(may_act=True, limits=SPACES, reserve={"sasrec": True}, repeats={0: 5}),
)
SCHEMA = fitted(CONTEXT).schema
OWN = {"l2": 60.5, "dropout": 0.25, "user_exponent": 0.5, "popularity_exponent": 0.0}


def accepts(chat: Any, choice: dict[str, Any], expected: Any = 0.25) -> bool:
    """Whether the grammar lets the answer be written to its end."""
    answer = {"rationale": "So.", "choice": choice, "expected": expected, "evidence": ["s/0"]}
    matcher = chat._guide.json_matcher(SCHEMA)
    return bool(matcher.consume_tokens(chat._guide.tokens_of(json.dumps(answer))) and matcher.is_accepting())


@pytest.mark.parametrize(
    "act",
    [
        Take(candidate=0),
        Own(model="ease", params=OWN),
        Own(model="ease", params=OWN, explores=True),
        Repeat(trial=0),
        Longer(trial=0, epochs=80),
        Longer(trial=0, epochs=80, patience=20),
        SetRange(model="bpr_mf", param="learning_rate", low=0.001, high=0.01),
        SetRange(model="bpr_mf", param="loss", choices=("bpr",)),
        LeaveOut(model="ease"),
        BringIn(model="sasrec"),
        End(),
        Ask(question="How slow may it be?", choices=("5 ms", "50 ms")),
        Ask(question="Why?"),
    ],
)
def test_every_act_can_be_written(chat: Any, act: Any) -> None:
    assert accepts(chat, choice_of(act))


@pytest.mark.parametrize(
    "choice",
    [
        {"candidate": 1},
        {"model": "ease", "params": OWN | {"dropout": 0.9}},
        {"model": "bpr_mf", "params": OWN},
        {"repeat": 3},
        {"longer": 0, "epochs": 400},
        {"bring_in": "ials"},
        {"weather": "fine"},
    ],
)
def test_nothing_else_can(chat: Any, choice: dict[str, Any]) -> None:
    assert not accepts(chat, choice)


def test_an_expectation_that_cannot_be_cannot_be_written(chat: Any) -> None:
    assert accepts(chat, {"candidate": 0}, 1.0) and not accepts(chat, {"candidate": 0}, 1.5)


def test_a_model_with_random_weights_writes_legal_answers(chat: Any) -> None:
    model = chat.with_structured_output(SCHEMA)
    for _ in range(3):
        answer = model.invoke("What next?")
        jsonschema.validate(answer, SCHEMA)
        draft_of(answer)
