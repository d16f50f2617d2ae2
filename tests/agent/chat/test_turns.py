"""What the model may see of a chat."""

from langchain_core.messages import AIMessage, HumanMessage

from agent.chat.turns import FAILED, without_failures


def test_a_turn_in_which_the_model_failed_is_not_shown_to_it():
    failed = AIMessage("The language model failed: no answer.", response_metadata={FAILED: True})
    asked, answered, now = HumanMessage("Hello"), AIMessage("Hello."), HumanMessage("And now?")
    assert without_failures([asked, answered, HumanMessage("Why?"), failed, now]) == [asked, answered, now]


def test_what_tools_found_before_the_model_failed_stays():
    asked, called = HumanMessage("Why?"), AIMessage("", tool_calls=[{"name": "study_status", "args": {}, "id": "1"}])
    failed = AIMessage("It failed. Here is what the tools found: …", response_metadata={FAILED: True})
    assert without_failures([asked, called, failed]) == [asked, called, failed]
