"""What stands around a turn of the chat: errors go where they can be fixed, loops end, answers are grounded."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from langchain.agents import AgentState
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse, hook_config
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.runtime import Runtime
from langgraph.types import Command

from agent import outside
from agent.answers.explain import word
from agent.answers.wording import listed
from agent.chat.answering import TurnTime, answered, failure
from agent.chat.call_order import CallOrder, Failed, acts_on_the_study_at_hand, after_failed, opens_study
from agent.chat.kept_turns import AT, now
from agent.chat.named_study import looked_at
from agent.chat.repeats import without_repeats
from agent.chat.turns import (
    FAILED,
    STOPPED_BEFORE,
    closed,
    found_in,
    open_question,
    recent,
    turn_messages,
    without_failures,
)
from agent.errors import ToolInputError
from agent.grounding.checking import Checked, checked
from agent.grounding.cut_words import cut_note, put_right
from agent.grounding.fact import Call
from agent.grounding.known import Known
from agent.llm.pilot.chat import PilotChat
from agent.llm.worded import CARD, WORDED
from agent.recording.recorder import UNHEARD, Unheard
from agent.results.by_tool import read_result
from agent.results.kept import as_object, json_of, to_json
from agent.results.result import Failure, NotDone, WaitingCall
from agent.stopping import check_stop, is_stopped
from agent.tools.authorship import IsSaid, made_by_model
from agent.understanding.buttons import yes_or_no
from agent.understanding.checks import Refusal

MAX_MODEL_CALLS = 10  # in one turn
MAX_TOOL_CALLS = 8  # in one turn
MAX_TOOL_ERRORS = 3  # in one turn; then the model is told to ask the person

logger = logging.getLogger(__name__)


class Check(Protocol):
    """Holds a model's calls against what the person said."""

    def __call__(self, messages: Sequence[AnyMessage], tool: str, args: Mapping[str, object]) -> Refusal | None:
        """Why a call may not be made; None: it may."""

    @property
    def study(self) -> str | None:
        """The study at hand."""

    def is_said(self, messages: Sequence[AnyMessage]) -> IsSaid:
        """Tells of a trial's params which of their values the person said."""


class TurnGuard(AgentMiddleware[AgentState[Any], TurnTime | None, Any]):
    """Bounds and checks one turn; keeps only which calls of the present answer were made."""

    def __init__(self, check: Callable[[], Check] | None = None, heard: Unheard = UNHEARD) -> None:
        """
        Args:
            check: Gives what each call is checked with; None where the model's calls are made of checked plans.
            heard: Told what is cut from answers and which calls are not made.
        """
        super().__init__()
        self._check = check
        self._heard = heard
        self._order = CallOrder()

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """What the person did not order is not done; an argument that is not legal goes back to the model with what is.

        After a few such arguments it must ask the person. The calls of one answer are made in order.
        """
        call = request.tool_call
        with self._order.place(request.state["messages"], call["id"]) as batch:
            if batch.failed is not None and request.tool and acts_on_the_study_at_hand(request.tool, call["args"]):
                return self._refused(call, after_failed(call["name"], call["args"], batch.failed))
            result = self._made(request, handler)
            if opens_study(call["name"], call["args"]) and isinstance(result, ToolMessage):
                batch.failed = Failed.of(call["name"], read_result(call["name"], result.content))
            return result

    def _made(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        call = request.tool_call
        if is_stopped():
            return self._refused(call, Failure(error=STOPPED_BEFORE))
        check = None if self._check is None else self._check()
        found = None if check is None else check(request.state["messages"], call["name"], call["args"])
        if found is not None and found.cannot is not None:
            return self._refused(call, _not_legal(request, found.cannot))
        if found is not None:
            waits = WaitingCall(tool=call["name"], args=found.args or call["args"]) if found.waits else None
            is_left_out = waits and request.tool and acts_on_the_study_at_hand(request.tool, call["args"])
            study = check.study if is_left_out and check is not None else None
            refused = self._refused(call, NotDone(error=found.text, not_done=found.why, waits=waits, study=study))
            refused.artifact = found.card.to_dict() if found.card else None
            return refused
        by_model = nullcontext() if check is None else made_by_model(check.is_said(request.state["messages"]))
        try:
            with by_model:
                return handler(request)
        except ToolInputError as error:
            return _refused(call, _not_legal(request, str(error)))

    def _refused(self, call: ToolCall, problem: Failure) -> ToolMessage:
        """The answer to a call that is not made."""
        self._heard.refused(call["name"], call["args"], as_object(problem))
        return _refused(call, problem)

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any] | AIMessage:
        """The model sees the latest turns; where it fails, the facts found so far are worded without it.

        An answer whose claims do not hold goes back to it once, with what is wrong.

        Raises:
            StoppedError: The person stopped the answer.
        """
        check_stop()
        seen = without_failures(closed(request.messages))
        seen = recent(seen if self._check is None else without_repeats(seen))  # the pilot words whole results
        shown = request.override(messages=seen)
        try:
            known = partial(known_of, request.messages)
            return _put_right(answered(shown, handler), shown, handler, known, self._heard)
        except Exception as error:  # any library may stand behind a model; the chat goes on without it
            check_stop()  # what is cut off fails in many ways
            logger.debug("the chat model failed", exc_info=True)
            text = _without_model(error, request.messages, is_pilot=isinstance(request.model, PilotChat))
            return AIMessage(text, response_metadata={WORDED: True, FAILED: True})

    @hook_config(can_jump_to=["end"])
    def before_model(self, state: AgentState[Any], runtime: Runtime[TurnTime | None]) -> dict[str, Any] | None:
        """End a turn that goes in circles, or in which something was not done since the person did not order it."""
        messages = turn_messages(state["messages"])
        if text := _not_done(messages):
            cards = [one.artifact for one in messages if isinstance(one, ToolMessage) and one.artifact]
            about = {WORDED: True} | ({CARD: cards[0]} if len(cards) == 1 else {})
            return {"jump_to": "end", "messages": [AIMessage(text, response_metadata=about)]}
        if sum(isinstance(message, AIMessage) for message in messages) < MAX_MODEL_CALLS:
            return None
        found = worded(messages)
        text = "I stopped here, since this took too many steps." + (
            f" This is what I found:\n\n{found}" if found else ""
        )
        return {"jump_to": "end", "messages": [AIMessage(text, response_metadata={WORDED: True})]}

    def after_agent(self, state: AgentState[Any], runtime: Runtime[TurnTime | None]) -> dict[str, Any] | None:
        """Replace the answer by its grounded form, which is the one that is kept."""
        answer = state["messages"][-1]
        if not isinstance(answer, AIMessage):
            return None
        text: str = answer.text
        about: dict[str, list[str]] = {"removed": [], "not_checked": []}
        if not answer.response_metadata.get(WORDED):
            found = checked_answer(answer.text.strip(), state["messages"])
            self._heard.checked(answer.text, found)
            text = "\n\n".join(filter(None, (found.text, self._aside(state["messages"]), cut_note(found))))
            about = {"removed": list(found.removed), "not_checked": list(found.not_checked)}
        about["choices"] = list(choices_of(answer, state["messages"]))
        about_it = answer.response_metadata | about | {AT: now()}
        kept = answer.model_copy(update={"content": text, "response_metadata": about_it})
        return {"messages": [kept]}

    def _aside(self, messages: Sequence[AnyMessage]) -> str:
        """Which study an answer is of, where that is not the chat's; empty where it is."""
        seen = looked_at(messages) if self._check is not None else []
        here = self._check().study if seen and self._check is not None else None
        others = [outside.code(study) for study in seen if study != here]
        if not others:
            return ""
        stays = f"this chat stays with {outside.code(here)}" if here else "this chat is of no study yet"
        return f"This tells of {listed(others)}; {stays}."


def _not_legal(request: ToolCallRequest, why: str) -> Failure:
    """What a model is told of a call that cannot work; after a few of them, to ask the person."""
    messages = turn_messages(request.state["messages"])
    n_errors = sum(isinstance(message, ToolMessage) and message.status == "error" for message in messages) + 1
    advice = "stop calling tools; tell the person what is missing and ask" if n_errors >= MAX_TOOL_ERRORS else None
    return Failure(error=why, advice=advice)


def _refused(call: ToolCall, problem: Failure) -> ToolMessage:
    return ToolMessage(content=to_json(problem), tool_call_id=call["id"], name=call["name"], status="error")


def checked_answer(text: str, messages: Sequence[AnyMessage]) -> Checked:
    """The answer with only what holds; the facts of the turn in words where little is left of it."""
    plain = worded(turn_messages(messages))
    if not text:
        return Checked(text=plain or "The language model gave no answer.")
    found = checked(text, known_of(messages))
    if not found.is_mostly_gone:
        return found
    return replace(
        found, text=plain or "I have no measurements that would answer this, so I had better give no numbers."
    )


def known_of(messages: Sequence[AnyMessage]) -> Known:
    """What tools found and the person said, in the whole chat; calls of this turn are marked."""
    args = {call["id"]: call["args"] for m in messages if isinstance(m, AIMessage) for call in m.tool_calls}
    now = {id(message) for message in turn_messages(messages)}
    calls = [
        Call(tool=m.name or "", args=args.get(m.tool_call_id, {}), result=dict(json_of(m.content)), is_now=id(m) in now)
        for m in messages
        if isinstance(m, ToolMessage)
    ]
    said = [message.text for message in messages if isinstance(message, HumanMessage)]
    return Known.of(calls, said)


def _put_right(
    response: ModelResponse[Any],
    request: ModelRequest[Any],
    handler: Callable[[ModelRequest[Any]], ModelResponse[Any]],
    known_now: Callable[[], Known],
    heard: Unheard,
) -> ModelResponse[Any]:
    """The model's second answer where the first one does not hold, and the second holds better; no third.

    Args:
        request: With what the model saw.
        known_now: What the whole chat knows, which the model saw in part.
    """
    answer = response.result[-1]
    if not isinstance(answer, AIMessage) or answer.tool_calls or answer.response_metadata.get(WORDED):
        return response
    known = known_now()
    found = checked(answer.text.strip(), known)
    if not found.cuts:
        return response
    heard.checked(answer.text, found)
    try:
        again = answered(
            request.override(messages=[*request.messages, answer, HumanMessage(put_right(found))]), handler
        )
    except Exception:  # the first answer stands, without what does not hold
        check_stop()
        logger.debug("the chat model failed when asked again", exc_info=True)
        return response
    second = again.result[-1]
    if not isinstance(second, AIMessage) or second.tool_calls or not second.text.strip():
        return response
    return again if len(checked(second.text.strip(), known).cuts) <= len(found.cuts) else response


def worded(messages: Sequence[AnyMessage]) -> str:
    """The facts among the messages in words; errors only where nothing else was found."""
    found = found_in(messages)
    good = [(tool, result) for tool, result in found if not isinstance(result, Failure)]
    return "\n\n".join(dict.fromkeys(word(tool, result) for tool, result in good or found[-1:]))


def said_last(messages: Sequence[AnyMessage]) -> str:
    """What the person said last."""
    return next((message.text for message in reversed(messages) if isinstance(message, HumanMessage)), "")


def _not_done(messages: Sequence[AnyMessage]) -> str:
    """What was found and what was not done, in words of this project; empty where everything was done."""
    found = [result for _, result in found_in(messages)]
    refused = dict.fromkeys(result.error for result in found if isinstance(result, NotDone))
    if not refused:
        return ""
    done = worded(messages) if any(not isinstance(result, Failure) for result in found) else ""
    return "\n\n".join(filter(None, (done, *refused)))


def choices_of(answer: AIMessage, messages: Sequence[AnyMessage]) -> tuple[str, ...]:
    """What the person can choose from, where the answer asks back."""
    if _waits(turn_messages(messages)):
        return yes_or_no(said_last(messages))
    offered = answer.response_metadata.get("choices") or answer.additional_kwargs.get("choices")
    if offered:
        return tuple(str(choice) for choice in offered)
    question = open_question(turn_messages(messages))
    return question.candidates if question else ()


def _without_model(error: Exception, messages: Sequence[AnyMessage], *, is_pilot: bool = False) -> str:
    problem = outside.said(failure(error, is_pilot=is_pilot))
    found = worded(turn_messages(messages))
    if found:
        return f"{problem} Here is what the tools found:\n\n{found}"
    instead = "say it in other words" if is_pilot else "say it again, or use the built-in pilot with `--llm pilot`"
    return f"{problem} Nothing was done and nothing is lost: {instead}."


def _waits(messages: Sequence[AnyMessage]) -> bool:
    """Whether a call of this turn waits for a yes."""
    return any(isinstance(result, NotDone) and result.waits is not None for _, result in found_in(messages))
