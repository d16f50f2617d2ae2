"""A study that shall end after some trial gets so many trials; a study that rests goes on until then."""

from dataclasses import replace

import pytest

from agent.understanding.known import Known
from agent.understanding.plan import Plan
from agent.understanding.stop_after import stop_after_plan


def _plan(say: str, known: Known, state: str) -> Plan:
    plan = stop_after_plan(say, replace(known, study_state=state, trials=(0, 1, 2, 3)))
    assert plan is not None
    return plan


def _calls(plan: Plan) -> list[tuple[str, dict[str, object]]]:
    return [(one.tool, dict(one.args)) for one in plan.requests]


@pytest.mark.parametrize(
    ("say", "state", "expected"),
    [
        ("resume but stop when trial 5 is done", "stopped", [("extend_study", {"total_trials": 6})]),
        (
            "resume but stop when trial 5 is done",
            "paused",
            [("extend_study", {"total_trials": 6}), ("control_study", {"action": "resume"})],
        ),
        ("stop after the current trial", "running", [("extend_study", {"total_trials": 5})]),
        ("stop the study after trial 7", "running", [("extend_study", {"total_trials": 8})]),
        ("stop after the next trial", "waiting", [("extend_study", {"total_trials": 5})]),
        ("only one more trial", "finished", [("extend_study", {"n_trials": 1})]),
    ],
)
def test_the_number_of_trials_is_cut(say: str, state: str, expected: list[object], known: Known) -> None:
    assert _calls(_plan(say, known, state)) == expected


def test_while_a_trial_runs_the_person_is_asked_which_is_the_last(known: Known) -> None:
    plan = _plan("only one more trial", known, "running")
    assert plan.waiting is not None
    assert [one.args["total_trials"] for one in plan.waiting.requests] == [5, 6]


def test_a_trial_that_is_done_ends_nothing(known: Known) -> None:
    assert "done already" in (_plan("stop after trial 2", known, "running").answer or "")
    assert "ended already" in (_plan("stop after the next trial", known, "finished").answer or "")


@pytest.mark.parametrize("say", ["stop", "stop it now", "stop after 5 minutes", "stop after 3 epochs without gain"])
def test_other_stops_are_read_elsewhere(say: str, known: Known) -> None:
    assert stop_after_plan(say, known) is None
