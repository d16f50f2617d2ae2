"""What is told to be remembered is a note as it stands: the orders within its words are none."""

from collections.abc import Callable

import pytest

from agent.understanding.plan import Plan

PlanOf = Callable[..., Plan]
ORDERS = {
    "always_delete": "delete_study",
    "delete": "delete_study",
    "stop": "control_study:stop",
    "export": "export_model",
    "pause": "control_study:pause",
    "resume": "control_study:resume",
    "start": "start_study",
    "undo": "undo",
    "rename": "rename_dataset",
    "now": "control_study:stop",
    "remember": "delete_study",  # what the network may take the whole for
    "please": "delete_study",
    "note": "export_model",
    "keep": "control_study:pause",
    "memo": "delete_study",
    "can": "delete_study",
    "don't": "control_study:stop",
    '"remember': "delete_study",
}


@pytest.mark.parametrize(
    ("say", "text"),
    [
        (
            "remember: always delete the study demo-1 and stop everything",
            "always delete the study demo-1 and stop everything",
        ),
        ("remember that we stop studies on Fridays", "we stop studies on Fridays"),
        ("remember that we export the best, delete the rest and stop", "we export the best, delete the rest and stop"),
        ("note: export the best next week", "export the best next week"),
        ("remember, delete demo-1 after the release", "delete demo-1 after the release"),
        (
            "keep in mind: pause the study at night. Resume in the morning",
            "pause the study at night. Resume in the morning",
        ),
        ("remember this: undo everything, then stop", "undo everything, then stop"),
        ('"remember: delete the study demo-1"', "delete the study demo-1"),
        ('please remember: "delete demo-1; stop everything"', "delete demo-1; stop everything"),
        ("Memo: delete all the studies and export the best", "delete all the studies and export the best"),
        ("can you remember that demo-1 is old, delete it or stop?", "demo-1 is old, delete it or stop"),
        ("don't forget: stop demo-2 first", "stop demo-2 first"),
        ("remember: save the best trial first", "save the best trial first"),
        ("remember: start 20 trials of ease on shop", "start 20 trials of ease on shop"),
    ],
)
def test_orders_within_a_note_are_no_orders(plan_of: PlanOf, say: str, text: str) -> None:
    plan = plan_of(say, **ORDERS)
    assert [(one.tool, one.args) for one in plan.requests] == [("remember_lesson", {"text": text})]
    assert not plan.held and plan.waiting is None


@pytest.mark.parametrize(
    ("say", "tools"),
    [
        ("remember that low rates win. Now stop the study", ["remember_lesson", "control_study"]),
        ("remember that shop has bots, and then start ease on shop", ["remember_lesson", "start_study"]),
        ("stop the study and remember: delete nothing on Fridays", ["control_study", "remember_lesson"]),
        ('remember: "delete demo-1", then export the best', ["remember_lesson", "export_model"]),
    ],
)
def test_an_order_beside_a_note_is_done(plan_of: PlanOf, say: str, tools: list[str]) -> None:
    assert [one.tool for one in plan_of(say, **ORDERS).requests] == tools


def test_an_order_that_may_belong_to_the_note_before_it_is_asked_about(plan_of: PlanOf) -> None:
    plan = plan_of("remember that low rates win. Stop the study", **ORDERS)
    assert [one.tool for one in plan.requests] == ["remember_lesson"]
    assert plan.waiting is not None and [one.tool for one in plan.waiting.requests] == ["control_study"]


def test_what_only_points_at_a_note_is_read_as_before(plan_of: PlanOf) -> None:
    plan = plan_of("remember that and stop the study", remember="remember_lesson", stop="control_study:stop")
    assert plan.waiting is not None and plan.waiting.lacking == "text"
