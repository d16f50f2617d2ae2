"""A model behind any OpenAI-compatible server (Ollama, llama.cpp, vLLM, `transformers serve`), on langchain-openai.

    chat = OpenAICompatibleChat.connect("http://localhost:11434/v1", "qwen3:4b")

Whatever a server can do wrong becomes one sentence: `SetupError` where the person can fix it, `ModelError` otherwise.
Every answer is streamed and read strictly (`answer_assembly`); what passes is tried again until the time is up.
"""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import count
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, PrivateAttr, SecretStr

from agent.errors import SetupError
from agent.llm.answer_assembly import AnswerAssembly
from agent.llm.errors import CutOffError, LostConnectionError, ModelAnswerError, ModelError, ModelTimeoutError
from agent.llm.hanging_up import hanging_up_on_stop
from agent.llm.server_errors import NO_KEY, RequestRejectedError, Retries, sentences
from agent.llm.server_search import ONE_CONNECTION_EACH, check_url, client_of, find_models, only_one
from agent.llm.server_stream import in_time, objects
from agent.llm.structured import Schema, as_json_schema, parse_answer, parsed_by, with_schema_rule
from agent.llm.thinking import without_thinking
from agent.secrets import hold
from agent.stopping import wait


class OpenAICompatibleChat(ChatOpenAI):
    """A chat model on a server; per call, `invoke`, `stream` and `bind` take `timeout` (seconds, whole answer)."""

    timeout_s: float = 120.0
    server_models: tuple[str, ...] = ()  # what the server lists
    retries: Retries = Retries()

    _takes_schema: bool = PrivateAttr(default=True)

    @classmethod
    def connect(
        cls, url: str, model_name: str | None = None, api_key: SecretStr | None = None, timeout_s: float = 120.0
    ) -> "OpenAICompatibleChat":
        """The model of that name, or the only one that the server lists.

        Args:
            url: Where `/chat/completions` lies below, usually ending in `/v1`, which is tried too where it is missing.
            api_key: Sent as it is, to this URL's origin only; no key is read from the environment.
            timeout_s: For a whole answer.

        Raises:
            SetupError: No server, no OpenAI protocol there, the key is refused, the model cannot be told, or the URL
                holds a password.
            ModelError: The server is there and fails.
        """
        key = api_key or SecretStr(NO_KEY)
        hold({"API_KEY": key.get_secret_value()})
        check_url(url)
        http_client = client_of(url)
        url, listed = find_models(url.rstrip("/"), key, model_name, http_client)
        return cls(
            model=model_name or only_one(listed, url),
            base_url=url,
            api_key=key,
            timeout=timeout_s,
            timeout_s=timeout_s,
            max_retries=0,
            default_headers=ONE_CONNECTION_EACH,
            http_client=http_client,
            openai_proxy=None,  # else OPENAI_PROXY, which takes no client of ours
            http_socket_options=(),  # else it warns that its asynchronous client, which is not used, takes no proxy
            use_responses_api=False,
            server_models=tuple(listed),
        )

    @property
    def _llm_type(self) -> str:
        return "openai-compatible"

    def with_structured_output(  # type: ignore[override]  # fewer ways to ask than OpenAI offers
        self, schema: dict[str, Any] | type, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel]:
        """Answers as a dict under the JSON schema (or as the pydantic model given).

        The server is asked for the schema by `response_format`; since many ignore it, the answer is checked here and
        sent back once with the rule that it breaks. Takes `timeout` for both together. When invoked it raises
        `ModelAnswerError` where the second answer is no better.
        """
        plain = as_json_schema(schema)
        bound = {key: value for key, value in kwargs.items() if key not in ("method", "strict")}

        def ask(given: LanguageModelInput, **options: Any) -> AIMessage:
            return self._ask(self._convert_input(given).to_messages(), plain, bound | options)

        return parsed_by(RunnableLambda(ask), schema, include_raw)

    def _ask(self, messages: list[BaseMessage], schema: Schema, options: dict[str, Any]) -> AIMessage:
        deadline = time.monotonic() + (options.pop("timeout", None) or self.timeout_s)
        messages = with_schema_rule(messages, schema)
        said = "…"
        try:
            answer = self._under_schema(messages, schema, deadline, options)
            said = answer.text or said
            parse_answer(answer.text, schema)
        except CutOffError:
            raise
        except ModelAnswerError as error:
            rule = HumanMessage(f"This cannot be used: {error}. Answer again, with the JSON object alone.")
            answer = self._under_schema([*messages, AIMessage(said), rule], schema, deadline, options)
        return answer

    def _under_schema(
        self, messages: list[BaseMessage], schema: Schema, deadline: float, options: dict[str, Any]
    ) -> AIMessage:
        if self._takes_schema:
            wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
            try:
                return self.invoke(
                    messages, extra_body={"response_format": wanted}, timeout=self._left(deadline), **options
                )
            except RequestRejectedError:
                self._takes_schema = False
        return self.invoke(messages, timeout=self._left(deadline), **options)

    def _left(self, deadline: float) -> float:
        left = deadline - time.monotonic()
        if left <= 0:
            raise self._too_late()
        return left

    def _too_late(self) -> ModelTimeoutError:
        return ModelTimeoutError(f"`{self.model_name}` at {self.openai_api_base} gave no complete answer in time")

    def _sentences(self) -> AbstractContextManager[None]:
        return sentences(str(self.openai_api_base), self.model_name, self.server_models)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        deadline = self._deadline(kwargs)
        result = generate_from_stream(self._tried(messages, stop, deadline, kwargs, is_shown=False))
        for generation in result.generations:
            if isinstance(generation.message.content, str):
                generation.message.content = without_thinking(generation.message.content).lstrip()
        return result

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        yield from self._tried(messages, stop, self._deadline(kwargs), kwargs, is_shown=True)

    def _deadline(self, options: dict[str, Any]) -> float:
        return time.monotonic() + (options.pop("timeout", None) or self.timeout_s)

    def _tried(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None,
        deadline: float,
        options: dict[str, Any],
        *,
        is_shown: bool,
    ) -> Iterator[ChatGenerationChunk]:
        """The answer; what fails and may pass is asked for again, unless some of it was shown already."""
        payload = self._get_request_payload(messages, stop=stop, **(options | {"stream": True}))
        for attempt in count():
            has_spoken = False
            try:
                chunks = self._answer(payload, deadline)
                for chunk in chunks if is_shown else list(chunks):
                    has_spoken = has_spoken or bool(chunk.text)
                    yield ChatGenerationChunk(message=chunk)
                return
            except (ModelError, SetupError) as error:
                wait_s = self.retries.wait_s(error, attempt, deadline - time.monotonic())
                if has_spoken or wait_s is None:
                    raise
            wait(wait_s)

    def _answer(self, payload: dict[str, Any], deadline: float) -> Iterator[AIMessageChunk]:
        """One attempt."""
        assembly = AnswerAssembly()
        with self._sentences():
            for chunk in objects(in_time(lambda: self._bytes(payload, deadline), deadline)):
                if text := assembly.feed(chunk):
                    yield AIMessageChunk(content=text)
                if assembly.finish_reason:
                    break
            last = assembly.finish()
        last.response_metadata["model_name"] = self.model_name
        yield last

    def _bytes(self, payload: dict[str, Any], deadline: float) -> Iterator[bytes]:
        """What the server sends, as it comes; runs in a thread of its own."""
        later_s = max(deadline - time.monotonic(), 0.0) + 1.0  # the deadline itself is kept by `in_time`
        with hanging_up_on_stop(), self.client.with_streaming_response.create(**payload, timeout=later_s) as response:
            pieces = response.iter_bytes()
            while True:
                try:
                    piece = next(pieces, None)
                except Exception as error:  # nothing but the connection can fail here
                    raise LostConnectionError("the connection ended in the middle of the answer") from error
                if piece is None:
                    return
                yield piece

    _agenerate = BaseChatModel._agenerate  # asynchronous callers run the synchronous code in a thread
    _astream = BaseChatModel._astream
