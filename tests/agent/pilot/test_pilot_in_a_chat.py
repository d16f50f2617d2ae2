"""The pilot in the real conversation: an open workspace, real tools, a finished study, several turns."""

from collections.abc import Callable
from pathlib import Path

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from agent.chat.conversation import Conversation
from agent.chat.known_now import known_now
from agent.events import AnswerFinished, ChatEvent, MessageSaid, ToolCalled, ToolReturned
from agent.llm.pilot.chat import DIALOGUE, PilotChat
from agent.tools import make_tools
from agent.understanding.dialogue import Dialogue
from agent.understanding.planner import Planner
from agent.workspace import Workspace


def pilot_of(workspace: Workspace, planner: Planner) -> PilotChat:
    return PilotChat(planner=planner, known=lambda: known_now(workspace.catalogue, workspace.runner))


def turn(chat: Conversation, text: str) -> tuple[list[tuple[str, dict[str, object]]], AnswerFinished]:
    """The calls of a turn and its answer; no tool may have failed."""
    events: list[ChatEvent] = list(chat.send(text))
    assert not [event for event in events if isinstance(event, ToolReturned) and event.is_error]
    last = events[-1]
    assert isinstance(last, AnswerFinished)
    return [(event.tool, dict(event.args)) for event in events if isinstance(event, ToolCalled)], last


def test_the_context_is_the_study_that_was_touched_last(tuned: Workspace) -> None:
    known = known_now(tuned.catalogue, tuned.runner)
    study = tuned.runner.current()
    assert study is not None
    records = study.records()
    assert known.study == study.spec.name
    assert known.study_dataset in known.datasets
    assert known.trials == tuple(record.number for record in records)
    best = study.best()
    assert best is not None and known.ranking[0] == best.number
    assert known.params[records[-1].number] == dict(records[-1].params)


def test_the_context_of_a_new_home_knows_the_built_in_data_only(fresh: Workspace) -> None:
    known = known_now(fresh.catalogue, fresh.runner)
    assert known.study is None
    assert "demo" in known.datasets


def test_a_conversation_with_follow_ups_runs_on_the_real_tools(tuned: Workspace, planner: Planner) -> None:
    chat = Conversation(tuned, "pilot", pilot_of(tuned, planner))
    calls, status = turn(chat, "how is it going?")
    assert calls == [("study_status", {})]
    assert status.text
    calls, why = turn(chat, "why did the best one win?")
    assert calls[0][0] == "explain_trial"
    assert why.removed == ()
    calls, _ = turn(chat, "compare the best two")
    assert calls[0][0] == "compare_trials"
    calls, thanks = turn(chat, "thanks!")
    assert calls == []
    assert thanks.removed == ()


def test_a_question_back_survives_the_checkpointer(fresh: Workspace, planner: Planner) -> None:
    first = Conversation(fresh, "again", pilot_of(fresh, planner))
    _, question = turn(first, "recommend 3 items")
    assert "user" in question.text
    reopened = Conversation(fresh, "again", pilot_of(fresh, planner))
    events = list(reopened.send("u4"))
    assert [dict(event.args) for event in events if isinstance(event, ToolCalled)] == [{"user": "u4", "k": 3}]


def test_words_beside_a_file_are_a_request_only_where_they_ask_for_more(
    fresh: Workspace, planner: Planner, tmp_path: Path, write_tiny: Callable[..., Path]
) -> None:
    chat = Conversation(fresh, "beside", pilot_of(fresh, planner))
    orders = write_tiny(tmp_path / "orders.csv", header="customer_id,sku,timestamp")
    events = list(chat.send("here are our orders", [orders]))
    assert [event.tool for event in events if isinstance(event, ToolCalled)] == ["add_dataset"]
    said = [event for event in chat.history() if isinstance(event, MessageSaid)]
    assert [message.text for message in said] == ["here are our orders"]
    rows = [f"u{n % 9},c{n % 3},i{n % 7}" for n in range(60)]
    (tmp_path / "both.csv").write_text("user_id,customer_id,item_id\n" + "\n".join(rows))
    events = list(chat.send("tune popularity on these, 2 trials", [tmp_path / "both.csv"]))
    assert [event.tool for event in events if isinstance(event, ToolCalled)] == ["add_dataset"]
    assert isinstance(events[-1], AnswerFinished)
    assert events[-1].choices == ("user_id", "customer_id")
    events = list(chat.send("tune popularity on these, 2 trials", [write_tiny(tmp_path / "more.csv")]))
    assert [event.tool for event in events if isinstance(event, ToolCalled)] == ["add_dataset", "start_study"]


def test_the_time_of_a_trial_is_told_from_trials_here_and_on_other_data(tuned: Workspace) -> None:
    known = known_now(tuned.catalogue, tuned.runner)
    found = [known.trial_s("tiny", ("bpr_mf",), epochs) for epochs in (4, 8, 12)]
    four, eight, twelve = (each.expected for each in found if each is not None)
    assert 0 < four < eight < twelve
    assert twelve < 3 * four, "only training grows, not loading and choosing"
    assert found[0] is not None and found[0].n_here > 0 and found[0].n_elsewhere > 0
    own = known.trial_s("tiny", (), 4)
    assert own is not None and own.n_here > 0, "of the models that were measured here"
    assert known.trial_s("tiny", ("text_tower",), None) is None, "none was ever timed"
    assert known.trial_s("elsewhere", (), None) is None


def test_an_answer_of_another_study_than_the_one_before_names_it_first(tuned: Workspace, planner: Planner) -> None:
    at_hand = known_now(tuned.catalogue, tuned.runner)
    other = Dialogue(study="second").about(study="second")
    before = AIMessage("Second has finished.", additional_kwargs={DIALOGUE: other.to_dict()})
    pilot = PilotChat(planner=planner, known=lambda: at_hand)

    def said(*history: BaseMessage) -> str:
        call = pilot.invoke([*history, HumanMessage("why the best one?")])
        found = next(one for one in make_tools(tuned) if one.name == "explain_trial").invoke({})
        told = ToolMessage(found, name="explain_trial", tool_call_id=str(call.tool_calls[0]["id"]))
        return pilot.invoke([*history, HumanMessage("why the best one?"), call, told]).text

    assert said(before).startswith("Of `first`, which is at hand: ")
    assert not said().startswith("Of")
