"""The MCP server of one workspace, whatever it is served over."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata
from typing import Any

import anyio.to_thread
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    GetPromptRequestParams,
    GetPromptResult,
    InputRequiredResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
)

from agent.answers.facts import quoted
from agent.workspace import Workspace
from ui.mcp.asking import Context
from ui.mcp.calling import Calls
from ui.mcp.clients import Client, Sessions
from ui.mcp.listing import TUNE, listed, told
from ui.mcp.resources import TEMPLATES, Resources
from ui.mcp.rules import Rules

SESSION_HEADER = "mcp-session-id"


class Serving:
    """`server` for a transport to run; `close` when the last client is gone."""

    def __init__(self, workspace: Workspace, rules: Rules) -> None:
        self.calls = Calls(workspace, rules)
        self._resources = Resources(workspace, self.calls.tools)
        self._tools = [listed(tool) for tool in self.calls.tools.values()]
        self._sessions = Sessions()
        self.server: Server[Client] = Server(
            "recpilot",
            version=metadata.version("recpilot"),
            title="recpilot",
            description="Tunes recommender models on this machine, and says why",
            instructions=rules.instructions(),
            lifespan=_one_client,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
            on_list_prompts=self._list_prompts,
            on_get_prompt=self._get_prompt,
        )

    def close(self) -> None:
        """No more is counted or begun."""
        self.calls.allowance.close()

    async def _list_tools(self, context: Context, _: PaginatedRequestParams | None) -> ListToolsResult:
        """Those that this client can use."""
        return ListToolsResult(tools=[tool for tool in self._tools if self.calls.may_call(tool.name, context)])

    async def _call_tool(self, context: Context, params: CallToolRequestParams) -> CallToolResult | InputRequiredResult:
        return await self.calls.call(context, params, self._client(context))

    async def _list_resources(self, context: Context, _: PaginatedRequestParams | None) -> ListResourcesResult:
        return ListResourcesResult(resources=await anyio.to_thread.run_sync(self._resources.listed))

    async def _list_templates(self, context: Context, _: PaginatedRequestParams | None) -> ListResourceTemplatesResult:
        return ListResourceTemplatesResult(resource_templates=TEMPLATES)

    async def _read_resource(self, context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        read = await anyio.to_thread.run_sync(self._resources.read, str(params.uri), abandon_on_cancel=True)
        return ReadResourceResult(contents=[read])

    async def _list_prompts(self, context: Context, _: PaginatedRequestParams | None) -> ListPromptsResult:
        return ListPromptsResult(prompts=[TUNE])

    async def _get_prompt(self, context: Context, params: GetPromptRequestParams) -> GetPromptResult:
        if params.name != TUNE.name:
            raise MCPError(INVALID_PARAMS, f"there is no prompt {quoted(params.name, 100)}")
        return told(params.arguments)

    def _client(self, context: Context) -> Client:
        """Over HTTP the client of the session that the request names; over a pipe there is one."""
        if context.request is not None:
            return self._sessions.get(context.request.headers.get(SESSION_HEADER))
        client: Client = context.lifespan_context
        return client


@asynccontextmanager
async def _one_client(_: Server[Any]) -> AsyncIterator[Client]:
    """A pipe's client lives as long as its connection."""
    yield Client()
