"""Orders fall on a person's own study; on another one only after a question that says which it is and who began it."""

from collections.abc import Iterator
from typing import Any

import pytest

from agent.chat.conversation import Conversation
from agent.chat.known_now import known_in
from agent.events import AnswerFinished, ToolReturned
from agent.llm.pilot.chat import PilotChat
from agent.llm.scripted import ScriptedChat, call
from agent.studies.at_hand import at_hand
from agent.studies.begun import Begun
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from agent.tools import make_tools
from agent.workspace import Workspace


def begin(workspace: Workspace, name: str, person: str | None = None, chat: str | None = None) -> Study:
    """A study that waits for its turn, as though another one worked."""
    spec = StudySpec.create(name=name, dataset="tiny", models=["bpr_mf"], n_trials=3)
    with at_hand(None, chat=chat, person=person):
        return workspace.runner.create(spec)


def chat_of(workspace: Workspace, person: str | None, *lines: Any, chat: str = "new") -> Conversation:
    model = ScriptedChat(lines=list(lines)) if lines else PilotChat(known=lambda: known_in(workspace))
    return Conversation(workspace, chat, model, person=person)


def said(conversation: Conversation, text: str) -> tuple[AnswerFinished, list[ToolReturned]]:
    events = list(conversation.send(text))
    assert isinstance(events[-1], AnswerFinished)
    return events[-1], [one for one in events if isinstance(one, ToolReturned) and not one.is_error]


@pytest.fixture
def annas(tuned: Workspace) -> Iterator[Study]:
    study = begin(tuned, "tiny-7", "anna", "anna-1")
    yield study


NARROW = "keep the learning rate below 0.02"


def test_a_study_knows_who_began_it_also_after_a_restart(tuned: Workspace, annas: Study) -> None:
    data = tuned.catalogue.get("tiny").fingerprint
    assert annas.begun == Begun(person="anna", chat="anna-1", data=data)
    assert tuned.ledger.open("tiny-7").begun == annas.begun
    assert tuned.ledger.open("first").begun == Begun(data=data)
    assert tuned.runner.latest_of("anna") == "tiny-7" and tuned.runner.latest_of("bob") is None


def test_the_order_of_a_person_without_a_name_means_their_own_study(tuned: Workspace, annas: Study) -> None:
    own = begin(tuned, "tiny-8", "bob", "bob-1")
    begin(tuned, "tiny-9", "anna", "anna-1")
    _, done = said(chat_of(tuned, "bob"), NARROW)
    assert [one.tool for one in done] == ["set_search_space"]
    assert own.ranges() and not annas.ranges() and not tuned.runner.peek("tiny-9").ranges()


@pytest.mark.parametrize("order", [NARROW, f"in the study tiny-7, {NARROW}"])
def test_an_order_on_another_persons_study_is_asked_about_with_their_name(
    tuned: Workspace, annas: Study, order: str
) -> None:
    conversation = chat_of(tuned, "bob")
    asked, done = said(conversation, order)
    assert "anna began study `tiny-7`." in asked.text and asked.choices == ("Do it", "Leave it")
    assert not done and not annas.ranges()
    tuned.runner.open("first")  # in another chat, meanwhile
    _, done = said(conversation, "do it")
    assert [one.tool for one in done] == ["set_search_space"]
    assert annas.ranges() and not tuned.runner.peek("first").ranges()


def test_an_attached_model_asks_about_another_persons_study_too(tuned: Workspace, annas: Study) -> None:
    line = call("set_search_space", param="learning_rate", high=0.02)
    conversation = chat_of(tuned, "bob", line, "Done.")
    asked, done = said(conversation, NARROW)
    assert "anna began study `tiny-7`. Shall I" in asked.text and asked.choices == ("Yes", "No")
    assert not done
    tuned.runner.open("first")
    _, done = said(conversation, "yes")
    assert [one.tool for one in done] == ["set_search_space"]
    assert annas.ranges() and not tuned.runner.peek("first").ranges()


def test_reading_another_persons_study_asks_nothing(tuned: Workspace, annas: Study) -> None:
    answer, done = said(chat_of(tuned, "bob"), "how is the study tiny-7?")
    assert [one.tool for one in done] == ["study_status"] and not answer.choices
    answer, _ = said(chat_of(tuned, "bob"), "which studies are there?")
    assert "begun by" in answer.text and "anna" in answer.text


def running(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(study), "state", property(lambda self: "running"))


def test_a_fresh_chat_asks_before_it_steers_a_running_study_that_it_did_not_begin(
    tuned: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = begin(tuned, "tiny-7", chat="elsewhere")
    running(study, monkeypatch)
    asked, _ = said(chat_of(tuned, None), NARROW)
    assert "Study `tiny-7` is running, and this chat did not begin it." in asked.text
    assert asked.choices == ("Do it", "Leave it") and not study.ranges()
    _, done = said(chat_of(tuned, None, chat="named"), f"in the study tiny-7, {NARROW}")
    assert [one.tool for one in done] == ["set_search_space"]


def test_without_logins_a_study_that_does_not_run_is_steered_at_once(tuned: Workspace) -> None:
    study = begin(tuned, "tiny-7", chat="elsewhere")
    _, done = said(chat_of(tuned, None), NARROW)
    assert [one.tool for one in done] == ["set_search_space"] and study.ranges()


def test_a_list_without_logins_tells_of_no_persons(tuned: Workspace) -> None:
    listed = next(tool for tool in make_tools(tuned) if tool.name == "list_studies").invoke({})
    assert "begun_by" not in listed


@pytest.mark.parametrize("between", [(), ("no",), ("undo that one",)])
def test_what_a_chat_changed_is_taken_back_while_another_persons_study_is_at_hand(
    tuned: Workspace, annas: Study, between: tuple[str, ...]
) -> None:
    conversation = chat_of(tuned, "bob")
    said(conversation, "status of tiny-7?")
    said(conversation, "rename the dataset tiny to petite")
    said(conversation, "do it")  # the other person tunes on it
    assert "petite" in tuned.catalogue.names()
    for text in between:
        said(conversation, text)
    if between != ("undo that one",):
        answer, done = said(conversation, "undo")
        assert [one.tool for one in done] == ["undo"] and not answer.choices
    assert tuned.catalogue.names() == ["demo", "tiny"]


def test_a_dataset_that_others_tune_on_is_renamed_only_after_a_question(tuned: Workspace, annas: Study) -> None:
    conversation = chat_of(tuned, "bob")
    asked, done = said(conversation, "rename the dataset tiny to petite")
    assert "Dataset `tiny` is tuned on by anna (`tiny-7`), too." in asked.text
    assert not done and "tiny" in tuned.catalogue.names()
    said(conversation, "do it")
    assert "petite" in tuned.catalogue.names()


def test_what_is_said_of_no_study_is_said_of_the_one_that_is_shown_if_it_still_exists(
    tuned: Workspace, annas: Study
) -> None:
    def asked(text: str, shown: str | None) -> object:
        conversation = chat_of(tuned, None, call("study_status"), "Fine.", chat=f"chat of {text} {shown}")
        found = [one for one in conversation.send(text, study=shown) if isinstance(one, ToolReturned)]
        return found[0].facts["study"]

    assert asked("how is it going?", "first") == "first"
    assert asked("how is it going?", "tiny-7") == "tiny-7"
    assert asked("how is study first?", "tiny-7") == "first"
    assert asked("how is it going?", "deleted") == asked("how is it going?", None)


def test_what_the_shown_study_cannot_do_is_asked_of_the_only_one_of_this_chat_that_can(tuned: Workspace) -> None:
    begin(tuned, "tiny-8", "anna", "anna-1")  # of another chat
    begin(tuned, "tiny-7", None, "new")  # which can be resumed
    conversation = chat_of(tuned, None)

    def answered(text: str) -> AnswerFinished:
        *before, answer = conversation.send(text, study="first")
        assert isinstance(answer, AnswerFinished)
        assert not [one for one in before if isinstance(one, ToolReturned) and not one.is_error]
        return answer

    asked = answered("resume")
    assert "first is finished" in asked.text.replace("'", "") and "Shall I resume `tiny-7`?" in asked.text
    assert asked.choices == ("Do it", "Leave it")
    assert "tiny-7" not in answered("pause").text  # neither can be
    assert "tiny-7" not in answered("resume the study first").text  # which is named
    begin(tuned, "tiny-9", None, "new")
    several = answered("resume")
    assert not several.choices and "`tiny-9` and `tiny-7`" in several.text


def test_a_study_like_the_one_at_hand_is_planned_with_its_models_and_budget(tuned: Workspace) -> None:
    asked, done = said(chat_of(tuned, None, chat="another"), "can you make the metric recall@20 instead?")
    spec = tuned.runner.peek("first").spec
    assert not done and asked.plan is not None and asked.choices == ("Do it", "Leave it")
    values = {one.name: one.value for one in asked.plan.steps[0].values}
    assert values["base"] == "`first`" and values["objective"] == "`recall@20`"
    assert values["models"] == ", ".join(f"`{model}`" for model in spec.models)
    assert values["trials"] == str(spec.n_trials) and f"{spec.n_trials} training runs" in asked.plan.steps[0].cost
