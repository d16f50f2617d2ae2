"""A chat: one message in, events out, everything kept on disk so that the chat goes on after a restart.

conversation = Conversation(workspace, "first")
for event in conversation.send("Tune sasrec on the demo data, 6 trials"):
    ...
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain.agents import create_agent
from langchain.agents.middleware import ToolCallLimitMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AnyMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool

from agent.chat.answering import TurnTime
from agent.chat.dialogues import CallCheck
from agent.chat.guards import MAX_TOOL_CALLS, TurnGuard
from agent.chat.kept import Graph, Kept
from agent.chat.kept_turns import Mark, kept_turns, now
from agent.chat.known_now import known_in
from agent.chat.named_study import last_study, named_study
from agent.chat.one_turn import OneTurn
from agent.chat.shown import history, whole
from agent.chat.titles import title_of
from agent.events import AnswerFinished, ChatEvent
from agent.llm.no_model import NoModel
from agent.llm.pilot.chat import PilotChat
from agent.recording.recorder import Unheard
from agent.secrets import without_keys
from agent.stopping import Stop
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
        self._kept = Kept(self._config, lambda: self._graph)
        self._agent = self._build(model := self._model())
        self._agent_model = model

    def send(
        self,
        text: str,
        files: Sequence[str | Path] = (),
        *,
        study: str | None = None,
        turn: int | None = None,
        said_at: str = "",
    ) -> Iterator[ChatEvent]:
        """One turn: tool calls, text as it is written, and last an AnswerFinished whose text stands for the whole.

        Files are added as datasets first, whatever the model; so is an answer to a question about their columns. What
        is said of no study in particular is said of the one that the message names, else of the one that the person
        sees, else of this chat's own.

        Args:
            study: The one that the person sees beside the chat; passed over where it does not exist any more.
            turn: The number of the turn, which no other of the chat has; None: the next.
            said_at: When it was said, ISO 8601; empty: now.
        """
        text, begun = without_keys(text), now()
        self._workspace.chats.touch(self.chat, "" if files else text)
        number = self.next_turn() if turn is None else turn
        one = self._turn(text, Mark(number=number, at=said_at or begun, begun=begun))
        with at_hand(self._study_of(text, study), chat=self.chat, person=self._person):
            yield from self._answered(one, files)

    def history(self) -> list[ChatEvent]:
        """The chat so far, as the events that its turns would be shown by."""
        return history(self.chat, self._kept.messages())

    def next_turn(self) -> int:
        """The number of the turn that comes next."""
        return max((turn.mark.number for turn in kept_turns(self._kept.messages())), default=-1) + 1

    def restore(self, messages: Sequence[AnyMessage]) -> None:
        """Put earlier messages into a new chat, as they were kept."""
        self._kept.append(messages)

    def _answered(self, one: OneTurn, files: Sequence[str | Path]) -> Iterator[ChatEvent]:
        answers: list[AnswerFinished] = []
        before = self._kept.messages()
        self._heard.begin(one.text, [str(file) for file in files], kind_of(one.model), before)
        for part in one.parts(files):
            for event in part:
                if isinstance(event, AnswerFinished):
                    answers.append(event)
                else:
                    yield event
        answer, after = whole(self.chat, one.text, answers), self._kept.messages()
        self._heard.end(answer, after[len(before) :])
        self._workspace.chats.finish(self.chat, title_of(after))
        yield answer

    def _turn(self, text: str, mark: Mark) -> OneTurn:
        return OneTurn(
            chat=self.chat,
            text=text,
            mark=mark,
            stop=Stop(),
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
