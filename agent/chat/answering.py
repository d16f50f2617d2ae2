"""One answer of the chat's model, read strictly, whatever model it is.

An answer that was cut off is an error, and nothing of it is done; words that were seen stay as far as they hold. Calls
that were written as text are made calls. What cannot be read, and an answer without a word, is asked for again once,
without a word to the person.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from langchain.agents.middleware import ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, SystemMessage
from langchain_core.messages.tool import tool_call

from agent.errors import USER_ERRORS, AgentError
from agent.llm.errors import CutOffError, ModelAnswerError, ModelTimeoutError, UnreadableCallError
from agent.llm.pilot.chat import PilotChat
from agent.llm.thinking import without_thinking
from agent.llm.written_calls import WrittenCall, written_calls
from agent.plain_words import plain
from agent.secrets import cleaned, masked

TURN_ANSWERS = 3  # a turn may take as long as so many answers
_SILENCE = "you said nothing and called nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTime:
    """How long the model may take for one turn, all its answers, attempts and waits together."""

    answer_s: float  # for one answer at most
    ends: float  # on the clock of `time.monotonic`

    @classmethod
    def of(cls, answer_s: float) -> "TurnTime":
        """A turn that begins now."""
        return cls(answer_s=answer_s, ends=time.monotonic() + TURN_ANSWERS * answer_s)

    def left_s(self) -> float:
        """For the next answer.

        Raises:
            ModelTimeoutError: The turn's time is up.
        """
        left = min(self.answer_s, self.ends - time.monotonic())
        if left <= 0:
            raise ModelTimeoutError(f"it did not come to an end within {TURN_ANSWERS * self.answer_s:g} s")
        return left


class NoAnswerError(ModelAnswerError):
    """The model said nothing."""


Handler = Callable[[ModelRequest[Any]], ModelResponse[Any]]


def answered(request: ModelRequest[Any], handler: Handler) -> ModelResponse[Any]:
    """The model's answer, whose calls may be checked and made.

    Raises:
        ModelError: It failed, was cut off, or gave nothing to use twice.
        SetupError: There is no model to ask.
    """
    try:
        return _strict(request, handler)
    except (NoAnswerError, UnreadableCallError) as error:
        return _strict(_with_rule(request, str(error)), handler)


def failure(error: Exception, *, is_pilot: bool = False) -> str:
    """What happened, for the person: our own errors are sentences already, of a library's the first line is told.

    Args:
        is_pilot: No language model is attached, so that what failed is a part of recpilot.
    """
    what = "recpilot failed on this message, by a fault of its own" if is_pilot else "The language model failed"
    if isinstance(error, NoAnswerError):
        return "The language model gave no answer, though it was asked twice."
    if isinstance(error, (AgentError, *USER_ERRORS)):
        return f"{what}: {masked(str(error)).rstrip('.')}."
    reason = plain(masked(str(error)))
    return f"{what} ({type(error).__name__}{f': {reason}' if reason else ''})."


def _strict(request: ModelRequest[Any], handler: Handler) -> ModelResponse[Any]:
    turn: TurnTime | None = request.runtime.context if request.runtime else None
    if turn is not None:
        request = request.override(model_settings=request.model_settings | {"timeout": turn.left_s()})
    response = handler(request)
    if isinstance(request.model, PilotChat):  # its calls are calls, and its words quote what may look like one
        return response
    names = {tool.name if not isinstance(tool, dict) else str(tool.get("name")) for tool in request.tools}
    used = {call["id"] for one in request.messages if isinstance(one, AIMessage) for call in one.tool_calls}
    result = [
        _with_own_ids(_read(_without_secrets(one), names), used) if isinstance(one, AIMessage) else one
        for one in response.result
    ]
    return ModelResponse(result=result, structured_response=response.structured_response)


def _without_secrets(answer: AIMessage) -> AIMessage:
    """A server may repeat the key that it was sent."""
    return answer.model_copy(update={"content": cleaned(answer.content), "tool_calls": cleaned(answer.tool_calls)})


def _read(answer: AIMessage, tools: set[str]) -> AIMessage:
    """The answer with its calls as calls."""
    match answer.response_metadata.get("finish_reason"):
        case "length":
            raise CutOffError("its answer was cut off, since it reached the longest that is allowed")
        case "timeout":
            raise ModelTimeoutError("its answer did not come to an end in time")
    if answer.invalid_tool_calls:
        call = answer.invalid_tool_calls[0]
        raise UnreadableCallError(f"the arguments of `{plain(call['name'] or '')}` cannot be read")
    if answer.tool_calls:
        return answer
    text = without_thinking(answer.text)
    written = written_calls(text, tools)
    if written is not None:
        calls = [_as_call(call, place, answer) for place, call in enumerate(written.calls)]
        return answer.model_copy(update={"content": written.before, "tool_calls": calls})
    if not text.strip():
        raise NoAnswerError(_SILENCE)
    return answer


def _with_own_ids(answer: AIMessage, used: set[str | None]) -> AIMessage:
    """The answer, whose calls have ids that no earlier call has: some servers count them again in each answer."""
    if not any(call["id"] in used for call in answer.tool_calls):
        return answer
    calls = [{**call, "id": f"call_{uuid.uuid4().hex[:12]}"} for call in answer.tool_calls]
    return answer.model_copy(update={"tool_calls": calls})


def _as_call(call: WrittenCall, place: int, answer: AIMessage) -> Any:
    return tool_call(name=call.tool, args=dict(call.args), id=f"written_{place}_{answer.id or id(answer)}")


def _with_rule(request: ModelRequest[Any], problem: str) -> ModelRequest[Any]:
    """The request with what was wrong in the system message, which every chat template takes."""
    rule = f"Your last answer could not be used: {problem}. Call a tool, or answer the person in plain words."
    said = f"{request.system_message.text}\n\n{rule}" if request.system_message else rule
    return request.override(system_message=SystemMessage(said))
