"""What help says can be said is understood, and the keys are the page's."""

import pytest

from agent.chat.known_now import known_now
from agent.chat.rehearsal import Rehearsal
from agent.understanding.planner import Planner
from agent.workspace import Workspace
from ui.cli.chat import load_planner
from ui.views.asked import Asked
from ui.views.help import KEYS, SAID
from ui.views.registry import shown
from ui.views.suggestions import suggestions

TOOLS = {
    "Begin a study": {"start_study"},
    "Ask why": {"explain_trial", "parameter_importance", "compare_trials", "show_tradeoffs"},
    "Steer": {"control_study", "extend_study", "set_search_space", "predict", "repeat_trial"},
    "Data": {"describe_dataset", "inspect_data", "filter_dataset"},
    "Memory": {"remember_lesson", "list_lessons", "recall_trials"},
    "Use the result": {"recommend_items", "confirm", "export_model", "report"},
}


@pytest.fixture(scope="module")
def planner() -> Planner:
    return load_planner()


@pytest.mark.parametrize("kind", SAID)
def test_each_example_calls_a_tool_of_its_kind(unchanged: Workspace, planner: Planner, kind: str) -> None:
    known = known_now(unchanged.catalogue, unchanged.runner, "first")
    found: dict[str, set[str]] = {}
    for say in SAID[kind]:
        turn = Rehearsal(planner, lambda _: known, ()).turn(say)
        found[say] = {str(call["tool"]) for call in (*turn["calls"], *turn["held"])}
    assert {say: bool(tools & TOOLS[kind]) for say, tools in found.items()} == dict.fromkeys(found, True)


def test_help_begins_with_what_can_be_said_now(unchanged: Workspace) -> None:
    page = str(shown("help", Asked(workspace=unchanged, study="first")))
    places = [page.index(f'data-draft="{say}"') for say in suggestions(unchanged, "first")]
    assert places == sorted(places)
    assert max(places) < page.index("What can be said")
    assert all(f"<kbd>{key}</kbd>" in page for key, _ in KEYS)
    assert str(unchanged.settings.datasets) in page
