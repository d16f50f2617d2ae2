"""One tool call of a client: checked, asked about where it acts, run in a thread, answered with facts or a sentence."""

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import anyio
import anyio.to_thread
from langchain_core.tools import BaseTool
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, CallToolRequestParams, CallToolResult, InputRequiredResult, TextContent
from pydantic import BaseModel, ValidationError

from agent.answers.facts import quoted
from agent.errors import USER_ERRORS, ToolInputError
from agent.results.kept import json_of, to_json
from agent.results.result import JsonObject
from agent.studies.at_hand import at_hand
from agent.tools import make_tools
from agent.tools.authorship import made_by_model
from agent.tools.making import correctable
from agent.words.acts import ACTS
from agent.workspace import Workspace
from ui.mcp.allowance import Allowance
from ui.mcp.asking import Asking, Context
from ui.mcp.clients import Client
from ui.mcp.questions import Question, question_of, study_meant
from ui.mcp.rules import Rules, can_ask, needs_yes

TICK_S = 1.0  # between two reports on a call that takes long
BROKEN = "something went wrong here; the terminal or log of the server says what"
_log = logging.getLogger(__name__)


class Calls:
    """The tools of one workspace, as clients call them."""

    def __init__(self, workspace: Workspace, rules: Rules) -> None:
        self.tools: Mapping[str, BaseTool] = {tool.name: tool for tool in make_tools(workspace)}
        self.allowance = Allowance(workspace, rules)
        self._workspace = workspace
        self._rules = rules
        self._asking = Asking(rules.ask_s)

    def may_call(self, tool: str, context: Context) -> bool:
        """Whether the client can use the tool: it reads, or a person can be asked, or need not be."""
        return not needs_yes(tool) or self._rules.allows_acts or can_ask(context.session.client_capabilities)

    async def call(
        self, context: Context, params: CallToolRequestParams, client: Client
    ) -> CallToolResult | InputRequiredResult:
        """What the tool found, as JSON text and as structure; what it refused, as an error with one sentence.

        Raises:
            MCPError: There is no such tool.
        """
        if params.name not in self.tools:
            raise MCPError(INVALID_PARAMS, f"there is no tool {quoted(params.name, 100)}")
        tool = self.tools[params.name]
        try:
            args = _checked(tool, params.arguments or {})
            if not needs_yes(tool.name):
                return _result(await self._done(context, partial(self._read, client, tool.name, args), only_reads=True))
            if not self.may_call(tool.name, context):
                raise ToolInputError(
                    f"to {ACTS[tool.name].says} takes a person's yes, and this client cannot ask for it (it has no"
                    " elicitation); nothing was done. `recpilot mcp --allow-acts` does it without, within limits"
                )
            return await self._acted(context, params, client, args)
        except ToolInputError as error:
            return _result({"error": str(error)})

    async def _acted(
        self, context: Context, params: CallToolRequestParams, client: Client, args: Mapping[str, Any]
    ) -> CallToolResult | InputRequiredResult:
        """An act with the person's yes, or without one where nobody can be asked and the server allows it.

        Raises:
            ToolInputError: There is no yes.
        """
        can_be_asked = can_ask(context.session.client_capabilities)
        question = self._asking.answered(params) if can_be_asked else None
        if question is None:
            question = await anyio.to_thread.run_sync(self._question, client, params.name, args)
            if can_be_asked:
                card = await anyio.to_thread.run_sync(self._card, question)
                if (sent := await self._asking.ask(context, params, question, card)) is not None:
                    return sent
        act = partial(self._act, client, question, is_agreed=can_be_asked)
        return _result(await self._done(context, act))

    def _question(self, client: Client, tool: str, args: Mapping[str, Any]) -> Question:
        takes_study = "study" in self.tools[tool].args
        with correctable():
            return question_of(self._workspace, client, tool, args, takes_study=takes_study)

    def _card(self, question: Question) -> str:
        with correctable():
            return question.text(self._workspace)

    def _act(self, client: Client, question: Question, *, is_agreed: bool) -> JsonObject:
        """Do what was asked about, if it still is what would be done; without a yes within the limits."""
        request = question.request
        if self._question(client, request.tool, request.args).rests_on != question.rests_on:
            raise ToolInputError("nothing was done: what this rests on has changed since the question; call again")
        with made_by_model(_nothing_is_said, is_agreed=is_agreed):
            if is_agreed:
                return self._run(client, request.tool, request.args)
            with self.allowance.taken(question) as keep:
                facts = self._run(client, request.tool, request.args)
                if "error" not in facts:
                    study = facts.get("study")
                    keep(study if isinstance(study, str) else None)
                return facts

    def _read(self, client: Client, tool: str, args: Mapping[str, Any]) -> JsonObject:
        """What a reading tool finds; where no study stays at hand, one that others touched is not told"""
        if not client.keeps_study:
            if tool == "open_study":
                raise ToolInputError("this client has no session, so no study stays at hand; name it in each call")
            if "study" in self.tools[tool].args and not {"study", "dataset"} & args.keys():
                study = study_meant(self._workspace, client)
                args = args if study is None else {**args, "study": study}
        return self._run(client, tool, args)

    def _run(self, client: Client, tool: str, args: Mapping[str, Any]) -> JsonObject:
        with at_hand(client.study, chat=client.chat) as hand:
            facts = json_of(self.tools[tool].invoke(dict(args)))
        client.has_at_hand(hand.study)
        return facts

    async def _done(self, context: Context, work: Callable[[], JsonObject], *, only_reads: bool = False) -> JsonObject:
        """What the work found, with a report each second where the client wants some.

        A client that gives up what only reads is not waited for; an act that has begun ends, and is then in the log.
        """
        async with anyio.create_task_group() as group:
            group.start_soon(self._report, context)
            facts = await anyio.to_thread.run_sync(_guarded, work, abandon_on_cancel=only_reads)
            group.cancel_scope.cancel()
        return facts

    async def _report(self, context: Context) -> None:
        began = time.monotonic()
        while True:
            await anyio.sleep(TICK_S)
            await context.session.report_progress(time.monotonic() - began, None, self._doing())

    def _doing(self) -> str:
        study = self._workspace.runner.working()
        if study is None:
            return "working"
        status = study.status()
        return f"working; {study.title} has {status.n_finished} of {status.n_trials} trials"


def _nothing_is_said(param: str, value: Any) -> bool:
    """A client's person speaks to its model, not to us: what the model calls with is the model's."""
    return False


def _guarded(work: Callable[[], JsonObject]) -> JsonObject:
    """What the work finds; what it refuses, or where it breaks, as a sentence."""
    try:
        return work()
    except (ToolInputError, *USER_ERRORS) as error:
        return {"error": str(error)}
    except Exception:  # noqa: BLE001 - a bug ends this call, not the server
        _log.exception("a tool broke")
        return {"error": BROKEN}


def _checked(tool: BaseTool, args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that were given, as the tool's schema reads them.

    Raises:
        ToolInputError: They do not fit it; the text says what is legal.
    """
    schema, say = tool.args_schema, tool.handle_validation_error
    if not (isinstance(schema, type) and issubclass(schema, BaseModel) and callable(say)):
        raise TypeError(f"{tool.name} was not made by agent.tools.making")
    try:
        read = schema.model_validate(args)
    except ValidationError as error:
        raise ToolInputError(str(json_of(say(error))["error"])) from None
    return read.model_dump(exclude_unset=True, exclude_none=True)


def _result(facts: JsonObject) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(text=to_json(facts))], structured_content=facts, is_error="error" in facts
    )
