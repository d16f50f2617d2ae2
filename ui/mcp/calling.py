"""One tool call of a client: checked, asked about where it acts, run in a thread, answered with facts or a sentence."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from langchain_core.tools import BaseTool
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, CallToolRequestParams, CallToolResult, InputRequiredResult, TextContent

from agent.answers.facts import quoted
from agent.errors import USER_ERRORS, ToolInputError
from agent.results.kept import as_object, json_of, to_json
from agent.results.result import JsonObject
from agent.results.study import NotUndone
from agent.secrets import REMOVED, cleaned, masked
from agent.studies.at_hand import at_hand
from agent.tools import checked, make_tools, read_args
from agent.tools.authorship import made_by_model
from agent.words.acts import ACTS
from agent.workspace import Workspace
from ui.mcp.allowance import Allowance
from ui.mcp.asking import Asking, Context
from ui.mcp.clients import Client
from ui.mcp.questions import Question, question_of, study_meant
from ui.mcp.rules import Rules, can_ask, needs_yes

_TAKES_TO_HAND = ("open_study", "start_study")
_FILTER = ("list_lessons", "recall_trials")  # what they take as a study only narrows what they find
TICK_S = 1.0  # between two reports on a call that takes long
STOP_S = 0.1  # between two looks whether a call that was given up has ended
_Found = TypeVar("_Found")
BROKEN = "something went wrong here; the terminal or log of the server says what"
_log = logging.getLogger(__name__)


class Act:
    """An act, or the look at what it would do, and how far it has come; of a client's acts one works at a time."""

    def __init__(self, client: Client, work: "Callable[[], Question | JsonObject]") -> None:
        self.client = client
        self._work = work
        self.is_at_work = False
        self.is_given_up = False

    def __call__(self) -> "Question | JsonObject":
        """Raises ToolInputError: it was given up before its turn came."""
        with self.client.acts:
            if self.is_given_up:
                raise ToolInputError("nothing was done: the call was given up before its turn came")
            self.is_at_work = True
            try:
                return self._work()
            finally:
                self.is_at_work = False


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
            raise MCPError(INVALID_PARAMS, f"there is no tool {quoted(masked(params.name), 100)}")
        tool = self.tools[params.name]
        try:
            args = read_args(tool.name, cleaned(params.arguments or {}, REMOVED))
            if not needs_yes(tool.name):
                read = partial(_guarded, partial(self._read, client, tool.name, args))
                in_thread = partial(anyio.to_thread.run_sync, read, abandon_on_cancel=True)  # it is not waited for
                return _result(await self._done(context, in_thread))
            if not self.may_call(tool.name, context):
                raise ToolInputError(
                    f"to {ACTS[tool.name].says} takes a person's yes, and this client cannot ask for it (it has no"
                    " elicitation); nothing was done. `recpilot mcp --allow-acts` does it without, within limits"
                )
            return await self._acted(context, params, client, args)
        except ToolInputError as error:
            return _result({"error": masked(str(error))})

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
            looked = partial(self._looked_at, client, params.name, args, is_agreed=can_be_asked)
            found = await self._carried_out(Act(client, looked))
            if not isinstance(found, Question):
                return _result(found)
            question = found
            if can_be_asked:
                card = await anyio.to_thread.run_sync(question.text, self._workspace)
                if (sent := await self._asking.ask(context, params, question, card)) is not None:
                    return sent
        act = Act(client, partial(self._act, client, question, is_agreed=can_be_asked))
        return _result(await self._done(context, partial(self._carried_out, act)))

    async def _carried_out(self, act: Act) -> Any:
        """What it found. An act that has begun ends, and is then in the log; a file is not read for a call given up."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._stop_reading, act)
            found = await anyio.to_thread.run_sync(_guarded, act)
            group.cancel_scope.cancel()
        return found

    async def _stop_reading(self, act: Act) -> None:
        """Where the client gives the call up; what has not begun does not begin then."""
        try:
            await anyio.sleep_forever()
        finally:
            act.is_given_up = True
            with anyio.CancelScope(shield=True):
                while act.is_at_work:
                    self._workspace.readings.stop(act.client.chat)
                    await anyio.sleep(STOP_S)

    def _looked_at(
        self, client: Client, tool: str, args: Mapping[str, Any], *, is_agreed: bool
    ) -> "Question | JsonObject":
        """What a person is to be asked; of a call that would change nothing, its answer.

        Raises:
            ToolInputError: It cannot work.
            UserError: The same.
        """
        with client.acts:
            question = question_of(self._workspace, client, tool, args, takes_study="study" in self.tools[tool].args)
            with at_hand(client.study, chat=client.chat), made_by_model(_nothing_is_said, is_agreed=is_agreed):
                found = checked(self._workspace, tool, question.request.args)
            if isinstance(found.found, NotUndone):  # told, so that the next undo is of the change before it
                return self._run(client, tool, question.request.args)
            if found.found is not None:
                return as_object(found.found)
            if found.prospect.problem is not None:
                raise ToolInputError(found.prospect.problem)
            return replace(question, prospect=found.prospect)

    def _act(self, client: Client, question: Question, *, is_agreed: bool) -> JsonObject:
        """Do what was asked about, if it still is what would be done; without a yes within the limits."""
        request = question.request
        with client.acts:
            now = self._looked_at(client, request.tool, request.args, is_agreed=is_agreed)
            if not isinstance(now, Question):
                return now
            if now.rests_on != question.rests_on:
                raise ToolInputError("nothing was done: what this rests on has changed since the question; call again")
            with made_by_model(_nothing_is_said, is_agreed=is_agreed):
                return self._run(client, request.tool, request.args) if is_agreed else self._within(client, question)

    def _within(self, client: Client, question: Question) -> JsonObject:
        """Do it without a yes, if that is within the limits."""
        with self.allowance.taken(question) as keep:
            facts = self._run(client, question.request.tool, question.request.args)
            if "error" not in facts:
                study = facts.get("study")
                keep(study if isinstance(study, str) else None)
            return facts

    def _read(self, client: Client, tool: str, args: Mapping[str, Any]) -> JsonObject:
        """What a reading tool finds; where no study stays at hand, one that others touched is not told"""
        if not client.keeps_study:
            if tool == "open_study":
                raise ToolInputError("this client has no session, so no study stays at hand; name it in each call")
            if "study" in self.tools[tool].args and tool not in _FILTER and not {"study", "dataset"} & args.keys():
                study = study_meant(self._workspace, client)
                args = args if study is None else {**args, "study": study}
        return self._run(client, tool, args)

    def _run(self, client: Client, tool: str, args: Mapping[str, Any]) -> JsonObject:
        """What the tool answers; the study at hand of a session is another one only where the call is about that."""
        latest = None if tool in _TAKES_TO_HAND else next(iter(self._workspace.runner.names()), None)
        with at_hand(client.study or latest, chat=client.chat) as hand:
            facts = json_of(self.tools[tool].invoke(dict(args)))
        if tool in _TAKES_TO_HAND or facts.get("tool") == "open_study":  # the latter was undone
            client.has_at_hand(client.study if "error" in facts else hand.study)
        elif tool == "delete_study" and self._workspace.ledger.name_of(client.study or "") is None:
            client.has_at_hand(None)
        return facts

    async def _done(self, context: Context, work: Callable[[], Awaitable[JsonObject]]) -> JsonObject:
        """What the work found, with a report each second where the client wants some."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._report, context)
            facts = await work()
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


def _guarded(work: Callable[[], _Found]) -> "_Found | JsonObject":
    """What the work finds; what it refuses, or where it breaks, as a sentence."""
    try:
        return work()
    except (ToolInputError, *USER_ERRORS) as error:
        return {"error": masked(str(error))}
    except Exception:  # noqa: BLE001 - a bug ends this call, not the server
        _log.exception("a tool broke")
        return {"error": BROKEN}


def _result(facts: JsonObject) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(text=to_json(facts))], structured_content=facts, is_error="error" in facts
    )
