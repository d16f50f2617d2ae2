"""Calling a tool as the chat does, and what kills the program in the middle of one."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from agent.tools import make_tools
from agent.workspace import Workspace

Use = Callable[..., dict[str, Any]]


class Killed(BaseException):
    """The program ends here; nothing catches it."""


def use(workspace: Workspace, tool: str, /, **args: Any) -> dict[str, Any]:
    """The facts that a tool answers with."""
    found = next(one for one in make_tools(workspace) if one.name == tool)
    facts = json.loads(found.invoke(args))
    assert isinstance(facts, dict)
    assert len(json.dumps(facts)) < 12_000
    return facts


@pytest.fixture(name="use", scope="session")
def _use() -> Use:
    return use


@pytest.fixture(scope="session")
def killed() -> type[BaseException]:
    return Killed
