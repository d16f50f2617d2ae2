"""The study that a message is about: the one it names, else the one that its chat spoke of last.

Only a person's words change which study a chat is of. What a language model looks at by itself, because a text told it
to, is told in the answer and left there.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage

from agent.chat.turns import turn_messages
from agent.llm.pilot.chat import PLAN
from agent.results.by_tool import read_result
from agent.results.subject import about
from agent.words.acts import ACTS
from agent.words.own_names import study_lead


def named_study(text: str, studies: Collection[str], datasets: Collection[str]) -> str | None:
    """The only study that the text names; None where it names none, or several.

    A name that is also an ordinary word counts after "study" or a verb of studies only; a dataset's after "study" only.
    """
    found = [name for name in studies if _names(text, name, lead=_lead(name, datasets))]
    return found[0] if len(found) == 1 else None


def last_study(messages: Sequence[AnyMessage], studies: Collection[str]) -> str | None:
    """The study of the last tool result that tells of one which still exists and that the chat came to be of."""
    for made in reversed(_calls(messages)):
        study = made.study()
        if study is not None and study in studies and not made.only_looks_at(study):
            return study
    return None


def looked_at(messages: Sequence[AnyMessage]) -> list[str]:
    """The studies that a language model looked at in the last turn though the person named another one, or none."""
    last = [message for message in messages if isinstance(message, HumanMessage)][-1:]
    told = [(made, made.study()) for made in _calls([*last, *turn_messages(messages)])]
    return list(dict.fromkeys(study for made, study in told if study is not None and made.only_looks_at(study)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A call with its result."""

    result: ToolMessage
    said: str  # by the person, in that turn
    call: ToolCall | None  # of a language model; None: of the pilot, which calls as it was told

    def study(self) -> str | None:
        """The study that the result tells of."""
        return about(read_result(self.result.name or "", self.result.content)).study

    def only_looks_at(self, study: str) -> bool:
        """Whether a model read of the study by naming it itself; acts are made only where the person ordered them."""
        if self.call is None or self.call["args"].get("study") is None:
            return False
        is_act = self.call["name"] in ACTS and ACTS[self.call["name"]].kind != "reads"
        return not is_act and not _names(self.said, study, lead=_ANYWHERE)


def _calls(messages: Sequence[AnyMessage]) -> list[_Made]:
    """In their order; no result is read yet."""
    said, found = "", []
    calls: dict[str | None, ToolCall] = {}
    for message in messages:
        if isinstance(message, HumanMessage):
            said = message.text
        elif isinstance(message, AIMessage) and PLAN not in message.additional_kwargs:
            calls |= {call["id"]: call for call in message.tool_calls}
        elif isinstance(message, ToolMessage):
            found.append(_Made(result=message, said=said, call=calls.get(message.tool_call_id)))
    return found


_ANYWHERE = r"(?<![\w.-])"


def _lead(name: str, datasets: Collection[str]) -> str:
    """What stands before a study's name where it is one."""
    return study_lead(name, datasets) or _ANYWHERE


def _names(text: str, name: str, *, lead: str) -> bool:
    return re.search(rf"{lead}{re.escape(name)}(?![\w-]|\.\w)", text, re.IGNORECASE) is not None
