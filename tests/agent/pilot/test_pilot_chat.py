"""The pilot as a chat model: calls in order, questions back, follow-ups, wording of facts, streaming."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage

from agent.llm.errors import ModelAnswerError
from agent.llm.pilot.chat import DIALOGUE, PilotChat
from agent.results.result import Failure, Result
from agent.understanding.known import Known
from agent.understanding.planner import Planner


def worded(tool: str, found: Result) -> str:
    return found.error if isinstance(found, Failure) else f"{tool}: {type(found).__name__}"


@pytest.fixture
def pilot(planner: Planner, known: Known) -> PilotChat:
    return PilotChat(planner=planner, word=worded, known=lambda: known)


@pytest.fixture
def newcomer(planner: Planner) -> PilotChat:
    """Nothing but two datasets is there yet."""
    return PilotChat(planner=planner, word=worded, known=lambda: Known(datasets=("demo", "ml-100k")))


def say(pilot: PilotChat, history: list[BaseMessage], text: str) -> AIMessage:
    """What the pilot answers; both messages are kept in the history."""
    history.append(HumanMessage(text))
    return goes_on(pilot, history)


def goes_on(pilot: PilotChat, history: list[BaseMessage]) -> AIMessage:
    answer = pilot.invoke(history)
    assert isinstance(answer, AIMessage)
    history.append(answer)
    return answer


def returns(history: list[BaseMessage], facts: Mapping[str, Any]) -> None:
    """The tool's result on the last call."""
    call = history[-1].tool_calls[0]  # type: ignore[attr-defined]
    history.append(ToolMessage(json.dumps(facts), tool_call_id=call["id"], name=call["name"]))


def called(answer: AIMessage) -> tuple[str, dict[str, Any]]:
    assert answer.tool_calls, answer.content
    return answer.tool_calls[0]["name"], answer.tool_calls[0]["args"]


@pytest.mark.parametrize(
    ("said", "tool", "args"),
    [
        (
            "Tune sasrec on the demo data, 6 trials",
            "start_study",
            {"dataset": "demo", "models": ["sasrec"], "n_trials": 6},
        ),
        (
            "keep dropout at least 0.1 and at most 0.4",
            "set_search_space",
            {"param": "dropout", "low": 0.1, "high": 0.4},
        ),
        ("why did you pick that learning rate in trial 3?", "explain_trial", {"trial": 3, "param": "learning_rate"}),
        ("recommend 5 items for user u7", "recommend_items", {"user": "u7", "k": 5}),
        ("add 4 more trials", "extend_study", {"n_trials": 4}),
        ("pause the study", "control_study", {"action": "pause"}),
        ("which datasets are there?", "list_datasets", {}),
        ("what if dropout were 0.5?", "predict", {"params": {"dropout": 0.5}}),
    ],
)
def test_a_message_becomes_the_call_that_it_asks_for(
    pilot: PilotChat, said: str, tool: str, args: dict[str, Any]
) -> None:
    name, got = called(say(pilot, [], said))
    assert name == tool
    assert {key: got.get(key) for key in args} == args


def test_two_requests_are_called_one_after_the_other_and_worded_together(pilot: PilotChat) -> None:
    history: list[BaseMessage] = []
    assert called(say(pilot, history, "Export the best one and recommend 3 items for user u5"))[0] == "export_model"
    returns(history, {"path": "out"})
    assert called(goes_on(pilot, history)) == ("recommend_items", {"user": "u5", "k": 3})
    returns(history, {"user": "u5", "items": []})
    assert goes_on(pilot, history).text == "export_model: ModelExported\n\nrecommend_items: ItemsRecommended"


def test_after_an_error_the_rest_is_not_done(pilot: PilotChat) -> None:
    history: list[BaseMessage] = []
    assert called(say(pilot, history, "add movies.csv as films and tune ease on it, 2 trials"))[0] == "add_dataset"
    returns(history, {"error": "no such file"})
    answer = goes_on(pilot, history)
    assert not answer.tool_calls and "no such file" in answer.text


def test_a_question_back_is_settled_by_the_next_message(newcomer: PilotChat) -> None:
    history: list[BaseMessage] = []
    asked = say(newcomer, history, "tune sasrec, 6 trials")
    assert "dataset" in asked.text and asked.additional_kwargs["choices"] == ["demo", "ml-100k"]
    assert called(say(newcomer, history, "ml-100k")) == (
        "start_study",
        {"models": ["sasrec"], "n_trials": 6, "dataset": "ml-100k"},
    )


@pytest.mark.parametrize(
    "said", ["is it safe to pause?", "don't export anything", "what would happen if I ran lightgcn on demo?"]
)
def test_what_is_no_order_acts_on_nothing_and_is_answered(pilot: PilotChat, said: str) -> None:
    answer = say(pilot, [], said)
    assert not [
        call
        for call in answer.tool_calls
        if call["name"] in ("control_study", "export_model", "run_trial", "start_study")
    ]


def test_an_answer_keeps_how_the_dialogue_stands(pilot: PilotChat) -> None:
    history: list[BaseMessage] = []
    called(say(pilot, history, "explain trial 3"))
    returns(history, {"study": "demo-1", "trial": "demo-1/3"})
    answer = goes_on(pilot, history)
    assert answer.additional_kwargs[DIALOGUE]["trials"] == (3,)
    assert called(say(pilot, history, "and the one before?")) == ("explain_trial", {"trial": 2})


def test_the_pilot_calls_only_what_it_is_given(pilot: PilotChat, known: Known) -> None:
    def study_status() -> str:
        """How it stands."""
        return ""

    bound = pilot.bind_tools([study_status])
    assert not bound.invoke([HumanMessage("export the best model")]).tool_calls
    assert bound.invoke([HumanMessage("how is it going?")]).tool_calls


def test_streamed_pieces_are_the_whole_answer(pilot: PilotChat) -> None:
    pieces = list(pilot.stream([HumanMessage("thanks a lot!")]))
    assert len(pieces) > 1
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = whole + piece
    assert isinstance(whole, AIMessageChunk) and whole.text == pilot.invoke([HumanMessage("thanks a lot!")]).text


def test_the_pilot_writes_no_proposals(pilot: PilotChat) -> None:
    with pytest.raises(ModelAnswerError, match="advisor"):
        pilot.with_structured_output(dict)
