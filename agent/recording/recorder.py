"""What listens while a chat or a study goes on; `UNRECORDED` hears and keeps nothing.

recorder = Recorder(FileLines(folder))
heard = recorder.chat("first")
heard.begin("hello", files=(), model="scripted", history=())
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from agent.errors import ToolInputError
from agent.recording.lines import Lines
from agent.recording.plain import KIND, plain

if TYPE_CHECKING:
    from langchain_core.callbacks import BaseCallbackHandler
    from langchain_core.messages import BaseMessage
    from langchain_core.tools import BaseTool

    from agent.events import AnswerFinished

K = TypeVar("K")


class Unheard:
    """One chat or one decision that is not recorded."""

    def begin(self, said: str, files: Sequence[str], model: str, history: Sequence["BaseMessage"]) -> None:
        """A turn begins."""

    def end(self, answer: "AnswerFinished", kept: Sequence["BaseMessage"]) -> None:
        """A turn ends; `kept` are the messages that it added to the chat."""

    @property
    def callbacks(self) -> "list[BaseCallbackHandler]":
        """What listens to the language model, for the config of a call."""
        return []

    def tools(self, tools: "Sequence[BaseTool]") -> "Sequence[BaseTool]":
        """The tools, whose calls are heard."""
        return tools

    def known(self, known: K) -> K:
        """What is known, of which later questions are heard."""
        return known

    def checked(self, text: str, found: Any) -> None:
        """An answer was checked: `found.cuts` are the sentences that were cut, `found.not_checked` those marked."""

    def refused(self, tool: str, args: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        """A call was not made."""

    def failed(self, error: Exception) -> None:
        """The decider has no answer."""


UNHEARD = Unheard()


class Heard(Unheard):
    """One chat or one decision whose lines carry its name."""

    def __init__(self, lines: Lines, of: str) -> None:
        self._lines, self.of = lines, of

    @property
    def callbacks(self) -> "list[BaseCallbackHandler]":
        from agent.recording.listening import Listener  # imports LangChain

        return [Listener(self.write, self._lines.part)]

    def write(self, kind: str, **told: Any) -> None:
        self._lines.write(kind, of=self.of, **told)

    def tools(self, tools: "Sequence[BaseTool]") -> "Sequence[BaseTool]":
        return [tool.model_copy(update={"func": self._listening(tool.name, tool.func)}) for tool in tools]  # type: ignore[attr-defined]

    def _listening(self, name: str, call: Callable[..., str]) -> Callable[..., str]:
        def run(**args: Any) -> str:
            try:
                result = call(**args)
            except ToolInputError as error:
                self.write("tool", tool=name, args=args, error=str(error))
                raise
            self.write("tool", tool=name, args=args, result=self._lines.part(result))
            return result

        return run

    def known(self, known: K) -> K:
        """A record, whose fields that are functions are asked later."""
        place = uuid.uuid4().hex[:12]
        self.write("known", place=place, known=self._lines.part(plain(known)))
        asked = {
            field.name: self._answering(place, field.name, value)
            for field in fields(known)  # type: ignore[arg-type]  # a dataclass
            if callable(value := getattr(known, field.name))
        }
        return replace(known, **asked)  # type: ignore[type-var]

    def _answering(self, place: str, name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*args: Any) -> Any:
            found = ask(*args)
            self.write("asked", place=place, name=name, args=args, answer=self._lines.part(plain(found)))
            return found

        return answer

    def checked(self, text: str, found: Any) -> None:
        if found.cuts or found.not_checked:
            cuts = [{"text": cut.text, "why": cut.why} for cut in found.cuts]
            self.write("checked", text=text, cuts=cuts, marked=list(found.not_checked))

    def refused(self, tool: str, args: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        self.write("refused", tool=tool, args=args, result=self._lines.part(dict(facts)))

    def failed(self, error: Exception) -> None:
        self.write("failed", error={"type": type(error).__name__, "text": str(error)})


class HeardChat(Heard):
    """A chat, one turn after the other."""

    def __init__(self, lines: Lines, chat: str) -> None:
        super().__init__(lines, chat)
        self._chat = chat

    def begin(self, said: str, files: Sequence[str], model: str, history: Sequence["BaseMessage"]) -> None:
        self.of = f"{self._chat}/{uuid.uuid4().hex[:12]}"
        self.write("turn", chat=self._chat, said=said, files=list(files), model=model, history=self._messages(history))

    def end(self, answer: "AnswerFinished", kept: Sequence["BaseMessage"]) -> None:
        told = {name: value for name, value in plain(answer).items() if name not in (KIND, "chat")}
        self.write("answer", **told, kept=self._messages(kept))

    def _messages(self, messages: Sequence["BaseMessage"]) -> list[dict[str, str]]:
        from langchain_core.messages import message_to_dict

        return [self._lines.part(message_to_dict(message)) for message in messages]


class Unrecorded:
    """Nothing is recorded."""

    def chat(self, chat: str) -> Unheard:
        """What hears the turns of a chat."""
        return UNHEARD

    def decision(self, study: str, number: int) -> Unheard:
        """What hears how the trial of a study is chosen."""
        return UNHEARD

    def decided(self, study: str, number: int, *, context: Any, situation: Any, proposal: Any) -> None:
        """A trial was chosen, by whomever."""

    def close(self) -> None:
        """No more is recorded."""


class Recorder(Unrecorded):
    """Keeps what chats and studies hear as lines."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._chats: dict[str, HeardChat] = {}

    def chat(self, chat: str) -> HeardChat:
        return self._chats.setdefault(chat, HeardChat(self._lines, chat))

    def decision(self, study: str, number: int) -> Heard:
        return Heard(self._lines, f"{study}/{number}")

    def decided(self, study: str, number: int, *, context: Any, situation: Any, proposal: Any) -> None:
        """The situation is kept without what stands in the context already."""
        known, more = plain(context, self._lines.part), plain(situation, self._lines.part)
        only = {name: value for name, value in more.items() if name not in known or known[name] != value}
        self.decision(study, number).write(
            "decided", study=study, number=number, context=known, situation=only, proposal=plain(proposal)
        )

    def close(self) -> None:
        self._lines.close()


UNRECORDED = Unrecorded()
