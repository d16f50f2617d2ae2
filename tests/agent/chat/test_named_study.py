"""What a person says of no study in particular is said of the one that the message names, else of the chat's own."""

import json

import pytest
from langchain_core.messages import HumanMessage, ToolMessage

from agent.chat.conversation import Conversation
from agent.chat.named_study import last_study, named_study
from agent.events import ToolReturned
from agent.llm.scripted import ScriptedChat, call
from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace

STUDIES = ("demo-1", "demo-10", "first", "shop_2")


@pytest.mark.parametrize(
    ("text", "study"),
    [
        ("confirm demo-1", "demo-1"),
        ("confirm demo-10 against trial 2.", "demo-10"),
        ("stop Demo-1, please", "demo-1"),
        ("why trial 3 of shop_2?", "shop_2"),
        ("the first trial", None),
        ("stop study first", "first"),
        ("the study `first`", "first"),
        ("is demo-1 better than demo-10?", None),
        ("tune ease on demo", None),
        ("demo-1.csv", None),
    ],
)
def test_a_study_is_named_by_its_whole_name(text: str, study: str | None) -> None:
    assert named_study(text, STUDIES, ["demo"]) == study


def test_the_name_of_a_dataset_means_a_study_only_after_that_word() -> None:
    assert named_study("tune ease on demo-1", STUDIES, ["demo-1"]) is None
    assert named_study("stop the study demo-1", STUDIES, ["demo-1"]) == "demo-1"


def test_a_chat_spoke_last_of_the_study_of_its_last_result_that_still_exists() -> None:
    def result(study: str) -> ToolMessage:
        return ToolMessage(json.dumps({"study": study}), tool_call_id=study)

    messages = [result("first"), result("demo-1"), HumanMessage("and?"), result("gone")]
    assert last_study(messages, STUDIES) == "demo-1"
    assert last_study(messages[2:], STUDIES) is None


def study_of(workspace: Workspace, chat: str, text: str) -> str:
    model = ScriptedChat(lines=[call("study_status"), "So it stands."])
    events = list(Conversation(workspace, chat, model).send(text))
    return str(next(event for event in events if isinstance(event, ToolReturned)).facts["study"])


def test_each_chat_keeps_its_study_whatever_another_chat_does(tuned: Workspace) -> None:
    tuned.runner.create(StudySpec.create(name="tiny-2", dataset="tiny", models=["ease"], n_trials=2))
    assert study_of(tuned, "a", "how is the study first?") == "first"
    assert study_of(tuned, "b", "how is tiny-2?") == "tiny-2"
    assert study_of(tuned, "a", "and now?") == "first"
    assert study_of(tuned, "b", "and now?") == "tiny-2"
    assert study_of(tuned, "new", "and now?") == "tiny-2", "the one touched last"
