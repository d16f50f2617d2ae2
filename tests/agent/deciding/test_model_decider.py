"""What becomes of a chat model's answer: a draft with a reason that holds, or why there is none."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from agent.deciding.acts import Draft, Own, Take
from agent.deciding.context import DecisionContext
from agent.deciding.decision import DecisionFailed
from agent.deciding.model_decider import ModelDecider, budget_of
from agent.deciding.telling import curve_shape
from agent.llm.scripted import ScriptedChat, call
from agent.objective import Goal
from agent.proposal import Candidate
from memory.record import Lesson, TrialRecord
from recmodels.search_space import Choice, Float, Int, SearchSpace

SPACE = SearchSpace(
    {"rate": Float(0.0, 1.0, default=0.5), "n": Int(1, 9, default=3), "loss": Choice(("bpr", "bce"), default="bpr")}
)


def record(number: int, value: float | None, study: str = "s", **changed: Any) -> TrialRecord:
    given = TrialRecord(
        id=f"{study}/{number}",
        study=study,
        number=number,
        dataset="d",
        model="m",
        params={"rate": number / 100},
        state="complete" if value is not None else "failed",
        objective="ndcg@10",
        value=value,
    )
    return replace(given, **changed)


RECORDS = (*(record(i, 0.01 * (i % 10)) for i in range(20)), record(20, None, reason="<diverged>"))
CONTEXT = DecisionContext(
    study="spring",
    number=21,
    n_trials=40,
    goal=Goal.parse(["ndcg@10"], ["coverage@10>=0.2"]),
    profile={"n_users": 60.0, "density": 0.123456789},
    spaces={"m": SPACE, "popularity": SearchSpace({})},
    records=RECORDS,
    recalled=tuple((record(i, 0.3, study="old", dataset="x<y"), 0.876 - 0.1 * i) for i in range(7)),
    lessons=tuple(Lesson(id=f"lesson/{i}", text="a > b " * 100, source="user") for i in range(7)),
    candidates=(
        Candidate(model="m", params={"rate": 0.5}, source="gp", reason="Most.", mean=0.4, spread=0.02),
        Candidate(model="m", params={"rate": 0.7}, source="random", reason="Far."),
    ),
)


def answer(**changed: Any) -> Any:
    given = {"rationale": "It is close.", "choice": {"candidate": 1}, "expected": 0.4, "evidence": ["s/1"]}
    return call("Proposal", **(given | changed))


def decided(line: Any, timeout_s: float = 30) -> Draft:
    return ModelDecider(ScriptedChat(lines=[line]), timeout_s=timeout_s)(CONTEXT)


def test_an_answer_is_a_candidate_or_params_of_its_own() -> None:
    taken = Draft(act=Take(candidate=1), expected=0.4, rationale="It is close.", evidence=("s/1",))
    assert decided(answer()) == taken
    own = {"model": "m", "params": {"rate": 0.3, "n": 2, "loss": "bpr"}}
    assert decided(answer(choice=own, evidence=[])) == replace(taken, act=Own(**own), evidence=())


def test_a_rationale_is_one_line_of_four_hundred_characters_at_most() -> None:
    assert decided(answer(rationale="  It is\n\nclose. ")).rationale == "It is close."
    assert decided(answer(rationale="very " * 200)).rationale == ("very " * 200)[:400].strip()


def test_numbers_that_were_not_shown_are_taken_out_of_the_rationale() -> None:
    said = decided(answer(rationale="Trial s/9 reached 0.09. It will reach 0.7654 soon.")).rationale
    assert "0.09" in said and "0.7654" not in said


@pytest.mark.parametrize(
    "changed",
    [
        {"choice": {"candidate": 1, "model": "m"}},
        {"choice": {"model": "m", "params": {}, "seed": 1}},
        {"weather": "fine"},
        {"expected": "high"},
    ],
)
def test_an_answer_outside_of_the_schema_fails_with_the_reason(changed: dict[str, Any]) -> None:
    with pytest.raises(DecisionFailed, match=r"its answer does not fit the schema: \w+"):
        decided(answer(**changed))


def test_an_error_of_the_model_is_raised_and_a_late_answer_is_not_waited_for() -> None:
    with pytest.raises(RuntimeError, match="connection refused"):
        decided(RuntimeError("connection refused"))
    is_over, threads = threading.Event(), list[threading.Thread]()

    def wait(_: object) -> str:
        threads.append(threading.current_thread())
        return str(is_over.wait(60))

    with pytest.raises(DecisionFailed, match=r"^no answer within 0\.2 s$"):
        decided(wait, timeout_s=0.2)
    is_over.set()
    assert all((thread.name, thread.daemon) == ("decider", True) for thread in threads), "it keeps no process alive"


@pytest.mark.parametrize(
    ("curve", "shape"),
    [
        ((), "too short to say"),
        ((0.1, 0.2), "too short to say"),
        ((0.1, 0.2, 0.3), "still improving at the last epoch"),
        ((0.3, 0.2, 0.1), "best at epoch 1 of 3, worse after it"),
        ((0.1, 0.3, 0.3, 0.2), "best at epoch 2 of 4, worse after it"),
        ((0.0, 5.0, 9.0, 9.1, 9.9, 10.0), "level at the end"),  # the last third rose by 0.9 of 10
        ((0.0, 5.0, 8.0, 8.9, 9.5, 10.0), "still improving at the last epoch"),  # by 1.1
        ((1.0, 6.0, 9.0, 10.0, 10.5, 11.0), "level at the end"),  # by exactly a tenth of the whole rise of 10
        (
            (100.0, 105.0, 108.0, 108.9, 109.5, 110.0),
            "still improving at the last epoch",
        ),  # what it began with is no rise
        ((9.0, 9.0, 9.0), "best at epoch 1 of 3, level after it"),
    ],
)
def test_a_curve_is_told_by_its_shape_whichever_way_is_better(curve: tuple[float, ...], shape: str) -> None:
    assert curve_shape(curve, True) == shape
    assert curve_shape([-value for value in curve], False) == shape


def test_a_reason_may_speak_of_its_own_params_of_differences_and_of_what_it_expects() -> None:
    own = {"model": "m", "params": {"rate": 0.33, "n": 2, "loss": "bpr"}}
    said = "Rate 0.33 lies between the leaders. Trial 9 leads trial 19 by 0.01; I expect 0.4."
    found = decided(answer(rationale=said, choice=own, evidence=[])).rationale
    assert "Rate 0.33 lies between the leaders." in found


def test_a_reason_that_does_not_hold_is_asked_for_once_more_with_what_is_wrong() -> None:
    model = ScriptedChat(lines=[answer(rationale="Trial 9 reached 0.7654."), answer(rationale="Trial 9 reached 0.09.")])
    draft = ModelDecider(model, timeout_s=30)(CONTEXT)
    assert draft.rationale == "Trial 9 reached 0.09."
    assert "0.7654" in model.seen[-1][-1].text and "Your last answer" in model.seen[-1][-1].text


def test_a_number_of_which_it_is_not_clear_what_it_is_of_is_marked_in_plain_words() -> None:
    said = "Seventeen of them were enough."
    assert decided(answer(rationale=said, evidence=[])).rationale == f"{said} (not checked)"


class Sized(ScriptedChat):
    context_length: int


@pytest.mark.parametrize(("length", "budget"), [(None, 4000), (2048, 1024), (8192, 6992), (1_000_000, 500_000)])
def test_a_question_takes_what_the_models_context_has_and_four_thousand_tokens_where_that_is_not_known(
    length: int | None, budget: int
) -> None:
    model = ScriptedChat(lines=[]) if length is None else Sized(lines=[], context_length=length)
    assert budget_of(model) == min(budget, 16_000)
