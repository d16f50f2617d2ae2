"""What the model may see of a chat."""

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.chat.columns_said import columns_said_later
from agent.chat.open_files import open_files
from agent.chat.turns import FAILED, without_failures
from agent.results.kept import to_json
from agent.results.result import ColumnsAsked, Failure, Result


def test_a_turn_in_which_the_model_failed_is_not_shown_to_it():
    failed = AIMessage("The language model failed: no answer.", response_metadata={FAILED: True})
    asked, answered, now = HumanMessage("Hello"), AIMessage("Hello."), HumanMessage("And now?")
    assert without_failures([asked, answered, HumanMessage("Why?"), failed, now]) == [asked, answered, now]


def test_what_tools_found_before_the_model_failed_stays():
    asked, called = HumanMessage("Why?"), AIMessage("", tool_calls=[{"name": "study_status", "args": {}, "id": "1"}])
    failed = AIMessage("It failed. Here is what the tools found: …", response_metadata={FAILED: True})
    assert without_failures([asked, called, failed]) == [asked, called, failed]


def _turn(tool: str, result: Result) -> list[AnyMessage]:
    call = AIMessage("", tool_calls=[{"name": tool, "args": {}, "id": "1"}])
    return [HumanMessage("x"), call, ToolMessage(to_json(result), tool_call_id="1", name=tool), AIMessage("y")]


def test_a_question_about_columns_stays_open_while_other_data_are_looked_at():
    question = ColumnsAsked(
        error="which?",
        question="Which?",
        role="item",
        candidates=("sess", "prod_ref"),
        path="x",
        name=None,
        columns=None,
    )
    asked, looked = _turn("add_dataset", question), _turn("describe_dataset", Failure(error="there is none"))
    (one,), (later,) = open_files(asked), open_files([*asked, *looked])
    assert one.question == later.question == question and one.is_next and not later.is_next
    assert not open_files([*asked, HumanMessage("no"), AIMessage("All right.")])
    assert columns_said_later("prod_ref", question) == {"item": "prod_ref"}
    assert columns_said_later("the item is kettle", question) == {}
