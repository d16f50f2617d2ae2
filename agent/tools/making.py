"""From a typed function to a LangChain tool: its parameters become the schema, its docstring the prompt."""

import functools
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
from recmodels.data.how_to_change import in_chat

ToolFunction = Callable[..., Result]


@contextmanager
def correctable() -> Iterator[None]:
    """What the person could fix in a call, the model can fix too: it goes back to it."""
    try:
        yield
    except USER_ERRORS as error:
        raise ToolInputError(in_chat(str(error))) from error


def make_tool(function: ToolFunction, workspace: Workspace) -> BaseTool:
    """The tool of `function(workspace, **args)`; it answers with facts as JSON.

    What a person can fix (a bad file, no study yet) comes back as {"error": sentence}. ToolInputError is raised.
    """

    def run(**args: Any) -> str:
        try:
            return to_json(function(workspace, **args))
        except USER_ERRORS as error:
            return to_json(Failure(error=in_chat(str(error))))

    return StructuredTool.from_function(
        func=run,
        name=function.__name__,
        description=inspect.getdoc(function),
        args_schema=_schema(function),
        handle_validation_error=_say_legal(function),
    )


def read_arguments(function: ToolFunction, args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that were given, as the tool's schema reads them.

    Raises:
        ToolInputError: They do not fit it; the text says what is legal.
    """
    try:
        read = _schema(function).model_validate(dict(args))
    except ValidationError as error:
        raise ToolInputError(_legal(function, error)) from None
    return {name: getattr(read, name) for name in read.model_fields_set if getattr(read, name) is not None}


@functools.cache
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
    return lambda error: to_json(Failure(error=_legal(function, error)))


def _legal(function: ToolFunction, error: ValidationError) -> str:
    """What does not fit, and what is legal."""
    tool, legal = function.__name__, [name for name in inspect.signature(function).parameters if name != "workspace"]
    problems = [
        f"`{'.'.join(map(str, problem['loc']))}`: {problem['msg']}, got {problem.get('input')!r:.80}"
        for problem in error.errors(include_url=False)
    ]
    are = f"; the arguments are {', '.join(legal)}"
    is_unknown = any(problem["type"] == "extra_forbidden" for problem in error.errors())
    return f"illegal arguments for {tool}: {'; '.join(problems)}{are if is_unknown else ''}"
