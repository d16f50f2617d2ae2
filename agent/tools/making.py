"""From a typed function to a LangChain tool: its parameters become the schema, its docstring the prompt."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, get_type_hints

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from agent.errors import USER_ERRORS, ToolInputError
from agent.results.kept import to_json
from agent.results.result import Failure, Result
from agent.workspace import Workspace

ToolFunction = Callable[..., Result]


@contextmanager
def correctable() -> Iterator[None]:
    """What the person could fix in a call, the model can fix too: it goes back to it."""
    try:
        yield
    except USER_ERRORS as error:
        raise ToolInputError(str(error)) from error


def make_tool(function: ToolFunction, workspace: Workspace) -> BaseTool:
    """The tool of `function(workspace, **args)`; it answers with facts as JSON.

    What a person can fix (a bad file, no study yet) comes back as {"error": sentence}. ToolInputError is raised.
    """

    def run(**args: Any) -> str:
        try:
            return to_json(function(workspace, **args))
        except USER_ERRORS as error:
            return to_json(Failure(error=str(error)))

    return StructuredTool.from_function(
        func=run,
        name=function.__name__,
        description=inspect.getdoc(function),
        args_schema=_schema(function),
        handle_validation_error=_say_legal(function),
    )


def _schema(function: ToolFunction) -> type[BaseModel]:
    hints = get_type_hints(function, include_extras=True)
    fields: Mapping[str, Any] = {
        name: (hints[name], ... if parameter.default is inspect.Parameter.empty else parameter.default)
        for name, parameter in inspect.signature(function).parameters.items()
        if name != "workspace"
    }
    return create_model(function.__name__, __config__=ConfigDict(extra="forbid"), **fields)


def _say_legal(function: ToolFunction) -> Callable[[Any], str]:
    """What the model is told when its arguments do not fit the schema."""
    tool, legal = function.__name__, [name for name in inspect.signature(function).parameters if name != "workspace"]

    def say(error: ValidationError) -> str:
        problems = [
            f"`{'.'.join(map(str, problem['loc']))}`: {problem['msg']}, got {problem.get('input')!r:.80}"
            for problem in error.errors(include_url=False)
        ]
        are = f"; the arguments are {', '.join(legal)}"
        is_unknown = any(problem["type"] == "extra_forbidden" for problem in error.errors())
        told = f"illegal arguments for {tool}: {'; '.join(problems)}{are if is_unknown else ''}"
        return to_json(Failure(error=told))

    return say
