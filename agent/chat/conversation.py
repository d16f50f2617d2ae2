"""A chat: one message in, events out, everything kept on disk so that the chat goes on after a restart.

conversation = Conversation(workspace, "first")
for event in conversation.send("Tune sasrec on the demo data, 6 trials"):
    ...
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain.agents import create_agent
from langchain.agents.middleware import ToolCallLimitMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool

from agent import outside
from agent.answers.wording import sentence
from agent.chat.answering import TurnTime
from agent.chat.beside import asked_before, beside_file, not_added_hashed, worded
from agent.chat.call_order import Failed, acts_on_the_study_at_hand, opens_study
from agent.chat.columns_said import arguments, columns_said, columns_said_later, rows_kept, with_more
from agent.chat.corrected import corrected
from agent.chat.dialogues import CallCheck, waiting_calls
from agent.chat.guards import MAX_TOOL_CALLS, TurnGuard
from agent.chat.known_now import known_in
from agent.chat.named_study import last_study, named_study
from agent.chat.not_read_yet import not_read_yet
from agent.chat.titles import title_of
from agent.chat.turns import FAILED, closed, columns_asked, columns_asked_earlier, found_in
from agent.chat.uploads import keep_uploads
from agent.errors import ToolInputError
from agent.events import AnswerFinished, ChatEvent, MessageSaid, TextDelta, TextWithdrawn, ToolCalled, ToolReturned
from agent.llm.no_model import NoModel
from agent.llm.pilot.chat import PilotChat
from agent.llm.written_calls import ShownText
from agent.recording.recorder import Unheard
from agent.results.by_tool import read_result
from agent.results.kept import json_of, to_json
from agent.results.result import ColumnsAsked, Failure
from agent.secrets import REMOVED, WHERE_KEYS_GO, is_only_keys, without_keys
from agent.studies.at_hand import at_hand
from agent.tools import checked, make_tools
from agent.tools.authorship import made_by_model
from agent.understanding.asking.answers_to import is_no, is_yes
from agent.understanding.clauses.moods import objection
from agent.understanding.data.at_reading import at_reading
from agent.understanding.data.column_corrections import correction
from agent.understanding.data.column_words import left_out
from agent.understanding.known import Known
from agent.understanding.plan import Request
from agent.words.acts import ACTS
from agent.workspace import Workspace

if TYPE_CHECKING:
    from agent.understanding.planner import Planner

_STEPS = 100  # of the graph in one turn; the guards end a turn long before


class Conversation:
    """One chat. Cheap to make: many share a workspace, and each belongs to one browser session."""

    def __init__(
        self,
        workspace: Workspace,
        chat: str | None = None,
        chat_model: BaseChatModel | None = None,
        *,
        person: str | None = None,
        heard: Unheard | None = None,
        tools: Sequence[BaseTool] | None = None,
        known: Callable[[], Known] | None = None,
    ) -> None:
        """
        Args:
            workspace: What the tools depend on.
            chat: The chat's id; None begins a new one.
            chat_model: To talk to instead of the workspace's.
            person: Who has logged in and speaks; None: nobody logs in.
            heard: Hears all that passes, instead of the workspace's recorder.
            tools: Instead of the workspace's.
            known: What an attached model's calls are checked against, instead of what the workspace holds.
        """
        self.chat = chat or uuid.uuid4().hex[:12]
        self._workspace = workspace
        self._chat_model = chat_model
        self._person = person
        self._heard = heard or workspace.recorder.chat(self.chat)
        self._known = known
        self._tools = list(self._heard.tools(tools or make_tools(workspace)))
        self._config: RunnableConfig = {"configurable": {"thread_id": self.chat}, "recursion_limit": _STEPS}
        self._agent = self._build(model := self._model())
        self._agent_model = model

    def send(self, text: str, files: Sequence[str | Path] = (), *, study: str | None = None) -> Iterator[ChatEvent]:
        """One turn: tool calls, text as it is written, and last an AnswerFinished whose text stands for the whole.

        Files are added as datasets first, whatever the model; so is an answer to a question about their columns. What
        is said of no study in particular is said of the one that the message names, else of the one that the person
        sees, else of this chat's own.

        Args:
            study: The one that the person sees beside the chat; passed over where it does not exist any more.
        """
        text = without_keys(text)
        self._workspace.chats.touch(self.chat, "" if files else text)
        with at_hand(self._study_of(text, study), chat=self.chat, person=self._person):
            yield from self._answered(text, files)

    def history(self) -> list[ChatEvent]:
        """The chat so far, as the events that its messages would be shown by."""
        return [event for message in self._messages() for event in self._shown(message)]

    def restore(self, messages: Sequence[AnyMessage]) -> None:
        """Put earlier messages into a new chat, as they were kept."""
        if messages:
            self._append(messages)

    def _answered(self, text: str, files: Sequence[str | Path]) -> Iterator[ChatEvent]:
        answers: list[AnswerFinished] = []
        before = self._messages()
        self._heard.begin(text, [str(file) for file in files], kind_of(self._model()), before)
        for part in self._parts(text, files):
            for event in part:
                if isinstance(event, AnswerFinished):
                    answers.append(event)
                else:
                    yield event
        whole = AnswerFinished(
            chat=self.chat,
            text="\n\n".join([*(answer.text for answer in answers), *self._where_keys_go(text)]),
            removed=tuple(number for answer in answers for number in answer.removed),
            not_checked=tuple(sentence for answer in answers for sentence in answer.not_checked),
            choices=answers[-1].choices if answers else (),
            has_failed=any(answer.has_failed for answer in answers),
        )
        after = self._messages()
        self._heard.end(whole, after[len(before) :])
        self._workspace.chats.finish(self.chat, title_of(after))
        yield whole

    def _where_keys_go(self, text: str) -> list[str]:
        """Said after the answer to a message that keys were removed from."""
        return [WHERE_KEYS_GO] if REMOVED in text and not is_only_keys(text) else []

    def _study_of(self, text: str, shown: str | None) -> str | None:
        studies = self._workspace.runner.names()
        named = named_study(text, studies, self._workspace.catalogue.names())
        found = named or (shown if shown in studies else None) or last_study(self._messages(), studies)
        return found or (self._workspace.runner.latest_of(self._person) if self._person else None)

    @property
    def _graph(self) -> Any:
        """The agent on the model that is chosen now."""
        if self._agent_model is not self._model():
            self._agent_model = self._model()
            self._agent = self._build(self._agent_model)
        return self._agent

    def _model(self) -> BaseChatModel | None:
        return self._chat_model or self._workspace.chat_model_of(self.chat)

    def _build(self, model: BaseChatModel | None) -> Any:
        limit: Any = ToolCallLimitMiddleware(run_limit=MAX_TOOL_CALLS, exit_behavior="continue")
        return create_agent(
            model or NoModel(),
            self._tools,
            system_prompt=system_prompt(),
            middleware=[TurnGuard(None if isinstance(model, PilotChat) else self._call_check, self._heard), limit],
            checkpointer=self._workspace.chats.saver,
            context_schema=TurnTime,
        )

    def _call_check(self) -> CallCheck:
        """Tells whether an attached model's call may be made now."""
        known = self._heard.known(known_in(self._workspace) if self._known is None else self._known())
        return CallCheck(planner(), known)

    def _parts(self, text: str, files: Sequence[str | Path]) -> Iterator[Iterator[ChatEvent]]:
        """What a message asks for, one after the other.

        The pilot takes what is said beside a file for a request only where it is one, and the file could be read.
        """
        pilot = model if isinstance(model := self._model(), PilotChat) else None
        of_file = beside_file(text, len(files), self._workspace.catalogue) if files else None
        if of_file is not None and of_file.is_hiding and not of_file.joins_hashed(self._workspace.catalogue):
            yield self._held_back(not_added_hashed(text, Path(files[0]).name))
            return
        if of_file is not None and of_file.left:
            kept = keep_uploads(self._workspace.settings.uploads, files)
            yield self._held_back(asked_before(text, kept, of_file, self._why_not_added))
            return
        rest = text if of_file is None else of_file.rest
        is_request = not files or (bool(rest.strip()) and (pilot is None or pilot.asks_for_more(rest)))
        beside = "" if is_request else text
        for upload in keep_uploads(self._workspace.settings.uploads, files):
            if upload.path is None:
                yield self._refuse(upload.name, upload.refusal)
            else:
                told = {"files": [str(upload.path)], "beside": beside}
                said = HumanMessage(f"I dropped the file {upload.name} into the chat.", additional_kwargs=told)
                left = "" if is_request or of_file is None else of_file.unused(self._workspace)
                yield self._add(said, {"path": str(upload.path), **(of_file.args if of_file else {})}, left, text)
                beside = ""
        if files and pilot is not None and self._failed():
            return
        if is_only_keys(text) and not files:
            self._append([HumanMessage(text), answer := AIMessage(WHERE_KEYS_GO)])
            yield self._shown(answer)
            return
        waits = () if files else waiting_calls(self._messages())
        answered = (
            self._said_of_columns(text) if not files and objection(left_out(text).rest, "add_dataset") is None else None
        )
        if waits and is_yes(text):
            yield self._run(HumanMessage(text), waits)
        elif waits and is_no(text):
            self._append([HumanMessage(text), answer := AIMessage("All right, nothing was done.")])
            yield self._shown(answer)
        elif answered is not None:
            yield self._add(HumanMessage(text), with_more(answered, at_reading(text).args))
        elif not files and (held := not_read_yet(text, self._messages())):
            yield self._held_back(held)
        elif is_request:
            yield self._turn(rest)

    def _turn(self, text: str) -> Iterator[ChatEvent]:
        """The agent's turn, ending in an AnswerFinished."""
        stream = self._graph.stream(
            {"messages": [HumanMessage(text)]},
            self._config | {"callbacks": self._heard.callbacks},
            context=TurnTime.of(self._workspace.settings.llm_timeout_s),
            stream_mode=["messages", "updates"],
        )
        shown: dict[str | None, ShownText] = {}  # by the answer that streams
        streaming: str | None = None  # the answer that streams now, until it is done
        for mode, part in stream:
            if mode == "messages":
                chunk, about = part
                if about.get("langgraph_node") == "model" and isinstance(chunk, AIMessage) and chunk.text:
                    if streaming not in (None, chunk.id):
                        yield TextWithdrawn(chat=self.chat)
                    streaming = chunk.id
                    yield from self._delta(shown.setdefault(chunk.id, ShownText()).feed(chunk.text))
                continue
            streaming = None
            for node, update in part.items():
                for message in (update or {}).get("messages", ()):
                    if node == "model" and message.id in shown and not message.tool_calls:
                        yield from self._delta(shown[message.id].finish())
                    if isinstance(message, ToolMessage) or node == "model" or node.endswith("after_agent"):
                        yield from self._shown(message, is_kept=node != "model")

    def _delta(self, text: str) -> Iterator[ChatEvent]:
        if text:
            yield TextDelta(chat=self.chat, text=text)

    def _shown(self, message: BaseMessage, *, is_kept: bool = True) -> Iterator[ChatEvent]:
        """The events of one message; an answer only as it is kept."""
        if isinstance(message, HumanMessage):
            files = tuple(message.additional_kwargs.get("files", ()))
            text = message.additional_kwargs.get("beside", "") if files else message.text
            yield MessageSaid(chat=self.chat, text=text, files=files)
        elif isinstance(message, ToolMessage):
            facts = json_of(message.content)
            yield ToolReturned(
                chat=self.chat,
                call_id=message.tool_call_id,
                tool=message.name or "",
                facts=facts,
                is_error="error" in facts,
            )
        elif isinstance(message, AIMessage) and message.tool_calls:
            for call in message.tool_calls:
                yield ToolCalled(chat=self.chat, call_id=call["id"] or "", tool=call["name"], args=call["args"])
        elif isinstance(message, AIMessage) and is_kept:
            about = message.response_metadata
            yield AnswerFinished(
                chat=self.chat,
                text=message.text,
                removed=tuple(about.get("removed", ())),
                not_checked=tuple(about.get("not_checked", ())),
                choices=tuple(about.get("choices", ())),
                has_failed=bool(about.get(FAILED)),
            )

    def _add(
        self, said: HumanMessage, args: Mapping[str, object], left: str = "", say: str = ""
    ) -> Iterator[ChatEvent]:
        """A turn that adds a dataset without asking the model, kept like any other.

        Args:
            say: What the person wrote beside the file.
            left: What was said beside the file and not used, in a sentence.
        """
        call = ToolCall(name="add_dataset", args=dict(args), id=f"call_{uuid.uuid4().hex[:12]}", type="tool_call")
        yield from self._shown(asked := AIMessage("", tool_calls=[call]))
        tool = next(tool for tool in self._tools if tool.name == "add_dataset")
        result: ToolMessage = tool.invoke(call)
        yield from self._shown(result)
        found = read_result("add_dataset", result.content)
        about = {"choices": list(found.candidates) if isinstance(found, ColumnsAsked) else []}
        text = "\n\n".join(filter(None, (worded(say or said.text)("add_dataset", found), left)))
        answer = AIMessage(text, response_metadata=about)
        self._append([said, asked, result, answer])
        yield TextDelta(chat=self.chat, text=answer.text)
        yield from self._shown(answer)

    def _why_not_added(self, args: Mapping[str, object]) -> str:
        """Why a file could not be added so, as far as that can be told before: its new name is taken, say."""
        found = checked(self._workspace, "add_dataset", args)
        return "" if isinstance(found.found, ColumnsAsked) else found.prospect.problem or ""

    def _held_back(self, messages: Sequence[AnyMessage]) -> Iterator[ChatEvent]:
        """A turn in which dropped files were not added, kept like any other."""
        self._append(messages)
        return self._shown(messages[-1])

    def _run(self, said: HumanMessage, requests: Sequence[Request]) -> Iterator[ChatEvent]:
        """A turn that makes the calls which waited for this yes, kept like any other."""
        messages: list[AnyMessage] = [said]
        found: list[str] = []
        failed: Failed | None = None
        is_said = self._call_check().is_said(self._messages())
        for request in requests:
            call = ToolCall(
                name=request.tool, args=dict(request.args), id=f"call_{uuid.uuid4().hex[:12]}", type="tool_call"
            )
            messages.append(AIMessage("", tool_calls=[call]))
            yield from self._shown(messages[-1])
            tool = next(tool for tool in self._tools if tool.name == request.tool)
            if failed is not None and acts_on_the_study_at_hand(tool, request.args):
                message = _told(call, Failure(error=f"So I did not {ACTS[request.tool].says} either."))
            else:
                with made_by_model(is_said, is_agreed=True):
                    message = _invoked(tool, call)
            result = read_result(request.tool, message.content)
            if opens_study(request.tool, request.args):
                failed = Failed.of(request.tool, result)
            messages.append(message)
            yield from self._shown(message)
            found.append(worded(said.text)(request.tool, result))
        answer = AIMessage("\n\n".join(found))
        self._append([*messages, answer])
        yield TextDelta(chat=self.chat, text=answer.text)
        yield from self._shown(answer)

    def _refuse(self, file: str, reason: str) -> Iterator[ChatEvent]:
        answer = AIMessage(outside.said(sentence(reason)))
        self._append([HumanMessage(f"I dropped {file} here.", additional_kwargs={"files": [file]}), answer])
        return self._shown(answer)

    def _said_of_columns(self, text: str) -> dict[str, object] | None:
        """The arguments that read a file as the message says: it answers a question, or corrects what was read."""
        names = self._workspace.catalogue.names()
        if (other := correction(text, names, None)) is not None:  # a dataset is named: no question is about that
            return other.args
        return self._answered_columns(text) or corrected(text, self._messages(), names)

    def _answered_columns(self, text: str) -> dict[str, object] | None:
        """The arguments that add the waiting file, if the message answers the question about its columns."""
        messages = self._messages()
        question, read = columns_asked(messages), columns_said
        if question is None:
            question, read = columns_asked_earlier(messages), columns_said_later
        if question is None or not question.role:
            return None
        if told := read(text, question):
            return {**arguments(question), "columns": {**(question.columns or {}), **told}}
        return rows_kept(text, question) or None

    def _failed(self) -> bool:
        """Whether the last tool could not do what it was called for."""
        return any(isinstance(result, Failure) for _, result in found_in(self._messages())[-1:])

    def _messages(self) -> list[AnyMessage]:
        return closed(self._graph.get_state(self._config).values.get("messages", ()))

    def _append(self, messages: Sequence[AnyMessage]) -> None:
        self._graph.update_state(self._config, {"messages": list(messages)}, as_node="model")


def _invoked(tool: BaseTool, call: ToolCall) -> ToolMessage:
    """What a call brings; an argument that is not legal is told."""
    try:
        result: ToolMessage = tool.invoke(call)
    except ToolInputError as error:
        return _told(call, Failure(error=str(error)))
    return result


def _told(call: ToolCall, failure: Failure) -> ToolMessage:
    return ToolMessage(to_json(failure), tool_call_id=call["id"] or "", name=call["name"], status="error")


def kind_of(model: BaseChatModel | None) -> str:
    """What kind of language model it is, as LangChain tells them apart."""
    return (model or NoModel())._llm_type


def planner() -> "Planner":
    """This project's own reader of messages; loaded once."""
    from agent.understanding.clauses.reader import MessageReader
    from agent.understanding.planner import Planner  # imports torch

    return Planner(MessageReader.load())


def system_prompt() -> str:
    """How a language model is told to behave in the chat."""
    return package_files("agent").joinpath("prompts/system.md").read_text(encoding="utf-8")
