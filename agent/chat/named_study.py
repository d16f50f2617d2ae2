"""The study that a message is about: the one it names, else the one that its chat spoke of last.

Only a person's words change which study a chat is of. What a language model looks at by itself, because a text told it
to, is told in the answer and left there.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage

from agent.chat.turns import turn_messages
from agent.llm.pilot.chat import PLAN
from agent.results.by_tool import read_result
from agent.results.subject import about
from agent.words.acts import ACTS


def named_study(text: str, studies: Collection[str], datasets: Collection[str]) -> str | None:
    """The only study that the text names; None where it names none, or several.

    A name without a digit, "_" or "-" counts after "study" only, since it may be any word; so does a dataset's.
    """
    found = [name for name in studies if _names(text, name, is_plain=_is_plain(name) or name in datasets)]
    return found[0] if len(found) == 1 else None


def last_study(messages: Sequence[AnyMessage], studies: Collection[str]) -> str | None:
    """The study of the last tool result that tells of one which still exists and that the chat came to be of."""
    for study, said, call in reversed(list(_told(messages))):
        if study in studies and not _is_looked_at(study, said, call):
            return study
    return None


def looked_at(messages: Sequence[AnyMessage]) -> list[str]:
    """The studies that a language model looked at in the last turn though the person named another one, or none."""
    last = [message for message in messages if isinstance(message, HumanMessage)][-1:]
    told = _told([*last, *turn_messages(messages)])
    return list(dict.fromkeys(study for study, said, call in told if _is_looked_at(study, said, call)))


def _told(messages: Sequence[AnyMessage]) -> Iterator[tuple[str, str, ToolCall | None]]:
    """The study of each result that tells of one, what the person had said, and the call of a language model."""
    said = ""
    calls: dict[str | None, ToolCall] = {}
    for message in messages:
        if isinstance(message, HumanMessage):
            said = message.text
        elif isinstance(message, AIMessage) and PLAN not in message.additional_kwargs:  # the pilot calls as it was told
            calls |= {call["id"]: call for call in message.tool_calls}
        elif isinstance(message, ToolMessage):
            study = about(read_result(message.name or "", message.content)).study
            if study is not None:
                yield study, said, calls.get(message.tool_call_id)


def _is_looked_at(study: str, said: str, call: ToolCall | None) -> bool:
    """Whether a model read of the study by naming it itself; acts are made only where the person ordered them."""
    if call is None or call["args"].get("study") is None:
        return False
    is_act = call["name"] in ACTS and ACTS[call["name"]].kind != "reads"
    return not is_act and not _names(said, study, is_plain=False)


def _is_plain(name: str) -> bool:
    return not re.search(r"[\d_-]", name)


def _names(text: str, name: str, *, is_plain: bool) -> bool:
    lead = r"\bstudy\s+[`'\"“]?" if is_plain else r"(?<![\w.-])"
    return re.search(rf"{lead}{re.escape(name)}(?![\w-]|\.\w)", text, re.IGNORECASE) is not None
