"""What a chat model is asked, under which schema, and what becomes of its answer."""

import json
import re
import threading
from dataclasses import replace
from typing import Any

import pytest

from agent.deciding.decision import DecisionContext, DecisionFailed, Draft
from agent.deciding.model_decider import ModelDecider, curve_shape, prompt, schema
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


def part(title: str, context: DecisionContext = CONTEXT) -> list[dict[str, Any]]:
    """The rows below a title of the prompt."""
    found = re.search(
        rf"^{title}[^\n]*:\n(?:<data>\n)?(.*?)(?:\n</data>|\n\n)", prompt(context), re.DOTALL | re.MULTILINE
    )
    assert found
    return [] if found[1] == "none" else [json.loads(line) for line in found[1].splitlines()]


def test_the_prompt_shows_the_five_best_trials_and_the_latest_of_the_last_five() -> None:
    numbers = [9, 19, 8, 18, 7, 16, 17, 20]  # the last five are 16 to 20, of which 18 and 19 are among the best
    rows = part("Trials so far")
    assert [row["id"] for row in rows] == [f"s/{number}" for number in numbers]
    assert rows[0] == {
        "id": "s/9",
        "model": "m",
        "params": {"rate": 0.09},
        "state": "complete",
        "ndcg@10": 0.09,
        "curve": "too short to say",
    }
    assert (rows[-1]["state"], rows[-1]["ndcg@10"], rows[-1]["reason"]) == ("failed", None, "‹diverged›")
    assert "reason" not in rows[0]


def test_a_trial_that_was_pruned_is_none_of_the_best_whatever_its_value() -> None:
    records = (record(30, 0.9, state="pruned"), *RECORDS)
    assert [row["id"] for row in part("Trials so far", replace(CONTEXT, records=records))][:2] == ["s/9", "s/19"]
    latest = part("Trials so far", replace(CONTEXT, records=(*RECORDS, records[0])))[-1]
    assert (latest["id"], latest["state"]) == ("s/30", "pruned")


def test_only_complete_trials_with_a_value_are_shown_for_being_among_the_best() -> None:
    first = (record(0, 0.1), record(1, 0.9, state="pruned"), record(2, None, state="complete"))
    records = (*first, *(record(number, None, reason="diverged") for number in range(3, 8)))
    shown = [row["id"] for row in part("Trials so far", replace(CONTEXT, records=records))]
    assert shown == ["s/0", *(f"s/{number}" for number in range(3, 8))], "the best, and the last five"


def test_the_best_are_the_smallest_where_less_is_better() -> None:
    goal = Goal.parse(["rmse"])
    records = tuple(replace(x, objective="rmse", direction="minimize", curve=(0.3, 0.2, 0.1)) for x in RECORDS)
    rows = part("Trials so far", replace(CONTEXT, goal=goal, records=records))
    assert [row["id"] for row in rows[:5]] == ["s/0", "s/10", "s/1", "s/11", "s/2"]
    assert rows[0]["curve"] == "still rising at the last epoch", "better and better, though the error falls"


def test_the_prompt_shows_five_remembered_trials_and_lessons_quoted_and_capped() -> None:
    rows = part("Remembered from other studies")
    assert [(row["id"], row["likeness"]) for row in rows] == [
        ("old/0", 0.88), ("old/1", 0.78), ("old/2", 0.68), ("old/3", 0.58), ("old/4", 0.48),
    ]  # fmt: skip
    assert {row["dataset"] for row in rows} == {"x‹y"}
    lessons = part("Lessons")
    assert [row["id"] for row in lessons] == [f"lesson/{i}" for i in range(5)]
    assert {row["text"] for row in lessons} == {("a › b " * 100)[:300]}


def test_the_prompt_states_data_space_candidates_and_goal() -> None:
    assert part("Dataset") == [{"n_users": 60.0, "density": 0.1235}]
    assert part("Search space") == [{"model": "m"} | SPACE.describe(), {"model": "popularity"}]
    assert part("Candidates of the advisor") == [
        {
            "candidate": 0,
            "model": "m",
            "params": {"rate": 0.5},
            "from": "gp",
            "reason": "Most.",
            "predicted": 0.4,
            "spread": 0.02,
        },
        {"candidate": 1, "model": "m", "params": {"rate": 0.7}, "from": "random", "reason": "Far."},
    ]
    text = prompt(CONTEXT)
    assert "Study: spring\nObjective: maximize ndcg@10, coverage@10 >= 0.2\nThis will be trial 21 of 40.\n" in text
    assert part("Lessons", replace(CONTEXT, lessons=())) == []


def test_a_wish_and_a_rule_stand_in_the_prompt_only_where_there_are_any() -> None:
    text = prompt(replace(CONTEXT, request='more "rate"\nplease', rule="`rate` is too high"))
    assert 'This will be trial 21 of 40. The person wishes: "more \\"rate\\" please".\n' in text
    assert text.rstrip().endswith("Your last answer was refused: `rate` is too high. Answer again.")
    assert "wishes" not in prompt(CONTEXT) and "refused" not in prompt(CONTEXT)


def test_text_of_any_language_stands_in_the_prompt_as_it_is() -> None:
    lessons = (Lesson(id="lesson/1", text="Höhere Raten, 発散", source="user"),)
    text = prompt(replace(CONTEXT, lessons=lessons, request="größere Vielfalt"))
    assert "Höhere Raten, 発散" in text and '"größere Vielfalt"' in text


def test_the_schema_is_the_live_space_with_everything_required_and_nothing_else() -> None:
    found = schema(CONTEXT)
    assert (found["title"], found["required"]) == ("Proposal", ["rationale", "choice", "expected", "evidence"])
    assert found["description"] and found["additionalProperties"] is False and found["type"] == "object"
    taken, own = found["properties"]["choice"]["anyOf"]  # a model without params can only be a candidate
    assert taken["properties"] == {"candidate": {"type": "integer", "enum": [0, 1]}}
    assert own["properties"]["model"] == {"type": "string", "enum": ["m"]}
    assert own["properties"]["params"] == {
        "type": "object",
        "properties": {
            "rate": {"type": "number", "minimum": 0.0, "maximum": 1.0},
            "n": {"type": "integer", "minimum": 1, "maximum": 9},
            "loss": {"enum": ["bpr", "bce"]},
        },
        "required": ["rate", "n", "loss"],
        "additionalProperties": False,
    }
    assert found["properties"]["rationale"] == {"type": "string", "maxLength": 400}
    assert found["properties"]["expected"] == {"type": "number"}


def test_the_schema_takes_what_was_shown_as_evidence_five_at_most() -> None:
    evidence = schema(CONTEXT)["properties"]["evidence"]
    shown = [f"s/{number}" for number in (9, 19, 8, 18, 7, 16, 17, 20)]
    shown += [f"old/{i}" for i in range(5)] + [f"lesson/{i}" for i in range(5)]
    assert evidence == {"type": "array", "items": {"type": "string", "enum": shown}, "maxItems": 5}
    two = schema(replace(CONTEXT, records=RECORDS[:1], recalled=(), lessons=CONTEXT.lessons[:1]))
    assert two["properties"]["evidence"]["maxItems"] == 2
    none = schema(replace(CONTEXT, records=(), recalled=(), lessons=()))["properties"]["evidence"]
    assert none == {"type": "array", "items": {"type": "string", "maxLength": 0}, "maxItems": 0}


def answer(**changed: Any) -> Any:
    given = {"rationale": "It is close.", "choice": {"candidate": 1}, "expected": 0.4, "evidence": ["s/1"]}
    return call("Proposal", **(given | changed))


def decided(line: Any, timeout_s: float = 30) -> Draft:
    return ModelDecider(ScriptedChat(lines=[line]), timeout_s=timeout_s)(CONTEXT)


def test_an_answer_is_a_candidate_or_params_of_its_own() -> None:
    taken = Draft(candidate=1, expected=0.4, rationale="It is close.", evidence=("s/1",))
    assert decided(answer()) == taken
    own = {"model": "m", "params": {"rate": 0.3, "n": 2, "loss": "bpr"}}
    assert decided(answer(choice=own, evidence=[])) == replace(taken, candidate=None, evidence=(), **own)


def test_a_rationale_is_one_line_of_four_hundred_characters_at_most() -> None:
    assert decided(answer(rationale="  It is\n\nclose. ")).rationale == "It is close."
    assert decided(answer(rationale="very " * 200)).rationale == ("very " * 200)[:400]


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
        ((0.1, 0.2, 0.3), "still rising at the last epoch"),
        ((0.3, 0.2, 0.1), "best at epoch 1 of 3, falling after it"),
        ((0.1, 0.3, 0.3, 0.2), "best at epoch 2 of 4, falling after it"),
        ((0.0, 5.0, 9.0, 9.1, 9.9, 10.0), "level at the end"),  # the last third rose by 0.9 of 10
        ((0.0, 5.0, 8.0, 8.9, 9.5, 10.0), "still rising at the last epoch"),  # by 1.1
        ((1.0, 6.0, 9.0, 10.0, 10.5, 11.0), "level at the end"),  # by exactly a tenth of the whole rise of 10
        ((100.0, 105.0, 108.0, 108.9, 109.5, 110.0), "still rising at the last epoch"),  # what it began with is no rise
        ((9.0, 9.0, 9.0), "best at epoch 1 of 3, falling after it"),
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
