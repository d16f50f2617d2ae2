"""LangChain's agent over a model that knows nothing: whatever is valid in its tool calls comes from the grammar."""

from typing import Literal

import jsonschema
import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelCallLimitMiddleware
from langchain_core.messages import AIMessageChunk, HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import BaseModel, Field

from agent.llm.openai_compatible import OpenAICompatibleChat


class StudyArguments(BaseModel):
    dataset: str = Field(min_length=1, max_length=8)
    models: list[Literal["sasrec", "bpr_mf", "ease"]] = Field(min_length=1, max_length=2)
    objective: Literal["ndcg@10", "recall@20"] = "ndcg@10"
    n_trials: int = Field(ge=1, le=50)
    time_limit_s: float | None = Field(default=None, gt=0, le=3600)


@tool(args_schema=StudyArguments)
def start_study(dataset, models, n_trials, objective="ndcg@10", time_limit_s=None) -> str:
    """Start a study."""
    return f"study of {'+'.join(models)} on {dataset}, {n_trials} trials"


@tool
def set_search_space(param: Literal["learning_rate", "dropout"], low: float, high: float) -> str:
    """Narrow a parameter."""
    return f"{param} in [{low:g}, {high:g}]"


TOOLS = [start_study, set_search_space]


class CallFirst(AgentMiddleware):
    """The first model call of every message must be a tool call; after that the model is free."""

    def wrap_model_call(self, request, handler):
        is_first = isinstance(request.messages[-1], HumanMessage)
        if is_first:
            return handler(request.override(tool_choice="any"))
        return handler(request.override(tool_choice="none", model_settings={"temperature": 0.0}))


@pytest.fixture(params=["local", "server"])
def model(request):
    if request.param == "local":
        return request.getfixturevalue("chat").model_copy(update={"max_new_tokens": 200})
    return OpenAICompatibleChat.connect(request.getfixturevalue("grammar_server") + "/v1", "tiny")


def test_twenty_of_twenty_forced_calls_are_valid_and_run(model):
    schemas = {each.name: convert_to_openai_tool(each)["function"]["parameters"] for each in TOOLS}
    forced = model.bind_tools(TOOLS, tool_choice="any")
    by_name = {each.name: each for each in TOOLS}
    for number in range(20):
        (call,) = forced.invoke(f"Message {number}.").tool_calls
        jsonschema.validate(call["args"], schemas[call["name"]])
        assert by_name[call["name"]].invoke(call).status == "success"


def test_the_agent_calls_a_tool_reads_its_result_and_answers(model):
    agent = create_agent(model, TOOLS, middleware=[CallFirst(), ModelCallLimitMiddleware(run_limit=4)])
    messages = agent.invoke({"messages": [HumanMessage("Tune something.")]})["messages"]
    kinds = [message.type for message in messages]
    assert kinds == ["human", "ai", "tool", "ai"]
    assert isinstance(messages[2], ToolMessage)
    assert messages[2].status == "success"


def test_the_agent_streams_the_answer_token_by_token(model):
    agent = create_agent(model, TOOLS, middleware=[CallFirst()])
    chunks = [
        chunk
        for chunk, _ in agent.stream({"messages": [HumanMessage("Tune something.")]}, stream_mode="messages")
        if isinstance(chunk, AIMessageChunk)
    ]
    assert any(chunk.tool_call_chunks for chunk in chunks)
    assert sum(bool(chunk.text) for chunk in chunks) > 1
