"""A chat keeps what was said and found, grounds its answers, and outlives models that fail and servers that restart."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from agent.chat.chats import Chats
from agent.chat.conversation import Conversation
from agent.chat.guards import MAX_MODEL_CALLS, MAX_TOOL_CALLS
from agent.chat.turns import MAX_HISTORY, closed, recent
from agent.errors import SetupError
from agent.events import AnswerFinished, ChatEvent, MessageSaid, TextDelta, TextWithdrawn, ToolCalled, ToolReturned
from agent.llm.scripted import ScriptedChat, call
from agent.workspace import Workspace


def said(events: Sequence[ChatEvent]) -> AnswerFinished:
    last = events[-1]
    assert isinstance(last, AnswerFinished)
    assert sum(isinstance(event, AnswerFinished) for event in events) == 1
    return last


def talk(
    workspace: Workspace, *lines: Any, text: str = "hello", chat: str = "one"
) -> tuple[list[ChatEvent], ScriptedChat]:
    model = ScriptedChat(lines=list(lines))
    return list(Conversation(workspace, chat, model).send(text)), model


def test_a_message_calls_a_tool_and_its_facts_are_answered_from(tuned: Workspace) -> None:
    events, _ = talk(tuned, call("describe_dataset", dataset="tiny"), "It has 60 users.")
    called, returned = events[0], events[1]
    assert isinstance(called, ToolCalled)
    assert isinstance(returned, ToolReturned)
    assert (called.tool, returned.facts["profile"]["n_users"]) == ("describe_dataset", 60)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)).strip() == "It has 60 users."
    assert said(events) == AnswerFinished(chat="one", text="It has 60 users.")


def test_a_sentence_with_an_invented_number_is_cut_in_sight_of_the_person_and_the_model_learns_why(
    tuned: Workspace,
) -> None:
    said_twice = "It has 60 users. It has 99 moons. It has 40 items."
    lines = [call("describe_dataset", dataset="tiny"), said_twice, said_twice, "Fine."]
    model = ScriptedChat(lines=lines)
    conversation = Conversation(tuned, "one", model)
    answer = said(list(conversation.send("what is in tiny?")))
    told = "It has 60 users. It has 40 items.\n\n(Something was cut: 99 stands in no result.)"
    assert (answer.text, answer.removed) == (told, ("99",))
    assert conversation.history()[-1] == answer
    list(conversation.send("thanks"))
    assert not any("99 moons" in message.text for message in model.seen[-1])
    assert any("99 stands in no result" in message.text for message in model.seen[-1]), "it learns why"


def test_an_answer_that_does_not_hold_goes_back_once_with_the_reason(tuned: Workspace) -> None:
    lines = [call("describe_dataset", dataset="tiny"), "It has 99 users.", "It has 60 users.", "Fine."]
    events, model = talk(tuned, *lines)
    assert (said(events).text, said(events).removed) == ("It has 60 users.", ())
    assert "“It has 99 users.”: 99 is not n_users" in model.seen[-1][-1].text
    spoken = [event for event in events if isinstance(event, TextDelta | TextWithdrawn)]
    place = next(at for at, event in enumerate(spoken) if isinstance(event, TextWithdrawn))
    streamed = "".join(event.text for event in spoken[place + 1 :] if isinstance(event, TextDelta))
    assert streamed.strip() == "It has 60 users.", "the second answer does not stand behind the first"


def test_what_is_marked_as_not_checked_is_told_apart(tuned: Workspace) -> None:
    because = "It is small because the shop opened late."
    events, _ = talk(tuned, call("describe_dataset", dataset="tiny"), f"It has 60 users. {because}")
    assert said(events).not_checked == (because,)


def test_an_answer_that_is_mostly_invented_gives_way_to_the_facts_in_plain_words(tuned: Workspace) -> None:
    events, _ = talk(tuned, call("explain_trial", trial=2), "It reached 0.999 after 7777 epochs. It won by 0.875.")
    answer = said(events)
    assert {"0.999", "7777", "0.875"} <= set(answer.removed)
    assert answer.text.startswith("**Trial 2** of first came from the memory of past studies")


def test_without_facts_an_invented_answer_says_that_there_is_nothing_measured(tuned: Workspace) -> None:
    events, _ = talk(tuned, "The best NDCG is 0.4321.")
    assert "no measurements" in said(events).text


def test_numbers_of_an_earlier_turn_may_be_repeated(tuned: Workspace) -> None:
    talk(tuned, call("describe_dataset", dataset="tiny"), "It has 60 users.")
    events, _ = talk(tuned, "As I said, 60 users.", text="how many again?")
    assert said(events).removed == ()


def test_an_illegal_argument_goes_back_to_the_model_which_mends_it(tuned: Workspace) -> None:
    events, model = talk(
        tuned, call("describe_dataset", dataset="tinny"), call("describe_dataset", dataset="tiny"), "It has 60 users."
    )
    returned = [event for event in events if isinstance(event, ToolReturned)]
    assert [event.is_error for event in returned] == [True, False]
    assert "tiny, demo" in model.seen[1][-1].text
    assert said(events).text == "It has 60 users."


def test_after_a_few_illegal_arguments_the_model_is_told_to_ask_the_person(tuned: Workspace) -> None:
    wrong = [call("explain_trial", trial=70 + n) for n in range(3)]
    events, model = talk(tuned, *wrong, "Which trial do you mean?")
    assert "tell the person" not in model.seen[1][-1].text
    assert "tell the person" in model.seen[3][-1].text
    assert said(events).text == "Which trial do you mean?"


@pytest.mark.parametrize(
    "line", [call("rm_rf", path="/"), call("describe_dataset", dataset=3), call("describe_dataset", data="tiny")]
)
def test_a_call_that_fits_no_tool_goes_back_as_an_error(tuned: Workspace, line: AIMessage) -> None:
    events, _ = talk(tuned, line, "I cannot do that.")
    assert [event.is_error for event in events if isinstance(event, ToolReturned)] == [True]
    assert said(events).text == "I cannot do that."


def test_a_model_that_goes_in_circles_is_stopped_with_what_was_found(tuned: Workspace) -> None:
    events, model = talk(tuned, *[call("describe_dataset", dataset="tiny") for _ in range(50)])
    good = [event for event in events if isinstance(event, ToolReturned) and not event.is_error]
    assert len(good) == MAX_TOOL_CALLS
    assert len(model.seen) == MAX_MODEL_CALLS
    assert "too many steps" in said(events).text
    assert said(events).text.count("**tiny**") == 1


@pytest.mark.parametrize(
    "error", [TimeoutError("no answer in 120 s"), ConnectionError("refused"), ValueError("nonsense")]
)
def test_a_model_that_fails_is_one_sentence_and_the_chat_goes_on(tuned: Workspace, error: Exception) -> None:
    events, _ = talk(tuned, error)
    assert said(events).text.startswith(f"The language model failed ({type(error).__name__}: {error}).")
    assert said(events).has_failed
    events, _ = talk(tuned, "I am back.", text="and now?")
    assert said(events).text == "I am back."


def test_a_model_that_fails_after_its_tools_leaves_their_facts_in_words(tuned: Workspace) -> None:
    events, _ = talk(tuned, call("describe_dataset", dataset="tiny"), TimeoutError("slow"))
    assert "480 interactions of 60 users" in said(events).text


@pytest.mark.parametrize("nothing", ["", " \n", "<think>hm</think>", "<think>hm"])
def test_a_model_that_says_nothing_is_asked_once_more_without_a_word(tuned: Workspace, nothing: str) -> None:
    events, model = talk(tuned, nothing, "I am here.")
    assert said(events).text == "I am here."
    assert "could not be used: you said nothing" in model.seen[1][0].text
    assert model.seen[0][1:] == model.seen[1][1:]


def test_a_model_that_says_nothing_twice_is_answered_for_without_blaming_the_person(tuned: Workspace) -> None:
    events, _ = talk(tuned, call("describe_dataset", dataset="tiny"), "", "")
    assert "480 interactions of 60 users" in said(events).text
    events, _ = talk(tuned, "", "", chat="two")
    assert said(events).text.startswith("The language model gave no answer, though it was asked twice. Nothing was")


@pytest.mark.parametrize(
    ("reason", "words"), [("length", "was cut off"), ("timeout", "did not come to an end in time")]
)
def test_an_answer_that_was_cut_off_stays_as_it_was_seen_and_is_not_acted_upon(
    tuned: Workspace, reason: str, words: str
) -> None:
    cut = AIMessage("The best one is trial 7, whi", response_metadata={"finish_reason": reason})
    events, model = talk(tuned, cut)
    seen = "The best one is trial 7, whi *(not checked)*\n\n"
    assert said(events).text.startswith(f"{seen}The language model failed: its answer {words}")
    act = call("stop_study").model_copy(update={"response_metadata": {"finish_reason": reason}})
    events, model = talk(tuned, act, chat="two")
    assert not [event for event in events if isinstance(event, ToolCalled)]
    assert len(model.seen) == 1, "what was cut off once is cut off again"


def test_a_call_that_was_written_as_text_is_made_and_not_shown(tuned: Workspace) -> None:
    text = 'One moment.\n```json\n{"tool": "describe_dataset", "dataset": "tiny"}\n```\nIt has 7 users.'
    events, _ = talk(tuned, text, "It has 60 users.")
    assert [event.args for event in events if isinstance(event, ToolCalled)] == [{"dataset": "tiny"}]
    assert said(events).text == "It has 60 users."
    streamed = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert streamed.strip() == "One moment.\nIt has 60 users."


def test_a_written_call_that_is_cut_off_is_asked_for_again_once_and_never_made(tuned: Workspace) -> None:
    cut = '<tool_call>{"name": "start_study", "arguments": {"dataset": "tiny", "n_tri'
    events, model = talk(tuned, cut, "I did not start anything.", text="start a study on tiny")
    assert said(events).text == "I did not start anything."
    assert "is no whole JSON" in model.seen[1][0].text
    events, _ = talk(tuned, cut, cut, chat="two", text="start a study on tiny")
    assert said(events).text.startswith("The language model failed: the call that it wrote cannot be read")
    assert tuned.runner.names() == ["first"]


def test_code_that_is_no_call_is_shown_as_it_stands(tuned: Workspace) -> None:
    text = 'Say:\n```json\n{"name": "ease", "params": {}}\n```'
    events, _ = talk(tuned, text)
    assert said(events).text == text
    assert "".join(event.text for event in events if isinstance(event, TextDelta)).strip() == text


def test_the_answers_of_a_turn_share_one_time_limit(tuned: Workspace) -> None:
    tuned.settings = tuned.settings.model_copy(update={"llm_timeout_s": 0.0})
    events, model = talk(tuned, "Too late.")
    assert "did not come to an end within 0 s" in said(events).text
    assert not model.seen


def test_a_chat_goes_on_after_a_restart(home: Path, opened: Callable[..., Workspace]) -> None:
    first = opened(home, ScriptedChat(lines=[call("describe_dataset", dataset="tiny"), "It has 60 users."]))
    before = list(Conversation(first, "one").send("what is in tiny?"))
    first.close()
    model = ScriptedChat(lines=["As I said, 60."])
    conversation = Conversation(opened(home, model), "one")
    shown = conversation.history()
    assert shown[0] == MessageSaid(chat="one", text="what is in tiny?")
    assert shown[1:] == [event for event in before if not isinstance(event, TextDelta)]
    assert said(list(conversation.send("how many users again?"))).text == "As I said, 60."
    assert any("what is in tiny?" in message.text for message in model.seen[0])


def test_a_turn_that_was_cut_off_does_not_spoil_the_chat(tuned: Workspace) -> None:
    model = ScriptedChat(lines=[call("describe_dataset", dataset="tiny"), "Better now."])
    conversation = Conversation(tuned, "one", model)
    stream = conversation.send("what is in tiny?")
    assert isinstance(next(stream), ToolCalled)
    stream.close()
    assert said(list(conversation.send("and now?"))).text == "Better now."
    asked = [c["id"] for m in model.seen[-1] if isinstance(m, AIMessage) for c in m.tool_calls]
    answered = [m.tool_call_id for m in model.seen[-1] if isinstance(m, ToolMessage)]
    assert asked == answered


def test_a_call_without_its_result_gets_one_and_a_result_without_its_call_goes() -> None:
    cut, orphan = call("study_status"), ToolMessage("{}", tool_call_id="gone")
    whole = closed([HumanMessage("a"), cut, HumanMessage("b"), orphan, AIMessage("c")])
    assert [type(message) for message in whole] == [HumanMessage, AIMessage, ToolMessage, HumanMessage, AIMessage]
    assert "interrupted" in whole[2].text
    assert closed(whole) == whole


def test_a_dropped_file_becomes_a_dataset_before_the_model_is_asked(
    fresh: Workspace, tmp_path: Path, write_tiny: Callable[..., Path]
) -> None:
    path = write_tiny(tmp_path / "orders.csv", header="customer_id,sku,timestamp")
    model = ScriptedChat(lines=["Shall I tune on it?"])
    conversation = Conversation(fresh, "one", model)
    events = list(conversation.send("here is our data", [path]))
    assert "orders" in fresh.catalogue.names()
    assert [event.tool for event in events if isinstance(event, ToolCalled)] == ["add_dataset"]
    assert said(events).text.startswith("Added as **orders**. 480 interactions of 60 users")
    assert said(events).text.endswith("Shall I tune on it?")
    assert any("orders.csv" in message.text for message in model.seen[0])
    (kept,) = fresh.settings.uploads.glob("*/orders.csv")
    told = MessageSaid(chat="one", text="here is our data", files=(str(kept),))
    assert conversation.history() == [told, *(event for event in events if not isinstance(event, TextDelta))]


def test_a_dropped_file_alone_needs_no_model(fresh: Workspace, tmp_path: Path, write_tiny: Callable[..., Path]) -> None:
    events = list(Conversation(fresh, "one").send("", [write_tiny(tmp_path / "orders.csv")]))
    assert said(events).text.startswith("Added as **orders**.")


def test_a_dropped_file_that_cannot_be_read_is_one_sentence(fresh: Workspace, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    answer = said(list(Conversation(fresh, "one").send("", [tmp_path / "empty.csv", tmp_path / "gone.csv"])))
    assert "empty" in answer.text
    assert "gone.csv" in answer.text
    assert fresh.catalogue.names() == ["demo"]


def test_a_question_about_columns_is_settled_by_naming_one(fresh: Workspace, tmp_path: Path) -> None:
    rows = [f"u{n % 9},{n % 3},i{n % 7},j{n % 5}" for n in range(60)]
    (tmp_path / "two.csv").write_text("user_id,visitor_id,item_id,product_id\n" + "\n".join(rows))
    conversation = Conversation(fresh, "one")
    answer = said(list(conversation.send("", [tmp_path / "two.csv"])))
    asked = 0
    while answer.choices:
        asked += 1
        assert all(choice in answer.text for choice in answer.choices)
        answer = said(list(conversation.send(f"take `{answer.choices[0]}` please")))
    assert asked
    assert answer.text.startswith("Added as **two**.")


def test_an_order_or_a_condition_is_no_answer_about_columns_and_leaves_the_question_open(
    fresh: Workspace, tmp_path: Path
) -> None:
    rows = [f"h{n % 9},t{n % 7},{'tatra' if n % 4 else 'alps'}" for n in range(120)]
    (tmp_path / "log.csv").write_text("hiker,trail,region\n" + "\n".join(rows))
    conversation = Conversation(fresh, "one")
    assert said(list(conversation.send("", [tmp_path / "log.csv"]))).choices
    ordered = said(list(conversation.send("drop hiker h7 from log, name it clean")))
    assert "is not read yet, so nothing was done with “drop hiker h7" in ordered.text and ordered.choices
    kept = said(list(conversation.send("w/o region=tatra")))
    assert kept.choices and fresh.catalogue.names() == ["demo"]
    added = said(list(conversation.send("the user is hiker, the item is trail")))
    assert fresh.catalogue.get("log").columns["user"] == "hiker"
    assert "30 interactions" in added.text


def test_a_file_without_names_is_asked_about_with_its_rows_and_answered_by_number(
    fresh: Workspace, tmp_path: Path
) -> None:
    rows = [f"{100 * (n % 3) + n * 7 % 5},{n // 6},{n % 10}" for n in range(120)]  # items, then users one after another
    (tmp_path / "log.csv").write_text("\n".join(rows))
    conversation = Conversation(fresh, "one")

    asked = said(list(conversation.send("", [tmp_path / "log.csv"])))
    answer = said(list(conversation.send("the user is column 2")))

    assert asked.choices == ("column_1", "column_2")
    assert [cell.strip() for cell in asked.text.splitlines()[4].split("|")[1:-1]] == rows[0].split(",")
    assert answer.text.startswith("Added as **log**.")
    assert fresh.catalogue.get("log").columns == {"user": "column_2", "item": "column_1", "weight": "column_3"}


def test_the_chats_are_listed_latest_first_with_their_first_words(tuned: Workspace) -> None:
    for chat, text in (("a", "First words of a"), ("b", "Hello b"), ("a", "More")):
        talk(tuned, "Hi.", text=text, chat=chat)
    assert [(chat.id, chat.title) for chat in tuned.chats.all()] == [("a", "First words of a"), ("b", "B")]
    tuned.chats.forget("a")
    assert [chat.id for chat in tuned.chats.all()] == ["b"]
    assert Conversation(tuned, "a").history() == []


def test_two_chats_share_a_workspace_and_nothing_else(tuned: Workspace) -> None:
    talk(tuned, call("describe_dataset", dataset="tiny"), "60 users.", chat="a")
    events, model = talk(tuned, "It has 60 users.", chat="b")
    assert said(events).removed == ("60",)
    assert len(model.seen[0]) == 2  # the system prompt and the message


def test_the_model_that_is_chosen_answers_from_the_next_message_on(tuned: Workspace) -> None:
    conversation = Conversation(tuned, "one")
    assert "--llm none" in said(list(conversation.send("hello"))).text
    models: dict[str, Any] = {}
    tuned.load_model = lambda settings: models.setdefault(
        settings.llm, ScriptedChat(lines=[f"I am {settings.llm}."]) if settings.llm != "none" else None
    )
    assert tuned.use_llm("other name", "one") == "other name"
    assert said(list(conversation.send("hello"))).text == "I am other."
    assert "--llm none" in said(list(Conversation(tuned, "two").send("hello"))).text


def test_a_model_that_cannot_be_loaded_leaves_everything_as_it_was(tuned: Workspace) -> None:
    def refuse(_: Any) -> None:
        raise SetupError("no such server")

    tuned.load_model = refuse
    with pytest.raises(SetupError, match="no such server"):
        tuned.use_llm("http://localhost:1/v1 model", "one")
    assert tuned.settings_of("one").llm == "none"


def test_the_model_sees_whole_turns_and_always_the_present_one() -> None:
    turns: list[BaseMessage] = []
    for n in range(20):
        turns += [HumanMessage(f"{n}"), AIMessage("x" * (MAX_HISTORY // 4))]
    seen = recent([*turns, HumanMessage("now " * MAX_HISTORY)])
    assert [message.text[:3] for message in seen] == ["now"]
    seen = recent([*turns, HumanMessage("now")])
    assert [message.text for message in seen if isinstance(message, HumanMessage)] == ["17", "18", "19", "now"]


def test_a_chats_file_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "chats.db").write_text("this is no database, and it is long enough to be seen as none" * 50)
    with pytest.raises(SetupError, match=r"chats\.db"):
        Chats(tmp_path / "chats.db")
