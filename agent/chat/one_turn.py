"""One message of a chat and its answer, part by part, while it is given."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool

from agent import outside
from agent.answers.wording import sentence
from agent.chat.answering import TurnTime
from agent.chat.beside import asked_before, beside_file, not_added_hashed, worded
from agent.chat.call_order import Failed, acts_on_the_study_at_hand, opens_study
from agent.chat.columns_said import with_more
from agent.chat.dialogues import CallCheck, waiting_calls
from agent.chat.guards import known_of
from agent.chat.kept import Graph, Kept, with_id
from agent.chat.kept_turns import Mark, marked
from agent.chat.not_read_yet import not_read_yet
from agent.chat.open_files import open_files
from agent.chat.orders_kept import NOT_SHOWN, ORDER, goes_on_later, was_not_done, which_file
from agent.chat.said_of_columns import offered, said_of_columns
from agent.chat.shown import shown
from agent.chat.turns import FAILED, found_in
from agent.chat.uploads import keep_uploads
from agent.errors import ToolInputError
from agent.events import ChatEvent, TextDelta, TextWithdrawn
from agent.grounding import checking as grounding
from agent.grounding.cut_words import cut_note
from agent.llm.pilot.chat import PilotChat
from agent.llm.written_calls import ShownText
from agent.recording.recorder import Unheard
from agent.results.by_tool import read_result
from agent.results.kept import to_json
from agent.results.result import ColumnsAsked, Failure, NotDone, Result
from agent.secrets import WHERE_KEYS_GO, is_only_keys
from agent.stopping import Stop, check_stop
from agent.tools import checked
from agent.tools.authorship import made_by_model
from agent.understanding.asking.answers_to import is_no, is_yes
from agent.understanding.clauses.moods import objection
from agent.understanding.data.at_reading import at_reading
from agent.understanding.data.column_words import left_out
from agent.understanding.plan import Request
from agent.words.acts import ACTS
from agent.workspace import Workspace


@dataclass(slots=True, kw_only=True)
class OneTurn:
    """What a turn needs of its chat, and what it made so far."""

    chat: str
    text: str
    files: Sequence[str | Path]  # that were dropped beside it
    mark: Mark
    stop: Stop
    workspace: Workspace
    kept: Kept
    model: BaseChatModel | None
    graph: Graph  # on the model
    config: RunnableConfig
    tools: Sequence[BaseTool]
    heard: Unheard
    check: Callable[[], CallCheck]  # what a call is held against
    made: list[AnyMessage] = field(default_factory=list)  # said, called, found and answered, kept or not yet
    written: str = ""  # of the answer that streams now, as it is shown

    def parts(self) -> Iterator[Iterator[ChatEvent]]:
        """What the message asks for, one after the other.

        The pilot takes what is said with a file for a request only where it is one, and the file could be read.
        """
        text, files = self.text, self.files
        pilot = self.model if isinstance(self.model, PilotChat) else None
        of_file = beside_file(text, len(files), self.workspace.catalogue) if files else None
        if of_file is not None and of_file.is_hiding and not of_file.joins_hashed(self.workspace.catalogue):
            yield self._held_back(not_added_hashed(text, Path(files[0]).name))
            return
        if of_file is not None and of_file.left:
            kept = keep_uploads(self.workspace.settings.uploads, files)
            yield self._held_back(asked_before(text, kept, of_file, self._why_not_added))
            return
        rest = text if of_file is None else of_file.rest
        is_request = not files or (bool(rest.strip()) and self._asks_for_more(rest))
        beside = "" if is_request else text
        order = rest if files and is_request else ""
        uploads = keep_uploads(self.workspace.settings.uploads, files)
        for upload in uploads:
            due = order if upload is uploads[-1] else ""
            if upload.path is None:
                yield self._refuse(upload.name, upload.refusal, due)
            else:
                told = {"files": [str(upload.path)], "beside": beside, **({ORDER: order} if order else {})}
                said = HumanMessage(f"I dropped the file {upload.name} into the chat.", additional_kwargs=told)
                left = "" if is_request or of_file is None else of_file.unused(self.workspace)
                yield self._add(said, {"path": str(upload.path), **(of_file.args if of_file else {})}, left, text, due)
                beside = ""
        if self._asked_of_columns() or (pilot and (self._failed() or any(one.path is None for one in uploads))):
            return
        if is_only_keys(text) and not files:
            yield self._held_back([HumanMessage(text), AIMessage(WHERE_KEYS_GO)])
            return
        messages = [] if files else self.kept.messages()
        waits = () if files else waiting_calls(messages)
        may_answer = not files and objection(left_out(text).rest, "add_dataset") is None
        datasets = self.workspace.catalogue.names()
        answered = said_of_columns(text, messages, datasets, self._asks_for_more) if may_answer else None
        if waits and is_yes(text):
            yield self._run(HumanMessage(text), waits)
        elif waits and is_no(text):
            yield self._held_back([HumanMessage(text), AIMessage("All right, nothing was done.")])
        elif answered is not None and answered.choices:
            yield self._held_back(which_file(text, answered.choices))
        elif answered is not None:
            said = HumanMessage(text, additional_kwargs={ORDER: answered.order} if answered.order else {})
            of_rows = at_reading(text.replace(answered.order, " ") if answered.order else text)
            yield self._add(said, with_more(answered.args, of_rows.args), order=answered.order)
            if answered.order and not self._failed():
                yield self._turn(answered.order, is_said=False)
        elif not files and (held := not_read_yet(text, messages, datasets)):
            yield self._held_back(held)
        elif is_request:
            yield self._turn(rest)

    def _turn(self, text: str, *, is_said: bool = True) -> Iterator[ChatEvent]:
        """The agent's turn, ending in an AnswerFinished.

        Args:
            is_said: Now, in these words; else it was ordered before, or is shown within a longer message.
        """
        said = HumanMessage(text, additional_kwargs={} if is_said else {NOT_SHOWN: True})
        stream = self.graph.stream(
            {"messages": self._made([said])},
            self.config | {"callbacks": self.heard.callbacks},
            context=TurnTime.of(self.workspace.settings.llm_timeout_s),
            stream_mode=["messages", "updates"],
        )
        texts: dict[str | None, ShownText] = {}  # by the answer that streams
        streaming: str | None = None  # the answer that streams now, until it is done
        broken: AnyMessage | None = None  # that the model failed, after some words of it were seen
        for mode, part in stream:
            if mode == "messages":
                chunk, about = part
                is_failure = isinstance(chunk, AIMessage) and bool(chunk.response_metadata.get(FAILED))
                if is_failure:  # what was seen stays, and the failure comes after it
                    continue
                if about.get("langgraph_node") == "model" and isinstance(chunk, AIMessage) and chunk.text:
                    if streaming not in (None, chunk.id):
                        self.written = ""
                        yield TextWithdrawn(chat=self.chat)
                    streaming = chunk.id
                    yield from self._delta(texts.setdefault(chunk.id, ShownText()).feed(chunk.text))
                continue
            streaming = None
            for node, update in part.items():
                for message in (update or {}).get("messages", ()):
                    if node == "model" and message.id in texts and not message.tool_calls:
                        yield from self._delta(texts[message.id].finish())
                    if node.endswith("after_agent") and message.response_metadata.get(FAILED) and self.written:
                        broken = message
                    elif isinstance(message, ToolMessage) or node == "model" or node.endswith("after_agent"):
                        yield from self._shown(message, is_kept=node != "model")
        if broken is not None:
            broken = broken.model_copy(update={"content": f"{self.written_and_checked()}\n\n{broken.text}".strip()})
            self.kept.append([broken])  # in its place, since it has the same id
            yield from self._shown(broken)

    def written_and_checked(self) -> str:
        """What was written so far, without what does not hold; the pilot's words are of this project."""
        written = self.written.strip()
        if not written or isinstance(self.model, PilotChat):
            return written
        found = grounding.checked(written, known_of(self.kept.messages()))
        return "\n\n".join(filter(None, (found.text, cut_note(found))))

    def _delta(self, text: str) -> Iterator[ChatEvent]:
        if text:
            self.written += text
            yield TextDelta(chat=self.chat, text=text)

    def _shown(self, message: AnyMessage, *, is_kept: bool = True) -> Iterator[ChatEvent]:
        """The events of one message; an answer only as it is kept."""
        is_answer = isinstance(message, AIMessage) and not message.tool_calls
        if is_answer and not is_kept:
            return
        if is_answer:
            self.written = ""
        self.made.append(message)
        yield from shown(self.chat, message)

    def _add(
        self, said: HumanMessage, args: Mapping[str, object], left: str = "", say: str = "", order: str = ""
    ) -> Iterator[ChatEvent]:
        """A part that adds a dataset without asking the model, kept like any other.

        Args:
            say: What the person wrote beside the file.
            left: What was said beside the file and not used, in a sentence.
            order: What is to be done once the file is read.
        """
        call = ToolCall(name="add_dataset", args=dict(args), id=f"call_{uuid.uuid4().hex[:12]}", type="tool_call")
        first = self._made([said])
        asked = with_id(AIMessage("", tool_calls=[call]))
        yield from self._shown(asked)
        check_stop()
        tool = next(tool for tool in self.tools if tool.name == "add_dataset")
        result = with_id(_invoked(tool, call))
        yield from self._shown(result)
        check_stop()
        found = read_result("add_dataset", result.content)
        about = {"choices": list(self._choices(call["args"], found))}
        words = worded(say or said.text)("add_dataset", found)
        text = "\n\n".join(filter(None, (words, left, self._of_order(order))))
        yield from self._answer([*first, asked, result], AIMessage(text, response_metadata=about))

    def _choices(self, args: Mapping[str, object], found: Result) -> tuple[str, ...]:
        """What may be said next: one of the columns that are asked about, or one that was meant."""
        if isinstance(found, ColumnsAsked):
            return found.candidates
        if not isinstance(found, Failure) or isinstance(found, NotDone):
            return ()
        return offered(args, found.error, open_files(self.kept.messages()))

    def _why_not_added(self, args: Mapping[str, object]) -> str:
        """Why a file could not be added so, as far as that can be told before: its new name is taken, say."""
        found = checked(self.workspace, "add_dataset", args)
        return "" if isinstance(found.found, ColumnsAsked) else found.prospect.problem or ""

    def _held_back(self, messages: Sequence[AnyMessage]) -> Iterator[ChatEvent]:
        """A part that does nothing, such as one in which dropped files were not added; kept like any other."""
        made = self._made(messages)
        self.kept.append(made, self.mark)
        yield from shown(self.chat, made[-1])

    def _run(self, said: HumanMessage, requests: Sequence[Request]) -> Iterator[ChatEvent]:
        """A part that makes the calls which waited for this yes, kept like any other."""
        messages = self._made([said])
        found: list[str] = []
        failed: Failed | None = None
        is_said = self.check().is_said(self.kept.messages())
        for request in requests:
            call = ToolCall(
                name=request.tool, args=dict(request.args), id=f"call_{uuid.uuid4().hex[:12]}", type="tool_call"
            )
            messages.append(with_id(AIMessage("", tool_calls=[call])))
            yield from self._shown(messages[-1])
            check_stop()
            tool = next(tool for tool in self.tools if tool.name == request.tool)
            if failed is not None and acts_on_the_study_at_hand(tool, request.args):
                message = _told(call, Failure(error=f"So I did not {ACTS[request.tool].says} either."))
            else:
                with made_by_model(is_said, is_agreed=True):
                    message = _invoked(tool, call)
            result = read_result(request.tool, message.content)
            if opens_study(request.tool, request.args):
                failed = Failed.of(request.tool, result)
            messages.append(with_id(message))
            yield from self._shown(messages[-1])
            found.append(worded(said.text)(request.tool, result))
        yield from self._answer(messages, AIMessage("\n\n".join(found)))

    def _answer(self, messages: Sequence[AnyMessage], answer: AIMessage) -> Iterator[ChatEvent]:
        """Keeps a part that no model answered, and shows its answer."""
        answer = with_id(answer)
        self.kept.append([*messages, answer], self.mark)
        yield TextDelta(chat=self.chat, text=answer.text)
        yield from self._shown(answer)

    def _refuse(self, file: str, reason: str, order: str) -> Iterator[ChatEvent]:
        said = HumanMessage(f"I dropped {file} here.", additional_kwargs={"files": [file]})
        lost = was_not_done(order) if order and isinstance(self.model, PilotChat) else ""
        text = "\n\n".join(filter(None, (outside.said(sentence(reason)), lost)))
        return self._held_back([said, AIMessage(text)])

    def _of_order(self, order: str) -> str:
        """What becomes of an order, where the file that it is about is not read yet; a model answers for itself."""
        if order and self._asked_of_columns():
            return goes_on_later(order)
        is_lost = order and self._failed() and isinstance(self.model, PilotChat)
        return was_not_done(order) if is_lost else ""

    def _asks_for_more(self, text: str) -> bool:
        """Whether what is said with a file asks for more than to read it; to a model, all that is said does."""
        return not isinstance(self.model, PilotChat) or self.model.asks_for_more(text)

    def _asked_of_columns(self) -> bool:
        """Whether this turn asked about the columns of a file."""
        return any(isinstance(result, ColumnsAsked) and result.role for _, result in found_in(self.made))

    def _failed(self) -> bool:
        """Whether the last tool could not do what it was called for."""
        return any(isinstance(result, Failure) for _, result in found_in(self.made)[-1:])

    def _made(self, messages: Sequence[AnyMessage]) -> list[AnyMessage]:
        """The messages as they will be kept."""
        made = [with_id(message) for message in marked(messages, self.mark)]
        self.made += made
        return made


def _invoked(tool: BaseTool, call: ToolCall) -> ToolMessage:
    """What a call brings; an argument that is not legal is told."""
    try:
        result: ToolMessage = tool.invoke(call)
    except ToolInputError as error:
        return _told(call, Failure(error=str(error)))
    return result


def _told(call: ToolCall, failure: Failure) -> ToolMessage:
    return ToolMessage(to_json(failure), tool_call_id=call["id"] or "", name=call["name"], status="error")
