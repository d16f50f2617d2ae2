"""What the chat model would do with a message, without doing it: `recpilot ask --plan`."""

from typing import TYPE_CHECKING, Any

from agent.chat.orders import is_order
from agent.errors import SetupError
from agent.llm.pilot.chat import PilotChat
from agent.workspace import Workspace

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def preview(workspace: Workspace, message: str) -> dict[str, Any]:
    """`{"say", "tool", "args"}`: the first tool that would be called, None for a plain answer or where it may not act.

    Raises:
        SetupError: There is no chat model.
    """
    model = workspace.chat_model
    if model is None:
        raise SetupError("`--llm none` calls no tools; choose `--llm pilot` or a language model")
    planned = model.plan(message) if isinstance(model, PilotChat) else _planned(workspace, model, message)
    if planned["tool"] and not is_order(message, planned["tool"], planned["args"]):
        return planned | {"tool": None, "args": {}}
    return planned


def _planned(workspace: Workspace, model: "BaseChatModel", message: str) -> dict[str, Any]:
    from langchain_core.messages import HumanMessage, SystemMessage

    from agent.chat.conversation import system_prompt  # imports the agent, which the pilot's plan does without
    from agent.tools import make_tools

    answer = model.bind_tools(make_tools(workspace)).invoke([SystemMessage(system_prompt()), HumanMessage(message)])
    call = answer.tool_calls[0] if answer.tool_calls else None
    return {"say": message, "tool": call["name"] if call else None, "args": call["args"] if call else {}}
