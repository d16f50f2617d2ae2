"""The messages of a chat as the events that show them."""

from collections.abc import Iterator, Sequence

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from agent.chat.kept_turns import AT, KeptTurn
from agent.chat.orders_kept import NOT_SHOWN
from agent.chat.turns import FAILED
from agent.events import AnswerFinished, ChatEvent, MessageSaid, ToolCalled, ToolReturned
from agent.llm.worded import CARD
from agent.plan_card import PlanCard
from agent.results.kept import json_of
from agent.secrets import REMOVED, WHERE_KEYS_GO, is_only_keys

STOPPED = "recpilot_stopped"  # in a message's response_metadata: the person stopped this answer
CUT = "recpilot_cut"  # as well: the server ended before it was given, and it can be given again


def turn_events(chat: str, turn: KeptTurn) -> Iterator[ChatEvent]:
    """What was said in a turn, what was done, and the whole answer, if there is one."""
    events = [event for message in turn.messages for event in shown(chat, message)]
    parts = [event for event in events if isinstance(event, MessageSaid)]
    said = MessageSaid(
        chat=chat,
        text=turn.mark.said or "\n\n".join(part.text for part in parts if part.text),
        files=tuple(file for part in parts for file in part.files),
        turn=turn.mark.number,
        at=turn.mark.at,
        begun=turn.mark.begun,
        stays=turn.mark.stays,
    )
    yield said
    answers: list[AnswerFinished] = []
    for event in events:
        if isinstance(event, AnswerFinished):
            answers.append(event)
        elif not isinstance(event, MessageSaid):
            yield event
    if answers:
        yield whole(chat, said.text, answers)


def shown(chat: str, message: BaseMessage) -> Iterator[ChatEvent]:
    """The events of one message."""
    if isinstance(message, HumanMessage):
        files = tuple(message.additional_kwargs.get("files", ()))
        text = message.additional_kwargs.get("beside", "") if files else message.text
        text = "" if message.additional_kwargs.get(NOT_SHOWN) else text
        yield MessageSaid(chat=chat, text=text, files=files)
    elif isinstance(message, ToolMessage):
        facts = json_of(message.content)
        yield ToolReturned(
            chat=chat,
            call_id=message.tool_call_id,
            tool=message.name or "",
            facts=facts,
            is_error="error" in facts,
        )
    elif isinstance(message, AIMessage) and message.tool_calls:
        for call in message.tool_calls:
            yield ToolCalled(chat=chat, call_id=call["id"] or "", tool=call["name"], args=call["args"])
    elif isinstance(message, AIMessage):
        about = message.response_metadata
        yield AnswerFinished(
            chat=chat,
            text=message.text,
            removed=tuple(about.get("removed", ())),
            not_checked=tuple(about.get("not_checked", ())),
            choices=tuple(about.get("choices", ())),
            plan=PlanCard.from_dict(about[CARD]) if about.get(CARD) else None,
            has_failed=bool(about.get(FAILED)),
            is_stopped=bool(about.get(STOPPED)),
            is_cut=bool(about.get(CUT)),
            at=about.get(AT, ""),
        )


def whole(chat: str, said: str, answers: Sequence[AnswerFinished]) -> AnswerFinished:
    """The answers to the parts of a message as one; told besides is where keys go that were removed from it."""
    where = [WHERE_KEYS_GO] if REMOVED in said and not is_only_keys(said) else []
    return AnswerFinished(
        chat=chat,
        text="\n\n".join([*(answer.text for answer in answers), *where]),
        removed=tuple(number for answer in answers for number in answer.removed),
        not_checked=tuple(sentence for answer in answers for sentence in answer.not_checked),
        choices=answers[-1].choices if answers else (),
        plan=answers[-1].plan if answers else None,
        has_failed=any(answer.has_failed for answer in answers),
        is_stopped=any(answer.is_stopped for answer in answers),
        is_cut=any(answer.is_cut for answer in answers),
        at=answers[-1].at if answers else "",
    )
