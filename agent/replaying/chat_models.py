"""Chat models that answer what was recorded, in the place of the one that answered then."""

from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, message_to_dict, messages_from_dict
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field, SecretStr

from agent import errors as ours
from agent.deciding.decision import DecisionFailed
from agent.llm import errors
from agent.llm.openai_compatible import OpenAICompatibleChat
from agent.llm.server_errors import NO_KEY, RequestRejectedError
from agent.llm.structured import as_json_schema, parsed_by
from agent.recording.lines import digest_of
from agent.recording.reading import Exchange, Line, Passage
from agent.recording.shortening import kept
from agent.replaying.settled import message_told

SERVER, SCRIPTED = "openai-compatible", "scripted"  # kinds of models, as LangChain tells them apart
_RAISED: dict[str, type[Exception]] = {
    cls.__name__: cls
    for cls in (
        ours.SetupError,
        errors.ModelError,
        errors.ModelAnswerError,
        errors.CutOffError,
        errors.LostConnectionError,
        errors.UnreadableCallError,
        errors.ModelTimeoutError,
        errors.ServerFailedError,
        errors.KeyRefusedError,
        errors.NoServerError,
        RequestRejectedError,
    )
}


class RecordEndedError(errors.ModelError):
    """The model is asked once more than it was when it was recorded."""


class Replies:
    """The recorded answers of one passage: the one to the same prompt, else the next."""

    def __init__(self, passage: Passage) -> None:
        self._left = list(passage.exchanges)
        failed = passage.first("failed")
        self._end = "it gave no answer" if failed is None else str(failed["error"]["text"])

    def next(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """The answer to these messages.

        Raises:
            Exception: What was raised then.
        """
        if not self._left:
            raise RecordEndedError("it is asked once more than it was in the recording")
        asked = prompt_digest([kept(message_to_dict(message)) for message in messages])
        found = next((one for one in self._left if prompt_digest(one.messages) == asked), self._left[0])
        self._left.remove(found)
        return self._answer(found)

    def _answer(self, exchange: Exchange) -> AIMessage:
        if exchange.error is not None:
            raise _error(exchange.error)
        if exchange.answer is None:
            raise DecisionFailed(self._end)
        [message] = messages_from_dict([dict(exchange.answer)])
        kept = {name: getattr(message, name) for name in ("tool_calls", "additional_kwargs", "response_metadata")}
        wrong = getattr(message, "invalid_tool_calls", [])
        return AIMessage(message.content, invalid_tool_calls=wrong, **kept)


def prompt_digest(messages: Sequence[Line]) -> str:
    """Tells prompts apart by what they tell a model."""
    return digest_of([message_told(message) for message in messages])


def _error(told: Line) -> Exception:
    name = str(told["type"])
    of_others: type[Exception] = type(name, (Exception,), {})  # its name is told, and no more
    return _RAISED.get(name, of_others)(str(told["text"]))


class ReplayingChat(BaseChatModel):
    """Answers from a record; asked for tools and schemas as the kind of model that was recorded."""

    replies: Any = Field(exclude=True, repr=False)  # Replies
    kind: str

    @property
    def _llm_type(self) -> str:
        return self.kind

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[LanguageModelInput, AIMessage]:
        return self if self.kind == SCRIPTED else self.bind(tools=[convert_to_openai_tool(tool) for tool in tools])

    def with_structured_output(self, schema: Any, *, include_raw: bool = False, **kwargs: Any) -> Runnable[Any, Any]:
        if self.kind == SCRIPTED:
            return super().with_structured_output(schema, include_raw=include_raw, **kwargs)
        return parsed_by(self.bind(json_schema=as_json_schema(schema)), schema, include_raw)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.replies.next(messages))])


class ReplayingServer(OpenAICompatibleChat):
    """The adapter of servers, with the record in the place of the connection."""

    replies: Any = Field(exclude=True, repr=False)  # Replies

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.replies.next(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        answer = self.replies.next(messages)
        yield ChatGenerationChunk(message=AIMessageChunk(**answer.model_dump(exclude={"type", "id"})))


def replaying_model(kind: str, passage: Passage) -> BaseChatModel:
    """The model of that kind, answering what it answered in the passage."""
    replies = Replies(passage)
    if kind == SERVER:
        return ReplayingServer(
            model="recorded", base_url="http://127.0.0.1:9/v1", api_key=SecretStr(NO_KEY), replies=replies
        )
    return ReplayingChat(replies=replies, kind=kind)
