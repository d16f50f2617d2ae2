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

STUDIES = ("demo-1", "demo-10", "first", "shop_2", "clubhalv")


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
        ("why was trial 12 of clubhalv pruned?", "clubhalv"),
        ("which pruner did clubhalv use?", "clubhalv"),
        ("why was trial 12 of first pruned?", "first"),
        ("which lessons from first?", "first"),
        ("why did first trials fail?", None),
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


def other_chat(tuned: Workspace, *lines: object) -> Conversation:
    """A chat that is of the study `first`, next to another study `tiny-2`; then its model does what the lines say."""
    tuned.runner.create(StudySpec.create(name="tiny-2", dataset="tiny", models=["bpr_mf"], n_trials=2))
    conversation = Conversation(tuned, "one", ScriptedChat(lines=[call("study_status"), "It is done.", *lines]))
    list(conversation.send("how is the study first?"))
    return conversation


def test_what_a_model_looks_at_by_itself_does_not_become_the_chats_study_and_is_told(tuned: Workspace) -> None:
    told = [call("study_status", study="tiny-2"), "It has not begun.", call("study_status"), "It is done."]
    conversation = other_chat(tuned, *told)
    *_, answer = conversation.send("what else is there?")
    assert answer.text.endswith("This tells of `tiny-2`; this chat stays with `first`.")
    events = list(conversation.send("and how does it stand?"))
    assert next(event for event in events if isinstance(event, ToolReturned)).facts["study"] == "first"
    assert "This tells of" not in events[-1].text


def test_an_order_about_it_never_reaches_a_study_that_only_the_model_spoke_of(tuned: Workspace) -> None:
    told = [call("open_study", study="tiny-2"), call("study_status", study="tiny-2")]
    narrow = call("set_search_space", param="learning_rate", high=0.02)
    conversation = other_chat(tuned, *told, narrow, "Done.")
    before = tuned.runner.peek("first").ranges()
    list(conversation.send("keep the learning rate below 0.02"))
    assert tuned.runner.peek("tiny-2").ranges() == {}
    assert tuned.runner.peek("first").ranges() == before, "the turn ended with the question whether to open tiny-2"


@pytest.mark.parametrize(
    "said", ["keep the learning rate below 0.02", "in the study first, fix the learning rate to 0.02"]
)
def test_a_model_that_names_another_study_for_an_order_must_ask(tuned: Workspace, said: str) -> None:
    narrow = call("set_search_space", param="learning_rate", high=0.02, study="tiny-2")
    conversation = other_chat(tuned, narrow, "Done.")
    *_, answer = conversation.send(said)
    assert "You did not say `tiny-2`" in answer.text and answer.choices == ("Yes", "No")


def test_the_persons_words_open_another_study(tuned: Workspace) -> None:
    told = [call("open_study", study="tiny-2"), "Here it is.", call("study_status"), "It has not begun."]
    conversation = other_chat(tuned, *told)
    list(conversation.send("open the study tiny-2"))
    events = list(conversation.send("how does it stand?"))
    assert next(event for event in events if isinstance(event, ToolReturned)).facts["study"] == "tiny-2"
