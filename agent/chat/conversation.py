"""A chat: one message in, events out, everything kept on disk so that the chat goes on after a restart.

conversation = Conversation(workspace, "first")
for event in conversation.send("Tune sasrec on the demo data, 6 trials"):
    ...
"""

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain.agents import create_agent
from langchain.agents.middleware import ToolCallLimitMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AnyMessage, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool

from agent.chat.answering import TurnTime
from agent.chat.closing import close, close_lost
from agent.chat.dialogues import CallCheck
from agent.chat.guards import MAX_TOOL_CALLS, TurnGuard
from agent.chat.kept import Graph, Kept
from agent.chat.kept_turns import Mark, now
from agent.chat.known_now import known_in
from agent.chat.named_study import last_study, named_study
from agent.chat.one_turn import OneTurn
from agent.chat.replaced import Replaced, Undone
from agent.chat.shown import turn_events, whole
from agent.chat.titles import title_of
from agent.events import AnswerFinished, ChatEvent, ToolReturned, TurnsReplaced
from agent.llm.no_model import NoModel
from agent.llm.pilot.chat import PilotChat
from agent.recording.recorder import Unheard
from agent.secrets import without_keys
from agent.stopping import Stop, StoppedError, check_stop, stoppable
from agent.studies.at_hand import at_hand
from agent.tools import make_tools
from agent.understanding.known import Known
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
        self._kept = Kept(self.chat, workspace.chats, self._config, lambda: self._graph)
        self._replaced = Replaced(self.chat, workspace.chats, self._kept)
        self._agent = self._build(model := self._model())
        self._agent_model = model
        self._now: OneTurn | None = None  # the turn that runs
        self._ending = threading.RLock()  # held while a turn ends: it ends once

    def send(
        self,
        text: str,
        files: Sequence[str | Path] = (),
        *,
        study: str | None = None,
        turn: int | None = None,
        said_at: str = "",
        stop: Stop | None = None,
        replaces: int | None = None,
    ) -> Iterator[ChatEvent]:
        """One turn: tool calls, text as it is written, and last an AnswerFinished whose text stands for the whole.

        Files are added as datasets first, whatever the model; so is an answer to a question about their columns. What
        is said of no study in particular is said of the one that the message names, else of the one that the person
        sees, else of this chat's own.

        Args:
            study: The one that the person sees next to the chat; passed over where it does not exist any more.
            turn: The number of the turn, which no other of the chat has; None: the next.
            said_at: When it was said, ISO 8601; empty: now.
            stop: Set from elsewhere, it stops the answer: what was written stays, and the turn ends like any other.
            replaces: The turn that is given again or said otherwise: it and all that follow it are taken out first.
        """
        text, begun = without_keys(text), now()
        self._workspace.chats.touch(self.chat, "" if files else text)
        number = self.next_turn() if turn is None else turn
        mark = Mark(number=number, at=said_at or begun, begun=begun, said=text if files else "")
        if replaces is None:
            self._replaced.settle()
        else:
            taken, stays = self._replaced.replace(replaces, mark.number)
            mark = replace(mark, stays=stays)
            yield TurnsReplaced(chat=self.chat, turns=tuple(one.mark.number for one in taken), stays=stays)
        one = self._turn(text, files, mark, stop or Stop())
        self._now = one
        with at_hand(self._study_of(text, study), chat=self.chat, person=self._person), stoppable(one.stop):
            try:
                yield from self._answered(one)
            except StoppedError:
                yield from self._closed(one)
            finally:
                self._now = None if self._now is one else self._now

    def leave(self, stop: Stop) -> list[ChatEvent]:
        """Closes the turn that was stopped by this and does not end: what it brings later is lost.

        Returns:
            The events that end it; none where it has ended.
        """
        one = self._now
        if one is None or one.stop is not stop:
            return []
        one.stop.leave()
        return self._closed(one)

    def close_lost(self) -> None:
        """Closes the messages that were taken here and whose server ended before it answered them."""
        for message in self._workspace.chats.lost(self.chat):
            close_lost(self._kept, message)
            title = title_of(self._kept.turn(Mark(number=message.turn)).messages)
            self._workspace.chats.finish(self.chat, title, message.turn)

    def history(self, turn: int | None = None) -> list[ChatEvent]:
        """The chat so far, or one turn of it, as the events that show it."""
        found = [one for one in self._kept.turns() if turn in (None, one.mark.number)]
        return [event for one in found for event in turn_events(self.chat, one)]

    @property
    def can_undo(self) -> bool:
        """Whether what the last retry or edit replaced can be brought back."""
        return self._replaced.can_undo

    def undo(self) -> Undone:
        """Brings back what was there before the last retry or edit.

        Raises:
            UserError: There was none, or something else was said since.
        """
        undone = self._replaced.undo()
        self._workspace.chats.finish(self.chat, title_of(self._kept.messages()))
        return undone

    def next_turn(self) -> int:
        """The number of the turn that comes next."""
        return max((turn.mark.number for turn in self._kept.turns()), default=-1) + 1

    def restore(self, messages: Sequence[AnyMessage]) -> None:
        """Put earlier messages into a new chat, as they were kept."""
        self._kept.append(messages)

    def _answered(self, one: OneTurn) -> Iterator[ChatEvent]:
        answers: list[AnswerFinished] = []
        files = [str(file) for file in one.files]
        self._heard.begin(one.text, files, kind_of(one.model), self._kept.messages())
        for part in one.parts():
            check_stop()
            for event in part:
                if isinstance(event, AnswerFinished):
                    answers.append(event)
                else:
                    yield event
        yield from self._ended(one, whole(self.chat, one.text, answers))

    def _closed(self, one: OneTurn) -> list[ChatEvent]:
        """The events that end a stopped turn; none where another thread has closed it."""
        with self._ending:
            if self._now is not one:
                return []
            known = {message.tool_call_id for message in one.made if isinstance(message, ToolMessage)}
            close(one, is_left=one.stop.is_left)
            *events, answer = turn_events(self.chat, self._kept.turn(one.mark))
            cut = [event for event in events if isinstance(event, ToolReturned) and event.call_id not in known]
            return [*cut, *self._ended(one, answer)]

    def _ended(self, one: OneTurn, answer: ChatEvent) -> list[ChatEvent]:
        """Ends the turn with its answer, once."""
        with self._ending:
            if self._now is not one or not isinstance(answer, AnswerFinished):
                return []
            self._now = None
            messages = self._kept.turn(one.mark).messages
            self._heard.end(answer, messages)
            self._workspace.chats.finish(self.chat, title_of(messages), one.mark.number)
            return [answer]

    def _turn(self, text: str, files: Sequence[str | Path], mark: Mark, stop: Stop) -> OneTurn:
        return OneTurn(
            chat=self.chat,
            text=text,
            files=files,
            mark=mark,
            stop=stop,
            workspace=self._workspace,
            kept=self._kept,
            model=self._model(),
            graph=self._graph,
            config=self._config,
            tools=self._tools,
            heard=self._heard,
            check=self._call_check,
        )

    def _study_of(self, text: str, shown: str | None) -> str | None:
        studies = self._workspace.runner.names()
        named = named_study(text, studies, self._workspace.catalogue.names())
        found = named or (shown if shown in studies else None) or last_study(self._kept.messages(), studies)
        return found or (self._workspace.runner.latest_of(self._person) if self._person else None)

    @property
    def _graph(self) -> Graph:
        """The agent on the model that is chosen now."""
        if self._agent_model is not self._model():
            self._agent_model = self._model()
            self._agent = self._build(self._agent_model)
        return self._agent

    def _model(self) -> BaseChatModel | None:
        return self._chat_model or self._workspace.chat_model_of(self.chat)

    def _build(self, model: BaseChatModel | None) -> Graph:
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
