"""Questions about results, planned on the real network: each calls what answers it, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from agent.llm.pilot.composing import composed, planned
from agent.results.result import Unknown
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request, Waiting
from agent.understanding.planner import Planner


def plan_of(say: str, planner: Planner, known: Known, dialogue: Dialogue | None = None) -> Plan:
    return planned(planner.plan, say, known, dialogue or Dialogue(study="demo-1", dataset="demo"))


def calls(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    return [(one.tool, dict(one.args)) for one in plan.requests]


@pytest.mark.parametrize("say", ["why did trial 3 run?", "Why did trial number 3 run", "why did trial three run?"])
def test_a_trial_that_is_named_is_the_one_that_is_explained(say: str, planner: Planner, known: Known) -> None:
    assert calls(plan_of(say, planner, known)) == [("explain_trial", {"trial": 3})]


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        ("which trials cannot be told apart?", [("study_status", {})]),
        (
            "which trials were stopped early and why?",
            [
                (
                    "trials",
                    {
                        "filter": "pruned or failed or interrupted",
                        "columns": ["model", "state", "value", "epochs_run", "reason"],
                    },
                )
            ],
        ),
        ("which trials meet the constraint?", [("study_status", {}), ("trials", {"filter": "feasible"})]),
        (
            "which trials do not meet the constraint?",
            [("study_status", {}), ("trials", {"filter": "complete and not feasible"})],
        ),
        ("how much better is trial 3 than trial 0 in percent?", [("calc", {"expression": "t3.value - t0.value"})]),
        ("and the second best?", [("explain_trial", {"trial": 0})]),
        ("and the third best one?", [("explain_trial", {"trial": 3})]),
        ("how long did trial 1 take?", [("explain_trial", {"trial": 1})]),
        ("how long did trial 3 take, and who proposed it?", [("explain_trial", {"trial": 3})]),
        ("is the best model overfitting?", [("explain_trial", {"trial": 2})]),
        ("who chose trial 3?", [("explain_trial", {"trial": 3})]),
        ("which trial should I use?", [("study_status", {})]),
        ("who began this study?", [("list_studies", {})]),
        ("whose study is demo-1?", [("list_studies", {})]),
        ("what should I do next?", [("study_status", {})]),
        ("what was learned?", [("list_lessons", {"study": "demo-1"})]),
        ("is there a demo dataset?", [("describe_dataset", {"dataset": "demo"})]),
        ("is there a club dataset?", []),
        ("哪些试验满足约束？", [("study_status", {}), ("trials", {"filter": "feasible"})]),
    ],
)
def test_a_question_about_results_calls_what_answers_it(
    say: str, expected: list[tuple[str, dict[str, Any]]], planner: Planner, known: Known
) -> None:
    assert calls(plan_of(say, planner, known)) == expected


@pytest.mark.parametrize(
    ("say", "tool"),
    [
        ("how long will 5 more trials take?", ""),
        ("what would you try next?", "propose_trial"),
        ("which datasets are there?", "list_datasets"),
        ("what did you change in trial 3?", "explain_trial"),
        ("export the best model", "export_model"),
    ],
)
def test_their_neighbours_are_read_as_before(say: str, tool: str, planner: Planner, known: Known) -> None:
    assert [one for one, _ in calls(plan_of(say, planner, known))] == ([tool] if tool else [])


@pytest.mark.parametrize(
    ("say", "says"),
    [
        ("how do I turn on dark mode?", "Settings"),
        ("where is the download button?", "Overview"),
        ("how do I rename a chat?", "menu of a chat"),
        ("delete this chat", "menu of a chat"),
        ("show me the learning curve", "recpilot plot demo-1 curves"),
        ("show me the history plot", "recpilot plot demo-1 history"),
        ("what did you change?", "- study demo-1 was begun"),
        ("is there a club dataset?", "No, there is no dataset `club`"),
        ("怎么打开深色模式？", "Settings"),
    ],
)
def test_what_needs_no_record_is_answered_at_once(say: str, says: str, planner: Planner, known: Known) -> None:
    plan = plan_of(say, planner, replace(known, changes=lambda: ("study demo-1 was begun",)))
    assert says in (plan.answer or "")
    assert plan.requests == () and plan.waiting is None


def test_an_open_question_is_no_reason_to_read_a_whole_question_as_its_answer(planner: Planner, known: Known) -> None:
    asks = Waiting(requests=(Request(tool="undo"), Request(tool="study_status")), lacking="tool", text="Which?")
    plan = plan_of("is there a demo dataset?", planner, known, Dialogue(study="demo-1", waiting=asks))
    assert plan.answer == "Yes, there is a dataset `demo`."


@pytest.mark.parametrize(
    ("say", "args"),
    [
        (
            "who has the highest coverage?",
            {"columns": ["model", "value", "coverage@10"], "sort": "coverage@10", "limit": 5},
        ),
        (
            "which trial has the lowest recall@10?",
            {"columns": ["model", "value", "recall@10"], "sort": "recall@10 asc", "limit": 5},
        ),
        ("which trial is the fastest?", {"columns": ["model", "value", "train_s"], "sort": "train_s", "limit": 5}),
        ("which trial took longest?", {"columns": ["model", "value", "train_s"], "sort": "-train_s", "limit": 5}),
        ("rank the trials by coverage", {"columns": ["model", "value", "coverage@10"], "sort": "coverage@10"}),
        ("show the top 3 trials", {"limit": 3}),
        ("when did trial 3 finish?", {"columns": ["state", "finished_at", "train_s"], "filter": "number=3"}),
        ("was the prediction of trial 3 right?", {"columns": ["expected", "value", "surprise"], "filter": "number=3"}),
        (
            "which trials were better than expected?",
            {"columns": ["model", "expected", "value", "surprise"], "filter": "surprise>0"},
        ),
        ("what's the value of trial 3?", {"columns": ["model", "state", "value"], "filter": "number=3"}),
        ("what is the worst ndcg@10?", {"columns": ["model", "ndcg@10"], "sort": "ndcg@10 asc", "limit": 5}),
        ("how many trials used sasrec?", {"columns": ["model", "value", "state"], "filter": "model=sasrec"}),
        ("how many epochs did trial 3 run?", {"columns": ["epochs_run", "best_epoch", "value"], "filter": "number=3"}),
    ],
)
def test_a_table_is_asked_for_with_its_columns_and_order(
    say: str, args: dict[str, Any], planner: Planner, known: Known
) -> None:
    assert calls(plan_of(say, planner, known)) == [("trials", args)]


def test_sums_over_all_trials_are_worked_out(planner: Planner, known: Known) -> None:
    plan = plan_of("what's the average training time?", planner, known)
    assert calls(plan) == [("calc", {"expression": "mean(train_s of all trials)"})]


def test_both_questions_of_a_sentence_are_answered_apart(planner: Planner, known: Known) -> None:
    plan = plan_of("is it better than popularity, and which param matters most?", planner, known)
    assert [one for one, _ in calls(plan)] == ["study_status", "parameter_importance"]
    found = [(one.tool, Unknown(values={"tool": one.tool})) for one in plan.requests]
    said = composed(plan, found, lambda tool, _: f"<{tool}>", known)
    assert said.index("<parameter_importance>") > 0  # behind the verdict
    alone = plan_of("which param matters most?", planner, known)
    assert [one for one, _ in calls(alone)] == ["parameter_importance"]


@pytest.mark.parametrize("say", ["how do I make it blue?", "is there a button for that?", "make it nicer"])
def test_what_cannot_be_taken_back_is_no_guess(say: str, planner: Planner, known: Known) -> None:
    plan = plan_of(say, planner, replace(known, study_state="finished"))
    spoken = [*plan.requests, *(plan.waiting.requests if plan.waiting else ())]
    assert not {one.tool for one in spoken} & {"confirm", "delete_study", "remove_dataset", "undo"}
